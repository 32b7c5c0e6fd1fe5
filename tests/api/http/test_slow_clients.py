"""Clients that send a body for ever, that do not read, or that know no chunks: each costs little, and for a bounded time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn

from api.http import protocol
from api.http.connections import Connections
from api.http.protocol import HttpProtocol, Shared
from api.http.raw_responses import RawResponses
from tests.api.http.test_protocol import connected, exchange

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
PAIRS = quote("SELECT ?c ?f { ?a <http://example.org/value> ?c . ?d <http://example.org/value> ?f }")
UNFINISHED = [
    b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
    b"POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
    b"PUT /store HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
]
CALL = b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


def everything(connection: socket.socket) -> bytes:
    """What comes until the connection ends; raises ConnectionResetError where it breaks off."""
    received = []
    while part := connection.recv(1 << 20):
        received.append(part)
    return b"".join(received)


def ends(connection: socket.socket, trickle: bytes, seconds: float) -> bool:
    """Whether the server closes a connection within so many seconds, whatever is sent on it."""
    connection.settimeout(0.1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection.sendall(trickle)
            if not connection.recv(1 << 16):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize("request_", UNFINISHED)
def test_rest_of_a_body_is_waited_for_only_so_long_once_its_request_is_answered(serve: Callable[..., Any], request_: bytes) -> None:
    with connected(serve(header_seconds=0.5)) as connection:
        assert exchange(connection, request_)[0].startswith(b"HTTP/1.1 ")
        assert ends(connection, b"1\r\na\r\n" if b"chunked" in request_ else b"a", 10)


def test_body_that_ends_after_its_answer_leaves_the_connection_as_it_was(serve: Callable[..., Any]) -> None:
    with connected(serve(header_seconds=2)) as connection:
        assert exchange(connection, b"POST /tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")[0].startswith(b"HTTP/1.1 405 ")
        connection.sendall(b"defghij")
        assert exchange(connection, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")[0].startswith(b"HTTP/1.1 200 ")
        # Nothing more is asked: the connection is kept as after any other answer, and no longer.
        connection.settimeout(20)
        assert connection.recv(1) == b""


def test_call_of_a_tool_without_its_body_is_refused_in_time(serve: Callable[..., Any]) -> None:
    with connected(serve(body_seconds=0.5, header_seconds=0.5)) as connection:
        head, body = exchange(connection, CALL)
        assert head.startswith(b"HTTP/1.1 400 ")
        assert b"0.5 s" in body
        assert ends(connection, b"", 10)


def test_there_are_no_sessions_to_listen_to(serve: Callable[..., Any]) -> None:
    client = serve()
    for method in ("GET", "DELETE"):
        reply = client.send(method, "/mcp", Accept="text/event-stream", Host="127.0.0.1")
        assert (reply.status, reply.headers["allow"]) == (405, "OPTIONS, POST")


def test_bodies_that_nobody_waits_for_keep_no_connection_that_others_need(serve: Callable[..., Any]) -> None:
    client = serve(connections=4, client_connections=0)
    with ExitStack() as stack:
        for _ in range(4):
            assert exchange(stack.enter_context(connected(client)), UNFINISHED[0])[0].startswith(b"HTTP/1.1 200 ")
        for number in range(4):
            assert client.get(f"/sparql?query=ASK%7B%7D%23{number}").status == 200


def test_bodies_that_trickle_keep_no_connection_that_others_need(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_SLOW_AFTER", 0.5)
    client = serve(connections=4, client_connections=0)
    with ExitStack() as stack:
        connections = [stack.enter_context(connected(client)) for _ in range(4)]
        for connection in connections:
            connection.sendall(CALL)
        time.sleep(1)
        for connection in connections:
            connection.sendall(b"{")
        assert client.get("/sparql?query=ASK%7B%7D").status == 200


def test_body_ends_in_time_whoever_reads_it() -> None:
    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    shared = Shared(RawResponses(0, 0), None, Connections(0, 0), 10, 1 << 16, body_seconds=0.5, answer_seconds=10)
    config = uvicorn.Config(app, port=0, http=partial(HttpProtocol, shared), ws="none", log_config=None, lifespan="off")  # type: ignore[arg-type]
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    try:
        while not running.started:
            assert thread.is_alive()
            time.sleep(0.01)
        with socket.create_connection(running.servers[0].sockets[0].getsockname(), timeout=10) as connection:
            connection.sendall(CALL)
            assert everything(connection).startswith(b"HTTP/1.1 408 ")
    finally:
        running.should_exit = True
        thread.join(20)


def test_answer_of_unknown_length_comes_without_chunks_and_whole(serve: Callable[..., Any]) -> None:
    client = serve()
    with connected(client) as connection:
        connection.sendall(f"GET /sparql?query={PAIRS} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    assert not {b"transfer-encoding", b"content-length"} & {line.split(b":")[0].lower() for line in head.split(b"\r\n")}
    assert body.count(b"\r\n") == 400 * 400 + 1
    assert sorted(body.splitlines()) == sorted(client.get(f"/sparql?query={PAIRS}", Accept="text/csv").body.splitlines())


def test_answer_without_chunks_is_not_held_until_it_is_whole(serve: Callable[..., Any]) -> None:
    with connected(serve(query_seconds=60)) as connection:
        connection.sendall(f"GET /sparql?query={quote(f'SELECT * {{ {CROSS} }}')} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
        received = b""
        while len(received) < 1 << 20:
            part = connection.recv(1 << 16)
            assert part, received[:500]
            received += part
    assert received.startswith(b"HTTP/1.1 200 ")


def test_answer_without_chunks_that_breaks_off_does_not_look_whole(serve: Callable[..., Any]) -> None:
    with connected(serve(query_seconds=1, answer_seconds=2)) as connection:
        connection.sendall(f"GET /sparql?query={quote(f'SELECT * {{ {CROSS} }}')} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
        with pytest.raises(ConnectionResetError):
            everything(connection)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_who_does_not_read_is_not_waited_for_without_end(
    serve: Callable[..., Any], tmp_path: Path, publish_to: Callable[..., None], version: str
) -> None:
    publish_to(tmp_path)
    client = serve(tmp_path, query_seconds=1, answer_seconds=1)
    with connected(client) as connection:
        connection.sendall(f"GET /sparql?query={quote(f'SELECT * {{ {CROSS} }}')} HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        time.sleep(4)
        # What waited for it is gone: it hears so at the end of what had reached its own machine.
        with pytest.raises(ConnectionResetError):
            everything(connection)
