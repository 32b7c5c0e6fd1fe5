"""A data folder, turned into every finding about it: its files (graph/store/check.py), and its notices held against the shapes."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from api.publication.publish import graphs_of, knowledge
from graph.errors import GraphError
from graph.store.check import Finding, check_folder
from graph.store.embedded_store import Store
from graph.store.snapshot import Snapshots
from ontology.names import GRAPH


def inspect(snapshots: Snapshots) -> Iterator[Finding]:
    """All findings; the shapes are asked only where the files are whole."""
    whole = True
    for finding in check_folder(snapshots.folder):
        whole = whole and not finding.fault
        yield finding
    if whole:
        yield from _breaches(snapshots)


def _breaches(snapshots: Snapshots) -> Iterator[Finding]:
    """What in each notice of the snapshot that is served breaks the shapes."""
    try:
        with snapshots.reading() as current:
            if current is None:
                return
            engine = Store.open(current.path).engine
            validator = knowledge().validator
            start = GRAPH["notice/"].value
            for graph in engine.named_graphs():
                if isinstance(graph, NamedNode) and graph.value.startswith(start):
                    parts = graphs_of(graph.value.removeprefix(start))
                    triples = (quad.triple for part in parts for quad in engine.quads_for_pattern(None, None, None, part))
                    for breach in validator.validate(triples):
                        yield Finding(f"{graph.value}：{breach.sentence('zh')}", f"{graph.value}: {breach.sentence('en')}")
    except GraphError as error:
        yield Finding(error.zh, error.en)
