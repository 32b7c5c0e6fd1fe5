"""An .xls or .et file (BIFF, the binary format of Excel 97 to 2003 and of WPS) -> Document: each sheet as it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import StringIO

import xlrd  # type: ignore[import-untyped]

from ingest.errors import IngestError, UnreadableError
from ingest.limits import ReadLimits
from ingest.model.document import Document
from ingest.readers.archives.zip_parts import encrypted
from ingest.readers.spreadsheets.number_formats import BUILT_IN, plain, printed, printed_text
from ingest.readers.spreadsheets.workbook import Merged, Sheet, Workbook, beyond
from ingest.readers.spreadsheets.xls_text_boxes import boxes

_XLS = "application/vnd.ms-excel"


def read_xls(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of a workbook; hidden sheets, rows and columns are left out and told; ``more`` is told the seconds earned."""
    workbook = Workbook(name, limits, more)
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=StringIO())
        blocks = tuple(workbook.blocks(_sheets(book, name, limits, boxes(name, data))))
    except (IngestError, MemoryError):
        raise
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise encrypted(name) from error
        raise UnreadableError(name, "工作簿已损坏", "the workbook is damaged") from error
    except Exception as error:
        # The library raises whatever a damaged record makes it raise: IndexError, AssertionError, struct.error and others.
        raise UnreadableError(name, "工作簿已损坏", "the workbook is damaged") from error
    return Document(name, _XLS, sha256, workbook.writer.text, blocks, notes=workbook.notes())


def _sheets(book: xlrd.Book, name: str, limits: ReadLimits, over: Sequence[Sequence[tuple[int, str]]]) -> Iterator[Sheet]:
    codes = {index: _code(book, style.format_key) for index, style in enumerate(book.xf_list)}
    for number, sheet in enumerate(book.sheets()):
        values: dict[tuple[int, int], str] = {}
        unformatted, uncalculated, blanked = [], [], []
        for r in range(sheet.nrows):
            for c in range(sheet.row_len(r)):
                cell = sheet.cell(r, c)
                shown = _shown(cell, codes.get(cell.xf_index, "General"), book.datemode == 1)
                if shown is None:
                    unformatted.append((r, c))
                    shown = plain(cell.value)
                elif cell.ctype == xlrd.XL_CELL_TEXT and cell.value == "":
                    uncalculated.append((r, c))
                if not shown.strip():
                    if not shown and cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) and cell.value != "":
                        blanked.append((r, c))
                    continue
                if c >= limits.columns:
                    raise beyond(name, r, c, limits)
                values[r, c] = shown
        yield Sheet(
            sheet.name,
            values,
            [Merged(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells],
            {r for r, row in sheet.rowinfo_map.items() if row.hidden or row.height == 0},
            {c for c, column in sheet.colinfo_map.items() if column.hidden or column.width == 0},
            over[number] if number < len(over) else (),
            sheet.visibility != 0,
            unformatted,
            uncalculated,
            blanked,
        )


def _code(book: xlrd.Book, key: int) -> str:
    """The format code of a key: for those that a system prints in its own language, the Chinese one."""
    if key in BUILT_IN and (key in (14, 22) or 27 <= key <= 36 or key >= 50) and key < 59:
        return BUILT_IN[key]
    known = book.format_map.get(key)
    return str(known.format_str) if known is not None else BUILT_IN.get(key, "General")


def _shown(cell: xlrd.sheet.Cell, code: str, base_1904: bool) -> str | None:
    """What a cell shows; None for a number whose format is not understood."""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        value = str(cell.value).replace("\r\n", "\n").replace("\r", "\n")
        return value if code in ("General", "@") else printed_text(value, code)
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return printed(cell.value, code, base_1904)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""
