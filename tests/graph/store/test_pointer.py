"""The file ``current``: what it says is taken whole or refused, and what lies in the folder is found by what it says of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.errors import DataFolderError
from graph.store.checksummed_record import sealed
from graph.store.manifest import write_manifest
from graph.store.pointer import UNPUBLISHED, Pointer, numbered, numbers, read_pointer, write_pointer


def snapshot(folder: Path, number: int, named: int | None = None) -> Path:
    path = folder / "snapshots" / str(number)
    (path / "store").mkdir(parents=True)
    write_manifest(path, number if named is None else named, datetime(2026, 1, 1, tzinfo=UTC), (0, {}), None)
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    pointer = Pointer(3, (1, 3), (2,), 4)
    write_pointer(tmp_path, pointer)
    assert read_pointer(tmp_path) == pointer


def test_an_empty_folder_has_published_nothing(tmp_path: Path) -> None:
    assert read_pointer(tmp_path) == Pointer(0, (), (), 0)
    assert numbers(tmp_path) == ()


def test_a_pointer_that_is_gone_is_no_empty_folder(tmp_path: Path) -> None:
    snapshot(tmp_path, 2)
    with pytest.raises(DataFolderError) as refused:
        read_pointer(tmp_path)
    assert refused.value.found == (2,)
    assert "is gone" in refused.value.en


def test_the_first_format_is_read(tmp_path: Path) -> None:
    (tmp_path / "current").write_text(json.dumps({"current": 2, "published": [1, 2], "last": 2}), "utf-8")
    assert read_pointer(tmp_path) == Pointer(2, (1, 2), (), 2)


@pytest.mark.parametrize(
    "record",
    [
        {"current": 1, "published": [1], "superseded": []},
        {"current": 1, "published": [1], "superseded": [], "last": 1, "more": 1},
        {"current": 2, "published": [1], "superseded": [], "last": 2},
        {"current": 1, "published": [], "superseded": [], "last": 1},
        {"current": 1, "published": [1, 3], "superseded": [], "last": 2},
        {"current": 1, "published": [1], "superseded": [3], "last": 2},
        {"current": 1, "published": [1, 2], "superseded": [2], "last": 2},
        {"current": 2, "published": [2, 1], "superseded": [], "last": 2},
        {"current": 1, "published": [1, 1], "superseded": [], "last": 2},
        {"current": 0, "published": [0], "superseded": [], "last": 0},
        {"current": True, "published": [1], "superseded": [], "last": 1},
        {"current": 1, "published": "1", "superseded": [], "last": 1},
        {"current": 1, "published": [1.0], "superseded": [], "last": 1},
        {"current": 1, "published": [1], "superseded": [], "last": -1},
    ],
)
def test_a_pointer_that_contradicts_itself_is_refused(record: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "current").write_text(sealed(record), "utf-8")
    with pytest.raises(DataFolderError):
        read_pointer(tmp_path)


@pytest.mark.parametrize(
    "record",
    [
        {"current": 0, "published": [], "superseded": [], "last": 0},
        {"current": 0, "published": [], "superseded": [1], "last": 1},
        {"current": 1, "published": [1, 2], "superseded": [3], "last": 3},
    ],
)
def test_a_pointer_that_does_not_is_taken(record: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "current").write_text(sealed(record), "utf-8")
    assert read_pointer(tmp_path).last == record["last"]


def test_snapshots_are_the_folders_with_a_number_for_a_name(tmp_path: Path) -> None:
    for name in ("1", "12", "03", "x", "-1", "²", "draft-a"):
        (tmp_path / "snapshots" / name).mkdir(parents=True)
    assert numbered(tmp_path) == (1, 12)
    assert numbered(tmp_path / "nowhere") == ()


def test_a_folder_counts_as_the_snapshot_that_it_says_it_is(tmp_path: Path) -> None:
    snapshot(tmp_path, 1)
    snapshot(tmp_path, 2, named=3)
    (snapshot(tmp_path, 4) / UNPUBLISHED).touch()
    (snapshot(tmp_path, 5) / "snapshot.json").write_text("{", "utf-8")
    (tmp_path / "snapshots" / "6").mkdir()
    assert numbers(tmp_path) == (1, 5)
