"""Files that are refused: each in one sentence that names the file and the reason, within five seconds and 500 MB, and without a trace.

Every file is made here. Each is read in a process of its own whose seconds (of the processor, so that a busy machine fails nothing) and
memory the system measures; it is forked from one that has imported the readers.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import docx
import olefile  # type: ignore[import-untyped]
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.pdfgen import canvas  # type: ignore[import-untyped]

from ingest.errors import TooLargeError, UnreadableError
from ingest.limits import ReadLimits, within
from ingest.parse import parse
from ingest.read import read, read_bytes
from tests.ingest.readers.workbooks import as_ods, as_xls, as_xlsx, ods_of, xml_of
from tests.ingest.readers.written import compound, odt, zipped

_SECONDS, _MEGABYTES = 4, 500
"""Four of the five seconds: the imports before them take the fifth."""
_READER = f"""
import os, resource, sys, traceback
from pathlib import Path
from ingest.errors import IngestError
from ingest.parse import parse
from ingest.read import read

def run(path):
    used = resource.getrusage(resource.RUSAGE_SELF)
    least = round(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (least + {_SECONDS}, least + {_SECONDS}))
    try:
        parse(read(Path(path)))
        said = "it was read"
    except IngestError as error:
        said = error.en
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return f"{{int(peak.split()[1]) // 1024}} {{said}}"

while path := sys.stdin.readline().rstrip("\\n"):
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.write(theirs, run(path).encode())
            status = 0
        except BaseException:
            os.write(theirs, traceback.format_exc().encode()[-4000:])
        finally:
            os._exit(status)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), repr(said.decode(errors="replace")), flush=True)
