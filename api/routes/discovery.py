"""How other programs find what is here: robots.txt, site maps, patches, document numbers, a JSON-LD context."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import Literal, QueryResultsFormat

from api.answers.catalogue import Answer
from api.answers.dumps import Dumps
from api.http.errors import NotFoundError
from api.publication import discovery
from api.routes.dumps import sent, served
from graph.errors import AmbiguousNameError, UnknownSnapshotError
from graph.store.dumps import numbers_of
from ontology.names import DEF, ID, SCHEMA

_JSON = QueryResultsFormat.JSON
_XML = "application/xml; charset=utf-8"
_COUNTS = f"""SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) {{
  VALUES ?class {{ {" ".join(f"<{DEF}{name}>" for name in discovery.CLASSES)} }} ?thing a ?class
}} GROUP BY ?class"""
_TERMS = """PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?type ?range { VALUES ?type { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?term a ?type
  OPTIONAL { ?term rdfs:range ?range FILTER(isIRI(?range)) } } ORDER BY ?term ?range"""
_MOST_NUMBER = 200


def create_router(dumps: Dumps, answer: Answer, url: str = "") -> APIRouter:
    """The addresses. ``url`` is the public address of the service."""
    router = APIRouter(tags=["data"])

    def base(request: Request) -> str:
        return url or str(request.base_url).rstrip("/")

    @router.get("/robots.txt", include_in_schema=False)
    async def robots(request: Request) -> Response:
        return Response(discovery.robots(base(request)), media_type="text/plain; charset=utf-8")

    @router.get("/sitemap.xml", summary="The pages of the service: parts · 网站地图")
    async def site_map(request: Request) -> Response:
        rows = _rows(await answer(_COUNTS, _JSON))
        counts = {row["class"].removeprefix(DEF): int(row["n"]) for row in rows}
        content = discovery.site_map_index(base(request), counts, dumps.snapshot.published if dumps.snapshot else None)
        return Response(content, media_type=_XML)

    @router.get("/sitemap/{part}.xml", summary="The pages of the service: 50,000 at most · 网站地图的一部分")
    async def site_map_part(request: Request, part: str) -> Response:
        kind, number = discovery.part_of(part)
        if kind == discovery.PAGES and number == 1:
            return Response(discovery.pages(base(request)), media_type=_XML)
        if kind not in discovery.CLASSES or not number:
            raise NotFoundError(request.url.path)
        found = await answer(discovery.things(kind, number), QueryResultsFormat.TSV)
        content = await asyncio.to_thread(discovery.site_map_part, base(request), found)
        if content is None:
            raise NotFoundError(request.url.path)
        return Response(content, media_type=_XML)

    @router.get("/changes/{pair}.rdfp", summary="What turns a snapshot into another, as an RDF patch · 快照之间的补丁")
    async def patch(request: Request, pair: str) -> Response:
        name = f"changes/{pair}.rdfp"
        try:
            first, last = numbers_of(name)
        except UnknownSnapshotError:
            raise NotFoundError(request.url.path) from None
        dump = await dumps.get(served(dumps, request).number, f"changes/{first}-{last}.rdfp")
        return sent(request, dump, "application/rdf-patch", {})

    @router.get("/number/{number:path}", summary="A notice by its document number · 按文号查找", response_class=RedirectResponse)
    async def by_number(request: Request, number: str) -> Response:
        wanted = discovery.plain_number(number)
        if not wanted or len(number) > _MOST_NUMBER:
            raise NotFoundError(request.url.path)
        rows = _rows(await answer(_numbered(wanted), _JSON))
        found = sorted({row["notice"] for row in rows})
        if not found:
            raise NotFoundError(request.url.path)
        if len(found) > 1:
            raise AmbiguousNameError(unicodedata.normalize("NFKC", number), [iri.removeprefix(ID) for iri in found])
        return RedirectResponse(f"{base(request)}/id/{quote(found[0].removeprefix(ID), safe='/%')}", 303)

    @router.get("/context.jsonld", summary="The context of JSON-LD · JSON-LD 上下文")
    async def context() -> Response:
        rows = _rows(await answer(_TERMS, _JSON))
        content = await asyncio.to_thread(discovery.context, [(row["term"], row["type"], row.get("range", "")) for row in rows])
        return Response(content, media_type="application/ld+json")

    return router


def _numbered(plain: str) -> str:
    """The notices whose numbers are the same but for their brackets and blanks."""
    return f"""SELECT DISTINCT ?notice {{ ?notice a <{DEF}Notice> ; <{SCHEMA}legislationIdentifier> ?number
      FILTER(REPLACE(REPLACE(STR(?number), "{discovery.BLANKS}", ""), "{discovery.BRACKETS}", "|") = {Literal(plain)}) }} LIMIT 20"""


def _rows(answer: bytes) -> list[dict[str, str]]:
    """The values of a small answer."""
    return [{name: term["value"] for name, term in row.items()} for row in json.loads(answer)["results"]["bindings"]]
