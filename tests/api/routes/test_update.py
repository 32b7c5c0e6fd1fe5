"""SPARQL Update over a real server: who may write, what is refused, and that what was written is read at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
TOKEN = {"Authorization": "Bearer secret"}
INSERT = "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/a> <http://example.org/b> 7 } }"


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory, publish_to: Any, open_service: Any) -> Iterator[Any]:
    """A service that takes writes with the token ``secret``, up to 1 MB."""
    folder = tmp_path_factory.mktemp("writable")
    publish_to(folder)
    with open_service(folder, token="secret", write_megabytes=1) as client:
        yield client


def values(client: Any, graph: str = "http://example.org/g") -> set[str]:
    return {row["o"] for row in client.ask(f"SELECT ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}").rows}


def send(client: Any, update: str, query: str = "", **headers: str) -> Any:
    return client.send("POST", f"/update{query}", update.encode(), **{"Content-Type": UPDATE, **TOKEN, **headers})


def test_what_was_written_is_read_at_once(writable: Any) -> None:
    for number in range(5):
        assert send(writable, f"CLEAR SILENT GRAPH <http://example.org/g>; {INSERT.replace('7', str(number))}").status == 204
        assert values(writable) == {str(number)}


def test_a_form_may_carry_the_update(writable: Any) -> None:
    body = urlencode({"update": INSERT}).encode()
    assert writable.send("POST", "/update", body, Content_Type=FORM, **TOKEN).status == 204
    assert "7" in values(writable)


def test_relative_addresses_are_under_that_of_the_service(writable: Any) -> None:
    send(writable, "INSERT DATA { GRAPH <http://example.org/base> { <a> <b> <c> } }")
    assert values(writable, "http://example.org/base") == {f"{writable.url}/c"}


def test_the_request_may_name_the_dataset(writable: Any) -> None:
    send(writable, "INSERT DATA { GRAPH <http://example.org/1> { <a:a> <a:b> 1 } GRAPH <http://example.org/2> { <a:a> <a:b> 2 } }")
    query = "?" + urlencode({"using-graph-uri": ["http://example.org/1", "http://example.org/2"]}, doseq=True)
    assert send(writable, "INSERT { GRAPH <http://example.org/3> { ?s ?p ?o } } WHERE { ?s ?p ?o }", query).status == 204
    assert values(writable, "http://example.org/3") == {"1", "2"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Basic secret"}, 401),
        ({"Authorization": "Bearer sécret"}, 401),
    ],
)
def test_nobody_writes_without_the_token(writable: Any, headers: dict[str, str], status: int) -> None:
    reply = writable.send("POST", "/update", b"DROP ALL", Content_Type=UPDATE, **headers)
    assert reply.status == status
    assert reply.headers["www-authenticate"].startswith("Bearer" if headers.get("Authorization", "").startswith("Bearer") else "Basic")
    assert reply.json["type"].endswith("#unauthorized")


def test_nobody_writes_where_no_token_is_set(service: Any) -> None:
    for given in ("Bearer", "Bearer ", "Bearer secret"):
        reply = service.send("POST", "/update", b"DROP ALL", Content_Type=UPDATE, Authorization=given)
        assert reply.status == 403
        assert reply.json["type"].endswith("#writing-off")


@pytest.mark.parametrize(
    ("body", "headers", "query", "status"),
    [
        (b"INSERT DATA {", {}, "", 400),
        (b"INSERT DATA { <a> <b> '\xff' }", {}, "", 400),
        (b"DROP GRAPH <http://example.org/none>", {}, "", 422),
        (b"LOAD <http://127.0.0.1:1/>", {}, "", 403),
        (b"LOAD <http://127.0.0.1:1/> INTO <x>", {}, "", 400),
        (b"DROP ALL", {}, "", 403),
        (INSERT.encode(), {}, "?update=DROP%20ALL", 400),
        (INSERT.encode(), {}, "?query=ASK%7B%7D", 400),
        (INSERT.encode(), {}, "?using-graph-uri=relative", 400),
        (INSERT.encode(), {"Content-Type": "text/plain"}, "", 415),
        (INSERT.encode(), {"Content-Type": ""}, "", 415),
        (INSERT.encode("utf-16"), {"Content-Type": f"{UPDATE}; charset=utf-16"}, "", 415),
        (b"", {"Content-Type": FORM}, "", 400),
        (b"update=%ff", {"Content-Type": FORM}, "", 400),
        (b"update=a&update=b", {"Content-Type": FORM}, "", 400),
        (b"#" * (1 << 20) + b"##", {}, "", 413),
    ],
)
def test_what_is_refused_changes_nothing(writable: Any, body: bytes, headers: dict[str, str], query: str, status: int) -> None:
    before = writable.get("/health/ready").json["snapshot"]
    reply = writable.send("POST", f"/update{query}", body, **{"Content-Type": UPDATE, **TOKEN, **headers})
    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json; charset=utf-8")
    assert writable.get("/health/ready").json["snapshot"] == before


def test_a_syntax_error_has_its_place(writable: Any) -> None:
    problem = send(writable, "INSERT DATA {\n  <a> <b> }").json
    assert (problem["line"], problem["column"] > 0) == (2, True)


def test_reading_an_update_is_no_method(writable: Any) -> None:
    reply = writable.get("/update?update=DROP%20ALL", **TOKEN)
    assert (reply.status, reply.headers["allow"]) == (405, "OPTIONS, POST")


def test_an_update_that_goes_on_is_stopped_and_others_go_on(tmp_path: Path, publish_to: Any, open_service: Any) -> None:
    publish_to(tmp_path)
    with open_service(tmp_path, token="secret", write_seconds=4.0) as client:
        endless = "INSERT { <a> <b> ?n } WHERE { GRAPH ?x { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " } BIND(1 AS ?n) }"
        assert send(client, endless).status == 504
        assert send(client, INSERT).status == 204
        assert values(client) == {"7"}
