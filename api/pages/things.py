"""An address under ``/id/``, turned into the page of the thing that it names."""

from __future__ import annotations

from fastapi import Request, Response

from api.pages import notice, task, thing
from api.pages.site import Site
from api.pages.wording import kind_of

_PAGES = {"task": task.page, "notice": notice.page}


class Things:
    """The pages of things."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def thing(self, request: Request, iri: str) -> Response | None:
        """The page of a thing; nothing if nothing is known of it."""
        try:
            show = _PAGES.get(kind_of(iri), thing.page)
            return await show(self.site, request, iri)
        except ValueError:
            return None
