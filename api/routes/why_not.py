"""Why something is missing, over HTTP: a thing that is in no row of a question or query, a triple that is not there; JSON, text, a page."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from fastapi import APIRouter, Request, Response
from pyoxigraph import QueryResultsFormat, RdfFormat

from api.answers.catalogue import ask
from api.http import negotiation
from api.http.errors import BadRequestError
from api.routes.why import Run, spoken
from graph.proofs.why_not import MissingRow, row_missing, triple_missing
from graph.proofs.why_not_text import lines
from graph.store.embedded_store import DatasetOf
from queries import catalogue, named

Answer = Callable[[str, QueryResultsFormat | RdfFormat], Awaitable[bytes]]
OPTIONS = ("missing", "question", "query", "variable", "s", "p", "o", "lang")
"""What the address says beside the parameters of a question."""
_JSON, _TEXT = "application/json", "text/plain"
_PAGES = ("text/html", "application/xhtml+xml")


class WhyNotPage(Protocol):
    """Who shows it to people."""

    async def why_not(self, request: Request, said: Mapping[str, Any] | None) -> Response:
        """The explanation as ``graph.proofs.why_not`` has it; None where nothing was asked yet."""


def create_router(run: Run, answer: Answer, own: DatasetOf, every: DatasetOf, page: WhyNotPage | None = None) -> APIRouter:
    """The address ``/why-not``: ``missing`` with ``question`` and its parameters, or with ``query`` (SPARQL); or ``s``, ``p``, ``o``.

    Questions of the catalogue read the dataset ``own``, queries ``every``.
    """
    router = APIRouter(tags=["proofs"])

    @router.get("/why-not", summary="Why something is not in an answer · 为何不在其中")
    async def why_not(request: Request) -> Response:
        kind = negotiation.preferred(request.headers.get("accept", ""), (_JSON, _TEXT, *(_PAGES if page else ())))
        given = {name: request.query_params.get(name, "").strip() for name in OPTIONS}
        if page and kind in _PAGES and not any(given[name] for name in ("question", "query", "s", "p", "o")):
            return await page.why_not(request, None)
        said = json.loads(await explained(request, given))
        if page and kind in _PAGES:
            return await page.why_not(request, said)
        headers = {"Vary": "Accept, Accept-Language"}
        if kind == _TEXT:
            language = given["lang"] or spoken(request.headers.get("accept-language", ""))
            return Response("\n".join(lines(said, "en" if language == "en" else "zh")) + "\n", media_type=_TEXT, headers=headers)
        return Response(json.dumps(said, ensure_ascii=False, indent=1), media_type=_JSON, headers=headers)

    async def explained(request: Request, given: Mapping[str, str]) -> bytes:
        if given["s"] and given["p"] and given["o"]:
            return await run(triple_missing, (given["s"], given["p"], given["o"]))
        if not given["missing"] or bool(given["question"]) == bool(given["query"]):
            raise BadRequestError(
                "应有 missing（缺的事物）和 question（目录里的问题）或 query（SPARQL）之一，或者 s、p、o。",
                "missing (a thing) with question (of the catalogue) or query (SPARQL), or s, p and o were expected.",
            )
        if given["query"]:
            return await run(row_missing, MissingRow(given["missing"], given["query"], given["variable"], every))
        params = request.query_params
        values = {name: tuple(params.getlist(name)) for name in params if name not in OPTIONS}
        asked = await ask(named(catalogue(), given["question"]), values, answer)
        return await run(row_missing, MissingRow(given["missing"], asked.text, given["variable"], own))

    return router
