"""The snapshot that is served, turned into one file while it is served, and such a file into a snapshot again.

The file is a gzipped tar (PAX): the answers that are watched, the files of the snapshot's folder, and its manifest at the end. A file
without that end is no backup, so one that broke off does not pass for whole.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import IO

from pyoxigraph import Store

from graph.errors import BackupError, DamagedError, NothingPublishedError, StoreError
from graph.store import watched
from graph.store.manifest import NAME, Manifest, counts, faults, names, read_manifest, write_manifest
from graph.store.snapshot import Snapshot, Snapshots

_RATIO = 100
"""A store packs to a fifth or a tenth of its size; what unpacks to more than so many times its own is none."""
_LEVEL = 1
"""Of gzip: a store holds compressed blocks already."""
_LONGEST_NAME = 200
_DESCRIPTION = 64 << 10
"""Of a member, with what is read ahead: a backup has some 2 kB."""
_WATCHED = f"{watched.FOLDER}/"
_IN_FOLDER = {"store": re.compile(r"[^./][^/]*"), "passages": re.compile(r"\.?[A-Za-z0-9_-][A-Za-z0-9._-]*")}
"""What the files of a backup are called in each folder of it; the index of passages has some that begin with a dot."""


def backup(snapshots: Snapshots, file: Path, *, overwrite: bool = False) -> Snapshot:
    """Writes the snapshot that is served into a file, which appears under its name when it is whole. Raises where a file of it is damaged.

    Others may read and publish meanwhile. A snapshot of the first format gets the manifest that it lacks.
    """
    if file.exists() and not overwrite:
        raise BackupError(file, "已经存在（加 --replace 则覆盖）", "it is there already (--replace writes over it)")
    with snapshots.reading() as snapshot, _refused(file):
        if snapshot is None:
            raise NothingPublishedError(str(snapshots.folder))
        snapshots.verify(snapshot, None)
        with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as beside:
            try:
                _write(beside, snapshot, snapshots.folder)
                beside.flush()
                os.fsync(beside.fileno())
                os.replace(beside.name, file)
            finally:
                Path(beside.name).unlink(missing_ok=True)
        return snapshot


def restore(snapshots: Snapshots, file: Path, *, overwrite: bool = False) -> Snapshot:
    """Publishes the snapshot of a backup as the next of a data folder, once every byte of it has been verified; then takes in the answers
    that were watched.

    Raises BackupError for a file that is no whole backup, and NotEmptyError where something is published already and is not to be
    replaced; nothing changes then.
    """
    with _refused(file):
        if not file.is_file():
            raise BackupError(file, "没有这个文件", "there is no such file")
        with file.open("rb") as stream, TemporaryDirectory() as answers:
            snapshot = snapshots.receive(lambda folder: _read(stream, file, folder, Path(answers)), overwrite=overwrite)
            watched.install(snapshots.folder, Path(answers), f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
            return snapshot


class _Unpacked(io.RawIOBase):
    """What a gzipped file unpacks to, as far as is allowed: what describes the members is read into memory, however long it is."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._stream = gzip.GzipFile(fileobj=packed, mode="rb")
        self._left = _DESCRIPTION

    def allow(self, size: int) -> None:
        """Lets a member of this size be read, and the description of the next."""
        self._left += size + _DESCRIPTION

    def read(self, size: int = -1) -> bytes:
        """Some bytes; raises ReadError beyond what is allowed."""
        part = self._stream.read(size)
        self._left -= len(part)
        if self._left < 0:
            raise tarfile.ReadError("a description is longer than any of a backup")
        return part


def _write(sink: IO[bytes], snapshot: Snapshot, data: Path) -> None:
    with tarfile.open(fileobj=sink, mode="w:gz", format=tarfile.PAX_FORMAT, compresslevel=_LEVEL) as archive:
        for path in watched.files(data):
            # Each is written whole under its name, so that what is read of it is whole.
            watched.check(path)
            archive.add(path, arcname=f"{_WATCHED}{path.name}", filter=_plain)
        for name in names(snapshot.folder):
            archive.add(snapshot.folder / name, arcname=name, recursive=False, filter=_plain)
        manifest = read_manifest(snapshot.folder)
        if manifest.files is not None:
            archive.add(snapshot.folder / NAME, arcname=NAME, filter=_plain)
            return
        with TemporaryDirectory() as made:
            _describe(snapshot.folder, Path(made), manifest)
            archive.add(Path(made) / NAME, arcname=NAME, filter=_plain)


