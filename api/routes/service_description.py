"""What the endpoint is and can do, as RDF (https://www.w3.org/TR/sparql11-service-description/); only what is true."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, QueryResultsFormat, RdfFormat, Triple, serialize

from api.http import negotiation
from ontology.names import PREFIXES, TYPE, Namespace

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")


def describe(endpoint: str, format: negotiation.Format, *, union: bool, federated: bool = False) -> bytes:
    """The description of an endpoint in one of the formats of graphs."""
    if not isinstance(format, RdfFormat):
        raise TypeError(format)
    return serialize(triples(endpoint, union=union, federated=federated), format=format, prefixes={**PREFIXES, "sd": SD}) or b""


def triples(endpoint: str, *, union: bool, federated: bool = False) -> Iterator[Triple]:
    """The description of an endpoint."""
    service, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")
    yield Triple(service, TYPE, SD["Service"])
    yield Triple(service, SD["endpoint"], service)
    yield Triple(service, SD["supportedLanguage"], SD["SPARQL11Query"])
    for offer in (*negotiation.results(), *negotiation.graphs()):
        if isinstance(offer.format, QueryResultsFormat | RdfFormat):
            yield Triple(service, SD["resultFormat"], NamedNode(offer.format.iri))
    if union:
        yield Triple(service, SD["feature"], SD["UnionDefaultGraph"])
    if federated:
        yield Triple(service, SD["feature"], SD["BasicFederatedQuery"])
    yield Triple(service, SD["feature"], SD["EmptyGraphs"])
    yield Triple(service, SD["defaultDataset"], dataset)
    yield Triple(dataset, TYPE, SD["Dataset"])
    yield Triple(dataset, SD["defaultGraph"], default)
    yield Triple(default, TYPE, SD["Graph"])
