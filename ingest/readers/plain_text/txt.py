"""A .txt file -> Document: paragraphs, and tables printed as one cell a line, tabs or bars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.errors import TooLargeError
from ingest.fields.folding import bare, fold, visible
from ingest.fields.numerals import CHINESE
from ingest.layouts.columns import is_head
from ingest.layouts.headings import is_marked
from ingest.limits import ReadLimits
from ingest.model.document import Block, Code, Document, Table, Text
from ingest.readers.paragraphs import PAGE_MARK, joined
from ingest.readers.plain_text.barred_tables import BARS, RULE, cells_between, closed, is_closed, one_bar, table_of
from ingest.readers.plain_text.box_drawing import begins_box, box
from ingest.readers.plain_text.encoding import decoded
from ingest.readers.plain_text.flattened_heads import LONGEST_HEAD
from ingest.readers.plain_text.flattened_tables import between_bars, ends_table, flat, is_bar, is_spaced, spaced
from ingest.readers.plain_text.row_fitting import WORDS
from ingest.readers.plain_text.unnumbered_rows import unnumbered

_LINE = re.compile(r"[^\r\n\v\f\u2028\u2029]*(?:\r\n|[\r\n\v\f\u2028\u2029]|\Z)")
_LONGEST_LINE = 300_000
_WIDEST = 200
_BREAKS = "\r\n\v\f\u2028\u2029"
_DAMAGED = 8  # characters of the longest number cell with something beside it


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
            prose.append(_unbarred(lines[i]))
            i += 1
            continue
        yield from joined(prose)
        prose = []
        yield table
        i = end
    yield from joined(prose)


def _unbarred(line: Text) -> Text:
    """A line without the bar that closes it: the title of a table that is its first row."""
    return line[: len(line.value.rstrip(" |"))] if line.value.count("|") == 1 and line.value.rstrip().endswith("|") else line


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
    if len(BARS.findall(value)) >= 2:
        return _delimited(lines, start, BARS)
    if value.rstrip().endswith("|") and is_head(bare(value.rstrip(" |"))) in ("number", *WORDS):
        return one_bar(lines, start)
    if start + 1 < len(lines) and is_bar(lines[start + 1].value) and is_head(bare(value)):
        return between_bars(lines, start)
    if is_spaced(value):
        return spaced(lines, start)
    if _heads_follow(lines, start):
        return flat(lines, start)
    return unnumbered(lines, start) if is_head(bare(value)) in WORDS else (None, start)


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
    return table_of(_chunked(groups, width), width), i


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


def _delimited(lines: Sequence[Text], start: int, separator: re.Pattern[str]) -> tuple[Table | None, int]:
    """Rows on a line of their own, cells between separators; a line without separator continues the last cell."""
    if is_closed(lines[start].value):
        return closed(lines, start)
    rows: list[list[list[Text]]] = []
    i = start
    while i < len(lines):
        line = lines[i]
        if separator.search(line.value.strip(" ")):
            if not RULE.fullmatch(line.value) or ("-" not in fold(line.value) and separator is not BARS):
                rows.append([[cell.strip()] for cell in cells_between(line, separator)])
        elif ends_table(lines, i) or not any(separator.search(below.value.strip(" ")) for below in lines[i + 1 : i + 4]):
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
    return table_of(iter(rows), width), i
