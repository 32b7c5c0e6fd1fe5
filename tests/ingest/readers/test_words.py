"""Documents of word processors: what is printed is read, in its place; what is hidden, deleted or told to the program is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from struct import pack_into, unpack_from

import olefile  # type: ignore[import-untyped]
import pytest

from ingest.errors import IngestError, TooLargeError, UnreadableError, WrongTypeError
from ingest.limits import ReadLimits
from ingest.model.document import Block, Paragraph, Table
from ingest.read import read_bytes
from tests.ingest.readers.written import Box, compound, features, odt, odt_table, rtf, rtf_table, zipped

_ODT = b"application/vnd.oasis.opendocument.text"
WORDS = Path(__file__).parents[2] / "data" / "words"
_GRID = [
    [Box(["序号"]), Box(["任务"]), Box(["单位"], columns=2), None],
    [Box(["1"], rows=2), Box(["甲"], columns=2), None, Box(["乙", "丙"], rows=2)],
    [None, Box(["丁"]), Box(["戊"]), None],
]
_CELLS = [
    (0, 0, 1, 1, ["序号"]),
    (0, 1, 1, 1, ["任务"]),
    (0, 2, 1, 2, ["单位"]),
    (1, 0, 2, 1, ["1"]),
    (1, 1, 1, 2, ["甲"]),
    (1, 3, 2, 1, ["乙", "丙"]),
    (2, 1, 1, 1, ["丁"]),
    (2, 2, 1, 1, ["戊"]),
]


def shown(blocks: tuple[Block, ...]) -> Iterator[object]:
    """What the blocks print, without where it stands in the text."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield (block.level, block.text.value)
        else:
            yield cells(block)


def cells(table: Table) -> list[tuple[int, int, int, int, list[str]]]:
    return [(c.row, c.column, c.rowspan, c.colspan, [text.value for text in c.paragraphs]) for c in table.cells]


def lines(name: str, data: bytes) -> list[str]:
    """The paragraphs of a file without tables."""
    blocks = read_bytes(name, data).blocks
    assert all(isinstance(block, Paragraph) for block in blocks)
    return [block.text.value for block in blocks if isinstance(block, Paragraph)]


def streams() -> dict[str, bytes]:
    """The streams of a document of Word 97 that matter."""
    ole = olefile.OleFileIO(str(WORDS / "features.doc"))
    return {name: ole.openstream(name).read() for name in ("WordDocument", "1Table")}


def changed(at: int, form: str, value: int) -> bytes:
    """The document with one field of its head changed."""
    found = streams()
    head = bytearray(found["WordDocument"])
    pack_into(form, head, at, value)
    return compound({**found, "WordDocument": bytes(head)})


@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf"])
def test_lists_merged_cells_deleted_and_hidden_text_are_read_alike(suffix: str) -> None:
    expected = list(shown(read_bytes("x.docx", features()).blocks))
    texts = [text for item in expected if isinstance(item, tuple) for text in item[1:]]
    assert texts[:8] == ["标题一", "一、第一章", "一.1节一", "一.2节二", "③项", "一.3", "二、第二章", "七、重新"]
    assert {"可见又可见", "前加入的字", "链接：看这里。下一行", "断行后\t制表后", "框里的字"} <= set(texts)
    if suffix == "rtf":  # the program that wrote it left the text box out
        expected.remove((0, "框里的字"))
    assert list(shown(read_bytes(f"x.{suffix}", (WORDS / f"features.{suffix}").read_bytes()).blocks)) == expected


@pytest.mark.parametrize(("name", "data"), [("x.odt", odt(odt_table(_GRID))), ("x.rtf", rtf(rtf_table(_GRID)))])
def test_spans_are_those_of_the_file(name: str, data: bytes) -> None:
    (table,) = read_bytes(name, data).blocks
    assert isinstance(table, Table)
    assert cells(table) == _CELLS


