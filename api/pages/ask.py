"""An answer to a question in words, turned into a page: what was understood, the answer, its words on the page, the query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from api.pages.site import Site


class AskPages:
    """The page at ``/ask``."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def answer(self, request: Request, told: Mapping[str, Any]) -> Response:
        """The page of an answer, or of why there is none."""
        return await self._site.page(request, "ask.html", told=told)
