"""Tests of queries, updates and their syntax, turned into what the service did wrong: nothing, or a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.sparql.tokens import tokens
from tests.conformance import results
from tests.conformance.manifest import BASE, Case, Dataset, iri
from tests.conformance.service import Response, Service

_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
}
_ALL = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


class Evaluation:
    """Runs tests over one service, and loads a dataset only where the one before was another."""

    def __init__(self, root: Path, service: Service) -> None:
        self.root = root
        self.service = service
        self._loaded: Dataset | None = None

    def run(self, test: Case) -> str:
        """What went wrong; empty if nothing did."""
        kinds: dict[str, Callable[[Case], str]] = {
            "QueryEvaluationTest": self._query,
            "CSVResultFormatTest": self._query,
            "UpdateEvaluationTest": self._update,
        }
        return kinds.get(test.kind, self._syntax)(test)

    def load(self, dataset: Dataset) -> None:
        """The store holds this and nothing else."""
        if dataset != self._loaded:
            self._loaded = None
            self.service.update("; ".join(["DROP ALL", *_inserts(self.quads(dataset))]))
            self._loaded = dataset

    def forget(self) -> None:
        """Somebody else changes the store."""
        self._loaded = None

    def quads(self, dataset: Dataset) -> Iterator[Quad]:
        """The quads of the files, each in its graph."""
        for graph, path in dataset.files:
            name = DefaultGraph() if graph is None else NamedNode(graph)
            for quad in parse(path=path, format=_FORMATS[path.suffix], base_iri=iri(self.root, path), rename_blank_nodes=True):
                yield Quad(
                    quad.subject, quad.predicate, quad.object, name if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
                )

    def _query(self, test: Case) -> str:
        assert test.action is not None
        assert test.result is not None
        text = self._text(test.action)
        self.load(test.before if test.before.files else self._named_in(text))
        response = self._ask(text, results.wanted(test.result))
        if response.status != 200:
            return f"status {response.status}"
        if test.result.suffix == ".csv":
            return "" if results.same_csv(response.content, test.result) else "another result"
        due = results.expected(test.result, iri(self.root, test.result))
        found = results.answered(response.content, response.media_type)
        return "" if results.same(found, due, lax=test.lax) else "another result"

    def _update(self, test: Case) -> str:
        assert test.action is not None
        self.load(test.before)
        self._loaded = None
        response = self._send(self._text(test.action))
        if response.status >= 300:
            return f"status {response.status}"
        rows = results.answered(self._ask(_ALL, "application/sparql-results+json").content, "application/sparql-results+json")
        assert isinstance(rows, results.Table)
        return "" if results.isomorphic(map(_quad, rows.rows), self.quads(test.after)) else "another state"

    def _syntax(self, test: Case) -> str:
        assert test.action is not None
        text = test.action.read_text("utf-8")
        if test.action.suffix == ".ru":
            self._loaded = None
            status = self._send(text).status
        else:
            status = self._ask(text, "*/*").status
        # Refused for another reason than its syntax: what it asks for is not there (422), or is not allowed (403).
        right = status == 400 if test.kind.startswith("Negative") else status in {200, 204, 403, 422}
        return "" if right else f"status {status}"

    def _text(self, path: Path) -> str:
        return f"BASE <{iri(self.root, path)}>\n{path.read_text('utf-8')}"

    def _named_in(self, text: str) -> Dataset:
        """The files that a query itself names in FROM."""
        base = text[text.index("<") + 1 : text.index(">")].rsplit("/", 1)[0]
        found = list(tokens(text))
        names = {
            (after if after.kind == "iri" else later).text.strip("<>")
            for token, after, later in zip(found, found[1:], found[2:], strict=False)
            if token.keyword == "FROM"
        }
        folder = self.root / base.removeprefix(BASE)
        return Dataset(tuple((f"{base}/{name}", folder / name) for name in sorted(names)))

    def _ask(self, text: str, accept: str) -> Response:
        body = f"query={quote(text, safe='')}".encode()
        return self.service.ask("POST", "/sparql", {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}, body)

    def _send(self, text: str) -> Response:
        return self.service.ask("POST", "/update", {"Content-Type": "application/sparql-update"}, text.encode())


def _inserts(quads: Iterator[Quad]) -> Iterator[str]:
    lines = []
    for quad in quads:
        triple = f"{quad.subject} {quad.predicate} {_written(quad.object)} ."
        lines.append(triple if isinstance(quad.graph_name, DefaultGraph) else f"GRAPH {quad.graph_name} {{ {triple} }}")
    if lines:
        yield "INSERT DATA {\n" + "\n".join(lines) + "\n}"


def _written(term: NamedNode | BlankNode | Literal | Triple) -> str:
    return f"<<( {term.subject} {term.predicate} {_written(term.object)} )>>" if isinstance(term, Triple) else str(term)


def _quad(row: results.Row) -> Quad:
    graph = row.get("g", DefaultGraph())
    subject, predicate = row["s"], row["p"]
    assert isinstance(subject, NamedNode | BlankNode)
    assert isinstance(predicate, NamedNode)
    assert isinstance(graph, NamedNode | BlankNode | DefaultGraph)
    return Quad(subject, predicate, row["o"], graph)
