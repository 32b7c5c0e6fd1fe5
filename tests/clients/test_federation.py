"""Federation both ways: a service of ours asks another one by SERVICE through its list, and engines of others ask two of ours at once."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad

from graph.store.snapshot import Snapshots
from ontology.names import DEF, ID
from tests.clients.clients import Driven, Process, RdflibStores, Rows, Wrapper, node
from tests.conformance.service import Service, free_port, running

pytestmark = pytest.mark.slow
CLIENTS = ("SPARQLWrapper", "rdflib", "Comunica")
NOTE, RANK, WEIGHT = (NamedNode(f"http://example.org/{name}") for name in ("note", "rank", "weight"))
INDUSTRY = ID["industry/low-altitude-aviation"]
GRAPH = NamedNode("http://example.org/notes")
MANY = 20_000
Asked = Callable[[str, Service], Rows]


@pytest.fixture(scope="module")
def services(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Service]]:
    """One over the shipped notice and one over notes on its industries, each on the list of the other."""
    notes = tmp_path_factory.mktemp("notes")
    with Snapshots(notes).draft() as draft:
        draft.add(
            [
                Quad(INDUSTRY, NOTE, Literal("重点，“低空”", language="zh"), GRAPH),
                Quad(INDUSTRY, RANK, Literal(1), GRAPH),
                Quad(INDUSTRY, WEIGHT, Literal(7), GRAPH),
                Quad(ID["industry/quantum"], WEIGHT, Literal(5), GRAPH),
                Quad(ID["industry/quantum"], NOTE, Literal("next\nline", language="en"), GRAPH),
            ]
        )
        draft.add(Quad(NamedNode(f"http://example.org/{n}"), RANK, Literal(n), GRAPH) for n in range(MANY))
    ports = free_port(), free_port()
    while ports[0] == ports[1]:
        ports = free_port(), free_port()
    urls = [f"http://127.0.0.1:{port}/sparql" for port in ports]
    nowhere = f"http://127.0.0.1:{free_port()}/sparql"
    allowed = [f"{other} {nowhere}" for other in reversed(urls)]
    with (
        running(data, port=str(ports[0]), service_allow=f"{allowed[0]} {urls[0]}") as one,
        running(notes, port=str(ports[1]), service_allow=allowed[1]) as other,
    ):
        yield one, other


@pytest.fixture(scope="module")
def comunica(services: tuple[Service, Service]) -> Iterator[dict[str, Driven]]:
    """Comunica before each service, and before both at once."""
    one, other = services
    processes = {key: Process(node(key)) for key in (one.url, other.url, f"{one.url} {other.url}")}
    yield {key: Driven(process) for key, process in processes.items()}
    for process in processes.values():
        process.close()


@pytest.fixture
def asked(comunica: dict[str, Driven], request: pytest.FixtureRequest) -> Asked:
    """Asks a service by the client that the test is for."""

    def select(query: str, service: Service) -> Rows:
        match request.getfixturevalue("name"):
            case "SPARQLWrapper":
                return Wrapper(service.url, "", "").select(query)
            case "rdflib":
                return RdflibStores(service.url, "", "").select(query)
        return comunica[service.url].select(query)

    return select


def answered(service: Service) -> int:
    """How many queries a service has answered."""
    text = service.ask("GET", "/metrics").content.decode()
    return sum(int(float(count)) for count in re.findall(r'^zhengce_queries_total\{end="answered"\} (\S+)', text, re.MULTILINE))


def notes_on_tasks(other: str) -> str:
    """The tasks of the notice, with a note that the other service has on their industry."""
    return f"""SELECT DISTINCT ?number ?note WHERE {{
      ?task a {DEF["Task"]} ; {DEF["number"]} ?number ; {DEF["involvesIndustry"]} ?industry .
      SERVICE <{other}/sparql> {{ ?industry {NOTE} ?note }}
    }}"""


def tasks_with_notes(one: str) -> str:
    """The same, asked from the other side."""
    return f"""SELECT DISTINCT ?number ?note WHERE {{
      ?industry {NOTE} ?note .
      SERVICE <{one}/sparql> {{ ?task a {DEF["Task"]} ; {DEF["number"]} ?number ; {DEF["involvesIndustry"]} ?industry }}
    }}"""


LOW = {(number, "重点，“低空”") for number in ("9", "17", "49", "61")}


def pairs(rows: Rows) -> set[tuple[str, str]]:
    return {(row["number"], row["note"]) for row in rows}


@pytest.mark.parametrize("name", CLIENTS)
def test_one_asks_the_other_and_the_other_the_one(name: str, asked: Asked, services: tuple[Service, Service]) -> None:
    one, other = services
    before = answered(one), answered(other)
    there = pairs(asked(notes_on_tasks(other.url), one))
    back = pairs(asked(tasks_with_notes(one.url), other))
    assert there == back
    assert there >= LOW
    assert {note for _, note in there} <= {"重点，“低空”", "next\nline"}
    assert answered(one) > before[0]
    assert answered(other) > before[1]


@pytest.mark.parametrize("name", ["SPARQLWrapper", "rdflib"])
def test_what_comes_from_the_other_can_be_counted_filtered_and_left_out(name: str, asked: Asked, services: tuple[Service, Service]) -> None:
    one, other = services
    (row,) = asked(f"SELECT (COUNT(*) AS ?n) (SUM(?rank) AS ?sum) {{ SERVICE <{other.url}/sparql> {{ ?x {RANK} ?rank }} }}", one)
    assert (row["n"], row["sum"]) == (str(MANY + 1), str(sum(range(MANY)) + 1))
    rows = asked(f"SELECT ?n {{ SERVICE <{other.url}/sparql> {{ {INDUSTRY} {RANK} ?n FILTER(?n = 1) }} FILTER(isNumeric(?n)) }}", one)
    assert rows == [{"n": "1"}]
    none = asked(f"SELECT ?x {{ VALUES ?x {{ 1 }} OPTIONAL {{ SERVICE <{other.url}/sparql> {{ ?x {RANK} 0.5 }} }} }}", one)
    assert none == [{"x": "1"}]
    union = asked(
        f"SELECT ?x {{ {{ SERVICE <{other.url}/sparql> {{ {INDUSTRY} {RANK} ?x }} }} UNION {{ BIND(2 AS ?x) }} }} ORDER BY ?x", one
    )
    assert union == [{"x": "1"}, {"x": "2"}]
    nested = asked(f"SELECT ?x {{ SERVICE <{other.url}/sparql> {{ SERVICE <{one.url}/sparql> {{ BIND(3 AS ?x) }} }} }}", one)
    assert nested == [{"x": "3"}], "each asks by its own list"


def test_forms_other_than_select(services: tuple[Service, Service]) -> None:
    one, other = services
    wrapper = Wrapper(one.url, "", "")
    assert wrapper.ask(f"ASK {{ SERVICE <{other.url}/sparql> {{ {INDUSTRY} {NOTE} ?note }} }}")
    assert not wrapper.ask(f"ASK {{ SERVICE <{other.url}/sparql> {{ {INDUSTRY} {NOTE} 1 }} }}")
    made = wrapper.construct(f"CONSTRUCT {{ ?s {NOTE} ?note }} {{ SERVICE <{other.url}/sparql> {{ ?s {NOTE} ?note }} }}")
    assert made == {
        f'{INDUSTRY} {NOTE} "重点，“低空”"@zh .',
        f'{ID["industry/quantum"]} {NOTE} "next\\nline"@en .',
    }


def test_who_is_not_listed_is_refused_and_who_is_down_is_told(services: tuple[Service, Service]) -> None:
    one, other = services

    def status(query: str) -> tuple[int, str]:
        response = one.ask("POST", "/sparql", {"Content-Type": "application/sparql-query"}, query.encode())
        return response.status, response.content.decode()

    assert status(f"SELECT * {{ SERVICE <{other.url}/query> {{ ?s ?p ?o }} }}")[0] == 403
    assert status("SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }")[0] == 403
    shown = one.ask("GET", "/sparql", {"Accept": "text/turtle"}).content.decode()
    assert "BasicFederatedQuery" in shown
    down = next(url for url in _allowed(one) if url not in (f"{other.url}/sparql", f"{one.url}/sparql"))
    code, text = status(f"SELECT * {{ SERVICE <{down}> {{ ?s ?p ?o }} }}")
    assert code == 422
    assert "SERVICE" in text
    code, text = status(f"SELECT ?x {{ VALUES ?x {{ 1 }} SERVICE SILENT <{down}> {{ ?s ?p ?o }} }}")
    assert code == 200
    assert '"1"' in text, "SILENT: one solution without bindings (SPARQL 1.1 Federated Query, 2)"


def _allowed(service: Service) -> list[str]:
    """What the list of a service holds, as its process has it."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                variables = (folder / "environ").read_bytes().decode("utf-8", "replace").split("\0")
            except OSError:
                continue
            if f"ZHENGCE_PORT={service.port}" in variables:
                return next(each for each in variables if each.startswith("ZHENGCE_SERVICE_ALLOW=")).partition("=")[2].split()
    raise AssertionError("the service is not there")


