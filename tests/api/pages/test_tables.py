"""Answers as drawings: pairs become a square that is whole, rows and columns in the same order."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store

from api.answers import tables as rows
from api.answers.tables import ResultTable
from api.pages.labels import LabelIndex
from api.pages.tables import chart_of
from ontology.names import ID
from queries import catalogue, columns

LABELS = LabelIndex.of([])


def answer(store: Store, name: str) -> ResultTable:
    found = store.query(catalogue()[name].bind({}), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return rows.from_results(found.serialize(format=QueryResultsFormat.JSON) or b"")


def drawn(table: ResultTable, name: str) -> dict[str, Any]:
    chart = chart_of(table, name, columns(), LABELS, "zh")
    assert chart is not None
    assert chart["kind"] == "heatmap"
    return chart


@pytest.mark.parametrize(("name", "first"), [("unit-pairs", "unit"), ("industry-pairs", "industry")])
def test_pairs_are_a_whole_square_in_one_order(dataset: Store, name: str, first: str) -> None:
    table = answer(dataset, name)
    chart = drawn(table, name)
    assert chart["rows"] == chart["columns"]
    assert chart["left"] == 0
    cells = {(cell["row"], cell["column"]): cell["value"] for cell in chart["cells"]}
    assert len(cells) == len(chart["cells"])
    assert all(cells[column, row] == value for (row, column), value in cells.items())
    assert not any(row == column for row, column in cells)
    one, other, tasks = (table.columns.index(column) for column in (first, "other", "tasks"))
    pairs = {(str(row[one]), str(row[other])): rows.plain(row[tasks]) for row in table.rows}
    assert len(cells) == 2 * len(pairs) > 20
    assert sum(cells.values()) == 2 * sum(int(str(value)) for value in pairs.values())


def test_square_of_too_many_things_keeps_the_busiest_and_counts_what_it_leaves_out() -> None:
    units = [NamedNode(f"{ID}agency/a{number:03}") for number in range(60)]
    table = ResultTable(("unit", "other", "tasks"), tuple((units[0], unit, Literal(61 - place)) for place, unit in enumerate(units[1:])))
    chart = drawn(table, "unit-pairs")
    assert (len(chart["rows"]), chart["left"]) == (40, 20)
    assert len(chart["cells"]) == 2 * 39


def test_what_is_printed_in_two_ways_is_one_pair() -> None:
    one, other, third = (NamedNode(f"{ID}agency/{name}") for name in "abc")
    table = ResultTable(("unit", "other", "tasks"), ((one, other, Literal(2)), (one, other, Literal(3)), (one, third, Literal(1))))
    chart = drawn(table, "unit-pairs")
    assert sorted(cell["value"] for cell in chart["cells"]) == [1, 1, 5, 5]


def test_other_matrices_keep_their_own_rows_and_columns(dataset: Store) -> None:
    chart = drawn(answer(dataset, "industries-by-group"), "industries-by-group")
    assert chart["rows"] != chart["columns"]
