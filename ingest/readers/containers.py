"""The bytes of a container (ZIP, OLE compound file) -> which format it holds, by its parts and not by its name."""

from __future__ import annotations

from io import BytesIO, StringIO
from zipfile import ZipFile

from ingest.errors import UnreadableError, WrongTypeError
from ingest.readers.packages import DAMAGED

_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsx"}
_MEDIA = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.spreadsheet-template": "ods",
}


def package_kind(name: str, data: bytes) -> str:
    """The format of a ZIP archive: ``docx``, ``xlsx``, ``ods`` or ``zip``; raises UnreadableError where it is damaged."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = set(archive.namelist())
            if "mimetype" in parts:
                with archive.open("mimetype") as stream:
                    return _MEDIA.get(stream.read(100).strip(), "zip")
    except (*DAMAGED, LookupError) as error:
        raise UnreadableError(name, "压缩包已损坏", "the archive is damaged") from error
    return next((kind for part, kind in _MAIN.items() if part in {part.lower() for part in parts}), "zip")


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
