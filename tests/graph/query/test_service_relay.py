"""Endpoints that SERVICE may ask, asked at addresses that were checked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote, urlsplit

import pytest
from pyoxigraph import QuerySolutions, Store

from graph.errors import ForbiddenError
from graph.query.service_relay import ServiceRelay, located, public
from graph.sparql.service_guard import permitted, relayed

ANSWER = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"from afar"}}]}}'


class Endpoint(BaseHTTPRequestHandler):
    """Answers at /sparql, redirects at /elsewhere."""

    asked: list[str]
    last = b""
    """The query that came last."""

    def do_POST(self) -> None:
        Endpoint.last = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/sparql")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@contextmanager
def endpoint() -> Iterator[tuple[str, list[str]]]:
    """An endpoint on loopback, and the paths that it was asked for."""
    asked: list[str] = []
    with HTTPServer(("127.0.0.1", 0), type("Handler", (Endpoint,), {"asked": asked})) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join(5)


def rows(query: str) -> list[str]:
    found = Store().query(query)
    assert isinstance(found, QuerySolutions)
    return [str(row[0]) for row in found]


def test_listed_endpoint_answers_through_the_relay() -> None:
    with endpoint() as (url, asked):
        address = f"{url}/sparql"
        with ServiceRelay([address], 5, 1) as relay:
            query = f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}"
            assert rows(relayed(query, relay.allowed, relay.url)) == ['"from afar"']
        assert asked == ["/sparql"]


def test_a_query_inside_a_query_goes_out_as_it_was_written() -> None:
    """The address of the relay, with its token, is told to nobody: the endpoint asks the other one by itself."""
    with endpoint() as (url, asked):
        outer, inner = f"{url}/sparql", "http://other.example/sparql?a=b%20c"
        with ServiceRelay([outer, inner], 5, 1) as relay:
            query = f"SELECT ?x {{ SERVICE <{outer}> {{ SERVICE <{inner}> {{ ?s ?p ?x }} }} }}"
            assert rows(relayed(query, relay.allowed, relay.url)) == ['"from afar"']
            assert f"<{inner}>".encode() in Endpoint.last
            assert relay.token.encode() not in Endpoint.last
        assert asked == ["/sparql"]


def test_redirect_is_not_followed() -> None:
    with endpoint() as (url, asked):
        address = f"{url}/elsewhere"
        with ServiceRelay([address], 5, 1) as relay, pytest.raises(OSError, match="502"):
            rows(relayed(f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}", relay.allowed, relay.url))
        assert asked == ["/elsewhere"]


def test_large_answer_is_refused() -> None:
    with endpoint() as (url, _), ServiceRelay([f"{url}/sparql"], 5, 0) as relay, pytest.raises(OSError, match="502"):
        rows(relayed(f"SELECT ?x {{ SERVICE <{url}/sparql> {{ ?s ?p ?x }} }}", relay.allowed, relay.url))


def test_private_address_is_refused_unless_listed() -> None:
    with endpoint() as (url, asked), ServiceRelay(["*"], 5, 1) as relay:
        with pytest.raises(OSError, match="403"):
            rows(relayed(f"SELECT ?x {{ SERVICE <{url}/sparql> {{ ?s ?p ?x }} }}", relay.allowed, relay.url))
        assert asked == []


@pytest.mark.parametrize("path", ["/wrong?to=", "/?to=", "/"])
def test_relay_listens_only_to_who_knows_its_token(path: str) -> None:
    with endpoint() as (url, asked), ServiceRelay([f"{url}/sparql"], 5, 1) as relay:
        parts = urlsplit(relay.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        connection.request("POST", path + quote(f"{url}/sparql", safe=""), b"ASK {}")
        assert connection.getresponse().status == 403
        connection.close()
        assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/",
        "http://[fe80::1]/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://user@1.1.1.1/",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "http:///nowhere",
        "http://1.1.1.1:port/",
    ],
)
def test_star_opens_public_addresses_only(address: str) -> None:
    with pytest.raises(ForbiddenError):
        located(address, ["*"])


def test_name_that_resolves_to_loopback_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80)), (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: answers)
    with pytest.raises(ForbiddenError, match=r"127\.0\.0\.1"):
        located("http://rebinding.example/sparql", ["*"])


def test_public_address_is_located_once() -> None:
    found = located("https://1.1.1.1/sparql?x=1", ["*"])
    assert (found.socket, found.secure, found.host, found.path) == (("1.1.1.1", 443), True, "1.1.1.1", "/sparql?x=1")


def test_list_is_exact() -> None:
    assert permitted("http://a.example/s", ["http://a.example/s"])
    assert not permitted("http://a.example/s2", ["http://a.example/s"])
    assert not permitted(None, ["*"])
    assert public("2606:4700::1111")


def test_nothing_listens_where_nothing_is_allowed() -> None:
    with ServiceRelay([], 5, 1) as relay:
        assert relay.url == ""
