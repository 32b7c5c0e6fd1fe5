"""The bytes of a container (ZIP, OLE compound file, MIME, XML) -> which format it holds, by its parts and not by its name."""

from __future__ import annotations

import re
from io import BytesIO, StringIO
from zipfile import ZipFile

from ingest.errors import UnreadableError, WrongTypeError
from ingest.readers.packages import DAMAGED

_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsx"}
_OTHER = frozenset(("[content_types].xml", "ofd.xml", "meta-inf/container.xml", "meta-inf/manifest.mf"))
_ARCHIVES = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"\x1f\x8b": "gzip"}
_MEDIA = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.spreadsheet-template": "ods",
}

_HEAD = 8192
_FIRST = re.compile(rb"\s*[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]")
_WORKBOOK = re.compile(rb"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_VERSION = re.compile(rb"^MIME-Version:[ \t]", re.I | re.M)
_TYPE = re.compile(rb"^Content-Type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)\b", re.I | re.M)


def package_kind(name: str, data: bytes) -> str:
    """The format of a ZIP archive: ``docx``, ``xlsx``, ``ods``, ``zip`` for a bundle of files, ``package`` for another document;
    raises UnreadableError where it is damaged."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.namelist()
            if parts[:1] == ["mimetype"]:
                with archive.open("mimetype") as stream:
                    return _MEDIA.get(stream.read(100).strip(), "package")
    except (*DAMAGED, LookupError) as error:
        raise UnreadableError(name, "压缩包已损坏", "the archive is damaged") from error
    lower = {part.lower() for part in parts}
    other = "package" if lower & _OTHER else "zip"
    return next((kind for part, kind in _MAIN.items() if part in lower), other)


def refused_archive(name: str, data: bytes) -> None:
    """Refuses archives that are not opened here."""
    for mark, kind in _ARCHIVES.items():
        if data.startswith(mark):
            raise WrongTypeError(
                name, f"它是 {kind} 压缩包；请解压后给出其中的文件", f"it is a {kind} archive; unpack it and give the files in it"
            )


def compound_kind(name: str, data: bytes) -> str:
    """``xls`` for a workbook of Excel 97 to 2003 or of WPS; any other compound file is refused."""
    from xlrd.compdoc import CompDoc  # type: ignore[import-untyped]

    try:
        file = CompDoc(data, logfile=StringIO())
        streams = {stream for stream in ("Workbook", "Book", "EncryptedPackage") if file.locate_named_stream(stream)[0]}
    except Exception:  # noqa: BLE001 - the library raises whatever a damaged directory makes it raise
        streams = set()
    if "EncryptedPackage" in streams:
        raise UnreadableError(name, "文件已加密；请另存为没有密码的", "the file is encrypted; save it without a password")
    if streams:
        return "xls"
    raise WrongTypeError(
        name,
        "它是旧的二进制 Word 或 Office 格式，或已加密；请另存为没有密码的 .docx",
        "it is in the old binary Word or Office format or encrypted; save it as .docx without a password",
    )


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
