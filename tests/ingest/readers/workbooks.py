"""Rows of cells -> the bytes of a workbook in each format, written by libraries that are not ours or by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl  # type: ignore[import-untyped]
import xlwt  # type: ignore[import-untyped]

from ingest.model.document import Document, Paragraph

Value = str | int | float | None
Rows = Sequence[Sequence[Value]]
Merges = Sequence[tuple[int, int, int, int]]
"""Top, left, bottom and right of merged ranges, from 0, the last two within them."""


def as_xlsx(rows: Rows, merges: Merges = (), *, name: str = "Sheet1") -> bytes:
    """One sheet in the format of Office Open XML."""
    return xlsx_of([(name, rows, merges)])


def xlsx_of(sheets: Sequence[tuple[str, Rows, Merges]]) -> bytes:
    """Several sheets in the format of Office Open XML."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows, merges in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for top, left, bottom, right in merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook of openpyxl, its strings shared among the cells as Excel and WPS have them."""
    file = BytesIO()
    book.save(file)
    strings: list[str] = []

    def share(match: re.Match[str]) -> str:
        strings.append(match[1])
        return f't="s"><v>{len(strings) - 1}</v>'

    parts = unzipped(file.getvalue())
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = re.sub(r't="inlineStr"><is>(.*?)</is>', share, content.decode(), flags=re.S).encode()
    items = "".join(f"<si>{string}</si>" for string in strings)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>'.encode()
    related = "xl/_rels/workbook.xml.rels"
    if b"sharedStrings" not in parts[related]:
        relation = b'<Relationship Id="strings" Target="sharedStrings.xml" Type="http://x/relationships/sharedStrings"/></Relationships>'
        parts[related] = parts[related].replace(b"</Relationships>", relation)
    return zipped(parts)


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def as_xls(rows: Rows, merges: Merges = ()) -> bytes:
    """One sheet in the format of Excel 97 to 2003."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    ends = {(top, left): (bottom, right) for top, left, bottom, right in merges}
    covered = {(r, c) for top, left, bottom, right in merges for r in range(top, bottom + 1) for c in range(left, right + 1)}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if (r, c) in ends:
                bottom, right = ends[r, c]
                sheet.write_merge(r, bottom, c, right, value)
            elif value is not None and (r, c) not in covered:
                sheet.write(r, c, value)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style", "drawing")
)
_MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def as_ods(rows: Rows, merges: Merges = ()) -> bytes:
    """One sheet in the format of OpenDocument."""
    ends = {(top, left): (bottom, right) for top, left, bottom, right in merges}
    covered = {(r, c) for top, left, bottom, right in merges for r in range(top, bottom + 1) for c in range(left, right + 1)} - set(ends)
    width = max(map(len, rows))
    written = []
    for r, row in enumerate(rows):
        cells = []
        for c in range(width):
            value = row[c] if c < len(row) else None
            text = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n")) if value is not None else ""
            bottom, right = ends.get((r, c), (r, c))
            spans = (
                f' table:number-rows-spanned="{bottom - r + 1}" table:number-columns-spanned="{right - c + 1}"' if (r, c) in ends else ""
            )
            tag = "table:covered-table-cell" if (r, c) in covered else "table:table-cell"
            cells.append(f"<{tag}{spans}>{text}</{tag}>")
        written.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return ods_of(f'<table:table table:name="Sheet1"><table:table-column/>{"".join(written)}</table:table>')


def ods_of(tables: str, styles: str = "") -> bytes:
    """A file of OpenDocument with this markup of tables and styles."""
    content = (
        f'<?xml version="1.0"?><office:document-content {_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": _MANIFEST.encode(),
        }
    )


def as_xml(rows: Rows, merges: Merges = ()) -> bytes:
    """One sheet in the XML of Excel 2003."""
    ends = {(top, left): (bottom, right) for top, left, bottom, right in merges}
    covered = {(r, c) for top, left, bottom, right in merges for r in range(top, bottom + 1) for c in range(left, right + 1)} - set(ends)
    written = []
    for r, row in enumerate(rows):
        cells = []
        for c, value in enumerate(row):
            if value is None or (r, c) in covered:
                continue
            bottom, right = ends.get((r, c), (r, c))
            spans = f' ss:MergeDown="{bottom - r}" ss:MergeAcross="{right - c}"' if (r, c) in ends else ""
            kind = "String" if isinstance(value, str) else "Number"
            text = escape(str(value)).replace("\n", "&#10;")
            cells.append(f'<Cell ss:Index="{c + 1}"{spans}><Data ss:Type="{kind}">{text}</Data></Cell>')
        written.append(f'<Row ss:Index="{r + 1}">{"".join(cells)}</Row>')
    return xml_of(f'<Worksheet ss:Name="Sheet1"><Table>{"".join(written)}</Table></Worksheet>')


def xml_of(sheets: str, styles: str = "") -> bytes:
    """A workbook in the XML of Excel 2003 with this markup of sheets and styles."""
    space = "urn:schemas-microsoft-com:office:"
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}spreadsheet" xmlns:ss="{space}spreadsheet" '
        f'xmlns:x="{space}excel"><Styles>{styles}</Styles>{sheets}</Workbook>'
    ).encode()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """An archive with these parts."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


WRITERS: Mapping[str, Callable[[Rows, Merges], bytes]] = {".xlsx": as_xlsx, ".xls": as_xls, ".et": as_xls, ".ods": as_ods}
"""Who writes a sheet, by the end of the file's name."""


def laid_out(
    document: Document, *, gaps: bool = True, merged_titles: bool = True
) -> tuple[list[list[Value]], list[tuple[int, int, int, int]]]:
    """The blocks of a document one below the other on a sheet: a paragraph in the first cell of its row, tables with their spans."""
    width = max((cell.column + cell.colspan for table in document.tables() for cell in table.cells), default=1)
    rows: list[list[Value]] = []
    merges: list[tuple[int, int, int, int]] = []
    for block in document.blocks:
        top = len(rows)
        if isinstance(block, Paragraph):
            rows.append([block.text.value])
            if merged_titles and width > 1:
                merges.append((top, 0, top, width - 1))
            continue
        if gaps:
            rows.append([])
            top += 1
        height = max(cell.row + cell.rowspan for cell in block.cells)
        rows.extend([None] * width for _ in range(height))
        for cell in block.cells:
            value = "\n".join(paragraph.value for paragraph in cell.paragraphs)
            rows[top + cell.row][cell.column] = int(value) if value.isascii() and value.isdigit() and str(int(value)) == value else value
            if cell.rowspan > 1 or cell.colspan > 1:
                merges.append((top + cell.row, cell.column, top + cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1))
        if gaps:
            rows.append([])
    return rows, merges
