"""A graph that is sent or asked for, turned into the next snapshot or into its triples (https://www.w3.org/TR/sparql11-http-rdf-update/).

``/store?graph=...`` and ``/store?default`` name a graph; ``/store/...`` is the graph whose IRI is that very address.
"""

from __future__ import annotations

import codecs
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Literal
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat

from api.answers.service import Service
from api.http.body import read_body
from api.http.errors import BadRequestError, MethodError
from api.http.forms import parts
from api.http.negotiation import choose, graphs
from api.http.updates import UpdateService, media_type
from graph.errors import UnknownGraphError
from graph.query.framing import QueryRequest
from graph.query.pool import Reply
from graph.store.embedded_store import DatasetOf, named_node
from graph.update.apply import GraphChange, Part

MULTIPART = "multipart/form-data"
_IRI_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"
"""What a header may hold of an IRI as it is (RFC 3987, 3.1); all else is escaped."""
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
_NAMING = {
    "parameters": [
        {"name": "graph", "in": "query", "description": "The IRI of a graph", "schema": {"type": "string", "format": "iri"}},
        {"name": "default", "in": "query", "description": "The default graph", "allowEmptyValue": True, "schema": {"type": "string"}},
    ]
}
_SENDING = {
    **_NAMING,
    "requestBody": {"content": {type_: {"schema": {"type": "string"}} for type_ in ("text/turtle", "application/n-triples")}},
    "security": [{"token": []}],
}
_DROPPING = {**_NAMING, "security": [{"token": []}]}


def create_router(service: Service, writing: UpdateService) -> APIRouter:
    """The address ``/store`` and those under it."""
    router = APIRouter(tags=["sparql"])
    options = {"include_in_schema": False}

    @router.head("/store", **options)  # type: ignore[arg-type]
    @router.get("/store/{path:path}", **options)  # type: ignore[arg-type]
    @router.head("/store/{path:path}", **options)  # type: ignore[arg-type]
    @router.get("/store", summary="The triples of a graph · 图的内容", response_class=StreamingResponse, openapi_extra=_NAMING)
    async def read(request: Request) -> Response:
        return await _read(request, service, _named(request, writing))

    async def write(request: Request, action: Literal["PUT", "POST", "DELETE"]) -> Response:
        writing.authorise(request)
        address = writing.address(request)
        made = action == "POST" and not request.query_params and request.url.path == "/store"
        graph = f"{address}/{uuid4()}" if made else _named(request, writing)
        parts = () if action == "DELETE" else await _parts(request, writing.megabytes)

        async def exists() -> bool:
            return graph is None or await _exists(service, NamedNode(graph))

        on = await writing.expected(request, exists)
        written = await writing.write(GraphChange(action, graph, parts, graph or address, on))
        headers = {"Zhengce-Snapshot": str(written.snapshot)}
        if written.existed:
            return Response(status_code=204, headers=headers)
        return Response(status_code=201, headers={**headers, "Location": quote(graph or address, safe=_IRI_CHARACTERS)})

    @router.put("/store/{path:path}", **options)  # type: ignore[arg-type]
    @router.put("/store", summary="Makes or replaces a graph · 写入图", response_class=Response, status_code=204, openapi_extra=_SENDING)
    async def put(request: Request) -> Response:
        return await write(request, "PUT")

    @router.post("/store/{path:path}", **options)  # type: ignore[arg-type]
    @router.post("/store", summary="Adds triples to a graph · 追加三元组", response_class=Response, status_code=204, openapi_extra=_SENDING)
    async def post(request: Request) -> Response:
        return await write(request, "POST")

    @router.delete("/store/{path:path}", **options)  # type: ignore[arg-type]
    @router.delete("/store", summary="Drops a graph · 删除图", response_class=Response, status_code=204, openapi_extra=_DROPPING)
    async def delete(request: Request) -> Response:
        return await write(request, "DELETE")

    @router.api_route("/store/{path:path}", methods=["PATCH"], **options)  # type: ignore[arg-type]
    @router.patch("/store", **options)  # type: ignore[arg-type]
    async def patch(request: Request) -> Response:
        raise MethodError(request.method, METHODS)

    return router


