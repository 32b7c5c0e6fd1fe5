"""The names of things: how typed text finds them, what they are called, and what an index does not hold."""

from __future__ import annotations

import pytest

from api.pages.labels import LabelIndex
from ontology.names import ID, SKOS

PREF, ALT, HIDDEN = (SKOS[name].value for name in ("prefLabel", "altLabel", "hiddenLabel"))
LOW = ID["industry/low-altitude-aviation"].value
GROUP = ID["notice/n/group/3"].value


def row(thing: str, property: str, label: str, language: str) -> dict[str, object]:
    return {"thing": thing, "property": property, "label": label, "language": language}


@pytest.fixture
def labels() -> LabelIndex:
    return LabelIndex.of(
        [
            row(LOW, PREF, "低空航空", "zh"),
            row(LOW, PREF, "Low-altitude aviation", "en"),
            row(LOW, ALT, "低空经济", "zh"),
            row(LOW, HIDDEN, "eVTOL", "zh"),
            row(ID["industry/aviation"].value, PREF, "航空", "zh"),
            row(ID["agency/a"].value, PREF, "上海市航空局", "zh"),
        ]
    )


@pytest.mark.parametrize("typed", ["低空航空", "低空", "ＥＶＴＯＬ", "low-alt", "dikonghangkong", "dikong", "dkhk", "低空经"])
def test_thing_is_found_by_each_name_in_each_spelling(labels: LabelIndex, typed: str) -> None:
    assert labels.find(typed)[0].thing == LOW


def test_whole_names_come_before_beginnings_and_these_before_parts(labels: LabelIndex) -> None:
    assert [match.thing.rpartition("/id/")[2] for match in labels.find("航空")] == [
        "industry/aviation",
        "industry/low-altitude-aviation",
        "agency/a",
    ]


@pytest.mark.parametrize("typed", ["", "  ", "不存在", "kk"])
def test_nothing_is_found_by_nothing_or_by_what_no_name_has(labels: LabelIndex, typed: str) -> None:
    assert labels.find(typed) == []


def test_name_falls_back_to_the_other_language_the_place_and_the_iri(labels: LabelIndex) -> None:
    assert labels.name(LOW, "en") == "Low-altitude aviation"
    assert labels.name(ID["industry/aviation"].value, "en") == "航空"
    assert labels.name(ID["notice/n/task/9/target/2"].value, "en") == "Task 9 · target 2"
    assert labels.name("http://www.w3.org/2004/02/skos/core#broader") == "skos:broader"
    assert labels.name("https://www.example.org/x") == "www.example.org/x"


def test_what_the_index_lacks_is_noted_and_then_known(labels: LabelIndex) -> None:
    noting = labels.noting()
    assert noting.name(GROUP) == "3"
    assert noting.name(LOW) == "低空航空"
    assert noting.name(ID["notice/n/task/9"].value) == "任务 9"
    assert noting.unknown == {GROUP}
    assert labels.also([row(GROUP, PREF, "建设高能级平台", "zh")]).name(GROUP) == "建设高能级平台"
