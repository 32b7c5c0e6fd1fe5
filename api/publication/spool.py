"""Built notices, kept as files until they are published: a run that was killed goes on where it was.

An entry is one file, named by the SHA-256 of the notice's file, in a folder named by what it was read with. It is written whole or not at
all: gzipped N-Quads after one comment that says what became of the file.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO, RawIOBase
from pathlib import Path
from tempfile import NamedTemporaryFile

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from ingest.recognise import Reading

_CHUNK = 2**18


@dataclass(frozen=True, slots=True)
class About:
    """What became of a file: the key of its notice, what was counted in it, its warnings as (code, sentence)."""

    sha256: str
    key: str
    number: str | None
    tasks: int
    targets: int
    units: int
    triples: int
    unread: int
    """Characters among the tasks that are in no field; each is in a warning."""
    warnings: tuple[tuple[str, str], ...]
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpoolEntry:
    """A notice in the spool."""

    path: Path
    about: About


def about(reading: Reading, graphs: Mapping[NamedNode, Sequence[Triple]]) -> About:
    """What is to be told of a notice when its graphs are no longer at hand."""
    notice = reading.notice
    return About(
        sha256=notice.document.sha256,
        key=reading.key,
        number=str(notice.number) if notice.number else None,
        tasks=len(notice.tasks),
        targets=sum(len(task.targets) for task in notice.tasks),
        units=len({bearer.node for task in reading.tasks for bearer in task.bearers}),
        triples=sum(map(len, graphs.values())),
        unread=notice.coverage["unread"],
        warnings=tuple((warning.code, warning.message) for warning in notice.warnings),
        graphs=tuple(graph.value for graph in graphs),
    )


class Spool:
    """The entries of one version of program and vocabulary. Cheap to make; processes may share a folder."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder = folder / version

    def entry(self, sha256: str) -> SpoolEntry | None:
        """The entry of a file with this digest, or None where it was not built yet."""
        path = self.folder / sha256
        try:
            with gzip.open(path, "rb") as file:
                head = json.loads(file.readline().decode("utf-8").removeprefix("#"))
                while file.read(_CHUNK):
                    # To its end, where gzip has a checksum of all of it.
                    pass
            return SpoolEntry(path, About(**{**head, "warnings": tuple(map(tuple, head["warnings"])), "graphs": tuple(head["graphs"])}))
        except FileNotFoundError:
            return None
        except (gzip.BadGzipFile, EOFError, zlib.error, ValueError, TypeError, KeyError):
            # It was damaged since: the file is built again.
            return None

    def keep(self, notice: About, graphs: Mapping[NamedNode, Iterable[Triple]]) -> SpoolEntry:
        """Writes an entry."""
        return SpoolEntry(self._put(notice.sha256, packed(notice, graphs)), notice)

    def take(self, sha256: str, content: bytes) -> SpoolEntry | None:
        """Writes an entry that another machine packed; None where it is not whole, or is that of another file."""
        path = self._put(sha256, content)
        entry = self.entry(sha256)
        if entry is None or entry.about.sha256 != sha256:
            path.unlink()
            return None
        return entry

    def _put(self, sha256: str, content: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, prefix="new-", delete=False) as whole:
            whole.write(content)
        path = self.folder / sha256
        os.replace(whole.name, path)
        return path


def packed(notice: About, graphs: Mapping[NamedNode, Iterable[Triple]]) -> bytes:
    """An entry as bytes: what is kept in a spool, and sent to it by another machine."""
    whole = BytesIO()
    with gzip.GzipFile(fileobj=whole, mode="wb", compresslevel=1, mtime=0) as file:
        file.write(f"#{json.dumps(asdict(notice), ensure_ascii=False)}\n".encode())
        for graph, triples in graphs.items():
            # A line of N-Triples ends like this and holds no other end of a line; with a graph before the stop it is one of N-Quads.
            lines = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
            file.write(lines.replace(b" .\n", f" {graph} .\n".encode()))
    return whole.getvalue()


@contextmanager
def spooling(data: Path, version: str) -> Iterator[Spool]:
    """The spool of a data folder for one run at a time; what other versions of the program left is thrown away.

    A run that comes to its end leaves nothing behind; one that is killed or fails leaves what it built.
    """
    folder = data / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for other in folder.iterdir():
            if other.is_dir() and other.name != version:
                shutil.rmtree(other)
        spool = Spool(folder, version)
        for unfinished in spool.folder.glob("new-*"):
            unfinished.unlink()
        yield spool
        shutil.rmtree(spool.folder, ignore_errors=True)
    finally:
        os.close(lock)


class Chained(RawIOBase):
    """The content of many entries as one stream of N-Quads."""

    def __init__(self, entries: Iterable[SpoolEntry]) -> None:
        self._chunks = _chunks(entries)
        self._rest = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer from the entry that is next."""
        if not self._rest:
            self._rest = next(self._chunks, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _chunks(entries: Iterable[SpoolEntry]) -> Iterator[bytes]:
    for entry in entries:
        with gzip.open(entry.path) as file:
            while chunk := file.read(_CHUNK):
                yield chunk
