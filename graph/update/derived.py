"""Notices that were changed by hand in a draft, turned into what follows from them now and into what breaks the shapes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pyoxigraph import NamedNode

import ontology
from graph.reasoning.inference import Background, prepare, rules
from graph.store.snapshot import Draft
from graph.validation.validator import Validator, validator
from ontology.names import GRAPH

_NOTICES = GRAPH["notice/"].value


def check(draft: Draft, changed: Sequence[NamedNode]) -> Sequence[str]:
    """Derives anew what follows from each changed notice, and drops what belongs to one that is gone; one sentence for each breach."""
    return [sentence for graph in changed for sentence in _checked(draft, graph)]


def _checked(draft: Draft, graph: NamedNode) -> Sequence[str]:
    key = graph.value.removeprefix(_NOTICES)
    said = tuple(draft.triples(graph))
    if not said:
        for part in ("inferred", "readings", "provenance"):
            draft.remove(GRAPH[f"{part}/{key}"])
        return ()
    background, shapes = _knowledge()
    said += tuple(draft.triples(GRAPH[f"readings/{key}"]))
    inferred = tuple(background.infer(said))
    draft.replace(GRAPH[f"inferred/{key}"], inferred)
    return [f"{found.sentence('zh')} / {found.sentence('en')}" for found in shapes.validate((*said, *inferred))]


@cache
def _knowledge() -> tuple[Background, Validator]:
    """Read when the first notice is changed, and kept by the process that writes."""
    said = tuple(ontology.triples())
    background = prepare(rules(said), said)
    return background, validator(ontology.shapes(), (*said, *background.inferred))
