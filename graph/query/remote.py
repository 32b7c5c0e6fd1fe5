"""The text of a query, turned into result bytes by an engine elsewhere that speaks the SPARQL Protocol.

``Remote`` has the face of ``Pool``: what asks the one may ask the other. The engine has its own limits and its own default graph; this
keeps no data, so any number of processes may stand beside each other.
"""

from __future__ import annotations

import asyncio
import urllib.error
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http.client import HTTPResponse
from typing import Any, Self, cast

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
    parse_query_results,
)
from SPARQLWrapper import CSV, JSON, JSONLD, POST, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from graph.errors import BadQueryError, BusyError, EvaluationError, StoreError, TimeLimitError
from graph.query.framing import Format, Job, QueryRequest
from graph.query.pool import PoolPlan, Reply
from graph.sparql.search_service import ELSEWHERE, refuse_searches
from graph.sparql.service_guard import form, relayed
from graph.store.engine import DatasetOf, Store
from graph.store.snapshot import Snapshot

Term = NamedNode | BlankNode | Literal | Triple
_PART = 1 << 16
_RETURNED = {
    "application/sparql-results+json": JSON,
    "application/sparql-results+xml": XML,
    "text/csv": CSV,
    "text/tab-separated-values": TSV,
    "application/rdf+xml": XML,
    "application/ld+json": JSONLD,
}


class Remote:
    """An endpoint elsewhere. Open it with ``async with``."""

    def __init__(self, url: str, plan: PoolPlan) -> None:
        self.url = url
        self.plan = plan
        self.snapshot: Snapshot | None = None
        self.stale = False
        self.running = self.slow = self.waiting = self.processes = 0
        self.ended: Counter[str] = Counter()
        self.patience = max(1, round(plan.queue_seconds / 2))
        self._places = asyncio.Semaphore(plan.workers + plan.slow_workers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None

    async def move(self) -> Snapshot | None:
        """Nothing to move to: the engine has no snapshots."""
        return None

    def ask(self, question: QueryRequest, client: str = "", seconds: float | None = None) -> AbstractAsyncContextManager[Reply]:
        """The answer to a question, for as long as the block runs."""
        return self._answer(question, seconds)

    async def run(self, job: Job, *arguments: Any, client: str = "", seconds: float | None = None) -> bytes:
        """What ``job(store, *arguments)`` gives, over a store whose every look is a query to the engine."""
        async with self._place():
            limit = min(self.plan.seconds, seconds or self.plan.seconds)
            try:
                return await asyncio.wait_for(asyncio.to_thread(job, RemoteStore(self.url, limit), *arguments), limit)
            except TimeoutError:
                raise TimeLimitError(limit) from None

    @asynccontextmanager
    async def _answer(self, question: QueryRequest, seconds: float | None) -> AsyncIterator[Reply]:
        limit = min(self.plan.seconds, seconds or self.plan.seconds)
        refuse_searches(question.text, *ELSEWHERE)
        text = relayed(question.text)
        async with self._place():
            try:
                response = await asyncio.wait_for(asyncio.to_thread(requested, self.url, question, text, limit), limit)
            except TimeoutError:
                self.ended["TimeLimitError"] += 1
                raise TimeLimitError(limit) from None

            async def more() -> tuple[bytes, bool]:
                try:
                    part = await asyncio.wait_for(asyncio.to_thread(response.read1, _PART), limit)
                except TimeoutError:
                    raise TimeLimitError(limit) from None
                except OSError as error:
                    raise StoreError(f"{self.url}: {error}") from error
                return part, not part

            try:
                first, whole = await more()
                yield Reply(first, whole, None, more)
                self.ended["answered"] += 1
            finally:
                response.close()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._places.locked() and self.waiting >= self.plan.queue:
            raise BusyError(self.patience)
        self.waiting += 1
        try:
            await asyncio.wait_for(self._places.acquire(), self.plan.queue_seconds)
        except TimeoutError:
            raise BusyError(self.patience) from None
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._places.release()


class RemoteStore(Store):
    """The store of an engine elsewhere, as jobs read it."""

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._seconds = seconds
        super().__init__(cast(Any, self))
        self.elsewhere = True

    def answer(self, query: str, dataset: DatasetOf | None = None, base: str | None = None) -> Any:
        """What the engine answers, read whole."""
        graph = form(query) in {"CONSTRUCT", "DESCRIBE"}
        format: Format = RdfFormat.N_TRIPLES if graph else QueryResultsFormat.JSON
        with requested(self._url, QueryRequest(query, format, dataset or DatasetOf(), base), relayed(query), self._seconds) as response:
            content = response.read()
        if graph:
            raise EvaluationError("graphs are not read from an engine elsewhere")
        return parse_query_results(content, QueryResultsFormat.JSON)

    def query(self, query: str, **_options: object) -> Any:
        """As the embedded engine has it."""
        return self.answer(query)

    def named_graphs(self) -> Iterator[NamedNode]:
        """The named graphs that are not empty."""
        for row in self.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"):
            if isinstance(row["g"], NamedNode):
                yield row["g"]

    def quads_for_pattern(
        self, subject: Term | None, predicate: NamedNode | None, object: Term | None, graph: Any = None
    ) -> Iterator[Quad]:
        """The quads that have these terms."""
        given = {"s": subject, "p": predicate, "o": object, "g": graph if isinstance(graph, NamedNode) else None}
        if any(isinstance(term, BlankNode) for term in given.values()):
            return
        written = {name: f"?{name}" if term is None else str(term) for name, term in given.items()}
        query = "SELECT * {{ GRAPH {g} {{ {s} {p} {o} }} }}".format(**written)
        answer = self.answer(query)
        if isinstance(answer, QueryBoolean):
            return
        for row in cast(QuerySolutions, answer):
            terms: dict[str, Any] = {name: given[name] if given[name] is not None else row[name] for name in written}
            yield Quad(terms["s"], terms["p"], terms["o"], terms["g"])


def requested(url: str, question: QueryRequest, text: str, seconds: float) -> HTTPResponse:
    """The response of the engine; its errors become ours."""
    wrapper = SPARQLWrapper(url)
    media_type = question.format.media_type.partition(";")[0]
    wrapper.setQuery(text)
    wrapper.queryType = form(text) or "SELECT"
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    wrapper.setReturnFormat(_RETURNED.get(media_type, TURTLE))
    wrapper.addCustomHttpHeader("Accept", media_type)
    wrapper.setTimeout(max(1, round(seconds)))
    for name, graphs in (("default-graph-uri", question.dataset.default), ("named-graph-uri", question.dataset.named)):
        for graph in graphs or ():
            wrapper.addParameter(name, graph.value)
    try:
        return wrapper.query().response
    except urllib.error.HTTPError as error:
        raise EvaluationError(f"{url}: {error.code} {_said(error.read())}") from error
    except SPARQLWrapperException as error:
        reason = _said(error.args[0] if error.args else b"")
        if type(error).__name__ == "QueryBadFormed":
            raise BadQueryError(reason) from error
        raise StoreError(f"{url}: {reason}") from error
    except OSError as error:
        raise StoreError(f"{url}: {error}") from error


def _said(message: bytes | str) -> str:
    """The beginning of what an engine says about an error, on one line."""
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
    return " ".join(text.split())[:300]
