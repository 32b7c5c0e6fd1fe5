"""The characters and ruling lines of pages -> paragraphs by their geometry, ruled tables with merged cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges
from pdfplumber.utils.geometry import filter_edges

from ingest.errors import TooLargeError
from ingest.fields.folding import bare, fold
from ingest.layouts.headings import is_marked
from ingest.limits import ReadLimits
from ingest.model.document import Block, Cell, Paragraph, Table, Text
from ingest.readers.block_writer import BlockWriter
from ingest.readers.fixed_layout.text_lines import Character, PageBox, TextLine, lines_of, merged_words
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.table_sizes import TableSizes

Edge = dict[str, Any]
"""A ruling line as pdfplumber has it: x0, x1, top, bottom, width, height, orientation (h or v)."""
_BANDS = 200
_CLOSE = 3
"""How far apart lines may be that meet or are one, in points, and how short they may be; the library's own default."""


class PageWalk:
    """One document while its pages are walked; the last paragraph stays open over a page break."""

    def __init__(self, name: str, limits: ReadLimits) -> None:
        self._sizes = TableSizes(name, limits)
        self.placed: list[tuple[int, Character]] = []
        """The characters of the document that came with a place of their own, by their offsets; see :meth:`place`."""
        self._places = False
        self.writer = BlockWriter()
        self._open: list[TextLine] = []
        self._page = 1

    def place(self) -> None:
        """From here on it is kept which character of the document stands where."""
        self._places = True

    def page(self, number: int, characters: Sequence[Character], edges: Sequence[Edge]) -> Iterator[Block]:
        """The blocks of one page that are complete."""
        boxes = ruled_tables(edges)
        inside: dict[PageBox, list[Character]] = {box: [] for table in boxes for box in table}
        outside: list[Character] = []
        bands = _Bands(list(inside))
        for character in characters:
            x, y = (character.x0 + character.x1) / 2, (character.top + character.bottom) / 2
            held = next((box for box in bands.at(y) if box.holds(x, y)), None)
            (outside if held is None else inside[held]).append(character)
        lines = [line for line in lines_of(outside) if not PAGE_MARK.fullmatch(bare(line.value))]
        placed = sorted([(table[0].top if table else 0.0, i, table) for i, table in enumerate(boxes)], key=lambda item: item[:2])
        for top, _, table in placed:
            yield from self._prose([line for line in lines if line.top < top], number)
            lines = [line for line in lines if line.top >= top]
            yield from self.rest()
            yield self._table(table, inside, number)
        yield from self._prose(lines, number)

    def rest(self) -> Iterator[Block]:
        """The paragraph that is still open."""
        if self._open:
            yield from (Paragraph(text, 0, self._page) for text in self._written(self._open))
            self._open = []

    def _written(self, lines: Sequence[TextLine]) -> Iterator[Text]:
        """The text of lines, written down as one paragraph."""
        for text in self.writer.paragraphs([merged_words(line.value for line in lines)]):
            if self._places:
                printed = [character for line in lines for character in line.characters if character.value.strip()]
                offsets = [offset for value, offset in zip(text.value, text.at, strict=True) if value.strip()]
                if len(printed) == len(offsets):
                    self.placed += zip(offsets, printed, strict=True)
            yield text

    def _prose(self, lines: Sequence[TextLine], page: int) -> Iterator[Block]:
        if not lines:
            return
        left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
        for i, line in enumerate(lines):
            above = self._open[-1] if self._open else None
            if above is not None and not _goes_on(above, line, left, right, i == 0):
                yield from self.rest()
            if not self._open:
                self._page = page
            self._open.append(line)

    def _table(self, boxes: Sequence[PageBox], inside: dict[PageBox, list[Character]], page: int) -> Table:
        xs, ys = _edges([e for b in boxes for e in (b.x0, b.x1)]), _edges([e for b in boxes for e in (b.top, b.bottom)])
        cells = []
        for box in sorted(boxes, key=lambda b: (round(b.top), b.x0)):
            row, column = _nearest(ys, box.top), _nearest(xs, box.x0)
            height, width = _nearest(ys, box.bottom) - row, _nearest(xs, box.x1) - column
            paragraphs = tuple(text for lines in _unwrapped(list(lines_of(inside[box])), box) for text in self._written(lines))
            self._sizes.row(column + max(1, width), max(1, height) * max(1, width))
            cells.append(Cell(paragraphs, row, column, max(1, height), max(1, width)))
        return Table(tuple(cells), page)


