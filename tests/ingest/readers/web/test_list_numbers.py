"""The numbers of ordered lists are those that a browser prints."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.readers.web.list_numbers import ListNumbers, written


def labels(page: str) -> list[str]:
    numbers = ListNumbers()
    return [numbers.label(item) for item in LexborHTMLParser(page).css("li")]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<ol><li>a<li>b<li>c</ol>", ["1.", "2.", "3."]),
        ("<ul><li>a</ul><ol><li>b</ol>", ["", "1."]),
        ("<ol start=4><li>a<li>b</ol>", ["4.", "5."]),
        ("<ol start=' -1 '><li>a<li>b<li>c</ol>", ["-1.", "0.", "1."]),
        ("<ol start=x><li>a</ol>", ["1."]),
        ("<ol start=1234567><li>a</ol>", ["1."]),
        ("<ol start=123456><li>a</ol>", ["123456."]),
        ("<ol reversed><li>a<li>b<li>c</ol>", ["3.", "2.", "1."]),
        ("<ol reversed start=9><li>a<li>b</ol>", ["9.", "8."]),
        ("<ol><li>a<li value=7>b<li>c</ol>", ["1.", "7.", "8."]),
        ("<ol><li>a<ol><li>b<ol><li>c<ol><li>d</ol></ol><li>e</ol><li>f</ol>", ["1.", "(1)", "①", "①", "(2)", "2."]),
        ("<ol type=a><li>a<li>b</ol>", ["a.", "b."]),
        ("<ol type=A><li>a</ol>", ["A."]),
        ("<ol type=i><li>a<li>b</ol>", ["i.", "ii."]),
        ("<ol type=I><li>a</ol>", ["I."]),
        ("<ol type=1><li>a</ol>", ["1."]),
        ("<ol type=I><li type=a>a<li>b</ol>", ["a.", "II."]),
        ("<ol style='list-style: none'><li>a</ol>", [""]),
        ("<ol style='list-style-type:disc'><li>a<li style='list-style-type:decimal'>b</ol>", ["", "2."]),
        ("<ol style='LIST-STYLE: Upper-Roman inside; color: red'><li>a</ol>", ["I."]),
        ("<ol style='list-style-type: cjk-ideographic'><li>a<li>b</ol>", ["一、", "二、"]),
        ("<ol style='list-style-type: simp-chinese-informal'><li>a</ol>", ["一、"]),
        ("<ol style='list-style-type: anything' type=i><li>a</ol>", ["1."]),
        ("<ol style='color: red' type=i><li>a</ol>", ["i."]),
        ("<ol><li>a</ol><ol><li>b</ol>", ["1.", "1."]),
        ("<li>a</li>", [""]),
    ],
)
def test_label(page: str, expected: list[str]) -> None:
    assert labels(page) == expected


@pytest.mark.parametrize(
    ("count", "kind", "depth", "expected"),
    [
        (0, "lower-alpha", 0, "0."),
        (1, "lower-latin", 0, "a."),
        (26, "upper-latin", 0, "Z."),
        (27, "upper-alpha", 0, "AA."),
        (52, "lower-alpha", 0, "az."),
        (0, "lower-roman", 0, "0."),
        (3999, "lower-roman", 0, "mmmcmxcix."),
        (4000, "lower-roman", 0, "4000."),
        (0, "cjk-ideographic", 0, "0."),
        (99, "cjk-ideographic", 0, "九十九、"),
        (100, "cjk-ideographic", 0, "100."),
        (9, "decimal-leading-zero", 0, "09."),
        (10, "decimal-leading-zero", 0, "10."),
        (0, "decimal", 2, "(0)"),
        (20, "decimal", 2, "⑳"),
        (51, "decimal", 2, "(51)"),
    ],
)
def test_a_number_of_a_kind(count: int, kind: str, depth: int, expected: str) -> None:
    assert written(count, kind, depth) == expected
