"""An endpoint is asked no faster than it may be, at its own address alone, and what it gives is within limits or an error."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from graph.errors import StoreError
from graph.links.endpoint import Endpoint, Manners

QUERY = "SELECT ?x { VALUES ?x { 1 } }"
ANSWER = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}).encode()
Reply = Callable[[BaseHTTPRequestHandler, int], None]


def answer(handler: BaseHTTPRequestHandler, status: int = 200, content: bytes = ANSWER, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/sparql-results+json", "Content-Length": str(len(content)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def serving(reply: Reply) -> Iterator[tuple[str, list[str]]]:
    """A server that answers so, and the requests it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.command)
            self.rfile.read(int(self.headers["Content-Length"]))
            reply(self, len(asked))

        do_GET = do_POST

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql", asked
        server.shutdown()


def test_requests_keep_their_distance() -> None:
    with serving(lambda handler, _: answer(handler)) as (url, asked):
        now, sent = 0.0, []

        def sleep(seconds: float) -> None:
            nonlocal now
            now += seconds

        endpoint = Endpoint(url, Manners(rate=5.0), clock=lambda: now, sleep=sleep)
        for work in (0.0, 0.05, 0.3, 0.0):
            assert [row["x"].value for row in endpoint.rows(QUERY)] == ["1"]  # type: ignore[union-attr]
            sent.append(now)
            now += work
    assert endpoint.requests == len(asked) == 4
    assert sent == pytest.approx([0.0, 0.2, 0.4, 0.7])


def test_nothing_is_sent_before_a_query_and_no_redirect_is_followed() -> None:
    with serving(lambda handler, _: answer(handler)) as (elsewhere, asked_elsewhere):

        def sent_on(handler: BaseHTTPRequestHandler, _: int) -> None:
            answer(handler, 307, b"", Location=elsewhere)

        with serving(sent_on) as (url, asked):
            endpoint = Endpoint(url)
            assert asked == []
            with pytest.raises(StoreError, match="redirects to"):
                endpoint.rows(QUERY)
        assert (len(asked), asked_elsewhere) == (1, [])


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_endpoint_is_asked_again_when_it_wishes(status: int) -> None:
    def busy(handler: BaseHTTPRequestHandler, time: int) -> None:
        if time < 3:
            answer(handler, status, b"", Retry_After="7")
        else:
            answer(handler)

    pauses: list[float] = []
    with serving(busy) as (url, asked):
        assert len(Endpoint(url, Manners(rate=100.0), sleep=pauses.append).rows(QUERY)) == 1
    assert len(asked) == 3
    assert [pause for pause in pauses if pause >= 7] == [7.0, 14.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_a_refusal_is_told_and_not_tried_again(status: int) -> None:
    with serving(lambda handler, _: answer(handler, status, b"no")) as (url, asked):
        with pytest.raises(StoreError, match=str(status)):
            Endpoint(url).rows(QUERY)
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "no SPARQL JSON"),
        (b'{"head": {}, "boolean": true}', "no solutions"),
        (b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "no iri"}}]}}', "no SPARQL JSON"),
        (b'{"head": {"vars": ["x"]}, "results": {"bindings": [' + b" " * (1 << 20) + b"]}}", "more than 1 MB"),
    ],
)
def test_what_is_no_answer_is_an_error(content: bytes, said: str) -> None:
    with serving(lambda handler, _: answer(handler, 200, content)) as (url, _), pytest.raises(StoreError, match=said):
        Endpoint(url, Manners(megabytes=1)).rows(QUERY)


def test_an_endpoint_that_does_not_answer_is_given_up() -> None:
    with serving(lambda handler, _: time.sleep(3)) as (url, asked):
        with pytest.raises(StoreError):
            Endpoint(url, Manners(seconds=1, rate=100.0), sleep=lambda seconds: None).rows(QUERY)
        assert len(asked) == 4


def test_a_run_has_a_most_of_requests() -> None:
    with serving(lambda handler, _: answer(handler)) as (url, asked):
        endpoint = Endpoint(url, Manners(rate=100.0, requests=2))
        endpoint.rows(QUERY)
        endpoint.rows(QUERY)
        with pytest.raises(StoreError, match="more than 2 requests"):
            endpoint.rows(QUERY)
        assert len(asked) == 2


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "example.org", ""])
def test_only_addresses_of_the_web_are_endpoints(url: str) -> None:
    with pytest.raises(StoreError):
        Endpoint(url)
