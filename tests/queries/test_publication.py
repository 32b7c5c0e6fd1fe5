"""The catalogue as RDF."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from queries import catalogue, query_iri, triples

PREFIXES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
"""


def published() -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in triples("https://example.org/sparql"))
    return store


def test_every_question_is_published_with_its_text_and_both_titles() -> None:
    store = published()
    for query in catalogue().values():
        found = store.query(
            PREFIXES + f"SELECT ?text ?zh ?en WHERE {{ <{query_iri(query).value}> a sh:SPARQLExecutable ; rdfs:label ?zh , ?en ;"
            ' sh:select|sh:ask|sh:construct ?text . FILTER(LANG(?zh) = "zh" && LANG(?en) = "en") }'
        )
        assert isinstance(found, QuerySolutions)
        rows = [[term.value for term in row] for row in found]
        assert rows == [[query.bind({}), query.titles["zh"], query.titles["en"]]]


def test_published_text_runs() -> None:
    found = published().query(PREFIXES + "SELECT ?text WHERE { ?query sh:select|sh:ask|sh:construct ?text }")
    assert isinstance(found, QuerySolutions)
    texts = list(found)
    assert len(texts) == len(catalogue())
    for (text,) in texts:
        Store().query(text.value)


def test_parameters_are_published_with_names_and_samples() -> None:
    store = published()
    node = NamedNode("https://w3id.org/zhengce/queries/tasks-by-industry/parameter/industry")
    said = {quad.predicate.value.rsplit("#", 1)[1]: quad.object for quad in store.quads_for_pattern(node, None, None)}
    assert said["defaultValue"] == NamedNode("https://w3id.org/zhengce/id/industry/low-altitude-aviation")
    assert said["nodeKind"] == NamedNode("http://www.w3.org/ns/shacl#IRI")
    assert said["optional"] == Literal(False)


def test_endpoint_is_the_one_given() -> None:
    targets = set(published().quads_for_pattern(None, NamedNode("https://schema.org/target"), None))
    assert {quad.object for quad in targets} == {NamedNode("https://example.org/sparql")}
