"""A ZIP archive that is one document (Word, spreadsheet) -> what its parts are called, or a refusal before anything of it is parsed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from ingest.errors import TooLargeError, UnreadableError
from ingest.limits import ReadLimits

_SMALL = 4 * 2**20  # bytes that any archive may unpack to
_PARTS = 10_000
DAMAGED = (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, zlib.error)
"""What the library raises for an archive that is damaged or packed in a way that it does not know."""


def guarded(name: str, data: bytes, limits: ReadLimits) -> frozenset[str]:
    """The names of the parts of an archive; refuses one that unpacks to too much, is encrypted, or declares entities."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            measured(name, data, parts, limits)
            if len(parts) > _PARTS:
                raise TooLargeError(name, f"其中的文件超过 {_PARTS:,} 个", f"it holds more than {_PARTS:,} files")
            if any(part.flag_bits & 1 for part in parts):
                raise UnreadableError(name, "文件已加密", "the file is encrypted")
            _sound(name, archive, parts, limits.elements)
            return frozenset(part.filename for part in parts)
    except DAMAGED as error:
        raise UnreadableError(name, "压缩包已损坏", "the archive is damaged") from error


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
        if part.filename.endswith((".xml", ".rels")):
            if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", content.replace(b"\0", b"")):
                raise UnreadableError(
                    name, "它声明了实体，而这类文档不需要实体", "it declares entities, which no document of this kind needs"
                )
            elements -= content.count(b"<")
            if elements < 0:
                raise TooLargeError(name, "其 XML 的标签超过可读的数目", "its XML has more tags than are read")
