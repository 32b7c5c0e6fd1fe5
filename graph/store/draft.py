"""Quads, turned into the store of the next snapshot while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

_SMALL = 10_000
"""Up to so many quads go through the write-ahead log; more are written straight into files."""


class Draft:
    """The next snapshot while it is written. ``store`` may be read and written freely; nobody else sees it."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.number = number
        self.store = Store(str(folder / "store"))
        self.searched = False
        """Whether the passages are to be indexed however large the store is."""

    def close(self) -> None:
        """Lets go of the store: the engine goes on writing files into the folder as long as anybody holds it."""
        self.__dict__.pop("store", None)

    def replace(self, graph: NamedNode, triples: Iterable[Triple | Quad]) -> None:
        """The graph holds these triples and no others."""
        self.store.clear_graph(graph)
        self.add(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
        self.store.add_graph(graph)

    def add(self, quads: Iterable[Quad]) -> None:
        """Adds quads, few or millions, without holding them all."""
        rest = iter(quads)
        first = list(islice(rest, _SMALL))
        if len(first) < _SMALL:
            self.store.extend(first)
        else:
            self.store.bulk_extend(chain(first, rest))

    def load(self, stream: IO[bytes], count: int) -> None:
        """Adds the quads of a stream of N-Quads that we wrote, about ``count`` of them; up to a million are held at once.

        Several threads may do so at a time.
        """
        if count < _SMALL:
            self.store.extend(parse(stream, RdfFormat.N_QUADS))
        else:
            self.store.bulk_load(stream, RdfFormat.N_QUADS, lenient=True)

    def remove(self, graph: NamedNode) -> None:
        """The graph is no more."""
        self.store.remove_graph(graph)

    def graphs(self) -> tuple[NamedNode, ...]:
        """The named graphs, sorted."""
        return tuple(sorted((graph for graph in self.store.named_graphs() if isinstance(graph, NamedNode)), key=lambda graph: graph.value))

    def triples(self, graph: NamedNode | BlankNode) -> Iterator[Triple]:
        """What the graph holds now."""
        return (quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph))
