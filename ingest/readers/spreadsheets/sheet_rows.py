"""The rows of a worksheet -> paragraphs and tables: titles, signatures and forms around a table are no rows of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.fields.folding import bare, fold
from ingest.layouts.columns import is_head, is_role
from ingest.layouts.headings import is_marked

# 填报单位：市科委; 联系电话：021-1234: a line of a form, all of whose cells are such.
_FORM = re.compile(r"[^:,。;]{2,8}:.{0,40}")
_LONGEST_HEAD = 40
_ANNEX = re.compile(r"附[件表](?:\s*[\d一二三四五六七八九十]{1,3})?(?:\s*[:]|\s*$|\s)")
_NUMBER = re.compile(r"\d|^[(\[]?[一二三四五六七八九十]")
_FIGURE = re.compile(r"[(\[]?(?:\d{1,4}|[一二三四五六七八九十]{1,3})[)\]]?[.、]?")


@dataclass(frozen=True, slots=True)
class LineCell:
    """A cell of a row, by its column on the grid that is shown."""

    column: int
    value: str
    height: int = 1
    width: int = 1


@dataclass
class Line:
    """A row that shows something: ``at`` in its sheet, ``gap`` where a blank row stands above it, ``reached`` cells from above."""

    at: int
    gap: bool = False
    reached: int = 0
    cells: list[LineCell] = field(default_factory=list)
    own: list[LineCell] = field(default_factory=list)
    """The cells that say something."""

    def add(self, column: int, value: str, height: int, width: int) -> None:
        """One more cell, to the right of the others."""
        self.cells.append(LineCell(column, value, height, width))
        if value.strip():
            self.own.append(self.cells[-1])

    @property
    def filled(self) -> int:
        """How many cells say something in this row, those that began above with it."""
        return len(self.own) + self.reached


@dataclass
class Part:
    """Rows that form one table."""

    lines: list[Line]


def parted(lines: Sequence[Line]) -> Iterator[Line | Part]:
    """The lines that stand alone, and the tables between them, from top to bottom."""
    width = max((cell.column + cell.width for line in lines for cell in line.cells), default=0)
    starts = list(_starts(lines))
    if not starts:
        first = next((i for i, line in enumerate(lines) if not _alone(line) and (line.filled > 1 or line.cells[0].height > 1)), len(lines))
        yield from lines[:first]
        yield from _table(lines[first:], width)
        return
    yield from _apart(lines[: starts[0]])
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield from _table(lines[start:end], width)


def _starts(lines: Sequence[Line]) -> Iterator[int]:
    """The rows with which a table begins: the first heads, other heads, the same heads below a blank row; what stands below 附件2, and
    below a blank row what has words where the table above it has numbers."""
    heads: list[str] | None = None
    numbered, skip = False, -1
    for i, line in enumerate(lines):
        if i <= skip:
            continue
        if not _is_head(line):
            if heads is not None and not _alone(line) and (_is_annex(lines, i) or (numbered and line.gap and _has_words(line))):
                yield i
                heads, numbered = [], False
            continue
        start = i - 1 if i and i - 1 > skip and _is_over(lines[i - 1], line) else i
        skip = i + 1 if i + 1 < len(lines) and _is_head(lines[i + 1]) and _is_lower(lines[i + 1]) else i
        values = [bare(cell.value) for cell in line.own]
        if heads is None or values != heads or any(between.gap for between in lines[_lone(lines, start) : start + 1]):
            yield start
        heads, numbered = values, is_head(bare(line.cells[0].value)) == "number"


def _lone(lines: Sequence[Line], end: int) -> int:
    """The first of the lines right above a row that each say one thing."""
    while end and _alone(lines[end - 1]):
        end -= 1
    return end


def _is_annex(lines: Sequence[Line], i: int) -> bool:
    """Whether the lines right above a row say that it belongs to another annex."""
    return any(_ANNEX.match(fold(line.own[0].value).strip()) for line in lines[_lone(lines, i) : i])


def _has_words(line: Line) -> bool:
    """Whether the first place of a row, where a number should be, has words."""
    first = line.cells[0]
    return line.filled > 1 and first.column == 0 and bool(bare(first.value)) and not _NUMBER.search(bare(first.value))


def _is_head(line: Line) -> bool:
    """Whether most cells of a row are heads of columns, two at least."""
    short = [cell.value for cell in line.own if len(cell.value) <= _LONGEST_HEAD]
    if len(short) * 2 < max(4, len(line.own)) or any(value.isdigit() for value in short):
        return False
    values = [bare(value) for value in short]
    known = sum(1 for value in values if is_head(value) is not None or is_role(value))
    return known >= 2 and known * 2 >= len(line.own) and not any(value.isdigit() for value in values)


def _is_lower(line: Line) -> bool:
    """Whether a row of heads is the lower one of two: heads from above reach into it, or its first places are blank."""
    return line.reached > 0 or not bare(line.cells[0].value)


def _is_over(line: Line, head: Line) -> bool:
    """Whether a row with one head across several columns stands over the row of the others."""
    own = line.own
    return (
        len(own) == 1
        and own[0].column > 0
        and own[0].width > 1
        and own[0].width < head.cells[-1].column + 1
        and is_head(bare(own[0].value)) is not None
    )


def _alone(line: Line) -> bool:
    """Whether a row says one thing from its left edge on, or is a line of a form."""
    own = line.own
    if line.reached or not own:
        return False
    if len(own) == 1:
        return (own[0].column == 0 or own[0].width > 1) and not _FIGURE.fullmatch(bare(own[0].value)) and own[0].height == 1
    return all(_FORM.fullmatch(fold(cell.value).strip()) for cell in own)


def _apart(lines: Sequence[Line]) -> Iterator[Line | Part]:
    """The rows above the first table: each alone, but those with several cells are a table of their own."""
    rows: list[Line] = []
    for line in lines:
        if line.filled > 1 and not _alone(line):
            rows.append(line)
            continue
        if rows:
            yield Part(rows)
            rows = []
        yield line
    if rows:
        yield Part(rows)


def _table(lines: Sequence[Line], width: int) -> Iterator[Line | Part]:
    """A table and the lines below it that are none of its rows; a heading inside reaches across it."""
    last = len(lines)
    while last and (_alone(lines[last - 1]) or lines[last - 1].filled < 2):
        last -= 1
    # Below a blank row all of them are apart; else a row with one cell may be the rest of the task above it.
    apart = next((i for i in range(last, len(lines)) if lines[i].gap), len(lines))
    while apart > last and _alone(lines[apart - 1]):
        apart -= 1
    if apart:
        kind = is_head(bare(lines[0].cells[0].value)) if _is_head(lines[0]) else None
        yield Part(_narrowed([_across(line, width, kind) for line in lines[:apart]]))
    yield from lines[apart:]


def _narrowed(lines: Sequence[Line]) -> list[Line]:
    """The rows without columns in which none of their cells begins: those of a wider table on the same sheet."""
    kept = sorted({cell.column for line in lines for cell in line.own})
    if kept == list(range(max((cell.column + cell.width for line in lines for cell in line.cells), default=0))):
        return list(lines)
    narrow = []
    for line in lines:
        cells = [
            replace(cell, column=at, width=bisect_left(kept, cell.column + cell.width) - at)
            for cell in line.cells
            if (at := bisect_left(kept, cell.column)) < len(kept) and kept[at] < cell.column + cell.width
        ]
        narrow.append(replace(line, cells=cells, own=[cell for cell in cells if cell.value.strip()]))
    return narrow


def _across(line: Line, width: int, kind: str | None) -> Line:
    """A heading that was typed into the first cell of a row and not merged, as the cell across the table that it looks like."""
    own = line.own
    if not _alone(line) or len(own) != 1 or own[0].column or own[0].width == width:
        return line
    marked = any(is_marked(fold(own[0].value).strip(), rung) for rung in ("第一章", "一、", "(一)"))
    if kind not in ("number", "group") and not marked:
        return line
    whole = [replace(own[0], width=width)]
    return replace(line, cells=whole, own=whole)
