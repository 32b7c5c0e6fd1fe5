"""Notices that were changed by hand in a draft, turned into what follows from them now and into what breaks the shapes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pyoxigraph import NamedNode

import ontology
from graph.comparison import withdraw
from graph.reasoning.inference import Background, prepare, rules
from graph.store.snapshot import Draft
from graph.validation.validator import Validator, validator
from ontology.names import GRAPH

_NOTICES, _OUTCOMES = GRAPH["notice/"].value, GRAPH["outcomes/"].value


def check(draft: Draft, changed: Sequence[NamedNode]) -> Sequence[str]:
    """Derives anew what follows from each changed notice, and drops what belongs to one that is gone; one sentence for each breach.

    What became of the tasks of a notice is judged together with it. What was read by comparing a changed notice with others is dropped
    until they are compared again.
    """
    notices = dict.fromkeys(graph.value.removeprefix(_NOTICES) for graph in changed if graph.value.startswith(_NOTICES))
    outcomes = dict.fromkeys(graph.value.removeprefix(_OUTCOMES) for graph in changed if graph.value.startswith(_OUTCOMES))
    withdraw(draft, frozenset(notices))
    told = [sentence for key in notices for sentence in _checked(draft, key)]
    return told + [sentence for key in outcomes if key not in notices for sentence in _breaches(draft, key)]


def _checked(draft: Draft, key: str) -> Sequence[str]:
    facts = tuple(draft.triples(GRAPH[f"notice/{key}"]))
    if not facts:
        for part in ("inferred", "readings", "provenance", "outcomes"):
            draft.remove(GRAPH[f"{part}/{key}"])
        return ()
    background, _ = _knowledge()
    draft.replace(GRAPH[f"inferred/{key}"], background.infer((*facts, *draft.triples(GRAPH[f"readings/{key}"]))))
    return _breaches(draft, key)


def _breaches(draft: Draft, key: str) -> Sequence[str]:
    """What breaks the shapes in a notice, in what follows from it and in what became of its tasks."""
    facts = [triple for part in ("notice", "readings", "inferred", "outcomes") for triple in draft.triples(GRAPH[f"{part}/{key}"])]
    _, shapes = _knowledge()
    return [f"{violation.sentence('zh')} / {violation.sentence('en')}" for violation in shapes.validate(facts)]


@cache
def _knowledge() -> tuple[Background, Validator]:
    """Read when the first notice is changed, and kept by the process that writes."""
    vocabulary = tuple(ontology.triples())
    background = prepare(rules(vocabulary), vocabulary)
    return background, validator(ontology.shapes(), (*vocabulary, *background.inferred))
