"""Things and an endpoint, turned into what the endpoint says of everything that is called like them or has their codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.links import codes
from graph.links.endpoint import Endpoint
from graph.links.name_variants import key, language_of, ways
from graph.links.tables import Role, properties, with_role
from graph.links.things import Name, Thing
from graph.store.embedded_store import Row
from ontology.names import ID

_LITERALS = 400
"""So many names or codes are in one query,"""
_NODES = 50
"""or so many things,"""
_ROWS = 10_000
"""and it has so many rows at most; one that has is asked again in halves, as the rest of its answer is not known."""
_MOST = 50
"""A thing that has more namesakes is left alone, and told."""
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]{1,2000}")
_BY_VALUE = """SELECT DISTINCT ?thing ?property ?value WHERE {{
  VALUES ?value {{ {given} }}
  ?thing ?property ?value
  FILTER(?property IN ({properties}))
}} LIMIT {rows}"""
_ABOUT = """SELECT DISTINCT ?thing ?property ?value WHERE {{
  VALUES ?thing {{ {given} }}
  ?thing ?property ?value
  FILTER(?property IN ({properties}))
  FILTER(!ISLITERAL(?value) || LANG(?value) = "" || LANGMATCHES(LANG(?value), "zh") || LANGMATCHES(LANG(?value), "en"))
}} LIMIT {rows}"""

Value = NamedNode | Literal
Facts = Mapping[str, Sequence[Value]]
"""What is said of a node, by property."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something elsewhere that is called like a thing of ours, or has its code."""

    target: str
    names: tuple[Name, ...]
    codes: frozenset[tuple[str, str]]
    types: tuple[str, ...]
    """The names of its types,"""
    above: tuple[str, ...]
    """and of what they are kinds of."""
    places: Mapping[str, str]
    """The names of what it lies in, as they are compared and as they are written; but for its country."""
    gone: str
    """Why it is no thing at all, or none any more: the property that says so."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found for one thing; ``crowded`` where there was too much to look at."""

    thing: Thing
    candidates: tuple[Candidate, ...]
    crowded: bool = False


def looked_up(things: Sequence[Thing], endpoint: Endpoint) -> Iterator[Looked]:
    """What the endpoint knows of each thing. Asks it some requests for each fifty things."""
    known: dict[str, Facts] = {}
    for batch in _batches(things, _NODES):
        namesakes = _namesakes(batch, endpoint)
        wanted = {node for nodes in namesakes.values() if len(nodes) <= _MOST for node in nodes}
        _learn(wanted, with_role("name", "other", "type", "within", "country", "ended", "page", "code"), known, endpoint)
        around = {value for node in wanted for value in _linked(known, node, "type", "within", "country")}
        _learn(around, with_role("name", "above", "within"), known, endpoint)
        beyond = {value for node in around for value in _linked(known, node, "above", "within")}
        _learn(beyond, with_role("name", "above", "within"), known, endpoint)
        for thing in batch:
            nodes = namesakes[thing]
            crowded = len(nodes) > _MOST
            yield Looked(thing, () if crowded else tuple(_candidate(node, known) for node in sorted(nodes)), crowded)


def _namesakes(batch: Sequence[Thing], endpoint: Endpoint) -> Mapping[Thing, set[str]]:
    """The nodes that are called like each thing, or have a code of it."""
    found: dict[Thing, set[str]] = {thing: set() for thing in batch}
    called: defaultdict[tuple[str, str], set[Thing]] = defaultdict(set)
    coded: defaultdict[tuple[str, str], set[Thing]] = defaultdict(set)
    literals: set[Literal] = set()
    numbers: set[Literal] = set()
    schemes = {scheme for role, scheme in properties().values() if role == "code"}
    for thing in batch:
        for name in thing.names:
            called[name.language, key(name.text)].add(thing)
            literals.update(ways(name.text, name.language))
        for scheme, code in thing.codes:
            if scheme in schemes:
                coded[scheme, code].add(thing)
                numbers.update(codes.ways(scheme, code))
    for node, _, value in _by_value(literals, with_role("name", "other"), endpoint):
        for thing in called.get((language_of(value), key(value.value)), ()):
            found[thing].add(node)
    for node, property, value in _by_value(numbers, with_role("code"), endpoint):
        scheme = properties()[property][1]
        for thing in coded.get((scheme, codes.code(scheme, value.value)), ()):
            found[thing].add(node)
    return {thing: {node for node in nodes if node != thing.node.value and not node.startswith(ID)} for thing, nodes in found.items()}


