"""Archives: each file in one is a document of its own; what is outside of it, nested or too much is refused in one sentence."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from ingest.errors import IngestError, TooLargeError, UnreadableError, WrongTypeError
from ingest.limits import ReadLimits
from ingest.model.document import Paragraph
from ingest.parse import parse
from ingest.read import named, read, read_bytes, unbundled, unbundled_bytes
from ingest.readers.archives.container_kinds import package_kind
from ingest.readers.archives.zip_bundle import members
from tests.ingest.readers.workbooks import WRITERS, zipped

TABLE = "序号\t任务\t责任单位\n1\t建设平台。\t市科委\n".encode()


class Old(ZipInfo):
    """A file whose name is in the encoding of Chinese systems, as their archivers write it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the name is the library's
        return self.filename.encode("gb18030"), self.flag_bits


def bundle(parts: dict[str, bytes], old: bool = False) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(Old(name) if old else name, content)
    return file.getvalue()


@pytest.mark.parametrize("old", [True, False])
def test_each_file_is_a_document_with_its_name(tmp_path: Path, old: bool) -> None:
    path = tmp_path / "汇总.zip"
    parts = {"附件２.txt": TABLE, "清单/附件3：任务.xlsx": WRITERS[".xlsx"]([["序号", "任务", "责任单位"], [1, "甲。", "市科委"]], ())}
    path.write_bytes(bundle(parts, old))
    files = unbundled(path)
    assert [named(file) for file in files] == ["汇总.zip/附件２.txt", "汇总.zip/清单/附件3：任务.xlsx"]
    documents = [read(file) for file in files]
    assert [document.name for document in documents] == [named(file) for file in files]
    assert [parse(document).tasks[0].text.value for document in documents] == ["建设平台。", "甲。"]
    assert [name for name, _ in unbundled_bytes(path.name, path.read_bytes())] == [named(file) for file in files]
    assert list(tmp_path.iterdir()) == [path]


_MEDIA = "application/vnd.oasis.opendocument."
_MANIFEST = '<m:file-entry m:full-path="/" m:media-type="{}"/>'


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"[Content_Types].xml": b"", "word/document.xml": b""}, "docx"),
        ({"[Content_Types].xml": b"", "xl/workbook.xml": b""}, "xlsx"),
        ({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}, "package"),
        ({"mimetype": f"{_MEDIA}text".encode(), "content.xml": b""}, "odt"),
        ({"content.xml": b"", "mimetype": f"{_MEDIA}spreadsheet".encode()}, "ods"),
        ({"content.xml": b"", "META-INF/manifest.xml": _MANIFEST.format(f"{_MEDIA}text-template").encode()}, "odt"),
        ({"mimetype": f"{_MEDIA}presentation".encode(), "content.xml": b""}, "package"),
        ({"mimetype": b"application/epub+zip", "META-INF/container.xml": b""}, "package"),
        ({"OFD.xml": b"", "Doc_0/Document.xml": b""}, "ofd"),
        ({"Doc_0\\Document.xml": b"", "notice\\ofd.xml": b""}, "ofd"),
        ({"附件1.docx": b"", "附件2.ofd": b""}, "zip"),
        ({"content.xml": b"", "附件.docx": b""}, "zip"),
    ],
)
def test_the_parts_of_an_archive_say_what_it_is(parts: dict[str, bytes], kind: str) -> None:
    data = bundle(parts)
    assert package_kind("x", data) == kind
    assert kind != "zip" or set(members("x", data, ReadLimits())) == set(parts)


