"""The heat map of an answer: pairs that are answered once stand on both sides of it."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from api.answers.tables import ResultTable
from api.pages.labels import LabelIndex
from api.pages.tables import chart_of

A, B, C = (NamedNode(f"https://w3id.org/zhengce/id/agency/{name}") for name in "abc")


def drawn(other: str) -> dict[str, object]:
    rows = ((A, B, Literal(3)), (A, C, Literal(2)), (B, C, Literal(1)))
    chart = chart_of(ResultTable(("unit", other, "tasks"), rows), "x", {}, LabelIndex((), {}), "en")
    assert chart is not None
    return chart


def test_a_pair_stands_on_both_sides_and_the_axes_have_one_order() -> None:
    chart = drawn("other")
    assert chart["rows"] == chart["columns"]
    assert len(chart["rows"]) == 3  # type: ignore[arg-type]
    cells = {(cell["row"], cell["column"]): cell["value"] for cell in chart["cells"]}  # type: ignore[attr-defined]
    assert len(cells) == 6
    assert all(cells[column, row] == value for (row, column), value in cells.items())


def test_two_things_of_different_kinds_stand_once() -> None:
    chart = drawn("thing")
    assert (len(chart["rows"]), len(chart["columns"]), len(chart["cells"])) == (2, 2, 3)  # type: ignore[arg-type]
