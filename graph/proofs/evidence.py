"""A stated triple, turned into what states it: characters of a notice with their place in the file, or the source of another graph.

A fact that a ``zc:Statement`` spells out is stated by its quote; a fact about evidence, or with it for its object, by that evidence's;
any other fact about a commitment by the passage the commitment is stated in. What names no characters is stated by its graph. What stands
in a graph of readings is stated by nobody: a named rule reads it, and the evidence is what that rule starts from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from pyoxigraph import Store as Engine

import ontology
from graph.proofs.proof_search import Graph
from graph.store.own_graphs import is_own
from ontology import terms
from ontology.names import COMPARISONS, DCTERMS, GRAPH, PROV, RDF, SCHEMA

READINGS = f"{GRAPH}readings/"
Term = NamedNode | BlankNode | Literal | Triple
Node = NamedNode | BlankNode


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters of a notice: which, where in their passage (``start`` to ``end``), in the document (``offset``) and in the file."""

    node: Node
    """The evidence, or the passage where it is quoted whole."""
    quote: str
    passage: Node
    start: int
    end: int
    offset: int
    line: int
    column: int
    heading: str | None
    page: int | None
    within: tuple[Node, ...]
    """The commitments that are stated in the passage."""
    notice: Node | None
    number: str | None
    title: str | None
    file: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """What states a triple that no notice prints: its graph, the file of the vocabulary, or the node of a link with where it was seen."""

    graph: Graph
    file: str | None = None
    link: Node | None = None
    match: Node | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class RuleReading:
    """What no page prints and a rule reads: the node that says so, the rule, and the characters that the rule starts from."""

    node: Node
    rule: NamedNode
    bases: tuple[Quote, ...]


