"""Cells with spans become places that know where their cell begins; a row that says one thing across the table is a section."""

from __future__ import annotations

import pytest

from ingest.layouts.grid import GridPlace, label, rows, values
from ingest.model.document import Cell, Table, Text


def cell(value: str, row: int, column: int, rowspan: int = 1, colspan: int = 1) -> Cell:
    return Cell(tuple(Text.at_offset(line, 0) for line in value.split("|")), row, column, rowspan, colspan)


def test_each_place_knows_its_cell_and_whether_that_begins_there() -> None:
    grid = rows(Table((cell("a", 0, 0, 2, 2), cell("b", 0, 2), cell("c|d", 2, 1))))
    assert [[place.text.value for place in row] for row in grid] == [["a", "a", "b"], ["a", "a", ""], ["", "c\nd", ""]]
    assert [[place.first for place in row] for row in grid] == [[True, False, True], [False, False, False], [False, True, False]]
    assert [(place.new_row, place.new_column) for place in grid[0][:2]] == [(True, True), (True, False)]
    assert (grid[1][0].new_row, grid[1][0].new_column, grid[2][0].cell) == (False, True, None)


def test_a_hole_holds_nothing_and_begins_nowhere() -> None:
    assert (GridPlace(None).text.value, GridPlace(None).first) == ("", False)
    assert rows(Table(())) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([cell("节", 0, 0, 1, 3)], "节"),
        ([cell("节", 0, 0, 1, 2), cell("", 0, 2)], "节"),
        ([cell("节", 0, 1, 1, 2), cell(" ", 0, 0)], "节"),
        ([cell("节", 0, 0, 1, 2)], "节"),
        # One cell of many, two that say something, one over two rows, one of one column.
        ([cell("节", 0, 0), cell("", 0, 1), cell("", 0, 2)], None),
        ([cell("节", 0, 0, 1, 2), cell("甲", 0, 2)], None),
        ([cell("节", 0, 0, 2, 3)], None),
        ([cell("节", 0, 0)], None),
        ([cell("节", 0, 0), cell("", 0, 1)], None),
        ([cell("节", 0, 0, 1, 2), cell("", 0, 2), cell("", 0, 3)], None),
        ([cell("", 0, 0, 1, 3)], None),
    ],
)
def test_label(cells: list[Cell], expected: str | None) -> None:
    found = label(rows(Table(tuple(cells)))[0])
    assert (found.value if found is not None else None) == expected


def test_values_are_folded_and_without_blanks() -> None:
    assert values(rows(Table((cell("Ａ Ｂ", 0, 0), cell("甲|乙", 0, 1))))[0]) == ["AB", "甲乙"]
