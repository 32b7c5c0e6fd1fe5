"""The graphs of the service's own among those of a store: what pages and questions of the service read.

A writer's graphs are under other addresses, or without one. They are part of the union that SPARQL queries read; a statement of theirs
about a task of a notice is not the notice's.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import DefaultGraph, NamedNode
from pyoxigraph import Store as Engine

from ontology.names import GRAPH


def is_own(graph: object) -> bool:
    """Whether a graph is one of the service's.

    >>> is_own(GRAPH["notice/huzhiban-2026-2"]), is_own(NamedNode("http://example.org/g")), is_own(DefaultGraph())
    (True, False, False)
    """
    return isinstance(graph, NamedNode) and graph.value.startswith(GRAPH)


def own_graphs(engine: Engine) -> Iterator[NamedNode]:
    """Those of a store."""
    for graph in engine.named_graphs():
        if isinstance(graph, NamedNode) and is_own(graph):
            yield graph


def has_others(engine: Engine) -> bool:
    """Whether a store holds a graph of somebody else."""
    if next(engine.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None:
        return True
    return any(not is_own(graph) for graph in engine.named_graphs())


def own(engine: Engine) -> Engine:
    """A copy of the service's own graphs."""
    copy = Engine()
    for graph in own_graphs(engine):
        copy.add_graph(graph)
        copy.bulk_extend(engine.quads_for_pattern(None, None, None, graph))
    return copy
