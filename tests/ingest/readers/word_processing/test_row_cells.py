"""Rows that say where their cells end become a table: edges that lie close are one, cells that go on are one cell."""

from __future__ import annotations

import pytest

from ingest.limits import ReadLimits
from ingest.model.document import Text
from ingest.readers.table_sizes import TableSizes
from ingest.readers.word_processing.row_cells import RowCell, table_of


def cell(value: str, left: int, right: int, *, joins_left: bool = False, joins_above: bool = False) -> RowCell:
    return RowCell((Text.at_offset(value, 0),), left, right, joins_left, joins_above)


def made(*rows: list[RowCell]) -> list[str]:
    table = table_of(rows, TableSizes("a.rtf", ReadLimits()))
    assert table is not None
    return [f"{each.paragraphs[0].value} {each.row},{each.column} {each.rowspan}x{each.colspan}" for each in table.cells]


def test_cells_of_one_grid_stand_in_its_columns() -> None:
    assert made([cell("a", 0, 1000), cell("b", 1000, 3000)], [cell("c", 0, 1000), cell("d", 1000, 3000)]) == [
        "a 0,0 1x1",
        "b 0,1 1x1",
        "c 1,0 1x1",
        "d 1,1 1x1",
    ]


def test_a_cell_over_several_columns_spans_them() -> None:
    assert made([cell("a", 0, 3000)], [cell("b", 0, 1000), cell("c", 1000, 3000)]) == ["a 0,0 1x2", "b 1,0 1x1", "c 1,1 1x1"]


@pytest.mark.parametrize(
    ("off", "columns"), [(0, ["b 1,0 1x1", "c 1,1 1x1"]), (30, ["b 1,0 1x1", "c 1,1 1x1"]), (31, ["b 1,0 1x2", "c 1,2 1x1"])]
)
def test_edges_up_to_thirty_twentieths_of_a_point_apart_are_one(off: int, columns: list[str]) -> None:
    assert made([cell("a", 0, 1000), cell("x", 1000, 2000)], [cell("b", 0, 1000 + off), cell("c", 1000 + off, 2000)])[2:] == columns


def test_edges_closer_than_the_narrowest_cell_are_kept_apart() -> None:
    assert made([cell("a", 0, 20), cell("b", 20, 40)], [cell("c", 0, 40)]) == ["a 0,0 1x1", "b 0,1 1x1", "c 1,0 1x2"]


def test_a_cell_goes_on_with_the_one_above_it_of_the_same_width() -> None:
    rows = (
        [cell("a", 0, 1000), cell("b", 1000, 2000)],
        [cell("", 0, 1000, joins_above=True), cell("c", 1000, 2000)],
        [cell("", 0, 1000, joins_above=True), cell("d", 1000, 2000)],
        [cell("e", 0, 1000), cell("", 1000, 2000, joins_above=True)],
    )
    assert made(*rows) == ["a 0,0 3x1", "b 0,1 1x1", "c 1,1 1x1", "d 2,1 2x1", "e 3,0 1x1"]


def test_a_cell_goes_on_with_none_of_another_width() -> None:
    assert made([cell("a", 0, 2000)], [cell("b", 0, 1000, joins_above=True), cell("c", 1000, 2000)]) == [
        "a 0,0 1x2",
        "b 1,0 1x1",
        "c 1,1 1x1",
    ]


def test_a_cell_goes_on_with_the_one_to_its_left_and_what_that_joins() -> None:
    rows = (
        [cell("a", 0, 2000), cell("b", 2000, 3000)],
        [cell("", 0, 1000, joins_above=True), cell("", 1000, 2000, joins_left=True), cell("c", 2000, 3000)],
    )
    assert made(*rows) == ["a 0,0 2x1", "b 0,1 1x1", "c 1,1 1x1"]


def test_a_cell_without_width_has_a_place_of_its_own() -> None:
    assert made([cell("a", 0, 0), cell("b", 0, 1000), cell("c", 1000, 2000)]) == ["a 0,0 1x1", "b 0,1 1x1", "c 0,2 1x1"]


def test_the_first_cell_has_none_to_its_left() -> None:
    assert made([cell("a", 0, 1000, joins_left=True), cell("b", 1000, 2000)]) == ["a 0,0 1x1", "b 0,1 1x1"]


@pytest.mark.parametrize("rows", [[], [[]]])
def test_rows_without_cells_are_no_table(rows: list[list[RowCell]]) -> None:
    assert table_of(rows, TableSizes("a.rtf", ReadLimits())) is None
