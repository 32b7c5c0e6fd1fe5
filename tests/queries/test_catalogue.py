"""Every question of the catalogue: well formed, with the expected answer on the notice."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib.plugins.sparql import prepareQuery

from queries import Query, UnknownQueryError, catalogue, columns, named

HERE = Path(__file__).parent
Ask = Callable[[str], tuple[list[str], list[list[str]]]]
EXPECTED = HERE / "catalogue"
CATALOGUE = catalogue()
every_query = pytest.mark.parametrize("query", CATALOGUE.values(), ids=CATALOGUE)


def test_catalogue_is_there() -> None:
    assert len(CATALOGUE) >= 60


def test_every_question_has_an_expected_answer_and_every_answer_a_question() -> None:
    assert {file.stem for file in EXPECTED.glob("*.csv")} == set(CATALOGUE)


def test_titles_are_told_apart() -> None:
    for language in ("zh", "en"):
        titles = [query.titles[language] for query in CATALOGUE.values()]
        assert len(set(titles)) == len(titles)


def test_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownQueryError, match="tasks-by-industry"):
        named(CATALOGUE, "task-by-industry")


@every_query
def test_engines_read_the_query(query: Query) -> None:
    Store().query(query.text, use_default_graph_as_union=True)
    prepareQuery(query.text)


@every_query
def test_file_keeps_the_rules(query: Query) -> None:
    lines = query.text.splitlines()
    prefixes = [line for line in lines if line.startswith("PREFIX")]
    assert prefixes == sorted(prefixes)
    assert len(lines) <= 60
    assert max(len(line) for line in lines if not line.startswith("#+")) <= 150
    assert query.form != "SELECT" or "\nORDER BY " in query.text
    assert "SELECT *" not in query.text
    assert "NOT EXISTS" not in query.text
    assert query.descriptions["zh"].endswith("。")
    assert query.descriptions["en"].endswith(".")


@every_query
def test_answer_has_the_column_of_its_kind(query: Query) -> None:
    if query.answer == "tasks":
        assert "SELECT ?task ?number" in query.text or "SELECT DISTINCT ?task ?number" in query.text
    assert (query.answer == "boolean") == (query.form == "ASK")
    assert (query.answer == "graph") == (query.form == "CONSTRUCT")


@every_query
def test_sample_gives_rows(query: Query, ask: Ask) -> None:
    assert ask(query.bind({}))[1], "the samples of the file find nothing"


def test_every_column_has_its_headings_and_every_heading_a_column(ask: Ask) -> None:
    found = {column for query in CATALOGUE.values() if query.form == "SELECT" for column in ask(query.bind({}))[0]}
    assert found == set(columns())
    assert all(heading["zh"] and heading["en"] for heading in columns().values())


@every_query
def test_answer_is_the_expected_one(query: Query, ask: Ask, pytestconfig: pytest.Config) -> None:
    file = EXPECTED / f"{query.name}.csv"
    header, rows = ask(query.bind({}))
    if pytestconfig.getoption("accept", default=False):
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([header, *rows])
    with file.open(encoding="utf-8", newline="") as source:
        assert [header, *rows] == list(csv.reader(source))
