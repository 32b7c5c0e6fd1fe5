"""The outlines of districts as GeoJSON, turned into paths of a drawing; made once, kept in ``outlines.json`` with NOTICE and LICENSE.

``python -m api.pages.outlines < api/web/districts/shanghai.geojson > api/pages/outlines.json``
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import cos, radians
from typing import Any

_WIDTH = 460.0
_STEP = 1.3
"""Points nearer to the last one than this, in units of the drawing, are left out."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outlines:
    """A drawing's size, and by code the path of each district and where its name stands."""

    width: int
    height: int
    paths: Mapping[str, str]
    places: Mapping[str, Point]


def outlines() -> Outlines:
    """The districts of Shanghai by their codes of GB/T 2260."""
    read = json.loads((files("api.pages") / "outlines.json").read_text("utf-8"))
    return Outlines(read["width"], read["height"], read["paths"], {code: (x, y) for code, (x, y) in read["places"].items()})


def drawn(geography: Mapping[str, Any]) -> dict[str, Any]:
    """The features on a plane: longitudes shortened by the cosine of the middle latitude, north up."""
    shapes = {str(feature["properties"]["adcode"]): list(_rings(feature["geometry"])) for feature in geography["features"]}
    every = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in every), max(x for x, _ in every)
    south, north = min(y for _, y in every), max(y for _, y in every)
    narrow = cos(radians((south + north) / 2))
    scale = _WIDTH / ((east - west) * narrow)

    def put(point: Sequence[float]) -> Point:
        return round((point[0] - west) * narrow * scale, 1), round((north - point[1]) * scale, 1)

    centres = {str(feature["properties"]["adcode"]): feature["properties"]["centroid"] for feature in geography["features"]}
    return {
        "width": round(_WIDTH),
        "height": round((north - south) * scale),
        "paths": {code: "".join(_path([put(point) for point in ring]) for ring in rings) for code, rings in sorted(shapes.items())},
        "places": {code: put(centre) for code, centre in sorted(centres.items())},
    }


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[Point]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [(float(x), float(y)) for x, y, *_ in ring]


def _path(ring: Sequence[Point]) -> str:
    kept = [ring[0]]
    for x, y in ring[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _STEP:
            kept.append((x, y))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z" if len(kept) > 2 else ""


if __name__ == "__main__":
    json.dump(drawn(json.load(sys.stdin)), sys.stdout, indent=0, sort_keys=True)
