"""The description of the data, in any format of RDF: ``/.well-known/void`` (VoID, with what DCAT says) and ``/catalogue`` (DCAT-AP alone).

What is said of addresses is said of this service: the one that is asked, or the one that ``ZHENGCE_URL`` names.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from api.answers.catalogue import Answer
from api.answers.dumps import Dumps
from api.http import negotiation
from api.http.errors import NotFoundError
from api.publication.description import DATASET, FILES, FOAF, SPDX, Version, description
from graph.errors import GraphError
from ontology.names import DCAT, ID, PREFIXES, VOID

_DESCRIPTION = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX void: <http://rdfs.org/ns/void#>
CONSTRUCT { ?subject ?predicate ?object } WHERE {
  { ?subject a void:Dataset }
  UNION
  { ?dataset a void:Dataset ; void:classPartition|void:propertyPartition|void:subset ?subject }
  UNION
  { ?subject dcat:servesDataset ?dataset }
  ?subject ?predicate ?object .
}
"""
_OF_THE_ENDPOINT = frozenset({VOID["sparqlEndpoint"], DCAT["endpointURL"]})
_SERVICE = ID["dataset/zhengce/sparql"]
"""What earlier descriptions in stores call the endpoint; the catalogue describes it whole."""
_PATIENCE = 5.0
"""Seconds to wait for dumps that are not made yet; without them the description has no checksums, and is not kept."""


def create_router(answer: Answer, url: str = "", dumps: Dumps | None = None) -> APIRouter:
    """The addresses, with the suffix of a format or by Accept. ``url`` is the public address of the service."""
    router = APIRouter(tags=["data"])

    async def given(request: Request, suffix: str, described: bytes) -> Response:
        stem, offer = negotiation.by_suffix(f".{suffix}", negotiation.graphs()) if suffix else ("", None)
        if suffix and (offer is None or stem):
            raise NotFoundError(request.url.path)
        offer = offer or negotiation.choose(request.headers.get("accept"), negotiation.graphs())
        assert isinstance(offer.format, RdfFormat)
        base = url or str(request.base_url).rstrip("/")
        version = await _version(dumps)
        content = await asyncio.to_thread(_written, described, base, version, offer.format)
        headers = {"Vary": "Accept, Accept-Encoding"}
        if version is not None and len(version.files) < len(FILES):
            headers["Cache-Control"] = "no-store"
        return Response(content, media_type=offer.media_type, headers=headers)

    @router.get("/.well-known/void", summary="VoID: what the graph holds · 数据集说明")
    @router.get("/.well-known/void.{suffix}", include_in_schema=False)
    async def void(request: Request, suffix: str = "") -> Response:
        return await given(request, suffix, await answer(_DESCRIPTION, RdfFormat.N_TRIPLES))

    @router.get("/catalogue", summary="DCAT-AP: the data for catalogues of open data · 数据目录")
    @router.get("/catalogue.{suffix}", include_in_schema=False)
    async def catalogue(request: Request, suffix: str = "") -> Response:
        return await given(request, suffix, b"")

    return router


async def _version(dumps: Dumps | None) -> Version | None:
    """The snapshot, with the dumps that are there or can be made within a moment; they are made in any case."""
    if dumps is None or dumps.snapshot is None:
        return None
    snapshot = dumps.snapshot
    made = await asyncio.gather(*(dumps.get(snapshot.number, name, _PATIENCE) for name in FILES), return_exceptions=True)
    files = {}
    for each in made:
        if isinstance(each, GraphError):
            continue
        if isinstance(each, BaseException):
            raise each
        files[each.name] = each.size, each.sha256
    return Version(snapshot.number, snapshot.published, files)


def _written(described: bytes, base: str, version: Version | None, format: RdfFormat) -> bytes:
    endpoint = NamedNode(f"{base}/sparql")
    stored = (quad.triple for quad in parse(described, RdfFormat.N_TRIPLES))
    told: Iterable[Triple] = (
        Triple(each.subject, each.predicate, endpoint) if each.predicate in _OF_THE_ENDPOINT else each for each in stored
    )
    triples = {each for each in told if each.subject != _SERVICE}
    triples.update(description(base, version))
    prefixes = {**PREFIXES, "foaf": FOAF, "spdx": SPDX}
    return serialize(sorted(triples, key=_order), format=format, prefixes=prefixes) or b""


def _order(triple: Triple) -> tuple[bool, str]:
    return triple.subject != DATASET, str(triple)
