"""The graphs that an update may write are known before it runs, or it is known that they are not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.errors import BadQueryError, GraphError
from graph.store.embedded_store import update
from graph.update.update_targets import perform
from ontology.names import GRAPH

BASE = "http://example.org/"
LINKS, VOCABULARY, NOTICE = GRAPH["links"], GRAPH["vocabulary"], GRAPH["notice/k"]
MINE, OTHER = NamedNode("http://example.org/mine"), NamedNode("http://example.org/other")
NEW = NamedNode("http://example.org/new")
A, B = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")
P = f"PREFIX g: <{GRAPH}> PREFIX : <{BASE}> "

CLEAR: Mapping[str, set[NamedNode]] = {
    "INSERT DATA { GRAPH <mine> { :a :b 9 } }": {MINE},
    "INSERT DATA { :a :b 9 . GRAPH :mine { :a :b 9 } GRAPH g:links { } }": {MINE, LINKS},
    f"DELETE DATA {{ GRAPH {LINKS} {{ :a :b 0 }} }}": {LINKS},
    "DELETE WHERE { GRAPH :mine { ?s ?p ?o } }": {MINE},
    "DELETE WHERE { GRAPH ?g { ?s ?p 0 } GRAPH ?g { :none ?p ?o } }": set(),
    "DELETE WHERE { GRAPH ?g { :only ?p ?o } }": {MINE},
    "WITH :mine DELETE { ?s ?p ?o } INSERT { ?s ?p 9 } WHERE { GRAPH g:links { ?s ?p ?o } }": {MINE},
    "WITH :mine DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { ?s ?p ?o . GRAPH ?g { ?s ?p ?o } FILTER(?g = g:links) }": {MINE, LINKS},
    "INSERT { GRAPH :other { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }": {OTHER},
    "INSERT { GRAPH ?o { ?s ?p ?o } } WHERE { VALUES ?o { :other } GRAPH :mine { ?s ?p 0 } }": {OTHER},
    "DELETE { GRAPH $g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p 9 } } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(?g != g:links) }": {
        MINE,
        OTHER,
        VOCABULARY,
        NOTICE,
    },
    "DELETE { GRAPH ?o { ?s ?p 0 } } USING :mine WHERE { ?s ?p 0 BIND(IRI(CONCAT(STR(g:), 'links')) AS ?o) }": {LINKS},
    "DELETE { GRAPH ?g { ?s ?p ?o } } USING NAMED g:links USING NAMED :mine WHERE { GRAPH ?g { ?s ?p ?o } }": {MINE, LINKS},
    "INSERT { GRAPH ?g { ?s ?p 9 } } WHERE { ?s ?p ?o BIND(g:links AS ?g) }": set(),
    "DROP GRAPH :mine": {MINE},
    "DELETE DATA { GRAPH :mine { :a :b 0 } }; DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o FILTER(?s = :only) } }": {MINE},
    "INSERT DATA { GRAPH :new { :x :y g:links } }; DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { :none :y ?n . GRAPH ?n { ?s :y ?g } }": {NEW},
    "CLEAR SILENT GRAPH g:links; CREATE GRAPH :new; DROP DEFAULT": {LINKS, NEW},
    "MOVE :mine TO g:links": {MINE, LINKS},
    "ADD SILENT GRAPH g:links TO DEFAULT ; COPY DEFAULT TO GRAPH :other ;": {LINKS, OTHER},
    "DELETE { GRAPH :mine { :a :b ?x } } WHERE { GRAPH :mine { :a :b ?x FILTER(?x<5 && STR(?x) = '0') } }": {MINE},
    "": set(),
}
"""Updates with the graphs that they may write."""

PARTED: Mapping[str, set[NamedNode]] = {
    "PREFIX g: <x:> INSERT DATA { GRAPH :new { :x :y :mine } }; PREFIX : <http://example.org/> "
    "DELETE { GRAPH ?g { ?s ?p 0 } } WHERE { GRAPH ?n { :x :y ?g } GRAPH ?g { ?s ?p 0 } }": {NEW, MINE},
    f"BASE <{GRAPH}> DROP GRAPH <links>; BASE <{BASE}> INSERT DATA {{ GRAPH <mine> {{ <a> <b> '}}#' }} }} # DROP ALL": {LINKS, MINE},
    f"PREFIX : <{GRAPH}> DROP GRAPH :links; PREFIX : <{BASE}> DROP GRAPH :mine": {LINKS, MINE},
}
"""Those in which an operation has a prologue of its own, which the engine alone does not read."""

UNCLEAR = (
    "DROP ALL",
    "CLEAR NAMED",
    "INSERT DATA { GRAPH <m\\u0069ne> { :a :b 9 } }",
    "INSERT DATA{GRAPHg:links{ :a :b 9 }}",
    "DROP GRAPHg:links",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?x { ?s ?p ?o } BIND(IF(RAND() < 0.5, g:links, :mine) AS ?g) }",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } { SELECT ?s { ?s ?p ?o } LIMIT 1 } }",
    "DELETE DATA { GRAPH :mine { :a :b 0 } }; DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(RAND() < 2) }",
    # What looks like an IRI begins a string or a comment, which hides an operation.
    "INSERT {} WHERE { FILTER(1<'a>) }; INSERT DATA { :a :b '  ) }; DROP GRAPH g:links #' }",
    "INSERT {} WHERE { FILTER(1<:b#c>) }; INSERT DATA { :a :b ' \n ) }; DROP GRAPH g:links #' }",
    "INSERT DATA {",
    "INSERT DATA { :a :b 'no end }",
    "LOAD <http://127.0.0.1:1/>",
    "SELECT * { ?s ?p ?o }",
)
"""Updates that may write any graph, or that are none."""


def filled() -> Store:
    """A store with two quads in each graph."""
    store = Store()
    for graph in (LINKS, VOCABULARY, NOTICE, MINE, OTHER):
        store.extend(Quad(A, B, Literal(number), graph) for number in range(2))
    store.add(Quad(NamedNode("http://example.org/only"), B, Literal(1), MINE))
    return store


def held(store: Store) -> dict[object, set[Quad]]:
    graphs: dict[object, set[Quad]] = defaultdict(set)
    for graph in store.named_graphs():
        graphs[graph] = set(store.quads_for_pattern(None, None, None, graph))
    return graphs


@pytest.mark.parametrize(("text", "graphs"), [*CLEAR.items(), *PARTED.items()])
def test_the_targets_are_those_that_the_text_and_the_store_give(text: str, graphs: set[NamedNode]) -> None:
    assert perform(filled(), P + text, BASE) == frozenset(graphs)


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_not_surely_understood_may_write_any_graph(text: str) -> None:
    with suppress(GraphError):
        assert perform(filled(), P + text, BASE) is None


@pytest.mark.parametrize("text", [*CLEAR, *UNCLEAR])
def test_an_update_changes_what_it_says_and_no_graph_that_is_not_among_its_targets(text: str) -> None:
    store, other = filled(), filled()
    before = held(store)
    try:
        update(other, P + text, BASE)
    except GraphError as error:
        with pytest.raises(type(error), match=re.escape(str(error))):
            perform(store, P + text, BASE)
        return
    found, after = perform(store, P + text, BASE), held(store)
    changed = {graph for graph in {*before, *after} if (graph in before, before.get(graph)) != (graph in after, after.get(graph))}
    assert found is None or changed <= found
    if "RAND" not in text:
        assert after == held(other)


@pytest.mark.parametrize("prologue", ["", "PREFIX : <http://example.org/> "])
def test_an_error_in_a_later_operation_is_told_with_its_place(prologue: str) -> None:
    text = f"DELETE {{ GRAPH ?g {{ ?s ?p 0 }} }} WHERE {{ GRAPH ?g {{ ?s ?p 0 }} }};\n{prologue}INSERT DATA {{ <a> . }}"
    with pytest.raises(BadQueryError) as told:
        perform(filled(), text, BASE)
    assert (told.value.line, told.value.column) == (2, 20 + len(prologue))


def test_each_operation_may_have_its_own_prologue() -> None:
    store = Store()
    text = (
        "PREFIX a: <http://a/> INSERT DATA { a:x a:y 1 };\nPREFIX a: <http://b/> BASE <http://c/> INSERT { <x> a:y ?o } WHERE { ?s ?p ?o }"
    )
    assert perform(store, text, BASE) == frozenset()
    assert {quad.subject for quad in store} == {NamedNode("http://a/x"), NamedNode("http://c/x")}
    assert {quad.predicate for quad in store} == {NamedNode("http://a/y"), NamedNode("http://b/y")}


def test_an_operation_that_hides_behind_a_comparison_does_run() -> None:
    store = filled()
    update(store, f"{P} INSERT {{}} WHERE {{ FILTER(1<'a>) }}; INSERT DATA {{ :a :b '  ) }}; DROP GRAPH g:links #' }}", BASE)
    assert not store.contains_named_graph(LINKS)
