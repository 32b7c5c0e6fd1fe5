"""Workbooks: what a sheet shows and nothing else; what is hidden is told; the same records as from any other format."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlwt  # type: ignore[import-untyped]
from xlwt.CompoundDoc import XlsDoc  # type: ignore[import-untyped]

from ingest.errors import IngestError, UnreadableError, WrongTypeError
from ingest.limits import ReadLimits
from ingest.model.document import Document, Paragraph, Table
from ingest.model.records import Notice
from ingest.parse import parse
from ingest.read import read, read_bytes
from tests.ingest.readers.test_formats import said
from tests.ingest.readers.workbooks import (
    WRITERS,
    Merges,
    Rows,
    Value,
    as_xlsx,
    as_xml,
    laid_out,
    ods_of,
    saved,
    unzipped,
    xlsx_of,
    xml_of,
    zipped,
)

DATA = Path(__file__).parents[3] / "data"
HEAD: list[Value] = ["序号", "具体任务", "工作目标", "责任单位", "完成时限"]
ROW: list[Value] = [1, "建设平台。", "1.建成3个。\n2.投用。", "市科委、市商务委", "6月底前"]


def texts(document: Document) -> list[list[str]]:
    """The rows of the first table, each cell in its row as one string."""
    table = next(document.tables())
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append("\n".join(text.value for text in cell.paragraphs))
    return [rows[r] for r in sorted(rows)]


def lines(document: Document) -> list[str]:
    return [block.text.value for block in document.blocks if isinstance(block, Paragraph)]


@cache
def tabular() -> list[tuple[Path, Notice]]:
    """The documents among the test data whose tasks stand in tables."""
    found = []
    for path in sorted(DATA.rglob("*")):
        if path.suffix in (".txt", ".html", ".docx", ".pdf") and path.parent.name in ("cases", "layouts", "samples"):
            try:
                notice = parse(read(path))
            except IngestError:
                continue
            if any(True for _ in notice.document.tables()):
                found.append((path, notice))
    return found


def told(notice: Notice) -> tuple[object, ...]:
    """What a notice says of itself, without where."""
    values = (notice.title, notice.notice_title, notice.number, notice.date, notice.role_rule, notice.default_clause)
    return (*(value and str(value) for value in values), [str(issuer) for issuer in notice.issuers], [str(t) for t in notice.addressees])


def test_there_are_tables_among_the_test_data() -> None:
    assert len(tabular()) >= 30
    assert sum(path.parent.name == "samples" for path, _ in tabular()) >= 2


LAYOUTS = [(suffix, True, True) for suffix in WRITERS if suffix != ".et"] + [
    (".xml", True, True),
    (".xlsx", True, False),
    (".xlsx", False, True),
]


NEED_A_BLANK_ROW = {"annexes.html", "stored-bars-sections.txt"}
"""Their last two tables, one without any head that is known, one with a title that could be the head of a section."""


@pytest.mark.parametrize(("suffix", "gaps", "merged_titles"), LAYOUTS)
def test_documents_laid_on_a_sheet_say_the_same(suffix: str, gaps: bool, merged_titles: bool) -> None:
    for path, notice in tabular():
        if gaps or path.name not in NEED_A_BLANK_ROW:
            write, name = (as_xml, "x.xls") if suffix == ".xml" else (WRITERS[suffix], f"x{suffix}")
            again = parse(read_bytes(name, write(*laid_out(notice.document, gaps=gaps, merged_titles=merged_titles))))
            assert [said(task) for task in again.tasks] == [said(task) for task in notice.tasks], path.name
            assert told(again) == told(notice), path.name


def formatted_xlsx(values: Sequence[tuple[object, str]]) -> bytes:
    """Values below one another with their formats."""
    book = openpyxl.Workbook()
    book.active.append(["序号", "任务内容"])
    for r, (value, code) in enumerate(values, start=2):
        book.active.cell(r, 1, "x")
        book.active.cell(r, 2, value).number_format = code
    return saved(book)


def formatted_xls(values: Sequence[tuple[object, str]]) -> bytes:
    """The same in the format of Excel 97 to 2003."""
    book, file = xlwt.Workbook(), BytesIO()
    sheet = book.add_sheet("Sheet1")
    sheet.write(0, 0, "序号")
    sheet.write(0, 1, "任务内容")
    for r, (value, code) in enumerate(values, start=1):
        sheet.write(r, 0, "x")
        sheet.write(r, 1, value, xlwt.easyxf(num_format_str=code))
    book.save(file)
    return file.getvalue()


_DAY = date(2025, 6, 1)
PRINTED: list[tuple[object, str, str]] = [
    (0.85, "0%", "85%"),
    (0.8535, "0.00%", "85.35%"),
    (1234567.5, "#,##0.00", "1,234,567.50"),
    (0.1 + 0.2, "General", "0.3"),
    (20, "General", "20"),
    (12.5, '0.0"亿元"', "12.5亿元"),
    (7, '"≥"0"家"', "≥7家"),
    (_DAY, 'yyyy"年"m"月"', "2025年6月"),
    (_DAY, 'yyyy"年"m"月"d"日";@', "2025年6月1日"),
    (_DAY, "yyyy-mm-dd", "2025-06-01"),
    (_DAY, "yyyy/m/d", "2025/6/1"),
    (_DAY, '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二五年六月一日"),
    (_DAY, '[$-804]m"月底前"', "6月底前"),
    (3, "000", "003"),
    (-2, "0.0_);(0.0)", "(2.0)"),
    (0, '0;-0;"无"', "无"),
    ("市科委", '@"（盖章）"', "市科委（盖章）"),
    (True, "General", "TRUE"),
]


@pytest.mark.parametrize(("name", "make"), [("x.xlsx", formatted_xlsx), ("x.xls", formatted_xls)])
def test_numbers_are_printed_as_the_sheet_shows_them(name: str, make: Callable[[Sequence[tuple[object, str]]], bytes]) -> None:
    document = read_bytes(name, make([(value, code) for value, code, _ in PRINTED]))
    assert [row[1] for row in texts(document)[1:]] == [expected for _, _, expected in PRINTED]


def test_a_format_that_is_not_understood_is_told_with_its_cell() -> None:
    book = openpyxl.Workbook()
    for row in (["序号", "任务内容"], ["x", 0.5]):
        book.active.append(row)
    book.active["B2"].number_format = "# ?/8"
    document = read_bytes("x.xlsx", saved(book))
    assert texts(document)[1][1] == "0.5"
    assert [(code, "B2" in message) for code, message in document.notes] == [("format-unread", True)]


def hiding() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEAD, ROW, [2, "隐藏的任务。", "", "市财政局", ""], [3, "第三项。", "", "市商务委", "年底"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["E"].hidden = True
    other = book.create_sheet("底稿")
    other.append(HEAD)
    other.append([9, "不公开。", "", "市科委", ""])
    other.sheet_state = "hidden"
    return book


def test_hidden_rows_columns_and_sheets_are_left_out_and_told_in_xlsx() -> None:
    document = read_bytes("x.xlsx", saved(hiding()))
    assert [row[1] for row in texts(document)] == ["具体任务", "建设平台。", "第三项。"]
    assert len(texts(document)[0]) == 4
    for secret in ("隐藏的任务", "不公开", "6月底前", "完成时限", "财政局"):
        assert secret not in document.text
    assert {code for code, _ in document.notes} == {"hidden"}
    messages = [message for _, message in document.notes]
    assert any("隐藏的行未读取：3 / " in message for message in messages)
    assert any("隐藏的列未读取：E / " in message for message in messages)
    assert any("底稿" in message for message in messages)
    assert [w.code for w in parse(document).warnings].count("hidden") == 3


def test_hidden_rows_columns_and_sheets_are_left_out_and_told_in_xls() -> None:
    book = xlwt.Workbook()
    rows: Rows = [HEAD, ROW, [2, "隐藏的任务。", "", "市财政局", ""]]
    for name, visibility in (("Sheet1", 0), ("底稿", 1), ("更深", 2)):
        sheet = book.add_sheet(name)
        sheet.visibility = visibility
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
        sheet.row(2).hidden = True
        sheet.col(4).hidden = True
    file = BytesIO()
    book.save(file)
    document = read_bytes("x.et", file.getvalue())
    assert [row[1] for row in texts(document)] == ["具体任务", "建设平台。"]
    assert len(texts(document)[0]) == 4
    assert len(list(document.tables())) == 1
    assert sorted(message.partition("：")[2].partition(" / ")[0] for _, message in document.notes) == ["3", "E", "底稿、更深"]


def test_hidden_rows_columns_and_sheets_are_left_out_and_told_in_ods() -> None:
    def row(values: list[str], more: str = "") -> str:
        cells = "".join(f"<table:table-cell><text:p>{value}</text:p></table:table-cell>" for value in values)
        return f"<table:table-row{more}>{cells}</table:table-row>"

    columns = '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
    rows = row(["序号", "任务", "责任单位", "时限"]) + row(["1", "建设平台。", "市科委", "年底"])
    filtered = row(["2", "藏", "市财政局", ""], ' table:visibility="filter"')
    first = f'<table:table table:name="甲">{columns}{rows}{filtered}</table:table>'
    second = f'<table:table table:name="底稿" table:style-name="off">{rows}</table:table>'
    style = '<style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>'
    document = read_bytes("x.ods", ods_of(first + second, style))
    assert texts(document) == [["序号", "任务", "责任单位"], ["1", "建设平台。", "市科委"]]
    assert sorted(message.partition("：")[2].partition(" / ")[0] for _, message in document.notes) == ["3", "D", "底稿"]


def test_the_xml_of_excel_2003_hides_and_formats_as_the_others_do() -> None:
    codes = {"p": "Percent", "d": "yyyy&quot;年&quot;m&quot;月&quot;"}
    style = "".join(f'<Style ss:ID="{key}"><NumberFormat ss:Format="{code}"/></Style>' for key, code in codes.items())
    rows = (
        '<Column/><Column ss:Hidden="1"/><Row><Cell><Data ss:Type="String">序号</Data></Cell><Cell><Data ss:Type="String">藏</Data></Cell>'
        '<Cell><Data ss:Type="String">任务</Data></Cell></Row><Row ss:Hidden="1"><Cell><Data ss:Type="Number">9</Data></Cell></Row>'
        '<Row ss:Index="5"><Cell ss:StyleID="p"><Data ss:Type="Number">0.85</Data></Cell>'
        '<Cell ss:Index="3" ss:StyleID="d"><Data ss:Type="DateTime">2025-06-01T00:00:00.000</Data></Cell></Row>'
    )
    off = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    data = xml_of(
        f'<Worksheet ss:Name="甲"><Table>{rows}</Table></Worksheet><Worksheet ss:Name="底稿"><Table>{rows}</Table>{off}</Worksheet>', style
    )
    for name in ("x.xls", "x.et", "x"):
        document = read_bytes(name, data)
        assert texts(document) == [["序号", "任务"], ["85.00%", "2025年6月"]]
        assert sorted(message.partition("：")[2].partition(" / ")[0] for _, message in document.notes) == ["2", "B", "底稿"]


def test_a_merged_cell_that_begins_in_a_hidden_row_is_seen_and_nothing_is_told() -> None:
    book = openpyxl.Workbook()
    for row in (
        [None, "标题"],
        HEAD,
        ["一", "甲。", "", "市科委", ""],
        [None, "乙。", "", "市商务委", ""],
        [None, "丙。", "", "市财政局", ""],
    ):
        book.active.append(row)
    book.active.merge_cells("A3:A5")
    book.active["B3"] = None
    book.active["D3"] = None
    book.active.row_dimensions[3].hidden = True
    document = read_bytes("x.xlsx", saved(book))
    assert document.notes == ()
    (first,) = [cell for cell in next(document.tables()).cells if [text.value for text in cell.paragraphs] == ["一"]]
    assert (first.row, first.column, first.rowspan) == (1, 0, 2)


def test_merged_cells_have_their_spans_without_blank_rows_and_columns() -> None:
    rows: Rows = [["序号", None, "任务", "责任单位"], [1, None, "甲。", "市科委"], [], [2, None, "乙。", None]]
    table = next(read_bytes("x.xlsx", as_xlsx(rows, [(1, 3, 3, 3)])).tables())
    assert [(cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.cells if cell.row == 1] == [
        (1, 0, 1, 1),
        (1, 1, 1, 1),
        (1, 2, 2, 1),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_values_that_their_format_does_not_show_are_told(suffix: str) -> None:
    values: list[tuple[object, str]] = [(5, ";;;"), ("藏", ";;;"), (6, "0")]
    make = {".xlsx": formatted_xlsx, ".xls": formatted_xls}[suffix]
    document = read_bytes(f"x{suffix}", make(values))
    assert document.text.split() == ["序号", "任务内容", "x", "x", "x", "6"]
    (said,) = (message for code, message in document.notes if code == "hidden")
    assert "B2、B3 / " in said


def test_formulas_show_the_stored_value_and_those_without_one_are_told() -> None:
    book = openpyxl.Workbook()
    book.active.append(["序号", "任务内容", "责任单位"])
    book.active.append(["=1+1", "甲。", "市科委"])
    without = read_bytes("x.xlsx", saved(book))
    assert [(code, "A2" in message) for code, message in without.notes] == [("formula-unread", True)]
    parts = unzipped(saved(book))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
    document = read_bytes("x.xlsx", zipped(parts))
    assert document.notes == ()
    assert texts(document)[1][0] == "2"
    picture = b't="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>'
    shown = read_bytes("x.xlsx", zipped({**parts, sheet: re.sub(rb"><f>1\+1</f><v>2</v>", b" " + picture, parts[sheet])}))
    assert "DISPIMG" not in shown.text
    assert [(code, "A2" in message) for code, message in shown.notes] == [("formula-unread", True)]


def test_each_sheet_is_a_table_and_a_list_of_its_own() -> None:
    sheets: list[tuple[str, Rows, Merges]] = [(name, [[f"{name}重点任务清单"], HEAD, ROW], [(0, 0, 0, 4)]) for name in ("甲", "乙")]
    notice = parse(read_bytes("x.xlsx", xlsx_of(sheets)))
    assert [task.key for task in notice.tasks] == ["1", "1-2"]
    assert [w.code for w in notice.warnings if w.code.startswith("number")] == []
    assert lines(notice.document) == ["甲重点任务清单", "乙重点任务清单"]
    assert [table.begins for table in notice.document.tables()] == [False, True]


def test_titles_forms_and_signatures_are_no_rows() -> None:
    rows: Rows = [
        ["附件2"],
        ["某市2026年重点任务清单"],
        ["填报单位：市科委", None, None, "填报日期：2026年3月1日"],
        HEAD,
        ["一、总体"],
        ROW,
        ["二、其他"],
        [2, "推广应用。", "", "市商务委", "年底"],
        ["注：以上任务由市科委汇总。"],
        [],
        [None, None, None, "某市科学技术委员会"],
        ["填表人：张三", None, "联系电话：12345678"],
    ]
    document = read_bytes("x.xlsx", as_xlsx(rows, [(1, 0, 1, 4)]))
    assert [len(texts(document)), len(list(document.tables()))] == [5, 1]
    assert [cell.colspan for cell in next(document.tables()).cells if cell.row in (1, 3)] == [5, 5]
    assert len(lines(document)) == 8
    assert [(task.group and task.group.value, task.text.value) for task in parse(document).tasks] == [
        ("总体", "建设平台。"),
        ("其他", "推广应用。"),
    ]


SECTIONS: Rows = [
    ["序号", "任务", "责任单位"],
    ["一", "加快创新", None],
    ["（一）", "平台", None],
    [1, "建设平台。", "市科委"],
    ["二", "扩大开放", None],
    [2, "办好展会。", "市商务委"],
]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".html"])
def test_a_section_with_its_number_in_the_column_of_numbers_is_no_task(suffix: str) -> None:
    page = "<table>" + "".join("<tr>" + "".join(f"<td>{'' if value is None else value}" for value in row) for row in SECTIONS) + "</table>"
    notice = parse(read_bytes(f"x{suffix}", page.encode() if suffix == ".html" else WRITERS[suffix](SECTIONS, ())))
    assert [(task.no, [text.value for text in task.group_path], task.text.value) for task in notice.tasks] == [
        ("1", ["加快创新", "平台"], "建设平台。"),
        ("2", ["扩大开放"], "办好展会。"),
    ]
    assert {warning.code for warning in notice.warnings} <= {"document-number-missing", "title-missing", "date-missing", "issuer-missing"}


def test_rows_numbered_in_chinese_throughout_are_tasks() -> None:
    rows: Rows = [["序号", "任务", "责任单位"], ["一", "加快创新。", "市科委"], ["二", "扩大开放。", None]]
    assert [task.no for task in parse(read_bytes("x.xlsx", as_xlsx(rows))).tasks] == ["一", "二"]


def test_text_boxes_over_the_cells_are_paragraphs() -> None:
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>0</xdr:row>'
        "</xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>某市2026年</a:t></a:r><a:r><a:t>工作要点</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        "</xdr:twoCellAnchor></xdr:wsDr>"
    )
    relation = '<Relationships><Relationship Id="r" Target="../drawings/d.xml" Type="x/drawing"/></Relationships>'
    parts = unzipped(as_xlsx([[], HEAD, ROW]))
    parts |= {"xl/drawings/d.xml": drawing.encode(), "xl/worksheets/_rels/sheet1.xml.rels": relation.encode()}
    document = read_bytes("x.xlsx", zipped(parts))
    assert lines(document) == ["某市2026年工作要点"]
    assert isinstance(document.blocks[-1], Table)


def test_strings_are_read_by_their_runs_without_phonetic_aids_and_with_their_escapes() -> None:
    parts = unzipped(as_xlsx([["序号", "任务内容"], ["x", "甲"]]))
    for written, expected in (
        ("<r><t>建设</t></r><r><rPr><b/></rPr><t>平台</t></r><rPh sb='0' eb='1'><t>jianshe</t></rPh>", "建设平台"),
        ("<t>一_x000D_\n二</t>", "一\n二"),
        ("<t xml:space='preserve'> 三 </t>", "三"),
    ):
        with_runs = parts["xl/sharedStrings.xml"].replace(b"<t>&#30002;</t>", written.encode())
        assert texts(read_bytes("x.xlsx", zipped({**parts, "xl/sharedStrings.xml": with_runs})))[1][1] == expected


def test_text_boxes_over_the_cells_of_an_xls_are_paragraphs_and_comments_are_not() -> None:
    def record(number: int, content: bytes) -> bytes:
        return struct.pack("<HH", number, len(content)) + content

    def box(row: int, kind: int, text: str) -> bytes:
        anchor = b"\x00\x00\x10\xf0\x12\x00\x00\x00" + struct.pack("<HHHHHHHHH", 0, 0, 0, row, 0, 3, 0, row + 2, 0)
        said = record(0x3C, b"\x01" + text.encode("utf-16-le")) + record(0x3C, bytes(16))
        told = record(0x1B6, struct.pack("<HHHHHHHH", 0, 0, 0, 0, 0, len(text), 16, 0))
        return record(0xEC, anchor) + record(0x5D, struct.pack("<HHHHH", 0x15, 18, kind, 1, 0)) + told + said

    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for r, row in enumerate((HEAD, ROW), start=3):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    stream, file = book.get_biff_data(), BytesIO()
    assert stream.endswith(b"\x0a\x00\x00\x00")
    drawn = box(0, 6, "某市2026年工作要点") + box(0, 0x19, "批注") + box(9, 6, "附注：\n另行通知。")
    XlsDoc().save(file, stream[:-4] + drawn + stream[-4:])
    document = read_bytes("x.xls", file.getvalue())
    assert lines(document) == ["某市2026年工作要点", "附注：", "另行通知。"]
    assert isinstance(document.blocks[1], Table)


@pytest.mark.parametrize("suffix", [".xls", ".et", ".xlsx"])
def test_the_content_decides_and_not_the_name(suffix: str) -> None:
    page = b"<html><meta charset=utf-8><table><tr>" + "".join(f"<td>{head}</td>" for head in HEAD).encode() + b"</table>"
    assert read_bytes(f"x{suffix}", page).media_type == "text/html"
    for written, kind in ((".xlsx", "openxml"), (".xls", "ms-excel"), (".ods", "opendocument")):
        assert kind in read_bytes(f"x{suffix}", WRITERS[written]([HEAD, ROW], ())).media_type


def test_a_table_between_tabs_that_is_named_like_a_workbook_is_read_and_prose_is_not() -> None:
    assert len(parse(read_bytes("x.xls", "\n".join("\t".join(map(str, row)).replace("\n", "") for row in (HEAD, ROW)).encode())).tasks) == 1
    with pytest.raises(WrongTypeError, match="named like a spreadsheet"):
        read_bytes("x.xls", "关于召开会议的通知\n".encode())


def test_values_that_ods_holds_without_their_text_are_read() -> None:
    cells = "".join(
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"/>'
        for kind, name, value in (("float", "value", "3"), ("string", "string-value", "甲"), ("percentage", "value", "0.85"))
    )
    row = f'<table:table-row>{cells}<table:table-cell table:formula="of:=1"/></table:table-row>'
    document = read_bytes("x.ods", ods_of(f'<table:table table:name="x">{row}</table:table>'))
    assert texts(document) == [["3", "甲", "85%"]]
    assert [code for code, _ in document.notes] == ["formula-unread"]


def test_a_sheet_of_charts_alone_is_refused() -> None:
    parts = unzipped(as_xlsx([HEAD]))
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"relationships/worksheet", b"relationships/chartsheet")
    with pytest.raises(UnreadableError, match="no worksheet"):
        read_bytes("x.xlsx", zipped(parts))


def test_limits_hold_for_every_format() -> None:
    for suffix, write in WRITERS.items():
        data = write([HEAD, ROW], ())
        assert len(parse(read_bytes(f"x{suffix}", data)).tasks) == 1
        for limits in (ReadLimits(columns=4), ReadLimits(cells=9), ReadLimits(characters=10), ReadLimits(bytes=100)):
            with pytest.raises(IngestError):
                read_bytes(f"x{suffix}", data, limits)
