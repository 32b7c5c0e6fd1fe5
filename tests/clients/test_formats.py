"""Every RDF that the service gives, in every format, read by two strict parsers that others wrote; they agree on its triples."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import rdflib
from rdflib.compare import isomorphic

from ontology.names import DEF, ID
from tests.clients.clients import Process
from tests.conformance.service import Service

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Format:
    """A format by its media type, the suffix of addresses, and its names in rdflib and N3.js (empty: not read there)."""

    media_type: str
    suffix: str
    rdflib: str
    n3: str = ""


FORMATS = (
    Format("text/turtle", ".ttl", "turtle", "text/turtle"),
    Format("application/n-triples", ".nt", "nt", "application/n-triples"),
    Format("application/n-quads", ".nq", "nquads", "application/n-quads"),
    Format("application/trig", ".trig", "trig", "application/trig"),
    Format("application/rdf+xml", ".rdf", "xml"),
    Format("application/ld+json", ".jsonld", "json-ld"),
)
PAGES = ("/def", "/id/district/pudong", "/id/notice/huzhiban-2026-2", "/id/notice/huzhiban-2026-2/task/9", "/.well-known/void")
SUFFIXED = ("/def", "/id/district/pudong", "/id/notice/huzhiban-2026-2/task/9")
BY_MEDIA_TYPE = [pytest.param(format, id=format.media_type) for format in FORMATS]


@pytest.mark.parametrize("format", BY_MEDIA_TYPE)
@pytest.mark.parametrize("page", PAGES)
def test_by_accept(page: str, format: Format, reading: Service, n3: Process) -> None:
    _check(page, format, reading, n3, {"Accept": format.media_type})


@pytest.mark.parametrize("format", [pytest.param(format, id=format.suffix) for format in FORMATS])
@pytest.mark.parametrize("page", SUFFIXED)
def test_by_suffix(page: str, format: Format, reading: Service, n3: Process) -> None:
    _check(page + format.suffix, format, reading, n3, {})


@pytest.mark.parametrize("format", BY_MEDIA_TYPE)
def test_a_graph_of_a_query(format: Format, reading: Service, n3: Process) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s a {DEF['Task']} ; ?p ?o }}"
    _check(f"/sparql?query={quote(query)}", format, reading, n3, {"Accept": format.media_type})


@pytest.mark.parametrize("page", PAGES)
def test_formats_say_the_same(page: str, reading: Service) -> None:
    """Where blank nodes are named is a format's own affair; what is said is not."""
    graphs = [_rdflib(reading.ask("GET", page, {"Accept": format.media_type}).content, format, reading.url + page) for format in FORMATS]
    assert len(graphs[0]) > 3
    assert [len(graph) for graph in graphs] == [len(graphs[0])] * len(graphs)
    assert all(isomorphic(graph, graphs[0]) for graph in graphs[1:])


def test_the_definition_and_the_description_hold_what_they_should(reading: Service) -> None:
    definition = _rdflib(reading.ask("GET", "/def", {"Accept": "text/turtle"}).content, FORMATS[0], reading.url)
    assert (rdflib.URIRef(DEF["Task"].value), rdflib.RDF.type, rdflib.OWL.Class) in definition
    void = _rdflib(reading.ask("GET", "/.well-known/void", {"Accept": "text/turtle"}).content, FORMATS[0], reading.url)
    assert (rdflib.URIRef(ID["dataset/zhengce"].value), rdflib.RDF.type, rdflib.VOID.Dataset) in void


@pytest.mark.parametrize("text", ["<a> <b> .", "<http://e.org/a> <http://e.org/b c> 1 .", '<http://e.org/a> <http://e.org/b> "a"@中 .'])
def test_the_parser_is_strict(text: str, n3: Process) -> None:
    with pytest.raises(RuntimeError, match=r"Expected|Unexpected|Invalid"):
        n3.request("parse", "text/turtle", "http://example.org/", text)


def _check(page: str, format: Format, reading: Service, n3: Process, headers: dict[str, str]) -> None:
    response = reading.ask("GET", page, headers)
    assert (response.status, response.media_type) == (200, format.media_type)
    graph = _rdflib(response.content, format, reading.url + page)
    assert len(graph) > 3
    if format.n3:
        quads = n3.request("parse", format.n3, reading.url + page, response.content.decode())
        assert isomorphic(_rdflib(quads.encode(), FORMATS[2], reading.url), graph)


def _rdflib(content: bytes, format: Format, base: str) -> rdflib.Graph:
    with warnings.catch_warnings():
        # rdflib's own parsers of quads use what rdflib deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=content, format=format.rdflib, publicID=base)
        graph = rdflib.Graph()
        for triple in dataset.triples((None, None, None)):
            graph.add(triple[:3])
    return graph
