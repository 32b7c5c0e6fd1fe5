"""The comparison of answers sees what differs and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ontology.names import XSD
from tests.conformance.manifest import Case
from tests.conformance.report import Report
from tests.conformance.results import Answer, Table, isomorphic, same, same_csv

A, B = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")
X, Y = BlankNode("x"), BlankNode("y")


def table(*rows: dict[str, NamedNode | BlankNode | Literal], ordered: bool = False) -> Table:
    return Table(frozenset({"s", "o"}), rows, ordered)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (True, True),
        (table({"s": A}, {"s": B}), table({"s": B}, {"s": A})),
        (table({"s": X, "o": X}, {"s": Y}), table({"s": Y, "o": Y}, {"s": X})),
        (table({"o": Literal("1.0", datatype=XSD["double"])}), table({"o": Literal("1E0", datatype=XSD["double"])})),
    ],
)
def test_sees_what_is_the_same(found: Answer, due: Answer) -> None:
    assert same(found, due)


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (True, False),
        (table(), True),
        (table({"s": A}), table({"s": A}, {"s": A})),
        (table({"s": A}, {"s": B}), table({"s": B}, {"s": A}, ordered=True)),
        (table({"s": X, "o": X}), table({"s": X, "o": Y})),
        (table({"s": A}), table({"o": A})),
        (table({"o": Literal(1)}), table({"o": Literal("1")})),
        (table({"o": Literal("a")}), table({"o": Literal("a", language="en")})),
        (Table(frozenset({"s"}), ({"s": A},)), table({"s": A})),
    ],
)
def test_sees_what_differs(found: Answer, due: Answer) -> None:
    assert not same(found, due)


def test_duplicates_may_be_left_out_where_the_test_says_so() -> None:
    assert same(table({"s": A}), table({"s": A}, {"s": A}), lax=True)


def test_graphs_are_compared_up_to_the_names_of_blank_nodes() -> None:
    ring = [Quad(X, A, Y), Quad(Y, A, X)]
    assert isomorphic(ring, [Quad(BlankNode("p"), A, BlankNode("q")), Quad(BlankNode("q"), A, BlankNode("p"))])
    assert not isomorphic(ring, [Quad(X, A, X), Quad(Y, A, Y)])


def test_csv_is_compared_by_column(tmp_path: Path) -> None:
    (tmp_path / "due.csv").write_text("s,o\na,1\nb,2\n", "utf-8")
    assert same_csv(b"o,s\r\n2,b\r\n1,a\r\n", tmp_path / "due.csv")
    assert not same_csv(b"o,s\r\n2,b\r\n2,a\r\n", tmp_path / "due.csv")


def test_a_report_names_what_was_not_expected() -> None:
    good, bad, mended = (Case("sparql11", "folder", name, "ProtocolTest") for name in ("good", "bad", "mended"))
    report = Report({good: "", bad: "status 500", mended: ""}, {"11/folder mended": "a cause", "11/folder gone": "a cause"})
    assert [line.split(":")[0] for line in report.unexpected] == ["11/folder bad", "11/folder mended", "11/folder gone"]
