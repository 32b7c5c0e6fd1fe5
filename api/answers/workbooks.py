"""Rows, turned into a workbook that spreadsheets open (.xlsx): numbers are numbers, and no text is a formula or a link."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from api.answers.tables import Plain
from graph.errors import LimitError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""Rows below the heads: the most that a sheet has."""
LONGEST = 32_767
"""Characters of a cell: the most that spreadsheets take."""
_EXACT = 10**15
"""Whole numbers from here on are not kept exactly by spreadsheets, and stay text."""
_WIDTH = 20
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Without the time: the same answer makes the same file."""


def to_xlsx(heads: Sequence[str], rows: Iterable[Sequence[Plain]], about: Iterable[tuple[str, str]]) -> bytes:
    """A workbook of two sheets: the rows under their heads, and what is to be known of them.

    Raises LimitError where there are more rows than a sheet has. A text that is longer than a cell may be is cut, and says so.
    """
    out = io.BytesIO()
    book = Workbook(out, _OPTIONS)
    book.set_properties({"created": _MADE})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("答案 answer")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(heads) - 1), _WIDTH)
    _write(sheet, 0, heads, bold)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            # Closed, so that its files of rows are closed; what it wrote is not given.
            book.close()
            zh, en = f"工作表最多 {MOST_ROWS:,} 行；请取 CSV。", f"A sheet has {MOST_ROWS:,} rows at most; take CSV."
            raise LimitError("sheet_rows", MOST_ROWS, zh, en)
        _write(sheet, number, row)
    told = book.add_worksheet("说明 about")
    told.set_column(0, 0, _WIDTH)
    told.set_column(1, 1, 5 * _WIDTH)
    for number, pair in enumerate(about):
        _write(told, number, pair)
    book.close()
    return out.getvalue()


def _write(sheet: Worksheet, number: int, row: Sequence[Plain], format: Format | None = None) -> None:
    for column, value in enumerate(row):
        if isinstance(value, bool):
            sheet.write_boolean(number, column, value, format)
        elif isinstance(value, int | float) and math.isfinite(value) and abs(value) < _EXACT:
            sheet.write_number(number, column, value, format)
        elif value is not None and value != "":
            sheet.write_string(number, column, _cut(str(value)), format)


def _cut(text: str) -> str:
    """A text as long as a cell may be.

    >>> _cut("低空"), len(_cut("低" * 40_000)), _cut("低" * 40_000)[-12:]
    ('低空', 32767, ' characters]')
    """
    # Spreadsheets count in UTF-16.
    size = len(text.encode("utf-16-le")) // 2
    if size <= LONGEST:
        return text
    mark = f" …[共 {len(text):,} 字，全文见 CSV · cut, the CSV has all {len(text):,} characters]"
    kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(mark))].decode("utf-16-le", "ignore")
    return kept + mark
