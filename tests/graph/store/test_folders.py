"""Folders of snapshots go when nobody holds them, and never while somebody does."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.folders import DRAFT, IN_USE, delete, shared, unpublished
from graph.store.pointer import UNPUBLISHED


def filled(folder: Path) -> Path:
    (folder / "store").mkdir(parents=True)
    (folder / "store" / "file").write_bytes(b"x")
    (folder / "snapshot.json").write_bytes(b"{}")
    return folder


def test_a_folder_that_nobody_holds_goes(tmp_path: Path) -> None:
    folder = filled(tmp_path / "1")
    delete(folder, "snapshot.json")
    assert not folder.exists()


def test_a_folder_that_somebody_reads_stays_whole(tmp_path: Path) -> None:
    folder = filled(tmp_path / "1")
    lock = shared(folder)
    assert lock is not None
    assert (folder / IN_USE).exists()
    delete(folder, "snapshot.json")
    assert sorted(path.name for path in folder.iterdir()) == [IN_USE, "snapshot.json", "store"]
    os.close(lock)
    delete(folder, "snapshot.json")
    assert not folder.exists()


@pytest.mark.parametrize("name", [IN_USE, UNPUBLISHED])
def test_a_folder_whose_mark_somebody_holds_stays_whole(tmp_path: Path, name: str) -> None:
    folder = filled(tmp_path / "1")
    (folder / name).touch()
    with (folder / name).open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        delete(folder, "snapshot.json")
    assert (folder / "store" / "file").exists()


def test_several_may_read_at_a_time(tmp_path: Path) -> None:
    locks = [shared(filled(tmp_path / "1")), shared(tmp_path / "1")]
    assert None not in locks
    for lock in locks:
        os.close(lock or 0)


def test_what_is_gone_is_locked_by_nobody(tmp_path: Path) -> None:
    assert shared(tmp_path / "gone") is None
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        shared(tmp_path / "file")


def test_the_file_that_says_what_a_folder_is_goes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError

    folder = filled(tmp_path / "1")
    (folder / "a").touch()
    monkeypatch.setattr(shutil, "rmtree", refuse)
    delete(folder, "snapshot.json")
    assert {path.name for path in folder.iterdir()} - {"a"} == {"snapshot.json", "store"}


def test_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    folder, other = filled(tmp_path / "1"), filled(tmp_path / "2")
    (folder / "link").symlink_to(other)
    delete(folder, "snapshot.json")
    assert not folder.exists()
    assert (other / "store" / "file").exists()


def test_a_draft_is_marked_and_gone_unless_it_was_published(tmp_path: Path) -> None:
    with unpublished(tmp_path) as folder:
        assert folder.name.startswith(DRAFT)
        assert (folder / UNPUBLISHED).exists()
        assert folder.stat().st_mode & 0o777 == 0o755
        delete(folder, UNPUBLISHED)
        assert (folder / UNPUBLISHED).exists()
        (folder / "store").mkdir()
    assert not folder.exists()
    with unpublished(tmp_path) as kept:
        (kept / "store").mkdir()
        (kept / UNPUBLISHED).unlink()
    assert (kept / "store").exists()


def test_a_draft_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError), unpublished(tmp_path / "nowhere"):
        pass
