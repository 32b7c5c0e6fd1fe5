"""An address under ``/id/``, turned into the page of the thing that it names."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request, Response

from api.pages import notice, task, thing
from api.pages.site import Site
from api.pages.thing import RelatedQuestion
from api.pages.wording import kind_of
from queries import Query, catalogue

_ANSWERS = ("tasks", "things", "table", "number", "boolean", "graph")


class Things:
    """The pages of things."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.questions = questions(catalogue())

    async def thing(self, request: Request, iri: str) -> Response | None:
        """The page of a thing; nothing if nothing is known of it."""
        kind = kind_of(iri)
        try:
            if kind == "task":
                page = await task.page(self.site, request, iri)
            elif kind == "notice":
                page = await notice.page(self.site, request, iri)
            else:
                page = await thing.page(self.site, request, iri, self.questions.get(kind, ()))
            return page or await stranger(self.site, request, iri)
        except ValueError:
            return None


async def stranger(site: Site, request: Request, iri: str) -> Response | None:
    """The page of a thing that no graph of the service speaks of, but a writer's does; nothing if nobody does."""
    said = await site.elsewhere(iri)
    return await site.page(request, "stranger.html", thing=iri, elsewhere=said) if said else None


def questions(queries: Mapping[str, Query]) -> Mapping[str, tuple[RelatedQuestion, ...]]:
    """For each kind of thing the questions that need nothing but one thing of that kind."""
    found: dict[str, list[RelatedQuestion]] = {}
    for query in sorted(queries.values(), key=lambda query: (_ANSWERS.index(query.answer), len(query.titles["en"]), query.name)):
        needed = [parameter for parameter in query.parameters if not parameter.optional]
        if len(needed) == 1 and needed[0].type == "iri":
            for kind in needed[0].kinds:
                found.setdefault(kind, []).append(RelatedQuestion(query.name, query.titles, needed[0].name))
    return {kind: tuple(asked) for kind, asked in found.items()}
