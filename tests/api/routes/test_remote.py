"""A service without data, in front of an engine elsewhere: here another service of ours."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat, parse

from graph.errors import EvaluationError, ForbiddenError, StoreError, TimeLimitError
from graph.query.endpoint import Endpoint
from graph.query.framing import QueryRequest
from graph.query.pool import PoolPlan
from graph.query.remote import Remote
from graph.query.remote_store import MOVING, POINTER, Kept, RemoteStore
from graph.store.embedded_store import DatasetOf, Store
from ontology.names import GRAPH, ID
from tests.graph.protocol_server import serving

COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/value> ?o }"
JSON = QueryResultsFormat.JSON


@pytest.fixture
def front(service: Any, serve: Callable[..., Any], tmp_path: Path) -> Any:
    """A service in front of another, which holds the data."""
    return serve(tmp_path, store=f"{service.url}/sparql")


def test_answers_are_the_same(front: Any, service: Any) -> None:
    assert front.ask(COUNT).rows == service.ask(COUNT).rows == [{"n": "400"}]
    for accept in ("application/sparql-results+xml", "text/csv", "text/tab-separated-values"):
        assert front.ask(COUNT, accept).body == service.ask(COUNT, accept).body
    for accept, format in (
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
    ):
        reply = front.ask("CONSTRUCT WHERE { <http://example.org/a> ?p ?o }", accept)
        assert [quad.object.value for quad in parse(reply.body, format)] == ["1"]


def test_large_answer_streams(front: Any) -> None:
    reply = front.ask("SELECT * { ?x <http://example.org/value> ?a . ?y <http://example.org/value> ?b }", "text/csv")
    assert reply.body.count(b"\n") == 400 * 400 + 1


def test_dataset_of_the_request_is_passed_on(front: Any) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert front.ask(count, **{"default-graph-uri": str(GRAPH["a"].value)}).rows == [{"n": "1"}]


def test_things_and_catalogue_answer(front: Any) -> None:
    assert b"zc:District" in front.get("/id/district/pudong.ttl").body
    assert front.get("/id/district/nowhere.ttl").status == 404
    assert front.get("/queries/thing-by-name.csv?" + urlencode({"name": "浦东新区"})).body.count(b"\n") == 2


def test_errors_are_told_as_usual(front: Any) -> None:
    assert front.ask("SELECT").status == 400
    assert front.ask("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }").status == 403


def test_one_client_has_so_many_queries_through_whatever_door(service: Any, serve: Callable[..., Any], tmp_path: Path) -> None:
    front = serve(tmp_path, store=f"{service.url}/sparql", client_queries=1, query_seconds=20)
    slow = front.start(
        "GET", "/sparql?" + urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "timeout": "20"})
    )
    for _ in range(200):
        if b"zhengce_queries_running 1.0" in front.get("/metrics").body:
            break
        time.sleep(0.05)
    assert [front.ask("ASK {}").status, front.get("/id/district/pudong.ttl").status] == [429, 429]
    slow.getresponse().read()
    assert front.ask("ASK {}").status == 200


def test_nothing_is_kept(front: Any) -> None:
    reply = front.ask(COUNT)
    assert "etag" not in reply.headers
    assert front.get("/sparql?" + urlencode({"query": COUNT}), If_None_Match='"x"').status == 200


def test_writing_is_done_at_the_engine(service: Any, serve: Callable[..., Any], tmp_path: Path) -> None:
    front = serve(tmp_path, store=f"{service.url}/sparql", token="secret")
    reply = front.send("POST", "/update", b"CLEAR ALL", Content_Type="application/sparql-update", Authorization="Bearer secret")
    assert reply.json["type"].endswith("#writing-off")


def test_readiness_follows_the_engine(front: Any, serve: Callable[..., Any], tmp_path: Path) -> None:
    assert front.get("/health/ready").json["status"] == "ready"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    alone = serve(tmp_path, store=f"http://127.0.0.1:{port}/sparql")
    assert (alone.get("/health").status, alone.get("/health/ready").status) == (200, 503)
    assert alone.ask("ASK {}").status == 503


def test_jobs_look_at_the_engine(service: Any) -> None:
    remote = Remote(f"{service.url}/sparql", PoolPlan())
    district = str(ID["district/pudong"])
    assert asyncio.run(remote.run(facts, ID["district/pudong"].value)).decode().count(district) == 2


def facts(store: Store, iri: str) -> bytes:
    return "\n".join(map(str, store.engine.quads_for_pattern(NamedNode(iri), None, None, None))).encode()


def test_graphs_are_named_by_the_engine(service: Any) -> None:
    store = RemoteStore(f"{service.url}/sparql", 5)
    assert set(store.named_graphs()) == {GRAPH["a"], GRAPH["numbers"], GRAPH["vocabulary"]}
    assert store.ask("ASK {}") is True
    with pytest.raises(EvaluationError):
        list(store.construct("CONSTRUCT WHERE { ?s ?p ?o }"))


def test_the_graphs_of_the_service_are_read_once(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(alone=True)
    near, dataset = RemoteStore(f"{service.url}/sparql", 5, kept).reading(DatasetOf(own=True))
    assert (near.elsewhere, dataset.own) == (False, False)
    (row,) = near.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert [{"n": row["n"].value}] == service.ask("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").rows  # type: ignore[union-attr]
    monkeypatch.setattr(Endpoint, "ask", None)
    assert RemoteStore(f"{service.url}/sparql", 5, kept).reading(DatasetOf(own=True))[0] is near


@pytest.mark.parametrize("alone", [True, False])
def test_graphs_are_not_read_whole_where_they_may_change_or_others_are_wanted(service: Any, *, alone: bool) -> None:
    store = RemoteStore(f"{service.url}/sparql", 5, Kept(alone=alone))
    assert store.reading(DatasetOf(own=not alone))[0] is store


def test_graph_that_the_engine_cuts_is_refused(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Endpoint.read

    def cut(endpoint: Endpoint, question: QueryRequest, text: str, seconds: float) -> bytes:
        content = whole(endpoint, question, text, seconds)
        return b"".join(content.splitlines(keepends=True)[:100]) if question.format == RdfFormat.N_TRIPLES else content

    monkeypatch.setattr(Endpoint, "read", cut)
    with pytest.raises(EvaluationError, match="100 of 400 triples"):
        RemoteStore(f"{service.url}/sparql", 5, Kept(alone=True)).reading(DatasetOf(own=True))


def test_who_asks_while_the_engine_is_between_two_snapshots_waits_or_is_told_to_come_again(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    with serving() as engine:
        front = serve(tmp_path, store=engine.url, store_isolation="read-committed", query_seconds=2)
        assert front.ask("ASK {}").status == 200
        mark = Quad(POINTER, MOVING, Literal("somebody"), POINTER)
        engine.store.add(mark)
        reply = front.ask("ASK {}")
        assert (reply.status, reply.headers["retry-after"], reply.json["type"].partition("#")[2]) == (503, "1", "moving")
        assert front.get("/id/district/pudong.ttl").status == 503
        engine.store.remove(mark)
        assert front.ask("ASK {}").status == 200


def test_deadline_holds_here() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"

        async def ask() -> None:
            async with Remote(url, PoolPlan(seconds=0.3)).ask(QueryRequest("ASK {}", JSON)):
                pytest.fail("nobody answers")

        with pytest.raises((TimeLimitError, StoreError)):
            asyncio.run(ask())


def test_service_is_refused_here_too() -> None:
    async def ask() -> None:
        async with Remote("http://127.0.0.1:9/", PoolPlan()).ask(QueryRequest("SELECT * { SERVICE <http://a> { ?s ?p ?o } }", JSON)):
            pytest.fail("refused")

    with pytest.raises(ForbiddenError):
        asyncio.run(ask())
