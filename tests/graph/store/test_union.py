"""A triple that stands in two graphs is one triple of their union."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QueryResultsFormat
from pyoxigraph import Store as Engine

from graph.query.framing import QueryRequest
from graph.query.pool import Pool, PoolPlan, WorkerLimits
from graph.store.embedded_store import DatasetOf, Store
from graph.store.snapshot import Snapshots

DATA = """INSERT DATA {
  <a:own> <a:p> 7 . <a:s> <a:p> 10 .
  GRAPH <a:1> { <a:s> <a:p> 10 . <a:t> <a:p> 1 } GRAPH <a:2> { <a:s> <a:p> 10 ; <a:q> <a:t> }
  GRAPH <a:3> { <a:u> <a:p> 5 } GRAPH <a:4> { <a:u> <a:p> 5 }
}"""
SUM = "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?t) { ?s <a:p> ?o }"
UNION = DatasetOf(union=True, alone=True)


def store(data: str = DATA) -> Store:
    engine = Engine()
    engine.update(data)
    return Store.in_memory(engine)


def numbers(answered: Store, query: str, dataset: DatasetOf = UNION) -> list[list[int]]:
    return sorted([int(getattr(term, "value", "0")) for term in row.values()] for row in answered.select(query, dataset))


def test_counts_and_sums_over_the_union() -> None:
    assert numbers(store(), SUM) == [[4, 23]]
    assert numbers(store(), "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?t) { <a:s> <a:p> ?o }") == [[1, 10]]
    assert numbers(store(), "SELECT ?o { <a:s> <a:p> ?o }") == [[10]]
    assert numbers(store(), "SELECT (COUNT(*) AS ?n) { ?a <a:p>|<a:q> ?b }") == [[5]]


def test_the_graphs_are_as_they_were() -> None:
    whole = DatasetOf(union=True)
    assert numbers(store(), "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", whole) == [[6]]
    assert numbers(store(), "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g {} }", whole) == [[4]]
    assert numbers(store(), SUM, DatasetOf(union=False)) == [[2, 17]]
    assert len(store().engine) == 8


@pytest.mark.parametrize("united", [True, False])
def test_graphs_that_are_named_together(united: bool) -> None:
    engine = Engine()
    engine.update(DATA)
    answered = Store.in_memory(engine) if united else Store(engine)
    assert numbers(answered, SUM, DatasetOf.of(["a:1", "a:2"], [], union=True)) == [[2, 11]]
    assert numbers(answered, SUM, DatasetOf.of(["a:1", "a:3"], [], union=True)) == [[3, 16]]
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o GRAPH ?g { ?a ?b ?c } }"
    assert numbers(answered, query, DatasetOf.of(["a:3", "a:4"], ["a:1", "a:none"], union=True)) == [[2]]


def test_without_overlap_nothing_is_made() -> None:
    engine = Engine()
    engine.update("INSERT DATA { <a:s> <a:p> 1 GRAPH <a:1> { <a:s> <a:p> 2 } GRAPH <a:2> { <a:s> <a:p> 3 } }")
    answered = Store.in_memory(engine)
    assert answered.united is None
    assert len(engine) == 3
    assert numbers(answered, SUM) == [[3, 6]]


def test_workers_count_each_triple_once(tmp_path: Path) -> None:
    with Snapshots(tmp_path).draft() as draft:
        for graph in ("a:1", "a:2"):
            draft.add([Quad(NamedNode("a:s"), NamedNode("a:p"), NamedNode("a:o"), NamedNode(graph))])

    async def test() -> None:
        async with Pool(Snapshots(tmp_path), PoolPlan(workers=1, spares=0, limits=WorkerLimits(200, 10))) as pool:
            for text in ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "PREFIX a: <a:> SELECT (COUNT(*) AS ?n) FROM a:1 FROM<a:2>{ ?s ?p ?o }"):
                async with pool.ask(QueryRequest(text, QueryResultsFormat.JSON)) as reply:
                    assert json.loads(await reply.all())["results"]["bindings"][0]["n"]["value"] == "1"

    asyncio.run(test())
