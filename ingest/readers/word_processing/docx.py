"""A .docx file -> Document: paragraphs with their printed numbers, tables with merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml.etree import LxmlError, XMLSyntaxError  # type: ignore[import-untyped]

from ingest.errors import TooLargeError, UnreadableError, WrongTypeError
from ingest.fields.folding import bare
from ingest.limits import ReadLimits
from ingest.model.document import Block, Cell, Document, Paragraph, Table, Text, texts_of
from ingest.readers.archives.zip_parts import parts_within
from ingest.readers.block_writer import BlockWriter
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.table_sizes import TableSizes
from ingest.readers.word_processing.docx_numbering import Numbering

_SKIPPED = frozenset(map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:pPr", "w:rPr", "w:txbxContent", "w:delText", "w:sectPr")))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read_docx(name: str, data: bytes, sha256: str, limits: ReadLimits) -> Document:
    """The blocks of a Word file; text boxes are paragraphs where they are anchored, deleted revisions are left out."""
    if "word/document.xml" not in parts_within(name, data, limits):
        raise WrongTypeError(name, "它是压缩包，但不是 Word 文档", "it is an archive but not a Word document")
    try:
        word = docx.Document(BytesIO(data))
        walk = _Walk(name, word, limits)
        blocks = tuple(walk.blocks(word.element.body, 0))
    except XMLSyntaxError as error:
        if "depth" in str(error):
            raise TooLargeError(name, "其元素嵌套过深", "its elements are nested deeper than is read") from error
        raise UnreadableError(name, "Word 文件中的 XML 已损坏", "the XML of the Word file is damaged") from error
    except (OpcError, LxmlError, BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, NotImplementedError) as error:
        raise UnreadableError(name, "Word 文件已损坏，或不是文档", "the Word file is damaged or not a document") from error
    return Document(name, _WORD, sha256, walk.writer.text, blocks)


class _Walk:
    """One Word file while its elements are walked."""

    def __init__(self, name: str, word: WordDocument, limits: ReadLimits) -> None:
        self.sizes = TableSizes(name, limits)
        self.writer = BlockWriter()
        self.numbering = Numbering(word)

    def blocks(self, parent: BaseOxmlElement, depth: int) -> Iterator[Block]:
        """The blocks of a body, a cell or a content control, in order."""
        self.sizes.nested(depth)
        for element in parent.iterchildren():
            if element.tag == qn("w:p"):
                yield from self._paragraph(element, depth)
            elif element.tag == qn("w:tbl"):
                yield from self._table(element, depth)
            elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:smartTag")):
                yield from self.blocks(element, depth)

    def _paragraph(self, element: BaseOxmlElement, depth: int) -> Iterator[Block]:
        value = "".join(_characters(element))
        value = self.numbering.label(element) + value.strip()
        for text in self.writer.paragraphs(value.split("\n")):
            if not PAGE_MARK.fullmatch(bare(text.value)) or depth:
                yield Paragraph(text, self.numbering.level(element))
        for box in element.iter(qn("w:txbxContent")):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.blocks(box, depth + 1)

    def _table(self, element: BaseOxmlElement, depth: int) -> Iterator[Block]:
        cells: list[_Open] = []
        above: dict[int, _Open] = {}
        for r, row in enumerate(_below(element, "w:tr")):
            column = _number(row, "w:trPr/w:gridBefore")
            current: dict[int, _Open] = {}
            for cell in _below(row, "w:tc"):
                width = max(1, _number(cell, "w:tcPr/w:gridSpan", 1))
                self.sizes.row(column + width, width)
                merge = cell.find(_path("w:tcPr/w:vMerge"))
                joins = merge is not None and merge.get(qn("w:val")) in (None, "continue")
                held = above.get(column)
                if joins and held is not None and held.width == width:
                    held.height += 1
                    current[column] = held
                    self._content(cell, depth)
                else:
                    current[column] = _Open(self._content(cell, depth), r, column, width)
                    cells.append(current[column])
                column += width
            above = current
        if cells and all(cell.column == 0 and cell.width == 1 for cell in cells) and len(cells) == 1:
            yield from (Paragraph(text) for text in cells[0].paragraphs)
        elif cells:
            yield Table(tuple(Cell(c.paragraphs, c.row, c.column, c.height, c.width) for c in cells))

    def _content(self, cell: BaseOxmlElement, depth: int) -> tuple[Text, ...]:
        return texts_of(self.blocks(cell, depth + 1))


class _Open:
    """A cell that may still grow downwards."""

    def __init__(self, paragraphs: tuple[Text, ...], row: int, column: int, width: int) -> None:
        self.paragraphs, self.row, self.column, self.width = paragraphs, row, column, width
        self.height = 1


def _below(element: BaseOxmlElement, tag: str) -> Iterator[BaseOxmlElement]:
    """The rows of a table or the cells of a row, through content controls and revisions."""
    for child in element.iterchildren():
        if child.tag == qn(tag):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _below(child, tag)


def _number(element: BaseOxmlElement, path: str, otherwise: int = 0) -> int:
    found = element.find(_path(path))
    value = found.get(qn("w:val")) if found is not None else None
    return int(value) if value is not None and value.isdigit() else otherwise


def _path(path: str) -> str:
    return "/".join(qn(step) for step in path.split("/"))


def _is_hidden(element: BaseOxmlElement) -> bool:
    """Whether it is a run that says of itself that it is not printed."""
    hidden = element.find(_path("w:rPr/w:vanish")) if element.tag == qn("w:r") else None
    return hidden is not None and hidden.get(qn("w:val")) not in ("0", "false", "off")


def _characters(paragraph: BaseOxmlElement) -> Iterator[str]:
    stack = list(reversed(list(paragraph.iterchildren())))
    while stack:
        element = stack.pop()
        if element.tag in _SKIPPED or element.tag == _FALLBACK or _is_hidden(element):
            continue
        if element.tag == qn("w:t"):
            yield (element.text or "").replace("\n", " ")
        elif element.tag == qn("w:tab"):
            yield "\t"
        elif element.tag in (qn("w:br"), qn("w:cr")):
            yield "" if element.get(qn("w:type")) in ("page", "column") else "\n"
        elif element.tag == qn("w:noBreakHyphen"):
            yield "-"
        else:
            stack.extend(reversed(list(element.iterchildren())))
