"""The list of tasks: its facets, its counts, its order, its address, on the shipped notice."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, Store

from api.answers import tables as rows
from api.pages.site import Row, page_queries
from api.pages.task_filters import FACETS, TaskFilter, TaskLine, asked, lines, narrowed, options, short, table, thing
from api.pages.tasks import MOST, fitting, pairs, toggled
from ontology.names import ID

NOTICE = ID["notice/huzhiban-2026-2"]


def select(dataset: Store, name: str, **terms: tuple[NamedNode, ...]) -> list[dict[str, rows.Plain]]:
    answer = dataset.query(page_queries()[name].bound(terms), use_default_graph_as_union=True)
    found = rows.from_results(answer.serialize(format=QueryResultsFormat.JSON))  # type: ignore[arg-type]
    return [dict(zip(found.columns, map(rows.plain, row), strict=True)) for row in found.rows]


@pytest.fixture(scope="module")
def tasks(dataset: Store) -> tuple[TaskLine, ...]:
    found = tuple(NamedNode(str(row["task"])) for row in select(dataset, "tasks-of-notices", notice=(NOTICE,)))
    return lines(select(dataset, "task-list", task=found))


def numbers(found: tuple[TaskLine, ...]) -> list[str]:
    return [line.number for line in found]


def test_lists_every_task_of_the_notice_in_its_order(tasks: tuple[TaskLine, ...]) -> None:
    assert numbers(tasks) == [str(number) for number in range(1, 75)]
    assert sum(len(line.targets) for line in tasks) == 115


def test_keeps_units_in_the_order_of_the_document(tasks: tuple[TaskLine, ...]) -> None:
    nine = tasks[8]
    assert [unit.removeprefix(ID) for unit in nine.units] == [
        "agency/shanghai-economy-informatization",
        "agency/shanghai-market-regulation",
        "agency/jinshan-government",
    ]


def test_several_values_of_a_facet_mean_any_of_them_and_facets_mean_all(tasks: tuple[TaskLine, ...]) -> None:
    low = asked([("industry", "low-altitude-aviation")])
    assert numbers(narrowed(tasks, low)) == ["9", "17", "49", "61"]
    both = asked([("industry", "low-altitude-aviation"), ("unit", "shanghai-science-technology")])
    assert set(numbers(narrowed(tasks, both))) < {"9", "17", "49", "61"}
    either = asked([("industry", "low-altitude-aviation"), ("industry", "robotics")])
    assert set(numbers(narrowed(tasks, either))) > {"9", "17", "49", "61"}


@pytest.mark.parametrize("facet", [facet for facet in FACETS if facet != "notice"])
def test_the_count_of_a_value_is_the_number_of_tasks_that_choosing_it_shows(tasks: tuple[TaskLine, ...], facet: str) -> None:
    before = asked([("unit", "shanghai-market-regulation"), ("q", "检测")]) if facet != "unit" else asked([("q", "检测")])
    found = options(tasks, before)[facet]
    assert found
    for option in found:
        alone = TaskFilter({**before.chosen, facet: frozenset({option.value})}, before.words, before.order)
        assert len(narrowed(tasks, alone)) == option.count


def test_a_chosen_value_without_tasks_stays_to_be_dropped(tasks: tuple[TaskLine, ...]) -> None:
    found = options(tasks, asked([("industry", "steel"), ("q", "低空")]))["industry"]
    assert [(option.count, option.chosen) for option in found if option.value == ID["industry/steel"].value] == [(0, True)]


def test_a_district_is_found_by_each_of_its_routes(tasks: tuple[TaskLine, ...]) -> None:
    pudong = ("district", "pudong")
    by = {route: set(numbers(narrowed(tasks, asked([pudong, ("route", route)])))) for route in ("named", "own", "joint")}
    assert by["joint"] == {line.number for line in tasks if ID["collective/shanghai-districts"].value in line.units}
    assert set(numbers(narrowed(tasks, asked([pudong])))) == by["named"] | by["own"] | by["joint"]
    assert by["named"]


def test_words_are_found_in_targets_too_whatever_their_width(tasks: tuple[TaskLine, ...]) -> None:
    assert "9" in numbers(narrowed(tasks, asked([("q", "ｅvtol")])))
    assert narrowed(tasks, asked([("q", "低空 没有这个词")])) == ()


def test_orders_by_the_number_of_units(tasks: tuple[TaskLine, ...]) -> None:
    counts = [len(line.units) for line in narrowed(tasks, asked([("sort", "units")]))]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_the_address_says_all_that_is_asked_for() -> None:
    of = asked(
        [
            ("group", NOTICE.value + "/group/3"),
            ("unit", "collective/shanghai-districts"),
            ("q", "平台"),
            ("sort", "units"),
            ("quantified", "no"),
        ]
    )
    assert asked(pairs(of)) == of
    assert toggled(toggled(of, "unit", "x"), "unit", "x").chosen["unit"] == of.chosen["unit"]
    assert short("unit", thing("unit", "shanghai-market-regulation")) == "shanghai-market-regulation"


def test_what_the_address_says_beside_that_is_ignored() -> None:
    assert asked([("colour", "red"), ("sort", "moon"), ("lang", "en")]) == TaskFilter()


def test_the_table_has_a_row_for_each_task_shown(tasks: tuple[TaskLine, ...]) -> None:
    shown = table(narrowed(tasks, asked([("industry", "low-altitude-aviation")])), lambda iri: iri.rpartition("/")[2])
    assert [rows.plain(row[1]) for row in shown.rows] == ["9", "17", "49", "61"]
    assert "evtol" in rows.to_csv(shown).decode().casefold()


def test_a_list_looks_at_as_many_of_the_latest_notices_as_it_can() -> None:
    rows: list[Row] = [{"notice": name, "tasks": count} for name, count in (("a", 2), ("b", MOST - 2), ("c", 1))]
    assert fitting(rows) == ("a", "b")
    assert fitting(rows[:1]) == ("a",)
    assert fitting([{"notice": "long", "tasks": 2 * MOST}]) == ("long",)
