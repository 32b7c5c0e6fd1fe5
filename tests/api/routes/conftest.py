"""A data folder with the shipped notice, described as publication does it, and a service over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from graph.store.snapshot import Snapshots
from graph.store.void import void_triples
from ontology.names import GRAPH


def fill(folder: Path, dataset: Store, leave_out: str = "-") -> None:
    """Publishes the graphs of a store, save those whose names hold a text, and their description."""
    with Snapshots(folder).draft() as draft:
        for graph in dataset.named_graphs():
            assert isinstance(graph, NamedNode)
            if leave_out in graph.value:
                draft.remove(graph)
            else:
                draft.replace(graph, dataset.quads_for_pattern(None, None, None, graph))
        described = tuple(void_triples(draft.store))
        draft.add(Quad(each.subject, each.predicate, each.object, GRAPH["catalogue"]) for each in described)


@pytest.fixture(scope="session")
def publish_shipped(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    fill(folder, dataset, leave_out="no graph is left out")
    return folder


@pytest.fixture(scope="session")
def published(publish_shipped: Path, open_service: Callable[..., AbstractContextManager[Any]]) -> Iterator[Any]:
    with open_service(publish_shipped) as client:
        yield client
