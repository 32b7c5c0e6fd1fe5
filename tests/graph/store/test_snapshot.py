"""Snapshots are whole or absent, follow one another, come back, and outlive whoever reads them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from graph.errors import StoreError, UnknownSnapshotError
from graph.store.snapshot import Draft, Snapshot, Snapshots

GRAPH = NamedNode("http://example.org/graph")
NUMBER = NamedNode("http://example.org/number")


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "data")


def numbers(*values: int) -> Iterator[Triple]:
    return (Triple(NamedNode("http://example.org/thing"), NUMBER, Literal(value)) for value in values)


def publish(snapshots: Snapshots, *values: int) -> int:
    with snapshots.draft() as draft:
        draft.replace(GRAPH, numbers(*values))
    return draft.number


def held(snapshot: Snapshot | None) -> set[int]:
    assert snapshot is not None
    store = Store.read_only(str(snapshot.path))
    return {int(quad.object.value) for quad in store.quads_for_pattern(None, NUMBER, None, GRAPH) if isinstance(quad.object, Literal)}


def test_empty_folder_has_no_snapshot(snapshots: Snapshots) -> None:
    assert snapshots.current() is None
    assert snapshots.history() == ()
    assert snapshots.hold() is None
    with snapshots.reading() as snapshot:
        assert snapshot is None


def test_what_was_drafted_is_current_once_the_block_ends(snapshots: Snapshots) -> None:
    with snapshots.draft() as draft:
        draft.replace(GRAPH, numbers(1, 2))
        assert snapshots.current() is None
    current = snapshots.current()
    assert current is not None
    assert (current.number, current.quads, held(current)) == (1, 2, {1, 2})


def test_draft_starts_from_the_current_snapshot(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    with snapshots.draft() as draft:
        assert draft.graphs() == (GRAPH,)
        assert list(draft.triples(GRAPH)) == list(numbers(1))
        draft.add(Quad(triple.subject, triple.predicate, triple.object, GRAPH) for triple in numbers(2))
    assert held(snapshots.current()) == {1, 2}


def test_older_snapshot_is_not_changed_by_a_newer(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    first = snapshots.current()
    publish(snapshots, 2)
    assert (held(first), held(snapshots.current())) == ({1}, {2})


def test_a_draft_that_raises_leaves_no_trace(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    before = sorted(path.name for path in (snapshots.folder / "snapshots").iterdir())

    def fail(draft: Draft) -> None:
        draft.replace(GRAPH, numbers(2))
        raise LookupError

    with pytest.raises(LookupError), snapshots.draft() as draft:
        fail(draft)
    assert held(snapshots.current()) == {1}
    assert sorted(path.name for path in (snapshots.folder / "snapshots").iterdir()) == before


def test_an_error_of_the_writer_is_not_taken_for_one_of_the_store(snapshots: Snapshots, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), snapshots.draft():
        (tmp_path / "missing").read_bytes()


def test_many_quads_go_straight_into_files(snapshots: Snapshots) -> None:
    with snapshots.draft() as draft:
        draft.replace(GRAPH, numbers(*range(60_000)))
    current = snapshots.current()
    assert current is not None
    assert current.quads == 60_000


def test_an_empty_graph_stays_known(snapshots: Snapshots) -> None:
    publish(snapshots)
    current = snapshots.current()
    assert current is not None
    assert Store.read_only(str(current.path)).contains_named_graph(GRAPH)


def test_removed_graph_is_gone(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    with snapshots.draft() as draft:
        draft.remove(GRAPH)
    current = snapshots.current()
    assert current is not None
    assert not Store.read_only(str(current.path)).contains_named_graph(GRAPH)


def test_data_files_are_shared_between_snapshots(snapshots: Snapshots) -> None:
    with snapshots.draft() as draft:
        draft.replace(GRAPH, numbers(*range(60_000)))
    with snapshots.draft():
        pass
    first, second = (
        {file.stat().st_ino for file in snapshot.path.glob("*.sst") if file.stat().st_size > 10_000} for snapshot in snapshots.history()
    )
    assert first
    assert first <= second


def test_keeps_the_last_few(snapshots: Snapshots) -> None:
    for value in range(5):
        publish(snapshots, value)
    assert [snapshot.number for snapshot in snapshots.history()] == [3, 4, 5]
    assert sorted(path.name for path in (snapshots.folder / "snapshots").iterdir()) == ["3", "4", "5"]


def test_what_is_read_keeps_its_files_until_the_reader_goes(snapshots: Snapshots) -> None:
    publish(snapshots, 0)
    with snapshots.reading() as reader:
        for value in range(1, 6):
            publish(snapshots, value)
        assert held(reader) == {0}
        assert [snapshot.number for snapshot in snapshots.history()] == [4, 5, 6]
    publish(snapshots, 6)
    assert reader is not None
    assert not reader.folder.exists()


def test_a_process_that_inherits_the_lock_keeps_the_files(snapshots: Snapshots) -> None:
    publish(snapshots, 0)
    found = snapshots.hold()
    assert found is not None
    snapshot, lock = found
    heir = os.dup(lock)
    os.close(lock)
    for value in range(1, 6):
        publish(snapshots, value)
    assert snapshot.folder.exists()
    os.close(heir)


def test_rollback_serves_an_older_snapshot_and_deletes_nothing(snapshots: Snapshots) -> None:
    first, second = publish(snapshots, 1), publish(snapshots, 2)
    assert snapshots.rollback(first).number == first
    assert held(snapshots.current()) == {1}
    snapshots.rollback(second)
    assert held(snapshots.current()) == {2}


def test_writing_after_a_rollback_starts_there_under_a_new_number(snapshots: Snapshots) -> None:
    first, second = publish(snapshots, 1), publish(snapshots, 2)
    snapshots.rollback(first)
    with snapshots.draft() as draft:
        assert list(draft.triples(GRAPH)) == list(numbers(1))
    assert draft.number == second + 1


def test_rollback_to_an_unknown_number_names_those_kept(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    with pytest.raises(UnknownSnapshotError) as caught:
        snapshots.rollback(7)
    assert caught.value.known == (1,)


def test_stamp_changes_with_the_current_snapshot_only(snapshots: Snapshots) -> None:
    stamps = [snapshots.stamp()]
    first = publish(snapshots, 1)
    stamps.append(snapshots.stamp())
    assert snapshots.stamp() == stamps[-1]
    publish(snapshots, 2)
    stamps.append(snapshots.stamp())
    snapshots.rollback(first)
    stamps.append(snapshots.stamp())
    assert len(set(stamps)) == 4


def test_writers_follow_one_another_and_lose_nothing(snapshots: Snapshots) -> None:
    def write(value: int) -> None:
        with snapshots.draft() as draft:
            draft.add(Quad(triple.subject, triple.predicate, triple.object, GRAPH) for triple in numbers(value))

    writers = [threading.Thread(target=write, args=(value,)) for value in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert held(snapshots.current()) == set(range(8))


def test_remains_of_a_dead_writer_are_cleared_away(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    for name in ("draft", "2"):
        (snapshots.folder / "snapshots" / name / "store").mkdir(parents=True)
        (snapshots.folder / "snapshots" / name / "store" / "half").write_bytes(b"\0")
    assert publish(snapshots, 2) == 2
    assert held(snapshots.current()) == {2}


def test_unreadable_pointer_is_an_error_and_not_an_empty_store(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    (snapshots.folder / "current").write_text("{", "utf-8")
    with pytest.raises(StoreError):
        snapshots.current()


def test_a_folder_that_cannot_be_made_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError), Snapshots(tmp_path / "file" / "data").draft():
        pass
