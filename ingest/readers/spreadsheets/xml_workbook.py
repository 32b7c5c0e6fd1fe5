"""A workbook in the XML of Excel 2003, mostly named .xls -> Document: each sheet as it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import TooLargeError, UnreadableError
from ingest.limits import ReadLimits
from ingest.model.document import Document
from ingest.readers.archives.zip_parts import elements_of
from ingest.readers.spreadsheets.number_formats import plain, printed, printed_text
from ingest.readers.spreadsheets.workbook import Merged, Sheet, Workbook, beyond, crowded

_SS, _X = "{urn:schemas-microsoft-com:office:spreadsheet}", "{urn:schemas-microsoft-com:office:excel}"
_XML = "application/vnd.ms-excel"
_NAMED = {
    "General Number": "General",
    "General Date": "yyyy/m/d h:mm",
    "Short Date": "yyyy/m/d",
    "Medium Date": "d-mmm-yy",
    "Long Date": 'yyyy"年"m"月"d"日"',
    "Short Time": "h:mm",
    "Long Time": "h:mm:ss",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
}
_EPOCH = datetime(1899, 12, 30)
Place = tuple[int, int]


def read_xml_workbook(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of a workbook; hidden sheets, rows and columns are left out and told; ``more`` is told the seconds earned."""
    workbook = Workbook(name, limits, more)
    if b"<!DOCTYPE" in data.replace(b"\0", b"") or b"<!ENTITY" in data.replace(b"\0", b""):
        raise UnreadableError(name, "它声明了实体，而这类文档不需要实体", "it declares entities, which no document of this kind needs")
    if data.count(b"<") > limits.elements:
        raise TooLargeError(name, "其 XML 的标签超过可读的数目", "its XML has more tags than are read")
    try:
        root = elements_of(name, data.strip())
        blocks = tuple(workbook.blocks(_sheets(root, name, limits)))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise UnreadableError(name, "工作簿已损坏", "the workbook is damaged") from error
    return Document(name, _XML, sha256, workbook.writer.text, blocks, notes=workbook.notes())


def _sheets(root: etree._Element, name: str, limits: ReadLimits) -> Iterator[Sheet]:
    codes = {
        style.get(f"{_SS}ID"): _NAMED.get(code, code)
        for style in root.iterfind(f"{_SS}Styles/{_SS}Style")
        for code in (form.get(f"{_SS}Format", "General") for form in style.iterfind(f"{_SS}NumberFormat"))
    }
    for sheet in root.iterfind(f"{_SS}Worksheet"):
        hidden = (sheet.findtext(f"{_X}WorksheetOptions/{_X}Visible") or "SheetVisible") != "SheetVisible"
        yield _Cells(name, limits, codes).sheet(sheet, hidden)


class _Cells:
    """One worksheet while its rows pass by."""

    def __init__(self, name: str, limits: ReadLimits, codes: dict[str | None, str]) -> None:
        self.name, self.limits, self.codes = name, limits, codes
        self.values: dict[Place, str] = {}
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.unformatted: list[Place] = []
        self.uncalculated: list[Place] = []

    def sheet(self, sheet: etree._Element, hidden: bool) -> Sheet:
        """The sheet as it is printed."""
        for table in sheet.iterfind(f"{_SS}Table"):
            column = -1
            for element in table.iterchildren(f"{_SS}Column"):
                column = _index(element, column)
                last = column + _count(element, "Span")
                if _is_hidden(element, "Width"):
                    self.hidden_columns.update(range(column, min(last, 16_383) + 1))
                column = last
            row = -1
            for element in table.iterchildren(f"{_SS}Row"):
                row = _index(element, row)
                if _is_hidden(element, "Height"):
                    self.hidden_rows.add(row)
                self._row(element, row)
                row += _count(element, "Span")
        title = sheet.get(f"{_SS}Name", "")
        return Sheet(
            title, self.values, self.merged, self.hidden_rows, self.hidden_columns, (), hidden, self.unformatted, self.uncalculated
        )

    def _row(self, element: etree._Element, row: int) -> None:
        column = -1
        for cell in element.iterchildren(f"{_SS}Cell"):
            column = _index(cell, column)
            across, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
            if across or down:
                self.merged.append(Merged(row, column, row + down, column + across))
            value = self._value(cell, (row, column))
            if value.strip():
                if column >= self.limits.columns:
                    raise beyond(self.name, row, column, self.limits)
                self.values[row, column] = value
                if len(self.values) > self.limits.cells:
                    raise crowded(self.name, self.limits)
            column += across

    def _value(self, cell: etree._Element, place: Place) -> str:
        """What a cell shows."""
        data = cell.find(f"{_SS}Data")
        stored = "".join(data.itertext()) if data is not None else ""
        if data is None or not stored:
            if cell.get(f"{_SS}Formula") is not None:
                self.uncalculated.append(place)
            return ""
        kind, code = data.get(f"{_SS}Type", "String"), self.codes.get(cell.get(f"{_SS}StyleID"), "General")
        if kind == "Boolean":
            return "TRUE" if stored == "1" else "FALSE"
        if kind not in ("Number", "DateTime"):
            return printed_text(stored.replace("\r\n", "\n").replace("\r", "\n"), code)
        number = float(stored) if kind == "Number" else (datetime.fromisoformat(stored) - _EPOCH).total_seconds() / 86_400
        shown = printed(number, code)
        if shown is None:
            self.unformatted.append(place)
        return plain(number) if shown is None else shown


def _index(element: etree._Element, before: int) -> int:
    value = element.get(f"{_SS}Index", "")
    return int(value) - 1 if value.isascii() and value.isdigit() and 0 < int(value) < 10**7 else before + 1


def _count(element: etree._Element, name: str) -> int:
    value = element.get(f"{_SS}{name}", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0


def _is_hidden(element: etree._Element, size: str) -> bool:
    return element.get(f"{_SS}Hidden") == "1" or element.get(f"{_SS}{size}") in ("0", "0.0")
