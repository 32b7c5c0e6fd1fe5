"""The service on engines of others: catalogue, evidence, publication, removal, updates and graphs as with the data in a folder."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import threading
from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import Literal, RdfFormat, parse

from graph.query.endpoint import Endpoint
from graph.query.probe import examined, probes
from queries import catalogue
from tests.conformance.service import Response, Service
from tests.conftest import SHIPPED
from tests.engines.conftest import Behind

pytestmark = pytest.mark.slow
ROWS = 50
NOTICE = "https://w3id.org/zhengce/graph/notice/huzhiban-2026-2"
LEFT = 'SELECT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), "urn:zhengce:")) }'
OTHERS = "http://example.org/mine"
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH <%s> { ?s ?p ?o } }"


def get(service: Service, path: str, accept: str = "*/*") -> Response:
    response = service.ask("GET", path, {"Accept": accept})
    assert response.status == 200, (path, response.status, response.content[:300])
    return response


def table(service: Service, name: str) -> list[list[str]]:
    """An answer of the catalogue as its CSV has it."""
    return list(csv.reader(io.StringIO(get(service, f"/queries/{name}.csv").content.decode())))


def count(service: Service, graph: str) -> int:
    response = get(service, "/sparql?" + urlencode({"query": COUNT % graph}), "application/sparql-results+json")
    return int(json.loads(response.content)["results"]["bindings"][0]["n"]["value"])


CANNOT = {
    "fuseki": set(),
    "oxigraph": {"function"},
    "virtuoso": {
        "separator-two",
        "joined-distinct",
        "boolean",
        "minus-bind",
        "division",
        "function",
        "numbers-by-value",
        "encode",
        "no-variable",
        "all-or-nothing",
        "large",
    },
}
"""The questions of the check that each engine answers otherwise than the standard, as docs/engines.md has them."""


def test_check_tells_the_engines_apart(behind: Behind) -> None:
    server = behind.server
    found = list(examined(Endpoint((server.query,), (server.update,), server.login), 60, writing=True))
    assert len(found) == len(probes()) > 40
    assert {finding.probe.name for finding in found if not finding.passed} == CANNOT[server.name]
    read = json.loads(get(behind.front, "/sparql?" + urlencode({"query": LEFT}), "application/sparql-results+json").content)
    assert read["results"]["bindings"] == []


def test_every_question_of_the_catalogue_has_the_same_answer(behind: Behind) -> None:
    different = [name for name in catalogue() if table(behind.front, name) != table(behind.embedded, name)]
    assert len(catalogue()) > 140
    assert different == []


def evidence(service: Service, name: str) -> tuple[list[Any], list[Any], list[Any]]:
    read = json.loads(get(service, f"/queries/{name}.json?evidence=1").content)
    told = read["evidence"]
    return read["rows"], told["rows"], told["notes"]


@cache
def embedded_evidence(service: Service, name: str) -> tuple[list[Any], list[Any], list[Any]]:
    """The same of the service that nobody writes to: asked for once, and held against what each engine says."""
    return evidence(service, name)


def rested(said: tuple[list[Any], list[Any], list[Any]], place: int) -> Counter[str]:
    """What a row rests on: its notes without their numbers."""
    _, rows, notes = said
    numbered = {note["number"]: {key: value for key, value in note.items() if key != "number"} for note in notes}
    return Counter(_by_value(json.dumps(numbered[number], sort_keys=True, ensure_ascii=False)) for number in rows[place]["notes"])


def _by_value(said: str) -> str:
    """Decimals as one number is written: Jena's TDB2 gives 100 back as 100.0."""
    return re.sub(r'(?<=")(\\?"?)(\d+)\.0(?=\\?")', r"\1\2", said)


def test_fifty_rows_rest_on_the_same_words(behind: Behind) -> None:
    chance = random.Random(15)
    asked = [name for name, query in sorted(catalogue().items()) if query.form == "SELECT"]
    chance.shuffle(asked)
    checked = 0
    for name in asked:
        if checked == ROWS:
            break
        ours, theirs = embedded_evidence(behind.embedded, name), evidence(behind.front, name)
        assert len(ours[0]) == len(theirs[0]), name
        for place in chance.sample(range(len(ours[0])), min(2, len(ours[0]), ROWS - checked)):
            assert theirs[1][place]["notes"] is not None, (name, theirs[1][place])
            assert rested(theirs, place) == rested(ours, place), (name, place)
            checked += 1
    assert checked == ROWS


