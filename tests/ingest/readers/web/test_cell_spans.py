"""Cells in the order of a file come to the places that the table model of HTML gives them."""

from __future__ import annotations

import pytest

from ingest.model.document import Text
from ingest.readers.web.cell_spans import Loose, placed


def loose(value: str, rowspan: int = 1, colspan: int = 1) -> Loose:
    return Loose((Text.at_offset(value, 0),), rowspan, colspan)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[loose("a"), loose("b")]], ["a 0,0 1x1", "b 0,1 1x1"]),
        ([[loose("a", colspan=2), loose("b")]], ["a 0,0 1x2", "b 0,2 1x1"]),
        ([[loose("a", rowspan=2), loose("b")], [loose("c")]], ["a 0,0 2x1", "b 0,1 1x1", "c 1,1 1x1"]),
        ([[loose("a"), loose("b", 2)], [loose("c"), loose("d")]], ["a 0,0 1x1", "b 0,1 2x1", "c 1,0 1x1", "d 1,2 1x1"]),
        ([[loose("a", 2, 2)], [loose("b")], [loose("c")]], ["a 0,0 2x2", "b 1,2 1x1", "c 2,0 1x1"]),
        # A cell reaches no further than the last row, and one of span 0 that far.
        ([[loose("a", rowspan=9)], [loose("b")]], ["a 0,0 2x1", "b 1,1 1x1"]),
        ([[loose("x")], [loose("a", rowspan=0)], [loose("b")]], ["x 0,0 1x1", "a 1,0 2x1", "b 2,1 1x1"]),
        ([], []),
    ],
)
def test_place(rows: list[list[Loose]], expected: list[str]) -> None:
    found = [f"{cell.paragraphs[0].value} {cell.row},{cell.column} {cell.rowspan}x{cell.colspan}" for cell in placed(rows)]
    assert found == expected


def test_a_cell_takes_one_place_where_nothing_else_is_said() -> None:
    assert (Loose(()).rowspan, Loose(()).colspan) == (1, 1)
