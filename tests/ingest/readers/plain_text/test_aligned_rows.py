"""Rows that leave out cells: where each of the others stands, and what is not known."""

from __future__ import annotations

import pytest

from ingest.model.document import Text
from ingest.readers.plain_text.aligned_rows import aligned, segmented

KINDS = ("number", "group", "text", "responsible", "deadline")
PAIR = ("group", "text", "lead", "cooperate")


def cells(*said: str) -> list[list[Text]]:
    return [[Text.at_offset(one, 0)] if one else [] for one in said]


def told(row: list[list[Text]] | None) -> list[str] | None:
    return None if row is None else ["".join(line.value for line in cell) for cell in row]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("1", "水利", "清淤河道。", "县水利局", "6月底前"), ["1", "水利", "清淤河道。", "县水利局", "6月底前"]),
        (("2", "加固水库。", "县水利局", "6月底前"), ["2", "", "加固水库。", "县水利局", "6月底前"]),
        (("2", "加固水库。", "县水利局", "6月底前", ""), ["2", "", "加固水库。", "县水利局", "6月底前"]),
        (("2", "加固水库。", "", "6月底前"), ["2", "", "加固水库。", "", "6月底前"]),
        (("6月底前", "县水利局", "1"), None),
        (("1", "甲", "乙", "丙", "丁", "戊"), None),
    ],
)
def test_a_row_without_the_cells_that_span_it(said: tuple[str, ...], expected: list[str] | None) -> None:
    assert told(aligned(cells(*said), KINDS)) == expected


def test_a_unit_that_could_stand_in_two_columns_stands_in_none() -> None:
    assert told(aligned(cells("加固水库。", "县水利局"), PAIR)) == ["", "加固水库。", "", ""]
    assert told(aligned(cells("加固水库。", "县水利局", ""), PAIR)) == ["", "加固水库。", "县水利局", ""]


def test_units_may_say_what_they_do() -> None:
    row = aligned(cells("2.更新网站栏目。", "办公室牵头，各科室配合", ""), ("group", "text", "responsible"))
    assert told(row) == ["", "2.更新网站栏目。", "办公室牵头，各科室配合"]


def test_cells_without_rows_are_parted_where_they_fit() -> None:
    said = cells(
        "一、水利",
        "河道",
        "清淤河道。",
        "县水利局",
        "6月底前",
        "加固水库。",
        "县水利局",
        "",
        "二、交通",
        "公路",
        "改造危桥。",
        "县交通运输局",
        "年底前",
    )
    rows = [told(row) for row in segmented(said, KINDS[1:])]
    assert [len(row or ()) for row in rows] == [1, 4, 3, 1, 4]
    assert rows[3] == ["二、交通"]