class Sources:
    """Finds what states the triples of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, triple: Triple, graphs: Iterable[Graph]) -> Quote | RuleReading | Source | None:
        """What states the triple in the first of the graphs that says so; None where there is none."""
        found = tuple(graphs)
        if found and all(map(_is_of_readings, found)):
            return next((reading for graph in found if (reading := self._reading(triple, graph))), Source(found[0]))
        for graph in found:
            quote = self._quote(triple, graph)
            if quote:
                return quote
        for graph in found:
            if isinstance(graph, NamedNode) and (graph == GRAPH["links"] or graph.value.startswith(GRAPH["links/"].value)):
                return self._link(triple, graph)
        return Source(found[0]) if found else None

    def _reading(self, triple: Triple, graph: Graph) -> RuleReading | None:
        """The rule by which a graph of readings has the triple."""
        said = self._subjects(RDF["subject"], triple.subject, graph) & self._subjects(RDF["predicate"], triple.predicate, graph)
        for node in sorted(said, key=str):
            if self._one(node, RDF["object"]) not in (None, triple.object):
                continue
            rule = self._one(node, terms.rule)
            if isinstance(rule, NamedNode):
                quads = self._engine.quads_for_pattern(node, terms.basis, None, graph)
                bases = {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
                quotes = (self.quoted(basis) for basis in sorted(bases, key=str))
                once = {(quote.passage, quote.start, quote.end): quote for quote in quotes if quote is not None}
                return RuleReading(node, rule, tuple(once.values()))
        return None

    def quoted(self, node: NamedNode) -> Quote | None:
        """The characters of a piece of evidence, in the graph that states it."""
        found = self._said(node, terms.passage)
        start, quote = self._text(node, terms.start), self._text(node, terms.quote)
        if found is None or not isinstance(found.object, NamedNode | BlankNode) or start is None or quote is None:
            return None
        return self._placed(node, quote, (found.object, int(start)), found.graph_name)

    def _quote(self, triple: Triple, graph: Graph) -> Quote | None:
        node = next(self._evidence(triple, graph), None)
        if node:
            passage = self._one(node, terms.passage)
            start, quote = self._text(node, terms.start), self._text(node, terms.quote)
            if isinstance(passage, NamedNode | BlankNode) and start and quote is not None:
                return self._placed(node, quote, (passage, int(start)), graph)
        whole = next(self._passages(triple), None)
        if whole:
            return self._placed(whole, self._text(whole, terms.text) or "", (whole, 0), graph)
        return None

    def _evidence(self, triple: Triple, graph: Graph) -> Iterator[Node]:
        """The evidence that states the triple, the nearest first."""
        subject, object_ = triple.subject, triple.object
        spelt = self._subjects(RDF["subject"], subject, graph) & self._subjects(RDF["object"], object_, graph)
        yield from sorted(spelt & self._subjects(RDF["predicate"], triple.predicate, graph), key=str)
        if self._text(subject, terms.quote) is not None:
            yield subject  # type: ignore[misc]
        if self._text(object_, terms.quote) is not None:
            yield object_  # type: ignore[misc]
        if next(self._passages(triple), None) is None:
            for term in (object_, subject):
                yield from sorted(self._pointing(term, graph), key=str)

    def _pointing(self, term: Term, graph: Graph) -> Iterator[Node]:
        """Evidence that is about a thing which has no passage of its own: a group, a plan, a unit, the notice."""
        if isinstance(term, NamedNode):
            for quad in self._engine.quads_for_pattern(None, None, term, graph):
                if isinstance(quad.subject, NamedNode) and self._text(quad.subject, terms.quote) is not None:
                    yield quad.subject

    def _passages(self, triple: Triple) -> Iterator[Node]:
        for term in (triple.subject, triple.object):
            if self._text(term, terms.offset) is not None:
                yield term  # type: ignore[misc]
        for term in (triple.object, triple.subject):
            passage = self._one(term, terms.statedIn)
            if isinstance(passage, NamedNode | BlankNode):
                yield passage

    def _placed(self, node: Node, quote: str, place: tuple[Node, int], graph: Graph) -> Quote:
        passage, start = place
        before = (self._text(passage, terms.text) or "")[:start]
        breaks = before.count("\n")
        line = int(self._text(passage, terms.line) or 1) + breaks
        column = start - before.rfind("\n") if breaks else int(self._text(passage, terms.column) or 1) + start
        page = self._text(passage, terms.page)
        notice = self._one(passage, DCTERMS["isPartOf"])
        file = self._one(graph, PROV["wasDerivedFrom"]) if isinstance(graph, NamedNode) else None
        within = sorted(self._subjects(terms.statedIn, passage, None), key=str)
        return Quote(
            node,
            quote,
            passage,
            start,
            start + len(quote),
            int(self._text(passage, terms.offset) or 0) + start,
            line,
            column,
            self._text(passage, terms.heading),
            int(page) if page else None,
            tuple(within),
            notice if isinstance(notice, NamedNode | BlankNode) else None,
            self._text(notice, SCHEMA["legislationIdentifier"]),
            self._text(notice, DCTERMS["title"]),
            self._text(file, DCTERMS["title"]),
        )

    def _link(self, triple: Triple, graph: Graph) -> Source:
        node: Node | None
        if self._one(triple.subject, terms.matchKind):
            node = triple.subject if isinstance(triple.subject, NamedNode | BlankNode) else None
        else:
            both = self._subjects(terms.from_, triple.subject, graph) & self._subjects(terms.to, triple.object, graph)
            node = next(iter(sorted(both, key=str)), None)
        match = self._one(node, terms.matchKind)
        return Source(graph, None, node, match if isinstance(match, NamedNode) else None, self._text(node, DCTERMS["source"]))

    def _subjects(self, predicate: NamedNode, object_: Term, graph: Graph | None) -> set[Node]:
        quads = self._engine.quads_for_pattern(None, predicate, object_, graph)
        return {quad.subject for quad in quads if isinstance(quad.subject, NamedNode | BlankNode)}

    def _one(self, subject: object, predicate: NamedNode) -> Term | None:
        if not isinstance(subject, NamedNode | BlankNode):
            return None
        found = self._said(subject, predicate)
        return found.object if found else None

    def _said(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> Quad | None:
        """What a graph says of it: one of the service's, where there is one, before those of others."""
        quads = self._engine.quads_for_pattern(subject, predicate, None, None)
        first = next(quads, None)
        if first is None or is_own(first.graph_name):
            return first
        return next((quad for quad in quads if is_own(quad.graph_name)), first)

    def _text(self, subject: object, predicate: NamedNode) -> str | None:
        found = self._one(subject, predicate)
        return found.value if isinstance(found, Literal) else None


def vocabulary_files(triples: Iterable[Triple]) -> dict[Triple, str]:
    """The files of the package that state these triples, where they do. A blank node is known by the subject and predicate it hangs on."""
    wanted: dict[tuple[object, ...], list[Triple]] = {}
    for triple in triples:
        wanted.setdefault(_key(triple), []).append(triple)
    found: dict[Triple, str] = {}
    for file in ontology.files() if wanted else ():
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            for triple in wanted.get(_key(quad.triple), ()):
                found.setdefault(triple, file.name)
    return found


def _key(triple: Triple) -> tuple[object, ...]:
    return (triple.subject, triple.predicate, None if isinstance(triple.object, BlankNode) else triple.object)


def _is_of_readings(graph: Graph) -> bool:
    return isinstance(graph, NamedNode) and (graph == COMPARISONS or graph.value.startswith(READINGS))
