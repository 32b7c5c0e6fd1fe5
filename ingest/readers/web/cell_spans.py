"""Cells in the order a format lists them -> cells on a grid, with row and column spans as the format means them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.model.document import Cell, Text


@dataclass(frozen=True, slots=True)
class Loose:
    """A cell before it has a place: its paragraphs and its spans; ``rowspan`` 0 reaches the last row."""

    paragraphs: tuple[Text, ...]
    rowspan: int = 1
    colspan: int = 1


def placed(rows: Iterable[Iterable[Loose]]) -> Iterator[Cell]:
    """Each cell at the first free place of its row, as the HTML table model has it."""
    grid = [list(row) for row in rows]
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(grid):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            height = min(cell.rowspan or len(grid), len(grid) - r)
            width = cell.colspan
            taken.update((r + i, c + j) for i in range(height) for j in range(width))
            yield Cell(cell.paragraphs, r, c, height, width)
            c += width
