"""The cells and rows of an RTF file as they end -> its tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.model.document import Table, Text
from ingest.readers.table_sizes import TableSizes
from ingest.readers.word_processing.row_cells import RowCell, table_of


@dataclass(slots=True)
class _Definition:
    """Where the cells of a row end, and which go on with their neighbours, as far as it was said."""

    left: int = 0
    edges: list[tuple[int, bool, bool]] = field(default_factory=list)
    joins_left: bool = False
    joins_above: bool = False


class RtfRows:
    """The table that is open while its cells pass by."""

    def __init__(self, sizes: TableSizes) -> None:
        self._sizes = sizes
        self._definition = _Definition()
        self._cell: list[Text] = []
        self._row: list[tuple[Text, ...]] = []
        self._rows: list[list[RowCell]] = []

    @property
    def is_open(self) -> bool:
        """Whether a row has begun and not ended."""
        return bool(self._row or self._cell)

    def define(self) -> None:
        """A row is about to be defined."""
        self._definition = _Definition()

    def begins_at(self, left: int) -> None:
        """Where the first cell of the row begins."""
        self._definition.left = left

    def joins(self, above: bool) -> None:
        """The next cell goes on with the one above it, or to its left."""
        if above:
            self._definition.joins_above = True
        else:
            self._definition.joins_left = True

    def edge(self, right: int) -> None:
        """Where the next cell ends."""
        row = self._definition
        self._sizes.row(len(row.edges) + 1, 0)
        row.edges.append((right, row.joins_left, row.joins_above))
        row.joins_left = row.joins_above = False

    def add(self, text: Text) -> None:
        """A paragraph of the cell that is open."""
        self._cell.append(text)

    def end_cell(self) -> None:
        """The cell is complete."""
        self._sizes.row(len(self._row) + 1, 0)
        self._row.append(tuple(self._cell))
        self._cell = []

    def end_row(self, hidden: bool = False) -> None:
        """The row is complete; what was said of it last holds. A row whose end is ``hidden``, and that prints nothing, is none."""
        if self._cell:
            self.end_cell()
        if hidden and not any(self._row):
            self._row = []
        cells: list[RowCell] = []
        left = self._definition.left
        for i, paragraphs in enumerate(self._row):
            right, joins_left, joins_above = self._definition.edges[i] if i < len(self._definition.edges) else (0, False, False)
            right = max(left + 1, right)
            cells.append(RowCell(paragraphs, left, right, joins_left, joins_above))
            left = right
        if cells:
            self._rows.append(cells)
        self._row = []

    def table(self) -> Table | None:
        """The table that ends here, if there is one."""
        if not self._rows:
            return None
        table = table_of(self._rows, self._sizes)
        self._rows = []
        return table
