"""Quads, turned into an immutable store folder that readers see whole or not at all.

The data folder holds ``current`` (which snapshot is served, which were published), ``lock`` (one writer at a time) and
``snapshots/{number}/`` with ``store`` (never written again), ``snapshot.json`` and ``in-use``, on which readers hold a shared lock.
A snapshot leaves ``current`` before its files go, and a reader looks at ``current`` again once it holds the lock: no reader loses files.
A draft is built as ``snapshots/draft`` and becomes a snapshot by two renames, the second of which, of the file ``current``, publishes it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from graph.errors import StoreError, UnknownSnapshotError

_SMALL = 10_000
"""Up to so many quads go through the write-ahead log; more are written straight into files."""


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


class Draft:
    """The next snapshot while it is written. ``store`` may be read and written freely; nobody else sees it."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.number = number
        self.store = Store(str(folder / "store"))

    def close(self) -> None:
        """Lets go of the store: the engine goes on writing files into the folder as long as anybody holds it."""
        self.__dict__.pop("store", None)

    def replace(self, graph: NamedNode, triples: Iterable[Triple | Quad]) -> None:
        """The graph holds these triples and no others."""
        self.store.clear_graph(graph)
        self.add(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
        self.store.add_graph(graph)

    def add(self, quads: Iterable[Quad]) -> None:
        """Adds quads, few or millions, without holding them all."""
        rest = iter(quads)
        first = list(islice(rest, _SMALL))
        if len(first) < _SMALL:
            self.store.extend(first)
        else:
            self.store.bulk_extend(chain(first, rest))

    def load(self, stream: IO[bytes], count: int) -> None:
        """Adds the quads of a stream of N-Quads that we wrote, about ``count`` of them; up to a million are held at once.

        Several threads may do so at a time.
        """
        if count < _SMALL:
            self.store.extend(parse(stream, RdfFormat.N_QUADS))
        else:
            self.store.bulk_load(stream, RdfFormat.N_QUADS, lenient=True)

    def remove(self, graph: NamedNode) -> None:
        """The graph is no more."""
        self.store.remove_graph(graph)

    def graphs(self) -> tuple[NamedNode, ...]:
        """The named graphs, sorted."""
        return tuple(sorted((graph for graph in self.store.named_graphs() if isinstance(graph, NamedNode)), key=lambda graph: graph.value))

    def triples(self, graph: NamedNode | BlankNode) -> Iterator[Triple]:
        """What the graph holds now."""
        return (quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph))


@dataclass(frozen=True, slots=True)
class _Pointer:
    """What the file ``current`` says: the snapshot that is served (0: none) and all that were published and are kept."""

    current: int
    published: tuple[int, ...]
    last: int
    """The highest number ever given: a number is never used twice, whatever was rolled back or deleted."""


