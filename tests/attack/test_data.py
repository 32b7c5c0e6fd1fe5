"""Malformed and hostile RDF is refused as a problem of the sender's, and nothing of it stays."""

from __future__ import annotations

import random

import pytest

from tests.conformance.service import Service

TURTLE, TRIPLES, XML, JSON, QUADS = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/n-quads",
)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
GOOD = b'@prefix : <http://example.org/> . :a :b "c"@zh, 1.5, true, [ :d ( :e "\\u5e02" ) ] .'

HOSTILE = {
    "cut off": (TURTLE, b"<a> <b> "),
    "no UTF-8": (TURTLE, b"<a> <b> '\xff\xfe' ."),
    "no characters": (TURTLE, b"<a> <b> '\\uD800' ."),
    "no IRI": (TURTLE, b"<http://a b> <b> <c> ."),
    "unknown prefix": (TURTLE, b"a:b a:c a:d ."),
    "nodes in nodes": (TURTLE, b"<a> <b> " + b"[ <c> " * 200_000),
    "lists in lists": (TURTLE, b"<a> <b> " + b"(" * 500_000),
    "long name": (TURTLE, b"<" + b"a" * 1_000_000),
    "quads": (QUADS, b"<http://a> <http://b> <http://c> <http://d> ."),
    "turtle as triples": (TRIPLES, GOOD),
    "elements in elements": (XML, f"<rdf:RDF {RDF}>".encode() + b"<a>" * 200_000),
    "laughs": (
        XML,
        f'<!DOCTYPE rdf:RDF [<!ENTITY a0 "ha">{LAUGHS}]><rdf:RDF {RDF}><x xmlns="http://a/"><y>&a12;</y></x></rdf:RDF>'.encode(),
    ),
    "external": (
        XML,
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><rdf:RDF {RDF}><x xmlns="http://a/"><y>&e;</y></x></rdf:RDF>'.encode(),
    ),
    "arrays in arrays": (JSON, b"[" * 500_000),
    "objects in objects": (JSON, b'{"@graph":' * 100_000),
    "remote context": (JSON, b'{"@context": "http://127.0.0.1:1/context", "@id": "http://a", "http://b": "c"}'),
    "terms in terms": (TURTLE, b"<a:a> <a:b> " + b"<<( <a:a> <a:b> " * 100_000 + b"1" + b" )>>" * 100_000 + b" ."),
    "no JSON": (JSON, b"{'a': 1}"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_data_is_refused(service: Service, name: str) -> None:
    media_type, content = HOSTILE[name]
    response = service.ask("PUT", "/store?graph=http%3A%2F%2Fexample.org%2Fhostile", {"Content-Type": media_type}, content)
    assert response.status in {400, 504, 507}
    assert response.media_type == "application/problem+json"


def test_spoilt_data_is_refused_or_read(service: Service) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(20):
        spoilt = bytearray(GOOD)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(spoilt))
            spoilt[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        # The graph is one that the service keeps for itself, so that even what can be read does not stay.
        response = service.ask(
            "PUT", "/store?graph=https%3A%2F%2Fw3id.org%2Fzhengce%2Fgraph%2Flinks", {"Content-Type": TURTLE}, bytes(spoilt)
        )
        assert response.status in {400, 403}


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA " + "{" * 100_000,
        "DELETE WHERE { " + "?a ?b ?c . " * 100_000 + "",
        "INSERT { ?a ?b ?c } WHERE { FILTER(" + "!" * 200_000 + "true) }",
        ";" * 300_000,
        "LOAD <http://127.0.0.1:1/>",
        "LOAD <http://169.254.169.254/latest>",
        "INSERT { ?a ?b ?c } WHERE { SERVICE <http://[::1]:1/> { ?a ?b ?c } }",
        "INSERT { ?a ?b ?c } WHERE { " + "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l ." + " FILTER(?c + ?f + ?i + ?l = -1) }",
        "DROP GRAPH <https://w3id.org/zhengce/graph/vocabulary>",
    ],
)
def test_a_hostile_update_changes_nothing(service: Service, update: str) -> None:
    response = service.ask(
        "POST", "/update?using-graph-uri=http://example.org/g", {"Content-Type": "application/sparql-update"}, update.encode()
    )
    assert response.status in {400, 403, 422, 500, 504, 507}
