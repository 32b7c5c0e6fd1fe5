"""The cells of rows whose blank cells are printed -> each in its column, where rows leave out the cells that span them.

A page that is stored as text prints a cell that spans rows in the first of them only. Which columns a shorter row leaves out is known by
what its other cells are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ingest.fields.folding import fold
from ingest.layouts.headings import is_marked
from ingest.readers.plain_text.row_fitting import Lines, kind_of, score, sort, value_of

_LEFT_OUT = {"group": 0, "number": -2, "text": -6, "units": -3, "leader": -3, "deadline": -2, "measure": -3, "other": -3}
"""What it costs that a row leaves a column out: a group spans rows as a rule, the words of a task do not."""
_BLANK = {"number": -3, "text": -3}
"""What a blank cell costs in its column."""
_LEAST = -4  # the score of the worst row that is still one
_SECTION = 3  # the score of a section row among rows
_NO_ROW = -60

_Way = tuple[int, tuple[int, ...]]
"""A score, and the place of each column's cell in the row, -1 where it is left out."""


def aligned(cells: Sequence[Lines], kinds: Sequence[str | None]) -> list[Lines] | None:
    """The cells of one row in their columns; None where they fit none. Where the cells of units could stand in other columns as well,
    they are in none."""
    found = _ways(tuple(_kind(cell) for cell in cells), tuple(sort(kind) for kind in kinds))
    if not found or found[0][0] < _LEAST:
        return None
    best = found[0][1]
    unsure = {c for _, way in found[1:] for c, place in enumerate(way) if place != best[c] and sort(kinds[c]) == "units"}
    return [[] if place < 0 or c in unsure else cells[place] for c, place in enumerate(best)]


def segmented(cells: Sequence[Lines], kinds: Sequence[str | None]) -> Iterator[list[Lines]]:
    """Rows of cells that come one by one, blank ones among them: the division into rows whose cells fit their columns best."""
    what, sorts = [_kind(cell) for cell in cells], tuple(sort(kind) for kind in kinds)
    best = [0] * (len(cells) + 1)
    size = [1] * len(cells)
    for i in reversed(range(len(cells))):
        found = [(_single(cells[i], what[i]) + best[i + 1], 1)]
        for n in range(2, min(len(sorts), len(cells) - i) + 1):
            ways = _ways(tuple(what[i : i + n]), sorts)
            found.append(((ways[0][0] if ways else _NO_ROW) + best[i + n], n))
        best[i], size[i] = max(found)
    i = 0
    while i < len(cells):
        yield list(cells[i : i + size[i]])
        i += size[i]


def _single(cell: Lines, kind: str) -> int:
    """The score of a cell as a row of its own."""
    if kind == "blank":
        return -1
    return _SECTION if is_marked(fold(value_of(cell)), "一、") else -8


def _kind(cell: Lines) -> str:
    return kind_of(cell) if value_of(cell) else "blank"


@lru_cache(maxsize=4096)
def _ways(kinds: tuple[str, ...], sorts: tuple[str, ...]) -> list[_Way]:
    """The best ways to put cells in columns, in order. Blank cells at the end may be none of the table's: programs fill rows with them."""
    spare = next((n for n, kind in enumerate(reversed(kinds)) if kind != "blank"), len(kinds))
    found = [way for n in range(spare + 1) for way in _placed(kinds[: len(kinds) - n], sorts)]
    most = max((points for points, _ in found), default=0)
    return list({way: (points, way) for points, way in found if points == most}.values())


def _placed(kinds: tuple[str, ...], sorts: tuple[str, ...]) -> list[_Way]:
    if len(kinds) > len(sorts):
        return []
    ways: dict[int, list[_Way]] = {0: [(0, ())]}
    for c, column in enumerate(sorts):
        after: dict[int, list[_Way]] = {}
        for at, found in ways.items():
            if len(kinds) - at <= len(sorts) - c - 1:
                after.setdefault(at, []).extend((points + _LEFT_OUT[column], (*way, -1)) for points, way in found)
            if at < len(kinds):
                gain = _BLANK.get(column, 0) if kinds[at] == "blank" else score(column, kinds[at])
                after.setdefault(at + 1, []).extend((points + gain, (*way, at)) for points, way in found)
        ways = {at: _top(found) for at, found in after.items()}
    return ways.get(len(kinds), [])


def _top(found: list[_Way]) -> list[_Way]:
    most = max(points for points, _ in found)
    return [way for way in found if way[0] == most][:8]