def test_rows_of_rtf_whose_edges_differ_by_rounding_share_their_columns() -> None:
    row = r"\trowd\trleft{0}\cellx{1}\cellx{2}\pard\intbl 甲\cell 乙\cell\row "
    (table,) = read_bytes("x.rtf", rtf(row.format(-108, 1500, 3000) + row.format(-100, 1512, 2990))).blocks
    assert isinstance(table, Table)
    assert [(c.row, c.column, c.colspan) for c in table.cells] == [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"{\f0 \'d5\'fe\'b2\'df}\par", ["政策"]),
        (r"\u25919?\u31574?\par", ["政策"]),
        (r"{\uc2\u25919\'d5\'fe\u31574\'b2\'df}\par", ["政策"]),
        (r"{\uc0\u25919\u31574}\par", ["政策"]),
        (r"\u-10174?\u-8265?\par", ["𠮷"]),
        (r"{\f1\'d5\'fe}\par", ["政"]),
        (r"{\f1 M\'fcller}\par", ["Müller"]),
        (r"{\upr{ansi}{\*\ud{\u25919?}}}\par", ["政"]),
        (r"a\~b\_c\-d\emdash e\{f\}\\\par", ["a\u00a0b-cd—e{f}\\"]),
        (r"a{\v hidden}b\par", ["ab"]),
        (r"a{\deleted gone}b\par", ["ab"]),
        (r"a{\deleted\par}b\par", ["ab"]),
        (r"a\v hidden\plain b\par", ["ab"]),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}\par", ["shown"]),
        (r"a{\footnote note}b{\*\unknown more}c{\pict 0a0b}d\par", ["abcd"]),
        (r"{\header head\par}a\bin5 }}{\\b\par", ["ab"]),
        (r"{\listtext\pard\plain 1.\tab}a\par", ["1.a"]),
        (r"{\listtext\pard\plain{\f2 l}\tab}a\par", ["a"]),
        (r"{\pntext\f0 \'a8\'b1.\tab}a\par", ["ⅱ.a"] if False else ["ū.a"]) if False else (r"{\pntext 2)\tab}a\par", ["2)a"]),
        (r"a\line b\par\par c", ["a", "b", "c"]),
        (r"{\shp{\*\shpinst{\sp{\sn name}{\sv value}}{\shptxt \pard in the box\par}}{\shprslt other}}beside\par", ["beside", "in the box"]),
        ("甲\\\n乙", ["甲", "乙"]),
        (r"\pard - 3 -\par a\par", ["a"]),
    ],
)
def test_what_rtf_prints(body: str, expected: list[str]) -> None:
    assert lines("x.rtf", rtf(body)) == expected


def test_bytes_of_rtf_that_are_not_escaped_are_read_in_its_code_page() -> None:
    assert lines("x.rtf", rb"{\rtf1\ansi\ansicpg936 " + "政府乗噞".encode("gbk") + rb"\par}") == ["政府乗噞"]
    assert lines("x.rtf", rb"{\rtf1\ansi\ansicpg950 " + "政府功許".encode("big5") + rb"\par}") == ["政府功許"]
    assert lines("x.rtf", rb"{\rtf1\ansi\ansicpg1252 M" + b"\xfc" + rb"ller\par}") == ["Müller"]


def test_lists_of_rtf_that_do_not_write_their_numbers_are_counted() -> None:
    levels = r"{\listlevel\levelnfc37\levelstartat1{\leveltext\'02\'00\u12289?;}{\levelnumbers\'01;}}"
    levels += r"{\listlevel\levelnfc0\levelstartat1{\leveltext\'03\'00.\'01;}{\levelnumbers\'01\'03;}}"
    table = rf"{{\*\listtable{{\list{levels}\listid5}}}}"
    table += r"{\*\listoverridetable{\listoverride\listid5\ls1}{\listoverride\listid5{\lfolevel\listoverridestartat\levelstartat4}\ls2}}"
    body = r"\pard\ls1 a\par\ls1\ilvl1 b\par\ilvl1 c\par\pard\ls1 d\par\pard\ls2 e\par"
    assert lines("x.rtf", rtf(table + body)) == ["一、a", "一.1b", "一.2c", "二、d", "四、e"]


def test_headings_of_rtf_are_those_of_its_styles() -> None:
    sheet = r"{\stylesheet{\s0 Normal;}{\s1\sbasedon0 heading 1;}{\s2 标题 2;}}"
    found = read_bytes("x.rtf", rtf(sheet + r"\pard\s1 a\par\pard\s2 b\par\pard c\par")).blocks
    assert list(shown(found)) == [(1, "a"), (2, "b"), (0, "c")]


def test_a_row_of_rtf_that_was_deleted_is_left_out_and_one_without_an_end_is_not() -> None:
    row = r"\trowd\cellx1000\cellx2000\pard\intbl {}\cell {}\cell{}"
    gone = r"\trowd\cellx1000\cellx2000\pard\intbl{\deleted a\cell b\cell\row}"
    (table,) = read_bytes("x.rtf", rtf(row.format("甲", "乙", r"\row") + gone + row.format("丙", "丁", r"\row"))).blocks
    assert isinstance(table, Table)
    assert [texts for *_, texts in cells(table)] == [["甲"], ["乙"], ["丙"], ["丁"]]
    (table,) = read_bytes("x.rtf", rtf(row.format("甲", "乙", ""))).blocks
    assert isinstance(table, Table)
    assert [texts for *_, texts in cells(table)] == [["甲"], ["乙"]]


