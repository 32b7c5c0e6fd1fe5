"""The numbers of the graph and three answers of the catalogue, turned into the first page."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from api.pages.labels import LabelIndex
from api.pages.site import Row, Site, language_of
from api.pages.tasks import MOST
from api.pages.wording import address, local
from graph.errors import TimeLimitError
from queries import Query, catalogue

_ROWS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A question shown with its first rows: which column names the row, which says how much, which quotes."""

    question: str
    values: Mapping[str, str]
    label: str
    value: str = ""
    quote: str = ""
    kind: str = "unit"


EXAMPLES = (
    Example("tasks-by-industry", {"industry": "low-altitude-aviation"}, "task", quote="quotes", kind="industry"),
    Example("load-per-unit", {"notice": ""}, "unit", value="tasks"),
    Example("quantities", {"notice": ""}, "task", value="counts", quote="quote", kind="quantity"),
)
"""The answers on the first page: whom an industry concerns, who bears most, what is promised in numbers. The notice is the latest one."""


FIGURES = (
    ("notices", "/notices"),
    ("tasks", "/tasks"),
    ("targets", "/queries/targets?notice="),
    ("units", "/agencies"),
    ("mentions", "/queries/mentions?notice="),
    ("quantities", "/queries/quantities?notice="),
    ("links", "/queries/external-links"),
)
"""The numbers on the first page, each with the address of the list that has as many rows; ``notice=`` says: of any notice."""


def create_router(site: Site) -> APIRouter:
    """The address ``/``."""
    router = APIRouter()

    @router.get("/")
    async def home(request: Request) -> Response:
        language, labels = language_of(request), await site.labels()
        figures, notices = await asyncio.gather(figures_of(site), site.select("notices"))
        latest = str(notices[0]["notice"]) if notices else ""
        asked = [of_notice(example, latest) for example in EXAMPLES]
        found = await asyncio.gather(*(site.run(f"{text_of(example)}\nLIMIT {_ROWS}") for example in asked))
        answers = [shown(example, rows, labels, language) for example, rows in zip(asked, found, strict=True)]
        numbers = list(counted(figures, language))
        return await site.page(request, "home.html", numbers=numbers, notices=notices, answers=answers)

    return router


def of_notice(example: Example, notice: str) -> Example:
    """The example with the latest notice, where it asks about one."""
    return replace(example, values={**example.values, "notice": notice.rpartition("/")[2]}) if "notice" in example.values else example


def text_of(example: Example) -> str:
    """The query of an example."""
    return catalogue()[example.question].bind(example.values)


async def figures_of(site: Site) -> Row:
    """The numbers of the graph; none where counting takes longer than a query may."""
    try:
        return next(iter(await site.select("figures")), {})
    except TimeLimitError:
        return {}


def counted(figures: Row, language: str) -> Iterator[tuple[str, str, object]]:
    """The numbers of the first page: key, address of what is counted, number."""
    for key, place in FIGURES:
        count = figures.get(key)
        # The list of tasks looks at so many of them only; the question has all.
        beyond = key == "tasks" and isinstance(count, int) and count > MOST
        path, _, query = ("/queries/tasks?notice=" if beyond else place).partition("?")
        yield key, address(language, path, parse_qsl(query, keep_blank_values=True), blanks=True), "—" if count is None else count


def shown(example: Example, rows: Sequence[Row], labels: LabelIndex, language: str) -> dict[str, Any]:
    """The card of an example: title, first rows, address of the whole answer."""
    query = catalogue()[example.question]
    return {
        "title": query.titles[language],
        "note": "；".join(_filled(query, example.values, labels, language)),
        "summary": query.descriptions[language],
        "href": address(language, f"/queries/{query.name}", [(name, value) for name, value in example.values.items() if value]),
        "rows": [_line(example, row, labels, language) for row in rows[:_ROWS]],
    }


def _filled(query: Query, values: Mapping[str, str], labels: LabelIndex, language: str) -> Iterator[str]:
    """What was put into the slots of the question."""
    for parameter in query.parameters:
        if values.get(parameter.name):
            named = labels.name(str(parameter.terms((values[parameter.name],))[0].value), language)
            yield f"{parameter.labels[language]}{'：' if language == 'zh' else ': '}{named}"


def _line(example: Example, row: Row, labels: LabelIndex, language: str) -> dict[str, Any]:
    iri = str(row[example.label])
    quote = str(row.get(example.quote) or "").split("；")[0]
    label = labels.name(iri, language)
    value = row.get(example.value) if example.value else None
    return {"label": label, "href": address(language, local(iri)), "value": value, "quote": quote, "kind": example.kind}