@pytest.mark.parametrize("path", ["/ask?q=" + quote("哪些任务涉及低空航空？"), "/search.json?q=" + quote("低空") + "&passages=5"])
def test_questions_and_search_find_the_same(behind: Behind, path: str) -> None:
    ours, theirs = (json.loads(get(service, path, "application/json").content) for service in (behind.embedded, behind.front))
    for answer in (ours, theirs):
        answer.get("passages", {}).pop("indexed", None)
    assert theirs == ours
    assert ours


@pytest.mark.parametrize("path", ["/id/district/pudong", "/id/notice/huzhiban-2026-2/task/9", "/", "/tasks"])
def test_pages_say_the_same(behind: Behind, path: str) -> None:
    theirs = get(behind.front, path, "text/html").content.decode()
    assert len(theirs) > 1000
    assert "检验检测" in theirs or "浦东" in theirs


def test_updates_and_graphs_are_written_there(behind: Behind) -> None:
    front = behind.front
    made = front.ask(
        "PUT", f"/store?graph={quote(OTHERS)}", {"Content-Type": "text/turtle"}, b"<http://a> <http://b> 1, [ <http://c> 2 ] ."
    )
    assert made.status == 201, made.content
    assert count(front, OTHERS) == 3
    front.update(f"INSERT DATA {{ GRAPH <{OTHERS}> {{ <http://a> <http://b> 'é 政策 \\\\u0041' }} }}")
    front.update(f"DELETE {{ GRAPH <{OTHERS}> {{ ?s <http://b> 1 }} }} WHERE {{ GRAPH <{OTHERS}> {{ ?s <http://b> 1 }} }}")
    assert count(front, OTHERS) == 3
    read = front.ask("GET", f"/store?graph={quote(OTHERS)}", {"Accept": "application/n-triples"})
    # What N-Triples may write as it is or by number (\\u653F) is the same text.
    assert {triple.object.value for triple in parse(read.content, RdfFormat.N_TRIPLES) if isinstance(triple.object, Literal)} == {
        "2",
        "é 政策 \\u0041",
    }
    assert front.ask("DELETE", f"/store?graph={quote(OTHERS)}").status == 204
    assert count(front, OTHERS) == 0


def test_graphs_that_nobody_may_write_are_refused_as_embedded(behind: Behind) -> None:
    body = b"INSERT DATA { GRAPH <https://w3id.org/zhengce/graph/inferred/huzhiban-2026-2> { <http://a> <http://b> 1 } }"
    refused = behind.front.ask("POST", "/update", {"Content-Type": "application/sparql-update"}, body)
    assert (refused.status, refused.content.count(b"reserved")) == (403, 1)
    default = behind.front.ask("POST", "/update", {"Content-Type": "application/sparql-update"}, b"INSERT DATA { <http://a> <http://b> 1 }")
    assert default.status == 403


def test_removal_and_publication_are_seen_at_once_or_not_at_all(behind: Behind) -> None:
    """Somebody reads all the while; what is read is the notice whole or none of it."""
    graphs = [NOTICE.replace("/notice/", f"/{part}/") for part in ("notice", "inferred", "readings", "provenance")]
    whole = [count(behind.front, graph) for graph in graphs]
    assert min(whole) > 0
    seen: Counter[tuple[int, ...]] = Counter()
    done = threading.Event()
    query = "SELECT " + " ".join(f"?n{n}" for n in range(4)) + " { "
    query += " ".join(f"{{ SELECT (COUNT(*) AS ?n{n}) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} }}" for n, graph in enumerate(graphs)) + " }"

    def watch() -> None:
        reader = Service(behind.front.port)
        while not done.is_set():
            answer = json.loads(get(reader, "/sparql?" + urlencode({"query": query}), "application/sparql-results+json").content)
            (row,) = answer["results"]["bindings"]
            seen[tuple(int(row[f"n{n}"]["value"]) for n in range(4))] += 1
        reader.close()

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        behind.zhengce("remove", "huzhiban-2026-2")
        assert [count(behind.front, graph) for graph in graphs] == [0, 0, 0, 0]
        behind.zhengce("ingest", str(SHIPPED))
        assert [count(behind.front, graph) for graph in graphs] == whole
    finally:
        done.set()
        watching.join()
    assert set(seen) == {(0, 0, 0, 0), tuple(whole)}
    assert sum(seen.values()) > 10
    assert table(behind.front, "tasks") == table(behind.embedded, "tasks")
