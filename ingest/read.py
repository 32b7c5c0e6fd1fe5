"""A file -> Document: the format is found from the bytes, checked against the name, and read within limits."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from os.path import exists, isfile
from pathlib import Path

from ingest.errors import EmptyFileError, IngestError, SourceAddressError, TooLargeError, UnreadableError, WrongTypeError
from ingest.fields.folding import INVISIBLE, visible
from ingest.limits import DEFAULTS, ReadLimits, within
from ingest.model.document import Block, Document, Table
from ingest.readers.archives.container_kinds import (
    compound_kind,
    image_type,
    is_web_archive,
    is_xml_workbook,
    package_kind,
    refused_archive,
)
from ingest.readers.archives.zip_bundle import member, members
from ingest.readers.plain_text.txt import read_text
from ingest.readers.web.page_address import is_address
from ontology.errors import refusal

__all__ = ["IMAGES", "SUFFIXES", "ReadLimits", "content", "from_address", "named", "read", "read_bytes", "unbundled", "unbundled_bytes"]


def read(path: Path, limits: ReadLimits = DEFAULTS, source: str | None = None) -> Document:
    """The document in a file, taken from the address ``source`` where one is given; ``bundle.zip/附件2.docx`` is one in an archive."""
    return from_address(read_bytes(named(path), content(path, limits), limits), source)


def content(path: Path, limits: ReadLimits = DEFAULTS) -> bytes:
    """The bytes of a file, or of one inside an archive; raises IngestError where they cannot be had."""
    bundle = _bundle(path)
    if bundle is not None:
        return member(bundle.name, content(bundle, limits), path.relative_to(bundle).as_posix(), limits)
    try:
        # A pipe is opened without waiting for who writes into it, and what was opened is what is looked at.
        with open(path, "rb", opener=_at_once) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError(path.name, "它不是普通文件，而是管道或设备", "it is no regular file but a pipe or a device")
            # Where a file says that it has no bytes and gives some all the same, they are counted.
            data = file.read(limits.bytes + 1)
            if (size := max(status.st_size, len(data))) > limits.bytes:
                raise TooLargeError(
                    path.name,
                    f"文件有 {size:,} 字节，超过可读的 {limits.bytes:,} 字节",
                    f"the file has {size:,} bytes, more than the {limits.bytes:,} that are read",
                )
            return data
    except OSError as error:
        raise UnreadableError(
            path.name, f"文件无法打开（{refusal(error)[0]}）", f"the file cannot be opened ({refusal(error)[1]})"
        ) from error


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def named(path: Path) -> str:
    """What a file is called in a report: its name, after that of its archive where it is in one."""
    bundle = _bundle(path)
    return path.name if bundle is None else f"{bundle.name}/{path.relative_to(bundle).as_posix()}"


def unbundled(path: Path, limits: ReadLimits = DEFAULTS) -> tuple[Path, ...]:
    """The files of an archive as paths below it; the path alone where it is none or cannot be opened, which reading it then says."""
    if path.suffix.lower() in SUFFIXES - {".zip"} or not isfile(path):
        return (path,)
    try:
        with path.open("rb") as file:
            if file.read(4) != _ZIP:
                return (path,)
        data = content(path, limits)
        inner = members(path.name, data, limits) if package_kind(path.name, data) == "zip" else ()
    except (OSError, IngestError):
        return (path,)
    return tuple(path / name for name in inner) or (path,)


def unbundled_bytes(name: str, data: bytes, limits: ReadLimits = DEFAULTS) -> Iterator[tuple[str, bytes]]:
    """The files in these bytes, each with its name: those of an archive, or the one file that they are. Raises IngestError."""
    if not data.startswith(_ZIP) or package_kind(name, data) != "zip":
        yield name, data
        return
    for inner in members(name, data, limits):
        yield f"{name}/{inner}", member(name, data, inner, limits)


def _bundle(path: Path) -> Path | None:
    """The file that a path leads into."""
    return None if exists(path) else next((above for above in path.parents if isfile(above)), None)


def from_address(document: Document, source: str | None) -> Document:
    """The document with the address it was taken from; raises SourceAddressError where that is no web address."""
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
    digest = sha256(data).hexdigest()
    kind = _kind(name, data)
    if kind == "zip":
        return _only(name, data, limits, more)
    if kind in _BY_PARTS:
        return _by_parts(kind)(name, data, digest, limits, more)
    return _whole(kind)(name, data, digest, limits)


def _whole(kind: str) -> Callable[[str, bytes, str, ReadLimits], Document]:
    """The reader of a format; its library is imported when the first file in it is read."""
    if kind == "docx":
        from ingest.readers.word_processing.docx import read_docx

        return read_docx
    if kind == "doc":
        from ingest.readers.word_processing.doc import read_doc

        return read_doc
    if kind == "odt":
        from ingest.readers.word_processing.odt import read_odt

        return read_odt
    if kind == "mht":
        from ingest.readers.web.mht import read_mht

        return read_mht
    if kind == "image":
        from ingest.readers.fixed_layout.scan import read_image

        return read_image
    if kind == "html":
        from ingest.readers.web.html import read_html

        return read_html
    return read_text


def _by_parts(kind: str) -> Callable[[str, bytes, str, ReadLimits, Callable[[float], None]], Document]:
    """The reader of a format whose pages or cells earn the seconds to read them."""
    if kind == "rtf":
        from ingest.readers.word_processing.rtf import read_rtf

        return read_rtf
    if kind == "pdf":
        from ingest.readers.fixed_layout.pdf import read_pdf

        return read_pdf
    if kind == "ofd":
        from ingest.readers.fixed_layout.ofd import read_ofd

        return read_ofd
    if kind == "xlsx":
        from ingest.readers.spreadsheets.xlsx import read_xlsx

        return read_xlsx
    if kind == "xls":
        from ingest.readers.spreadsheets.xls import read_xls

        return read_xls
    if kind == "xml":
        from ingest.readers.spreadsheets.xml_workbook import read_xml_workbook

        return read_xml_workbook
    from ingest.readers.spreadsheets.ods import read_ods

    return read_ods


def _only(name: str, data: bytes, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The document in an archive that holds one; refuses one inside another, and one with several."""
    inner = members(name, data, limits)
    if "/" in name:
        raise WrongTypeError(
            name, "它是压缩包里的压缩包；请解压后给出其中的文件", "it is an archive inside an archive; unpack it and give the files in it"
        )
    if len(inner) != 1:
        listed = "、".join(inner[:3]) + ("…" if len(inner) > 3 else "")
        raise WrongTypeError(
            name,
            f"它是有 {len(inner)} 个文件的压缩包，须逐个读取：{listed}",
            f"it is an archive of {len(inner)} files, to be read one by one: {listed}",
        )
    whole = f"{name}/{inner[0]}"
    return _document(whole, member(name, data, inner[0], limits), limits, more)


