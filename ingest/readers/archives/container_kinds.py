"""The bytes of a container (ZIP, OLE compound file, MIME, XML) -> which format it holds, by its parts and not by its name."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from ingest.errors import WrongTypeError
from ingest.readers.archives.ole_streams import opened
from ingest.readers.archives.zip_parts import DAMAGED, damaged_archive

_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsx"}
_OTHER = frozenset(("mimetype", "[content_types].xml", "meta-inf/manifest.xml", "meta-inf/container.xml", "meta-inf/manifest.mf"))
_ARCHIVES = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"\x1f\x8b": "gzip"}
_MEDIA = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet)(?:-template)?(?![\w-])")
_OPEN_DOCUMENT = {b"text": "odt", b"spreadsheet": "ods"}
_IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"II*\0": "image/tiff", b"MM\0*": "image/tiff"}
_HEAD = 8192
_FIRST = re.compile(rb"\s*[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]")
_WORKBOOK = re.compile(rb"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_VERSION = re.compile(rb"^MIME-Version:[ \t]", re.I | re.M)
_TYPE = re.compile(rb"^Content-Type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)\b", re.I | re.M)


def package_kind(name: str, data: bytes) -> str:
    """The format of a ZIP archive: ``docx``, ``xlsx``, ``odt``, ``ods``, ``ofd``, ``zip`` for a bundle of files, ``package`` for another
    document; raises UnreadableError where it is damaged."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = {part.lower().replace("\\", "/"): part for part in archive.namelist()}
            for part in ("mimetype", "meta-inf/manifest.xml"):
                if part in parts:
                    with archive.open(parts[part]) as stream:
                        media = _MEDIA.search(stream.read(_HEAD))
                    if media is not None:
                        return _OPEN_DOCUMENT[media[1]]
    except (*DAMAGED, LookupError) as error:
        raise damaged_archive(name) from error
    if any(part.rpartition("/")[2] == "ofd.xml" for part in parts):
        return "ofd"
    other = "package" if parts.keys() & _OTHER else "zip"
    return next((kind for part, kind in _MAIN.items() if part in parts), other)


def refused_archive(name: str, data: bytes) -> None:
    """Refuses archives that are not opened here."""
    for mark, kind in _ARCHIVES.items():
        if data.startswith(mark):
            raise WrongTypeError(
                name, f"它是 {kind} 压缩包；请解压后给出其中的文件", f"it is a {kind} archive; unpack it and give the files in it"
            )


def compound_kind(name: str, data: bytes) -> str:
    """``xls`` for a workbook of Excel 97 to 2003 or of WPS, else ``doc``, whose reader says what else it is; raises UnreadableError
    where it is damaged or under a password."""
    streams = opened(name, data).names
    return "xls" if streams & {"workbook", "book"} and "worddocument" not in streams else "doc"


def is_xml_workbook(data: bytes) -> bool:
    """Whether the bytes begin like a workbook in the XML of Excel 2003.

    >>> is_xml_workbook(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'), is_xml_workbook(b"<html>")
    (True, False)
    """
    return _WORKBOOK.search(data[:_HEAD].replace(b"\0", b"")) is not None


def is_web_archive(data: bytes) -> bool:
    """Whether the bytes begin like a web archive.

    >>> is_web_archive(b"MIME-Version: 1.0\\r\\nContent-Type: multipart/related; boundary=b\\r\\n"), is_web_archive(b"<html>")
    (True, False)
    """
    head = data[:_HEAD]
    return _FIRST.match(head) is not None and _VERSION.search(head) is not None and _TYPE.search(head) is not None


def image_type(data: bytes) -> str | None:
    """The media type of an image that is read, from its first bytes; None for others.

    >>> image_type(b"II*\\0..."), image_type(b"BM is text"), image_type(b"%PDF-1.7")
    ('image/tiff', None, None)
    """
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "image/bmp"
    return next((kind for head, kind in _IMAGES.items() if data.startswith(head)), None)
