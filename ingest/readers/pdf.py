"""A .pdf file with a text layer -> Document: paragraphs by their geometry, ruled tables with merged cells."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from ingest.errors import TooLargeError, UnreadableError
from ingest.fields.folding import bare, fold
from ingest.layouts.headings import is_marked
from ingest.limits import ReadLimits
from ingest.model.document import Block, Cell, Document, Paragraph, Table
from ingest.readers.lines import PageBox, TextLine, lines_of, merged_words, printed_once
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.writing import BlockWriter

_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*(?:\[([^\]]{0,200})\]|(/\w+))|/F\s*\[([^\]]{0,200})\]")
_ARMOUR = (b"/ASCII85Decode", b"/A85", b"/ASCIIHexDecode", b"/AHx")
_PICTURE = (b"/DCTDecode", b"/DCT", b"/JPXDecode", b"/CCITTFaxDecode", b"/CCF", b"/JBIG2Decode")
_SCANNED = ("没有文字层，只有页面的图像", "it has no text layer, only images of pages")


def read_pdf(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of a PDF file, page after page; a paragraph or a table may go on over the page."""
    _guarded(name, data, limits.unpacked)
    try:
        with pdfplumber.open(BytesIO(data)) as pdf:
            if len(pdf.pages) > limits.pages:
                raise TooLargeError(
                    name,
                    f"它有 {len(pdf.pages):,} 页，超过可读的 {limits.pages:,} 页",
                    f"it has {len(pdf.pages):,} pages, more than the {limits.pages:,} that are read",
                )
            walk = _Walk()
            found: list[Block] = []
            for page in pdf.pages:
                if len(page.chars) > 60_000 or len(page.edges) > 20_000:
                    raise TooLargeError(
                        name, f"第 {page.page_number} 页的标记超过可读的数目", f"page {page.page_number} holds more marks than are read"
                    )
                found.extend(walk.page(page))
                page.close()
                more(1.0)
            found.extend(walk.rest())
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableError(name, "文件已加密", "the file is encrypted") from error
    except (PdfminerException, MalformedPDFException, PDFException) as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, (TooLargeError, MemoryError)):
            raise cause from error
        if isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)):
            raise UnreadableError(name, "文件已加密", "the file is encrypted") from error
        raise UnreadableError(name, "PDF 文件已损坏", "the PDF file is damaged") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, RecursionError, zlib.error, OSError) as error:
        raise UnreadableError(name, "PDF 文件已损坏", "the PDF file is damaged") from error
    text = walk.writer.text
    if len(bare(text)) < 10:
        raise UnreadableError(name, *_SCANNED)
    if text.count("(cid:") * 20 > len(text):
        raise UnreadableError(name, "其字体没有说明所画的是哪些字", "its fonts do not say which characters they draw")
    return Document(name, "application/pdf", sha256, text, tuple(found))


def _guarded(name: str, data: bytes, unpacked: int) -> None:
    """Refuses a file whose compressed streams unpack to too much, or were compressed more than once."""
    total = 0
    for match in _STREAM.finditer(data):
        total += _unpacked(name, data, match, unpacked - total)
        if total > unpacked:
            raise TooLargeError(
                name, f"它解压后超过可读的 {unpacked:,} 字节", f"it unpacks to more than the {unpacked:,} bytes that are read"
            )


def _unpacked(name: str, data: bytes, match: re.Match[bytes], most: int) -> int:
    """How long a stream is without its filters, or a little more than ``most``."""
    head = data[max(0, match.start() - 2_000) : match.start()]
    head = head[head.rfind(b" obj") + 1 :]
    found = _FILTERS.search(head)
    chain = next((group for group in found.groups() if group), b"").split(b"/") if found is not None else []
    filters = [b"/" + part.strip() for part in chain if part.strip()]
    packed = [part for part in filters if part not in _ARMOUR and part not in _PICTURE]
    if len(packed) > 1 or (packed and filters[-1] in _ARMOUR):
        raise TooLargeError(name, "其中有一个流被压缩了不止一次", "one of its streams was compressed more than once")
    end = data.find(b"endstream", match.end())
    content = data[match.end() : end if end > 0 else len(data)]
    try:
        if filters and filters[0] in _ARMOUR[:2]:
            content = a85decode(content.strip().removesuffix(b"~>").removeprefix(b"<~"))
        elif filters and filters[0] in _ARMOUR[2:]:
            content = bytes.fromhex(content.strip().rstrip(b">").decode("ascii"))
        return len(zlib.decompressobj().decompress(content, max(1, most + 1)))
    except (zlib.error, ValueError):
        return len(content)


class _Walk:
    """One PDF while its pages are walked; the last paragraph stays open over a page break."""

    def __init__(self) -> None:
        self.writer = BlockWriter()
        self._open: list[TextLine] = []
        self._page = 1

    def page(self, page: Page) -> Iterator[Block]:
        """The blocks of one page that are complete."""
        characters = [c for c in printed_once(page.chars) if c["text"].strip() or c["text"] == " "]
        tables = [table for table in page.find_tables() if len(table.cells) > 1]
        boxes = [[PageBox(*cell) for cell in table.cells] for table in tables]
        inside: dict[PageBox, list[dict[str, object]]] = {box: [] for table in boxes for box in table}
        outside = []
        for character in characters:
            x, y = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
            box = next((b for table in boxes for b in table if b.holds(x, y)), None)
            if box is None:
                outside.append(character)
            else:
                inside[box].append(character)
        lines = [line for line in lines_of(outside) if not PAGE_MARK.fullmatch(bare(line.value))]
        placed = sorted([(table[0].top if table else 0.0, i, table) for i, table in enumerate(boxes)], key=lambda item: item[:2])
        for top, _, table in placed:
            yield from self._prose([line for line in lines if line.top < top], page.page_number)
            lines = [line for line in lines if line.top >= top]
            yield from self.rest()
            yield self._table(table, inside, page.page_number)
        yield from self._prose(lines, page.page_number)

    def rest(self) -> Iterator[Block]:
        """The paragraph that is still open."""
        if self._open:
            yield from (
                Paragraph(text, 0, self._page) for text in self.writer.paragraphs([merged_words(line.value for line in self._open)])
            )
            self._open = []

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

    def _table(self, boxes: Sequence[PageBox], inside: dict[PageBox, list[dict[str, object]]], page: int) -> Table:
        xs, ys = _edges([e for b in boxes for e in (b.x0, b.x1)]), _edges([e for b in boxes for e in (b.top, b.bottom)])
        cells = []
        for box in sorted(boxes, key=lambda b: (round(b.top), b.x0)):
            row, column = _nearest(ys, box.top), _nearest(xs, box.x0)
            height, width = _nearest(ys, box.bottom) - row, _nearest(xs, box.x1) - column
            paragraphs = tuple(self.writer.paragraphs(_unwrapped(list(lines_of(inside[box])), box)))
            cells.append(Cell(paragraphs, row, column, max(1, height), max(1, width)))
        return Table(tuple(cells), page)


def _goes_on(above: TextLine, line: TextLine, left: float, right: float, first: bool) -> bool:
    """Whether a line continues the paragraph above it: that line is full, this one is not indented or numbered."""
    size = max(above.size, line.size)
    if abs(above.size - line.size) > 0.2 * size or above.x1 < right - 2 * size or line.x0 > left + 1.2 * size:
        return False
    if is_marked(fold(line.value.strip())):
        return False
    return first or line.top - above.bottom < 1.5 * size


def _unwrapped(lines: Sequence[TextLine], box: PageBox) -> Iterator[str]:
    """The paragraphs of a cell: a line that fills its cell, or ends in a comma, goes on below."""
    parts: list[str] = []
    for i, line in enumerate(lines):
        parts.append(line.value)
        pad = max(0.0, min(other.x0 for other in lines) - box.x0)
        full = box.x1 - min(pad, line.size) - line.x1 < 1.6 * line.size
        below = lines[i + 1] if i + 1 < len(lines) else None
        if below is None or not (full or line.value.rstrip()[-1:] in "、，,") or is_marked(fold(below.value)) or _labelled(below.value):
            yield merged_words(parts)
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
