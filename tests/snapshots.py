"""Data folders with a snapshot in them, for tests that serve or read one."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Store

from graph.store.snapshot import Snapshots


def published(dataset: Store, folder: Path) -> Path:
    """The folder, with a snapshot of the named graphs of a store."""
    with Snapshots(folder).draft() as draft:
        for graph in dataset.named_graphs():
            assert isinstance(graph, NamedNode)
            draft.replace(graph, dataset.quads_for_pattern(None, None, None, graph))
    return folder
