"""Writes of clients that break off at random bytes, turned into what the graphs hold afterwards: each wholly there or not at all.

python -m benchmarks.broken_writes [--times 10000] [--seed 1]: PUT with a length, PUT in chunks, PUT packed with gzip, updates as text and
as a form, some with an offer of another protocol. Nine in ten are cut at a random byte, in one piece or in several, with or without the
end of the stream said. Each graph gets 20 triples. Prints what came of them and ends with 1 where one is there in part, where a whole one
that was acknowledged is missing, or where nothing was cut or stored at all.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import random
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from benchmarks.servers import running, small_snapshot

TOKEN = "measured"
TRIPLES = 20
_OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent of a request, and what came back."""

    kind: str
    graph: str
    cut: bool
    status: int


def turtle(graph: str) -> bytes:
    """The triples of a graph. Cut anywhere after a full stop, the text is valid still."""
    return b"".join(b"<%b/%d> <http://t/p> %d .\n" % (graph.encode(), n, n) for n in range(TRIPLES))


def put(graph: str, rest: bytes) -> bytes:
    """A request that puts a graph; ``rest`` are the headers of the body and the body."""
    head = f"PUT /store?graph={quote(graph, safe='')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: text/turtle\r\n"
    return head.encode() + rest


def update(body: bytes, kind: str) -> bytes:
    """A request with an update."""
    head = f"POST /update HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: {kind}\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def with_length(graph: str) -> bytes:
    """A PUT that announces its length."""
    return put(graph, b"Content-Length: %d\r\n\r\n%b" % (len(turtle(graph)), turtle(graph)))


def in_chunks(graph: str) -> bytes:
    """A PUT of which each triple is a chunk."""
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(line), line) for line in turtle(graph).splitlines(keepends=True))
    return put(graph, b"Transfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n" % chunks)


def packed(graph: str) -> bytes:
    """A PUT packed with gzip."""
    body = gzip.compress(turtle(graph))
    return put(graph, b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


def offering(graph: str) -> bytes:
    """A PUT with an offer of HTTP/2."""
    return put(graph, _OFFER + b"Content-Length: %d\r\n\r\n%b" % (len(turtle(graph)), turtle(graph)))


def as_text(graph: str) -> bytes:
    """An update of one operation for each triple, so that its beginning is an update as well."""
    operations = (f"INSERT DATA {{ GRAPH <{graph}> {{ <{graph}/{n}> <http://t/p> {n} }} }}" for n in range(TRIPLES))
    return update(" ;\n".join(operations).encode(), "application/sparql-update")


def as_form(graph: str) -> bytes:
    """The same in a form."""
    operations = (f"INSERT DATA {{ GRAPH <{graph}> {{ <{graph}/{n}> <http://t/p> {n} }} }}" for n in range(TRIPLES))
    return update(f"update={quote_plus(' ; '.join(operations))}".encode(), "application/x-www-form-urlencoded")


KINDS: tuple[Callable[[str], bytes], ...] = (with_length, in_chunks, packed, offering, as_text, as_form)


def send(port: int, number: int, chance: random.Random) -> Sent:
    """One write, cut or not."""
    kind = chance.choice(KINDS)
    graph = f"http://t/{number}"
    request = kind(graph)
    cut = chance.random() < 0.9
    end = chance.randrange(1, len(request)) if cut else len(request)
    status = 0
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        at = 0
        while at < end:
            step = min(end - at, chance.choice((end, end, 1 + chance.randrange(200))))
            connection.sendall(request[at : at + step])
            at += step
        if cut and chance.random() < 0.5:
            # Gone without a word; otherwise the end of the stream is said and the answer is read.
            return Sent(kind.__name__, graph, cut, 0)
        if cut:
            connection.shutdown(socket.SHUT_WR)
        reply = connection.recv(1 << 16)
        status = int(reply[9:12]) if reply[9:12].isdigit() else 0
    return Sent(kind.__name__, graph, cut, status)


def held(port: int) -> Counter[str]:
    """How many triples each graph holds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    query = quote("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s <http://t/p> ?o } } GROUP BY ?g")
    connection.request("GET", f"/sparql?query={query}", headers={"Accept": "text/csv"})
    rows = connection.getresponse().read().decode().split()[1:]
    connection.close()
    return Counter({graph: int(number) for graph, number in (row.split(",") for row in rows)})


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broken_writes", description=__doc__)
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        current = small_snapshot(data)
        with running("ours", data, current.path, Path(folder), token=TOKEN, header_seconds="2") as server:
            sent = [send(server.port, number, chance) for number in range(given.times)]
            graphs = held(server.port)
    sys.exit(_report(sent, graphs))


def _report(sent: list[Sent], graphs: Counter[str]) -> int:
    print("| kind | sent | cut | acknowledged | wholly there | in part | acknowledged and missing |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    bad = 0
    for kind in [each.__name__ for each in KINDS]:
        mine = [each for each in sent if each.kind == kind]
        there = [each for each in mine if graphs[each.graph] == TRIPLES]
        part = [each for each in mine if graphs[each.graph] not in {0, TRIPLES}]
        told = [each for each in mine if 200 <= each.status < 300]
        lost = [each for each in told if graphs[each.graph] != TRIPLES]
        figures = (len(mine), sum(each.cut for each in mine), len(told), len(there), len(part), len(lost))
        print(f"| {kind.replace('_', ' ')} | {' | '.join(f'{figure:,}' for figure in figures)} |")
        bad += len(part) + len(lost)
    return int(bad > 0 or not any(each.cut for each in sent) or not graphs)


if __name__ == "__main__":
    main()