class _Bands:
    """The boxes of a page by the bands that they reach into, so that not all of them are asked for each character."""

    def __init__(self, boxes: Sequence[PageBox]) -> None:
        self._top = min((box.top for box in boxes), default=0.0)
        self._height = max((max(box.bottom for box in boxes) - self._top) / _BANDS if boxes else 1.0, 0.1)
        self._boxes: dict[int, list[PageBox]] = defaultdict(list)
        for box in boxes:
            for band in range(self._band(box.top), self._band(box.bottom) + 1):
                self._boxes[band].append(box)

    def at(self, y: float) -> Sequence[PageBox]:
        """The boxes that may hold a point at this height, in their order."""
        return self._boxes.get(self._band(y), ())

    def _band(self, y: float) -> int:
        return int((y - self._top) / self._height)


def too_many_pages(name: str, limits: ReadLimits) -> TooLargeError:
    """The refusal of a file with more pages than are read, where these are not counted to the end."""
    return TooLargeError(name, f"它的页数超过可读的 {limits.pages:,} 页", f"it has more than the {limits.pages:,} pages that are read")


def edge_of(way: str, x0: float, top: float, x1: float, bottom: float) -> Edge:
    """A ruling line, ``h`` or ``v``, as pdfplumber has it."""
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top, "orientation": way}


def ruled_tables(edges: Sequence[Edge]) -> list[list[PageBox]]:
    """The cells of each table that ruling lines enclose; a single box is none."""
    long = [edge for way in ("v", "h") for edge in filter_edges(list(edges), way, min_length=1)]
    merged = filter_edges(merge_edges(long, _CLOSE, _CLOSE, _CLOSE, _CLOSE), min_length=_CLOSE)
    cells = intersections_to_cells(edges_to_intersections(merged, _CLOSE, _CLOSE))
    return [[PageBox(*cell) for cell in table] for table in cells_to_tables(cells) if len(table) > 1]


def _goes_on(above: TextLine, line: TextLine, left: float, right: float, first: bool) -> bool:
    """Whether a line continues the paragraph above it: that line is full, this one is not indented or numbered."""
    size = max(above.size, line.size)
    if abs(above.size - line.size) > 0.2 * size or above.x1 < right - 2 * size or line.x0 > left + 1.2 * size:
        return False
    if is_marked(fold(line.value.strip())):
        return False
    return first or line.top - above.bottom < 1.5 * size


def _unwrapped(lines: Sequence[TextLine], box: PageBox) -> Iterator[Sequence[TextLine]]:
    """The paragraphs of a cell, each its lines: a line that fills its cell, or ends in a comma, goes on below."""
    parts: list[TextLine] = []
    for i, line in enumerate(lines):
        parts.append(line)
        pad = max(0.0, min(other.x0 for other in lines) - box.x0)
        full = box.x1 - min(pad, line.size) - line.x1 < 1.6 * line.size
        below = lines[i + 1] if i + 1 < len(lines) else None
        if below is None or not (full or line.value.rstrip()[-1:] in "、，,") or is_marked(fold(below.value)) or _labelled(below.value):
            yield parts
            parts = []


def _labelled(value: str) -> bool:
    return re.match(r".{2,8}(?:单位|部门|领导|时限|时间)\s*:", fold(value)) is not None


def _edges(values: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 3:
            edges.append(value)
    return edges


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))
