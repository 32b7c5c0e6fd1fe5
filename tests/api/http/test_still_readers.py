"""Clients that do not read, and clients that say nothing, keep nobody else waiting."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

LARGE = quote("SELECT * { ?a ?b ?c . ?d ?e ?f }")


def opened(client: Any, stack: ExitStack, sent: bytes = b"") -> socket.socket:
    where = urlsplit(client.url)
    connection = stack.enter_context(socket.create_connection((where.hostname, where.port), timeout=10))
    connection.sendall(sent)
    return connection


def fresh(client: Any, number: int) -> int:
    return int(client.get(f"/sparql?query={quote('ASK {}')}%23{number}", Accept="text/csv").status)


def test_ten_still_readers_of_one_address_keep_no_place_that_others_need(
    serve: Callable[..., Any], tmp_path: Path, publish_to: Any
) -> None:
    publish_to(tmp_path)
    client = serve(tmp_path, workers=2, slow_workers=4, slow_seconds=0.2, rate=0)
    with ExitStack() as stack:
        for _ in range(10):
            opened(client, stack, f"GET /sparql?query={LARGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(3)
        assert [fresh(client, number) for number in range(20)] == [200] * 20
        # A long question of somebody else gets a slow place too.
        reply = client.get(f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }')}", Accept="text/csv")
        assert reply.status == 200


def test_who_does_not_read_leaves_the_quick_places_long_before_the_query_counts_as_slow(
    serve: Callable[..., Any], tmp_path: Path, publish_to: Any
) -> None:
    publish_to(tmp_path)
    client = serve(tmp_path, workers=2, slow_workers=8, slow_seconds=60, queue_seconds=5, rate=0)
    with ExitStack() as stack:
        for _ in range(2):
            opened(client, stack, f"GET /sparql?query={LARGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
        assert [fresh(client, number) for number in range(5)] == [200] * 5


def test_idle_connections_yield_to_new_ones(serve: Callable[..., Any]) -> None:
    client = serve(connections=60, client_connections=40)
    with ExitStack() as stack:
        idle = [opened(client, stack) for _ in range(120)]
        assert client.get("/health").status == 200
        assert fresh(client, 1) == 200
        closed = 0
        for connection in idle:
            connection.settimeout(0.05)
            with suppress(TimeoutError):
                closed += connection.recv(1) == b""
        assert 75 <= closed <= 85


def test_health_is_told_where_every_connection_is_busy(serve: Callable[..., Any], tmp_path: Path, publish_to: Any) -> None:
    publish_to(tmp_path)
    client = serve(tmp_path, connections=3, client_connections=0)
    with ExitStack() as stack:
        for _ in range(3):
            opened(
                client, stack, b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\n"
            )
        time.sleep(0.2)
        health = opened(client, stack, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert health.recv(100).startswith(b"HTTP/1.1 200")
        other = opened(client, stack, b"GET /sparql HTTP/1.1\r\nHost: x\r\n\r\n")
        assert other.recv(100).startswith(b"HTTP/1.1 503")
