"""Plain questions, which are asked before their request is taken apart, are answered as all others are."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

LABELS = "SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
NUMBERS = "SELECT ?o { ?s <http://example.org/value> ?o } ORDER BY ?o LIMIT 40"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(STR(?c) < STR(?f)) }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CHANGING = ("date", "x-request-id", "cache-status", "etag")


def path(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, **more})


def raw(query: str) -> bytes:
    return f"GET {path(query)} HTTP/1.1\r\nHost: here\r\nAccept: text/csv\r\n\r\n".encode()


def figure(client: Any, name: str) -> float:
    lines = client.get("/metrics").body.decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json", "application/sparql-results+xml;q=0.5, text/html;q=0.1"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("query", [LABELS, NUMBERS, "ASK {}", LABELS + " LIMIT 0"])
def test_plain_question_is_answered_as_any_other(service: Any, accept: str, encoding: str, query: str) -> None:
    quick = service.get(path(f"{query} # {accept} {encoding}"), Accept=accept, Accept_Encoding=encoding)
    usual = service.get(path(f"{query} # {accept} {encoding}, named"), Accept=accept, Accept_Encoding=encoding, X_Request_Id="mine")
    assert (quick.status, quick.body) == (200, usual.body)
    assert {name: value for name, value in quick.headers.items() if name not in CHANGING} == {
        name: value for name, value in usual.headers.items() if name not in CHANGING
    }
    assert quick.headers["x-request-id"] != usual.headers["x-request-id"] == "mine"


@pytest.mark.parametrize("query", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "DESCRIBE <http://example.org/n1>"])
def test_graph_has_its_format(service: Any, query: str) -> None:
    reply = service.get(path(query), Accept="application/n-triples")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/n-triples")
    assert b"<http://example.org/n1> <http://example.org/value>" in reply.body


def test_mark_of_an_answer_is_that_of_its_request(service: Any) -> None:
    first = service.get(path(LABELS + " # marked"), Accept="text/csv")
    again = service.get(path(LABELS + " # marked"), Accept="text/csv", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(("query", "status"), [("SELECT", 400), ("SELECT * { SERVICE <http://127.0.0.1/> {} }", 403), (LONG, 200)])
def test_what_is_not_answered_at_once_takes_the_usual_way(service: Any, query: str, status: int) -> None:
    before = figure(service, f'zhengce_requests_total{{method="GET",path="/sparql",status="{status}"')
    assert service.get(path(f"{query} # usual")).status == status
    assert figure(service, f'zhengce_requests_total{{method="GET",path="/sparql",status="{status}"') == before + 1


def test_next_request_waits_for_the_answer_before_it(service: Any) -> None:
    parts = urlsplit(service.url)
    queries = [f"{LONG} # before", *(f"SELECT ({n} AS ?n) {{}}" for n in range(3))]
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        for query in queries:
            connection.sendall(raw(query))
            time.sleep(0.005)
        received = b""
        while received.count(b"HTTP/1.1 200") < 4 or not received.endswith(b"n\r\n2\r\n"):
            part = connection.recv(1 << 16)
            assert part, "the connection stays open"
            received += part
    places = [received.index(f"n\r\n{n}\r\n".encode(), received.index(b"HTTP/1.1", 1)) for n in range(3)]
    assert places == sorted(places)


def test_every_client_gets_its_own_answer(service: Any) -> None:
    wrong = []

    def ask(client: int) -> None:
        for number in range(25):
            value = client * 1000 + number
            reply = service.get(path(f"SELECT ({value} AS ?n) {{ ?s <http://example.org/value> {number} }}"), Accept="text/csv")
            if (reply.status, reply.body) != (200, f"n\r\n{value}\r\n".encode()):
                wrong.append(reply)

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_question_counts_once_among_those_of_its_client(serve: Callable[..., Any]) -> None:
    client = serve(rate=0.001, burst=4)
    asked = [LABELS, "SELECT", LABELS + " # other", LONG]
    assert [client.get(path(query)).status for query in asked] == [200, 400, 200, 200]
    assert client.get(path(LABELS + " # one too many")).status == 429


def test_client_that_hangs_up_early_gives_its_place_back(serve: Callable[..., Any]) -> None:
    client = serve(workers=1, slow_seconds=60, query_seconds=60)
    parts = urlsplit(client.url)
    for _ in range(3):
        # The first is asked, the others wait for it, and all are gone before the usual way begins.
        connections = [socket.create_connection((parts.hostname, parts.port), timeout=30) for _ in range(3)]
        for number, connection in enumerate(connections):
            connection.sendall(raw(f"{ENDLESS} # {number}"))
        time.sleep(0.01)
        for connection in connections:
            connection.close()
    assert client.get(path(LABELS)).status == 200
    assert figure(client, "zhengce_queries_running") == 0
    assert figure(client, "zhengce_queries_waiting") == 0


def test_queue_that_is_full_is_said_so(serve: Callable[..., Any]) -> None:
    client = serve(workers=1, slow_workers=0, queue=0, client_queries=64, query_seconds=20)
    held = client.start("GET", path(ENDLESS))
    while not figure(client, "zhengce_queries_running"):
        time.sleep(0.01)
    reply = client.get(path(LABELS))
    held.close()
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0


def test_question_under_way_is_answered_when_the_server_stops(open_service: Callable[..., Any], data: Path) -> None:
    with open_service(data) as client:
        parts = urlsplit(client.url)
        connection = socket.create_connection((parts.hostname, parts.port), timeout=30)
        connection.sendall(raw(LONG))
        time.sleep(0.01)
    received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    connection.close()
    assert received.startswith(b"HTTP/1.1 200")
    assert received.split(b"\r\n\r\n", 1)[1].startswith(b"n\r\n") or b"\r\nn\r\n" in received


def test_clients_behind_a_proxy_are_told_apart(serve: Callable[..., Any]) -> None:
    client = serve(rate=0.001, burst=2)
    statuses = [
        client.get(path(f"ASK {{}} # {who} {number}"), Accept="text/csv", X_Forwarded_For=who).status
        for number in range(3)
        for who in ("192.0.2.1", "192.0.2.2")
    ]
    assert statuses == [200, 200, 200, 200, 429, 429]
