"""Every fault a graph may have: none on the notice, each found where it was seeded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store
from rdflib.plugins.sparql import prepareQuery

from queries import Query, checks

FAULTY = Path(__file__).parent / "checks"
CHECKS = checks()
every_check = pytest.mark.parametrize("query", CHECKS.values(), ids=CHECKS)


def test_every_check_has_a_faulty_graph_and_every_faulty_graph_a_check() -> None:
    assert CHECKS
    assert {file.stem for file in FAULTY.glob("*.trig")} == set(CHECKS)


@every_check
def test_check_names_the_subject_and_what_was_found(query: Query) -> None:
    prepareQuery(query.text)
    assert "?subject ?found WHERE" in query.text
    assert not query.parameters


@every_check
def test_notice_has_no_such_fault(query: Query, ask: Callable[[str], tuple[list[str], list[list[str]]]]) -> None:
    assert ask(query.body)[1] == []


@every_check
def test_seeded_fault_is_found(query: Query) -> None:
    store = Store()
    store.load(path=str(FAULTY / f"{query.name}.trig"), format=RdfFormat.TRIG)
    found = store.query(query.body, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    assert {row["subject"].value.rsplit("/", 1)[1] for row in found} == {"fault"}
