"""An .odt file -> Document: paragraphs with their printed numbers, tables with merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from ingest.errors import WrongTypeError
from ingest.fields.folding import bare
from ingest.limits import ReadLimits
from ingest.model.document import Block, Cell, Document, Paragraph, Table, Text, texts_of
from ingest.readers.archives.zip_parts import Element, elements_of, encrypted, parts_within
from ingest.readers.block_writer import BlockWriter
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.table_sizes import TableSizes
from ingest.readers.word_processing.odt_lists import DRAW, OFFICE, TABLE, TEXT, ListStyles

_ODT = "application/vnd.oasis.opendocument.text"
_SPACES = re.compile(r"[ \t\r\n]+")
_MOST_BLANKS = 1_000  # that one element may stand for
_PARAGRAPHS = frozenset((f"{TEXT}p", f"{TEXT}h"))
_SKIPPED = frozenset(
    (
        *(f"{TEXT}{tag}" for tag in ("note", "ruby-text", "tracked-changes", "hidden-text", "script")),
        *(f"{OFFICE}{tag}" for tag in ("annotation", "annotation-end", "forms", "event-listeners")),
    )
)
"""Elements whose words are not printed in the text: notes, comments, deleted and hidden text."""
_DRAWN = frozenset(f"{DRAW}{tag}" for tag in ("frame", "g", "custom-shape", "rect", "ellipse", "text-box", "polygon", "path", "a"))
_HOLDERS = frozenset(
    (
        *_DRAWN,
        *(f"{TEXT}{tag}" for tag in ("section", "index-body", "index-title", "numbered-paragraph", "table-of-content", "user-index")),
        *(f"{TEXT}{tag}" for tag in ("illustration-index", "table-index", "object-index", "alphabetical-index", "bibliography")),
    )
)
"""Elements that hold blocks."""
_CELLS = frozenset((f"{TABLE}table-cell", f"{TABLE}covered-table-cell"))
_ROW_HOLDERS = frozenset(f"{TABLE}{tag}" for tag in ("table-header-rows", "table-rows", "table-row-group"))


def read_odt(name: str, data: bytes, sha256: str, limits: ReadLimits) -> Document:
    """The blocks of an OpenDocument text; deleted and hidden text is left out.

    Raises :class:`~ingest.errors.UnreadableError` where it is damaged or encrypted, :class:`~ingest.errors.TooLargeError` where it
    passes a limit.
    """
    parts_within(name, data, limits)
    with ZipFile(BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in ("content.xml", "styles.xml", "META-INF/manifest.xml") if part in archive.namelist()}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise encrypted(name)
    content = elements_of(name, parts["content.xml"])
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise WrongTypeError(name, "它是 OpenDocument，但不是文本文档", "it is an OpenDocument file but not a text")
    walk = _Walk(name, ListStyles([elements_of(name, parts["styles.xml"])] if "styles.xml" in parts else [], content), limits)
    blocks = tuple(walk.blocks(body, 0))
    return Document(name, _ODT, sha256, walk.writer.text, blocks)


class _Walk:
    """One text while its elements are walked."""

    def __init__(self, name: str, styles: ListStyles, limits: ReadLimits) -> None:
        self.sizes = TableSizes(name, limits)
        self.writer = BlockWriter()
        self.styles = styles

    def blocks(self, parent: Element, depth: int) -> Iterator[Block]:
        """The blocks of a body, a section, a cell or a frame, in order."""
        self.sizes.nested(depth)
        for element in parent:
            if element.tag in _PARAGRAPHS:
                yield from self._paragraph(element, depth, self.styles.outline_label(element))
            elif element.tag == f"{TEXT}list":
                yield from self._list(element, depth, 0, None, None)
            elif element.tag == f"{TABLE}table":
                yield from self._table(element, depth)
            elif element.tag in _HOLDERS and not _is_hidden(element):
                yield from self.blocks(element, depth)

    def _list(self, element: Element, depth: int, level: int, style: str | None, key: str | None) -> Iterator[Block]:
        """The paragraphs of a list; the first of each item bears its number."""
        style = element.get(f"{TEXT}style-name") or style
        if key is None:
            key = self.styles.list_key(element, style)
        for item in element:
            counted = item.tag != f"{TEXT}list-item"
            for child in item:
                if child.tag in _PARAGRAPHS:
                    hidden = self.styles.hides(child)
                    label = "" if counted or hidden else self.styles.label(child, key, level, style, item)
                    counted = counted or not hidden
                    yield from self._paragraph(child, depth, label)
                elif child.tag == f"{TEXT}list":
                    yield from self._list(child, depth, level + 1, style, key)
                elif child.tag == f"{TABLE}table":
                    yield from self._table(child, depth)

    def _paragraph(self, element: Element, depth: int, label: str) -> Iterator[Block]:
        boxes: list[Element] = []
        value = "" if self.styles.hides(element) else "".join(self._characters(element, boxes))
        if label or value.strip():
            value = label + value.strip()
        for text in self.writer.paragraphs(value.split("\n")):
            if not PAGE_MARK.fullmatch(bare(text.value)) or depth:
                yield Paragraph(text, _level(element))
        for box in boxes:
            yield from self.blocks(box, depth + 1)

    def _characters(self, element: Element, boxes: list[Element]) -> Iterator[str]:
        """What a paragraph prints; the frames that are anchored in it are put aside."""
        yield _SPACES.sub(" ", element.text or "")
        for child in element:
            if child.tag in _DRAWN:
                boxes.append(child)
            elif child.tag == f"{TEXT}s":
                count = child.get(f"{TEXT}c", "1")
                yield " " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS)
            elif child.tag == f"{TEXT}tab":
                yield "\t"
            elif child.tag == f"{TEXT}line-break":
                yield "\n"
            elif child.tag not in _SKIPPED and not self.styles.hides(child):
                yield from self._characters(child, boxes)
            yield _SPACES.sub(" ", child.tail or "")

    def _table(self, element: Element, depth: int) -> Iterator[Block]:
        cells: list[Cell] = []
        height = 0
        for row, repeats in _rows(element):
            self._count(row, repeats)
            for _ in range(repeats):
                column = 0
                for cell in (cell for cell in row if cell.tag in _CELLS):
                    times = _times(cell, "number-columns-repeated")
                    if cell.tag == f"{TABLE}table-cell":
                        cells.extend(self._cells(cell, height, column, times, depth))
                    column += times
                height += 1
        if len(cells) == 1:
            yield from (Paragraph(text) for text in cells[0].paragraphs)
        elif cells:
            yield Table(tuple(Cell(c.paragraphs, c.row, c.column, min(c.rowspan, height - c.row), c.colspan) for c in cells))

    def _count(self, row: Element, repeats: int) -> None:
        """Counts all the places of a row that is repeated before any of them is read."""
        column = widest = places = 0
        for cell in (cell for cell in row if cell.tag in _CELLS):
            times = wide = _times(cell, "number-columns-repeated")
            if cell.tag == f"{TABLE}table-cell":
                wide = max(times, _times(cell, "number-columns-spanned"))
                places += wide
            widest = max(widest, column + wide)
            column += times
        self.sizes.row(widest, repeats * (1 + places))

    def _cells(self, cell: Element, row: int, column: int, times: int, depth: int) -> Iterator[Cell]:
        rowspan, colspan = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
        for i in range(times):
            yield Cell(self._content(cell, depth), row, column + i, rowspan, colspan)

    def _content(self, cell: Element, depth: int) -> tuple[Text, ...]:
        return texts_of(self.blocks(cell, depth + 1))


def _rows(element: Element) -> Iterator[tuple[Element, int]]:
    """The rows of a table that are shown, each with how often it is repeated."""
    for child in element:
        if child.tag == f"{TABLE}table-row" and child.get(f"{TABLE}visibility", "visible") == "visible":
            yield child, _times(child, "number-rows-repeated")
        elif child.tag in _ROW_HOLDERS:
            yield from _rows(child)


def _times(element: Element, name: str) -> int:
    value = element.get(f"{TABLE}{name}", "1")
    return max(1, int(value)) if re.fullmatch(r"\d{1,7}", value) else 1


def _level(element: Element) -> int:
    """1 to 6 for a heading, else 0."""
    value = element.get(f"{TEXT}outline-level", "1")
    return min(6, int(value)) if element.tag == f"{TEXT}h" and re.fullmatch("[1-9]", value) else 0


def _is_hidden(section: Element) -> bool:
    """Whether a section is not printed."""
    display = section.get(f"{TEXT}display")
    return bool(display == "none" or (display == "condition" and section.get(f"{TEXT}is-hidden") == "true"))
