"""Bars, grid and network of a list of tasks: what is counted, in which order, where it stands, where it leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from api.pages.charts import around, heat, load, network
from api.pages.labels import LabelIndex
from api.pages.task_filters import TaskLine
from ontology.names import ID, SKOS

LABELS = LabelIndex.of(
    [{"thing": f"{ID}agency/a", "property": SKOS["prefLabel"].value, "label": "上海市甲局", "language": "zh"}],
)


def line(number: int, units: Sequence[str], industries: Sequence[str] = "", group: str = "") -> TaskLine:
    """A task whose units, industries and group have names of one letter."""
    bearers = tuple(f"{ID}agency/{unit}" for unit in units)
    values = {
        "unit": frozenset(bearers),
        "industry": frozenset(f"{ID}industry/{industry}" for industry in industries),
        "group": frozenset([f"{ID}notice/k/group/{group}"] if group else []),
    }
    return TaskLine(f"{ID}notice/k/task/{number}", str(number), f"{ID}notice/k", number, "", (), bearers, (), values, frozenset())


TASKS = (line(1, "abc", "xy", "2"), line(2, "ab", "x", "2"), line(3, "ad", "x", "1"), line(4, "b", "yz", "3"), line(5, "e"))


def test_bars_are_ranked_by_tasks_and_then_by_first_places() -> None:
    bars = load(TASKS, LABELS, "zh")
    assert [(bar.thing.removeprefix(f"{ID}agency/"), bar.tasks, bar.first) for bar in bars] == [
        ("a", 3, 3),
        ("b", 3, 1),
        ("e", 1, 1),
        ("c", 1, 0),
        ("d", 1, 0),
    ]
    assert (bars[0].label, bars[0].title, bars[0].href) == ("甲局", "上海市甲局", "/tasks?unit=a")
    assert load(TASKS, LABELS, "en")[0].href == "/tasks?unit=a&lang=en"


def test_the_grid_has_groups_in_their_order_by_industries_most_tasks_first() -> None:
    grid = heat(TASKS, [f"{ID}industry/y", f"{ID}industry/x"], LABELS, "zh")
    assert [name for _, name in grid.columns] == ["x", "y"]
    assert [thing.rpartition("/")[2] for thing, _ in grid.rows] == ["2", "1", "3"]
    assert [
        (square.row, square.column, square.tasks) for square in sorted(grid.squares, key=lambda square: (square.row, square.column))
    ] == [
        (0, 0, 2),
        (0, 1, 1),
        (1, 0, 1),
        (2, 1, 1),
    ]
    assert grid.most == 2
    assert grid.squares[0].title.endswith(" · x")
    assert "industry=x" in grid.squares[0].href
    assert "group=notice" in grid.squares[0].href


def test_a_grid_without_squares_has_a_most_that_divides() -> None:
    empty = heat(TASKS, [], LABELS, "zh")
    assert (empty.squares, empty.columns, empty.most) == ((), (), 1)


def test_where_groups_are_many_those_without_the_industries_are_left_out_first() -> None:
    few = [line(number, "a", "x" if number > 40 else "", str(number)) for number in range(41 + 4)]
    assert [thing.rpartition("/")[2] for thing, _ in heat(few, [f"{ID}industry/x"], LABELS, "zh").rows] == ["41", "42", "43", "44"]
    assert len(heat(few[:40], [f"{ID}industry/x"], LABELS, "zh").rows) == 40
    many = [line(number, "a", "x", str(number)) for number in range(60)]
    assert len(heat(many, [f"{ID}industry/x"], LABELS, "zh").rows) == 40
    wide = [line(1, "a", [f"i{number:02}" for number in range(30)], "1"), line(2, "a", ["i29"], "1")]
    columns = [name for _, name in heat(wide, [f"{ID}industry/i{number:02}" for number in range(30)], LABELS, "zh").columns]
    assert columns == ["i29", *(f"i{number:02}" for number in range(25))]


def test_the_network_ties_units_that_share_tasks_the_heaviest_on_top() -> None:
    drawn = network(TASKS, LABELS, "zh")
    assert [(tie.one.label, tie.other.label, tie.tasks) for tie in drawn.ties] == [
        ("甲局", "c", 1),
        ("b", "c", 1),
        ("甲局", "d", 1),
        ("甲局", "b", 2),
    ]
    assert (drawn.width, drawn.height, drawn.left_out) == (1000, 660, 1)
    assert drawn.ties[-1].href == "/queries/tasks-shared-by-units?unit=agency%2Fa&other=agency%2Fb"
    assert drawn.ties[0].path == "M689.9 169Q500.0 330.0 310.1 491"


def test_the_ring_is_spread_over_two_sides_from_top_to_bottom() -> None:
    places = [(spot.label, spot.x, spot.y, spot.anchor, spot.radius) for spot in network(TASKS, LABELS, "zh").spots]
    assert places == [
        ("甲局", 689.9, 169.0, "start", 16.0),
        ("b", 689.9, 491.0, "start", 16.0),
        ("c", 310.1, 491.0, "end", 10.9),
        ("d", 310.1, 169.0, "end", 10.9),
    ]
    three = network([line(1, "abc")], LABELS, "zh").spots
    assert [(spot.x, spot.y, spot.anchor) for spot in three] == [(689.9, 169.0, "start"), (689.9, 491.0, "start"), (290.0, 330.0, "end")]


def test_no_two_names_of_the_network_overlap() -> None:
    spots = network([line(1, [f"u{number:02}" for number in range(40)])], LABELS, "zh").spots
    assert len(spots) == 30
    for side in ("start", "end"):
        heights = [spot.y for spot in spots if spot.anchor == side]
        assert len(heights) == 15
        assert min(abs(one - other) for n, one in enumerate(heights) for other in heights[:n]) > 18
        assert all(8 <= height <= 652 for height in heights)


def test_nothing_gives_an_empty_network() -> None:
    drawn = network([line(1, "a")], LABELS, "zh")
    assert (drawn.spots, drawn.ties, drawn.left_out) == ((), (), 1)
    assert network([], LABELS, "zh").left_out == 0


@pytest.mark.parametrize(
    ("pairs", "ring"),
    [
        ({("a", "d"): 3, ("c", "d"): 2, ("b", "c"): 1}, "adcb"),
        ({}, "abcd"),
        ({("a", "b"): 1, ("a", "c"): 1}, "abcd"),
    ],
)
def test_those_with_much_in_common_stand_beside_each_other(pairs: dict[tuple[str, str], int], ring: str) -> None:
    assert around("abcd", Counter(pairs)) == list(ring)
