"""Worksheets -> blocks: what a printed sheet shows, its title as paragraphs, its tables with real spans.

The readers of .xlsx, .xls and .ods give each sheet as a :class:`Sheet`; what they share is here: hidden rows and columns are left out and
told, blank rows and columns closed up, merged cells cut to what can be seen, the lines above and below a table kept out of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ingest.errors import TooLargeError, UnreadableError
from ingest.limits import ReadLimits
from ingest.model.document import Block, Cell, Code, Paragraph, Table
from ingest.readers.block_writer import BlockWriter
from ingest.readers.spreadsheets.sheet_rows import Line, Part, parted


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range, its last row and column within it; all from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One worksheet: the characters that its cells show, by row and column from 0."""

    name: str
    values: Mapping[tuple[int, int], str]
    merged: Sequence[Merged] = ()
    hidden_rows: Collection[int] = frozenset()
    hidden_columns: Collection[int] = frozenset()
    boxes: Sequence[tuple[int, str]] = ()
    """Texts of boxes that lie over the cells, each with the row of its upper edge."""
    hidden: bool = False
    unformatted: Sequence[tuple[int, int]] = ()
    """Cells whose number format was not understood."""
    uncalculated: Sequence[tuple[int, int]] = ()
    """Cells with a formula whose value the file does not hold."""
    blanked: Sequence[tuple[int, int]] = ()
    """Cells whose format shows nothing of their value."""

    @cached_property
    def visible(self) -> dict[tuple[int, int], str]:
        """The values in rows and columns that are shown."""
        return {(r, c): value for (r, c), value in self.values.items() if r not in self.hidden_rows and c not in self.hidden_columns}


@dataclass
class Workbook:
    """The sheets of a file while they are written down, and what a reader of the document should be told of them."""

    name: str
    limits: ReadLimits
    more: Callable[[float], None]
    writer: BlockWriter = field(default_factory=BlockWriter)
    places: int = 0
    characters: int = 0
    told: dict[tuple[Code, str, str], list[str]] = field(default_factory=dict)

    def blocks(self, sheets: Iterable[Sheet]) -> Iterator[Block]:
        """The blocks of the sheets that are shown, in order; refuses a file without any."""
        found = tables = 0
        for sheet in sheets:
            found += 1
            self._tell(sheet)
            if sheet.hidden:
                continue
            for block in self._sheet(sheet, tables > 0):
                tables += isinstance(block, Table)
                yield block
        if not found:
            raise UnreadableError(self.name, "其中没有可读的工作表", "it holds no worksheet that is read")

    def notes(self) -> tuple[tuple[Code, str], ...]:
        """The sentences on what was left out."""
        return tuple((code, f"{zh}：{_listed(which)} / {en}: {_listed(which)}") for (code, zh, en), which in self.told.items())

    def _sheet(self, sheet: Sheet, further: bool) -> Iterator[Block]:
        lines = _lines(sheet, self)
        opening = lines[0].at if lines else 0
        first = next((line.at for line in lines if line.filled > 1), opening)
        yield from self._boxes(text for row, text in sheet.boxes if row < first)
        for part in parted(lines):
            if isinstance(part, Line):
                for cell in part.cells:
                    yield from (Paragraph(text) for text in self.writer.paragraphs(cell.value.split("\n")))
            else:
                yield replace(self._table(part), begins=further)
                further = False
        yield from self._boxes(text for row, text in sheet.boxes if row >= first)

    def _boxes(self, texts: Iterable[str]) -> Iterator[Block]:
        for text in texts:
            yield from (Paragraph(paragraph) for paragraph in self.writer.paragraphs(text.split("\n")))

    def _table(self, part: Part) -> Table:
        cells = []
        for r, line in enumerate(part.lines):
            for cell in line.cells:
                height = min(cell.height, len(part.lines) - r)
                paragraphs = tuple(self.writer.paragraphs(cell.value.split("\n"))) if cell.value else ()
                cells.append(Cell(paragraphs, r, cell.column, height, cell.width))
        return Table(tuple(cells))

    def spend(self, places: int, characters: int = 0) -> None:
        """Refuses a file with more cells or more characters than are read."""
        self.places += places
        self.characters += characters
        if self.characters > self.limits.characters:
            raise TooLargeError(
                self.name,
                f"它有 {self.characters:,} 个字符，超过可读的 {self.limits.characters:,} 个",
                f"it has {self.characters:,} characters, more than the {self.limits.characters:,} that are read",
            )
        if self.places > self.limits.cells:
            raise crowded(self.name, self.limits)
        self.more(places / _PACE)

    def _tell(self, sheet: Sheet) -> None:
        if sheet.hidden:
            if sheet.values:
                self._told("hidden", "隐藏的工作表未读取", "hidden sheets were not read", [sheet.name])
            return
        rows, columns = _unseen(sheet)
        self._told("hidden", f"工作表“{sheet.name}”中隐藏的行未读取", f"hidden rows of the sheet “{sheet.name}” were not read", rows)
        self._told("hidden", f"工作表“{sheet.name}”中隐藏的列未读取", f"hidden columns of the sheet “{sheet.name}” were not read", columns)
        self._told(
            "formula-unread",
            f"工作表“{sheet.name}”中有公式没有存下的值，未读取",
            f"formulas of the sheet “{sheet.name}” have no stored value and were not read",
            _addresses(sheet, sheet.uncalculated),
        )
        self._told(
            "format-unread",
            f"工作表“{sheet.name}”中有数字的格式未能理解，按常规格式读取",
            f"number formats of the sheet “{sheet.name}” were not understood, the plain numbers are read",
            _addresses(sheet, sheet.unformatted),
        )
        self._told(
            "hidden",
            f"工作表“{sheet.name}”中有单元格的格式不显示其值，未读取",
            f"cells of the sheet “{sheet.name}” whose format shows nothing were not read",
            _addresses(sheet, sheet.blanked),
        )

    def _told(self, code: Code, zh: str, en: str, which: Iterable[str]) -> None:
        found = list(which)
        if found:
            self.told.setdefault((code, zh, en), []).extend(found)


