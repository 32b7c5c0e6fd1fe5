"""The store of an engine elsewhere, as jobs read it: each look is a query, what was seen is remembered while the job runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from graph.errors import EvaluationError, TimeLimitError
from graph.query.endpoint import Endpoint
from graph.query.framing import Format, QueryRequest
from graph.query.joined_lists import portable, rejoined
from graph.sparql.service_guard import form, relayed
from graph.store.engine import DatasetOf, Store
from ontology.names import GRAPH

Term = NamedNode | BlankNode | Literal | Triple
Pattern = tuple[Term | None, NamedNode | None, Term | None, NamedNode | None]
_JSON: Format = QueryResultsFormat.JSON
POINTER = GRAPH["pointer"]
"""The graph, and the node in it, that say which snapshot an engine elsewhere holds."""
TOKEN = NamedNode("http://purl.org/dc/terms/identifier")
SHARED = frozenset(GRAPH[name] for name in ("vocabulary", "inferred/vocabulary"))
"""Graphs that are read whole and may be kept as long as the snapshot is the same: their blank nodes have a meaning together only."""


class RemoteStore(Store):
    """The store of an engine elsewhere, as jobs read it; ``kept`` are shared graphs that were read before from the same snapshot."""

    def __init__(self, endpoint: Endpoint | str, seconds: float, kept: dict[NamedNode, tuple[Quad, ...]] | None = None) -> None:
        self._endpoint = Endpoint((endpoint,)) if isinstance(endpoint, str) else endpoint
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._graphs = {} if kept is None else kept
        self._seen: dict[Pattern, tuple[Quad, ...]] = {}
        super().__init__(cast(Any, self))

    def answer(self, query: str, dataset: DatasetOf | None = None, base: str | None = None) -> Any:
        """What the engine answers, read whole."""
        if form(query) in {"CONSTRUCT", "DESCRIBE"}:
            raise EvaluationError("graphs are not read from an engine elsewhere")
        left = self._until - time.monotonic()
        if left <= 0:
            # Each query may take what is left of the time, and no job goes on when nobody waits for it any more.
            raise TimeLimitError(self._seconds)
        text, lists = portable(relayed(query))
        content = self._endpoint.read(QueryRequest(query, _JSON, dataset or DatasetOf(), base), text, left)
        return parse_query_results(rejoined(content, lists), QueryResultsFormat.JSON)

    def query(self, query: str, **_options: object) -> Any:
        """As the embedded engine has it."""
        return self.answer(query)

    def token(self) -> str:
        """What names the snapshot that the engine holds; empty where nothing says so."""
        for row in self.select(f"SELECT ?token {{ GRAPH {POINTER} {{ {POINTER} {TOKEN} ?token }} }}"):
            return str(getattr(row["token"], "value", ""))
        return ""

    def named_graphs(self) -> Iterator[NamedNode]:
        """The named graphs that are not empty."""
        for row in self.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"):
            if isinstance(row["g"], NamedNode):
                yield row["g"]

    def contains_named_graph(self, graph: NamedNode) -> bool:
        """Whether the graph holds anything."""
        return self.ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}")

    def quads_for_pattern(
        self, subject: Term | None, predicate: NamedNode | None, object: Term | None, graph: Any = None
    ) -> Iterator[Quad]:
        """The quads that have these terms."""
        inside = graph if isinstance(graph, NamedNode) else None
        for quad in self._near(subject, predicate, object, inside):
            if (
                subject in (None, quad.subject)
                and predicate in (None, quad.predicate)
                and object in (None, quad.object)
                and inside in (None, quad.graph_name)
            ):
                yield quad

    def _near(self, subject: Term | None, predicate: NamedNode | None, object: Term | None, graph: NamedNode | None) -> tuple[Quad, ...]:
        """Quads among which are all that have these terms: what is asked of one thing is soon asked again in another way."""
        if graph in SHARED and graph is not None:
            return self._graph(graph)
        if isinstance(subject, BlankNode) or isinstance(object, BlankNode):
            return tuple(quad for held in self._graphs.values() for quad in held)
        if isinstance(subject, NamedNode):
            return self._read((subject, None, None, None))
        if object is not None:
            return self._read((None, predicate, object, None))
        return self._read((None, predicate, None, graph))

    def _graph(self, graph: NamedNode) -> tuple[Quad, ...]:
        if graph not in self._graphs:
            self._graphs[graph] = self._read((None, None, None, graph))
        return self._graphs[graph]

    def _read(self, pattern: Pattern) -> tuple[Quad, ...]:
        if pattern not in self._seen:
            self._seen[pattern] = tuple(self._quads(pattern))
        return self._seen[pattern]

    def _quads(self, pattern: Pattern) -> Iterator[Quad]:
        given = dict(zip("spog", pattern, strict=True))
        written = {name: f"?{name}" if term is None else str(term) for name, term in given.items()}
        answer = self.answer("SELECT * {{ GRAPH {g} {{ {s} {p} {o} }} }}".format(**written))
        if isinstance(answer, QueryBoolean):
            return
        for row in cast(QuerySolutions, answer):
            terms: dict[str, Any] = {name: given[name] if given[name] is not None else row[name] for name in written}
            yield Quad(terms["s"], terms["p"], terms["o"], terms["g"])
