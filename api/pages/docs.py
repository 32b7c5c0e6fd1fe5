"""The OpenAPI description of the application, turned into a page that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.pages.site import Site, language_of


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask of one address."""

    method: str
    path: str
    summary: str
    tag: str
    parameters: tuple[tuple[str, str, bool], ...]
    media: tuple[str, ...]


def create_router(site: Site) -> APIRouter:
    """The address ``/docs``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        language = language_of(request)
        sections: dict[str, list[Operation]] = {}
        for operation in operations(request.app.openapi(), language):
            sections.setdefault(operation.tag, []).append(operation)
        return await site.page(request, "docs.html", sections=sections, base=str(request.base_url))

    return router


def operations(described: Mapping[str, Any], language: str) -> Iterator[Operation]:
    """What the description lists, in its order. Summaries hold both languages, joined by a dot in the middle."""
    for path, methods in described["paths"].items():
        for method, about in methods.items():
            given = about.get("parameters", ())
            media = {media for said in about.get("responses", {}).values() for media in said.get("content", {})}
            yield Operation(
                method.upper(),
                path,
                one(about.get("summary", ""), language),
                next(iter(about.get("tags", ())), ""),
                tuple((each["name"], one(each.get("description", ""), language), bool(each.get("required"))) for each in given),
                tuple(sorted(media - {"application/problem+json"})),
            )


def one(text: str, language: str) -> str:
    """The half of a text in a language, where it holds two.

    >>> one("The answer · 结果", "zh"), one("Subject", "zh")
    ('结果', 'Subject')
    """
    english, _, chinese = text.partition(" · ")
    return chinese if language == "zh" and chinese else english
