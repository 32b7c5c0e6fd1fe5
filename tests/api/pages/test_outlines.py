"""The outlines of districts: those of the package are what the geography gives, drawn north up and not stretched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.pages.outlines import drawn, outlines

ROOT = Path(__file__).parents[3]


def feature(code: str, *rings: list[tuple[float, float]], centroid: tuple[float, float] = (0, 0)) -> dict[str, Any]:
    return {"properties": {"adcode": code, "centroid": centroid}, "geometry": {"type": "Polygon", "coordinates": rings}}


def test_the_outlines_of_the_package_are_made_of_the_geography() -> None:
    geography = json.loads((ROOT / "api/web/districts/shanghai.geojson").read_text("utf-8"))
    kept = json.loads((ROOT / "api/pages/outlines.json").read_text("utf-8"))
    assert json.loads(json.dumps(drawn(geography))) == kept
    made = outlines()
    assert len(made.paths) == len(made.places) == 16
    assert (made.width, made.height) == (kept["width"], kept["height"])
    assert all(0 <= x <= made.width and 0 <= y <= made.height for x, y in made.places.values())
    assert set(map(type, made.places.values())) == {tuple}


def test_north_is_up_and_the_drawing_as_wide_as_it_says() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    made = drawn({"features": [feature("1", square, centroid=(5, 0)), feature("0", square, centroid=(0, 10))]})
    assert list(made["paths"]) == ["0", "1"]
    assert made["paths"]["1"] == "M0 461.8L460 461.8L460 0L0 0Z"
    assert (made["width"], made["height"]) == (460, 462)
    assert made["places"] == {"0": (0.0, 0.0), "1": (230.0, 461.8)}


def test_longitudes_are_shortened_by_the_latitude() -> None:
    made = drawn({"features": [feature("1", [(0.0, 59.0), (2.0, 59.0), (2.0, 61.0), (0.0, 61.0)])]})
    assert made["height"] == pytest.approx(2 * made["width"], abs=2)


def test_points_nearer_than_a_step_are_left_out_and_a_line_is_no_outline() -> None:
    far = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)]
    near = [*far, (100.0, 99.9), (50.0, 100.0)]
    made = drawn({"features": [feature("1", far), feature("2", near), feature("3", [(0.0, 0.0), (0.1, 0.0), (100.0, 100.0)])]})
    assert [made["paths"][code].count(" ") for code in "123"] == [3, 4, 0]


def test_every_ring_of_every_polygon_is_drawn() -> None:
    ring = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    several = {
        "properties": {"adcode": "1", "centroid": (0, 0)},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring, ring], [ring]]},
    }
    assert drawn({"features": [several]})["paths"]["1"].count("M") == 3
