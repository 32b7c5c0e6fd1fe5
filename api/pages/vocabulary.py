"""The axioms of the ontology, turned into the page at ``/def`` and into RDF: each class and property, named and defined."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

import ontology
from api.http import negotiation
from api.http.errors import NotFoundError
from api.pages.diagram import diagram
from api.pages.site import Site, language_of, wants_page
from ontology.names import DEF, OWL, PREFIXES, RDF, RDFS, SKOS, TYPE

Node = NamedNode | BlankNode | Literal | Triple
Facts = Mapping[Node, Mapping[NamedNode, Sequence[Node]]]

_SUPER = {"class": RDFS["subClassOf"], "property": RDFS["subPropertyOf"]}
_KINDS = {OWL["Class"]: "class", OWL["ObjectProperty"]: "property", OWL["DatatypeProperty"]: "property"}


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """One class or property of ours. ``domain`` and the like are IRIs, ours or of other vocabularies."""

    iri: str
    kind: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    broader: tuple[str, ...]
    alike: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    chains: tuple[tuple[str, ...], ...]
    disjoint: tuple[str, ...]

    @property
    def key(self) -> str:
        """The anchor on the page."""
        return DEF.local(NamedNode(self.iri))


def create_router(site: Site) -> APIRouter:
    """The address ``/def``: the page, or RDF by Accept or suffix (``/def.ttl``)."""
    router = APIRouter()

    @router.get("/def")
    @router.get("/def.{suffix}")
    async def terms(request: Request, suffix: str = "") -> Response:
        stem, offer = negotiation.by_suffix(f".{suffix}", negotiation.graphs()) if suffix else ("", None)
        if suffix and (offer is None or stem):
            raise NotFoundError(request.url.path)
        if offer is None and not wants_page(request):
            offer = negotiation.choose(request.headers.get("accept"), negotiation.graphs())
        if offer:
            assert isinstance(offer.format, RdfFormat)
            content = serialize(numbered(ontology.axioms()), format=offer.format, prefixes=PREFIXES)
            return Response(content, media_type=offer.media_type, headers={"Vary": "Accept, Accept-Encoding"})
        found = await asyncio.to_thread(entries)
        counts = {row["term"]: row["count"] for row in await site.select("terms")}
        uses = {entry.iri: [other for other in found if entry.iri in (*other.domain, *other.range)] for entry in found}
        narrower = {entry.iri: [other.iri for other in found if entry.iri in other.broader] for entry in found}
        named = {entry.iri: entry.labels for entry in found}
        return await site.page(
            request,
            "vocabulary.html",
            classes=[entry for entry in found if entry.kind == "class"],
            properties=[entry for entry in found if entry.kind == "property"],
            counts=counts,
            uses=uses,
            narrower=narrower,
            named=named,
            drawing=diagram(found, language_of(request)),
            formats=[offer.suffix.removeprefix(".") for offer in negotiation.graphs()],
        )

    return router


def numbered(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples with their blank nodes named in order: the same vocabulary is always the same bytes, as its ETag says."""
    names: dict[BlankNode, BlankNode] = {}
    for triple in triples:
        for node in (triple.subject, triple.object):
            if isinstance(node, BlankNode):
                names.setdefault(node, BlankNode(f"b{len(names)}"))
        subject = names[triple.subject] if isinstance(triple.subject, BlankNode) else triple.subject
        yield Triple(subject, triple.predicate, names[triple.object] if isinstance(triple.object, BlankNode) else triple.object)


def entries() -> tuple[VocabularyEntry, ...]:
    """Every class and property that the ontology defines, by name."""
    facts: dict[Node, dict[NamedNode, list[Node]]] = {}
    for triple in ontology.axioms():
        facts.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
    ours = ((subject, _kind(said)) for subject, said in facts.items() if isinstance(subject, NamedNode) and subject.value.startswith(DEF))
    unions = [tuple(_list(head, facts)) for said in facts.values() for head in said.get(OWL["disjointUnionOf"], ())]
    return tuple(sorted((_entry(subject, kind, facts, unions) for subject, kind in ours if kind), key=lambda entry: entry.key.lower()))


def _kind(said: Mapping[NamedNode, Sequence[Node]]) -> str:
    return next((_KINDS[type_] for type_ in said.get(TYPE, ()) if isinstance(type_, NamedNode) and type_ in _KINDS), "")


def _entry(subject: NamedNode, kind: str, facts: Facts, unions: Sequence[Sequence[Node]]) -> VocabularyEntry:
    said = facts[subject]
    beside = [part for parts in unions if subject in parts for part in parts if part != subject]
    return VocabularyEntry(
        subject.value,
        kind,
        _texts(said, SKOS["prefLabel"]),
        _texts(said, SKOS["definition"]),
        tuple(_iris(said.get(_SUPER[kind], ()))),
        tuple(_iris((*said.get(OWL["equivalentClass"], ()), *said.get(OWL["equivalentProperty"], ())))),
        tuple(_iris(said.get(RDFS["domain"], ()))),
        tuple(_iris(said.get(RDFS["range"], ()))),
        tuple(tuple(_step(step, facts) for step in _list(head, facts)) for head in said.get(OWL["propertyChainAxiom"], ())),
        tuple(dict.fromkeys(_iris((*said.get(OWL["disjointWith"], ()), *beside)))),
    )


def _step(step: Node, facts: Facts) -> str:
    """A step of a chain; one that is walked backwards ends with ⁻."""
    if isinstance(step, NamedNode):
        return step.value
    return next((f"{iri}⁻" for iri in _iris(facts.get(step, {}).get(OWL["inverseOf"], ()))), "")


def _list(head: Node, facts: Facts) -> Iterator[Node]:
    while head in facts:
        yield from facts[head].get(RDF["first"], ())
        head = next(iter(facts[head].get(RDF["rest"], ())), RDF["nil"])


def _iris(nodes: Sequence[Node]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, NamedNode))


def _texts(said: Mapping[NamedNode, Sequence[Node]], property: NamedNode) -> dict[str, str]:
    return {node.language: node.value for node in said.get(property, ()) if isinstance(node, Literal) and node.language}
