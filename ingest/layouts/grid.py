"""A table's cells with their spans -> rows of places, each place knowing whether its cell begins there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.fields.folding import bare, stacked
from ingest.model.document import Cell, Table, Text


@dataclass(frozen=True, slots=True)
class GridPlace:
    """One place of the grid: its cell (None for a hole) and whether the cell begins in this row and this column."""

    cell: Cell | None
    new_row: bool = True
    new_column: bool = True

    @property
    def text(self) -> Text:
        """The text of the cell, its paragraphs one below the other."""
        return stacked(self.cell.paragraphs) if self.cell is not None else Text("", ())

    @property
    def first(self) -> bool:
        """Whether the cell begins here."""
        return self.cell is not None and self.new_row and self.new_column


Row = Sequence[GridPlace]


def rows(table: Table) -> list[list[GridPlace]]:
    """The rectangular grid of a table."""
    height = max((cell.row + cell.rowspan for cell in table.cells), default=0)
    width = max((cell.column + cell.colspan for cell in table.cells), default=0)
    grid = [[GridPlace(None) for _ in range(width)] for _ in range(height)]
    for cell in table.cells:
        for r in range(cell.row, cell.row + cell.rowspan):
            for c in range(cell.column, cell.column + cell.colspan):
                grid[r][c] = GridPlace(cell, r == cell.row, c == cell.column)
    return grid


def label(row: Row) -> Text | None:
    """The text of a row that says one thing across the whole width: a section row."""
    filled = {id(place.cell): place.text for place in row if place.cell is not None and bare(place.text.value)}
    if len(filled) != 1 or len(row) < 2:
        return None
    cell = next(place.cell for place in row if place.cell is not None and id(place.cell) in filled)
    spans = cell is not None and cell.rowspan == 1 and cell.colspan >= max(2, len(row) - 1)
    return next(iter(filled.values())) if spans else None


def values(row: Row) -> list[str]:
    """The folded texts of a row without blanks."""
    return [bare(place.text.value) for place in row]
