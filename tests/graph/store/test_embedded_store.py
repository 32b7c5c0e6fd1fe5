"""The engine's own words, taken apart; what it is asked for and what it answers; its exceptions as ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple
from pyoxigraph import Store as Engine

from graph.errors import BadQueryError, BadTermError, EvaluationError, StoreError
from graph.store.embedded_store import DatasetOf, Store, bad_data, bad_query, named_node, translated, update

A, P, G, H = (NamedNode(f"http://e/{name}") for name in "apgh")


@pytest.fixture
def store() -> Store:
    engine = Engine()
    engine.extend([Quad(A, P, Literal(1), G), Quad(A, P, Literal(1), H), Quad(A, P, Literal(2), H)])
    return Store.in_memory(engine)


@pytest.mark.parametrize(
    ("message", "reason", "line", "column"),
    [
        ("error at 2:13: expected one of a,\n b.", "expected one of a, b", 2, 13),
        ("The query is bad.", "The query is bad", None, None),
        (f"error at 1:1: {'x' * 300}", "x" * 300, 1, 1),
        (f"error at 1:1: {'x' * 301}", "x" * 300 + " …", 1, 1),
    ],
)
def test_a_syntax_error_says_where(message: str, reason: str, line: int | None, column: int | None) -> None:
    found = bad_query(message)
    assert (found.reason, found.line, found.column) == (reason, line, column)


@pytest.mark.parametrize(
    ("message", "line", "column"),
    [
        ("Parser error at line 25 column 10: no", 25, 10),
        ("Parser error at line 25 column 10 and line 26 column 2: no", 25, 10),
        ("no tag on line 3", 3, None),
        ("no", None, None),
    ],
)
def test_bad_data_says_where(message: str, line: int | None, column: int | None) -> None:
    found = bad_data(message)
    assert (found.reason, found.line, found.column) == (message, line, column)


@pytest.mark.parametrize(
    ("raised", "ours"),
    [
        (SyntaxError("error at 1:2: no"), BadQueryError),
        (ValueError("no"), BadQueryError),
        (UnicodeEncodeError("utf-8", "\udc80", 0, 1, "surrogates not allowed"), BadQueryError),
        (RuntimeError("no."), EvaluationError),
        (OSError("no"), StoreError),
    ],
)
def test_exceptions_of_the_engine_become_ours(raised: Exception, ours: type[Exception]) -> None:
    with pytest.raises(ours) as caught, translated():
        raise raised
    assert caught.value.__cause__ is raised
    assert not str(caught.value).endswith("no..")


def test_each_form_of_query_is_asked_for_by_its_own_name(store: Store) -> None:
    assert list(store.select("SELECT ?o ?none { GRAPH <http://e/g> { ?s ?p ?o } }")) == [{"o": Literal(1)}]
    assert store.ask("ASK { ?s ?p 2 }") is True
    assert store.ask("ASK { ?s ?p 3 }") is False
    assert list(store.construct("CONSTRUCT WHERE { ?s ?p 2 }")) == [Triple(A, P, Literal(2))]
    for ask, text, wanted in (
        (lambda query: list(store.select(query)), "ASK {}", "SELECT was expected"),
        (store.ask, "SELECT * {}", "ASK was expected"),
        (lambda query: list(store.construct(query)), "ASK {}", "CONSTRUCT or DESCRIBE was expected"),
    ):
        with pytest.raises(BadQueryError, match=wanted):
            ask(text)


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("query", "dataset", "number"),
    [
        (COUNT, DatasetOf(alone=True), 2),
        (COUNT, DatasetOf(union=False), 0),
        (COUNT, DatasetOf((G,), (), union=False), 1),
        (COUNT, DatasetOf((G, H), (), union=False), 2),
        (COUNT, DatasetOf((G, H), (H,), union=False), 2),
        (COUNT, DatasetOf(None, (H,), union=False), 0),
        (NAMED, DatasetOf((G, H), (H,), union=False), 2),
        (NAMED, DatasetOf(None, (G,), union=False), 1),
        (NAMED, DatasetOf(), 3),
    ],
)
def test_a_triple_of_two_graphs_is_one_triple_of_their_union(store: Store, query: str, dataset: DatasetOf, number: int) -> None:
    assert [row["n"] for row in store.select(query, dataset)] == [Literal(number)]


def test_the_dataset_of_a_request(store: Store) -> None:
    assert DatasetOf.of([], [], union=True) == DatasetOf(union=True)
    assert DatasetOf.of([], [], union=False) == DatasetOf(union=False)
    assert DatasetOf.of(["http://e/g"], [], union=True) == DatasetOf((G,), (), union=False)
    assert DatasetOf.of([], ["http://e/g"], union=True) == DatasetOf((), (G,), union=False)
    with pytest.raises(BadTermError):
        DatasetOf.of(["not an iri"], [], union=True)
    # The request's dataset wins over FROM in the text.
    asked = "SELECT (COUNT(*) AS ?n) FROM <http://e/h> { ?s ?p ?o }"
    assert [row["n"] for row in store.select(asked, DatasetOf((G,), (), union=False))] == [Literal(1)]
    assert [row["n"] for row in store.select(asked, DatasetOf(None, (G,), union=False))] == [Literal(0)]


def test_functions_that_nobody_knows_are_errors_of_their_expressions_alone(store: Store) -> None:
    found = list(store.select("SELECT ?o ?v ?w { ?s ?p ?o FILTER(?o = 2) BIND(<x:f>(?o) AS ?v) BIND(<x:g>(?o) AS ?w) }"))
    assert found == [{"o": Literal(2)}]
    engine = Engine()
    update(engine, "INSERT { <x:a> <x:b> ?v } WHERE { BIND(COALESCE(<x:f>(1), <x:g>(1), 7) AS ?v) }", None)
    assert [quad.object for quad in engine] == [Literal(7)]


def test_updates_are_ours_to_explain() -> None:
    with pytest.raises(BadQueryError):
        update(Engine(), "INSERT DATA {", None)
    engine = Engine()
    update(engine, "INSERT DATA { <a> <b> <c> }", "http://e/")
    assert [quad.subject for quad in engine] == [A]


def test_a_folder_without_a_store_and_words_that_are_no_iri(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Store.open(tmp_path / "none")
    with pytest.raises(BadTermError):
        named_node("no iri")
    assert named_node("http://e/a") == A