def _by_value(literals: Iterable[Literal], wanted: Sequence[str], endpoint: Endpoint) -> Iterator[tuple[str, str, Literal]]:
    for rows in _answers(_BY_VALUE, sorted(map(str, literals)), _LITERALS, wanted, endpoint):
        for thing, property, value in rows:
            if isinstance(value, Literal) and _IRI.fullmatch(thing):
                yield thing, property, value


def _learn(nodes: Iterable[str], wanted: Sequence[str], known: dict[str, Facts], endpoint: Endpoint) -> None:
    """Adds what the endpoint says of these nodes. One of which it says more than fits in an answer has no facts, and so fits nothing."""
    new = sorted(set(nodes) - set(known))
    said: dict[str, defaultdict[str, list[Value]]] = {node: defaultdict(list) for node in new}
    for rows in _answers(_ABOUT, [f"<{node}>" for node in new], _NODES, wanted, endpoint):
        for thing, property, value in rows:
            if thing in said:
                said[thing][property].append(value)
    known.update(said)


def _answers(
    query: str, given: Sequence[str], size: int, wanted: Sequence[str], endpoint: Endpoint
) -> Iterator[Iterator[tuple[str, str, Value]]]:
    """The whole answers to a query about many terms; of a single term with more rows than an answer may have there is none."""
    waiting = list(_batches(given, size))
    while waiting:
        some = waiting.pop()
        rows = endpoint.rows(query.format(given=" ".join(some), properties=", ".join(f"<{iri}>" for iri in wanted), rows=_ROWS))
        if len(rows) < _ROWS:
            yield _triples(rows, frozenset(wanted))
        elif len(some) > 1:
            waiting += [some[: len(some) // 2], some[len(some) // 2 :]]


def _triples(rows: Iterable[Row], wanted: frozenset[str]) -> Iterator[tuple[str, str, Value]]:
    for row in rows:
        thing, property, value = row.get("thing"), row.get("property"), row.get("value")
        if not isinstance(thing, NamedNode) or not isinstance(property, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue
        if property.value in wanted:
            yield thing.value, property.value, value


def _candidate(node: str, known: Mapping[str, Facts]) -> Candidate:
    facts = known.get(node, {})
    types = set(_linked(known, node, "type"))
    above = {value for each in types for value in _linked(known, each, "above")}
    above |= {value for each in tuple(above) for value in _linked(known, each, "above")}
    places = set(_linked(known, node, "within"))
    places |= {value for each in tuple(places) for value in _linked(known, each, "within")}
    countries = {key(name.text) for each in _linked(known, node, "country") for name in _names(known.get(each, {}))}
    named = {key(name.text): name.text for each in sorted(places) for name in _names(known.get(each, {}))}
    return Candidate(
        node,
        tuple(_names(facts)),
        frozenset(
            (scheme, codes.code(scheme, value.value))
            for property, (role, scheme) in properties().items()
            if role == "code"
            for value in facts.get(property, ())
        ),
        tuple(name for each in sorted(types) for name in _called(each, known)),
        tuple(name for each in sorted(above) for name in _called(each, known)),
        {place: name for place, name in named.items() if place not in countries},
        next((property for property in with_role("ended", "page") if facts.get(property)), ""),
    )


def _names(facts: Facts) -> Iterator[Name]:
    for role in ("name", "other"):
        for property in with_role(role):
            for value in facts.get(property, ()):
                if isinstance(value, Literal) and (language := language_of(value)) and key(value.value):
                    yield Name(value.value, language, role == "name")


def _called(node: str, known: Mapping[str, Facts]) -> Iterator[str]:
    """The names of a type; where it has none, what its address ends with."""
    names = [name.text for name in _names(known.get(node, {}))]
    yield from names or (re.split(r"[/#]", node.rstrip("/#"))[-1],)


def _linked(known: Mapping[str, Facts], node: str, *roles: Role) -> Iterator[str]:
    for property in with_role(*roles):
        for value in known.get(node, {}).get(property, ()):
            if isinstance(value, NamedNode) and _IRI.fullmatch(value.value):
                yield value.value


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
