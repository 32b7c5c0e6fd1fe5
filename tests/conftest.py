"""The shipped notice, read and built once for all tests that need its graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

import ontology
import queries
from api.publication.publish import Built, Knowledge, built, knowledge
from ontology.names import GRAPH

SHIPPED = Path(__file__).parents[1] / "ingest" / "notices" / "huzhiban-2026-2.txt"


@pytest.fixture(scope="session")
def known() -> Knowledge:
    """What every notice is read with."""
    return knowledge()


@pytest.fixture(scope="session")
def notice(known: Knowledge) -> Built:
    """The shipped notice with its graphs."""
    return built(SHIPPED, known)


@pytest.fixture(scope="session")
def dataset(known: Knowledge, notice: Built) -> Store:
    """All graphs of a snapshot that holds the shipped notice, in memory. Not to be written to."""
    store = Store()

    def add(graph: NamedNode, triples: object) -> None:
        store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)  # type: ignore[attr-defined]

    add(GRAPH["vocabulary"], known.triples)
    add(GRAPH["inferred/vocabulary"], known.background.inferred)
    add(GRAPH["links"], ontology.links())
    add(GRAPH["catalogue"], queries.triples())
    for graph, triples in notice.graphs.items():
        add(graph, triples)
    return store
