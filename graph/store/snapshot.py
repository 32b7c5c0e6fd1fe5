"""Quads, turned into an immutable store folder that readers see whole or not at all.

The data folder holds ``current`` (``graph/store/pointer.py``), ``lock`` (one writer at a time) and ``snapshots/{number}/`` with ``store``
(never written again) and its manifest, ``snapshot.json``. Readers hold a shared lock on the folder of their snapshot. A snapshot leaves
``current`` before its files go, and a reader looks at ``current`` again once it holds the lock: no reader loses files.
A draft is built as ``snapshots/draft-…``, marked as unpublished, and becomes a snapshot by two renames, the second of which, of the file
``current``, publishes it.

A folder is deleted only where two things that do not rest on each other say that nobody needs it: the pointer says that it was superseded
or never published, and the folder itself that it is that snapshot, or that it is a draft whose writer is gone. All others stay.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from graph.errors import DamagedError, DataFolderError, NotEmptyError, StoreError, UnknownSnapshotError
from graph.store.checksummed_record import sync
from graph.store.draft import Draft
from graph.store.folders import DRAFT, IN_USE, delete, shared, unpublished
from graph.store.manifest import NAME, SAMPLE, Manifest, Verified, counts, faults, read_manifest, write_manifest
from graph.store.passage_index import NAME as PASSAGES
from graph.store.passage_index import write_index
from graph.store.pointer import UNPUBLISHED, Pointer, numbered, numbers, read_pointer, write_pointer

__all__ = ["Draft", "Snapshot", "Snapshots"]

_TRIES = 100
_INDEXED = 200_000
"""The passages of a store of so many quads are indexed whoever publishes it; of larger ones where a notice was read."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published store. ``path`` is the store's folder, beside it lie the files that belong to the same snapshot."""

    number: int
    path: Path
    published: datetime
    quads: int

    @property
    def folder(self) -> Path:
        """The folder of the snapshot, which holds the store and what was made with it."""
        return self.path.parent


