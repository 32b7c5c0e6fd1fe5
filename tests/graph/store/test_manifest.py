"""What a snapshot says of itself, held against its folder: each file that is gone, more, longer or another is told."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.errors import DamagedError
from graph.store.checksummed_record import unsealed
from graph.store.manifest import Verified, counts, faults, names, read_manifest, write_manifest

WHEN = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
A = NamedNode("http://example.org/a")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "one").write_bytes(b"1")
    (tmp_path / "store" / "two").write_bytes(b"22")
    (tmp_path / "writing").touch()
    (tmp_path / "in-use").touch()
    write_manifest(tmp_path, 7, WHEN, (3, {"b": 2, "a": 1}), None)
    return tmp_path


def test_it_is_read_as_it_was_written(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert (manifest.number, manifest.published, manifest.quads, manifest.graphs) == (7, WHEN, 3, {"a": 1, "b": 2})
    digests = {name: sha256(content).hexdigest() for name, content in (("store/one", b"1"), ("store/two", b"22"))}
    assert manifest.files == {"store/one": (1, digests["store/one"]), "store/two": (2, digests["store/two"])}
    assert list(unsealed((folder / "snapshot.json").read_text("utf-8"))["graphs"]) == ["a", "b"]
    assert names(folder) == ("store/one", "store/two")
    assert list(faults(folder, manifest)) == []


def test_the_first_format_has_no_files_and_nothing_is_held_against_it(folder: Path) -> None:
    (folder / "snapshot.json").write_text(json.dumps({"number": 7, "published": WHEN.isoformat(), "quads": 3}), "utf-8")
    manifest = read_manifest(folder)
    assert (manifest.number, manifest.quads, manifest.graphs, manifest.files) == (7, 3, None, None)
    assert list(faults(folder, manifest)) == []


@pytest.mark.parametrize("content", [b"", b"{}", b'{"number": 7}', b"[1]", b"\xff"])
def test_one_that_is_no_manifest_is_damage(content: bytes, folder: Path) -> None:
    (folder / "snapshot.json").write_bytes(content)
    with pytest.raises(DamagedError):
        read_manifest(folder)


def test_one_that_is_gone_is_damage(folder: Path) -> None:
    (folder / "snapshot.json").unlink()
    with pytest.raises(DamagedError) as damaged:
        read_manifest(folder)
    assert damaged.value.reasons == ("不见了", "it is gone")


def found(folder: Path, most: int | None = None, verified: Verified | None = None) -> list[tuple[str, tuple[str, str]]]:
    return [(Path(each.file).name, each.reasons) for each in faults(folder, read_manifest(folder), most, verified)]


def test_each_fault_is_told(folder: Path) -> None:
    (folder / "store" / "three").write_bytes(b"")
    (folder / "store" / "one").unlink()
    (folder / "store" / "two").write_bytes(b"222")
    assert found(folder) == [
        ("three", ("不属于该快照", "it is no file of the snapshot")),
        ("one", ("不见了", "it is gone")),
        ("two", ("应有 2 字节，现有 3", "it has 3 bytes instead of 2")),
    ]


def test_digests_are_computed_of_so_many_bytes_the_small_files_first(folder: Path) -> None:
    for name, content in (("one", b"x"), ("two", b"xx")):
        (folder / "store" / name).write_bytes(content)
    other = ("校验和不符", "its checksum is another")
    assert found(folder) == [("one", other), ("two", other)]
    assert found(folder, 3) == [("one", other), ("two", other)]
    assert found(folder, 2) == found(folder, 1) == [("one", other)]
    assert found(folder, 0) == []


def test_a_file_that_was_right_is_not_read_again_as_long_as_it_is_the_same(folder: Path) -> None:
    verified: Verified = set()
    assert found(folder, None, verified) == []
    assert len(verified) == 2
    path = folder / "store" / "two"
    about = path.stat()
    path.write_bytes(b"xx")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert found(folder, None, verified) == []
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns + 1))
    assert [name for name, _ in found(folder, None, verified)] == ["two"]
    assert len(verified) == 2


def test_a_linked_file_keeps_the_digest_it_had(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    after = tmp_path_factory.mktemp("after")
    os.link(folder / "store" / "two", after / "two")
    (after / "new").write_bytes(b"new")
    (folder / "store" / "two").write_bytes(b"xx")
    write_manifest(after, 8, WHEN, (0, None), folder)
    assert [name for name, _ in found(after)] == ["two"]
    write_manifest(after, 8, WHEN, (0, None), None)
    assert found(after) == []
    assert read_manifest(after).graphs is None


def test_quads_are_counted_by_graph_up_to_a_number() -> None:
    store = Store()
    store.extend([Quad(A, A, Literal(n), A) for n in range(2)] + [Quad(A, A, A)])
    store.add_graph(NamedNode("http://example.org/empty"))
    assert counts(store, 3) == (3, {"": 1, "http://example.org/a": 2, "http://example.org/empty": 0})
    assert counts(store, 2) == (3, None)
    assert counts(Store()) == (0, {})
