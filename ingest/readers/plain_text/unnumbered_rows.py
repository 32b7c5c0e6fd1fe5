"""A table without numbers that lost its rows, one cell a line -> Table: known heads, then rows of whole width.

Nothing but what the cells are says where its rows begin. They are read as long as each holds in every column what its head says, and there
are two at least; where names of bodies follow that fit no row, none is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice

from ingest.fields.dates import DATE
from ingest.fields.folding import bare, fold
from ingest.layouts.columns import UNITS, is_head, known_heads, settled
from ingest.model.document import Cell, Table, Text
from ingest.readers.plain_text.row_fitting import is_words, kind_of

_HEADS_WITHIN = 12  # lines that hold the heads
_HOLDS = {**dict.fromkeys(UNITS, "units"), "deadline": "deadline", "leader": "person"}
"""What the cells of columns are that hold no words."""


def unnumbered(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """The table whose heads begin at a line, and the line after it.

    >>> said = ["工作任务", "责任单位", "时限", "新建书屋2座", "县文旅局", "6月底前", "培训教师80人", "县教育局", "9月底前", "打印"]
    >>> table, end = unnumbered([Text.at_offset(one, 0) for one in said], 0)
    >>> len(table.cells), end
    (9, 9)
    >>> unnumbered([Text.at_offset(one, 0) for one in said[:6]], 0)
    (None, 0)
    >>> unnumbered([Text.at_offset(one, 0) for one in (*said[:9], "维修农机", "500台", "县农机中心", "12月底前")], 0)
    (None, 0)
    """
    filled = ((lines[i].strip(), i + 1) for i in range(start, len(lines)) if lines[i].value.strip())
    first = list(islice(filled, _HEADS_WITHIN))
    width = known_heads([bare(cell.value) for cell, _ in first])
    kinds = settled([is_head(bare(cell.value)) for cell, _ in first[:width]]) if width > 2 else ()
    if "text" not in kinds or "number" in kinds or not any(kind in UNITS for kind in kinds):
        return None, start
    cells = chain(first[width:], filled)
    rows: list[list[tuple[Text, int]]] = []
    row = list(islice(cells, width))
    while len(row) == width and all(_fits(cell, kind) for (cell, _), kind in zip(row, kinds, strict=True)):
        rows.append(row)
        row = list(islice(cells, width))
    if len(rows) < 2 or _goes_on([cell for cell, _ in chain(row, islice(cells, width))]):
        return None, start
    placed = [Cell((cell,), r, c) for r, row in enumerate([first[:width], *rows]) for c, (cell, _) in enumerate(row)]
    return Table(tuple(placed)), rows[-1][-1][1]


def _goes_on(cells: Sequence[Text]) -> bool:
    """Whether what follows the rows holds names of bodies, and not those of who signed on a date: a row that is not whole."""
    kinds = [kind_of([cell]) for cell in cells]
    signed = any(DATE.fullmatch(bare(fold(cell.value))) for cell in cells)
    return "units" in kinds and not signed


def _fits(cell: Text, kind: str) -> bool:
    """Whether a cell is what its column holds."""
    found = kind_of([cell])
    if kind in _HOLDS:
        return found == _HOLDS[kind]
    return is_words(found) if kind in ("text", "targets", "group") else found != "units"
