"""No request keeps the event loop from others: every address, with large parameters, computes for 50 ms at most in one go.

What is measured is the processor time of the loop's thread for each callback, not a clock: what else the machine does is no part of it.
The first request of an address may fill caches (templates, labels); a second one, with other values, counts.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from pyoxigraph import Store

from api.app import create_app, server
from api.settings import Settings
from tests.snapshots import published

MOST = 0.05
# What holds the loop holds it each time; a collection of garbage in the process of the tests, which is a large one, falls on one of them.
TRIES = 2
LONG = "低空" * 90
LARGE = "SELECT (SHA512(CONCAT(STR(?a), STR(?b), STR(?c))) AS ?h) { ?a ?b ?c } LIMIT 7000"
ODD = "\u202e\u0000é𠀀﷽" * 20
VALUES = {
    "path": "notice/huzhiban-2026-2/task/9",
    "name": "tasks-by-industry",
    "suffix": "json",
    "kind": "platform",
    "part": "Task-1",
    "pair": "1-1",
}
WRITES = {"/update", "/store", "/store/{path:path}"}


@dataclass
class Watched:
    """A service whose loop tells how long its longest callback took."""

    host: str
    port: int
    longest: float = 0.0
    what: str = ""

    def get(self, path: str, accept: str = "text/html") -> int:
        return self.send("GET", path, None, Accept=accept)

    def send(self, method: str, path: str, body: bytes | None, **headers: str) -> int:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Accept-Encoding": "gzip", **named})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status


@pytest.fixture(scope="module")
def watched(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("loop")
    published(dataset, folder)
    with _serving(folder) as found:
        yield found


@contextmanager
def _serving(folder: Path) -> Iterator[Watched]:
    running = server(replace(Settings(data=folder, rate=0, log="errors"), port=0, stop_seconds=1))
    running.config.loop = "asyncio"
    found = Watched("", 0)
    theirs = asyncio.events.Handle._run

    def run(handle: Any) -> None:
        began = time.thread_time()
        theirs(handle)
        spent = time.thread_time() - began
        if spent > found.longest and threading.current_thread() is thread:
            found.longest, found.what = spent, repr(handle)

    thread = threading.Thread(target=running.run, daemon=True)
    gc.collect()
    gc.freeze()
    asyncio.events.Handle._run = run  # type: ignore
    try:
        thread.start()
        for _ in range(3000):
            if running.started:
                break
            time.sleep(0.01)
        assert running.started
        parts = urlsplit(f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}")
        found.host, found.port = str(parts.hostname), int(parts.port or 0)
        yield found
    finally:
        asyncio.events.Handle._run = theirs  # type: ignore
        running.should_exit = True
        thread.join(20)
        gc.unfreeze()


def paths() -> list[str]:
    """Every address of the application that is asked with GET."""
    return sorted({route.path for route in _routes(create_app(Settings(data=Path("nowhere"))).routes) if "GET" in route.methods} - WRITES)


def _routes(routes: Any) -> Iterator[Any]:
    """The routes, those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes)
        else:
            yield route


def queries(number: int) -> Iterator[str]:
    """Parameters of every size, different each time."""
    yield f"q={quote(LONG)}{number}&lang=en"
    yield f"q={quote(ODD)}{number}"
    yield "&".join(f"unit=a{number}{value}" for value in range(150))
    yield "&".join(f"unit=a{number}{value}&industry=b{value}" for value in range(12))
    yield "&".join(f"unit=a{number}{value}" for value in range(1000))
    yield "&".join(f"name{value}=a{number}" for value in range(12_000))[:60_000]
    yield f"query=ASK%7B%7D%23{number}&" + "&".join(f"n{value}" for value in range(1990))
    yield f"page={10**9 + number}&sort=units&limit=1000000&offset=99999"
    yield f"s=task/9&p=involvesIndustry&o={quote(LONG)}{number}"
    yield f"query={quote('SELECT * { ?s ?p ?o }')}{'%20' * 9000}%23{number}"


