"""CSV that a reader of CSV reads back as what the solutions say."""

from __future__ import annotations

import csv
import io
import random

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph.query.csv_rows import rows, write_csv

TERMS = (
    *(
        "<http://e/a>",
        "<http://e/a,b>",
        "<http://e/,>",
        "<http://e/it's>",
        "<http://e/Songjiang,_Shanghai>",
        '"p"',
        '"a,b"',
        '"q\\"q"',
        '"l\\nm"',
    ),
    *(
        '"cr\\rx"',
        '"tab\\tx"',
        '"bs\\\\x"',
        '"\\\\"',
        '"\\\\\\""',
        '""',
        '"zh"@en',
        '"低空，经济"@zh-hans',
        '"a,b"@en',
        "1",
        "1.5",
        "1e5",
        "true",
    ),
    *(
        '"1,5"^^<http://e/t,u>',
        '"x"^^<http://e/t>',
        '"<a>"',
        '"<a>\\t"',
        '"_:b"',
        '" sp "',
        '"e\\"@en"',
        '"@en"',
        '"^^<x>"',
        '">"',
        '"<"',
        "UNDEF",
    ),
    *('"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>', '"a\\r\\nb"', '"\\\\n"', '"\\\\t,"', '"<<( a"', '"?x"', '"\\f\\b"'),
)


class Parts(io.BytesIO):
    """What was written, and in how many pieces."""

    pieces = 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.pieces += 1
        return super().write(data)


def written(query: str) -> tuple[list[list[str]], list[list[str]], Parts]:
    """What a reader of CSV reads, and what the solutions are."""
    store, sink = Store(), Parts()
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    write_csv(solutions, sink)
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    expected = [[_value(term) for term in solution] for solution in solutions]
    read = list(csv.reader(io.StringIO(sink.getvalue().decode(), newline=""), strict=True))
    assert read[0] == [variable.value for variable in solutions.variables]
    return read[1:], expected, sink


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else "" if term is None else str(term)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_read_back_as_it_is(term: str) -> None:
    read, expected, _ = written(f"SELECT ?x ?y ?z {{ VALUES (?x ?y ?z) {{ ({term} 1 {term}) (2 {term} <http://e/x>) }} }}")
    assert read == expected


def test_random_rows_are_read_back_as_they_are() -> None:
    chance = random.Random(4)
    table = "\n".join(f"({chance.choice(TERMS)} {chance.choice(TERMS)} {chance.choice(TERMS)})" for _ in range(4000))
    read, expected, sink = written(f"SELECT ?x ?y ?z {{ VALUES (?x ?y ?z) {{ {table} }} }}")
    assert read == expected
    assert sink.pieces > 10, "while they are computed, not at the end"


def test_only_what_must_be_quoted_is() -> None:
    assert rows(b'<http://a/b>\t"c d"@en\n"e, f"\t_:g\n"a"\t"<b>"\n') == b'http://a/b,c d\r\n"e, f",_:g\r\na,<b>\r\n'


def test_a_triple_term_is_one_field() -> None:
    query = 'SELECT ?t ?n { BIND(TRIPLE(<http://e/a,b>, <http://e/p>, "o, \\"x\\"@en"@en) AS ?t) BIND(1 AS ?n) }'
    read, _, _ = written(query)
    assert read == [['<<( <http://e/a,b> <http://e/p> "o, \\"x\\"@en"@en )>>', "1"]]


def test_no_rows_and_no_variables() -> None:
    for query, text in (("SELECT ?a ?b { FILTER(false) }", b"a,b\r\n"), ("SELECT ?a ?b {}", b"a,b\r\n,\r\n"), ("SELECT * {}", b"\r\n\r\n")):
        sink = io.BytesIO()
        solutions = Store().query(query)
        assert isinstance(solutions, QuerySolutions)
        write_csv(solutions, sink)
        assert sink.getvalue() == text