class Snapshots:
    """The snapshots of a data folder. Cheap to make; any number of processes may hold one for the same folder."""

    at_once = sys.maxsize
    """The quads of notices that one snapshot takes, about; more are published as several."""

    def __init__(self, folder: Path, keep: int = 3) -> None:
        self.folder = folder
        self._keep = max(1, keep)
        self._snapshots = folder / "snapshots"
        self._verified: Verified = set()

    def current(self) -> Snapshot | None:
        """The snapshot that is served, or None where nothing was published yet."""
        number = read_pointer(self.folder).current
        try:
            return self._snapshot(number) if number else None
        except StoreError as error:
            # Others may have been published meanwhile, and this one dropped.
            pointer = read_pointer(self.folder)
            if number != pointer.current:
                return self.current()
            if not self._path(number).parent.exists():
                others = [other for other in numbers(self.folder) if other != number]
                zh, en = f"指向快照 {number}，而它不见了", f"points to snapshot {number}, which is gone,"
                raise DataFolderError(self.folder / "current", zh, en, others) from error
            if isinstance(error, DamagedError):
                raise DamagedError(error.file, *error.reasons, self._others(number, SAMPLE)) from error
            raise

    def stamp(self) -> tuple[int, int, int]:
        """Changes whenever another snapshot becomes current; costs one call of the system."""
        try:
            about = (self.folder / "current").stat()
        except OSError:
            return (0, 0, 0)
        return (about.st_ino, about.st_mtime_ns, about.st_size)

    def history(self) -> tuple[Snapshot, ...]:
        """The snapshots that are kept, oldest first."""
        return tuple(self._snapshot(number) for number in read_pointer(self.folder).published)

    def kept(self, number: int) -> Snapshot:
        """One of those that are kept; raises UnknownSnapshotError, or DamagedError where it is not what was published."""
        published = read_pointer(self.folder).published
        if number not in published:
            raise UnknownSnapshotError(number, published)
        return self._snapshot(number)

    @contextmanager
    def reading(self) -> Iterator[Snapshot | None]:
        """The snapshot that is served, whose files stay while the block runs."""
        held = self.hold()
        if held is None:
            yield None
            return
        snapshot, lock = held
        try:
            yield snapshot
        finally:
            os.close(lock)

    def hold(self) -> tuple[Snapshot, int] | None:
        """The snapshot that is served, and a descriptor that keeps its files until it is closed in all processes that have it."""
        for _ in range(_TRIES):
            snapshot = self.current()
            if snapshot is None:
                return None
            lock = shared(snapshot.folder)
            if lock is not None and snapshot.number in read_pointer(self.folder).published:
                return snapshot, lock
            if lock is not None:
                os.close(lock)
        raise StoreError(f"{self.folder}: its snapshots change faster than one can be opened", f"{self.folder}：快照变得太快，无法打开")

    def verify(self, snapshot: Snapshot, most: int | None = SAMPLE) -> bool:
        """Whether the files of a snapshot are those that were published; False where it is too old to say. Raises DamagedError.

        Names and sizes of all files, and the digests of ``most`` bytes (small files first): what a look costs is bounded.
        """
        manifest = read_manifest(snapshot.folder)
        fault = next(faults(snapshot.folder, manifest, most, self._verified), None)
        if fault is not None:
            others = [
                number for number in read_pointer(self.folder).published if number != snapshot.number and self._is_whole(number, most)
            ]
            raise DamagedError(fault.file, *fault.reasons, others)
        return manifest.files is not None

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """The next snapshot, starting from the current one; published when the block ends, gone without trace when it raises."""
        with self._writing():
            before = read_pointer(self.folder)
            current = self.current()
            if current is not None:
                self.verify(current)
            self._clean(before)
            draft = None
            with unpublished(self._snapshots) as folder:
                try:
                    with _failing(self.folder):
                        if current is not None:
                            # The engine's checkpoint: data files are linked, not copied.
                            Store.read_only(str(current.path)).backup(str(folder / "store"))
                        draft = Draft(folder, max((before.last, *numbered(self.folder))) + 1)
                    yield draft
                    with _failing(self.folder):
                        self._publish(draft, before)
                finally:
                    if draft is not None:
                        draft.close()
            with suppress(OSError):
                # It is published, and what remains to be done is done by the next writer if not now.
                self._forget(read_pointer(self.folder))

    def rollback(self, number: int) -> Snapshot:
        """Serves an older (or newer) snapshot that is kept; nothing is deleted."""
        with self._writing():
            before = read_pointer(self.folder)
            if number not in before.published:
                raise UnknownSnapshotError(number, before.published)
            snapshot = self._snapshot(number)
            self.verify(snapshot)
            self._point(replace(before, current=number))
            return snapshot

    def adopt(self, number: int) -> Snapshot:
        """Serves a snapshot that lies in the folder, whatever became of ``current``, whose content is kept beside; nothing is deleted.

        All that is in the snapshot is verified before; all others that lie there are listed again as kept.
        """
        with self._writing():
            there = numbers(self.folder)
            if number not in there:
                raise UnknownSnapshotError(number, there)
            snapshot = self._snapshot(number)
            fault = next(faults(snapshot.folder, read_manifest(snapshot.folder)), None)
            if fault is not None:
                raise DamagedError(
                    fault.file, *fault.reasons, [other for other in there if other != number and self._is_whole(other, None)]
                )
            kept = tuple(other for other in there if self._is_readable(other))
            self._put_aside()
            self._point(Pointer(number, kept, (), max(numbered(self.folder))))
            return snapshot

    def receive(self, fill: Callable[[Path], Manifest], *, overwrite: bool) -> Snapshot:
        """Publishes a snapshot that comes from outside: ``fill`` writes its files into an empty folder and says what they are.

        A data folder where something is published, or that is not understood, is refused unless it is to be replaced; even then
        nothing is deleted but what is older than the snapshots to keep.
        """
        with self._writing():
            aside = False
            try:
                before = read_pointer(self.folder)
            except DataFolderError as error:
                if not overwrite:
                    raise
                before, aside = Pointer(0, (), (), max((0, *error.found, *numbered(self.folder)))), True
            if before.current and not overwrite:
                raise NotEmptyError(self.folder, before.current)
            with unpublished(self._snapshots) as folder:
                manifest = fill(folder)
                number = max(manifest.number, before.last + 1, *(each + 1 for each in numbered(self.folder)))
                with _failing(self.folder):
                    write_manifest(folder, number, manifest.published, (manifest.quads, manifest.graphs), None)
                    if aside:
                        self._put_aside()
                    self._move_in(folder, number, None if aside else before)
            return self._snapshot(number)

    def _put_aside(self) -> None:
        """What ``current`` said stays beside it, for people."""
        with _failing(self.folder):
            if (self.folder / "current").exists():
                os.replace(self.folder / "current", self.folder / f"current.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")

    def _path(self, number: int) -> Path:
        return self._snapshots / str(number) / "store"

    def _snapshot(self, number: int) -> Snapshot:
        path = self._path(number)
        about = read_manifest(path.parent)
        if about.number != number:
            raise DamagedError(path.parent / NAME, f"它说自己是快照 {about.number}", f"it says that it is snapshot {about.number}")
        return Snapshot(number, path, about.published, about.quads)

    def _others(self, number: int, most: int | None) -> list[int]:
        """The kept snapshots save one that seem to be whole."""
        return [other for other in read_pointer(self.folder).published if other != number and self._is_whole(other, most)]

    def _is_readable(self, number: int) -> bool:
        with suppress(StoreError):
            return self._snapshot(number).number == number
        return False

    def _is_whole(self, number: int, most: int | None) -> bool:
        with suppress(StoreError):
            folder = self._snapshot(number).folder
            return next(faults(folder, read_manifest(folder), most), None) is None
        return False

    def _point(self, pointer: Pointer) -> None:
        with _failing(self.folder):
            write_pointer(self.folder, pointer)

    def _publish(self, draft: Draft, before: Pointer) -> None:
        draft.store.flush()
        counted = counts(draft.store)
        if draft.searched or counted[0] <= _INDEXED:
            write_index(draft.store, draft.folder / PASSAGES)
        draft.close()
        for log in (draft.folder / "store").glob("LOG*"):
            # What the engine noted down for people; nothing of it is data, and no digest of it would stay true.
            log.unlink()
        for written in (draft.folder / "store", draft.folder / PASSAGES):
            if written.exists():
                sync(written)
        current = self._path(before.current).parent if before.current else None
        write_manifest(draft.folder, draft.number, datetime.now(UTC), counted, current)
        self._move_in(draft.folder, draft.number, before)

    def _move_in(self, folder: Path, number: int, before: Pointer | None) -> None:
        """Publishes what was written and described, by two renames; ``before`` is None where ``current`` was put aside."""
        if before is not None and read_pointer(self.folder) != before:
            raise StoreError(f"{self.folder}: somebody else published meanwhile", f"{self.folder}：期间另有发布")
        (folder / IN_USE).touch()
        place = self._snapshots / str(number)
        os.rename(folder, place)
        sync(self._snapshots)
        before = before or Pointer()
        write_pointer(self.folder, replace(before, current=number, published=(*before.published, number), last=number))
        with suppress(OSError):
            # The next writer does it if this one cannot.
            (place / UNPUBLISHED).unlink()

    def _forget(self, pointer: Pointer) -> None:
        """Drops the oldest snapshots beyond those to keep; their files stay while somebody reads them."""
        older = [number for number in pointer.published if number != pointer.current]
        gone = older[: max(0, len(older) - self._keep + 1)]
        if gone:
            superseded = sorted({*gone, *(number for number in pointer.superseded if self._path(number).parent.exists())})
            kept = replace(
                pointer, published=tuple(number for number in pointer.published if number not in gone), superseded=tuple(superseded)
            )
            write_pointer(self.folder, kept)
            self._clean(kept)

    def _clean(self, pointer: Pointer) -> None:
        """Deletes what was superseded and is not read any more, and what writers left that did not come to their end."""
        for number in pointer.superseded:
            folder = self._snapshots / str(number)
            if self._is_readable(number):
                delete(folder, last=NAME)
        for folder in self._snapshots.iterdir() if self._snapshots.is_dir() else ():
            if folder.name.isdecimal() and int(folder.name) in pointer.published:
                (folder / UNPUBLISHED).unlink(missing_ok=True)
            elif (folder / UNPUBLISHED).is_file() and pointer.last:
                delete(folder, last=UNPUBLISHED)
            elif folder.name.startswith(DRAFT) or folder.name in map(str, pointer.superseded):
                with suppress(OSError):
                    # Where nothing is left in it.
                    folder.rmdir()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The one writer of the folder: its lock is that of the file which still has the name once the lock is had."""
        path = self.folder / "lock"
        while True:
            try:
                self._snapshots.mkdir(parents=True, exist_ok=True)
                lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise StoreError.of(error, self.folder) from error
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if path.exists() and os.path.samestat(os.fstat(lock), path.stat()):
                    yield
                    return
            finally:
                os.close(lock)


@contextmanager
def _failing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError.of(error, folder) from error
