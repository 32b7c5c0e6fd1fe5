"""Lists that engines join in their own ways come out as the query wanted them."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from graph.query.group_concat import rejoined, separated


def values(text: str) -> list[str]:
    asked, lists = separated(text)
    found = Store().query(asked)
    assert isinstance(found, QuerySolutions)
    answer = found.serialize(format=QueryResultsFormat.JSON)
    rows = json.loads(rejoined(answer or b"", lists))["results"]["bindings"]
    return [term["value"] for row in rows for term in row.values()]


ROWS = "{ SELECT ?x { VALUES (?x ?n) { ('b' 1) ('a' 2) ('b' 3) } } ORDER BY ?n }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'SELECT (GROUP_CONCAT(?x; SEPARATOR="、") AS ?l) {{ {ROWS} }}', ["b、a、b"]),
        (f'SELECT (group_concat(distinct ?x ; separator = "；") AS ?l) {{ {ROWS} }}', ["b；a"]),
        (f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(?x, ')'); SEPARATOR='\\n') AS ?l) {{ {ROWS} }}", ["b)\na)"]),
        (f"SELECT (GROUP_CONCAT(?x) AS ?l) {{ {ROWS} }}", ["b a b"]),
        (
            f'SELECT (GROUP_CONCAT(?x; SEPARATOR="|") AS ?l) (GROUP_CONCAT(DISTINCT ?x; SEPARATOR="/") AS ?m) {{ {ROWS} }}',
            ["b|a|b", "b/a"],
        ),
        ('SELECT (GROUP_CONCAT(?x; SEPARATOR="、") AS ?l) { VALUES ?x { "GROUP_CONCAT(DISTINCT" } }', ["GROUP_CONCAT(DISTINCT"]),
        ('SELECT ?x { VALUES ?x { "a\x1e0\x1eb" } }', ["a\x1e0\x1eb"]),
    ],
)
def test_list_is_joined_as_the_query_says(text: str, expected: list[str]) -> None:
    assert values(text) == expected


def test_list_within_a_list() -> None:
    inner = '{ SELECT ?k (GROUP_CONCAT(?x; SEPARATOR="-") AS ?l) { VALUES (?k ?x) { (1 "a") (1 "b") (2 "c") } } GROUP BY ?k ORDER BY ?k }'
    assert values(f'SELECT (GROUP_CONCAT(?l; SEPARATOR="、") AS ?all) {{ {inner} }}') == ["a-b、c"]