def address(row: int, column: int) -> str:
    """The name of a cell, both from 0.

    >>> address(0, 0), address(1048575, 16383), address(9, 26)
    ('A1', 'XFD1048576', 'AA10')
    """
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """The letters of a column, from 0."""
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name


def beyond(name: str, row: int, column: int, limits: ReadLimits) -> TooLargeError:
    """The refusal of a sheet with text in a column that is not read."""
    where = address(row, column)
    return TooLargeError(
        name,
        f"有一张工作表用到单元格 {where}，超出可读的 {limits.columns:,} 列",
        f"a sheet names the cell {where}, beyond the {limits.columns:,} columns that are read",
    )


def crowded(name: str, limits: ReadLimits) -> TooLargeError:
    """The refusal of a file with more cells than are read."""
    return TooLargeError(
        name,
        f"表格的单元格超过可读的 {limits.cells:,} 个",
        f"its tables have more than the {limits.cells:,} cells that are read",
    )


_PACE = 20_000  # cells that give a file one second more
_SHOWN = 12  # rows, columns or cells that a sentence names


def _listed(which: Sequence[str]) -> str:
    rest = len(which) - _SHOWN
    return "、".join(which[:_SHOWN]) + (f" … (+{rest:,})" if rest > 0 else "")


def _addresses(sheet: Sheet, places: Sequence[tuple[int, int]]) -> list[str]:
    """The names of those of the cells that are shown."""
    return [address(r, c) for r, c in sorted(places) if r not in sheet.hidden_rows and c not in sheet.hidden_columns]


def _unseen(sheet: Sheet) -> tuple[list[str], list[str]]:
    """The hidden rows and columns of a sheet that hold something; a merged cell that reaches out of them is seen."""
    reaching = {(m.top, m.left) for m in sheet.merged if _anchor(sheet, m) is not None}
    lost = [place for place in sheet.values if place not in sheet.visible and place not in reaching]
    rows = sorted({r for r, _ in lost if r in sheet.hidden_rows})
    columns = sorted({c for r, c in lost if c in sheet.hidden_columns and r not in sheet.hidden_rows})
    return [str(r + 1) for r in rows], [letters(c) for c in columns]


def _anchor(sheet: Sheet, merged: Merged) -> tuple[int, int] | None:
    """The first place of a merged range that is shown; None where none is."""
    row, column = merged.top, merged.left
    while row in sheet.hidden_rows:
        row += 1
    while column in sheet.hidden_columns:
        column += 1
    return (row, column) if row <= merged.bottom and column <= merged.right else None


def _lines(sheet: Sheet, workbook: Workbook) -> list[Line]:
    """The rows of a sheet that show something, without its blank columns, every place in a cell."""
    values, spans = dict(sheet.visible), dict[tuple[int, int], Merged]()
    for merged in sheet.merged:
        anchor = _anchor(sheet, merged)
        if anchor is not None and anchor not in spans:
            spans[anchor] = merged
            values.pop(anchor, None)
            if value := sheet.values.get((merged.top, merged.left), "").strip():
                values[anchor] = value
    covered = _covered(values, spans, workbook)
    seen = [place for place, value in values.items() if value.strip() and covered.get(place, place) == place]
    rows, columns = sorted({r for r, _ in seen}), sorted({c for _, c in seen})
    workbook.spend(len(rows) * len(columns), sum(len(values[place]) for place in seen))
    lines: list[Line] = []
    above = -1
    for r in rows:
        line = Line(r, gap=any(between not in sheet.hidden_rows for between in range(above + 1, r)) and bool(lines))
        for position, c in enumerate(columns):
            anchor = covered.get((r, c), (r, c))
            span = spans.get(anchor, Merged(r, c, r, c))
            # A range whose first row or column shows nothing of its own begins at its first place that is on the grid.
            top, left = rows[bisect_left(rows, anchor[0])], columns[bisect_left(columns, anchor[1])]
            if (r, c) != (top, left):
                line.reached += bool(values.get(anchor, "").strip()) and top != r and left == c
                continue
            height = bisect_right(rows, span.bottom) - bisect_left(rows, r)
            width = bisect_right(columns, span.right) - position
            line.add(position, values.get(anchor, ""), height, width)
        lines.append(line)
        above = r
    return lines


def _covered(
    values: Mapping[tuple[int, int], str], spans: Mapping[tuple[int, int], Merged], workbook: Workbook
) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place under a merged range, among the rows and columns with values, the place where the range is first shown."""
    rows, columns = sorted({r for r, _ in values}), sorted({c for _, c in values})
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    total = 0
    for anchor, merged in spans.items():
        down = rows[bisect_left(rows, anchor[0]) : bisect_right(rows, merged.bottom)]
        across = columns[bisect_left(columns, anchor[1]) : bisect_right(columns, merged.right)]
        total += len(down) * len(across)
        if total > workbook.limits.cells:
            workbook.spend(total)
        for r in down:
            for c in across:
                covered.setdefault((r, c), anchor)
    return covered
