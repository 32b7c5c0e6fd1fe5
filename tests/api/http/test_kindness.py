"""What clients that nobody here wrote send, and what they get."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from ontology.names import VOID

TURTLE = b"<http://t/s> <http://t/p> 'sent' ."
ASK = quote("ASK {}")
BOM = b"\xef\xbb\xbf"
GRAPH = "/store?graph=http%3A%2F%2Ft%2Fg"


def put(client: Any, body: bytes = TURTLE, path: str = GRAPH, **headers: str) -> Any:
    return client.send("PUT", path, body, **{"Content_Type": "text/turtle", "Authorization": "Bearer secret", **headers})


def held(client: Any, path: str = GRAPH) -> bytes:
    reply = client.get(path, Accept="application/n-triples")
    return reply.body if reply.status == 200 else b""


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_byte_order_marks(store: Any) -> None:
    assert store.get(f"/sparql?query=%EF%BB%BF{ASK}", Accept="text/csv").status == 200
    assert store.send("POST", "/sparql", BOM + b"ASK {}", Content_Type="application/sparql-query").status == 200
    assert store.send("POST", "/sparql", b"query=%EF%BB%BF" + ASK.encode(), Content_Type="application/x-www-form-urlencoded").status == 200
    update = BOM + b"INSERT DATA { GRAPH <http://t/u> { <http://t/a> <http://t/b> 1 } }"
    reply = store.send("POST", "/update", update, Content_Type="application/sparql-update", Authorization="Bearer secret")
    assert reply.status == 204
    assert put(store, BOM + TURTLE).status == 201
    assert b"sent" in held(store)


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ("Bearer secret", True),
        ("bearer  secret", True),
        (basic("", "secret"), True),
        (basic("admin", "secret"), True),
        (basic("u:x", "secret"), False),
        (basic("secret", ""), False),
        (basic("admin", "Secret"), False),
        ("Basic !!!", False),
        ("Basic ", False),
        ("Digest secret", False),
        ("secret", False),
    ],
)
def test_token_as_bearer_or_as_password(store: Any, given: str, allowed: bool) -> None:
    reply = put(store, Authorization=given)
    assert reply.status == (201 if allowed else 401)
    if not allowed:
        assert "Basic" in reply.headers["www-authenticate"]
        assert held(store) == b""


@pytest.mark.parametrize("name", ["format", "output"])
@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("json", "application/sparql-results+json"),
        ("XML", "application/sparql-results+xml"),
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
    ],
)
def test_format_in_the_address(service: Any, name: str, written: str, type_: str) -> None:
    reply = service.get(f"/sparql?query={ASK}&{name}={quote(written)}", Accept="text/html,*/*;q=0.8")
    assert (reply.status, reply.headers["content-type"]) == (200, type_)


@pytest.mark.parametrize(
    ("written", "type_"),
    [("turtle", "text/turtle"), ("nt", "application/n-triples"), ("jsonld", "application/ld+json"), ("rdf", "application/rdf+xml")],
)
def test_format_of_a_graph_in_the_address(service: Any, written: str, type_: str) -> None:
    query = quote("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1")
    assert service.get(f"/sparql?query={query}&format={written}").headers["content-type"].startswith(type_)
    unescaped = service.get(f"/sparql?query={query}&format=application/rdf+xml")
    assert unescaped.headers["content-type"] == "application/rdf+xml"


def test_format_that_is_none_is_said_so(service: Any) -> None:
    reply = service.get(f"/sparql?query={ASK}&format=parquet")
    assert reply.status == 400
    assert "csv" in reply.json["detail"]


def test_empty_graph_names_say_nothing(service: Any) -> None:
    query = quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    plain = service.get(f"/sparql?query={query}", Accept="text/csv").body
    for more in ("default-graph-uri=", "named-graph-uri=", "default-graph-uri=&named-graph-uri=&default-graph-uri="):
        reply = service.get(f"/sparql?query={query}&{more}", Accept="text/csv")
        assert (reply.status, reply.body) == (200, plain)


@pytest.mark.parametrize("path", ["/sparql", "/query", "/queries", "/tasks", "/def", "/health", "/.well-known/void", "/id/district/pudong"])
def test_slash_at_the_end_says_nothing(service: Any, path: str) -> None:
    query = f"?query={ASK}" if path in {"/sparql", "/query"} else ""
    plain, slashed = (service.get(path + slash + query, Accept="*/*") for slash in ("", "/"))
    assert plain.status == slashed.status == 200
    assert plain.headers["content-type"] == slashed.headers["content-type"]


def test_slash_under_store_names_another_graph(store: Any) -> None:
    assert put(store, path="/store/a").status == 201
    assert held(store, "/store/a")
    assert held(store, "/store/a/") == b""


@pytest.mark.parametrize("wanted", ["Authorization", "authorization, x-requested-with", "Cache-Control, Pragma", "X-Anything-9"])
@pytest.mark.parametrize("path", ["/sparql", "/query", "/queries/tasks", "/id/district/pudong", "/sparql/"])
def test_pages_of_other_sites_may_send_headers(service: Any, path: str, wanted: str) -> None:
    reply = service.send("OPTIONS", path, Origin="http://o", Access_Control_Request_Method="POST", Access_Control_Request_Headers=wanted)
    allowed = reply.headers["access-control-allow-headers"].lower()
    assert reply.status == 204
    assert all(name.strip().lower() in allowed for name in wanted.split(","))


def test_names_that_are_none_are_not_allowed(service: Any) -> None:
    wanted = ", ".join(['x"y', "a b", "X" * 65, *(f"N{number}" for number in range(100))])
    reply = service.send(
        "OPTIONS", "/sparql", Origin="http://o", Access_Control_Request_Method="GET", Access_Control_Request_Headers=wanted
    )
    allowed = reply.headers["access-control-allow-headers"].split(", ")
    assert set(allowed) <= {f"N{number}" for number in range(100)}
    assert len(allowed) <= 32


@pytest.mark.parametrize("path", ["/update", "/update/", "/store", "/store/", "/store/x", "/store/x/y/"])
def test_pages_of_other_sites_may_not_write(store: Any, path: str) -> None:
    reply = store.send(
        "OPTIONS", path, Origin="http://o", Access_Control_Request_Method="PUT", Access_Control_Request_Headers="Authorization"
    )
    assert "access-control-allow-origin" not in reply.headers
    assert "access-control-allow-methods" not in reply.headers
    for method in ("GET", "PUT", "POST"):
        assert "access-control-allow-origin" not in store.send(method, path, b"", Origin="http://o").headers


@pytest.mark.parametrize("path", [f"/sparql?query={ASK}", "/def.ttl", "/queries", "/id/district/pudong.ttl"])
def test_etag_of_head_is_that_of_get_for_every_agent(service: Any, path: str) -> None:
    tags = {
        service.send(method, path, Accept="*/*", User_Agent=agent).headers["etag"]
        for method in ("HEAD", "GET", "HEAD")
        for agent in ("a", "b")
    }
    assert len(tags) == 1
    assert service.send("HEAD", path, Accept="*/*").body == b""
    assert service.get(path, Accept="*/*").body


def test_writes_with_preconditions(store: Any) -> None:
    assert put(store, If_Match="*").status == 412
    assert held(store) == b""
    assert put(store, If_None_Match="*").status == 201
    assert put(store, If_None_Match="*").status == 412
    tag = store.get(GRAPH, Accept="text/turtle").headers["etag"]
    assert put(store, TURTLE.replace(b"sent", b"again"), If_Match=tag).status == 204
    for stale in (tag, f"W/{tag}", '"999"', '"x"', ""):
        assert put(store, If_Match=stale).status == 412, stale
    assert b"again" in held(store)
    newer = store.get(GRAPH).headers["etag"]
    assert store.send("DELETE", GRAPH, Authorization="Bearer secret", If_Match=f"{tag}, {newer}").status == 204
    assert held(store) == b""


def test_updates_with_preconditions(store: Any) -> None:
    def update(number: int, **headers: str) -> Any:
        text = f"INSERT DATA {{ GRAPH <http://t/u> {{ <http://t/a> <http://t/b> {number} }} }}".encode()
        return store.send("POST", "/update", text, Content_Type="application/sparql-update", Authorization="Bearer secret", **headers)

    snapshot = update(1).headers["zhengce-snapshot"]
    assert update(2, If_Match='"1"').status == 412
    assert update(3, If_Match=f'"{snapshot}"').status == 204
    assert update(4, If_Match=f'"{snapshot}"').status == 412


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress), ("identity", bytes)],
)
def test_packed_bodies(store: Any, coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert put(store, pack(TURTLE), Content_Encoding=coding).status == 201
    assert b"sent" in held(store)
    query = store.send("POST", "/sparql", pack(b"ASK {}"), Content_Type="application/sparql-query", Content_Encoding=coding)
    assert query.status == 200
    update = pack(b"INSERT DATA { <http://t/a> <http://t/b> 1 }")
    kind = {"Content_Type": "application/sparql-update", "Authorization": "Bearer secret"}
    assert store.send("POST", "/update", update, Content_Encoding=coding, **kind).status == 204


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("br", TURTLE, 415),
        ("gzip, br", TURTLE, 415),
        ("gzip", TURTLE, 400),
        ("gzip", gzip.compress(TURTLE)[:-4], 400),
        ("gzip", gzip.compress(TURTLE) + b"more", 400),
        ("deflate", gzip.compress(TURTLE), 400),
        ("gzip", gzip.compress(b" " * (70 << 20)), 413),
    ],
)
def test_packed_bodies_that_are_refused(store: Any, coding: str, body: bytes, status: int) -> None:
    reply = put(store, body, Content_Encoding=coding)
    assert reply.status == status
    assert held(store) == b""
    if status == 415:
        assert "gzip" in reply.json["detail_en"]


ODD = ["agency/a%20b", "place/北京", "place/%E5%8C%97", "x/100%25", "x/a,b'c(d)"]


@pytest.mark.parametrize("key", ODD)
def test_thing_has_its_own_address_whatever_its_letters(store: Any, key: str) -> None:
    iri = f"https://w3id.org/zhengce/id/{key}"
    assert put(store, f"<{iri}> <http://t/p> 'odd' .".encode()).status == 201
    addresses = {f"/id/{quote(key, safe='/%,()' + chr(39))}", f"/id/{quote(key, safe='%/')}"}
    for address in addresses:
        for suffix in ("", ".nt"):
            reply = store.get(address + suffix, Accept="application/n-triples")
            assert reply.status == 200, address
            assert {triple.subject for triple in parse(reply.body, RdfFormat.N_TRIPLES)} == {NamedNode(iri)}


@pytest.mark.parametrize("place", ["/def", "/id/district/pudong", "/.well-known/void"])
@pytest.mark.parametrize(
    ("suffix", "type_"),
    [
        (".ttl", "text/turtle"),
        (".nt", "application/n-triples"),
        (".rdf", "application/rdf+xml"),
        (".jsonld", "application/ld+json"),
        (".nq", "application/n-quads"),
        (".trig", "application/trig"),
    ],
)
def test_every_format_by_suffix_and_by_accept(service: Any, place: str, suffix: str, type_: str) -> None:
    by_suffix, by_accept = service.get(place + suffix), service.get(place, Accept=type_)
    for reply in (by_suffix, by_accept):
        assert reply.status == 200
        assert reply.headers["content-type"].startswith(type_)
        format = RdfFormat.from_media_type(type_)
        assert format is not None
        assert list(parse(reply.body, format)) or place == "/.well-known/void"


@pytest.mark.parametrize("path", ["/def.xyz", "/.well-known/void.pdf", "/queries.nope", "/why.doc?s=a&p=b&o=c", "/def.ttl.ttl"])
def test_unknown_suffix_is_not_found(service: Any, path: str) -> None:
    assert service.get(path).status == 404


@pytest.mark.parametrize("path", ["/queries", "/def", "/.well-known/void", f"/sparql?query={ASK}", "/queries/tasks"])
def test_what_nobody_can_give_is_refused_everywhere(service: Any, path: str) -> None:
    assert service.get(path, Accept="image/png").status == 406
    assert service.get(path, Accept="text/csv;q=0, image/*").status == 406


def test_weights_count_everywhere(service: Any) -> None:
    assert service.get("/queries", Accept="text/csv;q=0, */*").headers["content-type"] != "text/csv; charset=utf-8"
    assert service.get("/queries", Accept="text/csv;q=0.2, text/turtle;q=0.9").headers["content-type"].startswith("text/turtle")
    for path in ("/queries", "/def", f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}"):
        assert "content-encoding" not in service.get(path, Accept="*/*", Accept_Encoding="gzip;q=0").headers
        assert "content-encoding" not in service.get(path, Accept="text/html", Accept_Encoding="identity, gzip;q=0.0").headers


def test_description_of_the_service_is_of_this_one(serve: Callable[..., Any], tmp_path: Path, publish_to: Callable[..., None]) -> None:
    publish_to(tmp_path)
    named, plain = serve(tmp_path, url="https://data.example", token="secret"), serve(tmp_path)
    description = named.get("/sparql", Accept="text/turtle").body.decode()
    assert "https://data.example/update" in description
    assert "SPARQL11Update" in description
    assert description.count("sd:NamedGraph") == 3
    assert "https://w3id.org/zhengce/graph/vocabulary" in description
    other = plain.get("/sparql", Accept="text/turtle").body.decode()
    assert plain.url in other
    assert "SPARQL11Update" not in other


def test_void_names_this_service(serve: Callable[..., Any], tmp_path: Path) -> None:
    from pyoxigraph import Quad, Store

    from graph.store.snapshot import Snapshots
    from graph.store.void import void_triples
    from ontology.names import GRAPH as GRAPHS

    with Snapshots(tmp_path).draft() as draft:
        graph = GRAPHS["catalogue"]
        draft.replace(
            graph, [Quad(each.subject, each.predicate, each.object, graph) for each in void_triples(Store(), "https://w3id.org/x/sparql")]
        )
    for client, expected in (
        (serve(tmp_path, url="https://data.example"), "https://data.example/sparql"),
        (plain := serve(tmp_path), f"{plain.url}/sparql"),
    ):
        described = parse(client.get("/.well-known/void.nt").body, RdfFormat.N_TRIPLES)
        endpoints = {triple.object.value for triple in described if triple.predicate == VOID["sparqlEndpoint"]}
        assert endpoints == {expected}


def test_problems_are_in_utf8_and_say_so(service: Any) -> None:
    reply = service.get("/sparql?query=nonsense")
    assert reply.headers["content-type"] == "application/problem+json; charset=utf-8"


def test_language_tags_are_lower_case(store: Any) -> None:
    assert put(store, b"<http://t/s> <http://t/p> 'x'@zh-Hans .").status == 201
    for test, rows in (
        ("LANG(?o) = 'zh-hans'", 1),
        ("LANG(?o) = 'zh-Hans'", 0),
        ("LANGMATCHES(LANG(?o), 'zh-Hans')", 1),
        ("LANGMATCHES(LANG(?o), 'ZH')", 1),
    ):
        query = quote(f"SELECT ?o {{ GRAPH <http://t/g> {{ ?s ?p ?o }} FILTER({test}) }}")
        assert len(store.get(f"/sparql?query={query}", Accept="text/csv").body.split()) == 1 + rows, test
