"""Tables are read up to their limits, and refused one beyond."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import TooLargeError
from ingest.limits import ReadLimits
from ingest.readers.table_sizes import TableSizes

LIMITS = replace(ReadLimits(), columns=1000, cells=2000, nesting=3)


def test_as_many_columns_and_cells_as_the_limit_are_read() -> None:
    sizes = TableSizes("a.docx", LIMITS)
    sizes.row(1000, 1500)
    sizes.row(1000, 500)


def test_one_column_more_is_refused() -> None:
    with pytest.raises(TooLargeError) as refused:
        TableSizes("a.docx", LIMITS).row(1001, 1)
    assert refused.value.en == "a.docx: one of its tables has more than 1,000 columns."
    assert refused.value.zh == "a.docx：有一张表超过 1,000 列。"


def test_cells_are_counted_over_all_tables_and_one_more_is_refused() -> None:
    sizes = TableSizes("a.docx", LIMITS)
    sizes.row(1, 1999)
    sizes.row(1, 1)
    with pytest.raises(TooLargeError) as refused:
        sizes.row(1, 1)
    assert refused.value.en == "a.docx: its tables have more than the 2,000 cells that are read."
    assert refused.value.zh == "a.docx：表格的单元格超过可读的 2,000 个。"


def test_tables_in_tables_are_refused_below_the_deepest() -> None:
    TableSizes("a.docx", LIMITS).nested(3)
    with pytest.raises(TooLargeError) as refused:
        TableSizes("a.docx", LIMITS).nested(4)
    assert refused.value.en == "a.docx: its tables are nested deeper than 3."
    assert refused.value.zh == "a.docx：表格嵌套超过 3 层。"
