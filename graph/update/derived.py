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
    facts = tuple(draft.triples(graph))
    if not facts:
        for part in ("inferred", "readings", "provenance"):
            draft.remove(GRAPH[f"{part}/{key}"])
        return ()
    background, shapes = _knowledge()
    facts += tuple(draft.triples(GRAPH[f"readings/{key}"]))
    inferred = tuple(background.infer(facts))
    draft.replace(GRAPH[f"inferred/{key}"], inferred)
    return [f"{violation.sentence('zh')} / {violation.sentence('en')}" for violation in shapes.validate((*facts, *inferred))]


@cache
def _knowledge() -> tuple[Background, Validator]:
    """Read when the first notice is changed, and kept by the process that writes."""
    vocabulary = tuple(ontology.triples())
    background = prepare(rules(vocabulary), vocabulary)
    return background, validator(ontology.shapes(), (*vocabulary, *background.inferred))
