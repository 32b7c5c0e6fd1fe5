"""Results as JSON, CSV and Turtle."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse

from api.answers import tables as rows

XSD = "http://www.w3.org/2001/XMLSchema#"


def table(select: str) -> rows.ResultTable:
    found = Store().query(select)
    assert isinstance(found, QuerySolutions)
    return rows.from_results(found.serialize(format=QueryResultsFormat.JSON) or b"")


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (NamedNode("https://example.org/a"), "https://example.org/a"),
        (Literal("甲", language="zh"), "甲"),
        (Literal(True), True),
        (Literal("0", datatype=NamedNode(XSD + "boolean")), False),
        (Literal(9), 9),
        (Literal("0.3", datatype=NamedNode(XSD + "decimal")), 0.3),
        (Literal("2026-05-15", datatype=NamedNode(XSD + "date")), "2026-05-15"),
        (BlankNode("b"), "_:b"),
    ],
)
def test_plain_value_keeps_numbers_and_booleans(term: rows.Term | None, value: rows.Plain) -> None:
    assert rows.plain(term) == value
    assert type(rows.plain(term)) is type(value)


def test_table_has_the_columns_and_rows_of_the_results() -> None:
    found = table('SELECT ?a ?b WHERE { VALUES (?a ?b) { (1 "甲") (UNDEF "乙") } }')
    assert found.columns == ("a", "b")
    assert [[rows.plain(term) for term in row] for row in found.rows] == [[1, "甲"], [None, "乙"]]


def test_whole_decimals_are_written_without_a_fraction_in_csv() -> None:
    assert rows.to_csv(table("SELECT ?a WHERE { VALUES ?a { 30.0 2.5 } }")).decode().split() == ["a", "30", "2.5"]


def test_formulas_are_defused_for_excel_only_and_numbers_are_not() -> None:
    found = table('SELECT ?a WHERE { VALUES ?a { "=1+1" "-甲" -3 } }')
    assert rows.to_csv(found, excel=True).decode("utf-8-sig").split() == ["a", "'=1+1", "'-甲", "-3"]
    assert rows.to_csv(found).decode().split() == ["a", "=1+1", "-甲", "-3"]


def test_json_is_readable_and_carries_headings() -> None:
    text = rows.to_json(table('SELECT ?a WHERE { VALUES ?a { "甲" } }'), {"name": "x"}, {"a": {"zh": "名", "en": "Name"}}).decode()
    assert "甲" in text
    assert json.loads(text) == {"name": "x", "columns": [{"name": "a", "zh": "名", "en": "Name"}], "rows": [{"a": "甲"}]}


def test_result_set_in_turtle_leaves_unbound_cells_out() -> None:
    turtle = rows.to_turtle(table('SELECT ?a ?b WHERE { VALUES (?a ?b) { (1 "甲") (UNDEF "乙") } }'))
    said = [quad.predicate.value.rsplit("#", 1)[1] for quad in parse(turtle, RdfFormat.TURTLE)]
    assert (said.count("solution"), said.count("binding"), said.count("resultVariable")) == (2, 3, 2)


def test_triples_become_rows() -> None:
    found = rows.from_triples('<urn:b> <urn:p> "乙" .\n<urn:a> <urn:p> "甲" .\n'.encode())
    assert found.columns == ("subject", "predicate", "object")
    assert [[rows.plain(term) for term in row] for row in found.rows] == [["urn:a", "urn:p", "甲"], ["urn:b", "urn:p", "乙"]]
