"""An .ods file -> Document: each sheet as it is printed; the file holds the printed text of each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import UnreadableError
from ingest.limits import ReadLimits
from ingest.model.document import Document
from ingest.readers.archives.zip_parts import DAMAGED, elements_of, encrypted, parts_within
from ingest.readers.spreadsheets.number_formats import plain
from ingest.readers.spreadsheets.workbook import Merged, Sheet, Workbook, beyond, crowded

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_OFFICE, _TABLE, _TEXT, _STYLE, _DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text", "style", "drawing")
)
_GROUPS = frozenset(f"{_TABLE}{name}" for name in ("table-row-group", "table-rows", "table-header-rows"))
_COLUMN_GROUPS = frozenset(f"{_TABLE}{name}" for name in ("table-column-group", "table-columns", "table-header-columns"))
_ASIDE = frozenset((f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text", f"{_DRAW}frame", f"{_DRAW}custom-shape"))
_STORED = {"string": "string-value", "date": "date-value", "time": "time-value", "boolean": "boolean-value"}
_WIDEST = 16_384


def read_ods(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of a workbook; hidden sheets, rows and columns are left out and told; ``more`` is told the seconds earned."""
    workbook = Workbook(name, limits, more)
    parts = parts_within(name, data, limits)
    try:
        with ZipFile(BytesIO(data)) as archive:
            if "META-INF/manifest.xml" in parts and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise encrypted(name)
            content = archive.read("content.xml")
        root = elements_of(name, content)
        blocks = tuple(workbook.blocks(_sheets(root, name, limits)))
    except (*DAMAGED, etree.LxmlError, LookupError, TypeError, AttributeError) as error:
        raise UnreadableError(name, "工作簿已损坏", "the workbook is damaged") from error
    return Document(name, _ODS, sha256, workbook.writer.text, blocks, notes=workbook.notes())


def _sheets(root: etree._Element, name: str, limits: ReadLimits) -> Iterator[Sheet]:
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iterfind(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    for body in root.iter(f"{_OFFICE}spreadsheet"):
        for table in body.iterchildren(f"{_TABLE}table"):
            yield _Cells(name, limits).sheet(table, table.get(f"{_TABLE}style-name") in unseen)


class _Cells:
    """One table while its rows pass by."""

    def __init__(self, name: str, limits: ReadLimits) -> None:
        self.name, self.limits = name, limits
        self.values: dict[tuple[int, int], str] = {}
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.boxes: list[tuple[int, str]] = []
        self.uncalculated: list[tuple[int, int]] = []

    def sheet(self, table: etree._Element, hidden: bool) -> Sheet:
        """The sheet as it is printed."""
        column = 0
        for element in _below(table, f"{_TABLE}table-column", _COLUMN_GROUPS):
            count = _times(element, "number-columns-repeated")
            if _is_hidden(element):
                self.hidden_columns.update(range(column, min(column + count, _WIDEST)))
            column += count
        row = 0
        for element in _below(table, f"{_TABLE}table-row", _GROUPS):
            row += self._row(element, row)
        for shapes in table.iterchildren(f"{_TABLE}shapes"):
            self._box(shapes, 0)
        title = table.get(f"{_TABLE}name", "")
        return Sheet(title, self.values, self.merged, self.hidden_rows, self.hidden_columns, self.boxes, hidden, (), self.uncalculated)

    def _row(self, element: etree._Element, row: int) -> int:
        """Takes a row down as often as it is repeated; gives that number."""
        repeated = _times(element, "number-rows-repeated")
        cells = list(self._placed(element, row))
        for r in range(row, row + repeated if cells else row):
            if _is_hidden(element):
                self.hidden_rows.add(r)
            for column, value in cells:
                self.values[r, column] = value
            if len(self.values) > self.limits.cells:
                raise crowded(self.name, self.limits)
        return repeated

    def _placed(self, row: etree._Element, at: int) -> Iterator[tuple[int, str]]:
        """The cells of a row that show something, each with its column."""
        column = 0
        for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            repeated = _times(cell, "number-columns-repeated")
            if cell.tag == f"{_TABLE}table-cell":
                down, across = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
                if down > 1 or across > 1:
                    self.merged.append(Merged(at, column, at + down - 1, column + across - 1))
                value = self._value(cell, (at, column))
                if value.strip():
                    if column + repeated > self.limits.columns:
                        raise beyond(self.name, at, column + repeated - 1, self.limits)
                    yield from ((c, value) for c in range(column, column + repeated))
                self._box(cell, at)
            column += repeated

    def _value(self, cell: etree._Element, place: tuple[int, int]) -> str:
        """What a cell shows; where a program wrote its value alone, that value."""
        lines = ["".join(_characters(paragraph)) for paragraph in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")]
        if lines:
            return "\n".join(lines)
        kind = cell.get(f"{_OFFICE}value-type")
        if kind is None:
            if cell.get(f"{_TABLE}formula"):
                self.uncalculated.append(place)
            return ""
        stored: str = cell.get(f"{_OFFICE}{_STORED.get(kind, 'value')}", "")
        if kind == "percentage":
            return f"{plain(float(stored) * 100)}%"
        return plain(float(stored)) if kind in ("float", "currency") else stored.upper() if kind == "boolean" else stored

    def _box(self, parent: etree._Element, row: int) -> None:
        """Takes down the texts of the boxes that are anchored here."""
        for shape in parent.iterchildren():
            if isinstance(shape.tag, str) and shape.tag.startswith(_DRAW):
                text = "\n".join("".join(_characters(p)) for p in shape.iter(f"{_TEXT}p"))
                if text.strip():
                    self.boxes.append((row, text))


def _below(parent: etree._Element, tag: str, groups: frozenset[str]) -> Iterator[etree._Element]:
    """The rows or columns of a table, through groups of them."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in groups:
            yield from _below(child, tag, groups)


def _times(element: etree._Element, name: str) -> int:
    value = element.get(f"{_TABLE}{name}", "1")
    return max(1, int(value)) if value.isdigit() and len(value) < 8 else 1


def _is_hidden(element: etree._Element) -> bool:
    return bool(element.get(f"{_TABLE}visibility", "visible") != "visible")


def _characters(paragraph: etree._Element) -> Iterator[str]:
    """The characters of a paragraph, without notes and comments."""
    yield " ".join((paragraph.text or "").split("\n"))
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * (min(int(count), 100) if count.isdigit() else 1)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif isinstance(child.tag, str) and child.tag not in _ASIDE:
            yield from _characters(child)
        yield child.tail or ""
