"""Two snapshots, turned into what changed between them: notices that came and went, and an RDF patch of every quad.

The patch is in the format of https://afs.github.io/rdf-delta/rdf-patch.html. Blank nodes have the same labels in snapshots of one folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import Literal, NamedNode, Store

from graph.store.own_graphs import own_graphs
from graph.store.snapshot import Snapshot
from ontology.names import DCTERMS, GRAPH, ID

_NOTICE = "notice/"
MOST_NAMED = 100
"""Notices of one change that are named; of more it is said how many they are."""
MOST_SNAPSHOTS = 100
"""Snapshots, from the last, whose changes are told."""


def changes(history: Sequence[Snapshot], opened: Callable[[Snapshot], AbstractContextManager[Store]]) -> list[dict[str, Any]]:
    """For each snapshot, the last first: which notices came and went since the one kept before it; of the oldest that is not known."""
    told: list[dict[str, Any]] = []
    before: frozenset[str] = frozenset()
    titles: dict[str, str] = {}
    previous = 0
    for snapshot in history[-MOST_SNAPSHOTS:]:
        with opened(snapshot) as store:
            now = frozenset(key for graph in own_graphs(store) if (key := _notice(graph)))
            added, removed = sorted(now - before), sorted(before - now)
            gone = [{"key": key, "title": titles.get(key, "")} for key in removed[:MOST_NAMED]]
            titles = {**{key: titles[key] for key in now & titles.keys()}, **{key: _title(store, key) for key in added}}
        told.append(
            {
                "snapshot": snapshot.number,
                "published": snapshot.published.isoformat(),
                "before": previous or None,
                "notices": len(now),
                "added": [{"key": key, "title": titles[key]} for key in added[:MOST_NAMED]] if previous else [],
                "added_count": len(added) if previous else 0,
                "removed": gone,
                "removed_count": len(removed),
            }
        )
        before, previous = now, snapshot.number
    return told[::-1]


def patch(before: Store, after: Store, first: Snapshot, last: Snapshot) -> Iterator[str]:
    """The lines that turn the service's own graphs of one snapshot into those of another."""
    yield f"H id {_name(last)} .\nH prev {_name(first)} .\nTX .\n"
    for sign, holding, other in (("D", before, after), ("A", after, before)):
        for graph in own_graphs(holding):
            for quad in holding.quads_for_pattern(None, None, None, graph):
                if quad not in other:
                    yield f"{sign} {quad} .\n"
    yield "TC .\n"


def _name(snapshot: Snapshot) -> NamedNode:
    """The same in every patch, and no other service's: two have the same numbers, but hardly published in the same microsecond."""
    return NamedNode(uuid5(NAMESPACE_URL, f"{GRAPH} {snapshot.number} {snapshot.published.isoformat()}").urn)


def _notice(graph: NamedNode) -> str:
    key = GRAPH.local(graph)
    return key.removeprefix(_NOTICE) if key.startswith(_NOTICE) else ""


def _title(store: Store, key: str) -> str:
    """The title of a notice, as its own graph says; empty where it says none."""
    found = store.quads_for_pattern(ID[f"notice/{key}"], DCTERMS["title"], None, GRAPH[f"notice/{key}"])
    return min((quad.object.value for quad in found if isinstance(quad.object, Literal)), default="")
