"""Rows of things with their numbers of tasks, turned into the pages that list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from pyoxigraph import NamedNode

from api.pages.labels import LabelIndex
from api.pages.maps import district_map
from api.pages.outlines import outlines
from api.pages.site import Row, Site, language_of
from ontology import terms

CLASSES: Mapping[str, NamedNode] = {
    "technology": terms.Technology,
    "instrument": terms.Instrument,
    "organisation": terms.Organisation,
    "event": terms.Event,
    "programme": terms.Programme,
    "place": terms.Place,
    "plan": terms.Plan,
    "group": terms.TaskGroup,
    "theme": terms.Theme,
    "topic": terms.Topic,
    "subject-class": terms.SubjectClass,
}
"""The kinds of things that are listed at ``/things/{kind}``."""
_TREES = {"theme": terms.hasTheme, "topic": terms.hasTopic, "subject-class": terms.hasSubjectClass}
"""The kinds whose list is a tree, with the property by which a task has them."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept with its narrower ones below it."""

    thing: str
    tasks: int
    below: tuple[Branch, ...]


def create_router(site: Site) -> APIRouter:
    """The addresses ``/agencies``, ``/industries``, ``/districts``, ``/platforms``, ``/notices``, ``/things`` and ``/things/{kind}``."""
    router = APIRouter()
    shapes = outlines()

    @router.get("/agencies")
    async def agencies(request: Request) -> Response:
        rows = await site.select("list-units")
        busy = [row for row in rows if row["tasks"]]
        joint = [row for row in rows if row["joint"] and not row["tasks"]]
        idle = [row for row in rows if not row["joint"] and not row["tasks"]]
        return await site.page(request, "agencies.html", rows=busy, joint=joint, idle=idle, most=_most(busy))

    @router.get("/industries")
    async def industries(request: Request) -> Response:
        return await _concepts(site, request, "industry", terms.Industry, terms.involvesIndustry)

    @router.get("/districts")
    async def districts(request: Request) -> Response:
        language, labels = language_of(request), await site.labels()
        rows = await site.select("list-districts")
        drawing = district_map(shapes, rows, labels, language)
        return await site.page(request, "districts.html", rows=rows, drawing=drawing, most=_most(rows))

    @router.get("/platforms")
    async def platforms(request: Request) -> Response:
        rows = gathered(await site.select("list-platforms"), "industry")
        statuses: dict[str, list[Mapping[str, object]]] = {}
        for row in rows:
            statuses.setdefault(str(row["status"] or ""), []).append(row)
        return await site.page(request, "platforms.html", statuses=sorted(statuses.items(), key=lambda of: -len(of[1])), count=len(rows))

    @router.get("/notices")
    async def notices(request: Request) -> Response:
        return await site.page(request, "notices.html", rows=await site.select("list-notices"))

    @router.get("/things")
    async def kinds(request: Request) -> Response:
        labels = await site.labels()
        counts = {kind: sum(1 for thing in labels.names if f"/id/{kind}/" in thing or f"/{kind}/" in thing) for kind in CLASSES}
        return await site.page(request, "kinds.html", counts=counts)

    @router.get("/things/{kind}")
    async def things(request: Request, kind: str) -> Response:
        if kind not in CLASSES:
            raise HTTPException(404)
        if kind in _TREES:
            return await _concepts(site, request, kind, CLASSES[kind], _TREES[kind])
        rows = await site.select("list-things", **{"class": CLASSES[kind]})
        return await site.page(request, "things.html", kind_name=kind, rows=rows, most=_most(rows))

    return router


async def _concepts(site: Site, request: Request, kind: str, class_: NamedNode, property: NamedNode) -> Response:
    labels = await site.labels()
    rows = await (
        site.select("list-topics") if kind == "topic" else site.select("list-concepts", **{"class": class_, "property": property})
    )
    return await site.page(
        request,
        "concepts.html",
        kind_name=kind,
        others=[other for other in _TREES if other != kind],
        tree=tree(rows, labels),
        count=len({row["thing"] for row in rows}),
        most=_most(rows),
    )


def tree(rows: Iterable[Row], labels: LabelIndex) -> tuple[Branch, ...]:
    """Concepts under their broader ones, most tasks first; one with two broader ones stands under both."""
    tasks: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for row in rows:
        thing = str(row["thing"])
        tasks[thing] = int(str(row["tasks"]))
        below.setdefault(str(row["broader"] or ""), []).append(thing)

    def branches(of: str, above: tuple[str, ...]) -> tuple[Branch, ...]:
        found = sorted(set(below.get(of, ())) - set(above), key=lambda thing: (-tasks[thing], labels.name(thing)))
        return tuple(Branch(thing, tasks[thing], branches(thing, (*above, thing))) for thing in found)

    return branches("", ())


def gathered(rows: Iterable[Row], column: str) -> list[Mapping[str, object]]:
    """One row for each thing, with all the values of a column."""
    found: dict[str, Row] = {}
    values: dict[str, list[str]] = {}
    for row in rows:
        thing = str(row["thing"])
        found.setdefault(thing, row)
        if row[column] is not None:
            values.setdefault(thing, []).append(str(row[column]))
    return [{**row, column: values.get(thing, [])} for thing, row in found.items()]


def _most(rows: Sequence[Row]) -> int:
    return max([int(str(row["tasks"])) for row in rows] or [1]) or 1
