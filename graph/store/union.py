"""A store whose graphs say some things twice, turned into a second one that holds their union, in which each triple stands once.

The engine takes the union of graphs for a list of quads: a triple that stands in two graphs is two solutions and counts twice. The union
of a dataset is a set of triples (https://www.w3.org/TR/rdf11-concepts/#section-dataset), so where graphs overlap it is made once, when the
store is loaded into memory. The price is as much memory and time again as the load itself takes; where no triple stands twice, that of one
query.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from pyoxigraph import NamedNode, Quad, QuerySolutions
from pyoxigraph import Store as Engine

_TWICE = (
    "SELECT ?s { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(?g != ?h) } LIMIT 1",
    "SELECT ?s { ?s ?p ?o GRAPH ?h { ?s ?p ?o } } LIMIT 1",
)


def overlap(engine: Engine, graphs: Sequence[NamedNode] | None = None) -> bool:
    """Whether a triple stands in two graphs, or in two of these."""
    if graphs is not None:
        rows = engine.query(_TWICE[0], default_graph=[], named_graphs=list(graphs))
        return next(cast(QuerySolutions, rows), None) is not None
    return any(next(cast(QuerySolutions, engine.query(query)), None) is not None for query in _TWICE)


def union(engine: Engine) -> Engine:
    """A store whose default graph holds the triples of all graphs."""
    store = Engine()
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in engine)
    return store


def merged(engine: Engine, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Engine:
    """A store whose default graph holds the triples of these graphs, each once, beside the named ones."""
    store = Engine()
    store.extend(
        Quad(quad.subject, quad.predicate, quad.object) for graph in default for quad in engine.quads_for_pattern(None, None, None, graph)
    )
    for graph in named:
        if engine.contains_named_graph(graph):
            store.add_graph(graph)
            store.extend(engine.quads_for_pattern(None, None, None, graph))
    return store
