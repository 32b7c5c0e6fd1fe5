"""The description of the data set in the store, turned into the answer of ``/.well-known/void`` as Turtle, JSON-LD or N-Triples."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pyoxigraph import RdfFormat

from api.routes.catalogue import Answer

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
_FORMATS = {
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


def create_router(answer: Answer) -> APIRouter:
    """The address ``/.well-known/void``."""
    router = APIRouter(tags=["data"])

    @router.get("/.well-known/void", summary="VoID: what the graph holds · 数据集说明")
    async def void(request: Request) -> Response:
        accepted = [part.split(";")[0].strip() for part in request.headers.get("accept", "").split(",")]
        format = next((_FORMATS[media] for media in accepted if media in _FORMATS), RdfFormat.TURTLE)
        content = await answer(_DESCRIPTION, format)
        return Response(content, media_type=format.media_type, headers={"Vary": "Accept"})

    return router
