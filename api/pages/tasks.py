"""What an address asks of the tasks, turned into the page at ``/tasks`` and the same list as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from api.answers import tables as rows
from api.pages.labels import LabelIndex
from api.pages.site import Row, Site, language_of
from api.pages.task_filters import FACETS, ORDERS, Option, TaskFilter, TaskLine, asked, lines, narrowed, options, short, table
from api.pages.wording import address

MOST = 600
"""As many tasks as one list looks at."""
PAGE = 100
_NOTICES = 100
_SHOWN = 8
_KEPT = 8
_FILES: tuple[tuple[str, list[tuple[str, str]]], ...] = (("questions.csv", []), ("questions.excel", [("bom", "1")]))
_ANCHORS = ("group", "platform", "unit", "district", "industry", "theme", "topic", "subject-class")
_WITHIN = {"": "tasks-of-notices", "notice": "tasks-of-notices", "topic": "tasks-with-topic"}
"""Where the tasks of a choice are asked for, if not at ``tasks-with-thing``."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The tasks that a list looks at; ``cut`` says that there are more."""

    tasks: tuple[TaskLine, ...]
    cut: bool


class TaskList:
    """The tasks of the snapshot that is served, read once for each scope."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._kept: dict[tuple[str, tuple[str, ...]], Scope] = {}

    async def scope(self, of: TaskFilter) -> Scope:
        """The tasks to choose among: of all notices where these are few, else of the notices or the thing chosen, else of the latest."""
        latest = await self.site.select("latest-notices")
        first = fitting(latest)
        few = len(first) == len(latest) <= _NOTICES
        anchor = next((facet for facet in ("notice", *_ANCHORS) if of.chosen.get(facet)), "")
        things = tuple(sorted(of.chosen[anchor])) if anchor and not few else first
        query = "tasks-of-notices" if few else _WITHIN.get(anchor, "tasks-with-thing")
        key = (self.site.snapshot(), things)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = await self._read(query, things, cut=not few and not anchor)
        return self._kept[key]

    async def _read(self, query: str, things: Iterable[str], *, cut: bool) -> Scope:
        terms = tuple(map(NamedNode, things))
        name = "notice" if query == "tasks-of-notices" else "thing"
        found = [NamedNode(str(row["task"])) for row in await self.site.select(query, **{name: terms})] if terms else []
        read = await self.site.select("task-list", task=tuple(found[:MOST])) if found else []
        return Scope(lines(read), cut or len(found) > MOST)


def create_router(site: Site, listed: TaskList) -> APIRouter:
    """The addresses ``/tasks`` and ``/tasks.csv``."""
    router = APIRouter()

    @router.get("/tasks")
    async def page(request: Request) -> Response:
        language, of = language_of(request), asked(request.query_params.multi_items())
        scope = await listed.scope(of)
        labels = await site.naming(thing for line in scope.tasks for thing in line.things)
        found = narrowed(scope.tasks, of)
        number = _number(request.query_params.get("page", ""), len(found))
        view: dict[str, Any] = {
            "asked": of,
            "facets": list(_facets(site, scope.tasks, of, labels, language)),
            "found": found[(number - 1) * PAGE : number * PAGE],
            "count": len(found),
            "total": len(scope.tasks),
            "cut": scope.cut,
            "page": number,
            "pages": -(-len(found) // PAGE),
            "orders": ORDERS,
            "hidden": [pair for pair in pairs(of) if pair[0] not in {"q", "sort"}],
            "chosen": list(_chosen(site, of, labels, language)),
            "to_page": lambda other: address(language, "/tasks", [*pairs(of), ("page", str(other))]),
            "csv": [(key, address(language, "/tasks.csv", [*pairs(of), *extra])) for key, extra in _FILES],
            "several": len({line.notice for line in scope.tasks}) > 1,
        }
        return await site.page(request, "tasks.html", **view)

    @router.get("/tasks.csv")
    async def as_csv(request: Request) -> Response:
        language, of = language_of(request), asked(request.query_params.multi_items())
        found = narrowed((await listed.scope(of)).tasks, of)
        labels = await site.naming(thing for line in found for thing in line.things)
        shown = table(found, lambda iri: labels.name(iri, language))
        heads = [site.say(language, f"tasks.column.{column}") for column in shown.columns]
        content = rows.to_csv(shown, heads, excel=request.query_params.get("bom") == "1")
        return Response(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'inline; filename="tasks.csv"'})

    return router


def fitting(latest: Iterable[Row]) -> tuple[str, ...]:
    """The first notices, of rows with ``notice`` and ``tasks``, whose tasks are together not more than a list looks at; one at least."""
    found: list[str] = []
    total = 0
    for row in latest:
        total += int(str(row["tasks"]))
        if found and total > MOST:
            break
        found.append(str(row["notice"]))
    return tuple(found)


def pairs(of: TaskFilter) -> list[tuple[str, str]]:
    """The address of what is asked for, always written in the same way."""
    values = [(facet, short(facet, value)) for facet in FACETS for value in sorted(of.chosen.get(facet, ()))]
    return [*values, *([("q", of.words)] if of.words else []), *([("sort", of.order)] if of.order != "position" else [])]


def toggled(of: TaskFilter, facet: str, value: str) -> TaskFilter:
    """What is asked for with one value more, or without it where it is there."""
    return TaskFilter({**of.chosen, facet: of.chosen.get(facet, frozenset()) ^ {value}}, of.words, of.order)


def _facets(site: Site, tasks: tuple[TaskLine, ...], of: TaskFilter, labels: LabelIndex, language: str) -> Iterator[dict[str, Any]]:
    places = {group: place for place, group in enumerate(dict.fromkeys(group for line in tasks for group in line.values["group"]))}
    for facet, found in options(tasks, of).items():
        if len(found) < 2 and not any(option.chosen for option in found):
            continue
        ordered: list[Option] = sorted(found, key=lambda option: places.get(option.value, 0)) if facet == "group" else list(found)
        shown = [
            {
                "label": _label(site, facet, option.value, labels, language),
                "count": option.count,
                "chosen": option.chosen,
                "href": address(language, "/tasks", pairs(toggled(of, facet, option.value))),
            }
            for option in ordered
        ]
        at_once = [place < _SHOWN or option.chosen for place, option in enumerate(ordered)]
        yield {"name": facet, "first": list(compress(shown, at_once)), "rest": list(compress(shown, [not each for each in at_once]))}


def _chosen(site: Site, of: TaskFilter, labels: LabelIndex, language: str) -> Iterator[dict[str, str]]:
    """What is chosen, each with the address without it."""
    for facet in FACETS:
        for value in sorted(of.chosen.get(facet, ())):
            label = _label(site, facet, value, labels, language)
            yield {"facet": facet, "label": label, "href": address(language, "/tasks", pairs(toggled(of, facet, value)))}


def _label(site: Site, facet: str, value: str, labels: LabelIndex, language: str) -> str:
    return labels.name(value, language) if FACETS[facet] else site.wordings.get(f"tasks.{facet}.{value}", {}).get(language, value)


def _number(written: str, count: int) -> int:
    last = max(1, -(-count // PAGE))
    return min(last, int(written)) if written.isascii() and written.isdigit() and len(written) < 10 and int(written) else 1
