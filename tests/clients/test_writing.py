"""Every client that can write does so, by either way to send the token; what it put is what it fetches, nothing lost or changed."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

import pytest

from tests.clients.clients import GraphClient, Scheme
from tests.clients.conftest import ClientOf
from tests.conformance.service import Service

pytestmark = pytest.mark.slow
WRITERS = ("SPARQLWrapper", "rdflib", "Jena", "Jena on HTTP/1.1", "RDF4J", "Comunica")
GRAPH_WRITERS = ("rdflib", "Jena", "Jena on HTTP/1.1", "RDF4J")
SCHEMES = ("Bearer", "Basic")
_S, _P = "<http://example.org/task/9>", "<http://example.org/says>"
PUT = {
    f'{_S} {_P} "低空经济，“eVTOL”与𠮷"@zh .',
    f'{_S} {_P} "two\\nlines, a \\"quote\\", a tab\\t and a \\\\" .',
    f'{_S} {_P} "9"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    f"{_S} <http://example.org/q?a=1&b=2#x,y> <http://example.org/%E5%9B%BE> .",
}
"""What is easily lost on the way: Chinese, a character beyond the BMP, lines, quotes, datatypes, escapes in addresses."""
MANY = {f'<http://example.org/n{n}> {_P} "任务{n}"@zh .' for n in range(3000)}


def _graph(name: str, scheme: str, what: str) -> str:
    return f"http://example.org/graph/{quote(name)}/{scheme}/{what}"


def _held(client: ClientOf, writing: Service, graph: str) -> set[str]:
    """What a graph holds, by a client that does not write."""
    return client("SPARQLWrapper", writing, "").construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", WRITERS)
def test_update(name: str, scheme: Scheme, client: ClientOf, writing: Service) -> None:
    graph, writer = _graph(name, scheme, "update"), client(name, writing, scheme)
    writer.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {' '.join(sorted(PUT))} }} }}")
    assert _held(client, writing, graph) == PUT
    writer.update(f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s <http://example.org/q?a=1&b=2#x,y> ?o }} }}")
    assert len(_held(client, writing, graph)) == len(PUT) - 1


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", GRAPH_WRITERS)
def test_put_then_fetch(name: str, scheme: Scheme, client: ClientOf, writing: Service) -> None:
    graph, writer = _graph(name, scheme, "put"), cast(GraphClient, client(name, writing, scheme))
    writer.put(graph, {f'{_S} {_P} "before" .'})
    writer.put(graph, PUT)
    assert writer.fetch(graph) == _held(client, writing, graph) == PUT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", GRAPH_WRITERS)
def test_post_adds(name: str, scheme: Scheme, client: ClientOf, writing: Service) -> None:
    graph, writer = _graph(name, scheme, "post"), cast(GraphClient, client(name, writing, scheme))
    writer.post(graph, PUT)
    writer.post(graph, MANY)
    assert writer.fetch(graph) == PUT | MANY


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", GRAPH_WRITERS)
def test_delete(name: str, scheme: Scheme, client: ClientOf, writing: Service) -> None:
    graph, writer = _graph(name, scheme, "delete"), cast(GraphClient, client(name, writing, scheme))
    writer.put(graph, PUT)
    writer.delete(graph)
    assert not client("SPARQLWrapper", writing, "").ask(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")


@pytest.mark.parametrize("name", WRITERS)
def test_nobody_writes_without_the_token(name: str, client: ClientOf, writing: Service) -> None:
    graph = _graph(name, "none", "update")
    with pytest.raises(Exception, match=r"."):
        client(name, writing, "").update(f"INSERT DATA {{ GRAPH <{graph}> {{ {_S} {_P} 1 }} }}")
    assert not client("SPARQLWrapper", writing, "").ask(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
