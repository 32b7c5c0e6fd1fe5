"""Names of bodies at every level, and words that stand where a unit should and are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.fields.bodies import body, function_of
from ingest.fields.responsible_units import is_asserted


def names(kind: str) -> list[str]:
    """One name a line."""
    return (Path(__file__).parents[2] / f"data/names/{kind}.txt").read_text(encoding="utf-8").split()


BODIES = names("bodies")
SEVERAL = names("several")
NONE = names("none")


@pytest.mark.parametrize("name", BODIES)
def test_a_body(name: str) -> None:
    read = body(name)
    assert read is not None
    assert not read.collective


@pytest.mark.parametrize("name", SEVERAL)
def test_several_bodies(name: str) -> None:
    read = body(name)
    assert read is not None
    assert read.collective


@pytest.mark.parametrize("name", NONE)
def test_no_body(name: str) -> None:
    assert not is_asserted(name)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("苏州市发展和改革委员会", "development-reform"),
        ("县发改局", "development-reform"),
        ("国家发展改革委", "development-reform"),
        ("区市场监管局", "market-regulation-dept"),
        ("市场监管总局", "market-regulation-dept"),
        ("省科技厅", "science-technology"),
        ("市科委", "science-technology"),
        ("县教体局", "education"),
        ("国家税务总局江苏省税务局", "tax"),
        ("市委组织部", "organisation-dept"),
        ("审计署", "audit-dept"),
        ("湿地科", None),
    ],
)
def test_function_by_name(name: str, function: str | None) -> None:
    assert function_of(name) == function


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("海关总署", "national"),
        ("省财政厅", "province"),
        ("市财政局", "city"),
        ("县财政局", "county"),
        ("昆山市财政局", "county"),
        ("合肥市财政局", "city"),
        ("城关镇人民政府", "town"),
        ("综合科", "office"),
    ],
)
def test_level_by_name(name: str, level: str) -> None:
    read = body(name)
    assert read is not None
    assert read.level == level
