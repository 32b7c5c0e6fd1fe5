"""A question in words over HTTP, turned into its answer as JSON, or as a page for a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Query, Request, Response

from api.answers.questions import Questions
from api.answers.row_evidence import EvidenceOf
from api.http import negotiation
from queries.ask.model import Language
from queries.ask.parts import from_parts
from queries.ask.understand import depends_on_day

_JSON = "application/json"


class AskPage(Protocol):
    """Who shows an answer to people."""

    async def answer(self, request: Request, told: Mapping[str, Any]) -> Response:
        """The page of an answer."""


def create_router(questions: Questions, page: AskPage | None = None, evidence: EvidenceOf | None = None) -> APIRouter:
    """The address ``/ask?q=...``; ``in=zh`` or ``in=en`` says the language of the question, which is else found from its letters.

    ``evidence=1`` adds what each row of the answer rests on. ``as`` is one of the readings that an earlier answer gave to choose from;
    ``part`` and ``value``, once for each part, are a question that was understood before, changed or not, in the place of ``q``.
    """
    router = APIRouter(tags=["questions"])

    @router.get("/ask", summary="A question in Chinese or English · 用一句话提问")
    async def ask(
        request: Request,
        q: Annotated[str, Query(description="哪些任务涉及低空航空？ Which tasks involve low-altitude aviation?", max_length=1000)] = "",
        *,
        language: Annotated[str, Query(alias="in", description="zh | en", pattern="^(zh|en)?$")] = "",
        reading: Annotated[str, Query(alias="as", description="所选的读法 · the reading that was chosen", max_length=1000)] = "",
        names: Annotated[list[str] | None, Query(alias="part", description="部件的名称 · names of parts", max_length=40)] = None,
        values: Annotated[list[str] | None, Query(alias="value", description="部件的值 · values of parts", max_length=40)] = None,
        proved: Annotated[str, Query(alias="evidence", description="1: 每行的证据 the evidence of each row", pattern="^(0|1)?$")] = "",
    ) -> Response:
        kinds = (_JSON, "text/html", "application/xhtml+xml") if page else (_JSON,)
        kind = negotiation.preferred(request.headers.get("accept"), kinds)
        spoken: Language | None = "zh" if language == "zh" else "en" if language == "en" else None
        asked = from_parts(names, values) if names and values and len(names) == len(values) else q
        told = await questions.ask(asked, spoken, evidence if proved == "1" else None, reading=reading)
        if kind != _JSON and page:
            response = await page.answer(request, told)
        else:
            content = json.dumps(told, ensure_ascii=False, indent=1)
            response = Response(content, media_type=_JSON, headers={"Vary": "Accept, Accept-Encoding"})
        if depends_on_day(asked):
            # The same address means something else tomorrow, though the snapshot may be the same.
            response.headers["Cache-Control"] = "no-store"
        return response

    return router
