"""Requests as plain programs write them: curl with its offers, HTTP/1.0, chunks, Expect, a browser's fetch with its preflight."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from playwright.sync_api import Error, Page, sync_playwright

from tests.conformance.service import TOKEN, Service

pytestmark = pytest.mark.slow
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUERY = "SELECT ?o WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o"
BODY = '<http://example.org/a> <http://example.org/b> "图，a comma" .\n'
LARGE = "".join(f'<http://example.org/n{n}> <http://example.org/b> "{n}" .\n' for n in range(20_000))
WAYS = {
    "plain": (),
    "HTTP/1.0": ("--http1.0",),
    "HTTP/1.1": ("--http1.1",),
    "an upgrade to HTTP/2 offered": ("--http2",),
    "chunks": ("-H", "Transfer-Encoding: chunked"),
    "chunks and an upgrade": ("--http2", "-H", "Transfer-Encoding: chunked"),
    "100-continue": ("-H", "Expect: 100-continue"),
    "100-continue and an upgrade": ("--http2", "-H", "Expect: 100-continue"),
    "a connection that closes": ("-H", "Connection: close"),
}
READING = {name: options for name, options in WAYS.items() if "chunks" not in name}


def curl(*arguments: str, body: str = "") -> tuple[int, bytes]:
    """The status and the content that curl got; fails where curl is not there or complains."""
    command = ["curl", "--silent", "--show-error", "--max-time", "30", "--write-out", "\n%{http_code}", *arguments]
    done = subprocess.run(command, input=body.encode(), capture_output=True, check=True)
    content, _, status = done.stdout.rpartition(b"\n")
    return int(status), content


def held(service: Service, graph: str) -> int:
    """How many triples a graph holds."""
    query = quote(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    rows = json.loads(service.ask("GET", f"/sparql?query={query}", {"Accept": "application/sparql-results+json"}).content)
    return int(rows["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("text", [BODY, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("way", WAYS)
def test_curl_puts_a_graph(way: str, text: str, writing: Service) -> None:
    graph = f"http://example.org/curl/{quote(way, safe='')}/{len(text)}"
    status, content = curl(
        *WAYS[way], "-X", "PUT", "-H", f"Authorization: Bearer {TOKEN}", "-H", "Content-Type: text/turtle", "--data-binary", "@-",
        f"{writing.url}/store?graph={quote(graph, safe='')}", body=text,
    )  # fmt: skip
    assert (status, content) == (201, b"")
    assert held(writing, graph) == text.count("\n")


@pytest.mark.parametrize("way", WAYS)
def test_curl_posts_a_query(way: str, reading: Service) -> None:
    sent = ("-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv", "--data-binary", "@-")
    assert curl(*WAYS[way], *sent, f"{reading.url}/sparql", body="ASK { ?s ?p '浦东新区'@zh }") == (200, b"true")


@pytest.mark.parametrize("way", READING)
def test_curl_sends_a_form(way: str, reading: Service) -> None:
    sent = ("-H", "Accept: text/csv", "--data-urlencode", "query=SELECT ?x { VALUES ?x { '低空' } }")
    assert curl(*READING[way], *sent, f"{reading.url}/sparql") == (200, "x\r\n低空\r\n".encode())


@pytest.mark.parametrize("way", READING)
def test_curl_gets(way: str, reading: Service) -> None:
    status, content = curl(*READING[way], "-G", "-H", "Accept: text/csv", "--data-urlencode", "query=ASK {}", f"{reading.url}/sparql")
    assert (status, content) == (200, b"true")


def test_curl_reads_a_compressed_answer(reading: Service) -> None:
    query = ("--data-urlencode", "query=SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 2000")
    plain = curl("-G", "-H", "Accept: text/tab-separated-values", *query, f"{reading.url}/sparql")
    assert plain[1].count(b"\n") > 2000
    assert curl("--compressed", "-G", "-H", "Accept: text/tab-separated-values", *query, f"{reading.url}/sparql") == plain


def test_curl_sends_the_token_as_password(writing: Service) -> None:
    graph = "http://example.org/curl/basic"
    sent = ("-u", f"writer:{TOKEN}", "-X", "PUT", "-H", "Content-Type: text/turtle", "--data-binary", "@-")
    assert curl(*sent, f"{writing.url}/store?graph={graph}", body=BODY)[0] == 201
    assert held(writing, graph) == 1
    assert curl("-u", "writer:wrong", *sent[2:], f"{writing.url}/store?graph={graph}", body="")[0] == 401
    assert held(writing, graph) == 1


def test_two_requests_at_once_get_two_answers_in_order(reading: Service) -> None:
    def request(query: str) -> bytes:
        return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: zhengce\r\nAccept: text/csv\r\n\r\n".encode()

    with socket.create_connection(("127.0.0.1", reading.port), 30) as connection:
        connection.sendall(request("SELECT ?x { VALUES ?x { 'first' } }") + request("SELECT ?x { VALUES ?x { 'second' } }"))
        received = b""
        while b"second" not in received:
            part = connection.recv(65536)
            assert part, received
            received += part
    assert received.count(b"HTTP/1.1 200") == 2
    assert received.index(b"first") < received.index(b"second")


def test_an_answer_to_http_1_0_is_not_chunked(reading: Service) -> None:
    with socket.create_connection(("127.0.0.1", reading.port), 30) as connection:
        query = quote("SELECT * { ?s ?p ?o } LIMIT 5000")
        connection.sendall(f"GET /sparql?query={query} HTTP/1.0\r\nAccept: text/tab-separated-values\r\n\r\n".encode())
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, content = received.partition(b"\r\n\r\n")
    assert b"200" in head.split(b"\r\n")[0]
    assert b"chunked" not in head.lower()
    assert content.startswith(b"?o\t?p\t?s\n")
    assert content.count(b"\n") == 5001


class _Empty(BaseHTTPRequestHandler):
    """A page with nothing in it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of another origin."""
    path = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Empty) as elsewhere, sync_playwright() as playwright:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        made = browser.new_page()
        made.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        yield made
        browser.close()
        elsewhere.shutdown()


FETCH = """async ([address, options]) => {
  const response = await fetch(address, options);
  return [response.status, await response.text()];
}"""
HEADERS = {
    "a media type": {"Accept": "text/csv"},
    "a token": {"Accept": "text/csv", "Authorization": f"Bearer {TOKEN}"},
    "a password": {"Accept": "text/csv", "Authorization": "Basic d3JpdGVyOmNvbmZvcm1hbmNl"},
    "X-Requested-With": {"Accept": "text/csv", "X-Requested-With": "XMLHttpRequest"},
    "Cache-Control": {"Accept": "text/csv", "Cache-Control": "no-cache", "Pragma": "no-cache"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_page_from_elsewhere_asks(headers: dict[str, str], page: Page, reading: Service) -> None:
    address = f"{reading.url}/sparql?query={quote('SELECT ?x { VALUES ?x { 1 } }')}"
    assert page.evaluate(FETCH, [address, {"headers": headers}]) == [200, "x\r\n1\r\n"]


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_page_from_elsewhere_posts_a_query(headers: dict[str, str], page: Page, reading: Service) -> None:
    options = {
        "method": "POST",
        "headers": {**headers, "Content-Type": "application/sparql-query"},
        "body": "SELECT ?x { VALUES ?x { '图' } }",
    }
    assert page.evaluate(FETCH, [f"{reading.url}/sparql", options]) == [200, "x\r\n图\r\n"]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_page_from_elsewhere_does_not_write_even_with_the_token(method: str, page: Page, writing: Service) -> None:
    """Pages of other sites may read alone (docs/http.md)."""
    graph = f"http://example.org/fetch/{method}"
    options = {"method": method, "headers": {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}"}, "body": BODY}
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate(FETCH, [f"{writing.url}/store?graph={quote(graph, safe='')}", options])
    assert held(writing, graph) == 0
