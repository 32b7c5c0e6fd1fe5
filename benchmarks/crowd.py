"""One client's fresh questions beside a crowd that holds on to the service, turned into how long they take.

python -m benchmarks.crowd [--seconds 20]: ten clients that do not read what they asked for, 2,300 connections that say nothing, addresses
of 63 kB with 7,000 values and with 12,000 names, sent over and over. Prints p50 and p95 alone and in the crowd, what the others were
told, and ends with 1 where an answer was wrong or the crowd was not what it says.
"""

from __future__ import annotations

import argparse
import http.client
import resource
import socket
import statistics
import string
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import product
from pathlib import Path
from urllib.parse import quote

from benchmarks.servers import Server, running, small_snapshot

STILL, IDLE = 10, 2_300
LARGE = quote("SELECT * { ?a ?b ?c . ?d ?e ?f }")
_THREE = tuple("".join(letters) for letters in product(string.ascii_lowercase, repeat=3))
VALUES = "/tasks?" + "&".join(f"unit={letters}" for letters in _THREE[:7_000])
NAMES = "/sparql?query=ASK%20%7B%7D&" + "&".join(_THREE[:12_000])


def fresh(server: Server, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of questions that nobody asked before, and how many of their answers were wrong."""
    took, wrong = [], 0
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        number += 1
        began = time.perf_counter()
        value = str(time.monotonic_ns())
        status, body = _ask(server, f"/sparql?query={quote(f'SELECT ?n {{ BIND({value} AS ?n) ?s ?p {number % 500} }}')}")
        took.append((time.perf_counter() - began) * 1000)
        wrong += status != 200 or body.split() != [b"n", value.encode()]
        time.sleep(0.01)
    return took, wrong


@contextmanager
def crowd(server: Server, told: Counter[str]) -> Iterator[None]:
    """Everybody else, for as long as the block runs. They come from other addresses of the loopback network than the client."""
    over = threading.Event()
    with ExitStack() as stack:
        for _ in range(STILL):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5, ("127.0.0.2", 0)))
            connection.sendall(f"GET /sparql?query={LARGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for _ in range(IDLE):
            with suppress(OSError):
                stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5, ("127.0.0.3", 0)))
                told["idle connections"] += 1
        threads = [threading.Thread(target=_insist, args=(server, path, name, told, over)) for path, name in _LARGE]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()


_LARGE = ((VALUES, "7,000 values"), (NAMES, "12,000 names"))


def _insist(server: Server, path: str, name: str, told: Counter[str], over: threading.Event) -> None:
    while not over.wait(0.2):
        told[f"{name}: {_ask(server, path)[0]}"] += 1


def _ask(server: Server, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept": "text/csv"})
        response = connection.getresponse()
        return response.status, response.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


def _line(name: str, took: list[float], wrong: int) -> str:
    return f"| {name} | {len(took)} | {statistics.median(took):.1f} | {statistics.quantiles(took, n=20)[-1]:.1f} | {wrong} |"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    seconds: float = parser.parse_args().seconds
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8_192)), hard))
    told: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        current = small_snapshot(data)
        with running("ours", data, current.path, Path(folder), client_queries="16", query_seconds="30") as server:
            fresh(server, 2)
            alone = fresh(server, seconds)
            with crowd(server, told):
                beside = fresh(server, seconds)
    print("| fresh questions | asked | p50 ms | p95 ms | wrong |\n| --- | ---: | ---: | ---: | ---: |")
    print(_line("alone", *alone))
    print(_line("in the crowd", *beside))
    print(", ".join(f"{name} x {number}" for name, number in sorted(told.items())))
    sys.exit(
        int(alone[1] + beside[1] > 0 or told["idle connections"] < IDLE or not told["7,000 values: 400"] or not told["12,000 names: 400"])
    )


if __name__ == "__main__":
    main()
