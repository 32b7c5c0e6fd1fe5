"""Answers by the bytes of their requests, and what a connection may not do."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

ONE = quote("SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }")
REQUEST = f"GET /sparql?query={ONE} HTTP/1.1\r\nHost: here\r\nAccept: text/csv\r\n".encode()


@contextmanager
def connected(client: Any) -> Iterator[socket.socket]:
    parts = urlsplit(client.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        yield connection


def exchange(connection: socket.socket, request: bytes) -> tuple[bytes, bytes]:
    """The head and the body of what comes back."""
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(4096) or b"\r\n\r\n"
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) if b"content-length" in head.lower() else 0
    while len(body) < length:
        body += connection.recv(4096)
    return head, body


def given(client: Any) -> float:
    """How many answers were at hand."""
    line = next(line for line in client.get("/metrics").body.decode().splitlines() if line.startswith("zhengce_ready_answers_total"))
    return float(line.split()[1])


def test_same_request_gets_the_same_answer_each_time(service: Any) -> None:
    before = given(service)
    with connected(service) as connection:
        answers = [exchange(connection, REQUEST + b"\r\n") for _ in range(5)]
    assert {body for _, body in answers} == {"l\r\n浦东新区\r\n".encode()}
    assert {head.split(b"\r\n")[0] for head, _ in answers} == {b"HTTP/1.1 200 OK"}
    assert len({head.lower().split(b"etag: ")[1].split(b"\r\n")[0] for head, _ in answers}) == 1
    assert all(b"content-security-policy" in head and b"\r\ndate: " in head.lower() for head, _ in answers)
    assert given(service) - before == 4


def test_request_in_pieces_is_read_as_one(service: Any) -> None:
    with connected(service) as connection:
        whole = exchange(connection, REQUEST + b"\r\n")
        connection.sendall(REQUEST[:20])
        assert exchange(connection, REQUEST[20:] + b"\r\n")[1] == whole[1]


def test_two_requests_in_one_piece_get_two_answers(service: Any) -> None:
    with connected(service) as connection:
        for _ in range(3):
            exchange(connection, REQUEST + b"\r\n")
        connection.sendall((REQUEST + b"\r\n") * 2)
        received = b""
        while received.count("浦东新区".encode()) < 2:
            part = connection.recv(4096)
            assert part
            received += part


def test_not_modified_is_at_hand_too(service: Any) -> None:
    with connected(service) as connection:
        head, _ = exchange(connection, REQUEST + b"\r\n")
        etag = head.lower().split(b"etag: ")[1].split(b"\r\n")[0]
        for _ in range(3):
            assert exchange(connection, REQUEST + b"If-None-Match: " + etag + b"\r\n\r\n")[0].startswith(b"HTTP/1.1 304 ")


def test_connection_is_closed_where_asked(service: Any) -> None:
    for _ in range(3):
        with connected(service) as connection:
            assert exchange(connection, REQUEST + b"Connection: close\r\n\r\n")[1]
            assert connection.recv(1) == b""


def test_next_snapshot_ends_the_answers_at_hand(serve: Callable[..., Any], tmp_path: Path, publish_to: Callable[..., None]) -> None:
    publish_to(tmp_path)
    client = serve(tmp_path)
    with connected(client) as connection:
        for _ in range(3):
            exchange(connection, REQUEST + b"\r\n")
        publish_to(tmp_path, "浦东")
        for _ in range(1000):
            body = exchange(connection, REQUEST + b"\r\n")[1]
            if body != "l\r\n浦东新区\r\n".encode():
                break
            time.sleep(0.02)
    assert body == "l\r\n浦东\r\n".encode()


def test_endless_headers_are_refused(serve: Callable[..., Any]) -> None:
    with connected(serve(header_kilobytes=8)) as connection:
        head, _ = exchange(connection, b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000)
        assert head.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost: he"])
def test_who_does_not_finish_asking_is_cut_off(serve: Callable[..., Any], start: bytes) -> None:
    with connected(serve(header_seconds=0.3)) as connection:
        assert exchange(connection, start)[0].startswith(b"HTTP/1.1 408 ")
        assert connection.recv(1) == b""


def test_who_does_not_finish_sending_is_cut_off(serve: Callable[..., Any]) -> None:
    with connected(serve(body_seconds=0.3)) as connection:
        head, body = exchange(
            connection, b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"
        )
        assert head.startswith(b"HTTP/1.1 400 ")
        assert b"0.3 s" in body
