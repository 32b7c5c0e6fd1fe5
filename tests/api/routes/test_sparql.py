"""The SPARQL Protocol over a real server: what is answered, in which format, and what ends a query."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.client import IncompleteRead
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pyoxigraph import RdfFormat, parse
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory, or have no /proc")
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
ONE = "SELECT ?n { <http://example.org/a> <https://w3id.org/zhengce/def#number> ?n }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c + ?f + ?i + ?l = -1) }"
MILLION = "SELECT ?x ?y ?z { ?x <http://example.org/value> ?a . ?y <http://example.org/value> ?b . VALUES ?z { 1 2 3 4 5 6 7 } }"
UNION = "https://w3id.org/zhengce/graph/"


def test_get_answers(service: Any) -> None:
    reply = service.ask(ONE)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/sparql-results+json"
    assert reply.rows == [{"n": "1"}]


def test_alias_answers_the_same(service: Any) -> None:
    assert service.get("/query?" + urlencode({"query": ONE})).rows == [{"n": "1"}]


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_body_may_be_the_query(service: Any, method: str) -> None:
    assert service.send(method, "/sparql", ONE.encode(), Content_Type=QUERY).rows == [{"n": "1"}]


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_body_may_be_a_form(service: Any, method: str) -> None:
    body = urlencode({"query": ONE}).encode()
    assert service.send(method, "/sparql", body, Content_Type=f"{FORM}; charset=UTF-8").rows == [{"n": "1"}]


def test_head_has_the_headers_and_no_body(service: Any) -> None:
    reply = service.send("HEAD", "/sparql?" + urlencode({"query": ONE}))
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["content-type"] == "application/sparql-results+json"


@pytest.mark.parametrize(
    ("accept", "type_", "start"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"n\r\n1"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?n\n1"),
        ("application/json", "application/json", b'{"head"'),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.2", "application/sparql-results+xml", b"<?xml"),
    ],
)
def test_solutions_come_as_accepted(service: Any, accept: str, type_: str, start: bytes) -> None:
    reply = service.ask(ONE, accept)
    assert reply.headers["content-type"] == type_
    assert reply.body.startswith(start)


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("*/*", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/trig", RdfFormat.TRIG),
        ("application/n-quads", RdfFormat.N_QUADS),
    ],
)
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { <http://example.org/a> ?p ?o }", "DESCRIBE <http://example.org/a>"])
def test_graphs_come_as_accepted(service: Any, query: str, accept: str, format: RdfFormat) -> None:
    reply = service.ask(query, accept)
    assert reply.headers["content-type"].split(";")[0] == format.media_type
    assert [quad.object.value for quad in parse(reply.body, format)] == ["1"]


def test_csv_has_as_many_fields_as_variables_whatever_an_iri_holds(service: Any) -> None:
    query = 'SELECT ?x ?y ?z { VALUES (?x ?y ?z) { (<http://e/Songjiang,_Shanghai> "a,\\"b\\"\\nc" 1) (<http://e/,,> "低空"@zh UNDEF) } }'
    read = list(csv.reader(io.StringIO(service.ask(query, "text/csv").body.decode(), newline="")))
    assert read == [["x", "y", "z"], ["http://e/Songjiang,_Shanghai", 'a,"b"\nc', "1"], ["http://e/,,", "低空", ""]]


def test_a_graph_that_would_stay_unbound_is_refused_by_name(service: Any) -> None:
    reply = service.ask("SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }")
    assert reply.status == 422
    assert "GRAPH ?g" in reply.json["detail"]


def test_a_service_after_a_name_without_a_blank_is_refused(service: Any) -> None:
    for name in ("ex:", "ex:a.b", "1", "true"):
        reply = service.ask(f"PREFIX ex: <http://e/> SELECT * {{ ?s a {name}.SERVICE <http://127.0.0.1:1/> {{ ?a ?b ?c }} }}")
        assert reply.status == 403


def test_what_nobody_can_give_is_406_and_says_what_can(service: Any) -> None:
    reply = service.ask(ONE, "image/png")
    assert reply.status == 406
    assert "text/csv" in reply.json["offered"]
    assert service.ask("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status == 406


def test_boolean_answers(service: Any) -> None:
    assert service.ask("ASK {}").json["boolean"] is True


def test_syntax_error_has_line_and_column(service: Any) -> None:
    reply = service.ask("SELECT *\nWHERE { ?s ?p }")
    assert reply.status == 400
    assert reply.headers["content-type"] == "application/problem+json; charset=utf-8"
    assert (reply.json["line"], reply.json["column"]) == (2, 16)
    assert "第 2 行第 16 列" in reply.json["detail_zh"]
    assert "at line 2, column 16" in reply.json["detail_en"]


@pytest.mark.parametrize(
    "query_string",
    [
        "query=ASK%7B%7D&query=ASK%7B%7D",
        "nothing=1",
        "query=%ff",
        "query=ASK%7B%7D&timeout=-1",
        "query=ASK%7B%7D&timeout=soon",
        "update=CLEAR+ALL",
    ],
)
def test_unreadable_parameters_are_400(service: Any, query_string: str) -> None:
    reply = service.get(f"/sparql?{query_string}")
    assert reply.status == 400
    assert reply.json["status"] == 400


def test_one_query_is_counted_over_address_and_body(service: Any) -> None:
    path = "/sparql?" + urlencode({"query": ONE})
    assert service.send("POST", path, ONE.encode(), Content_Type=QUERY).status == 400
    assert service.send("POST", "/sparql", b"", Content_Type=FORM).status == 400


@pytest.mark.parametrize("type_", ["text/plain", "application/sparql-update", f"{QUERY}; charset=utf-16", ""])
def test_other_bodies_are_415(service: Any, type_: str) -> None:
    assert service.send("POST", "/sparql", ONE.encode(), Content_Type=type_).status == 415


def test_bytes_that_are_no_utf8_are_400(service: Any) -> None:
    assert service.send("POST", "/sparql", b"ASK { ?s ?p '\xff' }", Content_Type=QUERY).status == 400


def test_surrogate_is_400(service: Any) -> None:
    assert service.send("POST", "/sparql", "ASK { ?s ?p '\ud800' }".encode("utf-8", "surrogatepass"), Content_Type=QUERY).status == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405(service: Any, method: str) -> None:
    reply = service.send(method, "/sparql")
    assert reply.status == 405
    assert "QUERY" in reply.headers["allow"]


def test_large_request_is_413(serve: Callable[..., Any]) -> None:
    reply = serve(request_kilobytes=4).send("POST", "/sparql", b"#" * 5000 + b"\nASK {}", Content_Type=QUERY)
    assert reply.status == 413
    assert reply.json["kilobytes"] == 4


def test_default_graph_is_the_union(service: Any) -> None:
    assert service.ask(f"ASK {{ GRAPH <{UNION}a> {{ ?s ?p ?o }} ?s ?p ?o }}").json["boolean"] is True


def test_default_graph_may_be_separate(serve: Callable[..., Any]) -> None:
    separate = serve(default_graph="separate")
    assert separate.ask("ASK { ?s ?p ?o }").json["boolean"] is False
    assert b"UnionDefaultGraph" not in separate.get("/sparql", Accept="text/turtle").body


def test_request_names_the_dataset(service: Any) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert service.ask(count, **{"default-graph-uri": f"{UNION}a"}).rows == [{"n": "1"}]
    assert service.ask(count, **{"named-graph-uri": f"{UNION}a"}).rows == [{"n": "0"}]
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert service.ask(named, **{"named-graph-uri": [f"{UNION}a"]}).rows == [{"g": f"{UNION}a"}]
    assert service.ask(count, **{"default-graph-uri": "not an iri"}).status == 400


def test_dataset_of_the_request_wins_over_that_of_the_query(service: Any) -> None:
    query = f"SELECT (COUNT(*) AS ?n) FROM <{UNION}numbers> {{ ?s ?p ?o }}"
    assert service.ask(query).rows == [{"n": "400"}]
    assert service.ask(query, **{"default-graph-uri": f"{UNION}a"}).rows == [{"n": "1"}]


def test_direct_post_names_the_dataset_in_its_address(service: Any) -> None:
    path = "/sparql?" + urlencode({"default-graph-uri": f"{UNION}a"})
    reply = service.send("POST", path, b"SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Content_Type=QUERY)
    assert reply.rows == [{"n": "1"}]


def test_unknown_function_is_an_error_of_its_expression_alone(service: Any) -> None:
    assert service.ask("SELECT ?x (<http://example.org/f>(1) AS ?y) { VALUES ?x { 1 } }").rows == [{"x": "1"}]
    assert service.ask("SELECT ?x { VALUES ?x { 1 } FILTER(<http://example.org/f>(?x) || ?x = 1) }").rows == [{"x": "1"}]


def test_service_describes_itself(service: Any) -> None:
    reply = service.get("/sparql", Accept="text/turtle")
    said = {
        (quad.predicate.value.split("#")[1], quad.object.value.split("#")[-1].split("/")[-1])
        for quad in parse(reply.body, RdfFormat.TURTLE)
    }
    assert {("supportedLanguage", "SPARQL11Query"), ("feature", "UnionDefaultGraph"), ("endpoint", "sparql")} <= said


def test_browser_gets_the_workbench(service: Any) -> None:
    reply = service.get("/sparql", Accept="text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert reply.headers["content-type"].startswith("text/html")


def test_sparqlwrapper_is_understood(service: Any) -> None:
    wrapper = SPARQLWrapper(f"{service.url}/sparql")
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(ONE)
    rows: Any = wrapper.queryAndConvert()
    assert [row["n"]["value"] for row in rows["results"]["bindings"]] == ["1"]
    wrapper.setMethod(POST)
    assert wrapper.queryAndConvert() == rows
    wrapper.setReturnFormat(TURTLE)
    wrapper.setQuery("CONSTRUCT WHERE { <http://example.org/a> ?p ?o }")
    graph: Any = wrapper.query().convert()
    assert len(list(parse(graph, RdfFormat.TURTLE))) == 1


def test_etag_makes_the_second_answer_free(service: Any) -> None:
    path = "/sparql?" + urlencode({"query": ONE})
    first = service.get(path)
    again = service.get(path, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert service.get(path, Accept="text/csv").headers["etag"] != first.headers["etag"]
    assert service.get(path).body == first.body


def test_etag_changes_with_the_snapshot(serve: Callable[..., Any], tmp_path: Path, publish_to: Callable[..., None]) -> None:
    publish_to(tmp_path)
    client = serve(tmp_path)
    path = "/sparql?" + urlencode({"query": "SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"})
    first = client.get(path)
    publish_to(tmp_path, "浦东")
    for _ in range(200):
        second = client.get(path, If_None_Match=first.headers["etag"])
        if second.status == 200:
            break
        time.sleep(0.05)
    assert (first.rows, second.rows) == ([{"l": "浦东新区"}], [{"l": "浦东"}])


@pytest.mark.parametrize("expression", ["RAND()", "NOW()", "STRUUID()"])
def test_what_changes_by_itself_is_not_kept(service: Any, expression: str) -> None:
    query = f"SELECT ({expression} AS ?x) {{}}"
    first, second = service.ask(query), service.ask(query)
    assert first.rows != second.rows
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"


def test_answer_that_was_streamed_is_at_hand_the_next_time(service: Any) -> None:
    query = "SELECT ?s ?o ?n { ?s <http://example.org/value> ?o VALUES ?n { 1 2 3 4 } } ORDER BY DESC(?o) ?n"
    path = "/sparql?" + urlencode({"query": query})
    replies = [service.get(path) for _ in range(3)]
    assert len({reply.body for reply in replies}) == 1
    assert len(replies[0].body) > 1 << 17
    assert "content-length" not in replies[0].headers, "streamed"
    assert int(replies[1].headers["content-length"]) == len(replies[0].body)
    assert "hit" in replies[2].headers["cache-status"]


def test_compressed_where_accepted(service: Any) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s <http://example.org/value> ?o }"})
    plain, packed = service.get(path), service.get(path, Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 5
    assert packed.headers["etag"] != plain.headers["etag"]


def test_any_site_may_read(service: Any) -> None:
    assert service.ask(ONE).headers["access-control-allow-origin"] == "*"
    preflight = service.send("OPTIONS", "/sparql", Origin="http://example.org", Access_Control_Request_Method="POST")
    assert preflight.status == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_every_answer_is_marked(service: Any) -> None:
    reply = service.get("/sparql?" + urlencode({"query": ONE}), X_Request_Id="mine-1")
    assert reply.headers["x-request-id"] == "mine-1"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert service.get("/nowhere").headers["x-request-id"]


def test_slow_query_is_stopped_and_others_do_not_notice(serve: Callable[..., Any]) -> None:
    client = serve(query_seconds=1.5, workers=2, slow_seconds=0.2)
    replies: list[Any] = []
    threads = [threading.Thread(target=lambda: replies.append(client.ask(ENDLESS))) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.4)
    while any(thread.is_alive() for thread in threads):
        assert client.ask(f"ASK {{ FILTER({time.monotonic_ns()} > 0) }}").status == 200
    assert [(reply.status, reply.json["limit"], reply.json["value"]) for reply in replies] == [(504, "query_seconds", 1.5)] * 2


def test_timeout_lowers_the_limit_and_never_raises_it(serve: Callable[..., Any]) -> None:
    client = serve(query_seconds=0.5)
    assert client.ask(ENDLESS, timeout="0.2").json["value"] == 0.2
    assert client.ask(ENDLESS, timeout="60").json["value"] == 0.5


@linux
def test_greedy_query_is_stopped_at_its_memory_limit(serve: Callable[..., Any]) -> None:
    client = serve(query_megabytes=64)
    reply = client.ask("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c")
    assert (reply.status, reply.json["limit"], reply.json["value"]) == (507, "query_megabytes", 64)
    assert client.ask(ONE).rows == [{"n": "1"}]


def test_result_beyond_its_limit_breaks_off(serve: Callable[..., Any]) -> None:
    client = serve(result_megabytes=1)
    with pytest.raises(IncompleteRead):
        client.ask(MILLION)
    assert client.ask(ONE).status == 200


def test_client_that_hangs_up_ends_its_query(serve: Callable[..., Any]) -> None:
    client = serve(workers=1, slow_workers=0, slow_seconds=600, spares=0, query_seconds=600)
    hanging = client.start("GET", "/sparql?" + urlencode({"query": ENDLESS}))
    assert hanging.sock is not None
    time.sleep(0.3)
    hanging.sock.shutdown(socket.SHUT_RDWR)
    hanging.close()
    # The one worker there is would answer in ten minutes.
    assert client.ask(ONE).rows == [{"n": "1"}]


def test_full_queue_is_503_with_retry_after(serve: Callable[..., Any]) -> None:
    client = serve(workers=1, slow_workers=0, slow_seconds=60, queue=0)
    client.start("GET", "/sparql?" + urlencode({"query": ENDLESS}))
    time.sleep(0.3)
    reply = client.ask(ONE)
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0


def test_one_client_may_only_ask_so_much_at_once(serve: Callable[..., Any]) -> None:
    client = serve(client_queries=1)
    client.start("GET", "/sparql?" + urlencode({"query": ENDLESS}))
    time.sleep(0.3)
    assert client.ask(ONE).status == 429


def test_one_client_may_only_ask_so_often(serve: Callable[..., Any]) -> None:
    client = serve(rate=0.01, burst=2)
    replies = [client.ask(f"ASK {{ FILTER({n} = 1) }}") for n in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert int(replies[2].headers["retry-after"]) > 0
    assert client.ask("ASK { FILTER(1 = 1) }").status == 200, "what is at hand is free"


@linux
def test_million_rows_stream_with_flat_memory(service: Any) -> None:
    connection = service.start("GET", "/sparql?" + urlencode({"query": MILLION}), Accept="text/csv")
    response = connection.getresponse()
    assert response.readline() == b"x,y,z\r\n"
    before = _resident()
    rows = most = 0
    while part := response.read(1 << 20):
        rows += part.count(b"\n")
        most = max(most, _resident())
    assert rows == 400 * 400 * 7
    assert most - before < 40 << 20, "neither the server, which is in this process, nor the client holds the answer"


@linux
def test_slow_reader_does_not_make_the_server_hoard(service: Any) -> None:
    connection = service.start("GET", "/sparql?" + urlencode({"query": MILLION}), Accept="text/csv")
    response = connection.getresponse()
    response.read(1000)
    before = _resident()
    time.sleep(1.0)
    assert _resident() - before < 20 << 20
    connection.close()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_no_request_line_breaks_the_service(service: Any) -> None:
    for line in (
        b"GET /sparql?query=%00 HTTP/1.1",
        b"GET /sparql?" + b"a" * 5000 + b" HTTP/1.1",
        b"GET /sparql?query=" + b"%F0" * 100 + b" HTTP/1.1",
    ):
        parts = urlsplit(service.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=5) as raw:
            raw.sendall(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b" 40" in raw.recv(64)


def test_deep_nesting_is_400(service: Any) -> None:
    reply = service.send("POST", "/sparql", b"SELECT * {" + b"{" * 60000 + b"}" * 60000 + b"}", Content_Type=QUERY)
    assert reply.status == 400


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/sparql",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:8000/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://localhost/",
        "https://example.org/sparql",
    ],
)
def test_service_is_refused(service: Any, address: str) -> None:
    reply = service.ask(f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}")
    assert reply.status == 403
    assert reply.json["type"].endswith("#forbidden")


def test_listed_service_is_asked(service: Any, serve: Callable[..., Any]) -> None:
    front = serve(service_allow=(f"{service.url}/sparql",))
    query = f"SELECT ?n {{ SERVICE <{service.url}/sparql> {{ {ONE} }} }}"
    assert front.ask(query).rows == [{"n": "1"}]
    assert front.ask(query.replace("/sparql>", "/query>")).status == 403
    assert front.ask(query.replace(ONE, "?s ?p ?n FILTER(<a:b>(?n))")).status == 200
    assert front.ask("SELECT * { SERVICE ?x { ?s ?p ?o } }").status == 403


def test_service_that_fails_says_so(serve: Callable[..., Any], service: Any) -> None:
    front = serve(service_allow=(f"{service.url}/nowhere",))
    reply = front.ask(f"SELECT * {{ SERVICE <{service.url}/nowhere> {{ ?s ?p ?o }} }}")
    assert reply.status == 422
    assert "SERVICE" in reply.json["detail_en"]


def test_stopping_lets_queries_end(data: Path) -> None:
    settings = f"Settings(data=Path({str(data)!r}), port=0, log='all')"
    code = f"from api.app import run; from api.settings import Settings; from pathlib import Path; run({settings})"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stderr is not None
        port = next(int(found[1]) for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:(\d+)", line)))
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            query = quote(MILLION + "LIMIT 300000")
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n".encode())
            received = connection.recv(1000)
            process.send_signal(signal.SIGTERM)
            while part := connection.recv(1 << 16):
                received += part
        assert received.endswith(b"\r\n0\r\n\r\n"), "the answer came to its end"
        logged = [json.loads(line) for line in process.stderr]
        assert process.wait(20) in {0, -signal.SIGTERM}
    request = next(line for line in logged if line["logger"] == "zhengce.requests")
    assert (request["method"], request["path"], request["status"]) == ("GET", "/sparql", 200)
    assert len(request["request_id"]) == 16


def test_openapi_has_the_endpoint(service: Any) -> None:
    paths = json.loads(service.get("/openapi.json").body)["paths"]
    assert set(paths["/sparql"]) == {"get", "post"}


def test_metrics_count_queries(service: Any) -> None:
    service.ask(ONE)
    text = service.get("/metrics").body.decode()
    assert 'zhengce_queries_total{end="answered"}' in text
    assert "zhengce_snapshot 1.0" in text


def test_readiness_follows_the_snapshot(serve: Callable[..., Any], tmp_path: Path, service: Any) -> None:
    assert service.get("/health/ready").json == {"status": "ready", "snapshot": 1}
    empty = serve(tmp_path)
    assert (empty.get("/health").status, empty.get("/health/ready").status) == (200, 503)
    assert empty.ask("ASK { ?s ?p ?o }").json["boolean"] is False


def test_store_may_stay_on_disk(serve: Callable[..., Any]) -> None:
    assert serve(store="disk").ask(ONE).rows == [{"n": "1"}]


def test_query_may_be_long(service: Any) -> None:
    body = f"SELECT ?x {{ VALUES ?x {{ {' '.join(map(str, range(100_000)))} }} }} LIMIT 1".encode()
    assert service.send("POST", "/sparql", body, Content_Type=QUERY).rows == [{"x": "0"}]
