"""The address of a thing, turned into what the graph says of it: RDF by Accept or suffix, or its page for a browser."""

from __future__ import annotations

from typing import Protocol

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from api.answers.service import Service
from api.http import negotiation
from api.http.errors import NotFoundError
from ontology.names import ID, PREFIXES, TYPE


class ThingPages(Protocol):
    """Who shows things to people."""

    async def thing(self, request: Request, iri: str) -> Response | None:
        """The page of a thing; None if there is none for it."""


def create_router(service: Service, things: ThingPages | None = None) -> APIRouter:
    """The addresses ``/id/{kind}/{key}``, each with ``.ttl``, ``.nt``, ``.rdf``, ``.jsonld`` or by Accept."""
    router = APIRouter(tags=["things"])

    @router.get("/id/{path:path}", summary="What the graph says of a thing · 关于一个事物的陈述")
    async def thing(request: Request, path: str) -> Response:
        accept = request.headers.get("accept")
        stem, offer = negotiation.by_suffix(path, negotiation.graphs())
        if offer is None and things and negotiation.prefers_html(accept, negotiation.graphs()):
            page = await things.thing(request, str(ID) + path)
            if page:
                return page
            accept = None
        return await describe(service, stem, offer or negotiation.choose(accept, negotiation.graphs()))

    return router


async def describe(service: Service, path: str, offer: negotiation.Offer) -> Response:
    """The triples that have the thing as their subject, with those of the blank nodes they lead to."""
    try:
        iri = NamedNode(str(ID) + path)
    except ValueError:
        raise NotFoundError(f"/id/{path}") from None
    query = f"DESCRIBE {iri}"
    facts = await service.answer(query, RdfFormat.N_TRIPLES)
    if not facts:
        raise NotFoundError(f"/id/{path}")
    if not isinstance(offer.format, RdfFormat):
        raise TypeError(offer.format)
    prefixes = {name: start for name, start in PREFIXES.items() if f"<{start}".encode() in facts}
    triples = sorted((quad.triple for quad in parse(facts, RdfFormat.N_TRIPLES)), key=_order)
    content = serialize(triples, format=offer.format, prefixes=prefixes)
    return Response(content, media_type=offer.media_type, headers={"Vary": "Accept, Accept-Encoding"})


def _order(triple: Triple) -> tuple[str, bool, str, str]:
    """What it is, then the rest by name: the same facts always read the same."""
    return str(triple.subject), triple.predicate != TYPE, str(triple.predicate), str(triple.object)
