"""Whatever the bytes and the name, there is a document or a refusal; and every character of a document is where it says."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen import canvas  # type: ignore[import-untyped]

from ingest.coverage import coverage
from ingest.errors import IngestError
from ingest.model.document import Document, Paragraph, Text
from ingest.model.records import Notice
from ingest.parse import parse
from ingest.read import read_bytes
from ingest.readers.fixed_layout.pdf_glyphs import Glyphs, drawn
from tests.ingest.readers.workbooks import WRITERS, as_xml, zipped

_EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_NAMES = st.sampled_from(
    ["x.txt", "x.docx", "x.html", "x.pdf", "x", "x.doc", "x.HTM", "x.xlsx", "x.et", "x.ods", "x.zip", "x.mht", "x.rtf", "x.odt", "x.ofd"]
)
_MARKS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html><table>", b"\xef\xbb\xbf", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
_WORDS = (
    "序号 任务 重点任务 具体任务 责任单位 牵头单位 配合单位 完成时限 工作目标 市科委 市商务委、市财政局 各区 各区、县（市）政府 等 和 ★ "
    "6月底前 2026年 建设平台 新增3—5家 不少于30% 翻一番 由15天压减至7天 分别达到60%、45% 第一季度 2026年5月15日 1. 2. （1） ① 一、 （一） "
    "《办法》 （牵头单位：市科委；配合单位：市财政局） 关于印发《要点》的通知 沪质办〔2026〕2号 附件1 —2— 以下任务均需各区政府落实 "
    "\u200b ， ； 。 ： 0 １２ ½ 𠮷 é"
)
_PIECES = st.sampled_from([*_WORDS.split(" "), "\t", "\n", "\n\n", "\n\t", "|", " ", "\u3000", "\r\n", "\f", "\u2028"])
_TAGS = st.sampled_from(["p", "tr", "td", "th rowspan=2", "td colspan=3", "table", "/table", "br", "b", "/b"])
_TEXTS = st.lists(_PIECES, max_size=80).map("".join)


def texts(document: Document) -> Iterator[Text]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (text for cell in block.cells for text in cell.paragraphs)


def fields(notice: Notice) -> Iterator[Text]:
    for task in notice.tasks:
        yield from (task.text, *task.targets, *task.group_path, *task.leaders, *(text for _, text in task.schedule))
        yield from (unit.surface for unit in task.units)
        yield from (quantity.surface for quantity in task.quantities)
        yield from (place.surface for place in task.places)
        yield from (reference.title for reference in task.references)
        if task.deadline is not None:
            yield task.deadline.text
    for text in (notice.title, notice.notice_title, notice.number, notice.date_text, *notice.issuers, *notice.implements):
        if text is not None:
            yield text


def holds(document: Document, text: Text) -> bool:
    """Whether each character stands where it says; a break inside a paragraph may be read as a blank or another break."""
    assert len(text.at) == len(text.value)
    assert all(0 <= place < len(document.text) for place in text.at)
    assert all(a < b for a, b in zip(text.at, list(text.at)[1:], strict=False))
    return all(c == document.text[i] or (c.isspace() and document.text[i].isspace()) for c, i in zip(text.value, text.at, strict=True))


def check(name: str, data: bytes) -> Notice | None:
    try:
        document = read_bytes(name, data)
        assert all(holds(document, text) for text in texts(document))
        notice = parse(document)
    except IngestError as error:
        refused = error
    else:
        _consistent(document, notice)
        return notice
    # Of a file in an archive the name goes on: x.zip/y.html.
    assert refused.en.startswith((f"{name}: ", f"{name}/"))
    assert refused.zh.startswith((f"{name}：", f"{name}/"))
    assert "\n" not in str(refused)
    return None


def _consistent(document: Document, notice: Notice) -> None:
    assert all(holds(document, text) for text in fields(notice))
    assert sum(coverage(notice).values()) == len(document.text)
    assert len({task.key for task in notice.tasks}) == len(notice.tasks)
    for task in notice.tasks:
        parts = dict(task.parts())
        for quantity in task.quantities:
            assert parts[quantity.part].value[quantity.start : quantity.end] == quantity.surface.value
        assert [unit.order for unit in task.units] == list(range(1, len(task.units) + 1))


@_EXAMPLES
@given(name=_NAMES, mark=st.sampled_from(_MARKS), rest=st.binary(max_size=400))
def test_any_bytes_under_any_name_are_a_document_or_refused(name: str, mark: bytes, rest: bytes) -> None:
    check(name, mark + rest)


@_EXAMPLES
@given(text=_TEXTS, encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]))
def test_any_text_keeps_every_character_in_its_place(text: str, encoding: str) -> None:
    check("x.txt", text.encode(encoding))


@_EXAMPLES
@given(
    parts=st.lists(
        st.tuples(st.sampled_from(["p", "tr", "td", "th rowspan=2", "td colspan=3", "table", "/table", "br", "b", "/b"]), _PIECES)
    )
)
def test_any_page_keeps_every_character_in_its_place(parts: list[tuple[str, str]]) -> None:
    check("x.html", ("<html><body>" + "".join(f"<{tag}>{text}" for tag, text in parts)).encode())


@_EXAMPLES
@given(rows=st.lists(st.lists(_TEXTS, min_size=1, max_size=5), min_size=1, max_size=6), data=st.data())
def test_any_table_of_word_keeps_every_character_in_its_place(rows: list[list[str]], data: st.DataObject) -> None:
    document = docx.Document()
    table = document.add_table(len(rows), 5)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            table.cell(r, c).text = value.replace("\f", "").replace("\u2028", "")
    if len(rows) > 1:
        above, column = data.draw(st.integers(0, len(rows) - 2)), data.draw(st.integers(0, 4))
        table.cell(above, column).merge(table.cell(above + 1, column))
    file = BytesIO()
    document.save(file)
    check("x.docx", file.getvalue())


_TABLE = [
    ["序号", "具体任务", "工作目标", "责任单位", "完成时限"],
    ["1", "建设平台。", "1.建成3个。\n2.投用。", "市科委、市商务委", "6月底前"],
]


def whole_files() -> dict[str, bytes]:
    """A small task document in each format."""
    word, file = docx.Document(), BytesIO()
    table = word.add_table(2, 5)
    for r, row in enumerate(_TABLE):
        for c, value in enumerate(row):
            table.cell(r, c).text = value
    word.save(file)
    drawn = BytesIO()
    pdf = canvas.Canvas(drawn)
    pdf.grid([50, 100, 200], [700, 720, 740])
    pdf.drawString(52, 725, "No")
    pdf.drawString(102, 725, "Task and units of it")
    pdf.save()
    page = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) for row in _TABLE)
    return {
        "x.txt": "\n".join("\t".join(cell.replace("\n", "") for cell in row) for row in _TABLE).encode(),
        "x.html": page.encode(),
        "x.docx": file.getvalue(),
        "x.pdf": drawn.getvalue(),
        "x.mht": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
        + page.encode()
        + b"\n--b--\n",
        "xml.xls": as_xml(_TABLE),
        "x.zip": zipped({"x.html": page.encode()}),
        **{f"x{suffix}": write(_TABLE, ()) for suffix, write in WRITERS.items()},
    }


_WHOLE = whole_files()


@pytest.mark.parametrize("name", _WHOLE)
def test_a_whole_file_is_a_document(name: str) -> None:
    assert read_bytes(name, _WHOLE[name]).blocks


@pytest.mark.parametrize("name", _WHOLE)
@_EXAMPLES
@given(data=st.data())
def test_a_file_with_bytes_cut_changed_or_doubled_is_a_document_or_refused(name: str, data: st.DataObject) -> None:
    check(name, damaged(_WHOLE[name], data))


_WORD_PARTS = ("word/document.xml", "word/numbering.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels")
_BOOK_PARTS = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels")
_PARTS = [*(("x.docx", part) for part in _WORD_PARTS), *(("x.xlsx", part) for part in _BOOK_PARTS), ("x.ods", "content.xml")]


@pytest.mark.parametrize(("name", "part"), _PARTS)
@_EXAMPLES
@given(data=st.data())
def test_a_package_with_a_damaged_part_is_a_document_or_refused(name: str, part: str, data: st.DataObject) -> None:
    file = BytesIO()
    with ZipFile(BytesIO(_WHOLE[name])) as whole, ZipFile(file, "w") as archive:
        assert part in whole.namelist()
        for inner in whole.namelist():
            archive.writestr(inner, damaged(whole.read(inner), data) if inner == part else whole.read(inner))
    check(name, file.getvalue())


_SHEET_TEXTS = st.lists(_PIECES, max_size=12).map(lambda pieces: "".join(c for c in "".join(pieces) if c.isprintable() or c == "\n"))


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
@_EXAMPLES
@given(rows=st.lists(st.lists(_SHEET_TEXTS, min_size=1, max_size=5), min_size=1, max_size=6), data=st.data())
def test_any_sheet_keeps_every_character_in_its_place(suffix: str, rows: list[list[str]], data: st.DataObject) -> None:
    top, left = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows[0]) - 1))
    bottom = data.draw(st.integers(top, len(rows) - 1))
    check(f"x{suffix}", WRITERS[suffix](rows, [(top, left, bottom, left + 1)] if left < len(rows[top]) else []))


def damaged(whole: bytes, data: st.DataObject) -> bytes:
    """The bytes with some of them cut, changed or doubled."""
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        what = data.draw(st.sampled_from(["cut", "change", "double", "end"]))
        if what == "cut":
            del content[at : at + data.draw(st.integers(1, 40))]
        elif what == "change":
            content[at] = data.draw(st.sampled_from([*b'0129<>/"= aw:&', 0, 255]))
        elif what == "double":
            content[at:at] = content[at : at + 40]
        else:
            del content[at + 1 :]
        if not content:
            break
    return bytes(content)


def test_characters_are_those_of_the_library_each_drawn_once(tmp_path: Path) -> None:
    page = canvas.Canvas(str(tmp_path / "made.pdf"))
    for aside in (0.0, 0.4, 0.8):
        page.drawString(72 + aside, 700, "22 letters of bold type")
    page.drawString(72, 698, "22 close below")
    page.rotate(30)
    page.drawString(300, 400, "turned")
    page.rotate(-120)
    page.drawString(-500, 100, "upwards")
    page.showPage()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light", isVertical=True))
    page.setFont("STSong-Light", 12)
    page.drawString(400, 600, "竖排的字")
    page.setFont("Helvetica", 12)
    text = page.beginText(72, 600)
    text.setCharSpace(3)
    text.setWordSpace(5)
    text.setHorizScale(80)
    text.setRise(4)
    text.textLine("a b c 12")
    page.drawText(text)
    page.scale(-1, 1)
    page.drawString(-300, 500, "mirrored")
    page.beginForm("form")
    page.drawString(10, 10, "inside a form")
    page.endForm()
    page.doForm("form")
    page.setPageRotation(90)
    page.save()
    found = [tmp_path / "made.pdf", *(Path(__file__).parents[2] / "data").rglob("*.pdf")]
    assert len(found) > 1
    for path in found:
        with pdfplumber.open(path) as ours, pdfplumber.open(path) as theirs:
            glyphs = Glyphs()
            for mine, known in zip(ours.pages, theirs.pages, strict=True):
                expected = [c for c in known.dedupe_chars().chars if c["text"].strip() or c["text"] == " "]
                keys = ("text", "x0", "top", "x1", "bottom", "size")
                assert drawn(mine, glyphs) == [tuple(c[key] for key in keys) for c in expected]
                sides = ("orientation", "x0", "top", "x1", "bottom")
                assert [[e[side] for side in sides] for e in mine.edges] == [[e[side] for side in sides] for e in known.edges]
    assert read_bytes("made.pdf", (tmp_path / "made.pdf").read_bytes()).text.count("22") == 2
