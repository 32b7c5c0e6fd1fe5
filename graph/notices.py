"""Notices that were changed by hand in a draft, turned into what follows from them now and into what breaks the shapes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pyoxigraph import NamedNode

import ontology
from graph.inference import Background, prepare, rules
from graph.snapshot import Draft
from ontology.names import GRAPH

_NOTICES = GRAPH["notice/"].value


def check(draft: Draft, changed: Sequence[NamedNode]) -> Sequence[str]:
    """Derives anew what follows from each changed notice; one sentence for each breach of the shapes."""
    for graph in changed:
        inferred = GRAPH[f"inferred/{graph.value.removeprefix(_NOTICES)}"]
        if draft.store.contains_named_graph(graph):
            draft.replace(inferred, _background().infer(tuple(draft.triples(graph))))
        else:
            draft.remove(inferred)
    return ()


@cache
def _background() -> Background:
    said = tuple(ontology.triples())
    return prepare(rules(said), said)
