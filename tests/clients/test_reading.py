"""Every client reads the shipped notice: rows, a graph, a yes or no, all triples, and Chinese characters in questions and answers."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pandas as pd  # type: ignore[import-untyped]
import pytest

from ontology.names import DEF, ID, SKOS, TYPE
from tests.clients.clients import Driven, RdflibStores, canonical
from tests.clients.conftest import ClientOf
from tests.conformance.service import Service

pytestmark = pytest.mark.slow
CLIENTS = ("SPARQLWrapper", "rdflib", "Jena", "RDF4J", "Comunica")
ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
LOW_ALTITUDE = f"""SELECT DISTINCT ?number WHERE {{
  ?task a {DEF["Task"]} ; {DEF["number"]} ?number ; {DEF["involvesIndustry"]} {ID["industry/low-altitude-aviation"]} . }}"""
PUDONG = f"SELECT ?thing ?label WHERE {{ ?thing {SKOS['prefLabel']} ?label . FILTER(?label = '浦东新区'@zh) }}"
TASKS = (
    f"CONSTRUCT {{ ?task {DEF['text']} ?text }} WHERE {{ ?task a {DEF['Task']} ; {DEF['text']} ?text . FILTER(CONTAINS(?text, '低空')) }}"
)
"""A question in which Chinese characters stand, as do those of its answer."""


@pytest.mark.parametrize("name", CLIENTS)
def test_rows(name: str, client: ClientOf, reading: Service) -> None:
    assert {row["number"] for row in client(name, reading, "").select(LOW_ALTITUDE)} == {"9", "17", "49", "61"}


@pytest.mark.parametrize("name", CLIENTS)
def test_no_rows(name: str, client: ClientOf, reading: Service) -> None:
    assert client(name, reading, "").select("SELECT ?s WHERE { ?s <http://example.org/never> ?o }") == []


@pytest.mark.parametrize("name", CLIENTS)
def test_an_unbound_variable(name: str, client: ClientOf, reading: Service) -> None:
    rows = client(name, reading, "").select("SELECT ?a ?b WHERE { VALUES (?a ?b) { (1 UNDEF) (UNDEF 2) } }")
    assert sorted(map(sorted, (row.items() for row in rows))) == [[("a", "1")], [("b", "2")]]


@pytest.mark.parametrize("name", CLIENTS)
def test_chinese_characters(name: str, client: ClientOf, reading: Service) -> None:
    assert {tuple(row.values()) for row in client(name, reading, "").select(PUDONG)} == {(ID["district/pudong"].value, "浦东新区")}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_graph(name: str, client: ClientOf, reading: Service, published: set[str]) -> None:
    tasks = {triple.split()[0] for triple in published if triple.endswith(f" {TYPE} {DEF['Task']} .")}
    texts = (triple.split(maxsplit=2) for triple in published if "低空" in triple)
    expected = {" ".join(words) for words in texts if words[0] in tasks and words[1] == str(DEF["text"])}
    assert expected
    assert client(name, reading, "").construct(TASKS) == expected


@pytest.mark.parametrize("name", CLIENTS)
def test_yes_and_no(name: str, client: ClientOf, reading: Service) -> None:
    asked = client(name, reading, "")
    assert asked.ask("ASK { ?s ?p '浦东新区'@zh }")
    assert not asked.ask("ASK { ?s ?p '浦东新村'@zh }")


@pytest.mark.parametrize("name", CLIENTS)
def test_all_triples_as_a_graph(name: str, client: ClientOf, reading: Service, published: set[str]) -> None:
    assert _ground(client(name, reading, "").construct(EVERYTHING)) == _ground(published)


@pytest.mark.parametrize("name", CLIENTS)
def test_all_triples_as_rows(name: str, client: ClientOf, reading: Service, published: set[str]) -> None:
    rows = client(name, reading, "").select(f"SELECT DISTINCT * {{ {ALL} }}")
    assert len(rows) == len(published)
    assert all(set(row) == {"s", "p", "o"} for row in rows)


def test_rdf4j_lists_all_statements(client: ClientOf, reading: Service, published: set[str]) -> None:
    repository = client("RDF4J", reading, "")
    assert isinstance(repository, Driven)
    assert _ground(canonical(repository.request("all"))) == _ground(published)


def test_rdflib_iterates_over_all_triples(client: ClientOf, reading: Service, published: set[str]) -> None:
    store = client("rdflib", reading, "")
    assert isinstance(store, RdflibStores)
    assert _ground(store.all()) == _ground(published)


@pytest.mark.parametrize("name", ["Jena", "RDF4J", "Comunica"])
def test_description(name: str, client: ClientOf, reading: Service) -> None:
    asked = client(name, reading, "")
    assert isinstance(asked, Driven)
    described = canonical(asked.request("describe", f"DESCRIBE {ID['district/pudong']}"))
    assert any('"浦东新区"@zh' in triple for triple in described)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_wrong_query_says_what_is_wrong(name: str, client: ClientOf, reading: Service) -> None:
    with pytest.raises(Exception, match=r"400|[Bb]ad|[Mm]alformed|[Pp]arse|[Ee]xpect|wrong formulating"):
        client(name, reading, "").select("SELECT ?s WHERE { ?s ?p <http://example.org/a>> }")


def test_pandas_reads_csv(reading: Service, published: set[str]) -> None:
    frame = pd.read_csv(f"{reading.url}/sparql?" + urlencode({"query": PUDONG, "format": "csv"}), storage_options={"Accept": "text/csv"})
    assert frame.to_dict("records") == [{"thing": ID["district/pudong"].value, "label": "浦东新区"}]
    everything = pd.read_csv(
        f"{reading.url}/sparql?" + urlencode({"query": f"SELECT DISTINCT * {{ {ALL} }}"}), storage_options={"Accept": "text/csv"}, dtype=str
    )
    # SPARQL leaves the order of * open; the engine's is that of the alphabet.
    assert list(everything.columns) == ["o", "p", "s"]
    assert len(everything) == len(published)
    assert everything["p"].str.startswith("http").all()
    assert not everything["s"].isna().any()


def test_pandas_reads_tsv(reading: Service) -> None:
    options = {"Accept": "text/tab-separated-values"}
    address = f"{reading.url}/sparql?" + urlencode({"query": PUDONG})
    frame = pd.read_csv(address, storage_options=options, sep="\t", quoting=csv.QUOTE_NONE)
    assert frame.to_dict("records") == [{"?thing": str(ID["district/pudong"]), "?label": '"浦东新区"@zh'}]


def test_pandas_reads_json(reading: Service) -> None:
    request = Request(f"{reading.url}/sparql?" + urlencode({"query": LOW_ALTITUDE}), headers={"Accept": "application/json"})
    with urlopen(request, timeout=30) as response:
        bindings = json.load(io.TextIOWrapper(response, "utf-8"))["results"]["bindings"]
    frame = pd.json_normalize(bindings)
    assert set(frame["number.value"]) == {"9", "17", "49", "61"}


def _ground(triples: set[str]) -> tuple[set[str], int]:
    """The triples without blank nodes, and how many there are with some."""
    assert len(triples) > 1000
    blank = {triple for triple in triples if "_:" in triple}
    return triples - blank, len(blank)
