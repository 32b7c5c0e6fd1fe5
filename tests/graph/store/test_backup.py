"""A backup holds all that was served, comes back byte by byte or not at all, and overwrites nothing without being told."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import threading
import tracemalloc
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.errors import BackupError, DamagedError, GraphError, NotEmptyError, NothingPublishedError
from graph.store.backup import backup, restore
from graph.store.check import check_folder
from graph.store.snapshot import Snapshot, Snapshots

GRAPH = NamedNode("http://example.org/graph")
NUMBER = NamedNode("http://example.org/number")


def publish(snapshots: Snapshots, value: int, count: int = 3) -> None:
    with snapshots.draft() as draft:
        draft.store.clear_graph(GRAPH)
        draft.add(Quad(NamedNode(f"http://example.org/thing/{n}"), NUMBER, Literal(value), GRAPH) for n in range(count))


def said(snapshot: Snapshot | None) -> list[bytes]:
    assert snapshot is not None
    return sorted((Store.read_only(str(snapshot.path)).dump(format=RdfFormat.N_QUADS) or b"").splitlines())


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    made = Snapshots(tmp_path / "data")
    publish(made, 1)
    publish(made, 2)
    return made


def test_a_backup_comes_back_in_an_empty_folder(snapshots: Snapshots, tmp_path: Path) -> None:
    backup(snapshots, tmp_path / "b.tar.gz")
    other = Snapshots(tmp_path / "other")
    assert restore(other, tmp_path / "b.tar.gz").number == 2
    assert said(other.current()) == said(snapshots.current())
    assert list(check_folder(other.folder)) == []
    publish(other, 3)
    assert list(check_folder(other.folder)) == []


def test_nothing_is_overwritten_without_being_told(snapshots: Snapshots, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    backup(snapshots, file)
    content = file.read_bytes()
    with pytest.raises(BackupError, match="--replace"):
        backup(snapshots, file)
    assert file.read_bytes() == content
    publish(snapshots, 3)
    with pytest.raises(NotEmptyError, match="--replace"):
        restore(snapshots, file)
    assert b'"3"' in said(snapshots.current())[0]
    assert restore(snapshots, file, overwrite=True).number == 4
    assert b'"2"' in said(snapshots.current())[0]
    assert b'"3"' in said(snapshots.rollback(3))[0]
    backup(snapshots, file, overwrite=True)
    assert file.read_bytes() != content


def test_nothing_published_is_nothing_to_save(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError):
        backup(Snapshots(tmp_path / "none"), tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


def test_a_damaged_snapshot_is_not_saved_as_if_it_were_whole(snapshots: Snapshots, tmp_path: Path) -> None:
    current = snapshots.current()
    assert current is not None
    (current.path / "CURRENT").write_bytes(b"MANIFEST-000001\n")
    with pytest.raises(DamagedError):
        backup(snapshots, tmp_path / "b.tar.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_backup_is_made_and_read_while_others_publish(snapshots: Snapshots, tmp_path: Path) -> None:
    stop = threading.Event()

    def go_on() -> None:
        value = 10
        while not stop.is_set():
            publish(Snapshots(snapshots.folder), value)
            value += 1

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        for number in range(5):
            file = tmp_path / f"{number}.tar.gz"
            saved = backup(snapshots, file)
            other = Snapshots(tmp_path / str(number))
            assert restore(other, file).quads == saved.quads == 3
            assert len({line.split()[2] for line in said(other.current())}) == 1
    finally:
        stop.set()
        writer.join()


def test_a_backup_takes_the_place_of_a_folder_that_is_not_understood(snapshots: Snapshots, tmp_path: Path) -> None:
    backup(snapshots, tmp_path / "b.tar.gz")
    (snapshots.folder / "current").write_text("{}", "utf-8")
    with pytest.raises(GraphError, match="snapshots adopt 2"):
        restore(snapshots, tmp_path / "b.tar.gz")
    assert restore(snapshots, tmp_path / "b.tar.gz", overwrite=True).number == 3
    assert {path.name for path in (snapshots.folder / "snapshots").iterdir()} == {"1", "2", "3"}
    assert [path.read_text("utf-8") for path in snapshots.folder.glob("current.before-*")] == ["{}"]


def test_a_snapshot_of_the_first_format_can_be_saved(snapshots: Snapshots, tmp_path: Path) -> None:
    current = snapshots.current()
    assert current is not None
    about = json.loads((current.folder / "snapshot.json").read_text("utf-8"))
    (current.folder / "snapshot.json").write_text(json.dumps({name: about[name] for name in ("number", "published", "quads")}), "utf-8")
    backup(snapshots, tmp_path / "b.tar.gz")
    other = Snapshots(tmp_path / "other")
    restore(other, tmp_path / "b.tar.gz")
    assert said(other.current()) == said(current)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_backup_changes_nothing(snapshots: Snapshots, tmp_path: Path, seed: int) -> None:
    file = tmp_path / "b.tar.gz"
    backup(snapshots, file)
    chance = random.Random(seed)
    content = bytearray(gzip.decompress(file.read_bytes()) if seed % 2 else file.read_bytes())
    if seed % 4 < 2:
        place = chance.randrange(10, len(content))
        content[place] ^= 1 << chance.randrange(8)
    else:
        del content[chance.randrange(len(content) * 3 // 4) :]
    file.write_bytes(gzip.compress(bytes(content), 1) if seed % 2 else bytes(content))
    other = Snapshots(tmp_path / "other")
    try:
        restore(other, file)
    except GraphError:
        assert other.current() is None
        assert list((other.folder / "snapshots").iterdir()) == []
    else:
        # The damage was to what says nothing: a name of an owner, the filling between files.
        assert said(other.current()) == said(snapshots.current())


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as made:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return file.getvalue()


def link(kind: bytes, target: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as made:
        member = tarfile.TarInfo("store/CURRENT")
        member.type, member.linkname = kind, target
        made.addfile(member)
    return file.getvalue()


FOREIGN = {
    "nothing": b"",
    "text": b"hello\n" * 100,
    "empty archive": archive(),
    "another archive": archive(**{"a.txt": b"a"}),
    "no manifest": archive(**{"store/CURRENT": b"MANIFEST-1\n"}),
    "above": archive(**{"../out": b"x", "snapshot.json": b"{}"}),
    "from the root": archive(**{"/tmp/disk-out": b"x", "snapshot.json": b"{}"}),
    "hidden above": archive(**{"store/../../out": b"x", "snapshot.json": b"{}"}),
    "manifest without digests": archive(**{"snapshot.json": b'{"number": 1, "published": "2026-01-01T00:00:00+00:00", "quads": 0}'}),
    "manifest first": archive(**{"snapshot.json": b"{}", "store/CURRENT": b"x"}),
    "symbolic link": link(tarfile.SYMTYPE, "/etc/passwd"),
    "hard link": link(tarfile.LNKTYPE, "/etc/passwd"),
    "device": link(tarfile.CHRTYPE, ""),
    "zip": b"PK\x03\x04" + bytes(100),
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_no_backup_is_refused_in_one_sentence(snapshots: Snapshots, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "b.tar.gz"
    file.write_bytes(content)
    before = said(snapshots.current())
    with pytest.raises(BackupError) as refused:
        restore(snapshots, file, overwrite=True)
    assert "\n" not in str(refused.value)
    assert str(file) in refused.value.en
    assert said(snapshots.current()) == before
    assert sorted(path.name for path in (snapshots.folder / "snapshots").iterdir()) == ["1", "2"]
    assert not (tmp_path / "out").exists()


def test_what_unpacks_to_far_more_than_a_backup_is_refused_before_it_is_written(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.tar.gz"
    with tarfile.open(bomb, "w:gz") as archive:
        for name in ("store/CURRENT", "store/000001.sst"):
            member = tarfile.TarInfo(name)
            member.size = 80 << 20
            archive.addfile(member, io.BytesIO(bytes(member.size)))
    with pytest.raises(BackupError, match="100 times"):
        restore(Snapshots(tmp_path / "new"), bomb)
    assert Snapshots(tmp_path / "new").current() is None
    assert sum(path.stat().st_size for path in (tmp_path / "new").rglob("*") if path.is_file()) < 1 << 20


def described(kind: bytes, size: int, times: int = 1, content: bytes = b"\0") -> bytes:
    """An archive that begins with descriptions of what follows, of a size that no file needs."""
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as packed:
        for _ in range(times):
            member = tarfile.TarInfo("././@LongLink")
            member.type, member.size = kind, size
            packed.write(member.tobuf(tarfile.GNU_FORMAT))
            padded = -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
            for begin in range(0, padded, 1 << 20):
                packed.write(content * min(1 << 20, padded - begin))
    return file.getvalue()


def sparse(begin: bytes, size: int = 4 << 20) -> bytes:
    """A file whose map of holes, which stands before its content, does not end."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz", format=tarfile.PAX_FORMAT) as made:
        member = tarfile.TarInfo("store/CURRENT")
        member.size, member.pax_headers = size, {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "1"}
        made.addfile(member, io.BytesIO(begin + b"9" * size))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        described(tarfile.XHDTYPE, 96 << 20),
        described(tarfile.XGLTYPE, 96 << 20),
        described(tarfile.GNUTYPE_LONGNAME, 96 << 20, content=b"a"),
        described(tarfile.GNUTYPE_LONGLINK, 96 << 20),
        described(tarfile.GNUTYPE_LONGNAME, 1, 20_000),
        described(tarfile.GNUTYPE_LONGNAME, 0, 120),
        sparse(b""),
        sparse(b"3\n"),
    ],
    ids=["extended", "global", "name", "link", "many", "one in another", "holes", "holes without end"],
)
def test_what_describes_the_files_of_a_backup_takes_no_memory(tmp_path: Path, content: bytes) -> None:
    bomb = tmp_path / "bomb.tar.gz"
    bomb.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(BackupError):
            restore(Snapshots(tmp_path / "new"), bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
    assert Snapshots(tmp_path / "new").current() is None
