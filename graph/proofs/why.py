"""Three words for a triple, turned into the explanation of why it holds: its proof, and the other ways to make the last step.

The words are IRIs, prefixed names, keys or names: ``task/9``, ``involvesIndustry``, ``涉及行业``, ``industry/aviation``, ``低空航空``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from typing import Literal as Choice

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from graph.errors import AmbiguousNameError, UnknownNameError
from graph.proofs.proof_search import Proof, SearchLimits, axioms, proofs
from graph.proofs.prov import turtle
from graph.proofs.render import text, told
from graph.store.engine import Store, named_node
from ontology import terms
from ontology.names import DCTERMS, DEF, ID, PREFIXES, RDFS, SCHEMA, SKOS, TYPE, shortened

Kind = Choice["text", "json", "turtle"]
Object = NamedNode | Literal

_NAMES = (
    SKOS["prefLabel"],
    RDFS["label"],
    SKOS["altLabel"],
    SKOS["hiddenLabel"],
    terms.unitName,
    terms.number,
    DCTERMS["title"],
    SCHEMA["legislationIdentifier"],
)
_PREFIXED = re.compile(r"([a-z][a-z-]*):([^\s/]\S*)")
_KINDS = (
    "industry",
    "theme",
    "agency",
    "collective",
    "district",
    "place",
    "platform",
    "organisation",
    "instrument",
    "technology",
    "event",
    "programme",
    "notice",
    "role",
    "comparator",
    "action",
    "grade",
    "status",
    "platform-kind",
    "agency-kind",
    "instrument-kind",
    "level",
)
"""Kinds of thing, for a key that leaves its kind out."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEY = re.compile(r"[a-z][a-z-]*/\S+")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"(?:@[A-Za-z-]+|\^\^\S+)?|[+-]?\d+(?:\.\d+)?|true|false', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a triple holds. ``others`` are the other ways to make the last step; ``more`` says how many were left out."""

    proof: Proof
    others: tuple[Proof, ...]
    more: int


def why(store: Store, subject: str, predicate: str, object: str) -> Explanation:
    """The explanation of a triple; raises UnknownNameError for a word that names nothing and NotProvableError for what does not hold."""
    triple = named_triple(store, subject, predicate, object)
    first, *others = proofs(store.engine, axioms(store.engine), triple)
    return Explanation(first, tuple(others), max(0, first.alternatives + 1 - SearchLimits().proofs))


def answer(store: Store, words: tuple[str, str, str], kind: Kind = "text", language: str = "zh") -> bytes:
    """The explanation as bytes: text in a language, JSON in both, or Turtle (PROV-O). Plain enough to be the job of a worker."""
    explanation = why(store, *words)
    if kind == "turtle":
        return turtle(explanation.proof, told(store.engine, explanation.proof))
    said = told(store.engine, explanation.proof, explanation.others, explanation.more)
    if kind == "json":
        return json.dumps(said, ensure_ascii=False, indent=1).encode()
    return text(said, language).encode()


def named_triple(store: Store, subject: str, predicate: str, object: str) -> Triple:
    """The triple that the words name. Where a word names several things, those count of which the store says this."""
    for word in (subject, predicate, object):
        if any("\ud800" <= character <= "\udfff" for character in word):
            raise UnknownNameError(word.encode("utf-8", "replace").decode())
    subjects = _required(subject, _nodes(store, subject.strip()))
    predicates = _required(predicate, (TYPE,) if predicate.strip() in {"a", "type"} else _nodes(store, predicate.strip()))
    values = (one for s in subjects for p in predicates for one in _values(store, s, p, object.strip()))
    objects = _required(object, tuple(dict.fromkeys([*values, *_nodes(store, object.strip()), *_literals(object.strip())])))
    held = [Triple(s, p, o) for s in subjects for p in predicates for o in _held(store, s, p, objects)]
    if len(held) > 1:
        for word, found in ((subject, {one.subject for one in held}), (predicate, {one.predicate for one in held})):
            if len(found) > 1:
                raise AmbiguousNameError(word, sorted(shortened(node) for node in found if isinstance(node, NamedNode)))
        raise AmbiguousNameError(object, sorted(str(one.object) for one in held))
    return held[0] if held else Triple(subjects[0], predicates[0], objects[0])


