"""The address of a thing, turned into what the service's graphs say of it: RDF by Accept or suffix, or its page for a browser."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Protocol
from urllib.parse import unquote

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from api.answers.service import OWN, Service
from api.http import negotiation
from api.http.errors import NotAcceptableError, NotFoundError
from graph.proofs.annotated import annotated
from graph.query.xml_text import checked_xml
from graph.store.engine import DatasetOf
from ontology.names import ID, PREFIXES, TYPE

_OF_12 = tuple(each for each in negotiation.graphs() if each.format in {RdfFormat.TURTLE, RdfFormat.N_TRIPLES})
"""The formats in which things are given in RDF 1.2 as well."""


class ThingPages(Protocol):
    """Who shows things to people."""

    async def thing(self, request: Request, iri: str) -> Response | None:
        """The page of a thing; None if there is none for it."""


def create_router(service: Service, things: ThingPages | None = None) -> APIRouter:
    """The addresses ``/id/{kind}/{key}``, each with ``.ttl``, ``.nt``, ``.rdf``, ``.jsonld`` or by Accept.

    ``version=1.2``, as a parameter or of the media type, adds what states each triple (RDF 1.2, ``rdf:reifies``).
    """
    router = APIRouter(tags=["things"])

    @router.get("/id/{path:path}", summary="What the graph says of a thing · 关于一个事物的陈述")
    async def thing(
        request: Request,
        path: str,
        version: Annotated[
            str, Query(description="1.2：连同写明各条的原文 with what states each triple, as reifiers", pattern=r"^(1\.[12])?$")
        ] = "",
    ) -> Response:
        accept = request.headers.get("accept")
        stem, offer = negotiation.by_suffix(raw_path(request, path), negotiation.graphs())
        if offer is None and things and negotiation.prefers_html(accept, negotiation.graphs()):
            for candidate in candidates(stem):
                if page := await things.thing(request, candidate):
                    return page
            accept = None
        offer = offer or negotiation.choose(accept, _OF_12 if version == "1.2" else negotiation.graphs())
        stated = version == "1.2" or (not version and negotiation.wants_version(accept, offer, "1.2"))
        return await describe(service, stem, offer, stated=stated)

    return router


def raw_path(request: Request, path: str) -> str:
    """The path under ``/id/`` as it was sent, its percent escapes as they are."""
    raw = bytes(request.scope.get("raw_path") or b"").partition(b"?")[0].decode("ascii", "replace")
    return raw.removeprefix("/id/") if raw.startswith("/id/") else path


def candidates(path: str) -> tuple[str, ...]:
    """The IRIs that an address may stand for: as it is written, then with its escapes read, where that makes an IRI.

    >>> candidates("agency/a%20b"), candidates("place/%E5%8C%97")[1]
    (('https://w3id.org/zhengce/id/agency/a%20b',), 'https://w3id.org/zhengce/id/place/北')
    """
    found = []
    for text in dict.fromkeys((path, unquote(path, errors="replace"))):
        with suppress(ValueError):
            found.append(NamedNode(str(ID) + text).value)
    return tuple(found)


async def describe(service: Service, path: str, offer: negotiation.Offer, *, stated: bool = False) -> Response:
    """The triples that have the thing as their subject, with those of the blank nodes they lead to; ``stated`` adds what states each."""
    if stated and offer.format not in {each.format for each in _OF_12}:
        raise NotAcceptableError(offer.types[0], [each.types[0] for each in _OF_12])
    facts = b""
    # What only others speak of is described from their graphs; of what a notice speaks, it alone does.
    for dataset in (OWN, DatasetOf(union=True)):
        for candidate in candidates(path):
            facts = facts or await service.answer(f"DESCRIBE {NamedNode(candidate)}", RdfFormat.N_TRIPLES, dataset)
    said = _about(facts, frozenset(map(NamedNode, candidates(path))))
    if not said:
        raise NotFoundError(f"/id/{path}")
    if not isinstance(offer.format, RdfFormat):
        raise TypeError(offer.format)
    if stated:
        facts = await service.run(annotated, serialize(said, format=RdfFormat.N_TRIPLES) or b"")
        said = [quad.triple for quad in parse(facts, RdfFormat.N_TRIPLES)]
    prefixes = {name: start for name, start in PREFIXES.items() if f"<{start}".encode() in facts}
    content = serialize(sorted(said, key=_order), format=offer.format, prefixes=prefixes) or b""
    if offer.format == RdfFormat.RDF_XML:
        content = checked_xml(content)
    media_type = f"{offer.media_type}; version=1.2" if stated else offer.media_type
    return Response(content, headers={"Content-Type": media_type, "Vary": "Accept, Accept-Encoding"})


def _about(facts: bytes, things: frozenset[NamedNode]) -> list[Triple]:
    """What is said of the things and of blank nodes: some engines describe a thing by what points to it as well."""
    triples = (quad.triple for quad in parse(facts, RdfFormat.N_TRIPLES))
    return [triple for triple in triples if isinstance(triple.subject, BlankNode) or triple.subject in things]


def _order(triple: Triple) -> tuple[str, bool, str, str]:
    """What it is, then the rest by name: the same facts always read the same."""
    return str(triple.subject), triple.predicate != TYPE, str(triple.predicate), str(triple.object)
