"""A fact of one snapshot, turned into whether the other states it too, in the same words at another place of the same task or target.

Evidence is named by where it stands in its document: where some characters are added near the top, all that follows has other names, and
says what it said before.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple
from pyoxigraph import Store as Engine

from graph.proofs.render import Told
from graph.proofs.rows.notes import quotes
from ontology import terms

_PLACES = frozenset((terms.start, terms.end, terms.offset, terms.line, terms.column, terms.page))


def moved(here: Engine, there: Engine, leaf: Told, triple: Triple) -> bool:
    """Whether the words that state a fact here stand there as often, and state it there."""
    pairs = [(quote, _alike(here, quote), _alike(there, quote)) for quote in quotes(leaf)]
    if not pairs or any(len(found) < len(known) or not found for _, known, found in pairs):
        return False
    others: dict[str, set[NamedNode]] = {}
    for quote, known, found in pairs:
        for node in {quote["node"], *(each.value for each in known)}:
            others.setdefault(node, set()).update(found)
        others.setdefault(quote["passage"], set()).update(passage for each in found for passage in _passages(there, each))
    subjects = [triple.subject, *others.get(getattr(triple.subject, "value", ""), ())]
    objects = [triple.object, *others.get(getattr(triple.object, "value", ""), ())]
    if triple.predicate in _PLACES:
        return any(_has(there, subject, triple.predicate, None) for subject in subjects)
    return any(_has(there, subject, triple.predicate, object_) for subject in subjects for object_ in objects)


def _alike(engine: Engine, quote: Told) -> set[NamedNode]:
    """The evidence, or the passages, with these characters in the same tasks and targets."""
    within = sorted(each["value"] for each in quote["within"])
    property_ = terms.text if quote["kind"] == "passage" else terms.quote
    found = engine.quads_for_pattern(None, property_, Literal(quote["quote"]), None)
    nodes = {quad.subject for quad in found if isinstance(quad.subject, NamedNode)}
    return {node for node in nodes if any(_stated_in(engine, passage) == within for passage in (*_passages(engine, node), node))}


def _passages(engine: Engine, node: NamedNode) -> Iterator[NamedNode]:
    """The passage of a piece of evidence; a passage is its own."""
    passages = [quad.object for quad in engine.quads_for_pattern(node, terms.passage, None, None) if isinstance(quad.object, NamedNode)]
    yield from passages or [node]


def _stated_in(engine: Engine, passage: NamedNode) -> list[str]:
    found = engine.quads_for_pattern(None, terms.statedIn, passage, None)
    return sorted({quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)})


def _has(engine: Engine, subject: object, predicate: NamedNode, object_: object) -> bool:
    return next(engine.quads_for_pattern(subject, predicate, object_, None), None) is not None  # type: ignore[arg-type]
