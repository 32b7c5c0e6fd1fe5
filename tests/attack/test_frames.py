"""What stands between requests and around their bodies: one reading of where each ends, one answer to each, no work without content."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.attack.conftest import COUNT
from tests.conformance.service import TOKEN, Service
from tests.sockets import half_close

SLOW = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i = -1) }", safe="")
QUERY = b"SELECT ?s { ?s ?p 7 }"
POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nAccept: text/csv\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = b"%x\r\n%b\r\n0\r\n" % (len(QUERY), QUERY)


def said(service: Service, *sent: bytes | float, silent: bool = False, seconds: float = 10.0) -> bytes:
    """All that comes back until the other end closes, or says nothing more; a number is a pause."""
    received = b""
    with socket.create_connection(("127.0.0.1", service.port), timeout=seconds) as connection:
        try:
            for part in sent:
                if isinstance(part, bytes):
                    connection.sendall(part)
                else:
                    time.sleep(part)
            if silent:
                half_close(connection)
            while part := connection.recv(1 << 16):
                received += part
        except (ConnectionError, TimeoutError):
            pass
    return received


def statuses(received: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", received)]


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: a", "Accept: text/csv", *headers, "", "")).encode()


def waited(service: Service, attack: Callable[[socket.socket], None]) -> float:
    """How long another client waits for a fresh answer at most while an attack is under way."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as attacker:
        attacker.setblocking(False)
        longest, until = 0.0, time.monotonic() + 2.0
        while time.monotonic() < until:
            try:
                attack(attacker)
            except BlockingIOError:
                pass
            except ConnectionError:
                break
            began = time.monotonic()
            assert service.ask("GET", "/health").status == 200
            longest = max(longest, time.monotonic() - began)
    return longest


@pytest.mark.parametrize(
    "part",
    [b"0\r\n" + b"x: y\r\n" * 40_000, b"0\r\nX: " + b"a" * 400_000, b"1;" + b"b" * 400_000, b"1\r\n \r\n" * 60_000],
    ids=["trailers", "one long trailer", "extension", "chunks of one byte"],
)
def test_frames_without_content_are_refused_and_keep_nobody_waiting(service: Service, part: bytes) -> None:
    assert statuses(said(service, CHUNKED, part)) in ([400], [])
    begun = [CHUNKED + part[:16]]

    def attack(attacker: socket.socket) -> None:
        attacker.send(begun.pop() if begun else part[-300_000:])

    assert waited(service, attack) < 1.0


def test_trailers_change_nothing(service: Service) -> None:
    update = b"INSERT DATA { GRAPH <http://t/trailer> { <a:a> <a:b> 1 } }"
    head = b"POST /update HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-update\r\nConnection: close\r\n"
    body = b"%x\r\n%b\r\n0\r\n" % (len(update), update)
    assert statuses(
        said(service, head + b"Transfer-Encoding: chunked\r\n\r\n" + body + f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
    ) == [401]
    fields = b"Host: b\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"
    closing = CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert said(service, closing + WHOLE + fields).endswith(b"s\r\nhttp://example.org/7\r\n")


def test_head_behind_a_chunked_body_is_read_as_one(service: Service) -> None:
    service.ask("GET", COUNT)
    # Half a head in one piece with the last chunk; what follows it is the value of a field, whatever it looks like.
    received = said(service, CHUNKED + WHOLE + b"\r\nGET /health HTTP/1.1\r\nHost: a\r\nX: ", 0.3, get(COUNT, "Connection: close"))
    assert statuses(received) == [200, 400]


def test_no_answer_is_taken_for_that_of_another_request(service: Service) -> None:
    for first in (COUNT, f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f }')}", f"/sparql?timeout=1&query={SLOW}"):
        for garbage in (b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"\x00\r\n\r\n", b"a" * 70_000):
            received = said(service, get(first) + garbage)
            first_status, *rest = statuses(received)
            assert first_status in {200, 504, 507}
            assert rest in ([400], [431], [])
            if b"chunked" in received and rest:
                # Where both are there, the first answer has its end before the second begins.
                assert b"\r\n0\r\n\r\nHTTP/1.1 4" in received


def test_empty_lines_before_a_request_are_no_work(service: Service) -> None:
    began = service.computed()
    received = said(service, b"\r\n" * 100_000 + get("/health", "Connection: close"))
    assert statuses(received) == [200]
    assert service.computed() - began < 2.0
    assert statuses(said(service, b"\r", 0.05, b"\n", 0.05, get("/health", "Connection: close"))) == [200]


def test_who_closes_the_sending_half_still_hears_the_answer(service: Service) -> None:
    for number, request in enumerate(
        (get("/tasks"), get(COUNT), POST + b"Content-Length: %d\r\n\r\n%b" % (len(QUERY), QUERY), CHUNKED + WHOLE + b"\r\n")
    ):
        assert statuses(said(service, request, silent=True)) == [200], number
    assert statuses(said(service, get("/health") * 3, silent=True)) == [200, 200, 200]
    # Who is gone is not waited for.
    assert said(service, get(f"/sparql?query={SLOW}"), silent=True, seconds=4.0) == b""


def test_codings_that_are_not_known_are_refused(service: Service) -> None:
    for coding in (b"gzip, chunked", b"identity", b"chunked, chunked", b"xchunked", b"\x0bchunked"):
        assert statuses(said(service, POST + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + WHOLE + b"\r\n")) == [400], coding


def test_a_hundred_requests_in_one_piece_are_answered_in_order(service: Service) -> None:
    paths = [f"/id/nothing-{number}" for number in range(100)]
    received = said(service, b"".join(get(path) for path in paths[:-1]) + get(paths[-1], "Connection: close"))
    assert re.findall(rb'"instance": "(/id/nothing-\d+)"', received) == [path.encode() for path in paths]
