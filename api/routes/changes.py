"""What publications changed over HTTP: a page, JSON and an Atom feed. Nothing is computed here, and nothing is written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter, Request, Response

from api.answers.dumps import Dumps
from api.http import negotiation
from api.http.errors import NotFoundError
from api.publication.change_feed import feed, said_of
from api.routes.dumps import served
from graph.store import watched
from graph.store.dumps import CHANGES, Dump

ATOM = "application/atom+xml"
JSON = "application/json"
HTML = "text/html"
_SUFFIXES = {"atom": ATOM, "json": JSON}
_TOLD = 20
"""Publications whose changes of watched answers are told, from the last."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What there is to tell: notices that came and went by snapshot, what is watched, what changed in it; each the last first."""

    snapshot: int
    notices: tuple[Mapping[str, Any], ...]
    watched: tuple[Mapping[str, Any], ...]
    answers: tuple[Mapping[str, Any], ...]


class ChangesPage(Protocol):
    """Who shows changes to people."""

    async def changes(self, request: Request, told: Changes) -> Response:
        """The page."""


def create_router(dumps: Dumps, page: ChangesPage | None = None, url: str = "") -> APIRouter:
    """The addresses ``/changes``, ``/changes.json``, ``/changes.atom``. ``url`` is the public address of the service."""
    router = APIRouter(tags=["data"])
    known: dict[object, Changes] = {}

    def told(dump: Dump) -> Changes:
        """What there is to tell, read again when something was written."""
        key = dump.snapshot, watched.stamp(dumps.data)
        if key not in known:
            read = _told(dumps.data, dump)
            known.clear()
            known[key] = read
            return read
        return known[key]

    @router.get("/changes", summary="What publications changed: notices, watched answers · 变化")
    @router.get("/changes.{suffix}", include_in_schema=False)
    async def changes(request: Request, suffix: str = "") -> Response:
        kind = _kind(request, suffix, page)
        dump = await dumps.get(served(dumps, request).number, CHANGES)
        found = await asyncio.to_thread(told, dump)
        if kind == HTML and page:
            shown = await page.changes(request, found)
            return _marked(request, bytes(shown.body), shown)
        base = url or str(request.base_url).rstrip("/")
        content = await asyncio.to_thread(_written, kind, base, found)
        return _marked(request, content, Response(content, media_type=f"{kind}; charset=utf-8" if kind == ATOM else kind))

    return router


def _kind(request: Request, suffix: str, page: ChangesPage | None) -> str:
    if suffix:
        if suffix not in _SUFFIXES:
            raise NotFoundError(request.url.path)
        return _SUFFIXES[suffix]
    kinds = (JSON, ATOM, *((HTML,) if page else ()))
    return negotiation.preferred(request.headers.get("accept"), kinds)


def _told(data: Path, dump: Dump) -> Changes:
    kept = tuple(said_of(each) for each in watched.watched(data))
    return Changes(dump.snapshot, tuple(json.loads(dump.path.read_bytes())), kept, watched.changes(data, _TOLD))


def _written(kind: str, base: str, told: Changes) -> bytes:
    if kind == ATOM:
        return feed(base, told.notices, told.answers).encode()
    said = {"snapshot": told.snapshot, "watched": told.watched, "answers": told.answers, "notices": told.notices}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _marked(request: Request, content: bytes, response: Response) -> Response:
    """With an ETag of its own: what changed is found after the snapshot came, of which other ETags are made."""
    encoding = response.headers.get("content-encoding", "")
    etag = f'"{blake2b(content + encoding.encode(), digest_size=12).hexdigest()}"'
    told = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    response.headers.update(told)
    return response
