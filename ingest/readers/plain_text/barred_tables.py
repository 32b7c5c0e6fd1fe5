"""Tables whose cells a bar closes -> Table: rows on lines, or one cell a line.

Blank cells are printed there, cells that span rows in the first of them only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.fields.folding import bare, fold
from ingest.layouts.columns import UNITS, is_head, known_heads, settled
from ingest.layouts.headings import is_marked, mark
from ingest.model.document import Cell, Table, Text
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.plain_text.aligned_rows import aligned, segmented
from ingest.readers.plain_text.flattened_tables import ends_table
from ingest.readers.plain_text.row_fitting import Lines, fitted, number_of, value_of

RULE = re.compile(r"[\s|+:=\-—─━┄┈┌┐└┘├┤┬┴┼]*")
BARS = re.compile("[|│┃]")
_WITHIN = 6  # lines of one cell that a bar closes
_LABEL = re.compile(r".{2,8}:")


def table_of(rows: Iterator[list[list[Text]]], width: int) -> Table:
    """The table of rows of cells; a row of one cell spans all columns."""
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c, content in enumerate(row):
            span = width if len(row) == 1 and width > 1 else 1
            cells.append(Cell(tuple(line for line in content if line), r, c, 1, span))
    return Table(tuple(cells))


def is_closed(value: str) -> bool:
    """Whether a line is the heads of a table whose rows close with a bar but do not begin with one: such tables lose the cells that span
    rows.

    >>> is_closed("任务|责任单位|时限|"), is_closed("|任务|责任单位|时限|"), is_closed("面积|人口|产量|")
    (True, False, False)
    """
    if not value.rstrip().endswith("|") or value.lstrip().startswith("|"):
        return False
    kinds = [is_head(bare(cell)) for cell in value.rstrip(" |").split("|")]
    return len(kinds) > 2 and any(kind in UNITS for kind in kinds) and sum(kind is None for kind in kinds) * 2 < len(kinds)


def closed(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """Rows that a bar closes, on one line or several; which column the cells of a short row stand in is known by what they are."""
    heads = [[cell.strip()] for cell in cells_between(lines[start], BARS)]
    kinds = settled([is_head(bare(cell[0].value)) for cell in heads])
    rows = [heads]
    row: list[list[Text]] = []
    end = reached = start + 1
    for i in range(start + 1, len(lines)):
        value = lines[i].value.rstrip()
        if ends_table(lines, i) or is_information(value):
            break
        if not value or PAGE_MARK.fullmatch(bare(value)) or (RULE.fullmatch(value) and value != "|"):
            continue
        if i > end + _WITHIN or ("|" not in value and not any("|" in line.value for line in lines[i + 1 : i + 1 + _WITHIN])):
            if not row and (begun := _begun(lines[i], rows[-1], kinds)) is not None:
                rows.append(begun)
                end = i + 1
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
        reached = i + 1
        if value.endswith("|"):
            rows.append(row[:-1])
            row = []
            end = i + 1
    if len(row) > 1:  # cut off before the bar that closes it
        rows.append(row)
        end = reached
    return table_of((_placed(row, kinds) for row in rows), len(kinds)), end


def _begun(line: Text, above: list[list[Text]], kinds: Sequence[str | None]) -> list[list[Text]] | None:
    """The row that a line begins, which was cut off within its words, by its number: 5.… below a row with 4.…"""
    found = mark(fold(line.value))
    last = next((m for cell in above for text in cell[:1] if (m := mark(fold(text.value))) is not None and m.rung == "1."), None)
    if found is None or last is None or found.rung != last.rung or found.position != last.position + 1 or "text" not in kinds:
        return None
    return [[line.strip()] if kind == "text" else [] for kind in kinds]


def is_information(value: str) -> bool:
    """Whether a line between bars is a label and what it says, as pages of governments have them: 索引号: | 002 | 成文日期: | 2022-10-08 |

    >>> is_information("索引号: | 002 | 成文日期: | 2022-10-08 |"), is_information("1 | 新建书屋 | 县文旅局 |")
    (True, False)
    """
    cells = [bare(cell) for cell in BARS.split(value)]
    return len(cells) > 1 and all(_LABEL.fullmatch(cell) for cell in cells[0::2] if cell) and any(cells[0::2])


def _parted(line: Text) -> list[Text]:
    """The pieces of a line between bars, with the one after the last bar."""
    edges = [-1, *(m.start() for m in BARS.finditer(line.value)), len(line)]
    return [line[a + 1 : b] for a, b in pairwise(edges)]


def _placed(row: list[list[Text]], kinds: Sequence[str | None]) -> list[list[Text]]:
    """A short row with its cells in their columns; one whose cells fit no columns as a row of one cell."""
    if len(row) < 2:
        return row
    cells = [[line for line in cell if line] for cell in row]
    if cells[0] and not any(cells[1:]) and is_marked(fold(value_of(cells[0])), "一、"):
        return cells[:1]
    found = aligned(cells, kinds)
    if found is None and len(row) < len(kinds):
        found = fitted([cell for cell in cells if cell], kinds)
    return found or (row if len(row) == len(kinds) else [[line for cell in cells for line in cell]])


def cells_between(line: Text, separator: re.Pattern[str]) -> list[Text]:
    """The cells of a line, without those before the first bar and after the last."""
    cuts = [m.start() for m in separator.finditer(line.value)]
    edges = [-1, *cuts, len(line)]
    found = [line[a + 1 : b] for a, b in pairwise(edges)]
    if separator is BARS:
        found = found[1 if not found[0].value.strip() else 0 : -1 if not found[-1].value.strip() else None]
    return found


def one_bar(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """A table flattened to one cell a line, each closed by a bar: known heads, then rows whose cells fit the columns."""
    cells, ends = _barred(lines, start)
    values = [value_of(cell) for cell in cells]
    width = known_heads(values)
    counted = _width_by_numbers(values)
    first = counted or next((n for n in range(width, min(len(values), width + 4)) if values[n].isdigit()), width)
    if width > 2 and is_head(values[0]) == "number" and all(len(value) < 9 and not is_marked(value) for value in values[width:first]):
        width = first  # heads of unknown meaning: 监督电话
    if (known_heads(values) < 3 and not counted) or len(cells) < 2 * width:
        return None, start
    heads = values[:width]
    body: list[Lines] = []
    n = width
    while n < len(cells):
        if values[n : n + width] == heads:
            if values[n + width : n + width + 1] == ["1"] and any(value.isdigit() for value in values[width:n]):
                break  # the heads of another list
            n += width
            continue
        body.append(cells[n])
        n += 1
    kinds = settled([is_head(value) for value in heads])
    rows: list[list[Lines]] = [list(cells[:width])]
    if counted and all(value_of(body[i]).isdigit() for i in range(0, len(body), width)):
        rows.extend(body[i : i + width] for i in range(0, len(body), width))
    else:
        rows.extend(row if len(row) == 1 else _placed(row, kinds) for row in segmented(body, kinds))
    return table_of((row for row in rows if any(row)), width), ends[n - 1]


def _width_by_numbers(values: Sequence[str]) -> int:
    """How many heads the first cells are, known or not, where the numbers 1, 2 and 3 follow at that distance and one head is of units;
    0 where they do not.

    >>> _width_by_numbers("序号 指标 2026年 牵头单位 1 井数 30 县水利局 2 库数 4 县水利局 3 渠数 5 县水利局".split())
    4
    >>> _width_by_numbers("序号 指标 2026年 牵头单位 1 井数 县水利局 2 库数 县水利局 3 渠数 县水利局".split())
    0
    """
    width = values.index("1") if "1" in values else 0
    if width < 3 or is_head(values[0]) != "number" or [*values[width::width]][:3] != ["1", "2", "3"]:
        return 0
    return width if any(is_head(value) in UNITS and value != "单位" for value in values[:width]) else 0


def _barred(lines: Sequence[Text], start: int) -> tuple[list[Lines], list[int]]:
    """Cells that a bar at the end of a line closes, and the line after each."""
    cells: list[Lines] = []
    ends: list[int] = []
    cell: Lines = []
    for i in range(start, len(lines)):
        value = lines[i].value.rstrip()
        if value.endswith("|"):
            cells.append([line for line in (*cell, lines[i][: len(value) - 1].strip()) if line])
            ends.append(i + 1)
            cell = []
        elif ends_table(lines, i):
            break
        elif not any(line.value.rstrip().endswith("|") for line in lines[i + 1 : i + 1 + _WITHIN]):
            if cells and value and not cell and number_of(cells[-1]):  # cut off within the words behind the last number
                cells.append([lines[i].strip()])
                ends.append(i + 1)
            if value:
                break
        elif value and not PAGE_MARK.fullmatch(bare(value)):
            cell.append(lines[i].strip())
    return cells, ends
