"""A draft: graphs are put whole, added to and taken away; few quads and many come in alike."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from graph.store import draft as module
from graph.store.draft import Draft

A, B, G, H = (NamedNode(f"http://example.org/{name}") for name in "abgh")


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path, 4)


def values(draft: Draft, graph: NamedNode = G) -> set[str]:
    return {str(getattr(triple.object, "value", "")) for triple in draft.triples(graph)}


def test_it_knows_its_number_and_lies_in_its_folder(draft: Draft, tmp_path: Path) -> None:
    assert (draft.number, draft.folder, draft.searched) == (4, tmp_path, False)
    assert (tmp_path / "store").is_dir()


def test_a_graph_holds_what_replaced_it_and_nothing_else(draft: Draft) -> None:
    draft.replace(G, [Triple(A, B, Literal(1)), Triple(A, B, Literal(2))])
    draft.replace(G, [Quad(A, B, Literal(3), H)])
    assert (values(draft), values(draft, H)) == ({"3"}, set())
    assert draft.graphs() == (G,)


def test_an_empty_graph_is_one_and_graphs_are_sorted(draft: Draft) -> None:
    for graph in (H, G, A):
        draft.replace(graph, [])
    assert draft.graphs() == (A, G, H)
    draft.remove(G)
    assert draft.graphs() == (A, H)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 11])
def test_as_many_quads_as_come_are_there(draft: Draft, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SMALL", 5)
    draft.add(Quad(A, B, Literal(number), G) for number in range(count))
    assert values(draft) == {str(number) for number in range(count)}
    draft.load(BytesIO(b"".join(b'<a:a> <a:b> "%d" <a:g> .\n' % number for number in range(count))), count)
    assert len(values(draft, NamedNode("a:g"))) == count


def test_it_lets_go_of_its_store(draft: Draft, tmp_path: Path) -> None:
    draft.close()
    draft.close()
    with pytest.raises(AttributeError):
        draft.store  # noqa: B018 - that it is gone is what is tested
    assert Draft(tmp_path, 4).graphs() == ()
