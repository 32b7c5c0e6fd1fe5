"""Two stores, turned into what becomes of each named graph: the triples that go and those that come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, Store, Triple

from graph.update.protected_graphs import same

_FEW = 5_000
"""Quads with blank nodes that are compared by what they say; more are taken for changed."""


@dataclass(frozen=True, slots=True)
class GraphDelta:
    """What becomes of a graph. Where blank nodes are concerned it is ``emptied`` first, as no request can name them."""

    graph: NamedNode
    made: bool
    """Whether it was not there before."""
    emptied: bool
    gone: tuple[Quad, ...]
    came: tuple[Quad, ...]


def deltas(old: Store, new: Store, most: int) -> Iterator[GraphDelta]:
    """The named graphs that do not say the same in both; those of which more than so many triples go are made anew."""
    names = {graph for store in (old, new) for graph in store.named_graphs() if isinstance(graph, NamedNode)}
    for graph in sorted(names, key=lambda name: name.value):
        if same(old, new, graph):
            continue
        if not new.contains_named_graph(graph):
            yield GraphDelta(graph, False, True, (), ())
            continue
        before, after = (set(store.quads_for_pattern(None, None, None, graph)) for store in (old, new))
        made = not old.contains_named_graph(graph)
        unnamed = [{quad for quad in quads if is_unnamed(quad)} for quads in (before, after)]
        if not any(unnamed) or _alike(*unnamed):
            gone, came = before - unnamed[0] - after, after - unnamed[1] - before
            if len(gone) > min(len(after), most):
                yield GraphDelta(graph, made, True, (), tuple(after))
            elif gone or came or made:
                yield GraphDelta(graph, made, False, tuple(gone), tuple(came))
        else:
            yield GraphDelta(graph, made, not made, (), tuple(after))


def whole(new: Store, there: Iterable[NamedNode]) -> Iterator[GraphDelta]:
    """All graphs of a store, made anew where others may be, and an end of those that it has not."""
    held = {graph for graph in new.named_graphs() if isinstance(graph, NamedNode)}
    for graph in sorted({*held, *there}, key=lambda name: name.value):
        yield GraphDelta(graph, False, True, (), tuple(new.quads_for_pattern(None, None, None, graph)))


def is_unnamed(quad: Quad) -> bool:
    """Whether a blank node stands in it, so that no request can name it."""
    return _holds_blank(quad.triple)


def _holds_blank(term: object) -> bool:
    if isinstance(term, Triple):
        return any(map(_holds_blank, (term.subject, term.object)))
    return isinstance(term, BlankNode)


def _alike(old: set[Quad], new: set[Quad]) -> bool:
    """Whether both say the same, whatever their blank nodes are called."""
    if len(old) != len(new) or len(old) > _FEW:
        return False
    read = [Dataset(quads) for quads in (old, new)]
    for each in read:
        each.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return read[0] == read[1]
