"""The patterns of conditions, over a few triples that an engine reads."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from ontology.names import DEF, PREFIXES
from queries.ask.patterns import within_year

PERIODS = {
    "within": ("2026-03-01", "2026-06-30"),
    "whole": ("2026-01-01", "2026-12-31"),
    "before": ("2025-12-31", "2026-06-30"),
    "after": ("2026-06-30", "2027-01-01"),
    "another": ("2027-01-01", "2027-12-31"),
}
DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")


@pytest.mark.parametrize(("year", "expected"), [(2026, {"within", "whole"}), (2027, {"another"}), (2025, set())])
def test_period_that_lies_in_a_year(year: int, expected: set[str]) -> None:
    store = Store()
    for name, (start, end) in PERIODS.items():
        thing = NamedNode(f"http://a/{name}")
        for term, day in (("horizonStart", start), ("horizonEnd", end)):
            store.add(Quad(thing, DEF[term], Literal(day, datatype=DATE)))
    prefixes = "".join(f"PREFIX {name}: <{start}>\n" for name, start in PREFIXES.items())
    found = store.query(f"{prefixes}SELECT ?thing {{ {within_year('?thing', year)} }}")
    assert isinstance(found, QuerySolutions)
    assert {row["thing"].value.rpartition("/")[2] for row in found} == expected