def filled(path: str) -> str:
    """An address with values for its parameters; a parameter without one fails the test."""
    names = {"/static/assets/{name}": "x", "/overview/{name}.svg": "districts", "/dumps/{name:path}": "all.nq.gz"}
    values = {**VALUES, "name": names.get(path, VALUES["name"]), "number": "沪质办〔2026〕2号", "language": "en", "what": "entity"}
    for name, value in values.items():
        path = path.replace(f"{{{name}:path}}", quote(value)).replace(f"{{{name}}}", quote(value))
    assert "{" not in path, f"{path}: no value for a parameter"
    return path


@pytest.mark.parametrize("path", paths())
def test_no_address_keeps_the_loop(watched: Watched, path: str) -> None:
    address = filled(path)
    for accept in ("text/html", "application/json"):
        watched.get(address, accept)
        for alike in zip(*(queries(number) for number in range(TRIES + 1)), strict=True):
            watched.get(f"{address}?{alike[0]}", accept)
            short = any(_longest(watched, f"{address}?{query}", accept) < MOST for query in alike[1:])
            assert short, (path, accept, alike[1][:80], watched.longest, watched.what[:300])


def _longest(watched: Watched, address: str, accept: str) -> float:
    """How long the loop computed at most during one request, in seconds of processor."""
    watched.longest = 0.0
    status = watched.get(address, accept)
    assert status < 500 or status in {503, 507}, (status, address[:80])
    return watched.longest


def test_too_many_values_are_refused_before_any_work(watched: Watched) -> None:
    letters = "abcdefghijklmnopqrst"
    values = [f"unit={a}{b}{c}" for a in letters for b in letters for c in letters][:7000]
    for count in (1000, 7000):
        watched.longest = 0.0
        assert watched.get("/tasks?" + "&".join(values[:count])) == 400
        assert watched.longest < MOST
    assert watched.get("/tasks?" + "&".join(values[:150])) == 400
    assert watched.get("/tasks?" + "&".join(values[:20])) == 200


def bodies(number: int) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Addresses that read a body, and the most that they read of it, different each time."""
    form, sparql = {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "application/sparql-query"}
    layered = b"ASK {}#%d" % number
    for _ in range(3000):
        layered = gzip.compress(layered, 0)
    yield "/sparql", layered[: 1000 << 10], {**sparql, "Content-Encoding": ",".join(["gzip"] * 3000)}
    yield "/sparql", gzip.compress(b" " * (1000 << 10) + b"ASK {}#%d" % number), {**sparql, "Content-Encoding": "gzip"}
    yield "/sparql", b"{}" * 500_000 + b"#%d" % number, sparql
    yield "/sparql", b"query=ASK%7B%7D%23%zz" + b"%41" * 340_000 + b"%d" % number, form
    yield "/sparql", quote(LARGE).encode().join((b"query=", b"%%23%d" % number)), {**form, "Accept": "text/csv"}
    yield "/reconcile", b"queries=" + quote(json.dumps({f"q{n}": {"query": f"a{number}"} for n in range(9000)})).encode(), form
    yield "/reconcile", b"queries=" + b"[" * 500_000, form


@pytest.mark.parametrize("which", range(7))
def test_no_body_keeps_the_loop(watched: Watched, which: int) -> None:
    longest = []
    for number in range(TRIES + 2):
        path, body, headers = list(bodies(number))[which]
        watched.longest = 0.0
        status = watched.send("POST", path, body, **headers)
        assert status in {200, 400, 413}, (status, body[:60])
        longest.append(watched.longest)
    assert min(longest[1:]) < MOST, (longest, watched.what[:300])


def test_an_answer_at_hand_is_packed_beside_the_loop(watched: Watched) -> None:
    longest = []
    for _ in range(TRIES + 2):
        watched.longest = 0.0
        headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
        assert watched.send("POST", "/sparql", LARGE.encode(), **headers) == 200
        longest.append(watched.longest)
    assert min(longest[1:]) < MOST / 2, (longest, watched.what[:300])
