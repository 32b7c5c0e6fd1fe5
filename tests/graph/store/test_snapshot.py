"""Snapshots are whole or absent, follow one another, come back, and outlive whoever reads them."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from graph.errors import DamagedError, DataFolderError, StoreError, UnknownSnapshotError
from graph.store.manifest import read_manifest
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


def remains(snapshots: Snapshots, name: str, *, marked: bool) -> Path:
    folder = snapshots.folder / "snapshots" / name
    (folder / "store").mkdir(parents=True)
    (folder / "store" / "half").write_bytes(b"\0")
    if marked:
        (folder / "writing").touch()
    return folder


def test_remains_of_a_dead_writer_are_cleared_away(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    for name in ("draft-x", "2"):
        remains(snapshots, name, marked=True)
    (snapshots.folder / "snapshots" / "draft-empty").mkdir()
    assert publish(snapshots, 2) == 2
    assert held(snapshots.current()) == {2}
    assert sorted(path.name for path in (snapshots.folder / "snapshots").iterdir()) == ["1", "2"]


@pytest.mark.parametrize("name", ["draft", "draft-x", "2", "7", "copy of 1", "1.bak"])
def test_a_folder_that_is_not_understood_is_left_as_it_is(snapshots: Snapshots, name: str) -> None:
    publish(snapshots, 1)
    folder = remains(snapshots, name, marked=False)
    numbered = [publish(snapshots, value) for value in range(2, 8)]
    assert (folder / "store" / "half").read_bytes() == b"\0"
    assert len(set(numbered)) == 6
    assert held(snapshots.current()) == {7}


def test_the_draft_of_a_living_writer_is_not_taken_for_remains(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    with pytest.raises(StoreError, match="somebody else published"), snapshots.draft() as draft:  # noqa: PT012 - it is the end of the block that raises
        # Somebody deletes the lock, so that another writer comes in beside.
        (snapshots.folder / "lock").unlink()
        with Snapshots(snapshots.folder).draft() as other:
            other.replace(GRAPH, numbers(2))
        assert draft.folder.exists()
    assert held(snapshots.current()) == {2}


DAMAGED_POINTERS = {
    "gone": None,
    "empty": b"",
    "nothing in it": b"{}",
    "null": b"null",
    "zeros": b"\0" * 60,
    "cut off": b'{"current": 3, "publ',
    "a list": b"[3]",
    "no UTF-8": b"\xff\xfe",
    "a word for a number": b'{"current": "3", "published": [1, 2, 3], "last": 3}',
    "true for a number": b'{"current": true, "published": [1, 2, 3], "last": 3}',
    "a number for a list": b'{"current": 3, "published": 3, "last": 3}',
    "negative": b'{"current": -3, "published": [-3], "last": 3}',
    "not listed": b'{"current": 9, "published": [1, 2, 3], "last": 9}',
    "no order": b'{"current": 3, "published": [3, 2, 1], "last": 3}',
    "beyond the last": b'{"current": 3, "published": [1, 2, 3], "last": 2}',
    "nothing published": b'{"current": 0, "published": [1, 2, 3], "last": 3}',
    "more in it": b'{"current": 3, "published": [1, 2, 3], "last": 3, "keep": 1}',
    "deep": b"[" * 100_000,
    "another format": b'{"format": 3, "current": 3, "published": [1, 2, 3], "superseded": [], "last": 3, "sha256": ""}',
}


@pytest.mark.parametrize("content", DAMAGED_POINTERS.values(), ids=DAMAGED_POINTERS.keys())
def test_a_pointer_that_is_not_understood_deletes_nothing_and_names_the_way_back(snapshots: Snapshots, content: bytes | None) -> None:
    for value in range(1, 4):
        publish(snapshots, value)
    pointer = snapshots.folder / "current"
    pointer.unlink()
    if content is not None:
        pointer.write_bytes(content)
    before = tree(snapshots.folder)
    for attempt in (snapshots.current, snapshots.history, snapshots.hold, lambda: publish(snapshots, 9), lambda: snapshots.rollback(1)):
        with pytest.raises(DataFolderError) as refused:
            attempt()
        assert refused.value.found == (1, 2, 3)
        assert "zhengce snapshots adopt 3" in refused.value.en
        assert "zhengce snapshots adopt 3" in refused.value.zh
    assert tree(snapshots.folder) == before
    assert snapshots.adopt(2).number == 2
    assert held(snapshots.current()) == {2}
    assert [snapshot.number for snapshot in snapshots.history()] == [1, 2, 3]
    assert publish(snapshots, 4) == 4
    assert held(snapshots.current()) == {4}


def test_every_changed_bit_of_the_pointer_is_noticed(snapshots: Snapshots) -> None:
    for value in range(1, 4):
        publish(snapshots, value)
    pointer = snapshots.folder / "current"
    whole = pointer.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            pointer.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :])
            with pytest.raises(DataFolderError):
                snapshots.current()


def test_a_pointer_to_a_missing_folder_names_those_that_are_there(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    publish(snapshots, 2)
    shutil.rmtree(snapshots.folder / "snapshots" / "2")
    before = tree(snapshots.folder)
    for attempt in (snapshots.current, snapshots.hold, lambda: publish(snapshots, 3)):
        with pytest.raises(DataFolderError, match="zhengce snapshots adopt 1"):
            attempt()
    assert tree(snapshots.folder) == before
    assert snapshots.adopt(1).number == 1
    assert publish(snapshots, 3) == 2


def test_an_older_pointer_that_somebody_put_back_deletes_nothing(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    old = (snapshots.folder / "current").read_bytes()
    publish(snapshots, 2)
    publish(snapshots, 3)
    (snapshots.folder / "current").write_bytes(old)
    assert publish(snapshots, 4) == 4
    for value in range(5, 9):
        publish(snapshots, value)
    names = sorted(path.name for path in (snapshots.folder / "snapshots").iterdir())
    assert names == ["2", "3", "6", "7", "8"]


@pytest.mark.parametrize("name", ["in-use", "lock", "snapshot.json", "store/CURRENT"])
def test_a_small_file_that_is_gone_is_made_anew_or_told(snapshots: Snapshots, name: str) -> None:
    publish(snapshots, 1)
    path = snapshots.folder / name if name == "lock" else snapshots.folder / "snapshots" / "1" / name
    path.unlink()
    if name in ("in-use", "lock"):
        assert snapshots.hold() is not None
        with snapshots.reading() as reader:
            assert held(reader) == {1}
        assert publish(snapshots, 2) == 2
        return
    with pytest.raises(DamagedError, match="zhengce restore"):
        publish(snapshots, 2)
    assert not (snapshots.folder / "snapshots" / "2").exists()


def test_what_is_read_is_kept_without_the_small_file(snapshots: Snapshots) -> None:
    publish(snapshots, 0)
    with snapshots.reading() as reader:
        assert reader is not None
        for value in range(1, 6):
            publish(snapshots, value)
            (reader.folder / "in-use").unlink(missing_ok=True)
        assert held(reader) == {0}


def damage(path: Path) -> None:
    """Changes one bit in the middle, and leaves the times as they were."""
    about = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def test_light_damage_is_never_carried_on(snapshots: Snapshots) -> None:
    publish(snapshots, *range(60_000))
    current = snapshots.current()
    assert current is not None
    damage(max(current.path.glob("*.sst"), key=lambda file: file.stat().st_size))
    with pytest.raises(DamagedError) as refused:
        publish(Snapshots(snapshots.folder), 2)
    assert refused.value.file.endswith(".sst")
    assert [path.name for path in (snapshots.folder / "snapshots").iterdir()] == ["1"]


def test_damage_to_a_file_that_two_snapshots_share_is_seen_in_both(snapshots: Snapshots) -> None:
    publish(snapshots, *range(60_000))
    with snapshots.draft() as draft:
        draft.add(Quad(triple.subject, triple.predicate, triple.object, GRAPH) for triple in numbers(-1))
    current = snapshots.current()
    assert current is not None
    damage(max(current.path.glob("*.sst"), key=lambda file: file.stat().st_size))
    for snapshot in snapshots.history():
        with pytest.raises(DamagedError) as refused:
            Snapshots(snapshots.folder).verify(snapshot)
        assert refused.value.whole == ()


def test_damage_names_the_snapshot_to_go_back_to(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    publish(snapshots, 2)
    (snapshots.folder / "snapshots" / "2" / "store" / "CURRENT").write_bytes(b"MANIFEST-9\n")
    snapshot = snapshots.current()
    assert snapshot is not None
    with pytest.raises(DamagedError, match="zhengce snapshots rollback 1"):
        snapshots.verify(snapshot)
    with pytest.raises(DamagedError):
        snapshots.rollback(2)
    assert snapshots.rollback(1).number == 1


def test_a_look_costs_no_more_than_it_may(snapshots: Snapshots) -> None:
    publish(snapshots, *range(60_000))
    current = snapshots.current()
    assert current is not None
    damage(max(current.path.glob("*.sst"), key=lambda file: file.stat().st_size))
    assert snapshots.verify(current, most=10_000)
    with pytest.raises(DamagedError):
        snapshots.verify(current, most=None)


def test_a_folder_of_the_first_format_still_opens_and_is_written_on(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    about = json.loads((snapshots.folder / "snapshots" / "1" / "snapshot.json").read_text("utf-8"))
    first = {name: about[name] for name in ("number", "published", "quads")}
    (snapshots.folder / "snapshots" / "1" / "snapshot.json").write_text(json.dumps(first), "utf-8")
    (snapshots.folder / "current").write_text('{"current": 1, "published": [1], "last": 1}', "utf-8")
    current = snapshots.current()
    assert current is not None
    assert not snapshots.verify(current)
    assert publish(snapshots, 2) == 2
    current = snapshots.current()
    assert current is not None
    assert snapshots.verify(current)
    assert [snapshot.number for snapshot in snapshots.history()] == [1, 2]


def test_counts_stand_in_the_manifest(snapshots: Snapshots) -> None:
    with snapshots.draft() as draft:
        draft.replace(GRAPH, numbers(1, 2))
        draft.replace(NamedNode("http://example.org/empty"), ())
        draft.store.add(Quad(GRAPH, NUMBER, Literal(1)))
    current = snapshots.current()
    assert current is not None
    manifest = read_manifest(current.folder)
    assert manifest.graphs == {"": 1, "http://example.org/empty": 0, "http://example.org/graph": 2}
    assert manifest.quads == 3


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_unreadable_pointer_is_an_error_and_not_an_empty_store(snapshots: Snapshots) -> None:
    publish(snapshots, 1)
    (snapshots.folder / "current").write_text("{", "utf-8")
    with pytest.raises(StoreError):
        snapshots.current()


def test_a_folder_that_cannot_be_made_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError), Snapshots(tmp_path / "file" / "data").draft():
        pass
