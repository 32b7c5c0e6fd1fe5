"""OFD files: what is drawn is read where it stands; files without characters, under a password or beyond the limits are refused."""

from __future__ import annotations

import pytest

from ingest.errors import IngestError, TooLargeError, UnreadableError
from ingest.limits import ReadLimits
from ingest.model.document import Paragraph, Table
from ingest.read import read_bytes
from tests.ingest.readers.written import ofd, ofd_line, ofd_text, zipped

_LONG = "推进检验检测认证行业发展"


def lines(data: bytes) -> list[str]:
    """The paragraphs of a file without tables."""
    blocks = read_bytes("x.ofd", data).blocks
    assert all(isinstance(block, Paragraph) for block in blocks)
    return [block.text.value for block in blocks if isinstance(block, Paragraph)]


def ruled(prefix: str = "ofd:") -> str:
    """A table of two rows, the first of one cell, 10 mm high and 60 mm wide."""
    drawn = [ofd_line(20, y, 80, y, prefix) for y in (20, 30, 40)] + [ofd_line(x, 20, x, 40, prefix) for x in (20, 80)]
    drawn.append(ofd_line(50, 30, 50, 40, prefix))
    texts = [
        ofd_text(x, y, 4, value, prefix=prefix) for x, y, value in ((22, 26, "重点任务安排表"), (22, 36, "建设平台"), (52, 36, "市科委"))
    ]
    return "".join(drawn + texts)


@pytest.mark.parametrize("prefix", ["ofd:", ""])
def test_ruled_tables_are_read_with_their_spans_under_any_namespace(prefix: str) -> None:
    (table,) = read_bytes("x.ofd", ofd([ruled(prefix)], prefix=prefix)).blocks
    assert isinstance(table, Table)
    assert [(c.row, c.column, c.rowspan, c.colspan, [text.value for text in c.paragraphs]) for c in table.cells] == [
        (0, 0, 1, 2, ["重点任务安排表"]),
        (1, 0, 1, 1, ["建设平台"]),
        (1, 1, 1, 1, ["市科委"]),
    ]


def test_ruling_lines_drawn_as_thin_boxes_are_lines() -> None:
    boxes = ""
    for x, y, w, h in ((20, 20, 60, 0.2), (20, 30, 60, 0.2), (20, 40, 60, 0.2), (20, 20, 0.2, 20), (50, 20, 0.2, 20), (80, 20, 0.2, 20)):
        data = f"<ofd:AbbreviatedData>M 0 0 L {w} 0 L {w} {h} L 0 {h} C</ofd:AbbreviatedData>"
        boxes += f'<ofd:PathObject Boundary="{x} {y} {w} {h}" Stroke="false" Fill="true">{data}</ofd:PathObject>'
    (table,) = read_bytes("x.ofd", ofd([boxes + ofd_text(22, 26, 4, "推进检验检测") + ofd_text(22, 36, 4, "认证行业")])).blocks
    assert isinstance(table, Table)
    assert [(c.row, c.column) for c in table.cells] == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        (ofd_text(20, 30, 5, _LONG), [_LONG]),
        (ofd_text(20, 30, 5, _LONG, [5.0] * 5 + [40.0] + [5.0] * 5), [f"{_LONG[:6]}  {_LONG[6:]}"]),
        (ofd_text(20, 30, 5, _LONG, [5.0]).replace('DeltaX="5.0000"', 'DeltaX="g 11 5"'), [_LONG]),
        ("".join(ofd_text(20 + 5 * i, 30, 5, c) for i, c in enumerate(_LONG)), [_LONG]),
        (ofd_text(20, 30, 5, _LONG) + ofd_text(20.1, 30, 5, _LONG), [_LONG]),
        (ofd_text(20, 30, 5, _LONG) + ofd_text(20, 60, 5, "不见的字", more=' Visible="false"'), [_LONG]),
        (ofd_text(40, 60, 10, _LONG, more=' CTM="0.5 0 0 0.5 0 0"') + ofd_text(20, 90, 5, "下一段"), [_LONG, "下一段"]),
        (f"<ofd:PageBlock>{ofd_text(20, 30, 5, _LONG)}</ofd:PageBlock>", [_LONG]),
        (ofd_text(20, 30, 5, _LONG).replace("Size", "size"), [_LONG]),
        (ofd_text(20, 30, 5, _LONG) + ofd_text(100, 280, 4, "- 3 -"), [_LONG]),
    ],
)
def test_what_a_page_prints(objects: str, expected: list[str]) -> None:
    assert lines(ofd([objects])) == expected


