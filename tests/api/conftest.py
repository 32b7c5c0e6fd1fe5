"""A service on a free port of this machine, over a small graph, and a client that says exactly what it is told to."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.testclient import TestClient
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QueryTriples, RdfFormat, Store, parse

from api import pages
from api.app import server
from api.routes import catalogue, why
from api.settings import Settings
from graph.store.embedded_store import Store as OurStore
from graph.store.snapshot import Snapshots
from ontology.names import DEF, GRAPH, ID, SKOS, TYPE

NUMBERS = 400
"""Subjects with one number each: enough for a million rows of pairs and triples."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def rows(self) -> list[dict[str, str]]:
        return [{name: term["value"] for name, term in row.items()} for row in self.json["results"]["bindings"]]


@dataclass(frozen=True)
class Client:
    """Asks one service; every request has its own connection."""

    url: str
    timeout: float = 30.0
    open: list[http.client.HTTPConnection] = field(default_factory=list)

    def start(self, method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPConnection:
        """A request that is sent and not yet answered."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self.timeout)
        self.open.append(connection)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return connection

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        connection = self.start(method, path, body, **headers)
        response = connection.getresponse()
        reply = Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        connection.close()
        return reply

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, None, **headers)

    def ask(self, query: str, /, accept: str = "application/sparql-results+json", **parameters: str | list[str]) -> Reply:
        return self.get("/sparql?" + urlencode({"query": query, **parameters}, doseq=True), Accept=accept)


Serve = Callable[..., Client]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one snapshot."""
    folder = tmp_path_factory.mktemp("data")
    publish(folder)
    return folder


def publish(folder: Path, label: str = "浦东新区") -> None:
    with Snapshots(folder).draft() as draft:
        district = ID["district/pudong"]
        draft.replace(
            GRAPH["vocabulary"], [Quad(district, TYPE, DEF["District"]), Quad(district, SKOS["prefLabel"], Literal(label, language="zh"))]
        )
        draft.replace(GRAPH["a"], [Quad(NamedNode("http://example.org/a"), DEF["number"], Literal(1))])
        numbers = (Quad(NamedNode(f"http://example.org/n{n}"), NamedNode("http://example.org/value"), Literal(n)) for n in range(NUMBERS))
        draft.replace(GRAPH["numbers"], numbers)


@contextmanager
def serving(settings: Settings) -> Iterator[Client]:
    """A server with these settings until the block ends."""
    running = server(replace(settings, port=0, stop_seconds=1))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    try:
        for _ in range(1000):
            if running.started or not thread.is_alive():
                break
            time.sleep(0.01)
        assert running.started
        port = running.servers[0].sockets[0].getsockname()[1]
        client = Client(f"http://127.0.0.1:{port}")
        yield client
        for connection in client.open:
            connection.close()
    finally:
        running.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def serve(data: Path) -> Iterator[Serve]:
    """Starts a service with some settings changed."""
    with ExitStack() as servers:

        def start(folder: Path = data, **settings: Any) -> Client:
            return servers.enter_context(serving(replace(Settings(data=folder, rate=0, queue_seconds=120), **settings)))

        yield start


@pytest.fixture(scope="module")
def service(data: Path) -> Iterator[Client]:
    """A service with settings as they come."""
    with serving(Settings(data=data, rate=0)) as client:
        yield client


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A service that takes writes with the token ``secret``."""
    folder = tmp_path_factory.mktemp("writable")
    publish(folder)
    with serving(Settings(data=folder, rate=0, queue_seconds=120, token="secret")) as client:
        yield client


@pytest.fixture
def store(writable: Client) -> Client:
    """The same without what other tests wrote to it."""
    left = f'SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRSTARTS(STR(?g), "{GRAPH}")) }}'
    for row in writable.ask(left).rows:
        removed = writable.send("DELETE", f"/store?graph={quote(row['g'], safe='')}", Authorization="Bearer secret")
        assert removed.status == 204, row
    assert writable.ask(left).rows == []
    return writable


@pytest.fixture(scope="session")
def publish_to() -> Callable[..., None]:
    """Publishes another snapshot of the same graph, with another label."""
    return publish


def triples(body: bytes, format: RdfFormat = RdfFormat.TURTLE) -> set[str]:
    return {str(quad) for quad in parse(body, format)}


@pytest.fixture(scope="session")
def open_service() -> Callable[..., AbstractContextManager[Client]]:
    """Starts a service over a data folder with some settings changed, until a block ends; it waits rather than answer 503."""
    return lambda folder, **settings: serving(replace(Settings(data=folder, rate=0, queue_seconds=120), **settings))


@contextmanager
def showing(store: Store) -> Iterator[TestClient]:
    """A browser before the pages of a store, with the proofs and the questions that they lead to."""

    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        found = store.query(text, use_default_graph_as_union=True)
        if isinstance(found, QueryTriples):
            assert isinstance(format, RdfFormat)
            return found.serialize(format=format) or b""
        assert isinstance(format, QueryResultsFormat)
        return found.serialize(format=format) or b""

    async def run(job: Callable[..., bytes], *arguments: object) -> bytes:
        return job(OurStore(store), *arguments)

    site, app = pages.Site(answer, lambda: "7"), FastAPI()
    things = pages.Things(site)
    app.include_router(catalogue.create_router(answer, "https://example.org/sparql", pages.QuestionPages(site)))
    app.include_router(why.create_router(run, pages.Proofs(site)))
    app.include_router(pages.create_router(site))

    @app.get("/id/{path:path}")
    async def thing(request: Request, path: str) -> Response:
        found = await things.thing(request, ID + path)
        if found is None:
            raise HTTPException(404)
        return found

    with TestClient(app, headers={"Accept": "text/html"}) as made:
        yield made


@pytest.fixture(scope="session")
def show() -> Callable[[Store], AbstractContextManager[TestClient]]:
    """Shows the pages of a store until a block ends."""
    return showing
