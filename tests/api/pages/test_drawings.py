"""The drawings of classes, of districts and of what stands near a thing: what is in them, where it stands, what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from api.pages.about import About, Fact, Value
from api.pages.diagram import diagram
from api.pages.labels import LabelIndex
from api.pages.maps import district_map
from api.pages.neighbourhood import HEIGHT, WIDTH, Neighbour, drawing, neighbours
from api.pages.outlines import Outlines
from api.pages.site import Row
from api.pages.task_filters import TaskLine
from ontology.names import DEF, ID, SKOS

NAMES = LabelIndex.of(
    {"thing": f"{ID}{thing}", "property": SKOS["prefLabel"].value, "label": label, "language": language}
    for thing, label, language in (
        ("district/a", "黄浦区", "zh"),
        ("district/a", "Huangpu District", "en"),
        ("district/b", "浦东新区", "zh"),
        ("district/b", "Pudong New Area", "en"),
        ("industry/x", "低空航空", "zh"),
        ("agency/u", "上海市市场监督管理局", "zh"),
    )
)


@dataclass(frozen=True)
class Entry:
    """A class or a property, as the page of the vocabulary has it."""

    key: str
    kind: str = "class"
    labels: Mapping[str, str] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()

    @property
    def iri(self) -> str:
        return DEF + self.key


CLASSES = (
    Entry("Notice", labels={"zh": "文件", "en": "Notice"}),
    Entry("Task", broader=(f"{DEF}Commitment",)),
    Entry("Commitment"),
    Entry("Plan"),
    Entry("Unplaced"),
)


def test_a_class_with_a_place_has_a_box_and_an_unplaced_one_has_none() -> None:
    drawn = diagram(CLASSES, "zh")
    assert [(box.key, box.label, box.x, box.y) for box in drawn.boxes] == [
        ("Notice", "文件", 12, 104),
        ("Task", "Task", 262, 104),
        ("Commitment", "Commitment", 262, 214.4),
        ("Plan", "Plan", 12, 12),
    ]
    assert (drawn.width, drawn.height) == (262 + 150 + 12, 214 + 44 + 12)


def test_lines_go_from_edge_to_edge_and_say_which_properties() -> None:
    notice, task = f"{DEF}Notice", f"{DEF}Task"
    properties = (
        Entry("hasTask", "property", {"zh": "任务"}, domain=(notice,), range=(task,)),
        Entry("also", "property", domain=(notice,), range=(task,)),
        Entry("inferred", "property", domain=(task,), range=(notice,), chains=(("a",),)),
        Entry("self", "property", domain=(task,), range=(task,)),
        Entry("away", "property", domain=(task,), range=(f"{DEF}Unplaced",)),
        Entry("narrower", "property", broader=(notice,)),
    )
    lines = diagram((*CLASSES, *properties), "zh").lines
    assert [(line.label, line.x1, line.y1, line.x2, line.y2, line.broader, line.inferred) for line in lines] == [
        ("", 337.0, 148.0, 337.0, 214.4, True, False),
        ("任务 / also", 162.0, 126.0, 262.0, 126.0, False, False),
        ("inferred", 262.0, 126.0, 162.0, 126.0, False, True),
    ]


SHAPES = Outlines(
    460, 462, {"310101": "M1", "310115": "M2", "310104": "M3"}, {"310101": (100, 100), "310115": (300, 200), "310104": (120, 80)}
)
ROWS: Sequence[Row] = (
    {"thing": f"{ID}district/a", "code": "310101", "tasks": 4},
    {"thing": f"{ID}district/b", "code": "310115", "tasks": 0},
    {"thing": f"{ID}district/c", "code": "310104", "tasks": 2},
    {"thing": f"{ID}district/d", "code": "999999", "tasks": 1},
)


@pytest.mark.parametrize(("language", "names", "href"), [("zh", ["黄浦", "浦东", "c"], ""), ("en", ["Huangpu", "Pudong", "c"], "&lang=en")])
def test_districts_are_shaded_by_their_tasks_and_named_shortly(language: str, names: list[str], href: str) -> None:
    drawn = district_map(SHAPES, ROWS, NAMES, language)
    assert [area.name for area in drawn.areas] == names
    assert [(area.code, area.shade, area.tasks, area.middle) for area in drawn.areas] == [
        ("310101", 0.62, 4, True),
        ("310115", 0.0, 0, False),
        ("310104", 0.35, 2, True),
    ]
    assert drawn.areas[0].href == f"/tasks?district=a{href}"


def test_the_middle_is_drawn_once_more_beside_the_map() -> None:
    drawn = district_map(SHAPES, ROWS, NAMES, "zh")
    assert (drawn.view, drawn.inset, drawn.side, drawn.width, drawn.height) == ("92.5 72.5 35.0 35.0", (490, 12), 340, 830, 462)
    assert drawn.scale == pytest.approx(35 / 340)
    for rows in (ROWS[1:2], ()):
        plain = district_map(SHAPES, rows, NAMES, "zh")
        assert (plain.view, plain.side, plain.width, plain.scale) == ("", 0, 460, 1)


def line(number: int, **values: Sequence[str]) -> TaskLine:
    facets = ("unit", "industry", "theme", "platform")
    found = {facet: frozenset(f"{ID}{thing}" for thing in values.get(facet, ())) for facet in facets}
    return TaskLine(f"{ID}notice/k/task/{number}", str(number), f"{ID}notice/k", number, "", (), (), (), found, frozenset())


def said(*facts: tuple[str, Sequence[str]]) -> About:
    values = [Fact(name, tuple(Value(value, thing=True, inferred=False) for value in things)) for name, things in facts]
    return About((), {}, {}, tuple(values), sure=True, labels={})


def test_neighbours_are_those_of_facts_and_then_those_of_tasks_each_once() -> None:
    about = said(
        ("p:b", [f"{ID}industry/x", f"{ID}theme/t"]),
        ("p:a", [f"{ID}industry/x", f"{ID}thing/self", "https://example.org/outside", f"{DEF}Task"]),
    )
    tasks = [line(1, unit=["agency/u"], industry=["industry/x"]), line(2, unit=["agency/u", "agency/v"], theme=["theme/s"])]
    found = neighbours(f"{ID}thing/self", about, tasks)
    assert [(near.thing.removeprefix(ID), near.property, near.tasks) for near in found[:3]] == [
        ("industry/x", "p:b", 0),
        ("theme/t", "p:b", 0),
        ("agency/u", "", 2),
    ]
    assert {(near.thing.removeprefix(ID), near.tasks) for near in found[3:]} == {("agency/v", 1), ("theme/s", 1)}


def test_of_many_neighbours_eight_are_by_facts_and_nine_by_tasks() -> None:
    about = said(("p:a", [f"{ID}industry/{number}" for number in range(20)]))
    found = neighbours(f"{ID}thing/self", about, [line(1, unit=[f"agency/{number}" for number in range(20)])])
    assert [bool(near.property) for near in found] == [True] * 8 + [False] * 9


def test_facts_stand_at_the_right_and_tasks_dashed_at_the_left() -> None:
    near = [
        Neighbour(f"{ID}industry/x", "p:a", False, 0),
        Neighbour(f"{ID}agency/u", "", False, 4),
        Neighbour(f"{ID}agency/v", "", False, 1),
    ]
    drawn = drawing("很长" * 20, near, NAMES, "zh")
    assert (drawn.width, drawn.height, drawn.label) == (WIDTH, HEIGHT, "很长" * 7 + "…")
    assert [(node.label, node.x > WIDTH / 2, node.anchor, node.dashed, node.weight, node.kind) for node in drawn.nodes] == [
        ("低空航空", True, "start", False, 1.0, "industry"),
        ("市场监督管理局", False, "end", True, 4.0, "agency"),
        ("v", False, "end", True, 1.8, "agency"),
    ]
    assert [(node.x, node.y) for node in drawn.nodes] == [(600.0, 215.0), (237.4, 112.5), (237.4, 317.5)]
    assert drawn.nodes[1].title == "上海市市场监督管理局 · 4"
    assert drawn.nodes[1].href == "/id/agency/u"


def test_neighbours_of_one_kind_stand_on_both_sides() -> None:
    near = [Neighbour(f"{ID}agency/{key}", "", False, 1) for key in "abc"]
    assert [(node.label, node.anchor) for node in drawing("x", near, NAMES, "zh").nodes] == [("a", "start"), ("c", "start"), ("b", "end")]
    assert drawing("x", [], NAMES, "zh").nodes == ()