def named_thing(store: Store, word: str) -> NamedNode:
    """The thing that a word names; raises UnknownNameError, or AmbiguousNameError where it names several."""
    found = _required(word, _nodes(store, word.strip()))
    if len(found) > 1:
        raise AmbiguousNameError(word, sorted(map(shortened, found)))
    return found[0]  # type: ignore[no-any-return]


def _required(word: str, found: tuple[Any, ...]) -> tuple[Any, ...]:
    if not found:
        raise UnknownNameError(word)
    return found


def _nodes(store: Store, word: str) -> tuple[NamedNode, ...]:
    """What the word names: itself, where it is an IRI; else what the store knows by that key or name."""
    if word.startswith("<") and word.endswith(">"):
        return (named_node(word[1:-1]),)
    if word.startswith(("http://", "https://")):
        return (named_node(word),)
    prefixed = _PREFIXED.fullmatch(word)
    if prefixed and prefixed[1] in PREFIXES:
        return (named_node(PREFIXES[prefixed[1]] + prefixed[2]),)
    return tuple(dict.fromkeys(node for node in _known(store, word) if _is_there(store, node)))


def _known(store: Store, word: str) -> Iterator[NamedNode]:
    if _KEY.fullmatch(word):
        yield named_node(ID + word)
        for quad in store.engine.quads_for_pattern(None, TYPE, terms.Notice, None):
            if isinstance(quad.subject, NamedNode):
                yield named_node(f"{quad.subject.value}/{word}")
    elif _SLUG.fullmatch(word):
        yield from (ID[f"{kind}/{word}"] for kind in _KINDS)
    if word.isidentifier() and word.isascii():
        yield DEF[word]
    named = list(_named(store, word))
    yield from named or _named(store, word[:1].upper() + word[1:]) if word.isascii() else named


def _named(store: Store, name: str) -> Iterator[NamedNode]:
    for literal in (Literal(name, language="zh"), Literal(name, language="en"), Literal(name)):
        for predicate in _NAMES:
            for quad in store.engine.quads_for_pattern(None, predicate, literal, None):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject


def _values(store: Store, subject: NamedNode, predicate: NamedNode, word: str) -> Iterator[Literal]:
    for quad in store.engine.quads_for_pattern(subject, predicate, None, None):
        if isinstance(quad.object, Literal) and quad.object.value == word:
            yield quad.object


def _literals(word: str) -> Iterator[Literal]:
    """A literal as Turtle writes it."""
    if _LITERAL.fullmatch(word):
        prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
        with suppress(SyntaxError):
            for quad in parse(f"{prefixes}<urn:x> <urn:x> {word} .", RdfFormat.TURTLE):
                if isinstance(quad.object, Literal):
                    yield quad.object


def _is_there(store: Store, node: NamedNode) -> bool:
    engine = store.engine
    return any(next(quads, None) for quads in (engine.quads_for_pattern(node, None, None), engine.quads_for_pattern(None, None, node)))


def _held(store: Store, subject: NamedNode, predicate: NamedNode, objects: tuple[Object, ...]) -> Iterator[Object]:
    """Those of the objects with which the store says this: each looked up, or where they are many, what it says looked through."""
    if len(objects) > 8:
        found = {quad.object for quad in store.engine.quads_for_pattern(subject, predicate, None, None)}
        yield from (one for one in found.intersection(objects) if not isinstance(one, BlankNode | Triple))
    else:
        for one in objects:
            if next(store.engine.quads_for_pattern(subject, predicate, one, None), None) is not None:
                yield one
