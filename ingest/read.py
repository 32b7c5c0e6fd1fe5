"""A file -> Document: the format is found from the bytes, checked against the name, and read within limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from ingest.errors import EmptyFileError, SourceAddressError, TooLargeError, UnreadableError, WrongTypeError
from ingest.fields.folding import INVISIBLE, visible
from ingest.limits import DEFAULTS, ReadLimits, within
from ingest.model.document import Block, Document, Table
from ingest.readers.addresses import is_address
from ingest.readers.containers import compound_kind, package_kind
from ingest.readers.text import read_text
from ontology.errors import refusal

__all__ = ["SUFFIXES", "ReadLimits", "read", "read_bytes"]


def read(path: Path, limits: ReadLimits = DEFAULTS, source: str | None = None) -> Document:
    """The document in a file, taken from the address ``source`` where one is given."""
    try:
        size = path.stat().st_size
        if size > limits.bytes:
            raise TooLargeError(
                path.name,
                f"文件有 {size:,} 字节，超过可读的 {limits.bytes:,} 字节",
                f"the file has {size:,} bytes, more than the {limits.bytes:,} that are read",
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            path.name, f"文件无法打开（{refusal(error)[0]}）", f"the file cannot be opened ({refusal(error)[1]})"
        ) from error
    return _placed(read_bytes(path.name, data, limits), source)


def _placed(document: Document, source: str | None) -> Document:
    if source is None:
        return document
    if not is_address(source):
        raise SourceAddressError(source, "这不是网址", "this is no web address")
    return replace(document, source=source)


def read_bytes(name: str, data: bytes, limits: ReadLimits = DEFAULTS) -> Document:
    """The document in these bytes; the name decides nothing but is checked and named in errors."""
    if len(data) > limits.bytes:
        raise TooLargeError(
            name,
            f"文件有 {len(data):,} 字节，超过可读的 {limits.bytes:,} 字节",
            f"the file has {len(data):,} bytes, more than the {limits.bytes:,} that are read",
        )
    if not data.strip():
        raise EmptyFileError(name)
    with within(name, limits.seconds, limits.memory) as more:
        document = _seen(_document(name, data, limits, more))
    if len(document.text) > limits.characters:
        raise TooLargeError(
            name,
            f"它有 {len(document.text):,} 个字符，超过可读的 {limits.characters:,} 个",
            f"it has {len(document.text):,} characters, more than the {limits.characters:,} that are read",
        )
    return document


def _seen(document: Document) -> Document:
    """The document without characters of no width in its blocks; its text keeps them."""
    if not any(character in INVISIBLE for character in document.text):
        return document
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Table):
            cells = (replace(cell, paragraphs=tuple(text for p in cell.paragraphs if (text := visible(p)))) for cell in block.cells)
            blocks.append(replace(block, cells=tuple(cells)))
        elif text := visible(block.text):
            blocks.append(replace(block, text=text))
    return replace(document, blocks=tuple(blocks))


def _document(name: str, data: bytes, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """Each format's library is imported when the first file in it is read."""
    digest = sha256(data).hexdigest()
    kind = _kind(name, data)
    if kind == "docx":
        from ingest.readers.word import read_docx

        return read_docx(name, data, digest, limits)
    if kind in ("xlsx", "xls", "ods"):
        return _workbook(kind)(name, data, digest, limits, more)
    if kind == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(name, data, digest, limits, more)
    if kind == "html":
        from ingest.readers.html import read_html

        return read_html(name, data, digest, limits)
    return read_text(name, data, digest, limits)


def _workbook(kind: str) -> Callable[[str, bytes, str, ReadLimits, Callable[[float], None]], Document]:
    if kind == "xlsx":
        from ingest.readers.xlsx import read_xlsx

        return read_xlsx
    if kind == "xls":
        from ingest.readers.xls import read_xls

        return read_xls
    from ingest.readers.ods import read_ods

    return read_ods


_SHEETS = ("xlsx", "xls", "ods", "html")
"""What a file named like a spreadsheet may be: programs name a web page or a workbook of today .xls or .et."""
_NAMED = {
    **dict.fromkeys((".docx",), ("docx",)),
    **dict.fromkeys((".pdf",), ("pdf",)),
    **dict.fromkeys((".html", ".htm", ".shtml"), ("html",)),
    **dict.fromkeys((".txt", ".text", ".md"), ("text",)),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".et", ".ods"), _SHEETS),
}
SUFFIXES = frozenset(_NAMED)
"""How the names of files end that can be read."""
_SAID = {
    "docx": (" Word 文档", "a Word document"),
    "pdf": (" PDF 文件", "a PDF file"),
    "html": ("网页", "a web page"),
    "text": ("纯文本", "plain text"),
    "xlsx": ("电子表格", "a spreadsheet"),
}
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|div|meta|p)\b", re.I)


def _kind(name: str, data: bytes) -> str:
    """The format that the bytes are in; a name that says another one is refused."""
    named = _NAMED.get(Path(name).suffix.lower())
    if data.startswith(_OLD):
        found = compound_kind(name, data)
    elif data.startswith(b"PK\x03\x04"):
        found = package_kind(name, data)
    elif b"%PDF-" in data[:1024]:
        found = "pdf"
    elif (named is None or "html" in named) and _PAGE.search(data[:65536]):
        found = "html"
    else:
        found = "html" if named == ("html",) else "text"
    if found == "text" and named == _SHEETS and b"\t" in data:
        return found
    if named is not None and found not in named:
        said = _SAID[named[0]]
        raise WrongTypeError(name, f"名称像{said[0]}，但内容不是", f"it is named like {said[1]} but its content is not one")
    return found
