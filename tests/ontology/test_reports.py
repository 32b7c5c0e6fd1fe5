"""The well-known checks of ontologies and concept schemes find nothing but what is listed as an exception, each with its reason."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse, serialize

import ontology
from ontology.names import BASE, PREFIXES

DATA = Path(__file__).parents[1] / "data" / "ontology"
PREFIX = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Report:
    """A check: its name, how ROBOT, OOPS! or qSKOS call it, Turtle in which it finds something, and its query."""

    name: str
    tools: str
    fault: str
    query: str


def reports() -> Iterator[Report]:
    text = (DATA / "reports.rq").read_text(encoding="utf-8")
    for found in re.finditer(r"^### (?P<name>[a-z-]+) \| (?P<tools>.+)\n# fault: (?P<fault>.+)\n(?P<query>SELECT .+)$", text, re.M):
        yield Report(**found.groupdict())


REPORTS = tuple(reports())
every = pytest.mark.parametrize("report", REPORTS, ids=[report.name for report in REPORTS])


def found(triples: Iterable[Triple], query: str) -> set[str]:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return nodes(store, query)


def nodes(store: Store, query: str) -> set[str]:
    answer = store.query(PREFIX + query)
    assert isinstance(answer, QuerySolutions)
    return {node.value for row in answer if isinstance(node := row["node"], NamedNode)}


@pytest.fixture(scope="module")
def whole() -> Store:
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in chain(ontology.triples(), ontology.classifications()))
    return store


@pytest.fixture(scope="module")
def exceptions() -> dict[str, list[re.Pattern[str]]]:
    listed: dict[str, list[re.Pattern[str]]] = {}
    with (DATA / "exceptions.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            assert row["reason"].strip()
            listed.setdefault(row["check"], []).append(re.compile(row["nodes"]))
    return listed


def test_the_checks_are_read_whole() -> None:
    text = (DATA / "reports.rq").read_text(encoding="utf-8")
    assert len(REPORTS) == len(re.findall("^###", text, re.M)) >= 45
    assert len({report.name for report in REPORTS}) == len(REPORTS)


@every
def test_a_check_finds_its_fault(report: Report) -> None:
    triples = [quad.triple for quad in parse(PREFIX + report.fault, RdfFormat.TURTLE, base_iri=BASE)]
    ours = found(triples, report.query)
    assert ours
    graph = rdflib.Graph()
    graph.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    assert {str(row[0]) for row in graph.query(PREFIX + report.query)} == ours  # type: ignore[index]


@every
def test_nothing_is_found_but_exceptions(report: Report, whole: Store, exceptions: dict[str, list[re.Pattern[str]]]) -> None:
    local = {node.removeprefix(BASE) for node in nodes(whole, report.query)}
    listed = exceptions.get(report.name, [])
    assert {node for node in local if not any(pattern.fullmatch(node) for pattern in listed)} == set()
    assert [pattern.pattern for pattern in listed if not any(pattern.fullmatch(node) for node in local)] == []


def test_every_exception_is_of_a_check(exceptions: dict[str, list[re.Pattern[str]]]) -> None:
    assert set(exceptions) <= {report.name for report in REPORTS}
