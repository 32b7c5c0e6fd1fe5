"""Facts, turned into numbered notes: each says what states the fact, from what it was inferred, or by which rule it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from pyoxigraph import Store as Engine

from graph.errors import LimitError, NotProvableError
from graph.proofs.proof_search import Graph, Proof, prove
from graph.proofs.render import Told, told_each
from graph.proofs.rows.facts import Fact, is_inferred
from graph.reasoning.axioms import Rules

STATUSES: Mapping[str, tuple[str, str]] = {
    "stated": ("原文写明", "stated"),
    "inferred": ("推出", "inferred"),
    "read": ("按规则读出", "read by a rule"),
    "linked": ("取自别处的对应关系", "linked from outside"),
    "vocabulary": ("词表陈述", "stated by the vocabulary"),
    "recorded": ("图中记载", "recorded in a graph"),
    "unproved": ("推出，未在上限内找到证明", "inferred, no proof found within the limits"),
}
"""What a note may say of its fact, in Chinese and English; those that say most come first."""
_KINDS = {"link": "linked", "vocabulary": "vocabulary", "graph": "recorded"}


def proof_of(engine: Engine, rules: Rules, fact: Fact, graphs: tuple[Graph, ...]) -> Proof:
    """Why a fact holds; where no proof is found, a proof of nothing but the graphs that hold it."""
    stating = tuple(graph for graph in graphs if not is_inferred(graph))
    if stating:
        return Proof(fact.triple, graphs=stating)
    with suppress(NotProvableError, LimitError):
        return prove(engine, rules, fact.triple)
    return Proof(fact.triple, graphs=graphs)


def notes(engine: Engine, proofs: Sequence[Proof]) -> list[Told]:
    """What is told of each proof, with its status."""
    return [{**said, "status": _status(proof, said)} for proof, said in zip(proofs, told_each(engine, proofs), strict=True)]


def _status(proof: Proof, said: Told) -> str:
    if said["status"] != "stated":
        return str(said["status"])
    if proof.graphs and all(map(is_inferred, proof.graphs)):
        return "unproved"
    evidence = said["evidence"]
    return _KINDS.get(evidence["kind"], "stated") if evidence else "recorded"


def rank(note: Told) -> tuple[int, int, str]:
    """Where a note stands among those of a row: what characters state comes first, in their order."""
    first = next(quotes(note), None)
    return list(STATUSES).index(note["status"]), first["offset"] if first else 0, str(note["triple"]["predicate"]["short"])


def quotes(note: Told) -> Iterator[Told]:
    """The characters that a note rests on, each place once."""
    seen = set()
    for each in _quoted(note):
        place = (each["notice"], each["offset"], each["quote"])
        if place not in seen:
            seen.add(place)
            yield each


def _quoted(said: Told) -> Iterator[Told]:
    found = [*said.get("bases", ()), said.get("evidence")]
    yield from (each for each in found if each and each["kind"] in {"quote", "passage"})
    for premise in said.get("premises", ()):
        yield from _quoted(premise)
