"""Whichever door a client asks a worker through, it is the client that asks: what it may have under way holds for all of them together."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pyoxigraph import Store

from api.app import create_app
from api.settings import Settings
from tests.snapshots import published

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c + ?f + ?i + ?l = -1) }"
ROWS = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c = ?f && ?f = ?i && ?i = ?l && ?c = -1) }"
ENDS_WITHIN = 30
"""Seconds; the queries of the service may take twice as long, those of the tools less."""
TOOLS = {"query", "why_not"}
"""The doors of the Model Context Protocol, which are not told that their client has gone."""
WORDS = {
    "q": "哪些任务涉及低空航空",
    "query": "市科委",
    "s": "task/9",
    "p": "involvesIndustry",
    "o": "industry/low-altitude-aviation",
    "prefix": "市",
    "id": "industry/low-altitude-aviation",
    "missing": "task/9",
    "question": "tasks-by-industry",
    "industry": "industry/low-altitude-aviation",
}
VALUES = {
    "path": "industry/aviation",
    "name": "tasks-by-industry",
    "suffix": "json",
    "kind": "platform",
    "what": "entity",
    "language": "en",
}
WRITES = {"/update", "/store/{path:path}"}
ASK_NOBODY = {
    *("/.well-known/sparql-examples", "/catalogue", "/changes.{suffix}", "/changes/{pair}.rdfp", "/dumps/SHA256SUMS", "/health"),
    *("/health/ready", "/mcp", "/metrics", "/queries.{suffix}", "/robots.txt"),
}
"""The addresses that are answered without a worker: what they read is in the process, or a file."""


def get(client: Any, path: str, address: str = "127.0.0.1", accept: str = "text/html, */*;q=0.5") -> int:
    where = urlsplit(client.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60, source_address=(address, 0))
    connection.request("GET", path, headers={"Accept": accept})
    status = connection.getresponse().status
    connection.close()
    return status


def call(client: Any, tool: str, address: str = "127.0.0.1", **arguments: str) -> http.client.HTTPConnection:
    """A call of a tool, under way."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    where = urlsplit(client.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60, source_address=(address, 0))
    kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    connection.request("POST", "/mcp", json.dumps(body).encode(), kinds)
    return connection


def result(connection: http.client.HTTPConnection) -> Any:
    told = json.loads(connection.getresponse().read())["result"]
    connection.close()
    return told


def under_way(client: Any) -> int:
    """The queries that run or wait."""
    figures = dict(line.rsplit(" ", 1) for line in client.get("/metrics").body.decode().splitlines())
    return round(float(figures["zhengce_queries_running"]) + float(figures["zhengce_queries_waiting"]))


def routes(app: Any) -> Iterator[Any]:
    for route in app:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes)
        else:
            yield route


@contextmanager
def asking(client: Any, starts: list[Callable[[], Any]], expected: int) -> Iterator[None]:
    """Requests that no worker answers soon, until the block ends; so many of their questions are under way when it begins."""
    with ExitStack() as stack:
        for start in starts:
            stack.callback(start().close)
        end = time.monotonic() + 60
        while under_way(client) < expected:
            assert time.monotonic() < end
            time.sleep(0.1)
        yield
    # Who hung up has nothing under way soon: long before the time of its queries is over.
    end = time.monotonic() + ENDS_WITHIN
    while under_way(client):
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def notices(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("doors")
    return published(dataset, path)


def doors() -> dict[str, Callable[[Any], Any]]:
    """Doors through which a client can have a worker compute for as long as it may, each with a request."""
    missing = urlencode({"missing": "task/9", "variable": "a", "query": ROWS})
    return {
        "sparql": lambda client: client.start("GET", f"/sparql?query={quote(ENDLESS)}"),
        "post": lambda client: client.start("POST", "/sparql", ENDLESS.encode(), Content_Type="application/sparql-query"),
        "evidence": lambda client: client.start("GET", f"/sparql?evidence=1&query={quote(ROWS)}", Accept="text/markdown"),
        "why-not": lambda client: client.start("GET", f"/why-not?{missing}"),
        "query": lambda client: call(client, "query", sparql=ENDLESS),
        "why_not": lambda client: call(client, "why_not", missing="task/9", variable="a", query=ROWS),
    }


@pytest.fixture(scope="module")
def client(open_service: Callable[..., Any], notices: Path) -> Iterator[Any]:
    """A service that lets an address have two questions under way."""
    with open_service(notices, client_queries=2, query_seconds=60, workers=2, slow_workers=4, slow_seconds=0.2) as client:
        yield client


@pytest.fixture(scope="module")
def brief(open_service: Callable[..., Any], notices: Path) -> Iterator[Any]:
    """The same with queries that may take ten seconds."""
    with open_service(notices, client_queries=2, query_seconds=10, workers=2, slow_workers=4, slow_seconds=0.2) as client:
        yield client


@pytest.mark.parametrize("door", doors())
def test_whichever_door_is_taken_the_next_question_of_the_address_is_refused(request: pytest.FixtureRequest, door: str) -> None:
    client = request.getfixturevalue("brief" if door in TOOLS else "client")
    with asking(client, [lambda: doors()[door](client)] * 2, 2):
        assert get(client, f"/sparql?query=ASK%7B%7D%23mine-{door}", accept="*/*") == 429
        assert get(client, "/why?s=task/9&p=involvesIndustry&o=industry/low-altitude-aviation", accept="text/plain") == 429
        assert result(call(client, "describe", id=f"industry/{door}"))["isError"]
        assert get(client, f"/sparql?query=ASK%7B%7D%23theirs-{door}", "127.0.0.2", "*/*") == 200
        assert not result(call(client, "query", "127.0.0.2", sparql=f"ASK {{}} # {door}")).get("isError")


def test_every_address_that_asks_a_worker_asks_for_its_client(client: Any) -> None:
    app = create_app(Settings(data=Path("nowhere")))
    paths = sorted({route.path for route in routes(app.routes) if "GET" in (route.methods or ())} - WRITES)
    assert len(paths) > 50
    with asking(client, [lambda: doors()["sparql"](client)] * 2, 2):
        filled = {**VALUES, "pair": "1-1", "part": "Task-1", "number": "1"}
        asked = {path: f"{path.replace(':path', '').format(**filled)}?{urlencode(WORDS)}" for path in paths}
        mine = {path: get(client, address) for path, address in asked.items()}
        free = {path: status for path, status in mine.items() if status != 429}
        assert set(free) <= ASK_NOBODY, f"asked in nobody's name, or of no worker: {free}"
        theirs = {path: get(client, address, "127.0.0.2") for path, address in asked.items()}
        assert 429 not in theirs.values(), theirs


def test_who_fills_the_queue_keeps_nobody_else_from_it(open_service: Callable[..., Any], notices: Path) -> None:
    with (
        open_service(notices, queue=4, query_seconds=60, workers=1, slow_workers=0, slow_seconds=30, queue_seconds=30) as client,
        asking(client, [lambda: doors()["why-not"](client)] * 8, 5),
    ):
        waiting = client.start("GET", f"/sparql?query={quote('ASK {} # mine')}")
        # The queue is full of one address: somebody else's question waits in it, and is not turned away.
        where = urlsplit(client.url)
        other = http.client.HTTPConnection(where.hostname or "", where.port, timeout=2, source_address=("127.0.0.2", 0))
        other.request("GET", f"/sparql?query={quote('ASK {} # theirs')}")
        with pytest.raises(TimeoutError):
            other.getresponse()
        other.close()
        assert waiting.getresponse().status == 503
