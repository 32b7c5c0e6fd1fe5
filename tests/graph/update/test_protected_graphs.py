"""What the service makes itself stays as it made it, whatever a change says; a notice may be corrected, within the shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.errors import InvalidGraphError, ReservedGraphError
from graph.store.snapshot import Draft
from graph.update.protected_graphs import reserved, supervise
from ontology.names import GRAPH

A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")
NOTICE, INFERRED, THEIRS = GRAPH["notice/x"], GRAPH["inferred/x"], NamedNode("http://example.org/g")
Change = Callable[[Store], object]


def quad(graph: NamedNode, value: int = 1) -> Quad:
    return Quad(A, P, Literal(value), graph)


@pytest.fixture
def supervised(tmp_path: Path) -> Callable[..., list[NamedNode]]:
    """Supervises a change of a store that holds a triple in each graph; which notices were looked at."""

    def run(change: Change, breaches: Sequence[str] = (), graphs: Sequence[NamedNode] | None = None) -> list[NamedNode]:
        before = Store(str(tmp_path / "before"))
        before.extend(quad(graph) for graph in (NOTICE, INFERRED, THEIRS))
        before.flush()
        before.backup(str(tmp_path / "draft" / "store"))
        del before
        draft = Draft(tmp_path / "draft", 2)
        looked_at: list[NamedNode] = []
        change(draft.store)

        def check(_: Draft, notices: Sequence[NamedNode]) -> Sequence[str]:
            looked_at.extend(notices)
            return breaches

        try:
            supervise(draft, tmp_path / "before", check, graphs)
        finally:
            draft.close()
        return looked_at

    (tmp_path / "draft").mkdir()
    return run


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.add(quad(INFERRED, 2)),
        lambda store: store.remove(quad(INFERRED)),
        lambda store: (store.remove(quad(INFERRED)), store.add(quad(INFERRED, 2))),
        lambda store: store.remove_graph(INFERRED),
        lambda store: store.add_graph(GRAPH["vocabulary"]),
        lambda store: store.add(quad(GRAPH["anything"])),
    ],
    ids=["added", "removed", "replaced", "dropped", "new and empty", "new"],
)
def test_a_graph_of_the_service_may_not_change(supervised: Callable[..., list[NamedNode]], change: Change) -> None:
    with pytest.raises(ReservedGraphError):
        supervised(change)


def test_what_is_written_and_taken_back_is_no_change(supervised: Callable[..., list[NamedNode]]) -> None:
    assert supervised(lambda store: (store.add(quad(INFERRED, 2)), store.remove(quad(INFERRED, 2)))) == []


def test_a_notice_that_changed_is_looked_at_and_refused_where_it_breaks_the_shapes(supervised: Callable[..., list[NamedNode]]) -> None:
    assert supervised(lambda store: store.add(quad(NOTICE, 2))) == [NOTICE]


def test_breaches_are_told(supervised: Callable[..., list[NamedNode]]) -> None:
    with pytest.raises(InvalidGraphError, match="a breach"):
        supervised(lambda store: store.add(quad(NOTICE, 2)), ["a breach"])


def test_graphs_of_others_are_theirs(supervised: Callable[..., list[NamedNode]]) -> None:
    assert supervised(lambda store: store.add(quad(THEIRS, 2)), ["never asked"]) == []


def test_names_decide_and_look_alikes_are_of_others() -> None:
    assert [reserved(GRAPH[name]) for name in ("vocabulary", "inferred/x", "readings/x", "catalogue", "notices/x", "notice")] == [True] * 6
    assert not reserved(NOTICE)
    assert not reserved(NamedNode("https://w3id.org/zhengce/graphs/vocabulary"))
