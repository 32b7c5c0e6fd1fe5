"""What engines do each in their own way comes out as the query wanted it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyoxigraph import BlankNode, QueryResultsFormat, QuerySolutions, Store, parse_query_results

from graph.query.portable import portable


def results(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("SELECT ?x { ?x ?p ?o } ORDER BY ?x LIMIT 20000", 20000),
        ("SELECT ?x { ?x ?p ?o } order by DESC(STR(?x))\nlimit 10001 ", 10001),
        ("SELECT ?x { ?x ?p ?o } ORDER BY ?x LIMIT 10000", None),
        ("SELECT ?x { ?x ?p ?o } LIMIT 20000", None),
        ("SELECT ?x { ?x ?p ?o } ORDER BY ?x LIMIT 20000 OFFSET 5", None),
        ("SELECT ?x { ?x ?p ?o } ORDER BY ?x LIMIT 20000 VALUES ?x { 1 }", None),
        ("SELECT ?x { { SELECT ?x { ?x ?p ?o } ORDER BY ?x LIMIT 20000 } }", None),
        ("SELECT ?x { ?x ?p 'ORDER BY' } # ORDER BY ?x LIMIT 20000", None),
    ],
)
def test_a_large_limit_under_an_order_is_kept_here(text: str, most: int | None) -> None:
    asked = portable(text)
    assert asked.most == most
    assert asked.text == (text if most is None else text[: text.upper().index("LIMIT")])
    Store().query(asked.text)


def test_rows_beyond_the_limit_are_left_out() -> None:
    asked = portable("SELECT ?x { ?x ?p ?o } ORDER BY ?x LIMIT 10001")
    rows = [{"x": {"type": "literal", "value": str(number)}} for number in range(10005)]
    kept = json.loads(asked.answer(results(rows)))["results"]["bindings"]
    assert (len(kept), kept[-1]["x"]["value"]) == (10001, "10000")


def test_blank_nodes_of_any_name_can_be_read_and_stay_apart() -> None:
    names = ["nodeID://b1", "nodeID://b2", "b1", "a.b", "nodeID://b1"]
    answer = portable("SELECT ?x { ?x ?p ?o }").answer(results([{"x": {"type": "bnode", "value": name}} for name in names]))
    read = parse_query_results(answer, QueryResultsFormat.JSON)
    assert isinstance(read, QuerySolutions)
    found = [row["x"] for row in read]
    assert all(isinstance(node, BlankNode) for node in found)
    assert found[0] == found[4]
    assert len(set(found)) == len(set(names))


@pytest.mark.parametrize("content", [b'{"head": {}, "boolean": true}', results([{"x": {"type": "literal", "value": "bnode"}}])])
def test_what_needs_nothing_stays_as_it_came(content: bytes) -> None:
    assert portable("ASK {}").answer(content) == content
