"""The graphs of the service as files: ``/dumps/{graph}.nq.gz``, ``.ttl.gz``, all of them, their list and their checksums.

Transfers can be taken up again (Range, If-Range): the ETag is made of the snapshot and the SHA-256 of the file.
"""

from __future__ import annotations

import asyncio
import base64
import json

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from pyoxigraph import QueryResultsFormat

from api.answers.catalogue import Answer
from api.answers.dumps import Dumps
from api.http.errors import NotFoundError
from api.http.gateway import HEAD
from graph.store.dumps import ALL, FORMATS, Dump, graph_of, made
from graph.store.snapshot import Snapshot
from ontology.names import GRAPH

_GRAPHS = f'SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{GRAPH}")) }}'


def create_router(dumps: Dumps, answer: Answer, url: str = "") -> APIRouter:
    """The addresses under ``/dumps``. ``url`` is the public address of the service."""
    router = APIRouter(tags=["data"])

    @router.get("/dumps", summary="The graphs as files: which there are · 数据下载列表")
    async def index(request: Request) -> Response:
        snapshot = served(dumps, request)
        base = url or str(request.base_url).rstrip("/")
        rows = await answer(_GRAPHS, QueryResultsFormat.TSV)
        ready = await asyncio.to_thread(made, dumps.data, snapshot.number)
        about = {"snapshot": snapshot.number, "published": snapshot.published.isoformat(), "quads": snapshot.quads}
        content = await asyncio.to_thread(_listed, about, base, rows, ready)
        return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})

    @router.get("/dumps/SHA256SUMS", summary="Checksums of the files that were made · 校验和")
    async def checksums(request: Request) -> Response:
        ready = await asyncio.to_thread(made, dumps.data, served(dumps, request).number)
        lines = (f"{dump.sha256}  {dump.name}\n" for dump in ready if graph_of(dump.name))
        return Response("".join(lines), media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})

    @router.get("/dumps/{name:path}", summary="A graph, or all of them, as a file · 下载", response_class=FileResponse)
    async def dump(request: Request, name: str) -> Response:
        asked = graph_of(name)
        if asked is None:
            raise NotFoundError(request.url.path)
        if asked[0] is not None and b"true" not in await answer(f"ASK {{ GRAPH {asked[0]} {{ ?s ?p ?o }} }}", QueryResultsFormat.JSON):
            raise NotFoundError(request.url.path)
        found = await dumps.get(served(dumps, request).number, name)
        return sent(request, found, "application/gzip", {"Zhengce-Snapshot": str(found.snapshot)})

    return router


def served(dumps: Dumps, request: Request) -> Snapshot:
    """The snapshot that is served. Raises NotFoundError where there is none to give."""
    if dumps.snapshot is None:
        raise NotFoundError(request.url.path)
    return dumps.snapshot


def sent(request: Request, dump: Dump, media_type: str, headers: dict[str, str]) -> Response:
    """The file, or the part of it that is asked for; 304 where the asker has it."""
    etag = f'"{dump.snapshot}-{dump.sha256[:32]}"'
    digest = base64.b64encode(bytes.fromhex(dump.sha256)).decode()
    told = {**headers, "ETag": etag, "Cache-Control": "no-cache", "Accept-Ranges": "bytes"}
    wanted = request.headers.get("if-none-match", "")
    if wanted.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in wanted.split(",")):
        return Response(status_code=304, headers=told)
    told["Repr-Digest"] = f"sha-256=:{digest}:"
    if request.scope.get(HEAD):
        return Response(headers={**told, "Content-Length": str(dump.size)}, media_type=media_type)
    return FileResponse(dump.path, headers=told, media_type=media_type)


def _listed(about: dict[str, object], base: str, rows: bytes, ready: tuple[Dump, ...]) -> bytes:
    """The list as JSON: every graph with its files; size and checksum of those that were made already."""
    known = {dump.name: {"bytes": dump.size, "sha256": dump.sha256} for dump in ready}
    graphs = sorted(line[1:-1] for line in rows.decode().splitlines()[1:])
    names = [ALL, *(f"{graph.removeprefix(GRAPH)}{suffix}" for graph in graphs for suffix in FORMATS)]
    files = [{"name": name, "url": f"{base}/dumps/{name}", **known.get(name, {})} for name in names]
    return json.dumps({**about, "files": files}, ensure_ascii=False, indent=1).encode()
