"""Axioms of which something follows, turned into a smallest set of them of which it still follows: the answer to "why".

An axiom is a triple with a name, together with what its blank nodes say. The search is QuickXplain (Junker 2004,
https://cdn.aaai.org/AAAI/2004/AAAI04-027.pdf): it asks the reasoner about k·log(n/k) times for k axioms of n, so n is first made small:
only what is connected to the question by names can matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from ontology.names import OWL, RDF, RDFS

Axiom = tuple[Triple, ...]
Follows = Callable[[Sequence[Axiom]], bool]

_SAYS_NOTHING = (OWL, RDF, RDFS)


def axioms_of(triples: Iterable[Triple]) -> tuple[Axiom, ...]:
    """The triples as axioms: those of a blank node stand with what leads to it."""
    said = sorted(set(triples), key=str)
    of: defaultdict[BlankNode, list[Triple]] = defaultdict(list)
    for triple in said:
        if isinstance(triple.subject, BlankNode):
            of[triple.subject].append(triple)
    held = {triple.object for triple in said if isinstance(triple.object, BlankNode)}
    roots = [[triple] for triple in said if not isinstance(triple.subject, BlankNode)]
    roots += [triples_ for node, triples_ in of.items() if node not in held]
    return tuple(tuple(_closed(root, of)) for root in roots)


def _closed(root: Iterable[Triple], of: defaultdict[BlankNode, list[Triple]]) -> Iterable[Triple]:
    waiting, seen = list(root), set[Triple]()
    while waiting:
        triple = waiting.pop(0)
        if triple not in seen:
            seen.add(triple)
            yield triple
            if isinstance(triple.object, BlankNode):
                waiting += of.get(triple.object, [])


def names_of(axiom: Axiom) -> frozenset[str]:
    """The names that an axiom speaks of, save those of the languages themselves."""
    terms = (term for triple in axiom for term in (triple.subject, triple.predicate, triple.object))
    return frozenset(term.value for term in terms if isinstance(term, NamedNode) and not term.value.startswith(_SAYS_NOTHING))


def connected(axioms: Sequence[Axiom], start: Iterable[str]) -> tuple[Axiom, ...]:
    """The axioms that names connect to those given, nearest first."""
    known, rest, chosen = set(start), [(axiom, names_of(axiom)) for axiom in axioms], list[Axiom]()
    while True:
        near = [(axiom, names) for axiom, names in rest if names & known]
        if not near:
            return tuple(chosen)
        chosen += [axiom for axiom, _ in near]
        rest = [(axiom, names) for axiom, names in rest if not names & known]
        known.update(*(names for _, names in near))


def justification(axioms: Sequence[Axiom], follows: Follows) -> tuple[Axiom, ...]:
    """A smallest set of the axioms of which it follows: none of them can be left out. Empty where it does not follow at all.

    >>> pairs = [(number,) for number in range(50)]
    >>> justification(pairs, lambda chosen: {(7,), (30,)} <= set(chosen))
    ((7,), (30,))
    """
    if not follows(axioms):
        return ()
    # Near axioms first, in growing steps: most reasons are short, and few axioms make a fast reasoner.
    size = 8
    while size < len(axioms) and not follows(axioms[:size]):
        size *= 2
    return tuple(_minimal((), False, tuple(axioms[:size]), follows))


def _minimal(background: tuple[Axiom, ...], grown: bool, axioms: tuple[Axiom, ...], follows: Follows) -> tuple[Axiom, ...]:
    if grown and follows(background):
        return ()
    if len(axioms) == 1:
        return axioms
    half = len(axioms) // 2
    first, second = axioms[:half], axioms[half:]
    right = _minimal((*background, *first), bool(first), second, follows)
    left = _minimal((*background, *right), bool(right), first, follows)
    return (*left, *right)
