"""HTTP servers under the same application, turned into a table of which cases each passes and how often it repeats a small answer.

python -m benchmarks.http_servers [--servers ours granian ...] [--seconds 1.5]

``ours`` is `zhengce serve`. The others run ``api.app:create_app`` as a plain ASGI application, as they come; those that are not installed
(`pip install granian hypercorn`) are named and left out. The native Oxigraph server answers the same question beside them.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from benchmarks.load import Times, run
from benchmarks.servers import Server, quads, small_snapshot
from benchmarks.servers import running as native

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "measured"
SMALL = "SELECT ?o { <http://example.org/1> <http://example.org/value> ?o }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
TURTLE = b"<http://example.org/s> <http://example.org/p> 'what was sent' ."
_UVICORN = ["-m", "uvicorn", "--factory", "api.app:create_app", "--no-access-log", "--log-level", "critical", "--port"]
COMMANDS: Mapping[str, list[str]] = {
    "ours": ["-c", "from api.cli.main import main; main()", "serve", "--port"],
    "uvicorn, h11": [*_UVICORN[:-1], "--http", "h11", "--port"],
    "uvicorn, httptools": [*_UVICORN[:-1], "--http", "httptools", "--port"],
    "granian": ["-m", "granian", "--interface", "asgi", "--factory", "api.app:create_app", "--port"],
    "hypercorn": ["-m", "hypercorn", "benchmarks.http_servers:application()", "--bind"],
}
PACKAGES = {"ours": ("uvicorn", "h11"), "uvicorn, h11": ("uvicorn", "h11"), "uvicorn, httptools": ("uvicorn", "httptools")}


def application() -> object:
    """The application, for servers that take no factory."""
    from api.app import create_app

    return create_app()


@contextmanager
def serving(name: str, data: Path) -> Iterator[int]:
    """The port of a server under our application, for as long as the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"DATA": str(data), "TOKEN": TOKEN, "RATE": "0", "LOG": "errors", "HEADER_SECONDS": "2", "CLIENT_QUERIES": "64"}
    environment = dict(os.environ) | {f"ZHENGCE_{key}": value for key, value in settings.items()} | {"PYTHONPATH": str(ROOT)}
    where = f"127.0.0.1:{port}" if name == "hypercorn" else str(port)
    process = subprocess.Popen([sys.executable, *COMMANDS[name], where], env=environment, stdout=-3, stderr=-3, start_new_session=True)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended with {process.returncode}")
            with suppress(OSError):
                if b" 200 " in talk(port, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def talk(port: int, sent: bytes, seconds: float = 5.0, *, until: Callable[[bytes], bool] = lambda _: False, end: bool = False) -> bytes:
    """What comes back until the other end closes, time is over or there is enough. ``end``: this end says that nothing more will come."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection, suppress(OSError):
        connection.sendall(sent)
        if end:
            connection.shutdown(socket.SHUT_WR)
        stop = time.monotonic() + seconds
        while time.monotonic() < stop and not until(received):
            part = connection.recv(1 << 16)
            if not part:
                break
            received += part
    return received


def answered(received: bytes) -> bool:
    """Whether a whole answer with a length is here."""
    head, end, body = received.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r")[0].strip()
    return bool(end) and length.isdigit() and len(body) >= int(length)


def put(port: int, graph: str, rest: bytes, **options: bool) -> bytes:
    """Sends a graph: ``rest`` are the headers of the body and the body."""
    head = f"PUT /store?graph={quote(graph, safe='')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: text/turtle\r\n"
    return talk(
        port, head.encode() + rest, 8, until=lambda got: b"\r\n\r\n" in got.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n"), **options
    )


def holds(port: int, graph: str) -> bool:
    """Whether a graph holds what was sent."""
    path = f"/store?graph={quote(graph, safe='')}"
    return b"what was sent" in talk(port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())


def exists(port: int, graph: str) -> bool:
    """Whether there is such a graph at all."""
    path = f"/store?graph={quote(graph, safe='')}"
    return b" 200 " in talk(port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())[:15]


def status(received: bytes) -> int:
    """The status of an answer; 0 where none came."""
    return int(received[9:12]) if received[9:12].isdigit() else 0


_LENGTH = b"Content-Length: %d\r\n\r\n%b" % (len(TURTLE), TURTLE)


def upgrade_h2c(port: int) -> bool:
    """A body with an offer of HTTP/2 is stored, or refused."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"
    return status(put(port, "http://t/h2c", offer + _LENGTH)) in {200, 201, 204} and holds(port, "http://t/h2c")


def upgrade_others(port: int) -> bool:
    """So are bodies with an offer of WebSocket, of TLS, and of something unheard of in chunks."""
    for number, name in enumerate((b"websocket", b"TLS/1.0", b"anything/3")):
        graph = f"http://t/up{number}"
        chunks = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(TURTLE), TURTLE)
        reply = status(put(port, graph, b"Connection: upgrade\r\nUpgrade: %b\r\n%b" % (name, chunks if number == 2 else _LENGTH)))
        if holds(port, graph) != (reply in {200, 201, 204}):
            return False
    return True


