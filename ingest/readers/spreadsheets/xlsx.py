"""An .xlsx file -> Document: each sheet as it is printed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import UnreadableError, WrongTypeError
from ingest.limits import ReadLimits
from ingest.model.document import Document
from ingest.readers.archives.zip_parts import DAMAGED, damaged_xml, parts_within
from ingest.readers.spreadsheets.number_formats import BUILT_IN, plain, printed, printed_text
from ingest.readers.spreadsheets.workbook import Merged, Sheet, Workbook, beyond, crowded

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(")
"""What WPS stores in a cell that shows a picture."""
_TRUE = ("1", "true", "on")
_WIDEST = 16_384
Place = tuple[int, int]


def read_xlsx(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of a workbook; hidden sheets, rows and columns are left out and told; ``more`` is told the seconds earned."""
    parts = parts_within(name, data, limits)
    if any(part.lower().endswith("xl/workbook.bin") for part in parts):
        raise WrongTypeError(name, "它是二进制的 .xlsb 工作簿；请另存为 .xlsx", "it is a binary .xlsb workbook; save it as .xlsx")
    workbook = Workbook(name, limits, more)
    try:
        with ZipFile(BytesIO(data)) as archive:
            blocks = tuple(workbook.blocks(_Package(name, archive, parts, limits).sheets()))
    except etree.XMLSyntaxError as error:
        raise damaged_xml(name, error) from error
    except (*DAMAGED, etree.LxmlError, LookupError, TypeError, AttributeError) as error:
        raise UnreadableError(name, "工作簿已损坏", "the workbook is damaged") from error
    return Document(name, _XLSX, sha256, workbook.writer.text, blocks, notes=workbook.notes())


class _Package:
    """The parts of a workbook that are needed to print its sheets."""

    def __init__(self, name: str, archive: ZipFile, parts: frozenset[str], limits: ReadLimits) -> None:
        self.name, self.archive, self.limits = name, archive, limits
        self.parts = {part.lower(): part for part in parts}
        main = next((target for kind, target in self._related("").values() if kind == "officeDocument"), "xl/workbook.xml")
        self.related = self._related(main)
        self.book = self._root(main)
        self.codes = self._codes()
        self.shared = self._shared()

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in their order; sheets of charts and macros hold no cells."""
        setting = self.book.find("{*}workbookPr")
        base_1904 = setting is not None and setting.get("date1904") in _TRUE
        for sheet in self.book.iterfind("{*}sheets/{*}sheet"):
            identifier = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            kind, target = self.related.get(identifier, ("", ""))
            if kind != "worksheet":
                continue
            hidden = sheet.get("state", "visible") != "visible"
            yield _Cells(self, sheet.get("name", ""), target, base_1904).sheet(hidden)

    def content(self, part: str) -> bytes | None:
        """The bytes of a part, None where there is none."""
        found = self.parts.get(part.lower())
        return self.archive.read(found) if found is not None else None

    def _root(self, part: str) -> etree._Element:
        return etree.fromstring(self.content(part) or b"", _parser())

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part names, by identifier: the last word of the kind, and the path."""
        folder, _, file = part.rpartition("/")
        content = self.content(f"{folder}/_rels/{file}.rels".lstrip("/"))
        found = {}
        for relation in etree.fromstring(content, _parser()) if content else ():
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", ""))).lstrip("/")
                found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], path)
        return found

    def _part(self, kind: str) -> bytes | None:
        return next((self.content(target) for found, target in self.related.values() if found == kind), None)

    def _codes(self) -> list[str]:
        """The number format of each cell style."""
        content = self._part("styles")
        if not content:
            return []
        root = etree.fromstring(content, _parser())
        own = {int(code.get("numFmtId", "0")): code.get("formatCode", "") for code in root.iterfind("{*}numFmts/{*}numFmt")}
        codes = BUILT_IN | own
        return [codes.get(int(style.get("numFmtId", "0")), "General") for style in root.iterfind("{*}cellXfs/{*}xf")]

    def _shared(self) -> list[str]:
        content = self._part("sharedStrings")
        return [_string(item) for item in _each(content, "{*}si")] if content else []

    def boxes(self, part: str) -> list[tuple[int, str]]:
        """The texts of the boxes over a sheet, each with its row."""
        found = []
        for kind, target in self._related(part).values():
            content = self.content(target) if kind == "drawing" else None
            for anchor in etree.fromstring(content, _parser()) if content else ():
                row = anchor.findtext("{*}from/{*}row") or ""
                lines = ["".join(paragraph.itertext("{*}t")) for body in anchor.iter("{*}txBody") for paragraph in body.iterfind("{*}p")]
                if text := "\n".join(lines).strip():
                    found.append((int(row) if row.isdigit() else 0, text))
        return found


