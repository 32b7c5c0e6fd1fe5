"""Watched answers are kept whole or not at all, come back from a backup as they were, and nobody's answer is lost on the way."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.errors import BackupError, DamagedError, UnknownWatchError
from graph.store import watched
from graph.store.backup import backup, restore
from graph.store.check import check_folder
from graph.store.checksummed_record import sealed
from graph.store.snapshot import Snapshots
from graph.store.watched import MOST_CHANGES, KeptAnswer, Watched, id_of

GRAPH = NamedNode("http://example.org/graph")


def answer(value: int, snapshot: int = 1) -> KeptAnswer:
    rows = [{"n": {"type": "literal", "value": str(value)}}]
    return KeptAnswer(snapshot, f"2026-01-0{snapshot}T00:00:00+00:00", {"head": {"vars": ["n"]}, "results": {"bindings": rows}})


def kept(query: str = "SELECT * {}", value: int = 1) -> Watched:
    said = answer(value)
    return Watched(id_of(query, "own"), "低空？", query, "own", 0, said, said, (said.snapshot, said.published))


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    made = Snapshots(tmp_path / "data")
    publish(made, 1)
    return made


def publish(snapshots: Snapshots, value: int) -> None:
    with snapshots.draft() as draft:
        draft.replace(GRAPH, [Quad(NamedNode("http://example.org/a"), NamedNode("http://example.org/b"), Literal(value))])


def change(snapshots: Snapshots, answers: Sequence[Any] = ()) -> None:
    current = snapshots.current()
    assert current is not None
    watched.put_change(snapshots.folder, current, answers, 1)


def findings(folder: Path, *, faults: bool = True) -> list[str]:
    return [found.en for found in check_folder(folder) if found.fault == faults]


def test_what_is_put_is_read_again_to_the_letter(snapshots: Snapshots) -> None:
    data = snapshots.folder
    assert watched.watched(data) == ()
    one, other = kept(), replace(kept("ASK {}"), reason=("超时", "too slow"), since=(2, 1), latest=answer(3, 2))
    for each in (one, other):
        watched.put(data, each)
    assert watched.watched(data) == tuple(sorted((one, other), key=lambda each: each.id))
    assert watched.named(data, other.id) == other
    assert findings(data) == []
    watched.drop(data, one.id)
    assert watched.watched(data) == (other,)


@pytest.mark.parametrize("name", ["0123456789", "", "../current", "change-1", "ABCDEF0123"])
def test_there_are_no_others(snapshots: Snapshots, name: str) -> None:
    watched.put(snapshots.folder, kept())
    for act in (watched.named, watched.drop):
        with pytest.raises(UnknownWatchError, match=kept().id):
            act(snapshots.folder, name)


def test_damage_is_found_and_never_read_over(snapshots: Snapshots) -> None:
    data = snapshots.folder
    watched.put(data, kept())
    path = data / watched.FOLDER / f"{kept().id}.json"
    whole = path.read_text("utf-8")
    for broken in (whole.replace('"1"', '"2"', 1), whole[:-30], "", "{}", sealed({"id": kept().id}), sealed({**record(), "graphs": "all"})):
        path.write_text(broken, "utf-8")
        assert len(findings(data)) == 1
        with pytest.raises(DamagedError):
            watched.watched(data)
    os.replace(path, path.with_name("0123456789.json"))
    (data / watched.FOLDER / "0123456789.json").write_text(whole, "utf-8")
    assert "of another answer" in findings(data)[0]


def record() -> dict[str, Any]:
    said = {"snapshot": 1, "published": "x", "results": {"head": {}, "boolean": True}}
    about = {"id": kept().id, "asked": "", "query": "SELECT * {}", "graphs": "own", "top": 0}
    return {**about, "accepted": said, "latest": said, "seen": [1, "x"], "since": [0, 0], "reason": None}


def test_strangers_are_left_alone_and_told(snapshots: Snapshots) -> None:
    watched.put(snapshots.folder, kept())
    stranger = snapshots.folder / watched.FOLDER / "notes.txt"
    stranger.write_text("mine", "utf-8")
    assert findings(snapshots.folder) == []
    assert ["notes.txt" in each for each in findings(snapshots.folder, faults=False)] == [True]
    assert stranger.exists()


def test_of_many_changes_the_last_are_kept_and_numbers_go_on(snapshots: Snapshots) -> None:
    for _ in range(MOST_CHANGES + 3):
        change(snapshots)
    found = watched.changes(snapshots.folder)
    assert [each["number"] for each in found] == list(range(MOST_CHANGES + 3, 3, -1))
    assert findings(snapshots.folder) == []


def test_one_writes_at_a_time(snapshots: Snapshots) -> None:
    with watched.writing(snapshots.folder) as first, watched.writing(snapshots.folder, wait=False) as second:
        assert (first, second) == (True, False)
    with watched.writing(snapshots.folder, wait=False) as third:
        assert third


def test_a_backup_brings_the_answers_and_what_was_told(snapshots: Snapshots, tmp_path: Path) -> None:
    watched.put(snapshots.folder, kept())
    change(snapshots, [{"id": kept().id}])
    backup(snapshots, tmp_path / "b.tar.gz")
    other = Snapshots(tmp_path / "other")
    restore(other, tmp_path / "b.tar.gz")
    assert watched.watched(other.folder) == (kept(),)
    assert watched.changes(other.folder) == watched.changes(snapshots.folder)
    assert findings(other.folder) == []


def test_a_restore_loses_nobodys_answer(snapshots: Snapshots, tmp_path: Path) -> None:
    watched.put(snapshots.folder, kept(value=1))
    change(snapshots)
    backup(snapshots, tmp_path / "b.tar.gz")
    watched.put(snapshots.folder, kept(value=2))
    watched.put(snapshots.folder, kept("ASK {}"))
    change(snapshots)
    restore(snapshots, tmp_path / "b.tar.gz", overwrite=True)
    assert watched.watched(snapshots.folder) == tuple(sorted((kept(value=1), kept("ASK {}")), key=lambda each: each.id))
    assert [each["number"] for each in watched.changes(snapshots.folder)] == [2, 1]
    (aside,) = watched.strangers(snapshots.folder)
    assert '"2"' in aside.read_text("utf-8")
    assert findings(snapshots.folder) == []


def test_a_damaged_answer_is_not_saved(snapshots: Snapshots, tmp_path: Path) -> None:
    watched.put(snapshots.folder, kept())
    (snapshots.folder / watched.FOLDER / f"{kept().id}.json").write_text("{}", "utf-8")
    with pytest.raises(DamagedError):
        backup(snapshots, tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


@pytest.mark.parametrize("name", ["watched/0123456789.json", "watched/../current", "watched/notes.txt", "watched/x/0123456789.json"])
def test_what_is_no_answer_is_not_taken_in(snapshots: Snapshots, tmp_path: Path, name: str) -> None:
    backup(snapshots, tmp_path / "b.tar.gz")
    with tarfile.open(tmp_path / "b.tar.gz") as whole, tarfile.open(tmp_path / "c.tar.gz", "w:gz") as made:
        member = tarfile.TarInfo(name)
        text = sealed(record()).encode()
        member.size = len(text)
        made.addfile(member, io.BytesIO(text))
        for each in whole:
            made.addfile(each, whole.extractfile(each))
    other = Snapshots(tmp_path / "other")
    with pytest.raises(BackupError):
        restore(other, tmp_path / "c.tar.gz")
    assert other.current() is None
    assert watched.files(other.folder) == ()