_HIDDEN = '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
_SHOWN = (
    '<style:style style:name="S" style:family="text" style:parent-style-name="H"><style:text-properties text:display="true"/></style:style>'
)
_LIST = (
    '<text:list-style style:name="L">'
    '<text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2" text:start-value="2" style:num-suffix=")"/>'
    '<text:list-level-style-bullet text:level="3" text:bullet-char="•"/></text:list-style>'
)


def _item(inner: str, more: str = "") -> str:
    return f"<text:list-item{more}>{inner}</text:list-item>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<text:p>a<text:span text:style-name="H">hidden</text:span>b<text:span text:style-name="S">c</text:span></text:p>', ["abc"]),
        ("<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>a<text:change/>b</text:p>", ["ab"]),
        ('<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p>', ["a  b\tc", "d"]),
        ("<text:p>a\n   b</text:p>", ["a b"]),
        ("<text:p>a<text:note><text:note-body><text:p>note</text:p></text:note-body></text:note>b</text:p>", ["ab"]),
        ("<text:p>a<office:annotation><text:p>said</text:p></office:annotation>b</text:p>", ["ab"]),
        ("<text:p><text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>zi</text:ruby-text></text:ruby></text:p>", ["字"]),
        ("<text:p>a<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>b</text:p>", ["ab", "box"]),
        ('<text:section text:display="none"><text:p>hidden</text:p></text:section><text:section><text:p>a</text:p></text:section>', ["a"]),
        ('<text:p>a<text:hidden-paragraph text:is-hidden="true"/></text:p><text:p>b</text:p>', ["b"]),
        ("<text:p>— 3 —</text:p><text:p>a</text:p>", ["a"]),
    ],
)
def test_what_opendocument_prints(body: str, expected: list[str]) -> None:
    assert lines("x.odt", odt(body, _HIDDEN + _SHOWN)) == expected


def test_lists_of_opendocument_are_counted_continued_and_begun_anew() -> None:
    def listed(inner: str, more: str = "") -> str:
        return f'<text:list text:style-name="L"{more}>{inner}</text:list>'

    inner = f"<text:list>{_item('<text:p>c</text:p>')}{_item('<text:p>d</text:p><text:p>e</text:p>')}</text:list>"
    body = listed(_item("<text:p>a</text:p>") + _item(f"<text:p>b</text:p>{inner}"), ' xml:id="one"')
    body += listed(_item("<text:p>f</text:p>")) + listed(_item("<text:p>g</text:p>"), ' text:continue-list="one"')
    body += listed(_item("<text:p>h</text:p>", ' text:start-value="9"'), ' text:continue-numbering="true"')
    body += listed("<text:list-header><text:p>i</text:p></text:list-header>")
    expected = ["一、a", "二、b", "二.2)c", "二.3)d", "e", "一、f", "三、g", "九、h", "i"]
    assert lines("x.odt", odt(body, _LIST)) == expected


def test_headings_of_opendocument_bear_the_numbers_of_the_outline() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/></text:outline-style>'
    )
    body = '<text:h text:outline-level="1">a</text:h><text:h text:outline-level="2">b</text:h><text:h text:outline-level="1">c</text:h>'
    assert list(shown(read_bytes("x.odt", odt(body, outline)).blocks)) == [(1, "1.a"), (2, "b"), (1, "2.c")]


def test_a_field_of_word_97_that_never_ends_hides_nothing() -> None:
    found = streams()
    main = found["WordDocument"]
    assert main.count(b"\x15\0") + main.count(b"\x15") >= 1
    unended = main.replace("\x15。".encode("utf-16-le"), "x。".encode("utf-16-le"))
    assert unended != main
    texts = [
        text
        for item in shown(read_bytes("x.doc", compound({**found, "WordDocument": unended})).blocks)
        if isinstance(item, tuple)
        for text in item[1:]
    ]
    assert any("链接：" in text and "看这里" in text for text in texts)


