"""The terms in use, our prefixes and the catalogue, turned into the workbench: its page and the JSON it completes from."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from api.pages.site import Site, language_of, packed
from ontology.names import ID, PREFIXES
from queries import catalogue

_NAMES = 5000
_WORDS = ("wb.", "chart.", "yes", "no")


class Workbench:
    """The page at ``/sparql`` for a browser."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def page(self, request: Request) -> Response:
        """The page. What it knows beside its wordings it fetches from ``/workbench.json``."""
        language = language_of(request)
        words = {key: said[language] for key, said in self.site.wordings.items() if key.startswith(_WORDS)}
        return await self.site.page(request, "workbench.html", words=words)


def create_router(site: Site) -> APIRouter:
    """The address ``/workbench.json``."""
    router = APIRouter()

    @router.get("/workbench.json")
    async def knowledge(request: Request) -> Response:
        content = json.dumps(await known(site, language_of(request)), ensure_ascii=False).encode()
        return packed(request, content, "application/json")

    return router


async def known(site: Site, language: str) -> dict[str, Any]:
    """What the workbench completes from, gives as examples and draws on maps."""
    labels = await site.labels()
    terms = await site.select("terms")
    districts = await site.select("district-codes")
    return {
        "prefixes": PREFIXES,
        "terms": [
            {
                "iri": row["term"],
                "kind": row["kind"],
                "count": row["count"],
                "zh": row["zh"] or "",
                "en": row["en"] or "",
                "object": row["object"],
            }
            for row in terms
        ],
        "questions": [
            {
                "name": query.name,
                "title": query.titles[language],
                "section": site.say(language, f"tag.{query.tags[0]}"),
                "query": query.bind({}),
            }
            for query in catalogue().values()
        ],
        "names": {thing.removeprefix(ID): labels.name(thing, language) for thing in list(labels.names)[:_NAMES] if thing.startswith(ID)},
        "districts": {str(row["district"]): {"code": row["code"], "label": labels.name(row["district"], language)} for row in districts},
    }
