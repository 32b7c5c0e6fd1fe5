"""Numbers of tasks by district, turned into a map of Shanghai: the outlines shaded, the crowded middle once more and larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.labels import LabelIndex
from api.pages.outlines import Outlines
from api.pages.site import Row
from api.pages.wording import address
from ontology.names import ID

_MIDDLE = frozenset({"310101", "310104", "310105", "310106", "310107", "310109", "310110"})
"""The districts too small for their names on the whole map."""
_INSET = 340
_GAP = 30


@dataclass(frozen=True, slots=True)
class Area:
    """A district: its outline, how dark it is (0 to 1), its name and number, where these stand, what a click opens."""

    code: str
    path: str
    shade: float
    name: str
    tasks: int
    x: float
    y: float
    href: str
    middle: bool


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """The map and the part of it that is drawn larger: ``view`` is that part, at ``inset`` with the size ``side``."""

    width: int
    height: int
    areas: tuple[Area, ...]
    view: str
    inset: tuple[int, int]
    side: int
    scale: float


def district_map(shapes: Outlines, rows: Sequence[Row], labels: LabelIndex, language: str) -> DistrictMap:
    """The map of rows with ``thing``, ``code`` and ``tasks``."""
    most = max([int(str(row["tasks"])) for row in rows] or [1]) or 1
    areas = []
    for row in rows:
        code, tasks = str(row["code"]), int(str(row["tasks"]))
        if code in shapes.paths:
            x, y = shapes.places[code]
            name = labels.name(row["thing"], language)
            name = name.removesuffix("新区").removesuffix("区").removesuffix(" New Area").removesuffix(" District")
            href = address(language, "/tasks", [("district", str(row["thing"]).removeprefix(f"{ID}district/"))])
            shade = round(0.07 + 0.55 * tasks / most, 2) if tasks else 0.0
            areas.append(Area(code, shapes.paths[code], shade, name, tasks, x, y, href, code in _MIDDLE))
    middle = [area for area in areas if area.middle]
    if not middle:
        return DistrictMap(shapes.width, shapes.height, tuple(areas), "", (0, 0), 0, 1)
    x, y = (sum(point) / len(middle) for point in zip(*((area.x, area.y) for area in middle), strict=True))
    reach = 1.75 * max(max(abs(area.x - x), abs(area.y - y)) for area in middle)
    view = f"{x - reach:.1f} {y - reach:.1f} {2 * reach:.1f} {2 * reach:.1f}"
    return DistrictMap(
        shapes.width + _GAP + _INSET, shapes.height, tuple(areas), view, (shapes.width + _GAP, 12), _INSET, 2 * reach / _INSET
    )
