"""Two hundred generated documents: what is right, what is false, what is lost."""

from __future__ import annotations

import pytest

from benchmarks.genre.containers import right, traditional, written
from benchmarks.genre.documents import LAYOUTS, NOISES, Combination, composed
from benchmarks.genre.score import FIELDS, Score, answers, scored
from benchmarks.genre.tables import SHAPES, STORED, stored

DOCUMENTS = 200
UNREAD = ()
"""Layouts and levels that are not read well enough yet: drawn tables, units inside an office."""


@pytest.fixture(scope="module")
def whole() -> Score:
    return scored(DOCUMENTS, 7, without=UNREAD)[0]


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_reaches_the_mark(whole: Score, field: str) -> None:
    assert whole.fields[field].gold > 60
    assert whole.fields[field].f1 >= 0.98, whole.fields[field].wrong[:12]


def test_little_is_asserted_that_nobody_printed(whole: Score) -> None:
    assert whole.false < 0.005, [tally.wrong[:6] for tally in whole.fields.values()]


def test_nothing_is_lost_in_silence() -> None:
    assert scored(DOCUMENTS, 7, without=UNREAD)[0].lost == 0


def test_a_document_depends_on_its_place_alone() -> None:
    assert composed(3, 5) == composed(3, 5)
    assert written(composed(3, 5)) == written(composed(3, 5))
    assert composed(3, 5) != composed(4, 5)


def test_every_layout_and_noise_is_composed() -> None:
    made: list[Combination] = [composed(1, position).made for position in range(400)]
    assert {one.layout for one in made} == set(LAYOUTS)
    assert {one.noise for one in made} == set(NOISES)


def test_the_right_reading_stands_in_the_file() -> None:
    count = 0
    for position in range(60):
        document = composed(2, position)
        if document.made.container == "txt" and document.made.noise in ("none", "traditional") and document.made.layout != "box":
            said = written(document).decode()
            for task in right(document):
                assert task.text.removesuffix("。") in said
                assert all(name in said for name, _ in task.units)
                count += 1
    assert count > 30


def test_a_wrong_answer_is_counted() -> None:
    document = composed(1, 0)
    gold = answers(right(document))
    assert gold["tasks"] != answers(right(document)[:-1])["tasks"]


def test_script_is_converted() -> None:
    assert traditional("责任单位") == "責任單位"


@pytest.fixture(scope="module")
def tables() -> Score:
    return scored(DOCUMENTS, 7, compose=stored)[0]


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_tables_as_the_web_stores_them_reaches_the_mark(tables: Score, field: str) -> None:
    assert tables.fields[field].gold > 60
    assert tables.fields[field].f1 >= 0.96, tables.fields[field].wrong[:12]


def test_little_is_asserted_of_such_tables_that_nobody_printed_and_nothing_is_lost(tables: Score) -> None:
    assert tables.false < 0.005, [tally.wrong[:6] for tally in tables.fields.values()]
    assert tables.lost == 0


def test_every_way_to_store_a_table_is_composed() -> None:
    made = [stored(1, position).made for position in range(200)]
    assert {one.layout for one in made} == set(STORED)
    assert {shape for one in made for shape in one.shapes} == set(SHAPES)
    assert stored(3, 5) == stored(3, 5) != stored(4, 5)
