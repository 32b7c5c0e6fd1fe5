"""The shipped notice, read and built once for all tests that need its graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

import ontology
import queries
from api.publication.publish import Built, Knowledge, built, knowledge
from ontology.names import GRAPH

SLOW = (
    "attack",
    "browser",
    "engines",
    "api/cli/test_cli.py",
    "api/cli/test_watch.py",
    "api/publication/test_corpus.py",
    "api/routes/test_update.py",
    "graph/query/test_pool.py",
    "graph/store/test_kill.py",
    "graph/update/test_process.py",
    "graph/validation/test_validator.py",
    "ingest/readers/test_bad_input.py",
)
"""Folders and files whose tests start processes, fill memory or run into time limits: what ``make quick`` leaves out, a line each."""
SHIPPED = Path(__file__).parents[1] / "ingest" / "notices" / "huzhiban-2026-2.txt"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named after their argument: a packed body holds the second it was made in, and all workers must give a test one name."""
    return argname if isinstance(val, bytes) and not (val.isascii() and val.decode("ascii").isprintable()) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks them as slow, as other tests mark themselves."""
    slow = [Path(__file__).parent / name for name in SLOW]
    for item in items:
        if any(item.path.is_relative_to(path) for path in slow):
            item.add_marker(pytest.mark.slow)


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
    add(GRAPH["classifications"], ontology.classifications())
    add(GRAPH["links"], ontology.links())
    add(GRAPH["catalogue"], queries.triples())
    for graph, triples in notice.graphs.items():
        add(graph, triples)
    return store
