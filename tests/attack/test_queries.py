"""Hostile queries end in an answer or in a problem that names the limit, and nobody else notices."""

from __future__ import annotations

import json
import threading
from http.client import IncompleteRead
from urllib.parse import quote

import pytest

from tests.conformance.service import Response, Service

P = "<http://example.org/value>"
TRIPLES = ("?a ?b ?c", "?d ?e ?f", "?g ?h ?i", "?j ?k ?l")
CUT = 0
"""A limit was hit after the answer had begun, so that all the service can do is to cut it off."""
LIMITED = {504, 507, CUT}
ANY = {200, 400, 413, 422, 500, *LIMITED}

HOSTILE = {
    "cross product, counted": (f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(TRIPLES)} FILTER(?c + ?f + ?i + ?l = -1) }}", LIMITED),
    "cross product, sorted": (f"SELECT * {{ {' . '.join(TRIPLES[:3])} }} ORDER BY ?c ?f DESC(?i)", LIMITED),
    "cross product, distinct": (f"SELECT DISTINCT * {{ {' . '.join(TRIPLES[:3])} }}", LIMITED),
    "cross product, grouped": (f"SELECT ?c ?f (COUNT(*) AS ?n) {{ {' . '.join(TRIPLES)} }} GROUP BY ?c ?f", LIMITED),
    "cross product as a graph": (f"CONSTRUCT {{ ?a ?b ?f }} WHERE {{ {' . '.join(TRIPLES[:3])} }}", ANY),
    "one long string": (f"SELECT (GROUP_CONCAT(STR(?a)) AS ?x) {{ {' . '.join(TRIPLES[:3])} }}", LIMITED),
    "string doubled": (
        "SELECT ?x40 { " + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)) + " }",
        ANY,
    ),
    "string doubled from something": (
        "SELECT (STRLEN(?x40) AS ?n) { BIND('0123456789' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
        + " }",
        LIMITED,
    ),
    "groups in groups": ("ASK " + "{" * 1500 + "?s ?p ?o" + "}" * 1500, ANY),
    "groups beyond measure": ("ASK " + "{" * 100_000 + "}" * 100_000, {400}),
    "brackets in brackets": ("ASK { FILTER(" + "(" * 1500 + "1" + ")" * 1500 + ") }", ANY),
    "not not": ("ASK { FILTER(" + "!" * 100_000 + "true) }", ANY),
    "minus minus": ("SELECT (" + "- " * 100_000 + "1 AS ?x) {}", ANY),
    "sums of sums": ("SELECT (" + "1 + " * 50_000 + "1 AS ?x) {}", ANY),
    "optional in optional": ("SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * 300 + "}" * 301, ANY),
    "query in query": ("SELECT * { " + "{ SELECT * { " * 300 + "?s ?p ?o" + " } }" * 300 + " }", ANY),
    "collection in collection": ("ASK { ?s ?p " + "( " * 1500 + ") " * 1500 + "}", ANY),
    "triple in triple": ("ASK { ?s ?p " + "<<( ?a ?b " * 900 + "1" + " )>>" * 900 + " }", ANY),
    "path of stars": ("SELECT * { ?s " + "(" * 400 + P + ")*" * 400 + " ?o }", ANY),
    "path of many steps": ("SELECT * { ?s " + "/".join([P] * 10_000) + " ?o }", ANY),
    "path of many ways": (
        "SELECT (COUNT(*) AS ?n) { ?s (" + "|".join([P, f"^{P}"] * 2000) + ")* ?o }",
        ANY,
    ),
    "everything to everything": (
        f"SELECT (COUNT(*) AS ?n) {{ ?s (<x:>|!<x:>|^{P})* ?o . ?o (<x:>|!<x:>)* ?z . ?z !<y:>* ?a . ?a ?b ?c }}",
        ANY,
    ),
    "long list": ("SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(100_000))) + ")) }", ANY),
    "long table": ("SELECT * { VALUES ?o { " + " ".join(map(str, range(100_000))) + " } ?s ?p ?o }", ANY),
    "many unions": ("SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 5000) + " }", ANY),
    "many patterns": (
        "SELECT * { " + " . ".join(f"?a{n} ?b{n} ?a{n + 1}" for n in range(3000)) + " }",
        ANY,
    ),
    "many variables": ("SELECT " + " ".join(f"?v{n}" for n in range(50_000)) + " { ?s ?p ?o }", ANY),
    "slow pattern": ("ASK { BIND('" + "a" * 30_000 + "' AS ?a) FILTER(REGEX(?a, '(a*)*(a*)*b')) }", ANY),
    "huge pattern": ("ASK { FILTER(REGEX('a', '((((a{100}){100}){100}){100})')) }", ANY),
    "long comment": ("ASK {} #" + "x" * 1_000_000, ANY),
    "long string": ("ASK { BIND('" + "x" * 1_000_000 + "' AS ?x) }", ANY),
    "long name": ("ASK { ?" + "x" * 1_000_000 + " ?p ?o }", ANY),
    "too long": ("ASK {} #" + "x" * (1 << 20), {413}),
    "only brackets": ("{(" * 250_000, {400}),
    "only quotes": ('"\\' * 250_000, {400}),
    "only less": ("ASK { FILTER(1 " + "<a" * 250_000 + ") }", {400}),
    "nothing": ("", {400}),
    "zero": ("ASK {}\0", {400}),
    "not characters": ("ASK { BIND('\\ud800' AS ?x) }", ANY),
}


def ask(service: Service, query: str) -> Response:
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv, text/turtle;q=0.9"}
    try:
        return service.ask("POST", "/sparql", headers, query.encode())
    except IncompleteRead:
        service.close()
        return Response(CUT, {}, b"")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends_in_an_answer_or_in_a_problem(service: Service, name: str) -> None:
    query, statuses = HOSTILE[name]
    response = ask(service, query)
    assert response.status in statuses
    if response.status not in {200, CUT}:
        problem = json.loads(response.content)
        # A process that the engine's recursion ended ends alone, and says so.
        assert response.status != 500 or problem["type"].endswith("#worker")
        assert response.status not in LIMITED or "limit" in problem


def test_others_are_answered_while_hostile_queries_run(service: Service) -> None:
    query, _ = HOSTILE["cross product, counted"]
    clients = [Service(service.port) for _ in range(6)]
    others = [threading.Thread(target=ask, args=(client, query), daemon=True) for client in clients]
    for other in others:
        other.start()
    for number in range(20):
        response = service.ask("GET", f"/sparql?query={quote(f'SELECT ?s {{ ?s ?p {number} }}', safe='')}", {"Accept": "text/csv"})
        assert (response.status, response.content.split()) == (200, [b"s", f"http://example.org/{number}".encode()])
    for other in others:
        other.join(30)
        assert not other.is_alive()
    for client in clients:
        client.close()