_ZIP = b"PK\x03\x04"
_SHEETS = ("xlsx", "xls", "xml", "ods", "html", "mht")
"""What a file named like a spreadsheet may be: programs name a web page or a workbook of today .xls or .et."""
_OLD_WORDS = ("doc", "docx", "rtf", "html", "mht")
"""What a file named like an old Word document may be: word processors write all of these with the suffix .doc."""
_BY_PARTS = frozenset(("rtf", "pdf", "ofd", "xlsx", "xls", "xml", "ods"))
IMAGES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"))
"""How the names of images end."""
_NAMED = {
    ".docx": ("docx",),
    **dict.fromkeys((".doc", ".wps"), _OLD_WORDS),
    ".odt": ("odt",),
    ".rtf": ("rtf",),
    ".ofd": ("ofd",),
    ".pdf": ("pdf",),
    **dict.fromkeys((".html", ".htm", ".shtml", ".mht", ".mhtml"), ("html", "mht")),
    **dict.fromkeys((".txt", ".text", ".md"), ("text",)),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".et", ".ods"), _SHEETS),
    ".zip": ("zip",),
    **dict.fromkeys(IMAGES, ("image",)),
}
SUFFIXES = frozenset(_NAMED) - IMAGES
"""How the names of files end that are read wherever they are found; an image is read where it is named itself, as most are ornaments."""
_SAID = {
    "docx": (" Word 文档", "a Word document"),
    "doc": (" Word 97—2003 文档", "a document of Word 97 to 2003"),
    "odt": (" OpenDocument 文本", "an OpenDocument text"),
    "rtf": (" RTF 文档", "an RTF document"),
    "ofd": (" OFD 文件", "an OFD file"),
    "pdf": (" PDF 文件", "a PDF file"),
    "html": ("网页", "a web page"),
    "text": ("纯文本", "plain text"),
    "xlsx": ("电子表格", "a spreadsheet"),
    "zip": ("压缩包", "an archive"),
    "image": ("图像", "an image"),
}
_BLANKS = 1024  # bytes that may stand before the first of a format
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|div|meta|p)\b", re.I)


def _kind(name: str, data: bytes) -> str:
    """The format that the bytes are in; a name that says another one is refused."""
    named_as = _NAMED.get(Path(name).suffix.lower())
    refused_archive(name, data)
    found = _container_kind(name, data)
    if found is None and (named_as is None or "html" in named_as) and _PAGE.search(data[:65536]):
        found = "html"
    if found is None:
        found = "html" if named_as and named_as[0] == "html" else "text"
    if found == "text" and named_as == _SHEETS and b"\t" in data:
        return found
    if named_as is not None and found not in named_as:
        said = _SAID[named_as[0]]
        raise WrongTypeError(name, f"名称像{said[0]}，但内容不是", f"it is named like {said[1]} but its content is not one")
    if found == "package":
        raise WrongTypeError(name, "它是压缩包，但不是可读的文档", "it is an archive but no document that is read")
    return found


def _container_kind(name: str, data: bytes) -> str | None:
    """The format that the first bytes say, None for text and markup."""
    if data.startswith(_OLD):
        return compound_kind(name, data)
    if data.startswith(_ZIP):
        return package_kind(name, data)
    if data[:_BLANKS].lstrip()[:5] == b"{\\rtf":
        return "rtf"
    if b"%PDF-" in data[:_BLANKS]:
        return "pdf"
    if is_xml_workbook(data):
        return "xml"
    if image_type(data):
        return "image"
    return "mht" if is_web_archive(data) else None