"""
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FLATE = b"/Filter/FlateDecode"


@cache
def word_parts() -> Mapping[str, bytes]:
    """The parts of a Word file with a task table."""
    document = docx.Document()
    table = document.add_table(2, 3)
    for cells, values in zip(table.rows, (("序号", "具体任务", "责任单位"), ("1", "建设平台。", "市科委")), strict=True):
        for cell, value in zip(cells.cells, values, strict=True):
            cell.text = value
    file = BytesIO()
    document.save(file)
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def long_doc() -> bytes:
    """A document of Word 97 that says it has five million characters, and is long enough to."""
    ole = olefile.OleFileIO(str(_DOC))
    main = bytearray(ole.openstream("WordDocument").read().ljust(5 * 2**20, b"x"))
    struct.pack_into("<i", main, 0x4C, 5_000_000)
    return compound({"WordDocument": bytes(main), "1Table": ole.openstream("1Table").read()})


def word(**parts: bytes) -> bytes:
    """The Word file with some of its parts in word/ exchanged."""
    return zipped({**word_parts(), **{f"word/{name}.xml": content for name, content in parts.items()}}.items())


def body(inner: str, declared: str = "") -> bytes:
    return f'<?xml version="1.0"?>{declared}<w:document {_W}><w:body>{inner}</w:body></w:document>'.encode()


def laughs(encoding: str = "utf-8") -> bytes:
    entities = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    text = body("<w:p><w:r><w:t>&k;</w:t></w:r></w:p>", f'<!DOCTYPE lolz [<!ENTITY a "ha">{entities}]>').decode()
    return text.replace('version="1.0"', f'version="1.0" encoding="{encoding}"').encode(encoding)


def lying() -> bytes:
    """An archive whose long part says that it is short."""
    content = body("<w:p/>" + " " * (150 * 2**20))
    return word(document=content).replace(struct.pack("<I", len(content)), struct.pack("<I", 1000))


def pdf(objects: Iterable[bytes]) -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start, count = len(out), len(offsets) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\n" % (count, table, count)
    return out + b"startxref\n%d\n%%%%EOF" % start


def pages(content: bytes, filters: bytes = b"", number: int = 1) -> bytes:
    """A PDF file of so many pages with one content, which the filters pack."""
    kids = b" ".join(b"%d 0 R" % (i + 5) for i in range(number))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, number),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content),
            *[page] * number,
        ]
    )


def encrypted() -> bytes:
    file = BytesIO()
    drawn = canvas.Canvas(file, encrypt=StandardEncryption("secret", strength=128))
    drawn.drawString(9, 9, "Hello")
    drawn.save()
    return file.getvalue()


def nested(opening: str, closing: str, depth: int, inner: str = "") -> str:
    return opening * depth + inner + closing * depth


_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows: str, after: str = "", before: str = "", **parts: bytes) -> bytes:
    """A workbook with one sheet of this markup, some of its other parts in xl/ exchanged."""
    with ZipFile(BytesIO(as_xlsx([["x"]]))) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    whole["xl/worksheets/sheet1.xml"] = f"<worksheet {_SHEET}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>".encode()
    return zipped({**whole, **{f"xl/{name}.xml": content for name, content in parts.items()}}.items())


def protected() -> bytes:
    """A workbook of Excel 97 that asks for a password."""
    begin = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0x0DBB, 1996, 0, 6)
    return compound({"Workbook": begin + struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2) + struct.pack("<HH", 0x0A, 0) + bytes(8000)})


_CELL = ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>")
_PLAIN = b"BT /F 12 Tf 10 10 Td (Hello) Tj ET"
_ODT_CELL = ("<table:table><table:table-row><table:table-cell>", "</table:table-cell></table:table-row></table:table>")
_DOC = Path(__file__).parents[2] / "data/words/features.doc"
_NOTICE = "关于召开会议的通知\n各单位：\n请准时参加。\n"
_NO_TASKS = "no task table"
BAD: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "empty.txt": (lambda: b"", "the file is empty"),
    "empty.docx": (lambda: b"", "the file is empty"),
    "blank.html": (lambda: b" \r\n\t ", "the file is empty"),
    "garbage.txt": (lambda: bytes(range(256)) * 30, "not text"),
    "garbage.docx": (lambda: bytes(range(256)) * 30, "its content is not one"),
    "garbage.pdf": (lambda: bytes(range(256)) * 30, "its content is not one"),
    "garbage.html": (lambda: bytes(range(256)) * 30, "not text"),
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "its content is not one"),
    "page.pdf": (lambda: b"<html><body><p>x</p></body></html>", "its content is not one"),
    "word.txt": (word, "its content is not one"),
    "text.docx": (_NOTICE.encode, "its content is not one"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .docx"),
    "password.docx": (lambda: compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "encrypted"),
    "cut.doc": (lambda: _DOC.read_bytes()[:9000], "damaged or not a document"),
    "works.wps": (lambda: compound({"CONTENTS": b"x"}), "a Microsoft Works file"),
    "long.doc": (long_doc, "more than the 1,000,000 characters"),
    "garbage.odt": (lambda: bytes(range(256)) * 30, "its content is not one"),
    "cut.odt": (lambda: odt("<text:p>建设平台</text:p>")[:300], "the archive is damaged"),
    "laughs.odt": (
        lambda: zipped([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", laughs())]),
        "declares entities",
    ),
    "bomb.odt": (lambda: odt("<text:p/>" + " " * (200 * 2**20)), "it unpacks to"),
    "nested.odt": (lambda: odt(nested(*_ODT_CELL, 60, "<text:p/>")), "nested deeper than 40"),
    "nested-spans.odt": (lambda: odt(f"<text:p>{nested('<text:span>', '</text:span>', 4000, 'x')}</text:p>"), "nested deeper"),
    "blanks.odt": (lambda: odt("<text:p>" + '<text:s text:c="999999999"/>' * 200_000 + "</text:p>"), ""),
    "wide.odt": (lambda: odt(_ODT_CELL[0].replace("cell>", 'cell table:number-columns-spanned="9999999">') + _ODT_CELL[1]), "200 columns"),
    "rows.odt": (
        lambda: odt(_ODT_CELL[0].replace("row>", 'row table:number-rows-repeated="9999999">') + _ODT_CELL[1]),
        "cells",
    ),
    "garbage.rtf": (lambda: bytes(range(256)) * 30, "its content is not one"),
    "nested.rtf": (lambda: b"{\\rtf1" + b"{" * 1_000_000, "nested deeper than 2,000"),
    "words.rtf": (lambda: b"{\\rtf1" + b"\\par" * 2_000_000, "tags"),
    "wide.rtf": (lambda: b"{\\rtf1\\trowd" + b"\\cellx9" * 300, "200 columns"),
    "cells.rtf": (lambda: b"{\\rtf1" + (b"\\trowd" + b"\\cell" * 150 + b"\\row ") * 2_000, "cells"),
    "long.rtf": (lambda: b"{\\rtf1\\ansicpg936 " + "建设平台。".encode("gbk") * 1_000_000 + b"}", "characters"),
    "binary.rtf": (lambda: b"{\\rtf1\\bin9999999999 " + bytes(1000), _NO_TASKS),
    "sheet.docx": (lambda: zipped([("xl/workbook.xml", b"<a/>")]), "its content is not one"),
    "paths.docx": (lambda: zipped([("../../etc/passwd", b"x"), ("/etc/shadow", b"y")]), "its content is not one"),
    "password.xlsx": (lambda: compound({"EncryptedPackage": bytes(8000)}), "the file is encrypted; save it without a password"),
    "password.xls": (protected, "the file is encrypted; save it without a password"),
    "binary.xlsb": (lambda: zipped([("xl/workbook.bin", b"x"), ("[Content_Types].xml", b"<a/>")]), "binary .xlsb"),
    "cut.xls": (lambda: as_xls([["序号", "任务"]])[:3000], "damaged or not a document"),
    "cut.xlsx": (lambda: as_xlsx([["x"]])[:3000], "the archive is damaged"),
    "broken.xlsx": (lambda: workbook("<row>"), "the XML of the file is damaged"),
    "no-tasks.xls": (lambda: as_xls([["通知", "会议"]]), _NO_TASKS),
    "no-tasks.ods": (lambda: as_ods([["通知", "会议"]]), _NO_TASKS),
    "sparse.xlsx": (lambda: workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "names the cell XFD1048576, beyond the 200"),
    "merged.xlsx": (lambda: workbook("<row><c><v>1</v></c></row>", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), _NO_TASKS),
    "merges.xlsx": (
        lambda: workbook(
            "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 30_000)),
            "<mergeCells>" + "".join(f'<mergeCell ref="A{r}:XFD1048576"/>' for r in range(1, 30_000)) + "</mergeCells>",
        ),
        "cells",
    ),
    "diagonal.xlsx": (
        lambda: workbook("".join(f'<row r="{r}"><c r="{chr(65 + r % 26)}{r}"><v>1</v></c></row>' for r in range(1, 50_000))),
        "cells",
    ),
    "columns.xlsx": (lambda: workbook("", before="<cols>" + '<col min="1" max="16384" hidden="1"/>' * 90_000 + "</cols>"), ""),
    "hidden-rows.xlsx": (lambda: workbook("".join(f'<row r="{r}" hidden="1"/>' for r in range(1, 400_000))), ""),
    "strings.xlsx": (
        lambda: workbook(
            '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 9_000,
            sharedStrings=f"<sst {_SHEET}><si><t>{'建设平台' * 5_000}</t></si></sst>".encode(),
        ),
        "",
    ),
    "laughs.xlsx": (lambda: workbook("", styles=laughs()), "declares entities"),
    "bomb.xlsx": (lambda: workbook(" " * (200 * 2**20)), "it unpacks to"),
    "laughs.xls": (lambda: xml_of("").replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY a "b">]><Workbook', 1), "declares entities"),
    "sparse.xls": (
        lambda: xml_of(
            '<Worksheet><Table><Row ss:Index="1048576"><Cell ss:Index="16384" ss:MergeDown="9999999"><Data>x</Data></Cell></Row></Table>'
            "</Worksheet>"
        ),
        "beyond the 200 columns",
    ),
    "repeated.ods": (
        lambda: ods_of(
            '<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384">'
            "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        ),
        "beyond the 200 columns",
    ),
    "rows.ods": (
        lambda: ods_of(
            '<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="9">'
            "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        ),
        "cells",
    ),
    "nested.ods": (lambda: ods_of(nested("<table:table>", "</table:table>", 4000)), "nested deeper"),
    "cut.docx": (lambda: word()[:9000], "the archive is damaged"),
    "cut.pdf": (lambda: pages(_PLAIN)[:150], "the PDF file is damaged"),
    "broken.docx": (lambda: word(document=b"<w:document"), "the XML of the Word file is damaged"),
    "no-tasks.txt": (_NOTICE.encode, _NO_TASKS),
    "no-tasks.docx": (lambda: word(document=body("<w:p><w:r><w:t>abc</w:t></w:r></w:p>")), _NO_TASKS),
    "no-tasks.html": (f"<p>{_NOTICE}".encode, _NO_TASKS),
    "no-tasks.pdf": (lambda: pages(b"BT /F 12 Tf 10 10 Td (Hello world, good day) Tj ET"), _NO_TASKS),
    "no-units.txt": ("序号\t任务\t完成时限\n1\t建设平台\t6月底前\n".encode, "responsible units"),
    "encrypted.pdf": (encrypted, "encrypted"),
    "scanned.pdf": (lambda: pages(b"q 600 0 0 800 0 0 cm Q", number=150), "no text layer"),
    "laughs.docx": (lambda: word(document=laughs()), "declares entities"),
    "laughs-utf-16.docx": (lambda: word(document=laughs("utf-16")), "declares entities"),
    "laughs-in-styles.docx": (lambda: word(styles=laughs()), "declares entities"),
    "laughs.html": (laughs, _NO_TASKS),
    "nested.docx": (lambda: word(document=body(nested(*_CELL, 4000, "<w:p/>"))), "nested deeper"),
    "nested-less.docx": (lambda: word(document=body(nested(*_CELL, 60, "<w:p/>"))), "nested deeper than 40"),
    "nested.html": (lambda: nested("<table><tr><td>", "</td></tr></table>", 4000, "x").encode(), "nested deeper than 40"),
    "nested-elements.html": (lambda: nested("<div>", "", 100_000).encode(), "nested deeper"),
    "bomb.docx": (lambda: word(document=body("<w:p/>" + " " * (200 * 2**20))), "it unpacks to"),
    "bomb-in-styles.docx": (lambda: word(styles=b" " * (200 * 2**20)), "it unpacks to"),
    "lying.docx": (lying, "the archive is damaged"),
    "paragraphs.docx": (lambda: word(document=body("<w:p/>" * 8_000_000)), "more than are read"),
    "many-files.docx": (lambda: zipped([*word_parts().items(), *((f"f{i}", b"") for i in range(11_000))]), "files"),
    "many-files.zip": (lambda: zipped((f"f{i}", b"") for i in range(11_000)), "more than the 200 files"),
    "bomb.zip": (lambda: zipped([("a.txt", b" " * (200 * 2**20))]), "it unpacks to"),
    "paths.zip": (lambda: zipped([("../../etc/passwd", b"x")]), "outside of it"),
    "parts.mht": (lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n" + b"--b\n\n" * 500_000, ""),
    "nested.mht": (
        lambda: b"MIME-Version: 1.0\n" + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000)),
        "",
    ),
    "wide.docx": (lambda: word(document=body(f"<w:tbl><w:tr>{'<w:tc><w:p/></w:tc>' * 300}</w:tr></w:tbl>")), "200 columns"),
    "wide.html": (f"<table><tr>{'<td>x' * 100_000}</table>".encode, "200 columns"),
    "spans.html": (f"<table>{'<tr><td rowspan=60000 colspan=190>x<td>y</tr>' * 2000}</table>".encode, "cells"),
    "attributes.html": (f"<p {' '.join(f'a{i}=1' for i in range(200_000))}>x".encode, "attributes"),
    "tags.html": (lambda: b"<br>" * 2_000_000, "tags"),
    "bars.txt": (lambda: ("|" * 150 + "\n").encode() * 6000, "cells"),
    "line.txt": (lambda: "建设平台。".encode() * 100_000, "a line of more than"),
    "long.txt": (lambda: "建设平台。\n".encode() * 3_000_000, "bytes"),
    "heads.txt": (lambda: "序号\n".encode() * 200_000, "longer than"),
    "bomb.pdf": (lambda: pages(zlib.compress(b"q Q " * (50 * 2**20)), _FLATE), "it unpacks to"),
    "twice.pdf": (lambda: pages(zlib.compress(zlib.compress(b"q Q " * 2**20)), b"/Filter[/FlateDecode/FlateDecode]"), "more than once"),
    "slow.pdf": (lambda: pages(zlib.compress(b"q Q " * (10 * 2**20)), _FLATE), "longer than"),
    "lines.pdf": (lambda: pages(zlib.compress(b"".join(b"%d %d m 9 9 l S " % (i % 600, i % 800) for i in range(300_000))), _FLATE), ""),
    "pages.pdf": (lambda: pages(_PLAIN, number=1500), "1,500 pages"),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[Callable[[Path], tuple[int, str]]]:
    """How the process ended that reads a file, and what it said."""
    with subprocess.Popen(
        [sys.executable, "-c", _READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as process:

        def read_alone(path: Path) -> tuple[int, str]:
            assert process.stdin
            assert process.stdout
            print(path, file=process.stdin, flush=True)
            status, _, said = process.stdout.readline().partition(" ")
            return int(status), literal_eval(said)

        yield read_alone


@pytest.mark.parametrize("name", BAD)
def test_refused_in_one_sentence_within_five_seconds_and_500_mb(
    name: str, reader: Callable[[Path], tuple[int, str]], tmp_path: Path
) -> None:
    make, reason = BAD[name]
    path = tmp_path / name
    path.write_bytes(make())
    status, said = reader(path)
    assert status == 0, said or f"{name} took more than {_SECONDS} seconds of the processor"
    megabytes, _, sentence = said.strip().partition(" ")
    assert sentence.startswith(f"{name}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert reason in sentence
    assert int(megabytes) < _MEGABYTES
    assert list(tmp_path.iterdir()) == [path]


def test_a_word_file_with_strange_paths_beside_its_own_parts_is_read_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notice.docx"
    path.write_bytes(zipped([("../outside", b"x"), *word_parts().items()]))
    assert [str(task.text) for task in parse(read(path)).tasks] == ["建设平台。"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(UnreadableError, match=f"{path.name}: the file cannot be opened"):
            read(path)


def test_every_limit_holds() -> None:
    table = "序号\t任务\t责任单位\n1\t建设平台\t市科委\n".encode()
    assert len(parse(read_bytes("x.txt", table)).tasks) == 1
    for data, limits in (
        (table, ReadLimits(bytes=10)),
        (table, ReadLimits(characters=10)),
        (table, ReadLimits(cells=3)),
        (word(), ReadLimits(unpacked=1000)),
        (word(), ReadLimits(elements=10)),
        (word(), ReadLimits(columns=2)),
        (word(), ReadLimits(cells=3)),
        (word(), ReadLimits(nesting=0)),
        (b"<table><tr><td>x<td>y</table>", ReadLimits(elements=2)),
        (b"<table><tr><td>x<td>y</table>", ReadLimits(columns=1)),
        (pages(_PLAIN, number=3), ReadLimits(pages=2)),
        (pages(zlib.compress(_PLAIN), _FLATE), ReadLimits(unpacked=10)),
    ):
        with pytest.raises(TooLargeError):
            read_bytes("x", data, limits)
    with pytest.raises(TooLargeError):
        read_bytes("x.docx", word(document=body(" " * 5_000_000)), ReadLimits(ratio=2))


def test_work_that_takes_too_long_or_too_much_memory_is_stopped() -> None:
    with pytest.raises(TooLargeError, match="longer than"), within("x", 0.05, 2**30):
        sum(1 for _ in count())
    with pytest.raises(TooLargeError, match="memory"), within("x", 60.0, 2**26):
        bytearray(2**30)
    with within("x", 60.0, 2**26):
        pass
    bytearray(2**30)
