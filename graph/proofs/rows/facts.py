"""The triples of a store that a query reads, each in a graph that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple
from pyoxigraph import Store as Engine

from graph.proofs.proof_search import INFERRED, Graph
from graph.store.engine import DatasetOf, Term

_FEW = 100
"""Mentions of a term of which the first is taken."""


class Fact(NamedTuple):
    """A triple, and the graph of a GRAPH in which it was matched; None where the default graph was."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: Term
    graph: NamedNode | BlankNode | None

    @property
    def triple(self) -> Triple:
        """Without its graph."""
        return Triple(self.subject, self.predicate, self.object)


class Facts:
    """What the dataset of a query holds."""

    def __init__(self, engine: Engine, dataset: DatasetOf) -> None:
        self.engine = engine
        self.dataset = dataset
        default = (DefaultGraph(),) if dataset.default is None else dataset.default
        self._default: frozenset[Graph] | None = None if dataset.union else frozenset(default)

    def about(
        self, subject: NamedNode | BlankNode | None, predicate: NamedNode, object: Term | None, graph: NamedNode | BlankNode | None
    ) -> Iterator[Fact]:
        """The facts of a pattern, in a graph or in the default graph, in an order of their own."""
        quads = self.engine.quads_for_pattern(subject, predicate, object, graph)
        yield from (fact for _, fact in sorted(((str(fact.triple), fact) for fact in self._read(quads, graph)), key=itemgetter(0)))

    def mention(self, term: Term, graph: NamedNode | BlankNode | None) -> Fact | None:
        """A fact that has the term as its subject or object: what a path of no links rests on."""
        patterns = [(None, term), *([(term, None)] if isinstance(term, NamedNode | BlankNode) else [])]
        for subject, object_ in reversed(patterns):
            found = self._read(self.engine.quads_for_pattern(subject, None, object_, graph), graph)
            if few := list(islice(found, _FEW)):
                return min(few, key=str)
        return None

    def _read(self, quads: Iterable[Quad], graph: NamedNode | BlankNode | None) -> Iterator[Fact]:
        for quad in quads:
            if not isinstance(quad.subject, Triple) and (graph is not None or self._default is None or quad.graph_name in self._default):
                yield Fact(quad.subject, quad.predicate, quad.object, graph)

    def graphs(self, fact: Fact) -> tuple[Graph, ...]:
        """The graphs that hold a fact, those that state it before those that infer it."""
        quads = self.engine.quads_for_pattern(fact.subject, fact.predicate, fact.object, fact.graph)
        found = (quad.graph_name for quad in quads if fact.graph is not None or self._default is None or quad.graph_name in self._default)
        return tuple(sorted(found, key=lambda graph: (is_inferred(graph), str(graph))))

    def quad(self, fact: Fact) -> Quad | None:
        """The fact in one graph that holds it; None where none does."""
        graphs = self.graphs(fact)
        return Quad(fact.subject, fact.predicate, fact.object, graphs[0]) if graphs else None


def is_inferred(graph: Graph) -> bool:
    """Whether what stands in a graph was inferred."""
    return isinstance(graph, NamedNode) and graph.value.startswith(INFERRED)
