"""The client of an engine elsewhere: credentials, replicas, and what is asked twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pyoxigraph import QueryResultsFormat

from graph.errors import BadQueryError, EngineAwayError, StoreError
from graph.query.endpoint import Endpoint, next_part
from graph.query.framing import QueryRequest
from tests.graph.protocol_server import ProtocolServer, serving

ASK = "ASK {}"
QUESTION = QueryRequest(ASK, QueryResultsFormat.JSON)
SECRET = "s3cret:with colon"
GONE = "http://127.0.0.1:9/"


@pytest.fixture
def engine() -> Iterator[ProtocolServer]:
    with serving() as state:
        yield state


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_password_is_given_as_the_engine_asks_for_it(engine: ProtocolServer, scheme: str) -> None:
    engine.scheme = scheme
    endpoint = Endpoint((engine.url,), (engine.url,), f"somebody:{SECRET}")
    assert b"true" in endpoint.read(QUESTION, ASK, 5)
    endpoint.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }", 5)
    endpoint.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 2 } }", 5)
    assert len(engine.store) == 2
    assert engine.authorizations[0] == ""
    assert all(each.startswith(f"{scheme} ") for each in engine.authorizations[1:])
    assert scheme == "Basic" or not any(SECRET in each for each in engine.authorizations)


def test_token_is_given_at_once(engine: ProtocolServer) -> None:
    engine.scheme = "Bearer"
    assert b"true" in Endpoint((engine.url,), token="abc").read(QUESTION, ASK, 5)
    assert engine.authorizations == ["Bearer abc"]


def test_what_is_refused_never_says_who_asked(engine: ProtocolServer) -> None:
    engine.scheme = "Basic"
    engine.refusals = [401, 403]
    endpoint = Endpoint((engine.url,), login=f"somebody:{SECRET}", token="")
    with pytest.raises(StoreError) as refused:
        endpoint.read(QUESTION, ASK, 5)
    assert "403" in refused.value.en
    assert not {"somebody", "s3cret"} & set(refused.value.en.replace(":", " ").split())
    assert "s3cret" not in repr(endpoint)


def test_replica_that_is_away_is_passed_over(engine: ProtocolServer) -> None:
    endpoint = Endpoint((GONE, engine.url))
    for _ in range(4):
        assert b"true" in endpoint.read(QUESTION, ASK, 5)
    engine.refusals = [503]
    with pytest.raises(EngineAwayError):
        Endpoint((engine.url, GONE)).read(QUESTION, ASK, 5)


def test_engine_that_is_away_is_a_sentence() -> None:
    with pytest.raises(EngineAwayError) as error:
        Endpoint((GONE,)).read(QUESTION, ASK, 5)
    assert error.value.engine == GONE
    assert "does not answer" in error.value.en


@pytest.mark.parametrize("head", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_answer_that_breaks_off_is_never_taken_for_a_whole_one(head: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"HTTP/1.1 200 OK\r\n%s\r\n\r\n%s" % (head, b"9\r\nhalf" if b"chunked" in head else b"half"))

        answering = threading.Thread(target=answer)
        answering.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with Endpoint((url,)).ask(QUESTION, ASK, 5) as response, pytest.raises(EngineAwayError):
            list(iter(partial(next_part, response, url), b""))
        answering.join()


def test_silent_engine_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises((EngineAwayError, Exception)):
        Endpoint((f"http://127.0.0.1:{silent.getsockname()[1]}/",)).read(QUESTION, ASK, 0.3)


def test_text_that_is_no_sparql_is_the_askers_fault(engine: ProtocolServer) -> None:
    with pytest.raises(BadQueryError):
        Endpoint((engine.url,)).read(QUESTION, "ASK", 5)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(engine: ProtocolServer, status: int) -> None:
    class SentOn(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", engine.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), SentOn) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = Endpoint((url,), (url,), f"somebody:{SECRET}")
        try:
            with pytest.raises(StoreError):
                endpoint.read(QUESTION, ASK, 5)
            with pytest.raises(StoreError):
                endpoint.update("CLEAR ALL", 5)
        finally:
            server.shutdown()
    assert engine.authorizations == []