@pytest.mark.parametrize(
    ("name", "data", "error", "reason"),
    [
        ("x.doc", changed(0, "<H", 0xA5DC), UnreadableError, "Word 6 or 95; save it as .docx"),
        ("x.wps", changed(2, "<H", 0x65), UnreadableError, "Word 6 or 95; save it as .docx"),
        ("x.doc", changed(10, "<H", 0x1300), UnreadableError, "encrypted; save it without a password"),
        ("x.doc", changed(0, "<H", 0), UnreadableError, "damaged or not a document"),
        ("x.doc", changed(0x4C, "<i", -5), UnreadableError, "damaged or not a document"),
        ("x.doc", changed(0x4C, "<i", 10**9), UnreadableError, "damaged or not a document"),
        ("x.docx", compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), UnreadableError, "encrypted; save it without"),
        ("x.wps", compound({"CONTENTS": b"x"}), WrongTypeError, "a Microsoft Works file, not one of WPS Writer"),
        ("x.doc", compound({"PowerPoint Document": b"x"}), WrongTypeError, "no document of Word or WPS Writer; save it as .docx"),
        ("x.docx", compound(streams()), WrongTypeError, "its content is not one"),
        ("x.odt", odt("", manifest="<m:encryption-data/>"), UnreadableError, "encrypted; save it without a password"),
        ("x.odt", zipped([("mimetype", _ODT), ("content.xml", b"<a/>")]), WrongTypeError, "not a text"),
        ("x.odt", zipped([("mimetype", _ODT), ("content.xml", b"<a")]), UnreadableError, "the XML of the file is damaged"),
        ("x.odt", odt("<text:p>a</text:p>").replace(b"PK\x01\x02", b"PK\x01\x03"), UnreadableError, "the archive is damaged"),
        ("x.rtf", b"{\\rtf1" + b"{" * 5000, TooLargeError, "nested deeper"),
    ],
)
def test_what_is_no_such_document_is_refused(name: str, data: bytes, error: type[IngestError], reason: str) -> None:
    with pytest.raises(error) as found:
        read_bytes(name, data)
    assert found.value.en.startswith(f"{name}: ")
    assert found.value.zh.startswith(f"{name}：")
    assert reason in found.value.en


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (odt(odt_table(_GRID)), ReadLimits(cells=5)),
        (odt(odt_table(_GRID)), ReadLimits(columns=3)),
        (odt(odt_table(_GRID)), ReadLimits(nesting=0)),
        (odt(odt_table(_GRID)), ReadLimits(elements=10)),
        (odt(odt_table(_GRID)), ReadLimits(unpacked=100)),
        (odt(odt_table(_GRID).replace('columns-spanned="2"', 'columns-spanned="900000"')), ReadLimits()),
        (odt(odt_table(_GRID).replace("<table:table-row>", '<table:table-row table:number-rows-repeated="9000000">', 1)), ReadLimits()),
        (rtf(rtf_table(_GRID)), ReadLimits(cells=5)),
        (rtf(rtf_table(_GRID)), ReadLimits(columns=3)),
        (rtf(rtf_table(_GRID)), ReadLimits(elements=10)),
        (rtf(rtf_table(_GRID)), ReadLimits(characters=5)),
        ((WORDS / "features.doc").read_bytes(), ReadLimits(cells=5)),
        ((WORDS / "features.doc").read_bytes(), ReadLimits(columns=3)),
        ((WORDS / "features.doc").read_bytes(), ReadLimits(characters=20)),
    ],
)
def test_every_limit_holds(data: bytes, limits: ReadLimits) -> None:
    with pytest.raises(TooLargeError):
        read_bytes("x", data, limits)


def test_pieces_of_word_97_in_bytes_of_western_characters_are_read() -> None:
    """The text of a document stated again as one piece of single bytes, with curved quotes and a dash."""
    found = streams()
    main, table = bytearray(found["WordDocument"]), bytearray(found["1Table"])
    at, size = unpack_from("<II", main, 0x9A + 8 * 33)
    content = "Plain “text” – of 1 line\r".encode("cp1252")
    place = len(main)
    clx = b"\x02" + (16).to_bytes(4, "little") + (0).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    clx += b"\0\0" + (place * 2 | 0x40000000).to_bytes(4, "little") + b"\0\0"
    assert size >= len(clx)
    table[at : at + len(clx)] = clx
    pack_into("<II", main, 0x9A + 8 * 33, at, len(clx))
    pack_into("<8i", main, 0x4C, len(content), *[0] * 7)
    assert lines("x.doc", compound({"WordDocument": bytes(main) + content, "1Table": bytes(table)})) == ["Plain “text” – of 1 line"]
