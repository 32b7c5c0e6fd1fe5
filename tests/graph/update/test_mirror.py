"""Snapshots carried to an engine elsewhere and back: what changed and nothing else, once, whatever breaks in between."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Store

from graph.errors import BusyError, EngineAwayError, ForbiddenError, StoreError
from graph.query.endpoint import Endpoint
from graph.query.remote_store import POINTER
from graph.update.graph_changes import deltas
from graph.update.mirror import Mirror
from graph.update.push import Pointer, push_of
from ontology.names import GRAPH
from tests.graph.protocol_server import ProtocolServer, serving

A, B, OTHERS = GRAPH["notice/a"], GRAPH["notice/b"], NamedNode("http://example.org/others")
P = NamedNode("urn:p")


@pytest.fixture
def engine() -> Iterator[ProtocolServer]:
    with serving() as state:
        yield state


def mirror(engine: ProtocolServer, folder: Path, most: int = 0) -> Mirror:
    return Mirror(folder, Endpoint((engine.url,), (engine.url,)), most=most, seconds=5)


def fact(subject: str, value: int, graph: NamedNode) -> Quad:
    return Quad(NamedNode(f"urn:{subject}"), P, Literal(value), graph)


def write(to: Mirror, *quads: Quad, without: NamedNode | None = None, meanwhile: Callable[[], object] = lambda: None) -> None:
    with to.writing() as snapshots, snapshots.draft() as draft:
        if without:
            draft.remove(without)
        draft.add(quads)
        meanwhile()


def subjects(engine: ProtocolServer, graph: NamedNode | None = None) -> set[str]:
    return {str(getattr(quad.subject, "value", "")) for quad in engine.store.quads_for_pattern(None, P, None, graph)}


def held(store: Store) -> Dataset:
    """What an engine holds but for the pointer, comparable whatever its blank nodes are called."""
    made = Dataset(quad for quad in store if quad.graph_name != POINTER and not str(quad.graph_name).startswith("<urn:zhengce:staged"))
    made.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return made


@pytest.mark.parametrize("most", [0, 2])
def test_engine_holds_what_was_written_and_another_folder_gets_it(engine: ProtocolServer, tmp_path: Path, most: int) -> None:
    first, second = mirror(engine, tmp_path / "1", most), mirror(engine, tmp_path / "2", most)
    blank = Quad(BlankNode(), P, Literal('é " \\ \n 政策'), A)
    write(first, *(fact("a", n, A) for n in range(5)), blank, fact("b", 1, B))
    write(second, fact("c", 1, B), without=A)
    assert held(engine.store) == held(Store.read_only(str(current(second))))
    assert {quad.graph_name for quad in engine.store} == {B, POINTER}
    write(first, fact("d", 1, B))
    assert subjects(engine, B) == {"urn:b", "urn:c", "urn:d"}
    assert first.pointer().number > 2


def current(of: Mirror) -> Path:
    snapshot = of.snapshots.current()
    assert snapshot
    return snapshot.path


def test_only_what_changed_is_sent(engine: ProtocolServer, tmp_path: Path) -> None:
    to = mirror(engine, tmp_path)
    write(to, *(fact("a", n, A) for n in range(50)))
    write(to, fact("b", 1, B))
    assert "urn:b" in engine.updates[-1]
    assert "urn:a" not in engine.updates[-1]


def test_answer_that_is_lost_is_no_write_that_is_lost_or_made_twice(engine: ProtocolServer, tmp_path: Path) -> None:
    to = mirror(engine, tmp_path)
    engine.lost = 1
    write(to, Quad(BlankNode(), P, Literal(1), A))
    assert len(list(engine.store.quads_for_pattern(None, P, None, A))) == 1
    assert len(engine.updates) == 1


def test_engine_that_is_away_changes_nothing_and_the_next_write_begins_with_what_it_holds(engine: ProtocolServer, tmp_path: Path) -> None:
    to = mirror(engine, tmp_path)
    write(to, fact("a", 1, A))
    # Each try is refused, and so is the question what became of it.
    with pytest.raises(EngineAwayError):
        write(to, fact("lost", 1, A), meanwhile=lambda: engine.refusals.extend([503] * 6))
    engine.refusals = []
    write(to, fact("b", 1, B))
    assert subjects(engine) == {"urn:a", "urn:b"}


def test_who_comes_second_is_told_to_come_again(engine: ProtocolServer, tmp_path: Path) -> None:
    first, second = mirror(engine, tmp_path / "1"), mirror(engine, tmp_path / "2")
    write(first, fact("a", 1, A))
    with pytest.raises(BusyError):
        write(second, fact("c", 1, A), meanwhile=lambda: write(first, fact("b", 1, B)))
    assert subjects(engine) == {"urn:a", "urn:b"}


def test_replica_that_was_away_catches_up_at_the_next_push(engine: ProtocolServer, tmp_path: Path) -> None:
    with serving() as other:
        both = Mirror(tmp_path, Endpoint((engine.url, other.url), (engine.url, other.url)), seconds=5)
        write(both, fact("a", 1, A), Quad(BlankNode(), P, Literal(1), B))
        assert held(other.store) == held(engine.store)
        other.refusals = [503] * 6
        with pytest.raises(EngineAwayError):
            write(both, fact("b", 1, A), without=B)
        other.refusals = []
        assert held(other.store) != held(engine.store)
        write(both, fact("c", 1, A))
        assert held(other.store) == held(engine.store)
        assert subjects(other) == {"urn:a", "urn:b", "urn:c"}


def test_graphs_of_others_on_the_engine_are_left_alone(engine: ProtocolServer, tmp_path: Path) -> None:
    engine.store.add(fact("theirs", 1, OTHERS))
    to = mirror(engine, tmp_path)
    write(to, fact("a", 1, A))
    with pytest.raises(ForbiddenError):
        write(to, fact("ours", 1, OTHERS))
    assert subjects(engine, OTHERS) == {"urn:theirs"}
    with pytest.raises(ForbiddenError):
        write(to, Quad(NamedNode("urn:a"), P, Literal(1)))


def test_answer_that_was_cut_is_refused(engine: ProtocolServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(mirror(engine, tmp_path / "1"), fact("a", 1, A), fact("a", 2, A))
    whole = Mirror._asked
    monkeypatch.setattr(
        Mirror, "_asked", lambda *a, **b: whole(*a, **b).split(b"\n")[0] if b"CONSTRUCT" in a[1].encode() else whole(*a, **b)
    )
    with pytest.raises(StoreError, match="1 of 2"):
        mirror(engine, tmp_path / "2").fetch()


@pytest.mark.parametrize("most", [1, 3, 10_000])
@pytest.mark.parametrize("seed", range(6))
def test_push_makes_one_store_of_the_other_once_and_only_from_there(seed: int, most: int) -> None:
    chance = random.Random(seed)
    old, new = Store(), Store()
    for store in (old, new):
        for _ in range(40):
            graph = chance.choice([A, B, OTHERS])
            subject = chance.choice([NamedNode(f"urn:{chance.randrange(9)}")] * 4 + [BlankNode("x"), BlankNode("y")])
            store.add(Quad(subject, P, Literal(chance.randrange(4)), graph))
    engine, before, after = Store(), Pointer(1, "before", "t"), Pointer(2, "after", "t", (OTHERS.value,))
    engine.update(f"INSERT DATA {{ {before.written()} }}")
    engine.extend(old)
    elsewhere = Store()
    elsewhere.extend(engine)
    elsewhere.update("DELETE WHERE { GRAPH ?g { ?s <http://purl.org/dc/terms/identifier> ?o } }")
    made = push_of(tuple(deltas(old, new, most)), before, after, most)
    untouched = held(elsewhere)
    for store in (engine, engine, elsewhere):
        for piece in made.pieces:
            store.update(piece)
        store.update(made.text)
    assert held(engine) == held(new)
    assert held(elsewhere) == untouched
