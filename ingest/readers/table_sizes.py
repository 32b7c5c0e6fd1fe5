"""The tables of one file, counted while they are read: too many columns, cells or tables in tables are refused."""

from __future__ import annotations

from ingest.errors import TooLargeError
from ingest.limits import ReadLimits


class TableSizes:
    """What the tables of one file may still hold."""

    def __init__(self, name: str, limits: ReadLimits) -> None:
        self._name, self._limits, self._cells = name, limits, limits.cells

    def row(self, columns: int, places: int) -> None:
        """Counts a part of a row that ends at so many columns and takes so many places under its spans."""
        self._cells -= places
        if columns > self._limits.columns:
            raise TooLargeError(
                self._name,
                f"有一张表超过 {self._limits.columns:,} 列",
                f"one of its tables has more than {self._limits.columns:,} columns",
            )
        if self._cells < 0:
            raise TooLargeError(
                self._name,
                f"表格的单元格超过可读的 {self._limits.cells:,} 个",
                f"its tables have more than the {self._limits.cells:,} cells that are read",
            )

    def nested(self, depth: int) -> None:
        """Refuses tables inside so many others."""
        if depth > self._limits.nesting:
            raise TooLargeError(
                self._name, f"表格嵌套超过 {self._limits.nesting} 层", f"its tables are nested deeper than {self._limits.nesting}"
            )
