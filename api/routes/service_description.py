"""What the endpoint is and can do, as RDF (https://www.w3.org/TR/sparql11-service-description/); only what is true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, NamedNode, QueryResultsFormat, RdfFormat, Triple, serialize

from api.http import negotiation
from ontology.names import PREFIXES, TYPE, Namespace

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")


def describe(
    endpoint: str, format: negotiation.Format, *, union: bool, federated: bool = False, update: str = "", graphs: Sequence[str] = ()
) -> bytes:
    """The description of an endpoint in one of the formats of graphs. ``update`` is the address of updates, where they are taken."""
    if not isinstance(format, RdfFormat):
        raise TypeError(format)
    described = triples(endpoint, union=union, federated=federated, update=update, graphs=graphs)
    return serialize(described, format=format, prefixes={**PREFIXES, "sd": SD}) or b""


def triples(endpoint: str, *, union: bool, federated: bool = False, update: str = "", graphs: Sequence[str] = ()) -> Iterator[Triple]:
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
    for number, name in enumerate(graphs):
        named = BlankNode(f"graph{number}")
        yield Triple(dataset, SD["namedGraph"], named)
        yield Triple(named, TYPE, SD["NamedGraph"])
        yield Triple(named, SD["name"], NamedNode(name))
    if update:
        updates = NamedNode(update)
        yield Triple(updates, TYPE, SD["Service"])
        yield Triple(updates, SD["endpoint"], updates)
        yield Triple(updates, SD["supportedLanguage"], SD["SPARQL11Update"])
        yield Triple(updates, SD["defaultDataset"], dataset)
