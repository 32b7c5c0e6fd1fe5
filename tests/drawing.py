"""The imports of the packages, turned into the drawings of docs/architecture.md: ``python -m tests.drawing`` writes them anew.

The graph is that of grimp, the library under import-linter. An arrow goes from who imports to what is imported; one that follows from
others (a to c, where a goes to b and b to c) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
ROOMS = ("api", "graph", "ingest", "ontology", "queries")
DRAWINGS = re.compile(r"(?<=<!-- imports -->\n).*?(?=<!-- end of imports -->)", re.DOTALL)
Arrows = Mapping[str, frozenset[str]]


def imports() -> grimp.ImportGraph:
    """Who imports what; what only a type checker reads makes no arrow."""
    return grimp.build_graph(*ROOMS, exclude_type_checking_imports=True, cache_dir=None)


def arrows(graph: grimp.ImportGraph, parts: frozenset[str]) -> Arrows:
    """For each part the other parts that it, or anything below it, imports."""
    below = {part: {part, *graph.find_descendants(part)} for part in parts}
    owner = {module: part for part, modules in below.items() for module in modules}
    return {
        part: frozenset(
            owner[imported]
            for module in modules
            for imported in graph.find_modules_directly_imported_by(module)
            if owner.get(imported, part) != part
        )
        for part, modules in below.items()
    }


def reduced(found: Arrows) -> Arrows:
    """The arrows without those that follow from others.

    >>> sorted(reduced({"a": frozenset("bc"), "b": frozenset("c"), "c": frozenset()})["a"])
    ['b']
    """

    def reached(part: str) -> frozenset[str]:
        return frozenset(found[part]).union(*(reached(other) for other in found[part]))

    return {
        part: frozenset(other for other in to if not any(other in reached(third) for third in to - {other})) for part, to in found.items()
    }


def drawn(found: Arrows) -> Iterator[str]:
    """The arrows as a flow chart of Mermaid."""

    def name(part: str) -> str:
        return part.rpartition(".")[2]

    yield "```mermaid"
    yield "flowchart TD"
    for part in sorted(found):
        yield f"  {name(part)}"
    for part in sorted(found):
        yield from (f"  {name(part)} --> {name(other)}" for other in sorted(found[part]))
    yield "```"


def drawings() -> str:
    """All drawings, as they stand in the page."""
    graph = imports()
    lines = ["", *drawn(reduced(arrows(graph, frozenset(ROOMS)))), ""]
    for room in ROOMS:
        lines += [f"`{room}/`:", "", *drawn(reduced(arrows(graph, frozenset(graph.find_children(room))))), ""]
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Writes the page."""
    PAGE.write_text(DRAWINGS.sub(lambda _: drawings(), PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
