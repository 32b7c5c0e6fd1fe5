"""The store of an engine elsewhere, as jobs read it: each look is a query, what was seen is remembered while the job runs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Any, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from pyoxigraph import Store as Engine

from graph.errors import EvaluationError, MovingError, TimeLimitError
from graph.query.endpoint import Endpoint
from graph.query.framing import Format, QueryRequest
from graph.query.portable import portable
from graph.sparql.query_form import form
from graph.sparql.service_guard import relayed
from graph.store.embedded_store import DatasetOf, Store
from ontology.names import COMPARISONS, GRAPH, ID, XSD

Term = NamedNode | BlankNode | Literal | Triple
Pattern = tuple[Term | None, NamedNode | None, Term | None, NamedNode | None]
_JSON: Format = QueryResultsFormat.JSON
POINTER = GRAPH["pointer"]
"""The graph, and the node in it, that say which snapshot an engine elsewhere holds."""
TOKEN = NamedNode("http://purl.org/dc/terms/identifier")
MOVING = NamedNode("http://purl.org/dc/terms/isReplacedBy")
"""A mark of the pointer: somebody changes what the engine holds, and it may be of two snapshots."""
SHARED = frozenset(GRAPH[name] for name in ("vocabulary", "inferred/vocabulary"))
"""Graphs that are read whole: their blank nodes have a meaning together only."""
_PARTS = ("notice", "inferred", "readings", "provenance", "outcomes")
_NOTICE = re.compile(re.escape(ID) + r"notice/([^/]+)")
_HOLDS = NamedNode("http://purl.org/dc/terms/hasPart")
_LOOKS = 40
"""After so many looks a job reads the graphs of a notice whole when it needs something of it."""
_MOST_QUADS, _MOST_LOOKS = 500_000, 20_000


class Kept:
    """What was read from one snapshot of an engine, kept for other jobs: whole graphs, and what was said about single things."""

    def __init__(self, *, alone: bool = False) -> None:
        """``alone``: the engine holds no graph of others that this service wrote, so that a notice is what its own graphs say."""
        self.alone = alone
        self.graphs = Engine()
        self.loaded: set[NamedNode] = set()
        self.near: Store | None = None
        """The graphs of the service, where they were read."""
        self.large = not alone
        """Whether they are not to be read whole: they are too many, or nothing says when they change."""
        self.seen: dict[Pattern, tuple[Quad, ...]] = {}
        self.lock = Lock()
        """Held while a graph is read: blank nodes that come twice would be two."""

    def make_room(self) -> None:
        """Forgets all where it has become much."""
        if len(self.seen) > _MOST_LOOKS:
            self.seen = {}
        if len(self.graphs) > _MOST_QUADS:
            self.graphs, self.loaded, self.near, self.large = Engine(), set(), None, True


class RemoteStore(Store):
    """The store of an engine elsewhere, as jobs read it."""

    def __init__(self, endpoint: Endpoint | str, seconds: float, kept: Kept | None = None) -> None:
        self._endpoint = Endpoint((endpoint,)) if isinstance(endpoint, str) else endpoint
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._kept = kept or Kept()
        self._looks = 0
        super().__init__(cast(Any, self))
        self.elsewhere = True

    def reading(self, dataset: DatasetOf) -> tuple[Store, DatasetOf]:
        """Where the graphs of the service alone are wanted, these as they were read, if they are not too many: what engines answer in
        their own ways is then answered as with the data in a folder."""
        near = self._near() if dataset.own else None
        return (near, replace(dataset, own=False)) if near else super().reading(dataset)

    def answer(self, query: str, dataset: DatasetOf | None = None, base: str | None = None) -> Any:
        """What the engine answers, read whole."""
        if form(query) in {"CONSTRUCT", "DESCRIBE"}:
            raise EvaluationError("graphs are not read from an engine elsewhere")
        asked = portable(relayed(query))
        content = self._endpoint.read(QueryRequest(query, _JSON, dataset or DatasetOf(), base), asked.text, self._left())
        return parse_query_results(asked.answer(content), QueryResultsFormat.JSON)

    def _left(self) -> float:
        """The seconds that a query may take; no job goes on when nobody waits for it any more."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeLimitError(self._seconds)
        return left

    def query(self, query: str, **_options: object) -> Any:
        """As the embedded engine has it."""
        return self.answer(query)

    def state(self) -> tuple[str, bool]:
        """What names the snapshot that the engine holds, empty where nothing says so; whether it is all the service's own. Raises
        MovingError where it is between two."""
        found = [*self.answer(f"SELECT ?p ?o {{ GRAPH {POINTER} {{ {POINTER} ?p ?o }} }}")]
        if any(row["p"] == MOVING for row in found):
            raise MovingError
        token = next((row["o"].value for row in found if row["p"] == TOKEN), "")
        return token, bool(token) and all(row["p"] != _HOLDS for row in found)

    def named_graphs(self) -> Iterator[NamedNode]:
        """The named graphs that are not empty."""
        yield from self._sizes()

    def _sizes(self) -> dict[NamedNode, int]:
        """The named graphs that are not empty, each with the number of its triples."""
        # Virtuoso may take minutes for SELECT DISTINCT ?g, and counts at once.
        rows = self.answer("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return {row["g"]: int(row["n"].value) for row in rows if isinstance(row["g"], NamedNode)}

    def contains_named_graph(self, graph: NamedNode) -> bool:
        """Whether the graph holds anything."""
        return self.ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}")

    def quads_for_pattern(
        self, subject: Term | None, predicate: NamedNode | None, object: Term | None, graph: Any = None
    ) -> Iterator[Quad]:
        """The quads that have these terms."""
        inside = graph if isinstance(graph, NamedNode) else None
        if self._is_near(subject, object, inside):
            wanted = cast(Any, (subject, predicate, object, inside))
            yield from self._kept.graphs.quads_for_pattern(*wanted)
            return
        for quad in self._looked(subject, predicate, object, inside):
            if (
                subject in (None, quad.subject)
                and predicate in (None, quad.predicate)
                and object in (None, quad.object)
                and inside in (None, quad.graph_name)
            ):
                yield quad

    def _is_near(self, subject: Term | None, object: Term | None, graph: NamedNode | None) -> bool:
        """Whether what is asked for stands in a graph that was read whole; reads one that soon will be wanted again."""
        if graph in SHARED and graph is not None:
            self._load(graph)
        if graph in self._kept.loaded or isinstance(subject, BlankNode) or isinstance(object, BlankNode):
            return True
        notice = next((found[1] for term in (subject, object) if isinstance(term, NamedNode) and (found := _NOTICE.match(term.value))), "")
        if not notice or not self._kept.alone:
            return False
        graphs = [*(GRAPH[f"{part}/{notice}"] for part in _PARTS), COMPARISONS]
        if self._looks > _LOOKS:
            for each in graphs:
                self._load(each)
        return self._kept.loaded.issuperset(graphs)

    def _near(self) -> Store | None:
        """The graphs of the service, read the first time that they are asked for; None where they are too many."""
        kept = self._kept
        if kept.near is None and not kept.large:
            sizes = {graph: number for graph, number in self._sizes().items() if graph.value.startswith(GRAPH)}
            kept.large = sum(sizes.values()) > _MOST_QUADS
            for graph, number in sizes.items() if not kept.large else ():
                self._load(graph, number)
            if not kept.large:
                kept.near = Store.in_memory(kept.graphs)
        return kept.near

    def _looked(self, subject: Term | None, predicate: NamedNode | None, object: Term | None, graph: NamedNode | None) -> tuple[Quad, ...]:
        """Quads among which are all that have these terms: what is asked of one thing is soon asked again in another way."""
        if isinstance(subject, NamedNode):
            pattern: Pattern = (subject, None, None, None)
        elif object is not None:
            whole: Pattern = (None, None, object, None)
            pattern = whole if whole in self._kept.seen else (None, predicate, object, None)
        else:
            pattern = (None, predicate, None, graph)
        if pattern not in self._kept.seen:
            self._looks += 1
            self._kept.seen[pattern] = tuple(self._quads(pattern))
        return self._kept.seen[pattern]

    def _load(self, graph: NamedNode, number: int | None = None) -> None:
        """Keeps a graph of so many triples; raises EvaluationError where the engine gives only a part of it."""
        with self._kept.lock:
            if graph in self._kept.loaded:
                return
            if number is None:
                ((count,),) = self.answer(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
                number = int(count.value)
            # Virtuoso takes seven times as long for JSON, and Fuseki's JSON has other labels for the blank nodes of each answer.
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
            content = self._endpoint.read(QueryRequest(query, RdfFormat.N_TRIPLES, DatasetOf(), None), query, self._left())
            found = [Quad(quad.subject, quad.predicate, shortest(quad.object), graph) for quad in parse(content, RdfFormat.N_TRIPLES)]
            if number != len(found):
                raise EvaluationError(f"the engine gave {len(found)} of {number} triples of {graph.value}")
            self._kept.graphs.extend(found)
            self._kept.loaded.add(graph)

    def _quads(self, pattern: Pattern) -> Iterator[Quad]:
        given = dict(zip("spog", pattern, strict=True))
        written = {name: f"?{name}" if term is None else str(term) for name, term in given.items()}
        answer = self.answer("SELECT * {{ GRAPH {g} {{ {s} {p} {o} }} }}".format(**written))
        if isinstance(answer, QueryBoolean):
            return
        for row in cast(QuerySolutions, answer):
            terms: dict[str, Any] = {name: given[name] if given[name] is not None else row[name] for name in written}
            yield Quad(terms["s"], terms["p"], shortest(terms["o"]), terms["g"])


def shortest(term: Any) -> Any:
    """A decimal as it is written here: engines add a fraction of nothing.

    >>> shortest(Literal("30.0", datatype=XSD["decimal"])).value
    '30'
    """
    if isinstance(term, Literal) and term.datatype == XSD["decimal"] and "." in term.value:
        return Literal(term.value.rstrip("0").removesuffix("."), datatype=term.datatype)
    return term
