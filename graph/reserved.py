"""The graphs of the service's own, kept as they should be while somebody else writes.

What ingest made of a notice (``graph/notice/K``) may be corrected by hand, within the shapes; what the service derives from it is derived
again. Every other graph under our address is made by the service alone. Graphs under other addresses are the writer's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from graph.errors import InvalidGraphError, ReservedGraphError
from graph.snapshot import Draft
from ontology.names import GRAPH

Check = Callable[[Draft, Sequence[NamedNode]], Sequence[str]]
"""Looks at notices that were changed in a draft, derives anew what follows from them, and says what breaks the shapes."""

_NOTICES = GRAPH["notice/"].value


def reserved(graph: NamedNode) -> bool:
    """Whether only the service writes the graph.

    >>> reserved(GRAPH["inferred/huzhiban-2026-2"]), reserved(GRAPH["notice/huzhiban-2026-2"]), reserved(NamedNode("http://example.org/g"))
    (True, False, False)
    """
    return graph.value.startswith(GRAPH) and not graph.value.startswith(_NOTICES)


@contextmanager
def supervised(draft: Draft, check: Check, *, graph: NamedNode | DefaultGraph | None = None, anything: bool = False) -> Iterator[None]:
    """Raises at the end of the block where it changed a reserved graph, or left a notice that breaks the shapes.

    ``graph`` is the only graph that the block may change; ``anything`` says that it may change any.
    """
    before = _digests(draft.store) if anything else {}
    yield
    if anything:
        after = _digests(draft.store)
        changed = [each for each in sorted({*before, *after}, key=str) if before.get(each) != after.get(each)]
    else:
        changed = [graph] if isinstance(graph, NamedNode) and graph.value.startswith(GRAPH) else []
    for each in changed:
        if reserved(each):
            raise ReservedGraphError(each.value)
    violations = check(draft, changed) if changed else ()
    if violations:
        raise InvalidGraphError(violations)


def _digests(store: Store) -> dict[NamedNode, bytes]:
    """What our graphs hold, in short. The engine writes a graph in the order of its keys, which is the same before and after."""
    return {
        graph: _digest(store, graph) for graph in store.named_graphs() if isinstance(graph, NamedNode) and graph.value.startswith(GRAPH)
    }


def _digest(store: Store, graph: NamedNode) -> bytes:
    written = BytesIO()
    store.dump(written, RdfFormat.N_TRIPLES, from_graph=graph)
    return hashlib.blake2b(written.getbuffer()).digest()