class Snapshots:
    """The snapshots of a data folder. Cheap to make; any number of processes may hold one for the same folder."""

    def __init__(self, folder: Path, keep: int = 3) -> None:
        self.folder = folder
        self._keep = max(1, keep)
        self._pointer = folder / "current"
        self._snapshots = folder / "snapshots"

    def current(self) -> Snapshot | None:
        """The snapshot that is served, or None where nothing was published yet."""
        number = self._read().current
        try:
            return self._snapshot(number) if number else None
        except StoreError:
            # Others may have been published meanwhile, and this one dropped.
            if number == self._read().current:
                raise
            return self.current()

    def stamp(self) -> tuple[int, int, int]:
        """Changes whenever another snapshot becomes current; costs one call of the system."""
        try:
            about = self._pointer.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (about.st_ino, about.st_mtime_ns, about.st_size)

    def history(self) -> tuple[Snapshot, ...]:
        """The snapshots that are kept, oldest first."""
        return tuple(self._snapshot(number) for number in self._read().published)

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
        while snapshot := self.current():
            lock = _shared(snapshot.folder)
            if lock is not None and snapshot.number in self._read().published:
                return snapshot, lock
            if lock is not None:
                os.close(lock)
        return None

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """The next snapshot, starting from the current one; published when the block ends, gone without trace when it raises."""
        with self._writing():
            before = self._read()
            self._clean(before)
            folder = self._snapshots / "draft"
            draft = None
            try:
                with _failing():
                    draft = self._begin(folder, before)
                yield draft
                with _failing():
                    self._publish(draft, before)
            finally:
                if draft is not None:
                    draft.close()
                shutil.rmtree(folder, ignore_errors=True)

    def rollback(self, number: int) -> Snapshot:
        """Serves an older (or newer) snapshot that is kept; nothing is deleted."""
        with self._writing():
            before = self._read()
            if number not in before.published:
                raise UnknownSnapshotError(number, before.published)
            self._write(_Pointer(number, before.published, before.last))
            return self._snapshot(number)

    def _begin(self, folder: Path, before: _Pointer) -> Draft:
        folder.mkdir(parents=True)
        if before.current:
            # The engine's checkpoint: data files are linked, not copied.
            Store.read_only(str(self._path(before.current))).backup(str(folder / "store"))
        return Draft(folder, before.last + 1)

    def _path(self, number: int) -> Path:
        return self._snapshots / str(number) / "store"

    def _snapshot(self, number: int) -> Snapshot:
        path = self._path(number)
        try:
            about = json.loads((path.parent / "snapshot.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path.parent}: {error}") from error
        return Snapshot(number, path, datetime.fromisoformat(about["published"]), about["quads"])

    def _read(self) -> _Pointer:
        try:
            about = json.loads(self._pointer.read_text("utf-8"))
        except FileNotFoundError:
            return _Pointer(0, (), 0)
        except (OSError, ValueError) as error:
            raise StoreError(f"{self._pointer}: {error}") from error
        return _Pointer(about["current"], tuple(about["published"]), about["last"])

    def _write(self, pointer: _Pointer) -> None:
        about = {"current": pointer.current, "published": pointer.published, "last": pointer.last}
        _write_durably(self.folder / "current.new", json.dumps(about))
        os.replace(self.folder / "current.new", self._pointer)
        _sync(self.folder)

    def _publish(self, draft: Draft, before: _Pointer) -> None:
        draft.store.flush()
        about = {"number": draft.number, "published": datetime.now(UTC).isoformat(), "quads": len(draft.store)}
        draft.close()
        (draft.folder / "in-use").touch()
        _write_durably(draft.folder / "snapshot.json", json.dumps(about))
        _sync(draft.folder / "store")
        os.rename(draft.folder, self._snapshots / str(draft.number))
        _sync(self._snapshots)
        pointer = _Pointer(draft.number, (*before.published, draft.number), draft.number)
        self._write(pointer)
        self._forget(pointer)

    def _forget(self, pointer: _Pointer) -> None:
        """Drops the oldest snapshots beyond those to keep; their files stay while somebody reads them."""
        older = [number for number in pointer.published if number != pointer.current]
        gone = set(older[: max(0, len(older) - self._keep + 1)])
        if gone:
            kept = _Pointer(pointer.current, tuple(number for number in pointer.published if number not in gone), pointer.last)
            self._write(kept)
            self._clean(kept)

    def _clean(self, pointer: _Pointer) -> None:
        """Deletes what nobody can reach: snapshots no longer kept nor read, and what a writer left that did not come to its end."""
        published = {str(number) for number in pointer.published}
        for folder in self._snapshots.iterdir() if self._snapshots.is_dir() else ():
            if folder.name not in published and _unused(folder):
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(str(error)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _shared(folder: Path) -> int | None:
    """A shared lock on the files of a snapshot; None where they are gone."""
    try:
        lock = os.open(folder / "in-use", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(str(error)) from error


def _unused(folder: Path) -> bool:
    try:
        lock = os.open(folder / "in-use", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