def _describe(folder: Path, made: Path, manifest: Manifest) -> None:
    """The manifest that a snapshot of the first format would have, written elsewhere."""
    for name in names(folder):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        os.symlink((folder / name).resolve(), made / name)
    counted = counts(Store.read_only(str(folder / "store")))
    write_manifest(made, manifest.number, manifest.published, counted, None)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A member that says nothing of the machine it was made on."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    if member.islnk():
        member.type = tarfile.REGTYPE
    return member


def _read(stream: IO[bytes], file: Path, folder: Path, answers: Path) -> Manifest:
    """Fills a folder from a backup and holds it against the manifest in it; the watched answers go into another, and are checked."""
    last, left = "", _RATIO * max(file.stat().st_size, 1 << 20)
    unpacked = _Unpacked(stream)
    for member, source in _members(unpacked):
        if last == NAME or not member.isreg() or not _is_ours(member.name):
            raise BackupError(file, f"其中有不属于备份的 {member.name[:80]!r}", f"it holds {member.name[:80]!r}, which is not of a backup")
        left -= member.size
        if left < 0:
            raise BackupError(
                file,
                f"解开后超过自身的 {_RATIO} 倍，备份不会这样",
                f"it unpacks to more than {_RATIO} times its size, as no backup does",
            )
        unpacked.allow(member.size)
        target = answers / Path(member.name).name if member.name.startswith(_WATCHED) else folder / member.name
        if source is None or target.exists():
            raise BackupError(file, "其中有重复的文件", "it holds a file twice")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as sink:
            while chunk := source.read(1 << 20):
                sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        last = member.name
    if last != NAME:
        raise BackupError(file, "没有结尾的清单，不是完整的备份", "its manifest is missing, so it is no whole backup")
    for answer in sorted(answers.iterdir()):
        try:
            watched.check(answer)
        except DamagedError as error:
            zh, en = error.reasons
            raise BackupError(
                file, f"其中 {_WATCHED}{answer.name} 已损坏（{zh}）", f"{_WATCHED}{answer.name} in it is damaged ({en})"
            ) from error
    return _verified(file, folder)


def _members(unpacked: _Unpacked) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """The members in order, those that are files with their content. Raises ReadError where one is described as none can be, which the
    library says in ways of its own."""
    try:
        with tarfile.open(fileobj=unpacked, mode="r|") as archive:
            while (member := archive.next()) is not None:
                yield member, archive.extractfile(member) if member.isreg() else None
    except (ValueError, OverflowError, RecursionError) as error:
        raise tarfile.ReadError("a member is not described as members are") from error


def _verified(file: Path, folder: Path) -> Manifest:
    try:
        manifest = read_manifest(folder)
        fault = next(faults(folder, manifest), None)
    except DamagedError as error:
        manifest, fault = Manifest(0, datetime.min, 0), error
    if fault is not None or manifest.files is None:
        name = Path(fault.file).relative_to(folder).as_posix() if fault else NAME
        zh, en = fault.reasons if fault else ("没有校验和", "it has no checksums")
        raise BackupError(file, f"其中 {name} 已损坏（{zh}）", f"{name} in it is damaged ({en})")
    held = counts(Store.read_only(str(folder / "store")))[0]
    if held != manifest.quads:
        raise BackupError(
            file, f"其中有 {held:,} 条事实而不是 {manifest.quads:,} 条", f"it holds {held:,} quads instead of {manifest.quads:,}"
        )
    return manifest


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    parts = path.parts
    folder = _IN_FOLDER.get(parts[0]) if len(parts) == 2 else None
    answer = len(parts) == 2 and parts[0] == watched.FOLDER and watched.is_file(parts[1])
    known = name == NAME or answer or (folder is not None and folder.fullmatch(parts[1]) is not None)
    return known and path.as_posix() == name and len(name) <= _LONGEST_NAME and "\0" not in name


@contextmanager
def _refused(file: Path) -> Iterator[None]:
    """What tar and gzip say of a file that is none of theirs, and what the system says, as ours."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupError(file, "不是备份，或已损坏、不完整", "it is no backup, or damaged or cut off") from error
    except OSError as error:
        if type(error).__name__ == "BadGzipFile":
            raise BackupError(file, "不是备份，或已损坏", "it is no backup, or damaged") from error
        raise StoreError.of(error, error.filename or file) from error
