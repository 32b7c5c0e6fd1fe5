"""What others could be made to see, or be kept from, by a request of somebody else's."""

from __future__ import annotations

import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from tests.conformance.service import TOKEN, Service

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
    began = service.computed()
    assert service.ask("GET", "/health").status == 200
    assert service.computed() - began < 1.0


def test_parts_of_a_body_are_counted_and_not_nested(service: Service) -> None:
    def post(body: bytes, boundary: str = "b") -> int:
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return service.ask("POST", "/store?graph=http%3A%2F%2Ft%2Fparts", kind, body).status

    part = b"--b\r\nContent-Type: text/turtle\r\n\r\n<a:a> <a:b> 1 .\r\n"
    nested = (
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + b"--c\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" * 50_000
    )
    began = service.computed()
    assert post(part * 101 + b"--b--") == 400
    assert post(nested + b"\r\n--b--") == 415
    assert post(part) == 400
    assert post(b"--b\r\n" + b"A: b\r\n" * 100_000 + b"\r\n\r\n--b--") == 400
    assert post(part, "") == 400
    assert service.computed() - began < 5.0


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/tasks", "GET, HEAD, OPTIONS"),
        ("/id/nothing", "GET, HEAD, OPTIONS"),
        ("/reconcile", "GET, HEAD, OPTIONS, POST"),
        ("/store?default", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("/store/any/graph", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("/update", "OPTIONS, POST"),
    ],
)
def test_an_address_tells_how_it_may_be_asked(service: Service, path: str, allowed: str) -> None:
    told = service.ask("OPTIONS", path)
    assert (told.status, told.headers["allow"]) == (204, allowed)
    assert service.ask("PROPFIND", path).headers["allow"] == allowed
    assert service.ask("OPTIONS", "/nowhere").status == 404


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "jsonld", "nq", "trig"])
def test_what_has_the_same_tag_is_the_same_to_the_last_byte(service: Service, suffix: str) -> None:
    # The language is part of the key, so each of the two is computed anew.
    first, second = (service.ask("GET", f"/def.{suffix}", {"Accept-Language": language}) for language in ("zh", "en"))
    assert first.content == second.content
    assert service.ask("HEAD", f"/def.{suffix}").headers["etag"] == service.ask("GET", f"/def.{suffix}").headers["etag"]


@pytest.mark.parametrize(("given", "status"), [("{}", 304), ('W/"9", W/{}, "8"', 304), ("*", 304), ('"9", "8"', 200)])
def test_tags_that_name_a_graph(service: Service, given: str, status: int) -> None:
    path = "/store?graph=http%3A%2F%2Fexample.org%2Fg"
    tag = service.ask("GET", path).headers["etag"]
    assert service.ask("GET", path, {"If-None-Match": given.format(tag)}).status == status


@pytest.mark.parametrize("written", ["items=0-1", "bytes=a-b", "bytes=10-5", "bytes=", "bytes=0-1,", "0-1", "bytes=" + "9" * 19 + "-"])
def test_ranges_that_are_none_are_passed_over(service: Service, written: str) -> None:
    assert service.ask("GET", "/dumps/all.nq.gz", {"Range": "bytes=0-1"}).status == 206
    assert service.ask("GET", "/dumps/all.nq.gz", {"Range": written}).status == 200


def test_lone_star_is_any_type(service: Service) -> None:
    for accept in ("*", "image/gif, *; q=.2"):
        assert service.ask("GET", "/sparql?query=ASK%7B%7D", {"Accept": accept}).status == 200


def test_post_of_an_address_alone(service: Service) -> None:
    assert service.ask("POST", "/sparql?query=ASK%7B%7D", {"Content-Length": "0"}).status == 200
    assert service.ask("POST", "/sparql", {"Content-Length": "0"}).status == 400
    assert service.ask("POST", "/sparql?query=ASK%7B%7D", {}, b"ASK {}").status == 415


FILE = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.ttl"\r\nContent-Type: text/turtle\r\n\r\n<a:a> <a:b> 1 .\r\n--b--'
WRITES = {
    "a form": ("/update", FORM, b"update=INSERT+DATA+%7B+GRAPH+%3Cg%3Ag%3E+%7B+%3Ca%3Aa%3E+%3Ca%3Ab%3E+1+%7D+%7D"),
    "a form in the address": ("/update?update=DROP%20ALL", FORM, b""),
    "a file": ("/store?graph=g%3Ag", {"Content-Type": "multipart/form-data; boundary=b"}, FILE),
}
REMEMBERED = {"Authorization": f"Basic {b64encode(f'me:{TOKEN}'.encode()).decode()}"}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Origin": "https://evil.test"},
    ],
)
def test_a_remembered_password_writes_for_no_page_of_another_site(
    service: Service, write: tuple[str, dict[str, str], bytes], said: dict[str, str]
) -> None:
    path, kind, body = write
    reply = service.ask("POST", path, {**kind, **REMEMBERED, **said}, body)
    assert (reply.status, json.loads(reply.content)["type"].rpartition("#")[2]) == (403, "cross-site")
    assert "www-authenticate" not in reply.headers


@pytest.mark.parametrize("said", [{"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Mode": "navigate"}])
@pytest.mark.parametrize("given", ["Bearer wrong", "Basic eDp5", ""])
def test_a_browser_is_asked_for_no_password_that_it_would_remember(service: Service, said: dict[str, str], given: str) -> None:
    reply = service.ask("POST", "/update", {**FORM, "Authorization": given, **said}, b"update=DROP+ALL")
    assert reply.status in {401, 403}
    assert not reply.headers.get("www-authenticate", "").startswith("Basic")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Origin": "OWN"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.test", "Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_passwords_and_tokens_write_for_everybody_else(service: Service, said: dict[str, str]) -> None:
    headers = {name: value.replace("OWN", service.url) for name, value in said.items()}
    reply = service.ask("POST", "/update", {**FORM, **REMEMBERED, **headers, "If-Match": '"0"'}, b"update=DROP+ALL")
    # The token is accepted; what is asked does not hold, so that nothing changes.
    assert reply.status == 412
