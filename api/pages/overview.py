"""The tasks of the notices, turned into the overview: load per unit, groups by industry, the map, the network of units."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from api.pages.charts import heat, load, network
from api.pages.maps import district_map
from api.pages.outlines import Outlines, outlines
from api.pages.site import Row, Site, language_of, packed
from api.pages.task_filters import TaskFilter, TaskLine, asked
from api.pages.tasks import Scope, TaskList
from ontology import terms
from ontology.names import ID

FIGURES = ("units", "heat", "districts", "network")
_SVG = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "X-Content-Type-Options": "nosniff"}


class Overview:
    """The figures, each made from the tasks that the list of tasks shows for the same address."""

    def __init__(self, site: Site, listed: TaskList, shapes: Outlines) -> None:
        self.site = site
        self.listed = listed
        self.shapes = shapes

    async def figures(self, request: Request) -> dict[str, Any]:
        """All that the page and its figures show."""
        language = language_of(request)
        of = asked(pair for pair in request.query_params.multi_items() if pair[0] == "notice")
        scope, concepts = await asyncio.gather(self.listed.scope(of), self._concepts())
        tasks = [line for line in scope.tasks if not of.chosen.get("notice") or line.notice in of.chosen["notice"]]
        rows = await self._districts(tasks)
        labels = await self.site.naming(thing for line in tasks for thing in line.things)
        return {
            **_notices(scope, of),
            "tasks": tasks,
            "units": load(tasks, labels, language),
            "heat": heat(tasks, concepts, labels, language),
            "districts": district_map(self.shapes, rows, labels, language),
            "network": network(tasks, labels, language),
            "rows": rows,
        }

    async def _concepts(self) -> frozenset[str]:
        """The industries that have no broader one."""
        rows = await self.site.select("list-concepts", **{"class": terms.Industry, "property": terms.involvesIndustry})
        return frozenset(str(row["thing"]) for row in rows if row["broader"] is None)

    async def _districts(self, tasks: list[TaskLine]) -> list[Row]:
        codes = {str(row["thing"]): row["code"] for row in await self.site.select("list-districts")}
        routes = {thing: [{route for district, route in line.routes if district == thing} for line in tasks] for thing in codes}
        rows: list[Row] = [
            {
                "thing": thing,
                "code": codes[thing],
                "tasks": sum(map(bool, found)),
                **{route: sum(route in each for each in found) for route in ("named", "own", "joint")},
            }
            for thing, found in routes.items()
        ]
        return sorted(rows, key=lambda row: (-int(str(row["tasks"])), str(row["thing"])))


def create_router(site: Site, listed: TaskList) -> APIRouter:
    """The addresses ``/overview`` and ``/overview/{figure}.svg``."""
    router = APIRouter()
    overview = Overview(site, listed, outlines())

    @router.get("/overview")
    async def page(request: Request) -> Response:
        return await site.page(request, "overview.html", **await overview.figures(request))

    @router.get("/overview/{name}.svg")
    async def figure(request: Request, name: str) -> Response:
        if name not in FIGURES:
            raise HTTPException(404)
        found = await overview.figures(request)
        content = await site.written(request, "figure.svg", figure=name, **found)
        headers = {**_SVG, "Content-Disposition": f'attachment; filename="{name}.svg"'}
        return packed(request, content.strip(), "image/svg+xml", headers=headers)

    return router


def _notices(scope: Scope, of: TaskFilter) -> dict[str, Any]:
    notices = list(dict.fromkeys(line.notice for line in scope.tasks))
    chosen = of.chosen.get("notice", frozenset())
    return {
        "notices": notices,
        "chosen": chosen,
        "cut": scope.cut,
        "pairs": [("notice", each.removeprefix(f"{ID}notice/")) for each in sorted(chosen)],
    }
