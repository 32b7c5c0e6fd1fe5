"""Tests of the protocols, which are requests with the responses that are right, turned into what the service did wrong."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from ontology.names import TYPE, Namespace
from tests.conformance import results
from tests.conformance.evaluation import Evaluation
from tests.conformance.manifest import Case, Request
from tests.conformance.service import Response, Service

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_STATUSES = {"Created": 201, "OK": 200, "NoContent": 204, "NotFound": 404}
_VOCABULARY = (
    "Service Feature Language Function Aggregate EntailmentRegime EntailmentProfile GraphCollection Dataset Graph NamedGraph SPARQL10Query "
    "SPARQL11Query SPARQL11Update DereferencesURIs UnionDefaultGraph RequiresDataset EmptyGraphs BasicFederatedQuery endpoint feature "
    "defaultEntailmentRegime entailmentRegime defaultSupportedEntailmentProfile supportedEntailmentProfile extensionFunction "
    "extensionAggregate languageExtension supportedLanguage propertyFeature defaultDataset availableGraphs resultFormat inputFormat "
    "defaultGraph namedGraph name graph"
)
"""The names that https://www.w3.org/TR/sparql11-service-description/ defines."""


class Protocol:
    """Runs the tests of the protocols over one service."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.service: Service = evaluation.service

    def run(self, test: Case) -> str:
        """What went wrong; empty if nothing did."""
        if test.kind == "ServiceDescriptionTest":
            return self._description(test.name)
        self.evaluation.load(test.before)
        # Whatever the requests write, the next test starts from what it loads itself.
        self.evaluation.forget()
        location = ""
        for number, request in enumerate(test.requests, 1):
            response = self.service.ask(request.method, self._path(test, request, location), dict(request.headers), request.body)
            location = response.headers.get("location", location)
            wrong = _wrong(request, response)
            if wrong:
                return f"request {number}: {wrong}"
        return ""

    def _path(self, test: Case, request: Request, location: str) -> str:
        """The address here of an address in the test."""
        path = request.path.replace("$LOCATION$", location)
        if test.kind == "GraphStoreProtocolTest":
            return path.replace("/gsp", "/store", 1)
        asks = "query=" in path or b"query=" in (request.body or b"") or ("content-type", "application/sparql-query") in request.headers
        return path.replace("/sparql/", "/update" if "update" in test.name and not asks else "/sparql", 1)

    def _description(self, name: str) -> str:
        endpoint = f"{self.service.url}/sparql"
        response = self.service.ask("GET", "/sparql", {"Accept": "text/turtle, application/rdf+xml"})
        format = RdfFormat.from_media_type(response.media_type)
        if response.status != 200 or format is None:
            return f"status {response.status}, {response.media_type}"
        quads = list(parse(response.content, format, base_iri=endpoint))
        if name == "has-endpoint-triple":
            return (
                "" if any(quad.predicate == SD["endpoint"] and quad.object == NamedNode(endpoint) for quad in quads) else "no sd:endpoint"
            )
        if name == "conforms-to-schema":
            return _unknown_names(quads)
        return "" if quads else "nothing said"


def _unknown_names(quads: list[Quad]) -> str:
    if not any(quad.predicate == TYPE and quad.object == SD["Service"] for quad in quads):
        return "no sd:Service"
    names = {SD.local(term) for quad in quads for term in (quad.subject, quad.predicate, quad.object)} - {"", *_VOCABULARY.split()}
    return f"not in the vocabulary: {', '.join(sorted(names))}" if names else ""


def _wrong(request: Request, response: Response) -> str:
    statuses = [_STATUSES[status] for status in request.statuses if status in _STATUSES]
    classes = [int(status[10]) for status in request.statuses if status.startswith("StatusCode")]
    if response.status not in statuses and response.status // 100 not in classes:
        return f"status {response.status} instead of {', '.join(request.statuses)}"
    if request.format and not _is_of(request.format, response.media_type):
        return f"{response.media_type} for {request.format}"
    if request.boolean is not None and results.answered(response.content, response.media_type) != request.boolean:
        return f"not {request.boolean}"
    if request.content_type and response.media_type != request.content_type.partition(";")[0]:
        return f"{response.media_type} instead of {request.content_type}"
    if request.method == "HEAD":
        return "a body after HEAD" if response.content else ""
    if request.content is not None:
        due = frozenset(parse(request.content, RdfFormat.TURTLE, base_iri="http://www.example/"))
        found = frozenset(parse(response.content, RdfFormat.TURTLE, base_iri="http://www.example/"))
        return "" if results.isomorphic(found, due) else "another graph"
    return ""


def _is_of(format: str, media_type: str) -> bool:
    if format == "RDF":
        return RdfFormat.from_media_type(media_type) is not None
    return media_type.startswith("application/sparql-results+") or (
        format == "tabular" and media_type in {"text/csv", "text/tab-separated-values"}
    )
