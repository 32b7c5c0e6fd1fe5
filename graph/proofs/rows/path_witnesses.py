"""The two ends of a path of no fixed length, turned into the triples of one shortest chain between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from graph.proofs.rows.facts import Fact, Facts
from graph.proofs.rows.plans import Chain
from graph.store.embedded_store import Term

_MOST = 20_000
"""The terms that are reached before a chain is given up."""


def shortest(facts: Facts, chain: Chain, ends: tuple[Term, Term], graph: NamedNode | BlankNode | None) -> tuple[Fact, ...] | None:
    """The facts on a chain with the fewest links; none where the ends are one term and that suffices, None where there is no chain."""
    start, end = ends
    for reached, passed in _reached(facts, chain, start, graph):
        if reached == end:
            return passed
    return None


def _reached(facts: Facts, chain: Chain, start: Term, graph: NamedNode | BlankNode | None) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    """The terms that a chain leads to, those by the fewest links first, each with the facts that it goes over."""
    match chain.kind:
        case "is":
            assert chain.predicate is not None
            if isinstance(start, NamedNode | BlankNode):
                for found in facts.about(start, chain.predicate, None, graph):
                    yield found.object, (found,)
        case "inverse":
            yield from _back(facts, chain.parts[0], start, graph)
        case "either":
            for part in chain.parts:
                yield from _reached(facts, part, start, graph)
        case "sequence":
            yield from _after(facts, chain.parts, start, graph)
        case "repeat":
            yield from _repeated(facts, chain, start, graph)


def _back(facts: Facts, chain: Chain, end: Term, graph: NamedNode | BlankNode | None) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    """The same from the other end."""
    if chain.kind == "is":
        assert chain.predicate is not None
        for found in facts.about(None, chain.predicate, end, graph):
            yield found.subject, (found,)
        return
    if chain.kind == "inverse":
        yield from _reached(facts, chain.parts[0], end, graph)
        return
    turned = tuple(Chain("inverse", (part,)) for part in chain.parts)
    kept = turned[::-1] if chain.kind == "sequence" else turned
    yield from _reached(facts, Chain(chain.kind, kept, repeat=chain.repeat), end, graph)


def _after(
    facts: Facts, parts: tuple[Chain, ...], start: Term, graph: NamedNode | BlankNode | None
) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    if not parts:
        yield start, ()
        return
    for middle, passed in _reached(facts, parts[0], start, graph):
        for end, more in _after(facts, parts[1:], middle, graph):
            yield end, passed + more


def _repeated(facts: Facts, chain: Chain, start: Term, graph: NamedNode | BlankNode | None) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    if chain.repeat in "*?":
        yield start, ()
    seen: set[Term] = set()
    queue: deque[tuple[Term, tuple[Fact, ...]]] = deque([(start, ())])
    while queue and len(seen) < _MOST:
        here, before = queue.popleft()
        for there, passed in _reached(facts, chain.parts[0], here, graph):
            if there in seen or isinstance(there, Triple):
                continue
            seen.add(there)
            yield there, before + passed
            if chain.repeat != "?":
                queue.append((there, before + passed))
