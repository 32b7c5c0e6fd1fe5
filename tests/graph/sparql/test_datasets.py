"""The graphs after FROM, resolved as the engine resolves them; where that is not sure, nothing is said."""

from __future__ import annotations

import pytest

from graph.sparql.datasets import dataset_read, stated
from graph.store.embedded_store import DatasetOf


def said(query: str, base: str | None = "http://b/") -> tuple[list[str], list[str]] | None:
    found = stated(query, base)
    return found and ([graph.value for graph in found[0]], [graph.value for graph in found[1]])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM <http://e/a> { ?s ?p ?o }", (["http://e/a"], [])),
        ("select * from <http://e/a> from named <http://e/b> { ?s ?p ?o }", (["http://e/a"], ["http://e/b"])),
        ("PREFIX e: <http://e/> ASK FROM e:a FROM e:a {}", (["http://e/a"], [])),
        ("BASE <http://c/> ASK FROM <a> {}", (["http://c/a"], [])),
        ("ASK FROM <a> {}", (["http://b/a"], [])),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://e/a> WHERE { ?s ?p ?o }", (["http://e/a"], [])),
        ("DESCRIBE <http://e/x> FROM <http://e/a>", (["http://e/a"], [])),
        ("SELECT * FROM <http://e/a> { ?from ?p 'FROM <http://e/b>' }", (["http://e/a"], [])),
        ("SELECT * # FROM <http://e/b>\nFROM <http://e/a> {}", (["http://e/a"], [])),
    ],
)
def test_graphs_are_those_that_the_query_names(query: str, expected: tuple[list[str], list[str]]) -> None:
    assert said(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?from { ?from ?p 'FROM <http://e/a>' }",
        "SELECT * FROM no:prefix {}",
        "SELECT * FROM {}",
        "SELECT * FROM ?x {}",
        "SELECT ('no end AS ?x) FROM <http://e/a> {}",
        "SELECT * FROM <http://a b> {}",
    ],
)
def test_where_it_is_not_sure_nothing_is_said(query: str) -> None:
    assert said(query) is None


def test_a_relative_name_without_a_base_is_not_known() -> None:
    assert said("ASK FROM <a> {}", None) is None


def test_the_request_wins_over_the_query_and_the_query_over_the_store() -> None:
    asked = DatasetOf.of(["http://e/x"], [], union=True)
    query = "SELECT * FROM <http://e/a> { ?s ?p ?o }"
    assert dataset_read(query, asked) == asked
    assert not dataset_read(query, DatasetOf()).union
    assert [graph.value for graph in dataset_read(query.replace("{", "FROM <http://e/b> {"), DatasetOf()).default or ()] == [
        "http://e/a",
        "http://e/b",
    ]
    assert dataset_read("SELECT * { ?s ?p ?o }", DatasetOf()) == DatasetOf(alone=True)
    assert dataset_read("SELECT * { GRAPH ?g { ?s ?p ?o } }", DatasetOf()) == DatasetOf()
