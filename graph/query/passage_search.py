"""A text, turned into the passages of notices that hold it, with its places and with the tasks that they state: a job of a worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode
from pyoxigraph import Store as Engine

from graph.sparql.search_hits import tasks_of
from graph.store.embedded_store import DatasetOf, Store, translated
from graph.store.own_graphs import is_own
from graph.store.passage_index import find
from ontology import terms
from ontology.names import DCTERMS

LONGEST = 300
"""The characters of a text that is looked for."""


def search(store: Store, folder: str, text: str, limit: int) -> bytes:
    """What ``found`` gives, as JSON."""
    return json.dumps(found(store, folder, text, limit), ensure_ascii=False).encode()


def found(store: Store, folder: str, text: str, limit: int) -> dict[str, Any]:
    """The passages that hold a text, the densest first, at most ``limit``.

    ``folder`` is the index of the snapshot, empty where there is none. ``count`` are all passages that hold the text, ``places`` the
    code points of each where it stands.
    """
    with translated():
        engine = store.reading(DatasetOf(own=True))[0].engine
        hits = find(engine, Path(folder) if folder else None, text[:LONGEST], limit)
        passages = [
            {
                "passage": hit.passage,
                "text": hit.text,
                "places": [list(place) for place in hit.places],
                "notice": next(_objects(engine, hit.passage, DCTERMS["isPartOf"]), ""),
                "tasks": list(_tasks(engine, hit.passage)),
            }
            for hit in hits.hits
        ]
    return {"query": text, "count": hits.count, "indexed": hits.indexed, "passages": passages}


def _tasks(engine: Engine, passage: str) -> Iterator[dict[str, str]]:
    """The tasks that a passage states, or whose targets it states."""
    for task in tasks_of(engine, passage):
        yield {"task": task, "number": next(_objects(engine, task, terms.number), "")}


def _objects(engine: Engine, subject: str, predicate: NamedNode) -> Iterator[str]:
    for quad in engine.quads_for_pattern(NamedNode(subject), predicate, None, None):
        if is_own(quad.graph_name) and isinstance(quad.object, NamedNode | Literal):
            yield quad.object.value