class _Cells:
    """One worksheet while its rows pass by."""

    def __init__(self, package: _Package, name: str, part: str, base_1904: bool) -> None:
        self.package, self.name, self.part, self.base_1904 = package, name, part, base_1904
        self.values: dict[Place, str] = {}
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.unformatted: list[Place] = []
        self.uncalculated: list[Place] = []
        self.blanked: list[Place] = []

    def sheet(self, hidden: bool) -> Sheet:
        """The sheet as it is printed."""
        row = -1
        for element in _each(self.package.content(self.part) or b"", "{*}col", "{*}row", "{*}mergeCell"):
            tag = etree.QName(element).localname
            if tag == "row":
                row = int(element.get("r", row + 2)) - 1
                self._row(element, row)
            elif tag == "col":
                if element.get("hidden") in _TRUE or _zero(element.get("width")):
                    self.hidden_columns.update(range(int(element.get("min", 1)) - 1, min(int(element.get("max", 1)), _WIDEST)))
            elif (merged := _range(element.get("ref", ""))) is not None:
                self.merged.append(merged)
        return Sheet(
            self.name,
            self.values,
            self.merged,
            self.hidden_rows,
            self.hidden_columns,
            self.package.boxes(self.part),
            hidden,
            self.unformatted,
            self.uncalculated,
            self.blanked,
        )

    def _row(self, element: etree._Element, row: int) -> None:
        if element.get("hidden") in _TRUE or _zero(element.get("ht")):
            self.hidden_rows.add(row)
        column = -1
        for cell in element.iterchildren("{*}c"):
            found = _REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(found[1]) if found is not None else column + 1
            value = self._value(cell, (row, column))
            if not value.strip():
                if not value and (cell.findtext("{*}v") or "").strip() and cell.get("t") != "str":
                    self.blanked.append((row, column))
                continue
            if column >= self.package.limits.columns:
                raise beyond(self.package.name, row, column, self.package.limits)
            self.values[row, column] = value
            if len(self.values) > self.package.limits.cells:
                raise crowded(self.package.name, self.package.limits)

    def _value(self, cell: etree._Element, place: Place) -> str:
        """What a cell shows."""
        kind, stored = cell.get("t", "n"), cell.findtext("{*}v")
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return self._written(_string(inline), self._code(cell.get("s", "0"))) if inline is not None else ""
        if stored is None or (not stored and kind != "str"):
            if cell.find("{*}f") is not None:
                self.uncalculated.append(place)
            return ""
        if kind == "str" and _PICTURE.match(stored):
            self.uncalculated.append(place)
            return ""
        if kind == "b":
            return "TRUE" if stored.strip() in _TRUE else "FALSE"
        code = self._code(cell.get("s", "0"))
        if kind in ("s", "str"):
            return self._written(self.package.shared[abs(int(stored))] if kind == "s" else _unescaped(stored), code)
        return self._number(stored.strip(), code, place) if kind == "n" and stored.strip() else stored

    def _code(self, style: str) -> str:
        codes = self.package.codes
        return codes[int(style)] if style.isdigit() and int(style) < len(codes) else "General"

    def _written(self, value: str, code: str) -> str:
        return value if code in ("General", "@") else printed_text(value, code)

    def _number(self, stored: str, code: str, place: Place) -> str:
        if code == "General" and stored.isascii() and stored.isdigit() and len(stored) < 16:
            return stored.lstrip("0") or "0"
        shown = printed(float(stored), code, self.base_1904)
        if shown is None:
            self.unformatted.append(place)
            return plain(float(stored))
        return shown


def _each(content: bytes, *tags: str) -> Iterator[etree._Element]:
    """The elements with these tags as they end; what was seen is let go."""
    if not content:
        return
    for _, element in etree.iterparse(BytesIO(content), tag=tags, resolve_entities=False, no_network=True):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _string(item: etree._Element) -> str:
    """The characters of a string with or without runs, without the reading aids of a phonetic run."""
    texts = (text.text or "" for text in item.iter("{*}t") if not any(True for _ in text.iterancestors("{*}rPh")))
    return _unescaped("".join(texts))


def _unescaped(value: str) -> str:
    value = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _zero(size: str | None) -> bool:
    return size is not None and re.fullmatch(r"0+(?:\.0*)?", size.strip()) is not None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _range(reference: str) -> Merged | None:
    corners = [match for corner in reference.split(":") if (match := _REFERENCE.fullmatch(corner)) is not None]
    if len(corners) != 2:
        return None
    rows, columns = sorted(int(corner[2]) - 1 for corner in corners), sorted(_column(corner[1]) for corner in corners)
    return Merged(rows[0], columns[0], rows[1], columns[1])
