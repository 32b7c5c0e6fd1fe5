"""What docs/conformance.md lists as still wrong, as it is today; where a test fails the engine is mended, and the page has to say so."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions
from pyoxigraph import Store as Engine

from graph.store.embedded_store import DatasetOf, Store

DATA = "INSERT DATA { GRAPH <a:1> { <a:s> <a:p> 10 } GRAPH <a:2> { <a:s> <a:p> 10 } }"
WHOLE = DatasetOf(union=True)


def values(query: str, dataset: DatasetOf = WHOLE) -> list[list[str | None]]:
    engine = Engine()
    engine.update(DATA)
    solutions = Store.in_memory(engine).answer(query, dataset)
    assert isinstance(solutions, QuerySolutions)
    return [[None if term is None else str(getattr(term, "value", term)) for term in row] for row in solutions]


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        ("SELECT (GROUP_CONCAT(?x) AS ?n) { VALUES ?x { 1 2 } }", "SELECT (GROUP_CONCAT(STR(?x)) AS ?n) { VALUES ?x { 1 2 } }", "1 2"),
        (
            "SELECT (GROUP_CONCAT(?x) AS ?n) { VALUES ?x { <a:a> } }",
            "SELECT (GROUP_CONCAT(STR(?x)) AS ?n) { VALUES ?x { <a:a> } }",
            "a:a",
        ),
    ],
)
def test_concatenation_of_what_is_no_string_is_unbound(wrong: str, right: str, expected: str) -> None:
    assert values(wrong) == [[None]]
    assert values(right) == [[expected]]


def test_beside_graph_the_union_counts_quads() -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    assert values(query) == [["2"]]
    assert values(query.replace("COUNT(*)", "COUNT(DISTINCT *)")) == [["1"]]


def test_on_disk_the_union_counts_quads() -> None:
    engine = Engine()
    engine.update(DATA)
    solutions = Store(engine).answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", DatasetOf(union=True, alone=True))
    assert isinstance(solutions, QuerySolutions)
    assert [int(row[0].value) for row in solutions] == [2]


def test_names_are_read_to_the_second_dot_only() -> None:
    engine = Engine()
    engine.update("INSERT DATA { <a:s> <a:p> <e:a.b.c> }")
    store = Store(engine)
    with pytest.raises(Exception, match="SPARQL"):
        store.answer("PREFIX e: <e:> SELECT * { ?s ?p e:a.b.c }")
    assert len(list(store.select("SELECT * { ?s ?p <e:a.b.c> }"))) == 1
