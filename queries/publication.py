"""The catalogue, turned into RDF: each question an executable query that other tools can list, read and run.

SHACL says what an executable query is (https://www.w3.org/TR/shacl/), schema.org its tags and its endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from queries.parameters import XSD, Parameter, Term
from queries.query import LANGUAGES, Query

SITE = "https://w3id.org/zhengce/"

_DCTERMS = "http://purl.org/dc/terms/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SCHEMA = "https://schema.org/"
_SH = "http://www.w3.org/ns/shacl#"
_FORMS = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
    "DESCRIBE": ("SPARQLSelectExecutable", "select"),
}


def query_iri(query: Query) -> NamedNode:
    """The IRI of a question, which is also the address of its page."""
    return NamedNode(f"{SITE}queries/{query.name}")


def query_triples(query: Query, endpoint: NamedNode) -> Iterator[Triple]:
    """What the graph says about one question."""
    subject = query_iri(query)
    class_, property_ = _FORMS[query.form]
    yield Triple(subject, NamedNode(_RDF + "type"), NamedNode(_SH + "SPARQLExecutable"))
    yield Triple(subject, NamedNode(_RDF + "type"), NamedNode(_SH + class_))
    yield Triple(subject, NamedNode(_SH + property_), Literal(query.bind({})))
    yield Triple(subject, NamedNode(_SCHEMA + "target"), endpoint)
    yield Triple(subject, NamedNode(_DCTERMS + "identifier"), Literal(query.name))
    for language in LANGUAGES:
        yield Triple(subject, NamedNode(_RDFS + "label"), Literal(query.titles[language], language=language))
        yield Triple(subject, NamedNode(_RDFS + "comment"), Literal(query.descriptions[language], language=language))
    for tag in query.tags:
        yield Triple(subject, NamedNode(_SCHEMA + "keywords"), Literal(tag))
    for parameter in query.parameters:
        yield from _parameter_triples(subject, parameter)


def _parameter_triples(subject: NamedNode, parameter: Parameter) -> Iterator[Triple]:
    node = NamedNode(f"{subject.value}/parameter/{parameter.name}")
    yield Triple(subject, NamedNode(_SH + "parameter"), node)
    yield Triple(node, NamedNode(_RDF + "type"), NamedNode(_SH + "Parameter"))
    yield Triple(node, NamedNode(_SH + "path"), NamedNode(f"{SITE}queries/parameter/{parameter.name}"))
    yield Triple(node, NamedNode(_SH + "optional"), Literal(parameter.optional))
    for language in LANGUAGES:
        yield Triple(node, NamedNode(_SH + "name"), Literal(parameter.labels[language], language=language))
    if parameter.type == "iri":
        yield Triple(node, NamedNode(_SH + "nodeKind"), NamedNode(_SH + "IRI"))
    else:
        yield Triple(node, NamedNode(_SH + "datatype"), NamedNode(XSD + parameter.type))
    sample: Term
    for sample in parameter.sample[:1]:
        yield Triple(node, NamedNode(_SH + "defaultValue"), sample)
