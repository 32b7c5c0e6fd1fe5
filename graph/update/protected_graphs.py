"""The graphs of the service's own, kept as they should be while somebody else writes.

What ingest made of a notice (``graph/notice/K``) may be corrected by hand, and what became of its tasks be told (``graph/outcomes/K``),
within the shapes; what the service derives from a notice is derived again. Every other graph under our address is made by the service
alone. Graphs under other addresses are the writer's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, cast

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from graph.errors import InvalidGraphError, ReservedGraphError
from graph.store.snapshot import Draft
from ontology.names import GRAPH

Check = Callable[[Draft, Sequence[NamedNode]], Sequence[str]]
"""Looks at notices that were changed in a draft, derives anew what follows from them, and says what breaks the shapes."""

_WRITABLE = (GRAPH["notice/"].value, GRAPH["outcomes/"].value)


def reserved(graph: NamedNode) -> bool:
    """Whether only the service writes the graph.

    >>> reserved(GRAPH["inferred/huzhiban-2026-2"]), reserved(GRAPH["notice/huzhiban-2026-2"]), reserved(NamedNode("http://example.org/g"))
    (True, False, False)
    >>> reserved(GRAPH["comparisons"]), reserved(GRAPH["outcomes/huzhiban-2026-2"])
    (True, False)
    """
    return graph.value.startswith(GRAPH) and not graph.value.startswith(_WRITABLE)


def supervise(draft: Draft, before: Path | None, check: Check, graphs: Iterable[NamedNode] | None) -> None:
    """Raises where a change touched a reserved graph, or left a notice that breaks the shapes.

    ``before`` is the store that the draft began as; ``graphs`` are those that the change may have written, None stands for any.
    """
    old = Store.read_only(str(before)) if before else Store()
    may_be = {*old.named_graphs(), *draft.store.named_graphs()} if graphs is None else set(graphs)
    ours = sorted((each for each in may_be if isinstance(each, NamedNode) and each.value.startswith(GRAPH)), key=_order)
    changed = []
    for each in ours:
        if not same(old, draft.store, each):
            if reserved(each):
                raise ReservedGraphError(each.value)
            changed.append(each)
    violations = check(draft, changed) if changed else ()
    if violations:
        raise InvalidGraphError(violations)


def _order(graph: NamedNode) -> tuple[bool, str]:
    """Those that nobody may change first: where one was, the rest need not be looked at."""
    return not reserved(graph), graph.value


def same(old: Store, new: Store, graph: NamedNode) -> bool:
    """Whether the graph holds in both what it holds in one. Counting is ten times cheaper than comparing."""
    if old.contains_named_graph(graph) != new.contains_named_graph(graph):
        return False
    return _count(old, graph) == _count(new, graph) and _digest(old, graph) == _digest(new, graph)


def _count(store: Store, graph: NamedNode) -> str:
    answer = store.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    return str(next(iter(answer))[0]) if isinstance(answer, QuerySolutions) else ""


def _digest(store: Store, graph: NamedNode) -> bytes:
    """What the graph holds, in short. The engine writes a graph in the order of its keys, which is the same in all stores."""
    written = _Hashed()
    store.dump(cast(IO[bytes], written), RdfFormat.N_TRIPLES, from_graph=graph)
    return written.hash.digest()


class _Hashed:
    """A file that keeps the hash of what is written alone."""

    def __init__(self) -> None:
        self.hash = hashlib.blake2b()

    def write(self, content: bytes) -> int:
        self.hash.update(content)
        return len(content)

    def flush(self) -> None:
        """Nothing waits."""
