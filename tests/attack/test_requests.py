"""Requests that no client would send get an answer below 500, or none; many and slow ones keep nobody else waiting."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack
from urllib.parse import quote

from tests.attack.conftest import COUNT
from tests.conformance.service import Service
from tests.sockets import half_close

QUERY = quote("SELECT ?s { ?s ?p 7 }", safe="")
HEADERS = (
    "accept",
    "accept-encoding",
    "content-type",
    "content-length",
    "transfer-encoding",
    "if-none-match",
    "authorization",
    "host",
    "range",
    "x-request-id",
)
VALUES = (
    "", "*/*", "text/html;q=", "text/html;q=nan", "application/json;q=1e309", ",,,;;;", "q=1;q=1", "gzip;q=-1", "W/", '"', "\\", "0", "-1",
    "1e9", "chunked", "bytes=0-", "Bearer", "Bearer \xff", "a" * 8000, "application/sparql-query; charset=utf-8; charset=utf-16",
    "text/turtle, " * 500,
)  # fmt: skip
NAMES = (
    "query",
    "update",
    "default-graph-uri",
    "named-graph-uri",
    "timeout",
    "graph",
    "default",
    "q",
    "s",
    "p",
    "o",
    "limit",
    "page",
    "bom",
    "lang",
)


def conversation(service: Service, sent: bytes, seconds: float = 5.0) -> bytes:
    """What comes back until the other end closes, or has said its status."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=seconds) as connection:
        try:
            connection.sendall(sent)
            half_close(connection)
            return connection.recv(4096)
        except (ConnectionError, TimeoutError):
            return b""


def test_requests_of_noise_are_refused_or_dropped(service: Service) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(150):
        sent = bytearray(f"GET {COUNT} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(sent))
            sent[place : place + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
        answer = conversation(service, bytes(sent))
        assert not answer.startswith(b"HTTP/1.1 5"), sent


def test_odd_headers_and_parameters_are_answered_below_500(service: Service) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(300):
        path = chance.choice(
            (
                "/sparql",
                "/query",
                "/store",
                "/update",
                "/queries",
                "/queries/tasks",
                "/why",
                "/id/x",
                "/def",
                "/.well-known/void",
                "/search",
                "/",
            )
        )
        values = ("", QUERY, "%00", "%ff", "%", "http://", "x" * 2000, "-1", "%F0%9F%8F%99", "../..", "%2e%2e%2f", "'\"><", "{}")
        pairs = "&".join(f"{chance.choice(NAMES)}={chance.choice(values)}" for _ in range(chance.randint(0, 4)))
        headers = "".join(f"{chance.choice(HEADERS)}: {chance.choice(VALUES)}\r\n" for _ in range(chance.randint(0, 3)))
        method = chance.choice(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "QUERY", "TRACE", "get", "X" * 50))
        sent = f"{method} {path}?{pairs} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n".encode("latin-1")
        answer = conversation(service, sent)
        assert not answer.startswith(b"HTTP/1.1 5"), sent


def test_a_thousand_idle_connections_keep_nobody_waiting(service: Service) -> None:
    with ExitStack() as open_:
        for number in range(1000):
            connection = open_.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=10))
            # Some say nothing, some stop in the middle of a line.
            connection.sendall(
                (b"", b"GET /health HTTP/1.1\r\nHo", b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")[number % 3]
            )
        for _ in range(20):
            assert service.ask("GET", COUNT, {"Accept": "text/csv"}).status == 200


def test_a_slow_reader_keeps_nobody_waiting(service: Service) -> None:
    large = quote("SELECT * { ?a ?b ?c . ?d ?e ?f }", safe="")
    with ExitStack() as open_:
        for _ in range(4):
            connection = open_.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=10))
            connection.sendall(f"GET /sparql?query={large} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        for _ in range(20):
            assert service.ask("GET", COUNT, {"Accept": "text/csv"}).status == 200
