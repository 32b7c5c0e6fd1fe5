"""What a query would make the engine contact, found in every reading of its text."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from pyoxigraph import QueryBoolean, Store

from graph.errors import BadQueryError, ForbiddenError
from graph.sparql.query_form import check_depth, form, names_graphs
from graph.sparql.service_guard import calls, outside, relayed
from graph.update.update_text import without_silent_loads

PREFIXES = "PREFIX ex: <http://127.0.0.1:{port}/> PREFIX : <http://127.0.0.1:{port}/> PREFIX é: <http://127.0.0.1:{port}/> "

SERVICES = (
    "SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "select * {{ service silent <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "SELECT*{{SERVICE<http://127.0.0.1:{port}/>{{?s ?p ?o}}}}",
    "SELECT*{{SERVICESILENT<http://127.0.0.1:{port}/>{{?s ?p ?o}}}}",
    "SELECT * {{ SERVICE ex:a {{ ?s ?p ?o }} }}",
    "SELECT * {{SERVICEex:a{{?s ?p ?o}}}}",
    "SELECT * {{SERVICE:a{{?s ?p ?o}}}}",
    "SELECT * {{SERVICE é:a{{?s ?p ?o}}}}",
    "BASE <http://127.0.0.1:{port}/> SELECT * {{ SERVICE <a> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE # <http://a> {{\n <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ # '\rSERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }} # '",
    "SELECT * {{ VALUES ?a {{ 1 }} FILTER(?a<'x>'||true)SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p 'y' }} }}",
    "SELECT * {{ VALUES ?a {{ '''a'' \"''' }} SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p '\"' }} }}",
    "SELECT * {{ VALUES ?a {{ '' '''b''' }} SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p '''c''' }} }}",
    "SELECT * {{ BIND(ex:it\\'s AS ?a) SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p 'y' }} }}",
    "SELECT * {{ BIND(<http://a/it's> AS ?a) SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p 'y' }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * {{ FILTER EXISTS {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s a ex:.SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s a ex:.SERVICESILENT<http://127.0.0.1:{port}/>{{ ?a ?b ?c }} }}",
    "CONSTRUCT {{ ?s a ?c }} {{ ?s a ex:.SERVICE ex:x{{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s a ex:a.b.SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s a 1.SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }} }}",
    "SELECT * {{ VALUES ?x {{ 1e5 'a'@en }}SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }} }}",
    "SELECT * {{ BIND(ex:a%41 AS ?x)SERVICE<http://127.0.0.1:{port}/?a#b>{{ ?a ?b ?c }} }}",
    "SELECT * {{ SERVICE SILENT:a# {{ \n{{ ?a ?b ?c }} }}",
    "SELECT * {{ SERVICE ex:a\\#b {{ ?a ?b ?c }} }}",
    "SELECT * {{ SERVICE <http:\\u002F/127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
)

ADDRESSES = (
    "http://127.0.0.1:7000/sparql",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:7000/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://localhost:7000/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "https://example.org/sparql",
)


@pytest.fixture
def doorbell() -> Iterator[tuple[int, list[bytes]]]:
    """A port, and what was sent to it."""
    rung: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    rung.append(connection.recv(100))
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], rung
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize("query", SERVICES)
def test_finds_every_service_that_the_engine_contacts(query: str, doorbell: tuple[int, list[bytes]]) -> None:
    port, rung = doorbell
    text = (PREFIXES + query).format(port=port)
    store = Store()
    store.update(PREFIXES.format(port=port) + "INSERT DATA { ex:s a ex:, ex:a.b, 1 }")
    try:
        answer = store.query(text)
        assert not isinstance(answer, QueryBoolean)
        list(answer)
    except (OSError, RuntimeError):
        pass
    assert rung, "the engine did contact the address, so the guard must see it"
    assert calls(text)
    with pytest.raises(ForbiddenError):
        relayed(text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_refuses_every_address(address: str) -> None:
    with pytest.raises(ForbiddenError, match="SERVICE"):
        relayed(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")


@pytest.mark.parametrize(
    "update", ["LOAD <http://a>", "load silent <http://a> into graph <x:y>", "LOADex:a", "CLEAR ALL;LOAD:a", "LOADSILENT<http://a>"]
)
def test_finds_every_load(update: str) -> None:
    assert [call.keyword for call in calls(PREFIXES.format(port=80) + update)] == ["LOAD"]


def test_service_by_variable_is_found() -> None:
    (call,) = calls("SELECT * { VALUES ?w { <http://a> } SERVICE ?w { ?s ?p ?o } }")
    assert call.target == "?w"


def test_service_in_an_update_is_found() -> None:
    assert calls("INSERT { ?s ?p ?o } WHERE { SERVICE <http://a> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ex:service <http://a> . ?s a <http://x/service?x=1> { ?s ?p ?o } }",
        "# SERVICE <http://x> {\nSELECT * { ?s ?p 'SERVICE <http://x> {' }",
        "SELECT * { ?s <http://x#a> \"it's SERVICE <u:x> {\", '''SERVICE <u:x> {''' }",
        "SELECT ?service { GRAPH ?service { ?s ?p ?load } GRAPH <http://x/load> { ?s <http://a/load> <x:y> } }",
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT * { ?s a sd:Service { ?s ?p ?o } }",
        "INSERT DATA { ex:a ex:load <http://x> ; ex:b 'load <http://x>' }",
        "PREFIX download: <http://x/> INSERT DATA { download:a download:b <http://x> }",
    ],
)
def test_leaves_harmless_texts_alone(text: str) -> None:
    assert outside(text) == ()


def test_escapes_are_no_way_around() -> None:
    with pytest.raises(ForbiddenError, match="escapes"):
        outside("SELECT * { \\u0053ERVICE <http://a> { ?s ?p ?o } }")
    with pytest.raises(ForbiddenError, match="escapes"):
        outside("\\U0000004COAD <http://a>".replace("\\U0000004C", "\\u004c"))


def test_says_where_the_target_stands() -> None:
    text = "SELECT * { SERVICE SILENT <http://a/b> { ?s ?p ?o } }"
    (call,) = calls(text)
    assert text[call.start : call.end] == call.target == "<http://a/b>"
    assert (call.address, call.silent) == ("http://a/b", True)


@pytest.mark.parametrize("target", ["?x", "ex:a", "<a>", "<http://a\\u002Fb>"])
def test_only_a_full_iri_is_an_address(target: str) -> None:
    (call,) = calls(f"SELECT * {{ SERVICE {target} {{ ?s ?p ?o }} }}")
    assert call.address is None


PIECES = (
    *(
        "'",
        '"',
        "<",
        "<a",
        "# ",
        "SERVICE ",
        "SERVICE",
        "SERVICE.",
        "SERVICE a.",
        "a.",
        "a:",
        "\\",
        "é",
        "'a\\",
        "SERVICE SILENT ",
        "1-1-",
        "FROM",
        "FROM#",
    ),
    *(
        "SERVICE#",
        "> <SERVICE#",
        "SERVICE#\n",
        "SERVICE:",
        "SERVICE:SERVICE",
        "SERVICE?a",
        "LOAD<",
        "load#",
        "''" + "'",
        '\\"',
        "<#\n",
        "SERVICE ?a{",
    ),
    *(
        "SERVICE <http://a> {",
        "SERVICE SILENT SILENT:",
        "PREFIX a",
        "BASE<a>",
        "LOAD SILENT <a>;",
        "''",
        "?SERVICE ",
        "(",
        "a-1",
        "\\u0041",
        "FROM:",
    ),
)


@pytest.mark.parametrize("piece", PIECES)
def test_time_is_linear_in_the_text(piece: str) -> None:
    assert growth(lambda size: "# service\n" + piece * (size // len(piece)) + " SERVICE <http://a> {", everything) < 10


def growth(text: Callable[[int], str], work: Callable[[str], object], size: int = 30_000) -> float:
    """How many times longer the work takes with a text four times as long: some 4 where it is linear, 16 where it is quadratic."""
    spent = {}
    for times in (1, 4):
        written = text(times * size)
        spent[times] = min(_spent(work, written) for _ in range(3))
    return spent[4] / max(spent[1], 0.002)


def _spent(work: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began


def everything(text: str) -> None:
    """All that is done to a text before the engine has it."""
    calls(text)
    form(text)
    with suppress(ForbiddenError):
        relayed(text, ["http://a"], RELAY)
    with suppress(ForbiddenError, BadQueryError):
        without_silent_loads(text)
    names_graphs(text)
    with suppress(BadQueryError):
        check_depth(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * {}", "SELECT"),
        ("# SELECT\nprefix a: <b#c>\r\nbase<x>ask{}", "ASK"),
        ("PREFIX:<a>CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("VERSION '1.2' DESCRIBE <a>", "DESCRIBE"),
        ("INSERT DATA {}", None),
        ("", None),
    ],
)
def test_form_is_what_follows_the_prologue(text: str, expected: str | None) -> None:
    assert form(text) == expected


RELAY = "http://127.0.0.1:1234/token?to="


def test_allowed_endpoint_is_asked_through_the_relay() -> None:
    query = "SELECT * { SERVICE <http://a.example/s> { ?s ?p 'SERVICE <http://a.example/s> {' } }"
    expected = query.replace("<http://a.example/s>", f"<{RELAY}http%3A%2F%2Fa.example%2Fs>", 1)
    assert relayed(query, ["http://a.example/s"], RELAY) == expected
    assert relayed("ASK {}", ["http://a.example/s"], RELAY) == "ASK {}"


@pytest.mark.parametrize("target", ["<http://b.example/s>", "<http://a.example/s?x>", "?s", "ex:s", "<s>", "<http://a.example\\u002Fs>"])
def test_endpoint_that_is_not_listed_is_refused(target: str) -> None:
    with pytest.raises(ForbiddenError):
        relayed(f"SELECT * {{ SERVICE {target} {{ ?s ?p ?o }} }}", ["http://a.example/s"], RELAY)


def test_names_of_a_query_are_no_load() -> None:
    query = "PREFIX load: <http://a/> SELECT * { ?s a load:x ; load:y ?load }"
    assert relayed(query) == query


def test_load_is_refused_in_a_query() -> None:
    with pytest.raises(ForbiddenError, match="LOAD"):
        relayed("LOAD <http://a.example/s>", ["http://a.example/s"], RELAY)


def test_dataset_of_the_query_is_seen() -> None:
    assert names_graphs("SELECT * FROM NAMED <a> { ?s ?p ?o }")
    assert names_graphs("CONSTRUCT { ?s ?p ?o } from<a> WHERE { ?s ?p ?o }")
    assert not names_graphs("SELECT ?from { ?from <http://a/from> 'FROM <a>' . # FROM <b>\n }")


def test_depth_has_a_limit() -> None:
    check_depth("{" * 1000 + "}" * 1000 + "()" * 5000)
    with pytest.raises(BadQueryError, match="nest"):
        check_depth("(" * 3000)
