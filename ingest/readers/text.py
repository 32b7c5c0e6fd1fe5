"""A .txt file -> Document: paragraphs, and tables printed as one cell a line, tabs or bars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.errors import TooLargeError
from ingest.fields.folding import bare, fold, visible
from ingest.fields.numerals import CHINESE
from ingest.layouts.columns import UNITS, is_head, known_heads
from ingest.layouts.headings import is_marked
from ingest.limits import ReadLimits
from ingest.model.document import Block, Cell, Code, Document, Table, Text
from ingest.readers.boxes import begins_box, box
from ingest.readers.encoding import decoded
from ingest.readers.fitting import fitted
from ingest.readers.flattened import LONGEST_HEAD, between_bars, flat, is_bar, is_spaced, spaced
from ingest.readers.paragraphs import PAGE_MARK, joined

_LINE = re.compile(r"[^\r\n\v\f\u2028\u2029]*(?:\r\n|[\r\n\v\f\u2028\u2029]|\Z)")
_LONGEST_LINE = 300_000
_WIDEST = 200
_BREAKS = "\r\n\v\f\u2028\u2029"
_WITHIN = 6  # lines of one cell that a bar closes
_DAMAGED = 8  # characters of the longest number cell with something beside it
_RULE = re.compile(r"[\s|+:=\-—─━┄┈┌┐└┘├┤┬┴┼]*")
_BARS = re.compile("[|│┃]")


def read_text(name: str, data: bytes, sha256: str, limits: ReadLimits) -> Document:
    """The blocks of a plain text file; its text is the decoded file itself."""
    text, encoding, guessed = decoded(name, data)
    if any(len(line) > _LONGEST_LINE for line in text.splitlines()):
        raise TooLargeError(
            name, f"有一行超过可读的 {_LONGEST_LINE:,} 个字符", f"it has a line of more than the {_LONGEST_LINE:,} characters that are read"
        )
    if text.count("\t") + text.count("|") > limits.cells:
        raise TooLargeError(
            name, f"表格的单元格超过可读的 {limits.cells:,} 个", f"its tables have more than the {limits.cells:,} cells that are read"
        )
    notes: tuple[tuple[Code, str], ...] = (
        (("encoding-guessed", f"字符编码未声明，按 {encoding} 读取 / encoding not declared, read as {encoding}"),) if guessed else ()
    )
    return Document(name, "text/plain", sha256, text, tuple(blocks(text)), encoding, notes)


def blocks(text: str, offset: int = 0) -> Iterator[Block]:
    """The paragraphs and tables of a decoded text, in order; ``offset`` is where the text begins in its document."""
    lines = [visible(Text.at_offset(m.group().rstrip(_BREAKS), m.start() + offset)) for m in _LINE.finditer(text)]
    i = 0
    prose: list[Text] = []
    while i < len(lines):
        table, end = _table_at(lines, i)
        if table is None:
            prose.append(lines[i])
            i += 1
            continue
        yield from joined(prose)
        prose = []
        yield table
        i = end
    yield from joined(prose)


def _table_at(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """The table that begins at a line, if one does, and the line after it."""
    value = lines[start].value
    if value.count("\t") > _WIDEST:
        return None, start
    if begins_box(value):
        return box(lines, start)
    if value.startswith("\t") and "\t" not in value.strip():
        return _indented(lines, start)
    if "\t" in value.strip("\t "):
        return _delimited(lines, start, re.compile("\t"))
    if len(_BARS.findall(value)) >= 2:
        return _delimited(lines, start, _BARS)
    if value.rstrip().endswith("|") and is_head(bare(value.rstrip(" |"))) == "number":
        return _one_bar(lines, start)
    if start + 1 < len(lines) and is_bar(lines[start + 1].value) and is_head(bare(value)):
        return between_bars(lines, start)
    if is_spaced(value):
        return spaced(lines, start)
    return flat(lines, start) if _heads_follow(lines, start) else (None, start)


def _heads_follow(lines: Sequence[Text], start: int) -> bool:
    """Whether a line is the head of a column of numbers, or of the column before it."""
    head = is_head(bare(lines[start].value))
    if head == "number":
        return True
    below = next((bare(line.value) for line in lines[start + 1 : start + 4] if line.value.strip()), "")
    return head in ("group", "work") and len(bare(lines[start].value)) <= LONGEST_HEAD and is_head(below) == "number"


def _indented(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """Cells on a line of their own, each with a leading tab; lines without one continue the cell above."""
    groups: list[list[list[Text]]] = []
    gap, i = True, start
    while i < len(lines):
        value = lines[i].value
        if value.startswith("\t") and "\t" not in value.strip():
            if gap:
                groups.append([])
            groups[-1].append([lines[i].strip()])
            gap = False
        elif not value.strip() or PAGE_MARK.fullmatch(bare(value)):
            gap = True
        elif groups and _is_damaged(lines, i):
            if gap:
                groups.append([])
            groups[-1].append([lines[i].strip()])
            gap = False
        elif groups and _continues(lines, i, gap, groups):
            groups[-1][-1].append(lines[i].strip())
            gap = False
        else:
            break
        i += 1
    width = _width(groups)
    if width < 2:
        return None, start
    return _rows(_chunked(groups, width), width), i


def _continues(lines: Sequence[Text], i: int, gap: bool, groups: list[list[list[Text]]]) -> bool:
    """Whether an unindented line still belongs to the cell above it."""
    if not gap:
        return True
    complete = len(groups) > 1 and len(groups[-1]) >= len(groups[0])
    return not complete or is_marked(fold(lines[i].value.strip()), "1.")


def _is_damaged(lines: Sequence[Text], i: int) -> bool:
    """Whether a short line that lost its tab, or has one too many, stands where a number should: cells go on below it.

    A table must not end at one damaged character, and all its rows after it be lost.
    """
    value = lines[i].value
    below = lines[i + 1].value if i + 1 < len(lines) else ""
    above = lines[i - 1].value if i else ""
    short = len(bare(value)) <= _DAMAGED and not value.lstrip().startswith("附")
    goes_on = below.startswith("\t") and "\t" not in below.strip() and is_head(bare(below)) is None
    return short and goes_on and (not above.strip() or "\t" in value) and any(c.isdigit() or c in CHINESE for c in value)


def _width(groups: list[list[list[Text]]]) -> int:
    head = [bare("".join(line.value for line in cell)) for cell in groups[0]]
    for i, value in enumerate(head):
        if i > 1 and value == "1" and is_head(head[0]) == "number":
            return i
    return len(head)


def _chunked(groups: list[list[list[Text]]], width: int) -> Iterator[list[list[Text]]]:
    """The rows of a table whose cells come one by one. A cell that holds the number after the last one begins a row, even where the row
    above it is short of a cell: what is missing in one row must not move the cells of all others."""
    row: list[list[Text]] = []
    last = 0
    for group in groups:
        if len(group) == 1 and not row and not _figure(group[0]) and width > 2:
            yield group
            continue
        for n, cell in enumerate(group):
            figure = _figure(cell)
            if row and n == 0 and figure and last < figure <= last + 2 and len(row) < width:
                yield _completed(row, width)
                row = []
            if not row and figure:
                last = figure
            row.append(cell)
            if len(row) == width:
                yield row
                row = []
        if row and len(row) == width - 1 and not _figure(row[0]) and len(group) == len(row) and last:
            yield _completed(row, width)
            row = []
    if row:
        yield _completed(row, width) if last else row


def _figure(cell: list[Text]) -> int:
    """The number that a cell holds, 0 where it holds something else."""
    value = bare("".join(line.value for line in cell))
    return int(value) if value.isdigit() and len(value) <= 4 else 0


def _completed(row: list[list[Text]], width: int) -> list[list[Text]]:
    """A row that lost its number cell, with a blank one in its place; any other short row as it is."""
    return [[], *row] if len(row) == width - 1 and not _figure(row[0]) else row


def _rows(rows: Iterator[list[list[Text]]], width: int) -> Table:
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c, content in enumerate(row):
            span = width if len(row) == 1 and width > 1 else 1
            cells.append(Cell(tuple(line for line in content if line), r, c, 1, span))
    return Table(tuple(cells))


def _delimited(lines: Sequence[Text], start: int, separator: re.Pattern[str]) -> tuple[Table | None, int]:
    """Rows on a line of their own, cells between separators; a line without separator continues the last cell."""
    if _is_closed(lines[start].value):
        return _closed(lines, start)
    rows: list[list[list[Text]]] = []
    i = start
    while i < len(lines):
        line = lines[i]
        if separator.search(line.value.strip(" ")):
            if not _RULE.fullmatch(line.value) or ("-" not in fold(line.value) and separator is not _BARS):
                rows.append([[cell.strip()] for cell in _cells(line, separator)])
        elif not any(separator.search(below.value.strip(" ")) for below in lines[i + 1 : i + 4]):
            break
        elif line.value.strip() and not PAGE_MARK.fullmatch(bare(line.value)):
            if (is_marked(fold(line.value)) and not is_marked(fold(line.value), "1.")) or not rows or len(line) < 20:
                rows.append([[line.strip()]])
            else:
                rows[-1][-1].append(line.strip())
        i += 1
    width = max((len(row) for row in rows), default=0)
    if len(rows) < 2 or not 2 <= width <= _WIDEST:
        return None, start
    return _rows(iter(rows), width), i


def _is_closed(value: str) -> bool:
    """Whether a line is the heads of a table whose rows close with a bar but do not begin with one: such tables lose the cells that span
    rows.

    >>> _is_closed("任务|责任单位|时限|"), _is_closed("|任务|责任单位|时限|"), _is_closed("面积|人口|产量|")
    (True, False, False)
    """
    if not value.rstrip().endswith("|") or value.lstrip().startswith("|"):
        return False
    kinds = [is_head(bare(cell)) for cell in value.rstrip(" |").split("|")]
    return len(kinds) > 2 and any(kind in UNITS for kind in kinds) and sum(kind is None for kind in kinds) * 2 < len(kinds)


def _closed(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """Rows that a bar closes, on one line or several; which column the cells of a short row stand in is known by what they are."""
    heads = [[cell.strip()] for cell in _cells(lines[start], _BARS)]
    kinds = [is_head(bare(cell[0].value)) for cell in heads]
    rows = [heads]
    row: list[list[Text]] = []
    end = start + 1
    for i in range(start + 1, len(lines)):
        value = lines[i].value.rstrip()
        if not value or PAGE_MARK.fullmatch(bare(value)) or (_RULE.fullmatch(value) and value != "|"):
            continue
        if i > end + _WITHIN or ("|" not in value and not any("|" in line.value for line in lines[i + 1 : i + 1 + _WITHIN])):
            break
        cells = [[cell.strip()] for cell in _parted(lines[i])]
        section = len(row) == 1 and (is_marked(fold(row[0][0].value), "一、") or len(cells) == len(kinds) + value.endswith("|"))
        if row and not section and len(row) + len(cells) - 1 <= len(kinds) + value.endswith("|"):
            row[-1].extend(cells[0])
            row.extend(cells[1:])
        else:
            if row:
                rows.append(row)
            row = cells
        if value.endswith("|"):
            rows.append(row[:-1])
            row = []
            end = i + 1
    return _rows((_placed(row, kinds) for row in rows), len(kinds)), end


def _parted(line: Text) -> list[Text]:
    """The pieces of a line between bars, with the one after the last bar."""
    edges = [-1, *(m.start() for m in _BARS.finditer(line.value)), len(line)]
    return [line[a + 1 : b] for a, b in pairwise(edges)]


def _placed(row: list[list[Text]], kinds: Sequence[str | None]) -> list[list[Text]]:
    """A short row with its cells in their columns; one whose cells fit no columns as a row of one cell."""
    if not 1 < len(row) < len(kinds):
        return row
    cells = [cell for cell in row if any(cell)]
    groups = next((i for i, kind in enumerate(kinds) if kind != "group"), 0)
    below = fitted(cells, kinds[groups:]) if groups and len(cells) <= len(kinds) - groups else None
    if below is not None:
        return [*([] for _ in range(groups)), *below]
    return fitted(cells, kinds) or [[line for cell in row for line in cell]]


def _cells(line: Text, separator: re.Pattern[str]) -> list[Text]:
    cuts = [m.start() for m in separator.finditer(line.value)]
    edges = [-1, *cuts, len(line)]
    found = [line[a + 1 : b] for a, b in pairwise(edges)]
    if separator is _BARS:
        found = found[1 if not found[0].value.strip() else 0 : -1 if not found[-1].value.strip() else None]
    return found


def _one_bar(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """A table flattened to one cell a line, each closed by a bar: known heads, then rows of as many cells."""
    cells: list[list[Text]] = [[]]
    end = start
    for i in range(start, len(lines)):
        value = lines[i].value.rstrip()
        if value.endswith("|"):
            cells[-1].append(lines[i][: len(value) - 1].strip())
            cells.append([])
            end = i + 1
        elif i > end + _WITHIN or not any(line.value.rstrip().endswith("|") for line in lines[i + 1 : i + 1 + _WITHIN]):
            break
        elif value and not PAGE_MARK.fullmatch(bare(value)):
            cells[-1].append(lines[i].strip())
    cells.pop()
    width = known_heads([bare("".join(line.value for line in cell)) for cell in cells])
    if width < 3 or len(cells) < 2 * width:
        return None, start
    return _rows((cells[i : i + width] for i in range(0, len(cells), width)), width), end
