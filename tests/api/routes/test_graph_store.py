"""The Graph Store Protocol over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import RdfFormat, parse

TOKEN = {"Authorization": "Bearer secret"}
TURTLE = {"Content-Type": "text/turtle", **TOKEN}


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory, publish_to: Any, open_service: Any) -> Iterator[Any]:
    """A service that takes writes with the token ``secret``."""
    folder = tmp_path_factory.mktemp("store")
    publish_to(folder)
    with open_service(folder, token="secret") as client:
        yield client


def graph(name: str) -> str:
    return "/store?graph=" + quote(f"http://example.org/{name}", safe="")


def objects(reply: Any, format: RdfFormat = RdfFormat.TURTLE) -> set[str]:
    return {str(getattr(quad.object, "value", quad.object)) for quad in parse(reply.body, format)}


def test_a_graph_is_made_replaced_extended_read_and_dropped(writable: Any) -> None:
    at = graph("life")
    assert writable.get(at).status == 404
    assert writable.send("PUT", at, b"<a> <b> 1 .", **TURTLE).status == 201
    assert writable.send("PUT", at, b"<a> <b> 2 .", **TURTLE).status == 204
    assert writable.send("POST", at, b"<a> <b> 3 .", **TURTLE).status == 204
    assert objects(writable.get(at, Accept="text/turtle")) == {"2", "3"}
    assert writable.send("DELETE", at, **TOKEN).status == 204
    assert writable.send("DELETE", at, **TOKEN).status == 404
    assert writable.send("HEAD", at).status == 404


def test_a_graph_may_have_its_own_address(writable: Any) -> None:
    assert writable.send("PUT", "/store/people/1", b"<> <b> 1 .", **TURTLE).status == 201
    (quad,) = parse(writable.get("/store/people/1", Accept="text/turtle").body, RdfFormat.TURTLE)
    assert quad.subject.value == f"{writable.url}/store/people/1"
    named = "/store?graph=" + quote(f"{writable.url}/store/people/1", safe="")
    assert objects(writable.get(named, Accept="text/turtle")) == {"1"}


def test_a_graph_sent_to_the_store_itself_gets_an_address(writable: Any) -> None:
    reply = writable.send("POST", "/store", b"<a> <b> 5 .", **TURTLE)
    assert reply.status == 201
    assert objects(writable.get(reply.headers["location"].removeprefix(writable.url), Accept="text/turtle")) == {"5"}


def test_the_default_graph_is_its_own(writable: Any) -> None:
    assert writable.send("PUT", "/store?default", b"<a> <b> 6 .", **TURTLE).status == 204
    assert objects(writable.get("/store?default", Accept="text/turtle")) == {"6"}


def test_head_says_what_get_would_and_sends_nothing(writable: Any) -> None:
    reply = writable.send("HEAD", "/store?default", Accept="application/ld+json")
    assert (reply.status, reply.headers["content-type"], reply.body) == (200, "application/ld+json", b"")


def test_every_format_of_graphs_comes_back_as_it_went(writable: Any) -> None:
    at = graph("formats")
    writable.send("PUT", at, "<a> <b> '市', 1 .".encode(), **TURTLE)
    for type_ in ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/n-quads"):
        sent = writable.get(at, Accept=type_)
        assert sent.headers["content-type"].startswith(type_)
        assert writable.send("PUT", graph("copy"), sent.body, **{"Content-Type": type_, **TOKEN}).status in {201, 204}
        assert objects(writable.get(graph("copy"), Accept="text/turtle")) == {"市", "1"}


def test_the_parts_of_a_form_are_merged(writable: Any) -> None:
    parts = b"\r\n".join(
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: ' + kind + b"\r\n\r\n" + content
        for kind, content in ((b"text/turtle", b"<a> <b> 1 ."), (b"application/n-triples", b'<http://e/a> <http://e/b> "2" .'))
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x", **TOKEN}
    assert writable.send("POST", graph("parts"), parts + b"\r\n--x--\r\n", **headers).status == 201
    assert objects(writable.get(graph("parts"), Accept="text/turtle")) == {"1", "2"}


@pytest.mark.parametrize(
    ("request_line", "body", "headers", "status"),
    [
        ("GET /store", None, {}, 400),
        ("PUT /store", b"", TURTLE, 400),
        ("GET /store?graph=relative", None, {}, 400),
        ("GET /store?graph=http%3A%2F%2Fa&default", None, {}, 400),
        ("GET /store?graph=http%3A%2F%2Fa&graph=http%3A%2F%2Fb", None, {}, 400),
        ("GET /store?default", None, {"Accept": "image/png"}, 406),
        ("PUT /store?default", b"<a> <b>", TURTLE, 400),
        ("PUT /store?default", b"\xff", TURTLE, 400),
        ("PUT /store?default", b"<a> <b> 1 .", {**TURTLE, "Content-Type": "image/png"}, 415),
        ("PUT /store?default", b"<a> <b> 1 .", {**TURTLE, "Content-Type": "text/turtle; charset=gb18030"}, 415),
        ("PUT /store?default", b"<a> <b> 1 .", {"Content-Type": "text/turtle"}, 401),
        ("DELETE /store?default", None, {}, 401),
        ("PATCH /store?default", b"", TOKEN, 405),
        ("PATCH /store/x", b"", TOKEN, 405),
        ("PUT /store?graph=https%3A%2F%2Fw3id.org%2Fzhengce%2Fgraph%2Flinks", b"<a> <b> 1 .", TURTLE, 403),
        ("POST /store?default", b"no form", {**TOKEN, "Content-Type": "multipart/form-data"}, 400),
    ],
)
def test_what_is_refused_is_a_problem(writable: Any, request_line: str, body: bytes | None, headers: dict[str, str], status: int) -> None:
    method, path = request_line.split()
    reply = writable.send(method, path, body, **headers)
    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json; charset=utf-8")
