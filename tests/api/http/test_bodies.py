"""A body is read as it was announced, or not at all: offers of another protocol, broken lengths and chunks, heads of all shapes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.sockets import half_close

TURTLE = b"<http://t/s> <http://t/p> 'sent' ."
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"


def talk(client: Any, *parts: bytes, end: bool = False) -> bytes:
    """What comes back for bytes that are sent one part after the other."""
    where = urlsplit(client.url)
    received = b""
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        try:
            for part in parts:
                connection.sendall(part)
            if end:
                half_close(connection)
            while part := connection.recv(1 << 16):
                received += part
        except ConnectionResetError:
            pass
    return received


def put(graph: str, headers: bytes, body: bytes = b"") -> bytes:
    line = f"PUT /store?graph={quote(graph, safe='')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
    return line + b"Authorization: Bearer secret\r\nContent-Type: text/turtle\r\n" + headers + b"\r\n" + body


def held(client: Any, graph: str) -> bytes:
    """The triples of a graph; nothing where there is none."""
    reply = client.get(f"/store?graph={quote(graph, safe='')}", Accept="application/n-triples")
    return reply.body if reply.status == 200 else b""


def chunked(*pieces: bytes, last: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + last


LENGTH = b"Content-Length: %d\r\n" % len(TURTLE)


@pytest.mark.parametrize(
    "offer",
    [
        H2C,
        b"connection: upgrade\r\nupgrade: H2C\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n",
        b"Connection: keep-alive, Upgrade\r\nUpgrade: TLS/1.0, h2c\r\n",
        b"Upgrade: anything/3\r\n folded\r\nConnection: upgrade\r\n",
        b"UPGRADE : h2c\r\nConnection: Upgrade\r\n",
    ],
)
@pytest.mark.parametrize("in_chunks", [False, True])
def test_offer_of_another_protocol_loses_nothing(store: Any, offer: bytes, in_chunks: bool) -> None:
    framing, body = (b"Transfer-Encoding: chunked\r\n", chunked(TURTLE[:9], TURTLE[9:])) if in_chunks else (LENGTH, TURTLE)
    received = talk(store, put("http://t/g", offer + framing, body))
    assert (b"sent" in held(store, "http://t/g")) == (received[9:12] in {b"201", b"204"})
    assert received[9:12] in {b"201", b"400"}
    if offer.startswith((b"Connection: U", b"connection")):
        assert received.startswith(b"HTTP/1.1 201")


def test_query_by_post_with_an_offer_is_answered(store: Any) -> None:
    query = b"SELECT (1 AS ?x) {}"
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n"
        % len(query)
    )
    assert talk(store, head + H2C.replace(b"Upgrade, ", b"close, Upgrade, ") + b"\r\n" + query).endswith(b"x\r\n1\r\n")


def test_offer_behind_a_chunked_body_is_passed_over(store: Any) -> None:
    first = put("http://t/1", b"Transfer-Encoding: chunked\r\n", chunked(TURTLE)).replace(b"Connection: close\r\n", b"")
    received = talk(store, first + put("http://t/2", H2C + LENGTH, TURTLE))
    # Both in one piece: where the first body ends is read here, so that the second head is seen like any other.
    assert received.count(b" 201 ") == 2
    assert b"sent" in held(store, "http://t/1")
    assert b"sent" in held(store, "http://t/2")


BROKEN: dict[str, tuple[bytes, bytes]] = {
    "shorter than announced": (b"Content-Length: %d\r\n" % (len(TURTLE) + 50), TURTLE),
    "no last chunk": (b"Transfer-Encoding: chunked\r\n", chunked(TURTLE, last=b"")),
    "last chunk without its end": (b"Transfer-Encoding: chunked\r\n", chunked(TURTLE, last=b"0\r\n")),
    "chunk shorter than announced": (b"Transfer-Encoding: chunked\r\n", b"ff\r\n" + TURTLE),
    "chunk of no size": (b"Transfer-Encoding: chunked\r\n", b"zz\r\n" + TURTLE + b"\r\n0\r\n\r\n"),
    "frames larger than the content warrants": (b"Transfer-Encoding: chunked\r\n", b"1;" + b"a" * 200_000 + b"\r\n" + chunked(TURTLE)),
    "chunks in another coding": (b"Transfer-Encoding: gzip, chunked\r\n", chunked(TURTLE)),
    "two lengths": (LENGTH + b"Content-Length: 5\r\n", TURTLE),
    "length and chunks": (LENGTH + b"Transfer-Encoding: chunked\r\n", chunked(TURTLE)),
    "no number": (b"Content-Length: many\r\n", TURTLE),
    "negative": (b"Content-Length: -5\r\n", TURTLE),
    "more digits than a length has": (b"Content-Length: %d\r\n" % 10**30, TURTLE),
    "connect": (b"", b""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_body_that_is_not_as_announced_stores_nothing(store: Any, name: str) -> None:
    headers, body = BROKEN[name]
    request = put("http://t/b", headers, body)
    received = talk(
        store, request.replace(b"PUT /store?graph=http%3A%2F%2Ft%2Fb", b"CONNECT a:1") if name == "connect" else request, end=True
    )
    assert not received or received[9:10] in {b"4", b"5"}
    assert held(store, "http://t/b") == b""


def test_clients_that_break_off_anywhere_store_all_or_nothing(store: Any) -> None:
    whole = put("http://t/x", LENGTH, TURTLE), put("http://t/x", b"Transfer-Encoding: chunked\r\n", chunked(TURTLE[:11], TURTLE[11:]))
    for request in whole:
        for cut in range(1, len(request), 7):
            talk(store, request[:cut], end=True)
            assert held(store, "http://t/x") == b"", request[:cut]
    talk(store, whole[0])
    assert b"sent" in held(store, "http://t/x")


@pytest.mark.parametrize("sent", ["/search?q=低空", "/sparql?query=SELECT('低空'AS?x){}", "/search?q=é&limit=3"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_raw_bytes_in_a_query_string(store: Any, sent: str, encoding: str) -> None:
    received = talk(store, f"GET {sent} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(encoding))
    assert received.startswith(b"HTTP/1.1 200") if encoding == "utf-8" else received[9:12] in {b"200", b"400"}
    assert encoding == "utf-8" or received.startswith(b"HTTP/1.1 200") or b"application/problem+json; charset=utf-8" in received


@pytest.mark.parametrize("graph", ["http://g.test/图", "http://g.test/a b", "http://g.test/\u202e"])
def test_place_of_a_graph_is_an_ascii_header(store: Any, graph: str) -> None:
    received = talk(store, put(graph, LENGTH, TURTLE))
    head = received.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert received[9:12] == (b"201" if " " not in graph else b"400")
    assert (b"sent" in held(store, graph)) == (received[9:12] == b"201")


def heads() -> Iterator[bytes]:
    yield b"X: " + b"a" * 100_000 + b"\r\n"
    yield b"".join(b"X-%d: %b\r\n" % (number, b"a" * 90) for number in range(1000))
    yield b"X: " + b"a" * 66_000


@pytest.mark.parametrize("head", list(heads()), ids=["one field", "many fields", "endless"])
def test_heads_over_the_limit_are_refused(store: Any, head: bytes) -> None:
    received = talk(store, b"GET /health HTTP/1.1\r\nHost: x\r\n" + head + (b"" if len(head) == 66_003 else b"\r\n"))
    assert received.startswith(b"HTTP/1.1 431")
    assert "请求头过大".encode() in received