def test_templates_and_composite_drawings_are_part_of_the_page() -> None:
    unit = f'<ofd:CompositeGraphicUnit ID="9"><ofd:Content>{ofd_text(0, 5, 5, "合成的图")}</ofd:Content></ofd:CompositeGraphicUnit>'
    page = ofd_text(20, 60, 5, _LONG) + '<ofd:CompositeObject ResourceID="9" Boundary="20 90 100 10"/>'
    data = ofd([page], resources=unit, templates={"7": ofd_text(20, 30, 5, "模板上的字")})
    assert lines(data) == ["模板上的字", _LONG, "合成的图"]
    inside = unit.replace("</ofd:Content>", '<ofd:CompositeObject ResourceID="9" Boundary="0 0 9 9"/></ofd:Content>')
    with pytest.raises(TooLargeError, match="nested deeper"):
        read_bytes("x.ofd", ofd([page], resources=inside))


def test_the_pages_of_a_file_follow_one_another() -> None:
    found = read_bytes("x.ofd", ofd([ofd_text(20, 30, 5, _LONG + "。"), ofd_text(20, 30, 5, "一、下一页的标题")])).blocks
    assert [(block.page, block.text.value) for block in found if isinstance(block, Paragraph)] == [
        (1, _LONG + "。"),
        (2, "一、下一页的标题"),
    ]


_CURVE = '<ofd:PathObject Boundary="0 0 9 9" Fill="true"><ofd:AbbreviatedData>M 0 0 B 1 1 2 2 3 3 C</ofd:AbbreviatedData></ofd:PathObject>'
_PAGE = ofd([ofd_text(20, 30, 5, _LONG)])


@pytest.mark.parametrize(
    ("data", "limits", "error", "reason"),
    [
        (ofd([_CURVE * 50]), ReadLimits(), UnreadableError, "it draws its characters as shapes, none of them is text"),
        (ofd(['<ofd:ImageObject Boundary="0 0 200 200"/>']), ReadLimits(), UnreadableError, "no text layer, only images of pages"),
        (ofd([ofd_text(20, 30, 5, "¤" * 40)]), ReadLimits(), UnreadableError, "do not say which characters they draw"),
        (ofd([_CURVE]).replace(b"OFD.xml", b"OFD.xmm"), ReadLimits(), IngestError, "its content is not one"),
        (zipped([("OFD.xml", b"<a/>"), ("Encryptions.xml", b"<a/>")]), ReadLimits(), UnreadableError, "encrypted; save it without"),
        (zipped([("OFD.xml", b"<OFD><DocRoot>none.xml</DocRoot></OFD>")]), ReadLimits(), UnreadableError, "the OFD file is damaged"),
        (zipped([("OFD.xml", b"<a")]), ReadLimits(), UnreadableError, "the XML of the file is damaged"),
        (ofd([ofd_text(20, 30, 5, _LONG).replace('X="0"', 'X="left"')]), ReadLimits(), UnreadableError, "the OFD file is damaged"),
        (
            ofd([ofd_text(20, 30, 5, "字" * 61_000, [0.001]).replace('"0.0010"', '"g 61000 0.001"')]),
            ReadLimits(),
            TooLargeError,
            "more marks than are read",
        ),
        (ofd([ofd_line(0, 0, 90, 0) * 21_000]), ReadLimits(), TooLargeError, "more marks than are read"),
        (ofd([""] * 9), ReadLimits(pages=8), TooLargeError, "more than the 8 pages"),
        (_PAGE, ReadLimits(unpacked=100), TooLargeError, "it unpacks to"),
        (_PAGE, ReadLimits(elements=10), TooLargeError, "tags"),
        (_PAGE, ReadLimits(characters=5), TooLargeError, "characters"),
        (ofd([ruled()]), ReadLimits(cells=1), TooLargeError, "more than the 1 cells"),
        (ofd([ruled()]), ReadLimits(columns=1), TooLargeError, "more than 1 columns"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, limits: ReadLimits, error: type[IngestError], reason: str) -> None:
    with pytest.raises(error) as found:
        read_bytes("x.ofd", data, limits)
    assert found.value.en.startswith("x.ofd: ")
    assert found.value.zh.startswith("x.ofd：")
    assert reason in found.value.en


@pytest.mark.parametrize("value", ["1e99", "nan", "inf", "-1e300", "99999999999999999999"])
def test_places_beyond_every_page_are_none(value: str) -> None:
    objects = ofd_text(20, 30, 5, _LONG) + ofd_text(20, 60, 5, "远").replace('Size="5.0000"', f'Size="{value}"')
    assert read_bytes("x.ofd", ofd([objects])).text.startswith(_LONG)
