"""The bytes of a ZIP archive -> the names of its parts, or a refusal before anything of it is parsed; the elements of a part."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import IngestError, TooLargeError, UnreadableError
from ingest.limits import ReadLimits

Element = Any
"""An element of lxml, which has no types."""
_SMALL = 4 * 2**20  # bytes that any archive may unpack to
_PARTS = 10_000
DAMAGED = (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, zlib.error)
"""What the library raises for an archive that is damaged or packed in a way that it does not know."""


def parts_within(name: str, data: bytes, limits: ReadLimits) -> frozenset[str]:
    """The names of the parts of a document; refuses one that unpacks to too much, is encrypted, or declares entities."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            measured(name, data, parts, limits)
            if len(parts) > _PARTS:
                raise TooLargeError(name, f"其中的文件超过 {_PARTS:,} 个", f"it holds more than {_PARTS:,} files")
            if any(part.flag_bits & 1 for part in parts):
                raise encrypted(name)
            _sound(name, archive, parts, limits.elements)
            return frozenset(part.filename for part in parts)
    except DAMAGED as error:
        raise damaged_archive(name) from error


def measured(name: str, data: bytes, parts: Sequence[ZipInfo], limits: ReadLimits) -> None:
    """Refuses an archive whose parts say that they are longer than is read from a file of its length."""
    size = sum(part.file_size for part in parts)
    if size > limits.unpacked or (size > _SMALL and size > limits.ratio * len(data)):
        raise TooLargeError(
            name,
            f"它解压后有 {size:,} 字节，超过一份 {len(data):,} 字节的文件可读的",
            f"it unpacks to {size:,} bytes, more than are read from a file of {len(data):,}",
        )


def _sound(name: str, archive: ZipFile, parts: Sequence[ZipInfo], elements: int) -> None:
    """Reads every part once and no further than it says it is long."""
    for part in parts:
        with archive.open(part) as stream:
            content = stream.read(part.file_size)
            stream.read(1)
        if part.filename.lower().endswith((".xml", ".rels")):
            if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", content.replace(b"\0", b"")):
                raise UnreadableError(
                    name, "它声明了实体，而这类文档不需要实体", "it declares entities, which no document of this kind needs"
                )
            elements -= content.count(b"<")
            if elements < 0:
                raise TooLargeError(name, "其 XML 的标签超过可读的数目", "its XML has more tags than are read")


def elements_of(name: str, content: bytes) -> Element:
    """The root of an XML part; nothing outside the part is read, whatever it names."""
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True))
    except etree.XMLSyntaxError as error:
        raise damaged_xml(name, error) from error


def damaged_xml(name: str, error: Exception) -> IngestError:
    """The refusal of XML that lxml does not read."""
    if "depth" in str(error).lower():
        return TooLargeError(name, "其元素嵌套过深", "its elements are nested deeper than is read")
    return UnreadableError(name, "文件中的 XML 已损坏", "the XML of the file is damaged")


def encrypted(name: str) -> UnreadableError:
    """The refusal of a file under a password."""
    return UnreadableError(name, "文件已加密；请存为没有密码的文件", "the file is encrypted; save it without a password")


def damaged_archive(name: str) -> UnreadableError:
    """The refusal of an archive that cannot be unpacked."""
    return UnreadableError(name, "压缩包已损坏", "the archive is damaged")
