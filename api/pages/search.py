"""What is typed, turned into the things, the questions and the tasks that fit: as a page and as JSON for the box that suggests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pyoxigraph import Literal

from api.answers.questions import Questions
from api.pages.labels import LabelIndex, folded
from api.pages.site import Site, language_of, wants_page
from api.pages.wording import address, kind_of, local
from graph.errors import TimeLimitError
from queries import Parameter, Query, catalogue

_LIMIT = 50
_LONGEST = 200
_QUESTIONS = 6
_ANSWERS = ("tasks", "things", "number", "boolean", "table", "graph")
_KINDS_OF_LISTS = frozenset({"link", "role", "comparator", "match", "scheme"})
"""Things that nobody looks for by name."""


@dataclass(frozen=True, slots=True)
class SearchHits:
    """One line of what fits: what it is called, what it is, where it is."""

    id: str
    label: str
    note: str
    href: str
    kind: str

    def as_json(self) -> dict[str, str]:
        """The line as JSON has it."""
        return {"id": self.id, "label": self.label, "note": self.note, "href": self.href, "kind": self.kind}


def create_router(site: Site, box: Questions | None = None) -> APIRouter:
    """The addresses ``/search`` (a page, or JSON by Accept) and ``/search.json``."""
    router = APIRouter(include_in_schema=True, tags=["search"])
    questions = catalogue()

    @router.get("/search", summary="Things, questions and tasks that fit a text · 查找")
    @router.get("/search.json", include_in_schema=False)
    async def search(request: Request, q: str = "", limit: int = 20) -> Response:
        text, language, labels = q.strip()[:_LONGEST], language_of(request), await site.labels()
        shown = max(1, min(limit, _LIMIT))
        things = list(named(labels, text, language, shown, site))
        asked = list(fitting(questions, things, text, language))[:_QUESTIONS]
        if request.url.path.endswith(".json") or not wants_page(request):
            found = {"query": text, "results": [each.as_json() for each in things], "questions": [each.as_json() for each in asked]}
            return JSONResponse(found, headers={"Vary": "Accept"})
        told = await box.ask(text) if box and text else None
        try:
            tasks, slow = await site.select("tasks-with-words", words=Literal(text)) if text else [], False
        except TimeLimitError:
            tasks, slow = [], True
        return await site.page(request, "search.html", text=text, things=things, questions=asked, tasks=tasks, slow=slow, told=told)

    return router


def named(labels: LabelIndex, text: str, language: str, limit: int, site: Site) -> Iterator[SearchHits]:
    """The things whose name fits, best first."""
    matches = (match for match in labels.find(text, limit * 2) if kind_of(match.thing) not in _KINDS_OF_LISTS)
    for match in list(matches)[:limit]:
        label, kind = labels.name(match.thing, language), kind_of(match.thing)
        said = site.wordings.get(f"kind.{kind}", {}).get(language, kind)
        note = said if folded(match.name) == folded(label) else f"{match.name} · {said}"
        yield SearchHits(match.thing, label, note, address(language, local(match.thing)), kind)


def fitting(questions: Mapping[str, Query], things: Sequence[SearchHits], text: str, language: str) -> Iterator[SearchHits]:
    """The questions to ask about the first thing found, then those whose titles hold the words."""
    if things:
        for query in sorted(questions.values(), key=_simplicity):
            slot = _slot(query, things[0].kind)
            if slot:
                href = address(language, f"/queries/{query.name}", [(slot.name, things[0].label)])
                yield SearchHits(query.name, query.titles[language], f"{slot.labels[language]}：{things[0].label}", href, "question")
    words = [folded(word) for word in text.split()]
    for query in questions.values():
        titles = folded(" ".join((*query.titles.values(), *query.tags)))
        if words and all(word in titles for word in words):
            yield SearchHits(query.name, query.titles[language], "", address(language, f"/queries/{query.name}"), "question")


def _simplicity(query: Query) -> tuple[int, int]:
    """Questions that list tasks first, and of these the plain ones."""
    return (_ANSWERS.index(query.answer), len(query.titles["zh"]))


def _slot(query: Query, kind: str) -> Parameter | None:
    """The one slot that a question needs filled, if it is made for things of that kind."""
    needed = [parameter for parameter in query.parameters if not parameter.optional]
    fits = len(needed) == 1 and needed[0].type == "iri" and kind in needed[0].kinds
    return needed[0] if fits else None
