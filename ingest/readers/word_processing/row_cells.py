"""Rows that each say where their cells end, as Word and RTF write them -> a table with the spans that come of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.model.document import Cell, Table, Text
from ingest.readers.table_sizes import TableSizes

_ALIKE = 30
"""Twentieths of a point up to which edges of two rows are one: programs round them differently."""


@dataclass(frozen=True, slots=True)
class RowCell:
    """One cell of a row: where it begins and ends, whether it goes on with the cell to its left or above it."""

    paragraphs: tuple[Text, ...]
    left: int
    right: int
    joins_left: bool = False
    joins_above: bool = False


def table_of(rows: Sequence[Sequence[RowCell]], sizes: TableSizes) -> Table | None:
    """The table of these rows, counted against what may be read; None where they hold no cell.

    A cell that goes on with another prints nothing of its own.
    """
    whole = [list(_joined(row)) for row in rows]
    columns = _columns(whole)
    cells: list[Cell] = []
    above: dict[tuple[int, int], int] = {}
    for r, row in enumerate(whole):
        end = 0
        current: dict[tuple[int, int], int] = {}
        for cell in row:
            column = max(end, _place(columns, cell.left))
            end = max(column + 1, _place(columns, cell.right))
            sizes.row(end, end - column)
            held = above.get((column, end)) if cell.joins_above else None
            if held is None:
                held = len(cells)
                cells.append(Cell(cell.paragraphs, r, column, 1, end - column))
            else:
                over = cells[held]
                cells[held] = Cell(over.paragraphs, over.row, column, r - over.row + 1, over.colspan)
            current[column, end] = held
        above = current
    return Table(tuple(cells)) if cells else None


def _joined(row: Sequence[RowCell]) -> Iterator[RowCell]:
    """The cells of a row, those that go on to the left made one."""
    open_: RowCell | None = None
    for cell in row:
        if open_ is not None and cell.joins_left:
            open_ = RowCell(open_.paragraphs, open_.left, max(open_.right, cell.right), joins_above=open_.joins_above)
            continue
        if open_ is not None:
            yield open_
        open_ = cell
    if open_ is not None:
        yield open_


def _columns(rows: Sequence[Sequence[RowCell]]) -> list[int]:
    """The places where columns begin: edges that lie closer than any two of one row are the same."""
    narrow = [b - a for row in rows if row for a, b in pairwise([row[0].left, *(cell.right for cell in row)]) if b > a]
    alike = min(_ALIKE, max(0, min(narrow, default=0) - 1))
    columns: list[int] = []
    for edge in sorted({edge for row in rows for cell in row for edge in (cell.left, cell.right)}):
        if not columns or edge - columns[-1] > alike:
            columns.append(edge)
    return columns


def _place(columns: Sequence[int], edge: int) -> int:
    """The last column that begins at or left of an edge."""
    place = bisect_left(columns, edge + 1) - 1
    return max(0, place)
