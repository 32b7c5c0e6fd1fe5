"""What the service made stands apart from what others wrote, whatever they call their graphs."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad
from pyoxigraph import Store as Engine

from graph.store.own_graphs import has_others, is_own, own, own_graphs
from ontology.names import GRAPH

A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")
THEIRS = (
    NamedNode("http://example.org/g"),
    NamedNode("https://w3id.org/zhengce/graphs/x"),
    NamedNode("https://w3id.org/zhengce/graph"),
    NamedNode("http://w3id.org/zhengce/graph/notice/x"),
    NamedNode("https://w3id.org/zhengce/GRAPH/notice/x"),
    BlankNode("b"),
    DefaultGraph(),
)


def engine(*graphs: NamedNode | BlankNode | DefaultGraph) -> Engine:
    made = Engine()
    made.extend(Quad(A, P, Literal(number), graph) for number, graph in enumerate(graphs))
    return made


@pytest.mark.parametrize("graph", THEIRS, ids=str)
def test_no_other_name_passes_for_one_of_ours(graph: NamedNode | BlankNode | DefaultGraph) -> None:
    assert not is_own(graph)
    both = engine(GRAPH["notice/x"], graph)
    assert has_others(both)
    assert list(own_graphs(both)) == [GRAPH["notice/x"]]
    assert {quad.graph_name for quad in own(both)} == {GRAPH["notice/x"]}


def test_ours_alone_have_no_others_and_an_empty_graph_is_kept() -> None:
    store = engine(GRAPH["notice/x"], GRAPH["inferred/x"])
    store.add_graph(GRAPH["readings/x"])
    assert not has_others(store)
    assert set(own_graphs(own(store))) == {GRAPH["notice/x"], GRAPH["inferred/x"], GRAPH["readings/x"]}
    assert set(own(store)) == set(store)