def _named(request: Request, writing: UpdateService) -> str | None:
    """The IRI of the graph that the request is about; None for the default graph."""
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name in {"graph", "default"}]
    if len(pairs) > 1:
        raise BadRequestError("只能指定一个图。", "One graph was expected, several are named.")
    if not pairs and request.url.path.rstrip("/") == "/store":
        raise BadRequestError("请以 graph= 或 default 指定一个图。", "A graph was expected: ?graph= with its IRI, or ?default.")
    if not pairs:
        return named_node(writing.address(request)).value
    name, value = pairs[0]
    return named_node(value).value if name == "graph" else None


async def _read(request: Request, service: Service, graph: str | None) -> Response:
    offer = choose(request.headers.get("accept"), graphs())
    if not isinstance(offer.format, RdfFormat):
        raise TypeError(offer)
    if graph is not None and not await _exists(service, NamedNode(graph)):
        raise UnknownGraphError(graph)
    headers = {"Vary": "Accept, Accept-Encoding", "Content-Type": offer.media_type}
    if service.snapshot:
        # Names the snapshot, so that a writer can say which one it has read.
        headers["ETag"] = f'"{service.snapshot.number}-{offer.suffix.removeprefix(".")}"'
        if _named_by(headers["ETag"], request.headers.getlist("if-none-match")):
            return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        response = Response(headers=headers)
        del response.headers["content-length"]
        return response
    where = "?s ?p ?o" if graph is None else f"GRAPH {NamedNode(graph)} {{ ?s ?p ?o }}"
    question = QueryRequest(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", offer.format, DatasetOf(union=False))
    async with AsyncExitStack() as stack:
        reply = await stack.enter_async_context(service.ask(question))
        return StreamingResponse(_streamed(reply, stack.pop_all()), headers=headers)


def _named_by(tag: str, given: Sequence[str]) -> bool:
    """Whether If-None-Match names a tag (RFC 9110, 13.1.2: weak ones count too, and ``*`` is any).

    >>> _named_by('"7-ttl"', ['"6-ttl", W/"7-ttl"']), _named_by('"7-ttl"', ["*"]), _named_by('"7-ttl"', ['"17-ttl"'])
    (True, True, False)
    """
    named = [each.strip().removeprefix("W/") for line in given for each in line.split(",")]
    return tag in named or "*" in named


async def _exists(service: Service, graph: NamedNode) -> bool:
    # An engine elsewhere may know no graph that is empty, and no answer to ASK but in JSON.
    text = f"ASK {{ {{ GRAPH {graph} {{}} }} UNION {{ GRAPH {graph} {{ ?s ?p ?o }} }} }}"
    question = QueryRequest(text, QueryResultsFormat.JSON, DatasetOf(union=False))
    async with service.ask(question) as reply:
        return b"true" in await reply.all()


async def _streamed(reply: Reply, stack: AsyncExitStack) -> AsyncIterator[bytes]:
    async with stack:
        yield reply.first
        async for part in reply.rest():
            yield part


async def _parts(request: Request, megabytes: int) -> tuple[Part, ...]:
    accepted = tuple(type_ for offer in graphs() for type_ in offer.types)
    content_type = request.headers.get("content-type", "")
    multipart = request.method == "POST" and content_type.lower().startswith(MULTIPART)
    kind = "" if multipart else media_type(content_type, accepted)
    body = await read_body(request.scope, request.receive, megabytes << 10)
    if not multipart:
        return (_part(body, kind),)
    return tuple(_part(content, media_type(type_, accepted)) for type_, content in parts(content_type, body))


def _part(content: bytes, kind: str) -> Part:
    return Part(content.removeprefix(codecs.BOM_UTF8), kind)
