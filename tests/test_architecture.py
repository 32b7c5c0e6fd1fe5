"""docs/architecture.md is true: its drawings are those of the imports, the modules it names are there, every package has its layer."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.drawing import DRAWINGS, PAGE, ROOMS, arrows, drawings, drawn, imports, reduced

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def test_the_drawings_are_those_of_the_imports() -> None:
    found = DRAWINGS.search(PAGE.read_text("utf-8"))
    assert found
    assert found[0] == drawings(), "python -m tests.drawing writes them anew"


def test_no_arrow_is_lost_by_leaving_out_those_that_follow() -> None:
    graph = imports()
    for parts in (frozenset(ROOMS), *(frozenset(graph.find_children(room)) for room in ROOMS)):
        every, fewer = arrows(graph, parts), reduced(arrows(graph, parts))
        assert sum(map(len, every.values())) > 0

        def reached(part: str, left: dict[str, frozenset[str]]) -> frozenset[str]:
            return left[part].union(*(reached(other, left) for other in left[part]))

        assert all(every[part] <= reached(part, dict(fewer)) for part in parts)


def test_an_arrow_is_drawn() -> None:
    assert list(drawn({"x.a": frozenset({"x.b"}), "x.b": frozenset()})) == ["```mermaid", "flowchart TD", "  a", "  b", "  a --> b", "```"]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_layers_that_name_all_its_parts(room: str) -> None:
    (contract,) = [each for each in CONTRACTS if each.get("containers") == [room]]
    named = {part.strip() for layer in contract["layers"] for part in layer.split("|")}
    children = {child.rpartition(".")[2] for child in imports().find_children(room)}
    assert named == children
    assert contract["exhaustive"] is True
    assert contract.get("ignore_imports", []) == []


def test_circles_are_looked_for_in_every_room() -> None:
    (contract,) = [each for each in CONTRACTS if each["type"] == "acyclic_siblings"]
    assert set(contract["ancestors"]) == set(ROOMS)
    assert {"ignore_imports", "skip_descendants", "depth"} & set(contract) == set()


def test_the_modules_that_the_page_names_are_there() -> None:
    named = re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w/]+(?:\.py|/))`", PAGE.read_text("utf-8"))
    assert len(named) > 60
    assert [name for name in named if not (ROOT / name).exists()] == []