def short_length(port: int) -> bool:
    """A body shorter than announced stores nothing."""
    put(port, "http://t/short", b"Content-Length: %d\r\n\r\n%b" % (len(TURTLE) + 40, TURTLE), end=True)
    return not exists(port, "http://t/short")


def no_last_chunk(port: int) -> bool:
    """Chunks without the last one store nothing."""
    put(port, "http://t/chunk", b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(TURTLE), TURTLE), end=True)
    return not exists(port, "http://t/chunk")


def two_lengths(port: int) -> bool:
    """Length and chunks at once, or two lengths, are refused."""
    both = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(TURTLE), TURTLE)
    return status(put(port, "http://t/two", both)) == 400 and status(put(port, "http://t/two", b"Content-Length: 9\r\n" + _LENGTH)) == 400


def expect_continue(port: int) -> bool:
    """Who asks whether to go on is told so before the body is sent."""
    head = f"PUT /store?graph=http://t/e HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: text/turtle\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection, suppress(OSError):
        connection.sendall(head.encode() + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(TURTLE))
        if not connection.recv(100).startswith(b"HTTP/1.1 100"):
            return False
        connection.sendall(TURTLE)
        return status(connection.recv(1 << 16)) in {201, 204}
    return False


def raw_utf8(port: int) -> bool:
    """Raw UTF-8 in a query string is read, or refused in our own words."""
    for path in ("/search?q=低空", "/sparql?query=SELECT('低空'AS?x){}"):
        reply = talk(port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        if status(reply) != 200 and not (status(reply) == 400 and b"problem+json" in reply):
            return False
    return True


def http_1_0(port: int) -> bool:
    """An answer of unknown length to HTTP/1.0 comes without chunks."""
    received = talk(port, f"GET /sparql?query={quote(LARGE)}%20LIMIT%2020000 HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
    return status(received) == 200 and b"transfer-encoding" not in received.partition(b"\r\n\r\n")[0].lower() and len(received) > 100_000


def large_headers(port: int) -> bool:
    """100 kB of headers are refused as too large (431), in one piece and in many fields."""
    one = talk(port, b"GET /health HTTP/1.1\r\nHost: x\r\nX: %b\r\n\r\n" % (b"a" * 100_000))
    many = talk(port, b"GET /health HTTP/1.1\r\nHost: x\r\n%b\r\n" % b"".join(b"X-%d: %b\r\n" % (n, b"a" * 90) for n in range(1000)))
    return (status(one), status(many)) == (431, 431)


def slow_headers(port: int) -> bool:
    """Who does not finish the headers is told so and cut off."""
    began = time.monotonic()
    reply = talk(port, b"GET /health HTTP/1.1\r\nHo", 6)
    return status(reply) == 408 and time.monotonic() - began < 5


def bad_host(port: int) -> bool:
    """A host that is none is refused."""
    hosts = ('"><script>', "a b", "x:y:z", "")
    return all(status(talk(port, f"GET /sparql HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())) == 400 for host in hosts)


def pipelining(port: int) -> bool:
    """Three requests in one piece get three answers in their order."""
    asked = b"".join(
        f"GET /sparql?query={quote(f'SELECT ({n} AS ?n) {{}}')} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode() for n in (7, 8, 9)
    )
    received = talk(port, asked, 4, until=lambda got: b"n\r\n9\r\n" in got)
    places = [received.find(b"n\r\n%d\r\n" % n) for n in (7, 8, 9)]
    return places[0] > 0 and places == sorted(places)


def head(port: int) -> bool:
    """HEAD says what GET says and sends nothing more."""
    path = f"/sparql?query={quote(SMALL)}"
    got = talk(port, f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return status(got) == 200 and got.endswith(b"\r\n\r\n")


def still_readers(port: int) -> bool:
    """Ten clients that ask for much and do not read keep nobody waiting."""
    with ExitStack() as stack:
        for _ in range(10):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            connection.sendall(f"GET /sparql?query={quote(LARGE)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(2)
        for n in range(10):
            request = f"GET /sparql?query={quote(SMALL)}%23still{n} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            began = time.monotonic()
            if status(talk(port, request, 3, until=answered)) != 200 or time.monotonic() - began > 0.5:
                return False
    return True


def idle_connections(port: int) -> bool:
    """2,300 connections of one address that say nothing keep nobody else out, nor from /health."""
    with ExitStack() as stack:
        # Each connection that a full backlog keeps waiting would take the whole time-out: after the first there is no more to learn.
        with suppress(OSError):
            for _ in range(2300):
                stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5, source_address=("127.0.0.3", 0)))
        paths = ("/health", f"/sparql?query={quote(SMALL)}%23idle")
        return all(status(talk(port, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 3, until=answered)) == 200 for path in paths)


CASES: tuple[Callable[[int], bool], ...] = (
    upgrade_h2c, upgrade_others, short_length, no_last_chunk, two_lengths, expect_continue, raw_utf8, http_1_0, large_headers, slow_headers,
    bad_host, pipelining, head, still_readers, idle_connections,
)  # fmt: skip


def rates(port: int, path: str, seconds: float) -> Iterator[Times]:
    """The same small question at 1 and 16 clients."""
    request = f"GET {path}?query={quote(SMALL)} HTTP/1.1\r\nHost: x\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
    for clients in (1, 16):
        yield run(port, iter(lambda: request, b""), clients=clients, seconds=seconds)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.http_servers", description=__doc__)
    parser.add_argument("--servers", nargs="+", choices=list(COMMANDS), default=list(COMMANDS))
    parser.add_argument("--seconds", type=float, default=1.5)
    given = parser.parse_args()
    passed: dict[str, list[bool]] = {}
    measured: dict[str, list[Times]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        current = small_snapshot(data)
        # Before the cases, whose writes drop this snapshot.
        quads(current.path, Path(folder))
        for name in given.servers:
            packages = PACKAGES.get(name, (name,))
            if not all(importlib.util.find_spec(package) for package in packages):
                print(f"{name} is not installed and left out.")
                continue
            title = f"{name} ({', '.join(f'{package} {version(package)}' for package in packages)})"
            with serving(name, data) as port:
                measured[title] = list(rates(port, "/sparql", given.seconds))
                passed[title] = [_passes(case, port) for case in CASES]
        with native("oxigraph in memory", data, current.path, Path(folder)) as server:
            measured["native Oxigraph"] = list(_native(server, given.seconds))
    _print(passed, measured)


def _passes(case: Callable[[int], bool], port: int) -> bool:
    try:
        return case(port)
    except OSError:
        return False


def _native(server: Server, seconds: float) -> Iterator[Times]:
    yield from rates(server.port, server.path, seconds)


def _print(passed: Mapping[str, list[bool]], measured: Mapping[str, list[Times]]) -> None:
    print(f"\n| case | {' | '.join(passed)} |\n| --- |{' :---: |' * len(passed)}")
    for number, case in enumerate(CASES):
        print(f"| {(case.__doc__ or '').strip('.')} | {' | '.join('yes' if held[number] else '**no**' for held in passed.values())} |")
    print("\n| server | 1 client, answers a second | 16 clients | of native, 1 | of native, 16 |\n| --- | ---: | ---: | ---: | ---: |")
    base = measured["native Oxigraph"]
    for name, times in measured.items():
        cells = [f"{each.rate:,.0f}" for each in times] + [f"{each.rate / other.rate:.2f}" for each, other in zip(times, base, strict=True)]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