def test_an_engine_of_rdflib_joins_what_it_has_with_either(services: tuple[Service, Service]) -> None:
    """rdflib 7.6 asks the first of two SERVICEs twice, so each is asked beside a graph at hand."""
    one, other = services
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef(INDUSTRY.value), rdflib.URIRef("http://example.org/here"), rdflib.Literal("此处", lang="zh")))
    tasks = f"?task a {DEF['Task']} ; {DEF['number']} ?what ; {DEF['involvesIndustry']} ?industry"
    for service, pattern, expected in (
        (one, tasks, {"9", "17", "49", "61"}),
        (other, f"?industry {NOTE} ?what", {"重点，“低空”"}),
    ):
        query = f"SELECT ?here ?what {{ ?industry <http://example.org/here> ?here . SERVICE <{service.url}/sparql> {{ {pattern} }} }}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            rows = {(str(row[0]), str(row[1])) for row in graph.query(query)}  # type: ignore[index]
        assert rows == {("此处", each) for each in expected}


def test_comunica_joins_both_without_being_told_where_what_is(comunica: dict[str, Driven], services: tuple[Service, Service]) -> None:
    """By a number: Comunica 4.5 sends the tagged texts that it has on as ``"…"^^undefined:undefined``, which no engine reads."""
    one, other = services
    query = f"""SELECT DISTINCT ?number ?weight WHERE {{
      ?industry {WEIGHT} ?weight .
      ?task a {DEF["Task"]} ; {DEF["number"]} ?number ; {DEF["involvesIndustry"]} ?industry .
    }}"""
    rows = comunica[f"{one.url} {other.url}"].select(query)
    assert {row["number"] for row in rows if row["weight"] == "7"} == {"9", "17", "49", "61"}


def test_a_service_that_asks_itself_ends(services: tuple[Service, Service]) -> None:
    """Each level takes a worker; where all wait for each other the limits of time end it, and the service answers as before."""
    one, _ = services
    query = "SELECT ?x { BIND(1 AS ?x) }"
    for _ in range(3):
        query = f"SELECT ?x {{ SERVICE <{one.url}/sparql> {{ {query} }} }}"
    begun = time.monotonic()
    response = one.ask("POST", "/sparql", {"Content-Type": "application/sparql-query"}, query.encode())
    assert response.status in (200, 422, 503, 504)
    assert time.monotonic() - begun < 60
    assert Wrapper(one.url, "", "").ask("ASK {}")