def test_a_file_that_is_no_archive_is_itself(tmp_path: Path) -> None:
    for name, content in (
        ("x.txt", TABLE),
        ("x.xlsx", WRITERS[".xlsx"]([["a"]], ())),
        ("x.zip", TABLE),
        ("cut.zip", bundle({"a": TABLE})[:30]),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert unbundled(path) == (path,)
    assert unbundled(tmp_path / "none.zip") == (tmp_path / "none.zip",)
    assert list(unbundled_bytes("x.txt", TABLE)) == [("x.txt", TABLE)]


def test_what_systems_leave_in_archives_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(
        bundle({"a.txt": TABLE, "__MACOSX/._a.txt": b"x", ".DS_Store": b"x", "b/Thumbs.db": b"x", "b/~$c.docx": b"x", "b/": b""})
    )
    assert [named(file) for file in unbundled(path)] == ["x.zip/a.txt"]


@pytest.mark.parametrize("name", ["../a.txt", "b/../../a.txt", "/etc/passwd", "..\\a.txt", "C:\\a.txt"])
def test_names_outside_of_the_archive_are_refused(name: str) -> None:
    for parts in ({name: TABLE}, {"ok.txt": TABLE, name: TABLE}):
        with pytest.raises(WrongTypeError, match=r"x\.zip: the archive names a file outside of it"):
            read_bytes("x.zip", bundle(parts))


def test_an_archive_of_several_is_read_one_by_one() -> None:
    data = bundle({"a.txt": TABLE, "b.txt": TABLE})
    with pytest.raises(WrongTypeError, match=r"an archive of 2 files, to be read one by one: a\.txt、b\.txt"):
        read_bytes("x.zip", data)


def test_an_archive_inside_an_archive_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(bundle({"in.zip": bundle({"a.txt": TABLE}), "b.txt": TABLE}))
    inner, other = unbundled(path)
    with pytest.raises(WrongTypeError, match=r"x\.zip/in\.zip: it is an archive inside an archive"):
        read(inner)
    assert len(parse(read(other)).tasks) == 1
    path.write_bytes(bundle({"in.zip": bundle({"a.txt": TABLE})}))
    with pytest.raises(WrongTypeError, match="inside an archive"):
        read_bytes("x.zip", path.read_bytes())


def test_limits_of_an_archive_hold() -> None:
    many = bundle({f"{i}.txt": TABLE for i in range(12)})
    with pytest.raises(TooLargeError, match="more than the 10 files"):
        read_bytes("x.zip", many, ReadLimits(members=10))
    with pytest.raises(TooLargeError, match="it unpacks to"):
        read_bytes("x.zip", many, ReadLimits(unpacked=100))
    with pytest.raises(TooLargeError, match="it unpacks to"):
        read_bytes("x.zip", zipped({"a.txt": b" " * (10 * 2**20)}))
    with pytest.raises(TooLargeError, match=r"x\.zip/a\.txt: the file has 3,000,000 bytes"):
        read_bytes("x.zip", zipped({"a.txt": bytes(range(250)) * 12_000}), ReadLimits(bytes=1_000_000))


def test_files_that_are_missing_encrypted_or_damaged_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(bundle({"a.txt": TABLE}))
    with pytest.raises(UnreadableError, match=r"x.zip/b.txt: the archive holds no such file"):
        read(path / "b.txt")
    secret = bytearray(path.read_bytes())
    secret[6] |= 1
    secret[secret.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(secret))
    with pytest.raises(UnreadableError, match=r"x.zip/a.txt: the file is encrypted"):
        read(path / "a.txt")
    broken = bytearray(bundle({"a.txt": TABLE}))
    broken[60] ^= 255
    path.write_bytes(bytes(broken))
    with pytest.raises(UnreadableError, match=r"x.zip/a.txt: the archive is damaged"):
        read(path / "a.txt")


@pytest.mark.parametrize(("mark", "kind"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07\x01\x00", "RAR")])
@pytest.mark.parametrize("name", ["x.rar", "x.7z", "x.zip", "x.txt", "x"])
def test_other_archives_are_refused(mark: bytes, kind: str, name: str) -> None:
    with pytest.raises(WrongTypeError, match=f"{name}: it is a {kind} archive; unpack it and give the files in it"):
        read_bytes(name, mark + bytes(100))


def test_a_document_of_another_program_is_no_archive_of_documents() -> None:
    for part in ("[Content_Types].xml", "mimetype", "META-INF/container.xml"):
        for name in ("x", "x.zip", "x.docx"):
            with pytest.raises(WrongTypeError):
                read_bytes(name, bundle({part: b"<x/>", "a.txt": TABLE}))


MESSAGE = (
    b"From: <Saved by a browser>\r\nSnapshot-Content-Location: https://www.example.gov.cn/a/1.html\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; start="<two>"; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html\r\nContent-ID: <one>\r\n\r\n<html><body><p>another page</p></body></html>\r\n"
    b'--b\r\nContent-Type: text/html; charset="gb2312"\r\nContent-ID: <two>\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"<html><body><p>=D6=D8=B5=E3=C8=CE=CE=F1</p></body></html>\r\n--b--\r\n"
)


@pytest.mark.parametrize("name", ["x.mht", "x.mhtml", "x.html", "x.xls", "x"])
def test_a_web_archive_is_the_page_that_it_was_made_of(name: str) -> None:
    document = read_bytes(name, MESSAGE)
    assert [block.text.value for block in document.blocks if isinstance(block, Paragraph)] == ["重点任务"]
    assert (document.source, document.media_type) == ("https://www.example.gov.cn/a/1.html", "multipart/related")


def test_pages_shown_in_frames_of_a_web_archive_are_read() -> None:
    frames = MESSAGE.replace(b"<body><p>=D6=D8=B5=E3=C8=CE=CE=F1</p></body>", b"<frameset><frame src=one></frameset>")
    assert "another page" in read_bytes("x.mht", frames).text


def test_a_web_archive_without_a_page_is_refused() -> None:
    with pytest.raises(UnreadableError, match="holds no page"):
        read_bytes("x.mht", MESSAGE.replace(b"text/html", b"text/plain", 3).replace(b"text/html", b"image/png"))
    with pytest.raises(IngestError):
        read_bytes("x.mht", b"just words\n")
