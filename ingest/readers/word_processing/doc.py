"""A .doc or .wps file of Word 97 to 2003 -> Document: paragraphs with their printed numbers, tables with merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import unpack_from

from ingest.errors import IngestError
from ingest.fields.folding import bare
from ingest.limits import ReadLimits
from ingest.model.document import Block, Document, Paragraph, Text
from ingest.readers.archives.ole_streams import damaged, opened
from ingest.readers.block_writer import BlockWriter
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.table_sizes import TableSizes
from ingest.readers.word_processing.doc_file import HIDDEN, SHOWN, SPECIAL, Word97File, modifiers
from ingest.readers.word_processing.doc_lists import Word97Lists
from ingest.readers.word_processing.row_cells import RowCell, table_of
from ingest.readers.word_processing.utf16 import whole_characters

_WORD = "application/msword"
_NUMBERED = ("\r", "\x07")
"""Ends of paragraphs before which a number is printed even where nothing else is."""
_MARK = re.compile("[\r\x07\x0c]")
_ANCHORS, _BOXES = 40, 56
_PRINTED = str.maketrans({"\x0b": "\n", "\x1e": "-", "\x1f": None, "\x08": None, "\x01": None, "\x02": None, "\x05": None, "\x15": None})
_IN_TABLE, _ROW_END, _INNER_ROW_END, _DEPTH = 0x2416, 0x2417, 0x244C, 0x6649
_EDGES, _MERGED, _MERGED_DOWN = 0xD608, 0x5624, 0xD62B


def read_doc(name: str, data: bytes, sha256: str, limits: ReadLimits) -> Document:
    """The blocks of a binary Word file; deleted and hidden text is left out, text boxes are paragraphs where they are anchored.

    Raises :class:`~ingest.errors.WrongTypeError` where it is none, :class:`~ingest.errors.UnreadableError` where it is damaged,
    encrypted or older than Word 97, :class:`~ingest.errors.TooLargeError` where it passes a limit.
    """
    streams = opened(name, data)
    try:
        file = Word97File(name, streams, limits)
        walk = _Walk(name, file, limits)
        blocks = (*walk.story(0, file.length), *walk.left_boxes())
    except (IngestError, MemoryError):
        raise
    except Exception as error:
        raise damaged(name) from error
    return Document(name, _WORD, sha256, walk.writer.text, blocks)


@dataclass(slots=True)
class _Row:
    """What the end of a row says: where its cells end, which are merged to the left and which upwards."""

    edges: Sequence[int] = ()
    left: set[int] = field(default_factory=set)
    above: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Open:
    """The table that is open while paragraphs pass by."""

    rows: list[list[RowCell]] = field(default_factory=list)
    row: list[tuple[Text, ...]] = field(default_factory=list)
    cell: list[Text] = field(default_factory=list)


class _Walk:
    """One document while its paragraphs are walked."""

    def __init__(self, name: str, file: Word97File, limits: ReadLimits) -> None:
        self.writer = BlockWriter()
        self._file = file
        self._lists = Word97Lists(file)
        self._sizes = TableSizes(name, limits)
        self._boxes = dict(_boxes(file))

    def story(self, start: int, end: int) -> Iterator[Block]:
        """The blocks between two positions of the text."""
        table, begun = _Open(), start
        held = ""
        for mark in (*_MARK.finditer(self._file.text, start, end), None):
            at = mark.start() if mark is not None else end
            style, properties = self._file.properties_of_paragraph(min(at, end - 1))
            properties = self._file.elsewhere(properties)
            held += self._seen(begun, at, style)
            anchored = [self._boxes.pop(place) for place in range(begun, at) if place in self._boxes] if self._boxes else []
            begun = at + 1
            if mark is not None and mark.group() == "\r" and self._file.flags[at] & HIDDEN and not anchored:
                continue
            if mark is not None and mark.group() == "\x07" and _is_row_end(properties):
                self._end_row(table, properties, at)
            else:
                yield from self._paragraph(table, mark.group() if mark is not None else "", held, (style, properties))
            held = ""
            yield from self._anchored(table, anchored)
        yield from self._closed(table)

    def left_boxes(self) -> Iterator[Block]:
        """The text boxes that no place of the text anchors: those in groups of shapes."""
        for place in sorted(self._boxes):
            yield from self.story(*self._boxes[place])

    def _anchored(self, table: _Open, boxes: Sequence[tuple[int, int]]) -> Iterator[Block]:
        for box in boxes:
            for block in self.story(*box):
                if not (table.row or table.cell):
                    yield block
                else:
                    inner = [block.text] if isinstance(block, Paragraph) else [text for cell in block.cells for text in cell.paragraphs]
                    table.cell.extend(inner)

    def _paragraph(self, table: _Open, mark: str, value: str, kind: tuple[int, bytes]) -> Iterator[Block]:
        """Takes in one paragraph, with its style and properties: into the table that is open, or as a block."""
        style, properties = kind
        stated = dict(modifiers(properties))
        inside = mark == "\x07" or stated.get(_IN_TABLE) == b"\1" or any(stated.get(_DEPTH, b""))
        if not inside:
            yield from self._closed(table)
        if stated.get(_INNER_ROW_END) == b"\1":
            return
        if value.strip() or (mark in _NUMBERED and not self._lists.hides(style)):
            value = self._lists.label(style, properties) + value.strip()
        for text in self.writer.paragraphs(value.split("\n")):
            if inside:
                table.cell.append(text)
            elif not PAGE_MARK.fullmatch(bare(text.value)):
                yield Paragraph(text, self._lists.heading(style))
        if mark == "\x07":
            self._sizes.row(len(table.row) + 1, 0)
            table.row.append(tuple(table.cell))
            table.cell = []

    def _seen(self, start: int, end: int, style: int) -> str:
        """What is printed of the characters between two positions; two halves of one are made whole."""
        text, flags = self._file.text[start:end], self._file.flags[start:end]
        hidden = self._lists.hides(style)
        if any(flags) or hidden:
            text = "".join(
                self._file.symbols.get(start + i, "") if flag & SPECIAL and character == "(" else character
                for i, (character, flag) in enumerate(zip(text, flags, strict=True))
                if not flag & HIDDEN and (not hidden or flag & SHOWN)
            )
        return whole_characters(text.translate(_PRINTED))

    def _end_row(self, table: _Open, properties: bytes, at: int) -> None:
        if table.cell:
            table.row.append(tuple(table.cell))
        row, cells = _row(properties), table.row
        table.row, table.cell = [], []
        if self._file.flags[at] & HIDDEN and not any(cells):
            return
        left = row.edges[0] if row.edges else 0
        made: list[RowCell] = []
        for i, paragraphs in enumerate(cells):
            right = max(left + 1, row.edges[i + 1] if i + 1 < len(row.edges) else 0)
            made.append(RowCell(paragraphs, left, right, i in row.left, i in row.above))
            left = right
        if made:
            table.rows.append(made)

    def _closed(self, table: _Open) -> Iterator[Block]:
        """The table that was open, if there was one; what a row without an end held is not lost."""
        if table.row or table.cell:
            self._end_row(table, b"", 0)
        found = table_of(table.rows, self._sizes)
        table.rows = []
        if found is not None and len(found.cells) == 1:
            yield from (Paragraph(text) for text in found.cells[0].paragraphs)
        elif found is not None:
            yield found


def _is_row_end(properties: bytes) -> bool:
    return dict(modifiers(properties)).get(_ROW_END) == b"\1"


def _row(properties: bytes) -> _Row:
    """What the properties of the end of a row say of its cells ([MS-DOC] 2.6.3, 2.9.315)."""
    row = _Row()
    for code, operand in modifiers(properties):
        if code == _EDGES and operand:
            count = operand[0]
            if len(operand) < 1 + 2 * (count + 1):
                continue
            row.edges = unpack_from(f"<{count + 1}h", operand, 1)
            cells = operand[1 + 2 * (count + 1) :]
            flags = [unpack_from("<H", cells, 20 * i)[0] for i in range(min(count, (len(cells) + 18) // 20))]
            row.left = {i for i, flag in enumerate(flags) if flag & 3 == 1}
            row.above = {i for i, flag in enumerate(flags) if flag >> 5 & 3 == 1}
        elif code == _MERGED and len(operand) == 2:
            row.left |= set(range(operand[0] + 1, operand[1]))
        elif code == _MERGED_DOWN and len(operand) == 2:
            row.above = row.above | {operand[0]} if operand[1] == 1 else row.above - {operand[0]}
    return row


def _boxes(file: Word97File) -> Iterator[tuple[int, tuple[int, int]]]:
    """The text boxes by the place at which each is anchored; those without a place by numbers below none."""
    anchors, boxes = file.structure(_ANCHORS), file.structure(_BOXES)
    number = max(0, (len(anchors) - 4) // 30)
    shapes = {unpack_from("<I", anchors, 4 * (number + 1) + 26 * i)[0]: unpack_from("<I", anchors, 4 * i)[0] for i in range(number)}
    count = max(0, (len(boxes) - 4) // 26)
    for i in range(count):
        start, end = unpack_from("<II", boxes, 4 * i)
        shape = unpack_from("<I", boxes, 4 * (count + 1) + 22 * i + 14)[0]
        first, last = file.boxes_at + start, min(file.boxes_at + end, len(file.text))
        if first < last and file.text[first:last].strip():
            yield shapes.get(shape, len(file.text) + i), (first, last)
