"""Proofs over HTTP: three words for a triple, turned into why it holds, as text, JSON, PROV-O or a page.

A proof needs many look-ups of one snapshot, so the whole of it is a job that a worker does.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from typing import Literal as Choice

from fastapi import APIRouter, Depends, Query, Request, Response

from api.http import negotiation
from api.http.errors import NotFoundError
from graph.proofs.why import Kind, answer

Run = Callable[..., Awaitable[bytes]]
"""Has a worker do a job: ``run(job, *arguments)`` gives what ``job(store, *arguments)`` returns."""

_TYPES: Mapping[Kind, str] = {"text": "text/plain; charset=utf-8", "json": "application/json", "turtle": "text/turtle; charset=utf-8"}
_MEDIA: Mapping[str, Kind] = {
    "application/json": "json",
    "text/plain": "text",
    "text/turtle": "turtle",
}
_PAGES = ("text/html", "application/xhtml+xml")
_SUFFIXES: Mapping[str, Kind] = {"txt": "text", "json": "json", "ttl": "turtle"}

_Subject = Annotated[str, Query(description="主语：task/9、IRI 或名称。 Subject: a key, an IRI or a name.", min_length=1)]
_Predicate = Annotated[str, Query(description="谓语：involvesIndustry、涉及行业。 Predicate.", min_length=1)]
_Object = Annotated[str, Query(description="宾语：industry/aviation、低空航空、一个值。 Object.", min_length=1)]
_Language = Annotated[str, Query(description="zh | en", pattern="^(zh|en)?$")]


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """What the address asks: a triple by three words, and a language."""

    s: _Subject
    p: _Predicate
    o: _Object
    lang: _Language = ""

    @property
    def words(self) -> tuple[str, str, str]:
        """The three words."""
        return self.s, self.p, self.o


class ProofPage(Protocol):
    """Who shows a proof to people."""

    async def why(self, request: Request, said: Mapping[str, Any]) -> Response:
        """The proof as ``graph.proofs.render.told`` has it."""


def create_router(run: Run, page: ProofPage | None = None) -> APIRouter:
    """The address ``/why``, with ``.txt``, ``.json`` or ``.ttl`` or by Accept."""
    router = APIRouter(tags=["proofs"])

    @router.get("/why", summary="Why a triple holds · 一条事实为何成立")
    async def why(request: Request, asked: Annotated[ProofRequest, Depends()]) -> Response:
        kind = chosen(request.headers.get("accept", ""), pages=page is not None)
        if kind == "html" and page:
            return await page.why(request, json.loads(await run(answer, asked.words, "json")))
        return await respond(request, asked, "json" if kind == "html" else kind)

    @router.get("/why.{suffix}", include_in_schema=False)
    async def why_as(request: Request, asked: Annotated[ProofRequest, Depends()], suffix: str) -> Response:
        if suffix not in _SUFFIXES:
            raise NotFoundError(request.url.path)
        return await respond(request, asked, _SUFFIXES[suffix])

    async def respond(request: Request, asked: ProofRequest, kind: Kind) -> Response:
        language = asked.lang or spoken(request.headers.get("accept-language", ""))
        content = await run(answer, asked.words, kind, language)
        return Response(content, media_type=_TYPES[kind], headers={"Vary": "Accept, Accept-Language"})

    return router


def chosen(accept: str, *, pages: bool) -> Kind | Choice["html"]:
    """The format that the Accept header asks for by its weights; JSON if it does not care.

    >>> chosen("text/plain;q=0.5, text/turtle", pages=False)
    'turtle'
    """
    media = negotiation.preferred(accept, (*_MEDIA, *(_PAGES if pages else ())))
    return "html" if media in _PAGES else _MEDIA[media]


def spoken(accept_language: str) -> str:
    """The language, of the two we have, that is preferred; Chinese if none is named.

    >>> spoken("fr, en-GB;q=0.8, zh;q=0.5"), spoken("")
    ('en', 'zh')
    """
    return negotiation.preferred_language(accept_language, ("zh", "en"))
