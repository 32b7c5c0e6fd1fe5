"""The cells of a row that lost its columns come to the columns that can hold them, in their order; or to none."""

from __future__ import annotations

import pytest

from ingest.layouts.columns import UNITS
from ingest.model.document import Text
from ingest.readers.plain_text.row_fitting import fitted, kind_of, number_of, value_of

BODIES = sorted(UNITS)[0]
COLUMNS = ["number", "text", BODIES, "deadline"]
WORK, MORE = "推进数据共享", "改善服务质量"


def lines(cell: str) -> list[Text]:
    return [Text.at_offset(line, 0) for line in cell.split("|")]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1", "number"),
        (" 12 ", "number"),
        ("123456", "number"),
        ("1234567", "text"),
        ("家", "measure"),
        ("万元", "measure"),
        ("%", "measure"),
        ("-", "measure"),
        ("十亿元/年", "measure"),
        ("推进。", "sentence"),
        ("市科委", "units"),
        ("市科委、市教委", "units"),
        ("市科委|市教委", "units"),
        ("张三", "person"),
        ("张三、李四", "person"),
        ("2026年底前", "deadline"),
        ("长期", "deadline"),
        (f"2026年6月底前{'全部完成' * 3}全部完", "deadline"),
        (f"2026年6月底前{'全部完成' * 4}", "text"),
        (WORK, "text"),
    ],
)
def test_kind(cell: str, kind: str) -> None:
    assert kind_of(lines(cell)) == kind


@pytest.mark.parametrize(
    ("cells", "columns", "expected"),
    [
        (["1", WORK, "市科委", "2026年底"], COLUMNS, ["1", WORK, "市科委", "2026年底"]),
        (["1", WORK, "市科委"], COLUMNS, ["1", WORK, "市科委", ""]),
        ([WORK, "市科委", "2026年底"], COLUMNS, ["", WORK, "市科委", "2026年底"]),
        (["1", WORK, MORE, "市科委", "市教委", "2026年底"], COLUMNS, ["1", f"{WORK}|{MORE}", "市科委|市教委", "2026年底"]),
        # One body for each column, or all for one; what two columns could share is in neither.
        (["市科委", "市教委"], [BODIES, BODIES], ["市科委", "市教委"]),
        (["市科委", "市教委", "市水务局"], [BODIES, BODIES], ["", ""]),
        # Nothing can hold it.
        ([WORK], ["number"], None),
        (["市科委"], ["number"], None),
        (["张三"], ["number"], None),
        # Whatever a column of another kind holds.
        ([WORK], [None], [WORK]),
        (["1"], ["text"], ["1"]),
        (["100", "家"], ["number", "measure"], ["100", "家"]),
        (["张三"], ["leader"], ["张三"]),
        ([], ["text"], [""]),
    ],
)
def test_cells_come_to_their_columns(cells: list[str], columns: list[str | None], expected: list[str] | None) -> None:
    row = fitted([lines(cell) for cell in cells], columns)
    assert (None if row is None else ["|".join(line.value for line in cell) for cell in row]) == expected


def test_sixty_cells_are_a_row_and_one_more_are_none() -> None:
    row = fitted([lines(WORK)] * 60, ["text"])
    assert row is not None
    assert len(row[0]) == 60
    assert fitted([lines(WORK)] * 61, ["text"]) is None


@pytest.mark.parametrize(
    ("cell", "number"), [("12", 12), ("999", 999), ("1000", 0), ("3.", 3), ("3、", 3), ("１", 1), ("一", 0), ("", 0), ("1|2", 12)]
)
def test_number(cell: str, number: int) -> None:
    assert number_of(lines(cell)) == number


def test_value_is_without_blanks() -> None:
    assert value_of(lines("Ａ b|c")) == "Abc"
