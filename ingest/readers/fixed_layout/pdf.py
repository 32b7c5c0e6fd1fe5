"""A .pdf file with a text layer -> Document: paragraphs by their geometry, ruled tables with merged cells."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from ingest.errors import TooLargeError, UnreadableError
from ingest.fields.folding import bare
from ingest.limits import ReadLimits
from ingest.model.document import Block, Document
from ingest.readers.fixed_layout.page_layout import PageWalk
from ingest.readers.fixed_layout.pdf_glyphs import Glyphs, drawn
from ingest.readers.fixed_layout.scan import MISSING, Recognition, recognition
from ingest.readers.fixed_layout.text_lines import Character

_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*(?:\[([^\]]{0,200})\]|(/\w+))|/F\s*\[([^\]]{0,200})\]")
_ARMOUR = (b"/ASCII85Decode", b"/A85", b"/ASCIIHexDecode", b"/AHx")
_PICTURE = (b"/DCTDecode", b"/DCT", b"/JPXDecode", b"/CCITTFaxDecode", b"/CCF", b"/JBIG2Decode")
_SCANNED = ("没有文字层", "it has no text layer")


def read_pdf(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of a PDF file, page after page; a paragraph or a table may go on over the page.

    A page that is a picture is recognised where ``zhengce[scan]`` is installed, else named in a warning.
    """
    _guarded(name, data, limits.unpacked)
    walk, pictures = PageWalk(name, limits), list[int]()
    with _refused(name), recognition(name, data, "pdf", limits) as scan, pdfplumber.open(BytesIO(data)) as pdf:
        if len(pdf.pages) > limits.pages:
            raise TooLargeError(
                name,
                f"它有 {len(pdf.pages):,} 页，超过可读的 {limits.pages:,} 页",
                f"it has {len(pdf.pages):,} pages, more than the {limits.pages:,} that are read",
            )
        found = tuple(_blocks(pdf, walk, scan, pictures, more))
    text = walk.writer.text
    if len(bare(text)) < 10:
        raise UnreadableError(name, *(MISSING if pictures and not scan.available else _SCANNED))
    if text.count("(cid:") * 20 > len(text):
        raise UnreadableError(name, "其字体没有说明所画的是哪些字", "its fonts do not say which characters they draw")
    document = Document(name, "application/pdf", sha256, text, found)
    if pictures and not scan.available:
        pages = "、".join(map(str, pictures))
        return replace(document, notes=(("page-unread", f"第 {pages} 页只有图像，没有读；要识别它们，请安装 zhengce[scan]"),))
    return scan.described(document, walk)


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """Whatever the libraries raise over a broken file becomes one refusal."""
    try:
        yield
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


def _blocks(pdf: PDF, walk: PageWalk, scan: Recognition, pictures: list[int], more: Callable[[float], None]) -> Iterator[Block]:
    """The blocks of all pages; the numbers of pages that are pictures are added to ``pictures``."""
    glyphs = Glyphs()
    for page in pdf.pages:
        number = page.page_number
        characters = drawn(page, glyphs)
        if len(characters) > 60_000 or len(page.edges) > 20_000:
            raise TooLargeError(scan.name, f"第 {number} 页的标记超过可读的数目", f"page {number} holds more marks than are read")
        if not _is_picture(page, characters):
            yield from walk.page(number, characters, page.edges)
        else:
            pictures.append(number)
            if scan.available:
                walk.place()
                yield from walk.page(number, *scan.page(number))
        page.close()
        more(1.0)
    yield from walk.rest()


def _is_picture(page: Page, characters: Sequence[Character]) -> bool:
    """Whether a page shows a picture over at least a third of it and prints next to nothing beside: a page that was scanned."""
    shown = sum(float(image["width"]) * float(image["height"]) for image in page.images)
    return shown * 3 >= float(page.width) * float(page.height) and sum(bool(each.value.strip()) for each in characters) < 20


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
