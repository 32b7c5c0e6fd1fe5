"""What others could be made to see, or be kept from, by a request of somebody else's."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest

from tests.conformance.service import Service

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RELATIVE = quote('SELECT (IRI("x") AS ?y) {}', safe="")


@pytest.mark.parametrize(
    "path", ["/sparql", f"/sparql?query={RELATIVE}", "/sitemap.xml", "/queries.ttl", "/docs", "/reconcile", "/catalogue"]
)
def test_scheme_that_a_proxy_tells_is_for_its_answer_alone(service: Service, path: str) -> None:
    headers = {"Host": "scheme.test", "Accept": "text/turtle, */*;q=0.5"}
    secure = service.ask("GET", path, {**headers, "X-Forwarded-Proto": "https"})
    plain = service.ask("GET", path, headers)
    assert b"https://scheme.test" in secure.content
    assert b"https://scheme.test" not in plain.content
    assert b"http://scheme.test" in plain.content
    assert secure.headers.get("etag", "a") != plain.headers.get("etag", "b")


@pytest.mark.parametrize("host", ["[1:2]", "[::::]", "[.....]", "[1.2]", "a%zz", "%"])
def test_hosts_that_no_address_can_have_are_refused(service: Service, host: str) -> None:
    for path in ("/sparql", f"/sparql?query={RELATIVE}", "/", "/store?default", "/dumps"):
        assert service.ask("GET", path, {"Host": host}).status == 400


@pytest.mark.parametrize(
    "queries",
    [
        '{"q": {"query": "a", "limit": 1e999}}',
        '{"q": {"query": "a", "limit": NaN}}',
        '{"q": {"query": "a", "type": 5}}',
        '{"q": {"query": "a", "type": [{}]}}',
        '{"q": {"query": "a", "type": {"a": 1}}}',
        '{"\\ud800": {"query": "a"}}',
        '{"q": {"query": "\\udfff"}}',
        '{"q": {"properties": [{"pid": "kind", "v": "\\ud800"}]}}',
        json.dumps({f"q{number}": {"query": f"{number} 市科委" * 40} for number in range(200)}),
        json.dumps({f"q{number}": {"query": "a", "properties": [{"pid": "kind", "v": 1}] * 30} for number in range(200)}),
    ],
)
def test_batches_that_are_none_are_refused(service: Service, queries: str) -> None:
    response = service.ask("POST", "/reconcile", FORM, f"queries={quote(queries)}".encode())
    assert (response.status, response.media_type) == (400, "application/problem+json")


def test_things_to_extend_are_characters(service: Service) -> None:
    for extend in ('{"ids": ["\\ud800"], "properties": [{"id": "a"}]}', '{"ids": ["a"], "properties": [{"id": "\\ud800"}]}'):
        assert service.ask("POST", "/reconcile", FORM, f"extend={quote(extend)}".encode()).status == 400


def test_calls_of_tools_are_no_larger_than_an_address(service: Service) -> None:
    host = {"Host": f"127.0.0.1:{service.port}", "Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": []}}}
    for size, statuses in ((1000, {200, 400}), (1_000_000, {413})):
        body = json.dumps(call).replace("[]", "[" + "[]," * size + "1]").encode()
        assert service.ask("POST", "/mcp", host, body).status in statuses
    began = time.monotonic()
    assert service.ask("GET", "/health").status == 200
    assert time.monotonic() - began < 1.0


def test_parts_of_a_body_are_counted_and_not_nested(service: Service) -> None:
    def post(body: bytes, boundary: str = "b") -> int:
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return service.ask("POST", "/store?graph=http%3A%2F%2Ft%2Fparts", kind, body).status

    part = b"--b\r\nContent-Type: text/turtle\r\n\r\n<a:a> <a:b> 1 .\r\n"
    nested = (
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + b"--c\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" * 50_000
    )
    began = time.monotonic()
    assert post(part * 101 + b"--b--") == 400
    assert post(nested + b"\r\n--b--") == 415
    assert post(part) == 400
    assert post(b"--b\r\n" + b"A: b\r\n" * 100_000 + b"\r\n\r\n--b--") == 400
    assert post(part, "") == 400
    assert time.monotonic() - began < 5.0
