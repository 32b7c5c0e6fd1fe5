"""One notice, turned into its page: its facts with the words that state them, its groups and tasks, where it comes from."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from fastapi import Request, Response
from pyoxigraph import NamedNode

from api.pages.questions import asking
from api.pages.site import Row, Site, language_of
from api.pages.task_filters import TaskLine, lines
from api.pages.thing import property_name
from api.pages.wording import address
from ontology.names import DCTERMS, GRAPH, ID, SCHEMA

_MOST = 400
QUESTIONS = ("notice-in-figures", "facts-about-notice", "quantities", "milestones", "plan-and-year-figures", "unsure-readings")
"""Questions of the catalogue that take a notice."""
_TITLE = DCTERMS["title"].value
_NUMBER = SCHEMA["legislationIdentifier"].value


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact about the notice and the words that state it."""

    property: str
    value: str
    quote: str
    line: int


async def page(site: Site, request: Request, notice: str) -> Response | None:
    """The page of a notice; nothing if there is no such notice."""
    language, labels, node = language_of(request), await site.labels(), NamedNode(notice)
    names = ("notice-statements", "notice-provenance")
    said, origin = await asyncio.gather(*(site.select(name, notice=node) for name in names))
    tasks = [NamedNode(str(row["task"])) for row in await site.select("tasks-of-notices", notice=node)]
    if not said and not tasks:
        return None
    read = lines(await site.select("task-list", task=tuple(tasks[:_MOST]))) if tasks else ()
    facts = stated(said)
    key = notice.removeprefix(f"{ID}notice/")
    return await site.page(
        request,
        "notice.html",
        notice=notice,
        elsewhere=await site.elsewhere(notice),
        title=next((fact.value for fact in facts if fact.property == _TITLE), labels.name(notice, language)),
        document=next((fact.value for fact in facts if fact.property == _NUMBER), ""),
        facts=[fact for fact in facts if fact.property not in {_TITLE, _NUMBER}],
        figures=figures(read),
        groups=groups(read),
        cut=len(tasks) > _MOST,
        origin=next((row for row in origin if row["sha256"] is not None), None),
        warnings=[row for row in origin if row["code"] is not None],
        graphs=[
            (name, address("zh", "/store", [("graph", GRAPH[f"{name}/{key}"].value)])) for name in ("notice", "inferred", "provenance")
        ],
        questions=[(name, asking(name, notice, language)) for name in QUESTIONS],
        as_read_href=address(language, "/as-read", [("notice", key)]),
        tasks_href=address(language, "/tasks", [("notice", key)]),
        property_name=partial(property_name, site, labels, language),
    )


def stated(rows: Iterable[Row]) -> tuple[Stated, ...]:
    """The facts in the order in which the notice states them."""
    return tuple(
        Stated(str(row["property"]), str(row["value"]), " ".join(str(row["quote"]).split()), int(str(row["line"]))) for row in rows
    )


def figures(read: Iterable[TaskLine]) -> dict[str, int]:
    """How much the notice has of what."""
    tasks = list(read)
    return {
        "tasks": len(tasks),
        "targets": sum(len(line.targets) for line in tasks),
        "units": len({unit for line in tasks for unit in line.units}),
        "quantities": sum(len(line.quotes) for line in tasks),
    }


def groups(read: Iterable[TaskLine]) -> list[tuple[str, list[TaskLine]]]:
    """The tasks under their groups, in the order of the notice."""
    found: dict[str, list[TaskLine]] = {}
    for line in read:
        for group in sorted(line.values["group"]) or [""]:
            found.setdefault(group, []).append(line)
    return list(found.items())
