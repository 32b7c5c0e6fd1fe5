"""The description of the data set in the store, turned into the answer of ``/.well-known/void`` in any format of RDF.

What it says of addresses is said of this service: the one that is asked, or the one that ``ZHENGCE_URL`` names.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from api.http import negotiation
from api.http.errors import NotFoundError
from api.routes.catalogue import Answer
from ontology.names import PREFIXES, VOID, Namespace

DCAT = Namespace("http://www.w3.org/ns/dcat#")
_DESCRIPTION = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX void: <http://rdfs.org/ns/void#>
CONSTRUCT { ?subject ?predicate ?object } WHERE {
  { ?subject a void:Dataset }
  UNION
  { ?dataset a void:Dataset ; void:classPartition|void:propertyPartition ?subject }
  UNION
  { ?subject dcat:servesDataset ?dataset }
  ?subject ?predicate ?object .
}
"""
_OF_THE_ENDPOINT = frozenset({VOID["sparqlEndpoint"], DCAT["endpointURL"]})


def create_router(answer: Answer, url: str = "") -> APIRouter:
    """The address ``/.well-known/void``, with the suffix of a format or by Accept. ``url`` is the public address of the service."""
    router = APIRouter(tags=["data"])

    @router.get("/.well-known/void", summary="VoID: what the graph holds · 数据集说明")
    @router.get("/.well-known/void.{suffix}", include_in_schema=False)
    async def void(request: Request, suffix: str = "") -> Response:
        stem, offer = negotiation.by_suffix(f".{suffix}", negotiation.graphs()) if suffix else ("", None)
        if suffix and (offer is None or stem):
            raise NotFoundError(request.url.path)
        offer = offer or negotiation.choose(request.headers.get("accept"), negotiation.graphs())
        assert isinstance(offer.format, RdfFormat)
        endpoint = NamedNode(f"{url or str(request.base_url).rstrip('/')}/sparql")
        described = (quad.triple for quad in parse(await answer(_DESCRIPTION, RdfFormat.N_TRIPLES), RdfFormat.N_TRIPLES))
        triples = sorted(
            (Triple(each.subject, each.predicate, endpoint) if each.predicate in _OF_THE_ENDPOINT else each for each in described), key=str
        )
        content = serialize(triples, format=offer.format, prefixes={**PREFIXES, "void": VOID, "dcat": DCAT})
        return Response(content, media_type=offer.media_type, headers={"Vary": "Accept, Accept-Encoding"})

    return router
