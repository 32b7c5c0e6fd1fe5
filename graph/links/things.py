"""A store, turned into the things in it that may have a counterpart elsewhere: names, codes, and where they lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from pyoxigraph import Literal, NamedNode

from graph.errors import UnknownNameError
from graph.links.codes import code
from graph.links.name_variants import key, language_of
from graph.links.tables import kinds
from graph.store.embedded_store import DatasetOf, Store
from ontology.names import DEF, ID, SKOS
from ontology.terms import jurisdiction, within

_FIRST, _OTHER = SKOS["prefLabel"].value, SKOS["altLabel"].value
_CODED = ("District", "Region", "Zone")
"""Whose notation is a code of GB/T 2260."""

_NAMED_AFTER = ("Agency", "DistrictGovernment", "Organisation", "Platform")
"""What is called after the place where it is."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a thing, in ``zh`` or ``en``."""

    text: str
    language: str
    first: bool
    """Whether it is the preferred one of its language."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of ours."""

    node: NamedNode
    kind: str
    """Its class, as ``graph/links/kinds.csv`` names it."""
    names: tuple[Name, ...]
    codes: frozenset[tuple[str, str]]
    """Codes with their schemes, as they are compared."""
    places: frozenset[str]
    """The names of all places that it lies in, as they are compared."""
    linked: frozenset[str]
    """What it is linked to already, or was found not to be."""


def things(store: Store, wanted: Collection[str] = ()) -> tuple[Thing, ...]:
    """The things of a store, of all classes or of those that are named: ``District``, or ``district`` as in its address.

    Raises UnknownNameError for a class of which there is nothing to link.
    """
    chosen = _chosen(wanted)
    facts: defaultdict[NamedNode, defaultdict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    classes: defaultdict[NamedNode, set[str]] = defaultdict(set)
    given = "VALUES ?kind { <https://w3id.org/zhengce/def#District> }"
    query = _query("things.rq").replace(given, f"VALUES ?kind {{ {' '.join(str(DEF[kind]) for kind in kinds())} }}")
    for row in store.select(query, DatasetOf(own=True)):
        thing, kind, property = row["thing"], row["kind"], row["property"]
        if isinstance(thing, NamedNode) and isinstance(property, NamedNode):
            classes[thing].add(DEF.local(kind))
            if row["value"] not in facts[thing][property.value]:
                facts[thing][property.value].append(row["value"])
    links, codes = _known(store)
    named = _named_places(classes, facts)
    first = {thing: next(kind for kind in kinds() if kind in found) for thing, found in classes.items()}
    return tuple(
        Thing(
            thing,
            first[thing],
            tuple(_names(said)),
            frozenset({*codes[thing], *_notations(first[thing], said)}),
            frozenset(_places(thing, facts)) or (_places_in_name(said, named) if first[thing] in _NAMED_AFTER else frozenset()),
            frozenset(links[thing]),
        )
        for thing, said in sorted(facts.items(), key=lambda pair: pair[0].value)
        if first[thing] in chosen
    )


def _chosen(wanted: Collection[str]) -> frozenset[str]:
    known = {name.lower(): frozenset((name,)) for name in kinds()}
    known |= {"place": frozenset(("Zone", "Region")), "collective": frozenset(("CollectiveUnit",))}
    known["agency"] |= known["districtgovernment"]
    for word in wanted:
        if word.lower().replace("-", "") not in known:
            raise UnknownNameError(word)
    return frozenset().union(*(known[word.lower().replace("-", "")] for word in wanted)) if wanted else frozenset(kinds())


def _names(said: Mapping[str, Iterable[object]]) -> Iterator[Name]:
    for property in (_FIRST, _OTHER):
        for value in said.get(property, ()):
            if isinstance(value, Literal) and (language := language_of(value)) and key(value.value):
                yield Name(value.value, language, property == _FIRST)


def _notations(kind: str, said: Mapping[str, Iterable[object]]) -> Iterator[tuple[str, str]]:
    for value in said.get(SKOS["notation"].value, ()) if kind in _CODED else ():
        if isinstance(value, Literal):
            yield "GB/T 2260", code("GB/T 2260", value.value)


def _places(thing: NamedNode, facts: Mapping[NamedNode, Mapping[str, list[object]]]) -> Iterator[str]:
    """The names of what a thing lies in, of what that lies in, and so on."""
    seen, waiting = {thing}, [thing]
    while waiting:
        said = facts.get(waiting.pop(), {})
        for above in (*said.get(within.value, ()), *said.get(jurisdiction.value, ())):
            if isinstance(above, NamedNode) and above not in seen:
                seen.add(above)
                waiting.append(above)
                yield from (key(name.text) for name in _names(facts.get(above, {})))


def _named_places(
    classes: Mapping[NamedNode, set[str]], facts: Mapping[NamedNode, Mapping[str, list[object]]]
) -> tuple[frozenset[str], ...]:
    """The names of each place, as they are compared."""
    places = (thing for thing, found in classes.items() if found & set(_CODED))
    return tuple(frozenset(key(name.text) for name in _names(facts[place])) for place in places)


def _places_in_name(said: Mapping[str, Iterable[object]], named: Iterable[frozenset[str]]) -> frozenset[str]:
    """All names of the places after which a body is called: 上海市 in 上海市商务委员会."""
    texts = [key(name.text) for name in _names(said) if name.first]
    return frozenset().union(*(names for names in named if any(len(name) > 1 and name in text for name in names for text in texts)))


def _known(store: Store) -> tuple[Mapping[NamedNode, set[str]], Mapping[NamedNode, set[tuple[str, str]]]]:
    """The targets of links, and the codes of those that are exact."""
    links: defaultdict[NamedNode, set[str]] = defaultdict(set)
    codes: defaultdict[NamedNode, set[tuple[str, str]]] = defaultdict(set)
    for row in store.select(_query("known.rq"), DatasetOf(own=True)):
        thing, target, scheme, identifier = (row.get(name) for name in ("thing", "target", "scheme", "identifier"))
        if isinstance(thing, NamedNode):
            if isinstance(target, NamedNode):
                links[thing].add(target.value)
            if row["match"] == ID["match/exact"] and isinstance(scheme, Literal) and isinstance(identifier, Literal):
                codes[thing].add((scheme.value, code(scheme.value, identifier.value)))
    return links, codes


def _query(name: str) -> str:
    return files("graph.links").joinpath(name).read_text("utf-8")
