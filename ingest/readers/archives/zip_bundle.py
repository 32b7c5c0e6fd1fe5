"""A ZIP archive of documents -> its files, each by name and bytes. Nothing is written anywhere."""

from __future__ import annotations

import posixpath
import re
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from ingest.errors import TooLargeError, UnreadableError, WrongTypeError
from ingest.limits import ReadLimits
from ingest.readers.archives.zip_parts import DAMAGED, damaged_archive, encrypted, measured

_UTF_8 = 0x800
_ENCRYPTED = 0x1
# What systems leave beside the files: folders of macOS, thumbnails, locks of open documents.
_LEFT = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.[^/]*|Thumbs\.db|desktop\.ini|~\$[^/]*)$", re.I)
_OUTSIDE = re.compile(r"\.\.(?:/|$)|/|[A-Za-z]:")


def members(name: str, data: bytes, limits: ReadLimits) -> tuple[str, ...]:
    """The names of the files of a bundle, in its order; raises IngestError where it holds too much or names what is outside of it."""
    return tuple(_listed(name, data, limits))


def member(name: str, data: bytes, inner: str, limits: ReadLimits) -> bytes:
    """The bytes of one file of a bundle; raises IngestError where there is no such file or it cannot be unpacked."""
    found = _listed(name, data, limits).get(inner)
    whole = f"{name}/{inner}"
    if found is None:
        raise UnreadableError(whole, "压缩包里没有这个文件", "the archive holds no such file")
    if found.flag_bits & _ENCRYPTED:
        raise encrypted(whole)
    if found.file_size > limits.bytes:
        raise TooLargeError(
            whole,
            f"文件有 {found.file_size:,} 字节，超过可读的 {limits.bytes:,} 字节",
            f"the file has {found.file_size:,} bytes, more than the {limits.bytes:,} that are read",
        )
    try:
        with ZipFile(BytesIO(data)) as archive, archive.open(found) as stream:
            content = stream.read(found.file_size)
            stream.read(1)
            return content
    except DAMAGED as error:
        raise damaged_archive(whole) from error


def _listed(name: str, data: bytes, limits: ReadLimits) -> dict[str, ZipInfo]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
    except DAMAGED as error:
        raise damaged_archive(name) from error
    measured(name, data, parts, limits)
    found: dict[str, ZipInfo] = {}
    for part in parts:
        inner = posixpath.normpath(_name(part).replace("\\", "/"))
        if _OUTSIDE.match(inner):
            raise WrongTypeError(name, f"压缩包指向它以外的文件：{inner[:80]}", f"the archive names a file outside of it: {inner[:80]}")
        if _LEFT.search(inner):
            continue
        if inner in found:
            raise WrongTypeError(name, f"压缩包里有两个同名文件：{inner[:80]}", f"two files of the archive have one name: {inner[:80]}")
        found[inner] = part
        if len(found) > limits.members:
            raise TooLargeError(
                name, f"其中的文件超过可读的 {limits.members:,} 个", f"it holds more than the {limits.members:,} files that are read"
            )
    return found


def _name(part: ZipInfo) -> str:
    """The name of a file: UTF-8 where it says so or is so, else GB18030, as Chinese systems write it."""
    if part.flag_bits & _UTF_8:
        return part.filename
    raw = part.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename
