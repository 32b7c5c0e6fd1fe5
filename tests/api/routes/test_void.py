"""The description for catalogues of open data: valid by the shapes of DCAT-AP, of this service alone, in every format."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from pyshacl import validate

SHAPES = Path(__file__).parents[4] / "shared" / "dcat-ap"
DCAT, DCTERMS = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.Namespace("http://purl.org/dc/terms/")
SPDX, VOID = rdflib.Namespace("http://spdx.org/rdf/terms#"), rdflib.Namespace("http://rdfs.org/ns/void#")
DATASET = rdflib.URIRef("https://w3id.org/zhengce/id/dataset/zhengce")


def graph(client: Any, path: str) -> rdflib.Graph:
    reply = client.get(path)
    assert reply.status == 200
    return rdflib.Graph().parse(data=reply.body, format="nt")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    together = rdflib.Graph()
    for name in ("shapes.ttl", "range.ttl"):
        together.parse(SHAPES / name, format="turtle")
    return together


@pytest.mark.parametrize("path", ["/catalogue.nt", "/.well-known/void.nt"])
def test_description_breaks_no_shape_of_dcat_ap(published: Any, shapes: rdflib.Graph, path: str) -> None:
    found = graph(published, path)
    for type_ in ("Catalog", "Dataset", "DataService", "Distribution"):
        assert list(found.subjects(rdflib.RDF.type, DCAT[type_])), type_
    conforms, _, text = validate(found, shacl_graph=shapes, advanced=True)
    assert conforms, text


def test_nothing_recommended_is_missing_but_what_the_service_does_not_know(published: Any) -> None:
    """Who runs a service, how long its files will be there and which period all its documents speak of is not claimed."""
    recommended = rdflib.Graph().parse(SHAPES / "shapes_recommended.ttl", format="turtle")
    conforms, report, _ = validate(graph(published, "/catalogue.nt"), shacl_graph=recommended)
    assert not conforms
    missing = {str(path).rpartition("/")[2] for path in report.objects(None, rdflib.SH.resultPath)}
    assert missing == {"dcat#contactPoint", "type", "availability", "temporal", "dcat#bbox", "dcat#centroid"}


def test_shapes_find_what_is_missing(published: Any, shapes: rdflib.Graph) -> None:
    found = graph(published, "/catalogue.nt")
    found.remove((DATASET, DCTERMS.title, None))
    assert not validate(found, shacl_graph=shapes, advanced=True)[0]


def test_version_dates_and_checksums_are_those_of_the_snapshot(published: Any) -> None:
    found = graph(published, "/catalogue.nt")
    listed = published.get("/dumps").json
    assert str(found.value(DATASET, DCAT.version)) == str(listed["snapshot"])
    assert {str(date) for date in found.objects(None, DCTERMS.modified)} == {listed["published"]}
    files = {str(url): node for node, url in found.subject_objects(DCAT.downloadURL)}
    assert {url.rpartition("/")[2] for url in files} == {"all.nq.gz", "vocabulary.ttl.gz", "links.ttl.gz"}
    for url, node in files.items():
        body = published.get(url.removeprefix(published.url)).body
        checksum = found.value(node, SPDX.checksum)
        assert int(str(found.value(node, DCAT.byteSize))) == len(body)
        assert str(found.value(checksum, SPDX.checksumValue)) == hashlib.sha256(body).hexdigest()


def test_both_languages_say_what_it_is(published: Any) -> None:
    found = graph(published, "/catalogue.nt")
    for predicate in (DCTERMS.title, DCTERMS.description, DCAT.keyword):
        assert {value.language for value in found.objects(DATASET, predicate)} == {"zh", "en"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/catalogue.nt", "/.well-known/void.nt"])
def test_addresses_are_those_of_the_service_that_is_asked(published: Any, path: str) -> None:
    found = graph(published, path)
    addresses = {
        str(node)
        for predicate in (DCAT.endpointURL, DCAT.downloadURL, DCAT.accessURL, DCAT.endpointDescription, VOID.sparqlEndpoint, VOID.dataDump)
        for node in found.objects(None, predicate)
    }
    assert addresses
    assert [address for address in addresses if not address.startswith(f"{published.url}/")] == []


def test_addresses_are_those_that_the_operator_names(publish_shipped: Path, open_service: Any) -> None:
    with open_service(publish_shipped, url="https://data.example") as client:
        found = graph(client, "/catalogue.nt")
    assert {str(node) for node in found.objects(None, DCAT.endpointURL)} == {"https://data.example/sparql"}


@pytest.mark.parametrize("format", [RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.N_QUADS, RdfFormat.TRIG], ids=str)
def test_every_format_says_the_same_by_suffix_and_by_accept(published: Any, format: RdfFormat) -> None:
    suffix = {"ttl": "ttl", "rdf": "rdf", "jsonld": "jsonld", "nq": "nq", "trig": "trig"}[format.file_extension]
    expected = {str(quad) for quad in parse(published.get("/catalogue.nt").body, RdfFormat.N_TRIPLES)}
    assert len(expected) > 100
    assert {str(quad) for quad in parse(published.get(f"/catalogue.{suffix}").body, format)} == expected
    reply = published.get("/catalogue", Accept=format.media_type)
    assert reply.headers["content-type"].startswith(format.media_type)
    assert {str(quad) for quad in parse(reply.body, format)} == expected


def test_link_sets_count_the_links_of_each_target(published: Any) -> None:
    found = graph(published, "/.well-known/void.nt")
    sets = list(found.subjects(rdflib.RDF.type, VOID.Linkset))
    assert len(sets) > 20
    counted = 0
    for each in sets:
        assert found.value(each, VOID.subjectsTarget) == DATASET
        assert (found.value(each, VOID.objectsTarget), rdflib.RDF.type, VOID.Dataset) in found
        counted += int(str(found.value(each, VOID.triples)))
    query = """PREFIX zc: <https://w3id.org/zhengce/def#> SELECT (COUNT(*) AS ?n) {
      GRAPH <https://w3id.org/zhengce/graph/links> { ?l a zc:Link ; zc:from ?s ; zc:to ?o ; zc:scheme ?c . ?s ?p ?o } }"""
    assert counted == int(published.ask(query).rows[0]["n"])


def test_unknown_suffix_is_no_address(published: Any) -> None:
    assert published.get("/catalogue.pdf").status == 404
    assert published.get("/catalogue.ttl.ttl").status == 404


def test_triples_are_those_of_turtle_too(published: Any) -> None:
    assert len(list(parse(published.get("/catalogue").body, RdfFormat.TURTLE))) == len(graph(published, "/catalogue.nt"))
