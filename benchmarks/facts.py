"""The graph of a notice -> its tasks as plain sets, by which generated questions are answered without SPARQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from queries.ask.lexicon import synonyms

ZC = "https://w3id.org/zhengce/def#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(slots=True)
class Task:
    """What a task says: fields of its text, of each target, of both; the units in the order printed."""

    number: int
    text: str = ""
    targets: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    text_fields: set[str] = field(default_factory=set)
    target_fields: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    units: list[str] = field(default_factory=list)
    quantities: list[str] = field(default_factory=list)
    milestones: int = 0

    @property
    def words(self) -> str:
        """Text and targets, one a line."""
        return "\n".join((self.text, *self.targets))


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with one name in each language that nothing else bears; ``printed`` names it where it is merely named."""

    iri: str
    zh: str
    en: str
    printed: tuple[str, ...] = ()


class Graph:
    """The statements of a store, whatever graph they stand in, by subject and property."""

    def __init__(self, store: Store) -> None:
        self.objects: dict[tuple[str, str], list[str]] = {}
        self.subjects: dict[tuple[str, str], list[str]] = {}
        self.languages: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for quad in store.quads_for_pattern(None, None, None, None):
            subject, value = quad.subject, quad.object
            if isinstance(subject, BlankNode | Triple) or isinstance(value, BlankNode | Triple):
                continue
            key = subject.value, quad.predicate.value
            if value.value not in self.objects.setdefault(key, []):
                self.objects[key].append(value.value)
            if isinstance(value, NamedNode):
                self.subjects.setdefault((quad.predicate.value, value.value), []).append(subject.value)
            if isinstance(value, Literal):
                self.languages.setdefault(key, []).append((value.value, value.language or ""))

    def of(self, subject: str, name: str) -> list[str]:
        """The objects of a property of ours."""
        return self.objects.get((subject, ZC + name), [])

    def into(self, name: str, value: str) -> list[str]:
        """The subjects with this object."""
        return list(dict.fromkeys(self.subjects.get((ZC + name, value), [])))


def tasks(graph: Graph) -> list[Task]:
    """The tasks of the only notice, in its order."""
    mentions: dict[str, set[str]] = {}
    for mention in graph.subjects[TYPE, f"{ZC}Mention"]:
        for passage in graph.of(mention, "passage"):
            mentions.setdefault(passage, set()).update(graph.of(mention, "refersTo"))
    return sorted((_task(graph, iri, mentions) for iri in set(graph.subjects[TYPE, f"{ZC}Task"])), key=lambda task: task.number)


def _task(graph: Graph, iri: str, mentions: dict[str, set[str]]) -> Task:
    task = Task(int(graph.of(iri, "number")[0]), graph.of(iri, "text")[0])
    task.fields = {*graph.of(iri, "involvesIndustry"), *graph.of(iri, "hasTheme")}
    task.things = set(graph.of(iri, "mentions"))
    for passage in graph.of(iri, "statedIn"):
        for thing in mentions.get(passage, ()):
            for name in ("belongsToIndustry", "belongsToTheme"):
                for concept in graph.of(thing, name):
                    task.text_fields |= set(_wider(graph, concept))
    for target in graph.of(iri, "hasTarget"):
        task.targets.append(graph.of(target, "text")[0])
        task.target_fields |= {*graph.of(target, "involvesIndustry"), *graph.of(target, "hasTheme")}
    for holder in (iri, *graph.of(iri, "hasTarget")):
        task.milestones += len(graph.of(holder, "hasMilestone"))
        task.quantities += [graph.of(quantity, "quote")[0] for quantity in graph.of(holder, "hasQuantity")]
    duties = [
        (int(graph.of(duty, "position")[0]), graph.of(duty, "bearer")[0]) for duty in graph.into("task", iri) if graph.of(duty, "bearer")
    ]
    task.units = [unit for _, unit in sorted(duties)]
    return task


def _wider(graph: Graph, concept: str) -> Iterator[str]:
    yield concept
    for broader in graph.objects.get((concept, f"{SKOS}broader"), ()):
        yield from _wider(graph, broader)


def things(graph: Graph, kinds: tuple[str, ...]) -> list[Thing]:
    """The things of these kinds by their IRI, with a name in both languages that no other thing bears."""
    borne: dict[str, set[str]] = {}
    for subject, value in (each for language in ("zh", "en") for each in synonyms(language)):
        borne.setdefault(re.sub(r"[\W_]", "", value).lower(), set()).add(subject)
    names: dict[str, list[tuple[str, str, str]]] = {}
    for (subject, name), values in graph.languages.items():
        if (name.startswith(SKOS) and "abel" in name) or name == f"{ZC}unitName":
            for value, language in values:
                borne.setdefault(re.sub(r"[\W_]", "", value).lower(), set()).add(subject)
                names.setdefault(subject, []).append((name, value, language))
    found = []
    for iri, each in names.items():
        kind = iri.removeprefix("https://w3id.org/zhengce/id/").partition("/")[0]
        preferred = {language: value for name, value, language in each if name == f"{SKOS}prefLabel"}
        if kind in kinds and {"zh", "en"} <= set(preferred):
            short = next((value for name, value, _ in each if name == f"{ZC}unitName"), preferred["zh"])
            printed = tuple(value for _, value, _ in each if value == short)
            if all(len(borne[re.sub(r"[\W_]", "", value).lower()]) == 1 for value in (short, preferred["en"])):
                found.append(Thing(iri, short, preferred["en"], printed))
    return sorted(found, key=lambda thing: thing.iri)
