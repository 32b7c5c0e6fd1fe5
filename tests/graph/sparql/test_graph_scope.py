"""A GRAPH whose variable the engine leaves unbound is refused by name; every other one is answered."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store, Variable

from graph.errors import EvaluationError
from graph.sparql.graph_scope import refuse_unbound_graphs
from queries import catalogue

WRONG = (
    ("SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }", "SELECT"),
    ("SELECT * { GRAPH ?g { { SELECT ?s { ?s ?p ?o } } } }", "SELECT"),
    ("SELECT * { graph$g{{{select*{?s ?p ?o}}}}}", "SELECT"),
    ("SELECT ?g ?x { GRAPH ?g { VALUES ?x { 1 2 } } }", "VALUES"),
    ("SELECT ?g ?x ?y { GRAPH ?g { VALUES ?x { 1 } . VALUES (?y) { (2) } } }", "VALUES"),
    ("SELECT ?g { GRAPH ?g { GRAPH ?h { ?s ?p ?o } } }", "GRAPH"),
    ("SELECT * { GRAPH ?g { GRAPH <a:1> { ?s ?p ?o } } }", "GRAPH"),
    ("SELECT ?g { ?a ?b ?c . GRAPH ?g { { VALUES ?x { 1 } } UNION { SELECT ?s { ?s ?p ?o } } } }", "VALUES"),
)
RIGHT = (
    "SELECT ?g ?n { { SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g } }",
    "SELECT ?g ?s { GRAPH ?g { ?s ?p ?o VALUES ?o { 10 } } }",
    "SELECT ?g ?s { GRAPH ?g { VALUES ?o { 10 } ?s ?p ?o } }",
    "SELECT ?g ?s { GRAPH ?g { ?s ?p ?o GRAPH ?h { ?s ?p ?o } } }",
    "SELECT * { GRAPH ?g {} }",
    "SELECT ?g { GRAPH ?g { { ?s ?p ?o } UNION { ?s ?q ?o } } }",
)


def store() -> Store:
    filled = Store()
    filled.update("INSERT DATA { GRAPH <a:1> { <a:s> <a:p> 10 } GRAPH <a:2> { <a:s> <a:p> 10 } <a:s> <a:p> 10 }")
    return filled


def unbound(query: str) -> bool:
    """Whether the engine leaves ?g unbound."""
    solutions = store().query(query)
    assert isinstance(solutions, QuerySolutions)
    rows = list(solutions)
    assert rows
    return any(row[Variable("g")] is None for row in rows)


@pytest.mark.parametrize(("query", "keyword"), WRONG)
def test_what_would_be_unbound_is_refused_by_name(query: str, keyword: str) -> None:
    assert unbound(query), "the engine answers rightly by now: this may go"
    with pytest.raises(EvaluationError, match=f"nothing but {keyword}"):
        refuse_unbound_graphs(query)


@pytest.mark.parametrize("query", RIGHT)
def test_what_is_bound_is_answered(query: str) -> None:
    assert not unbound(query)
    refuse_unbound_graphs(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { GRAPH ?g { { SELECT ?x { ?x ?p ?g } } } }",
        "SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }",
        "SELECT ?g { ?s ?g 'GRAPH ?g { SELECT' } # GRAPH ?g { SELECT",
    ],
)
def test_a_variable_that_nobody_asks_for_may_stay_unbound(query: str) -> None:
    refuse_unbound_graphs(query)


def test_no_saved_question_is_refused() -> None:
    for query in catalogue().values():
        refuse_unbound_graphs(query.text)
