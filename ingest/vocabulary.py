"""The triples of the ontology -> what a reader of notices knows: things with the words that name them, units, actions.

Every ``skos:prefLabel``, ``skos:altLabel`` and ``skos:hiddenLabel`` of a thing is a word that names it, save English names of three
letters or fewer; a ``zc:guardPhrase`` is matched like them and names nothing; a ``zc:unitName`` counts in unit cells only; a
``zc:contextLabel`` counts in the notice whose number is the thing's ``zc:contextNotice``, and so do all names of a thing that has the
latter alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind
from pyoxigraph import Literal, NamedNode, Triple

from ingest.dictionary_matcher import comparable, spans
from ingest.fields.folding import bare, fold
from ingest.topics import Topics, topics
from ontology import terms
from ontology.names import ID, SKOS, TYPE

MENTIONABLE = frozenset(
    {
        terms.Agency,
        terms.CollectiveUnit,
        terms.District,
        terms.DistrictGovernment,
        terms.Event,
        terms.Industry,
        terms.Instrument,
        terms.Organisation,
        terms.Place,
        terms.Platform,
        terms.Programme,
        terms.Region,
        terms.Technology,
        terms.Theme,
        terms.Zone,
    }
)
"""Classes whose members a text may name."""

_LABELS = (SKOS["prefLabel"], SKOS["altLabel"], SKOS["hiddenLabel"])
_DIVISIONS = frozenset({terms.District, terms.Region})
_SHORTEST_ENGLISH = 4


@dataclass(frozen=True, slots=True)
class Thing:
    """A curated thing: its class, its names, what it belongs to."""

    node: NamedNode
    class_: NamedNode
    zh: str
    en: str
    industries: tuple[NamedNode, ...] = ()
    themes: tuple[NamedNode, ...] = ()
    platform_kind: NamedNode | None = None
    platform_status: NamedNode | None = None
    code: str | None = None
    """Its ``skos:notation``: the code of a district."""

    @property
    def slug(self) -> str:
        """The last part of its IRI: ``low-altitude-aviation``."""
        return self.node.value.rpartition("/")[2]

    @property
    def key(self) -> str:
        """The part of its IRI below ``.../id/``: ``industry/low-altitude-aviation``."""
        return ID.local(self.node)


@dataclass(frozen=True, slots=True)
class Action:
    """An action of milestones and a verb that prints it; in a verb ``…`` stands for any words (开展…试点)."""

    node: NamedNode
    label: str
    verb: str


@dataclass(frozen=True, slots=True)
class Markers:
    """The words of a small scheme. ``pattern`` finds any of them, the longest first; ``sure`` is an alternation of those that are no
    guards."""

    nodes: Mapping[str, NamedNode | None]
    """Of each word; None of a guard."""
    pattern: re.Pattern[str]
    sure: str

    def first(self, text: str, place: int) -> str | None:
        """The longest of the words with which a text goes on at a place."""
        found = self.pattern.match(text, place)
        return found.group() if found is not None else None

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str, NamedNode]]:
        """The words in a text, from the left, the longest first; a guard hides what it holds."""
        for match in self.pattern.finditer(text, start, len(text) if end is None else end):
            node = self.nodes[match.group()]
            if node is not None:
                yield match.start(), match.group(), node


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A word found in a text, from ``start`` to ``end``, and the things it names (none for a guard phrase)."""

    start: int
    end: int
    form: str
    things: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a reader knows."""

    things: Mapping[NamedNode, Thing]
    broader: Mapping[NamedNode, tuple[NamedNode, ...]]
    units: Mapping[str, NamedNode]
    """Printed unit name to its bearer, folded."""
    official: Mapping[str, NamedNode]
    """Full official name of a unit to its bearer, folded: valid in the notices of any place."""
    codes: Mapping[str, NamedNode]
    """GB/T 2260 code to district or province."""
    actions: tuple[Action, ...]
    governments: Mapping[NamedNode, NamedNode]
    """A district to its government."""
    markers: Mapping[NamedNode, Markers]
    """The words of small schemes by class: modal forces, kinds of novelty and of beneficiaries."""
    forms: tuple[str, ...]
    owners: tuple[tuple[NamedNode, ...], ...]
    contexts: Mapping[str, Mapping[NamedNode, str]]
    """Forms of one notice, with the things they name and the number of that notice."""
    automaton: AhoCorasick
    topics: Topics

    def find(self, text: str, notice: str | None = None) -> Iterator[TermMatch]:
        """The words of the vocabulary in a text, from left to right, the longest first; none overlaps another.

        A word that begins or ends with a Latin letter or digit is not found inside a longer Latin word: AI is not in AIGC.
        ``notice`` is the number of the notice in which the text stands.
        """
        number = bare(notice) if notice else None
        reached = 0
        for start, end, index in spans(self.automaton, comparable(text)):
            form, things = self.forms[index], self.owners[index]
            if start >= reached:
                context = self.contexts.get(form)
                named = tuple(thing for thing in things if thing not in context or context[thing] == number) if context else things
                if named or not things:
                    reached = end
                    yield TermMatch(start, end, form, named)

    def closure(self, concepts: Iterable[NamedNode]) -> set[NamedNode]:
        """The concepts and all that are broader."""
        reached: set[NamedNode] = set()
        waiting = list(concepts)
        while waiting:
            concept = waiting.pop()
            if concept not in reached:
                reached.add(concept)
                waiting.extend(self.broader.get(concept, ()))
        return reached


def vocabulary(triples: Iterable[Triple]) -> Vocabulary:
    """What the triples of the ontology teach a reader."""
    objects: defaultdict[NamedNode, defaultdict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            objects[triple.subject][triple.predicate].append(triple.object)
    things = {node: _thing(node, about) for node, about in objects.items() if MENTIONABLE.intersection(_nodes(about[TYPE]))}
    owners: defaultdict[str, set[NamedNode]] = defaultdict(set)
    contexts: defaultdict[str, dict[NamedNode, str]] = defaultdict(dict)
    for node in things:
        number = next(_strings(objects[node][terms.contextNotice]), "")
        bound = tuple(_strings(objects[node][terms.contextLabel])) or (tuple(_forms(objects[node])) if number else ())
        for form in bound:
            contexts[comparable(form)][node] = bare(number)
            owners[comparable(form)].add(node)
        for form in _forms(objects[node]):
            owners[comparable(form)].add(node)
        for phrase in _strings(objects[node][terms.guardPhrase]):
            owners[comparable(phrase)] |= set()
    ordered = sorted(owners)
    units = {fold(name): node for node in things for name in _strings(objects[node][terms.unitName])}
    official = {name: node for name, node in units.items() if fold(things[node].zh) == name}
    return Vocabulary(
        things=things,
        broader={node: tuple(_nodes(about[SKOS["broader"]])) for node, about in objects.items() if about[SKOS["broader"]]},
        units=units,
        official=official,
        codes={thing.code: node for node, thing in things.items() if thing.code and thing.class_ in _DIVISIONS},
        actions=tuple(_actions(objects)),
        governments={place: node for node, about in objects.items() for place in _nodes(about[terms.jurisdiction])},
        markers={class_: _markers(objects, class_) for class_ in (terms.ModalForce, terms.NoveltyKind, terms.BeneficiaryKind)},
        forms=tuple(ordered),
        owners=tuple(tuple(sorted(owners[form], key=str)) for form in ordered),
        contexts=dict(contexts),
        automaton=AhoCorasick(ordered, matchkind=MatchKind.Standard),
        topics=topics(),
    )


def _thing(node: NamedNode, about: Mapping[NamedNode, list[NamedNode | Literal]]) -> Thing:
    def first(name: NamedNode) -> NamedNode | None:
        return next(_nodes(about.get(name, ())), None)

    return Thing(
        node=node,
        class_=next(class_ for class_ in _nodes(about[TYPE]) if class_ in MENTIONABLE),
        zh=next(_strings(about.get(SKOS["prefLabel"], ()), "zh"), ""),
        en=next(_strings(about.get(SKOS["prefLabel"], ()), "en"), ""),
        industries=tuple(_nodes(about.get(terms.belongsToIndustry, ()))),
        themes=tuple(_nodes(about.get(terms.belongsToTheme, ()))),
        platform_kind=first(terms.platformKind),
        platform_status=first(terms.platformStatus),
        code=next(_strings(about.get(SKOS["notation"], ())), None),
    )


def _forms(about: Mapping[NamedNode, list[NamedNode | Literal]]) -> Iterator[str]:
    for label in _LABELS:
        yield from _strings(about.get(label, ()), "zh")
        yield from (form for form in _strings(about.get(label, ()), "en") if len(form) >= _SHORTEST_ENGLISH)


def _actions(objects: Mapping[NamedNode, Mapping[NamedNode, list[NamedNode | Literal]]]) -> Iterator[Action]:
    """The actions with their verbs, the longest verb first."""
    found = [
        Action(node, next(_strings(about[SKOS["prefLabel"]], "zh")), verb)
        for node, about in objects.items()
        if terms.Action in about.get(TYPE, ())
        for label in _LABELS
        for verb in _strings(about.get(label, ()), "zh")
    ]
    return iter(sorted(found, key=lambda action: (-len(action.verb), action.verb)))


def _markers(objects: Mapping[NamedNode, Mapping[NamedNode, list[NamedNode | Literal]]], class_: NamedNode) -> Markers:
    found: list[tuple[str, NamedNode | None]] = []
    for node, about in objects.items():
        if class_ in about.get(TYPE, ()):
            found += [(word, node) for label in _LABELS for word in _strings(about.get(label, ()), "zh")]
            found += [(phrase, None) for phrase in _strings(about.get(terms.guardPhrase, ()))]
    ordered = sorted(((fold(word), node) for word, node in found), key=lambda pair: (-len(pair[0]), pair[0]))
    pattern, sure = ("|".join(re.escape(word) for word, node in ordered if node is not None or guards) for guards in (True, False))
    return Markers(dict(reversed(ordered)), re.compile(pattern or "(?!)"), sure or "(?!)")


def _nodes(found: Iterable[NamedNode | Literal]) -> Iterator[NamedNode]:
    return (term for term in found if isinstance(term, NamedNode))


def _strings(found: Iterable[NamedNode | Literal], language: str | None = None) -> Iterator[str]:
    return (term.value for term in found if isinstance(term, Literal) and (language is None or term.language == language))
