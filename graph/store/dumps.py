"""A snapshot, turned into files for others to load: its graphs in gzip, and what changed since an earlier one as an RDF patch.

They lie in ``dumps/{snapshot}/`` of the data folder, each beside a record of its size and SHA-256, which is written last: a file without
one is no dump. Only graphs of the service's own are given. ``python -m graph.store.dumps`` makes one file in a process of its own, which
reads, writes and packs quads one by one: it holds what the engine keeps of what it has read (some 200 bytes for each quad), and no more.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import blake2b, file_digest
from pathlib import Path
from time import time
from typing import IO, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from pyoxigraph import Store as Engine

from graph.errors import GraphError, StoreError, UnknownGraphError, UnknownSnapshotError
from graph.store.changes import changes, patch
from graph.store.folders import shared
from graph.store.manifest import read_manifest
from graph.store.own_graphs import own_graphs
from graph.store.pointer import read_pointer
from graph.store.snapshot import Snapshot
from ontology.names import GRAPH, PREFIXES

FOLDER = "dumps"
ALL = "all.nq.gz"
FORMATS = {".nq.gz": RdfFormat.N_QUADS, ".ttl.gz": RdfFormat.TURTLE}
CHANGES = "changes.json"
MOST_FILES = 256
"""Files that are kept; of more, those go that were not asked for the longest."""
_SNAPSHOTS = 2
"""Files are kept of so many snapshots: a transfer that began before the last publication comes to its end."""
_ABANDONED = 7200.0
"""Seconds after which what is half written has no writer any more: none is given so long."""
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Dump:
    """A file that was made. ``name`` is its address under ``/dumps/``."""

    path: Path
    name: str
    snapshot: int
    size: int
    sha256: str


def graph_of(name: str) -> tuple[NamedNode | None, RdfFormat] | None:
    """The graph (None for all of the service's own) and the format that the name of a dump asks for; None where it is no such name.

    >>> graph_of("notice/huzhiban-2026-2.ttl.gz")[0] == GRAPH["notice/huzhiban-2026-2"], graph_of("all.nq.gz")[0], graph_of("all.ttl.gz")
    (True, None, None)
    """
    for suffix, format in FORMATS.items():
        key = name.removesuffix(suffix)
        if key not in {name, ""}:
            if key == "all":
                return (None, format) if name == ALL else None
            with suppress(ValueError):
                return GRAPH[key], format
    return None


def find(data: Path, number: int, name: str) -> Dump | None:
    """The dump of a snapshot that was made under a name, which is from now on the one asked for last."""
    path = _path(data, number, name)
    dump = _recorded(path)
    if dump is not None and dump.name == name:
        with suppress(OSError):
            os.utime(path)
        return dump
    return None


def made(data: Path, number: int) -> tuple[Dump, ...]:
    """The dumps of a snapshot that there are, by name."""
    found = (_recorded(path) for path in (data / FOLDER / str(number)).glob("*.data"))
    return tuple(sorted((dump for dump in found if dump), key=lambda dump: dump.name))


def make(data: Path, number: int, name: str) -> Dump:
    """Makes the file of a name: a graph, all of them, ``changes.json``, or ``changes/{from}-{to}.rdfp``.

    Raises UnknownGraphError, UnknownSnapshotError, or StoreError where it cannot be written.
    """
    path = _path(data, number, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}.new")
        try:
            with new.open("wb") as file:
                _write(data, number, name, file)
                file.flush()
                os.fsync(file.fileno())
            with new.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
            dump = Dump(path, name, number, new.stat().st_size, digest)
            os.replace(new, path)
            record = path.with_suffix(".new")
            record.write_text(json.dumps({**asdict(dump), "path": path.name}), "utf-8")
            os.replace(record, path.with_suffix(".json"))
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError.of(error, path.parent) from error
    forget(data, number, name)
    return dump


def forget(data: Path, number: int, name: str) -> None:
    """Deletes the files of older snapshots and, beyond those to keep, the ones not asked for the longest; never the one just named."""
    folder = data / FOLDER
    with suppress(OSError):
        numbers = sorted((int(each.name) for each in folder.iterdir() if each.name.isdecimal()), reverse=True)
        for old in [each for each in numbers if each != number][_SNAPSHOTS - 1 :]:
            shutil.rmtree(folder / str(old), ignore_errors=True)
        files = sorted(folder.glob("*/*.data"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[MOST_FILES:]:
            if path != _path(data, number, name):
                path.with_suffix(".json").unlink(missing_ok=True)
                path.unlink(missing_ok=True)
        for path in folder.glob("*/*.new"):
            if path.stat().st_mtime < time() - _ABANDONED:
                path.unlink(missing_ok=True)


def _write(data: Path, number: int, name: str, file: IO[bytes]) -> None:
    if name == CHANGES:
        history = tuple(_kept(data, each) for each in read_pointer(data).published if each <= number and _is_readable(data, each))
        file.write(json.dumps(changes(history, partial(_held, data)), ensure_ascii=False).encode())
        return
    if name.startswith("changes/"):
        first, last = numbers_of(name)
        older, newer = _kept(data, first), _kept(data, last)
        with _held(data, older) as before, _held(data, newer) as after:
            file.writelines(line.encode() for line in patch(before, after, older, newer))
        return
    asked = graph_of(name)
    if asked is None:
        raise UnknownGraphError(name)
    with _held(data, _kept(data, number)) as engine:
        _write_graphs(engine, asked, file)


def numbers_of(name: str) -> tuple[int, int]:
    """The two snapshots of a patch; raises UnknownSnapshotError where the name is no patch's.

    >>> numbers_of("changes/3-12.rdfp")
    (3, 12)
    """
    first, dash, last = name.removeprefix("changes/").removesuffix(".rdfp").partition("-")
    if not dash or not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in (first, last)):
        raise UnknownSnapshotError(0, ())
    return int(first), int(last)


def _write_graphs(engine: Engine, asked: tuple[NamedNode | None, RdfFormat], file: IO[bytes]) -> None:
    graph, format = asked
    graphs = tuple(own_graphs(engine)) if graph is None else (graph,)
    if graph is not None and not engine.contains_named_graph(graph):
        raise UnknownGraphError(graph.value)
    # Without a name and a time: the same graph makes the same file.
    with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
        out = cast("IO[bytes]", io.BufferedWriter(cast("io.RawIOBase", packed), 1 << 20))
        if format == RdfFormat.TURTLE:
            serialize((quad.triple for quad in _quads(engine, graphs)), out, format=format, prefixes=PREFIXES)
        else:
            serialize(_quads(engine, graphs), out, format=format)
        out.flush()


def _quads(engine: Engine, graphs: tuple[NamedNode, ...]) -> Iterator[Quad]:
    for graph in graphs:
        yield from engine.quads_for_pattern(None, None, None, graph)


def _kept(data: Path, number: int) -> Snapshot:
    """A snapshot by its number; that others are damaged is nothing to it."""
    published = read_pointer(data).published
    if number not in published:
        raise UnknownSnapshotError(number, published)
    folder = data / "snapshots" / str(number)
    about = read_manifest(folder)
    return Snapshot(number, folder / "store", about.published, about.quads)


@contextmanager
def _held(data: Path, snapshot: Snapshot) -> Iterator[Engine]:
    """The store of a snapshot, whose files stay while the block runs."""
    with ExitStack() as held:
        lock = shared(snapshot.folder)
        if lock is not None:
            held.callback(os.close, lock)
        published = read_pointer(data).published
        if lock is None or snapshot.number not in published:
            raise UnknownSnapshotError(snapshot.number, published)
        try:
            yield Engine.read_only(str(snapshot.path))
        except (OSError, RuntimeError) as error:
            raise StoreError.of(error if isinstance(error, OSError) else OSError(str(error)), snapshot.path) from error


def _is_readable(data: Path, number: int) -> bool:
    with suppress(StoreError):
        return _kept(data, number).number == number
    return False


def _path(data: Path, number: int, name: str) -> Path:
    return data / FOLDER / str(number) / f"{blake2b(name.encode(), digest_size=16).hexdigest()}.data"


def _recorded(path: Path) -> Dump | None:
    try:
        about = json.loads(path.with_suffix(".json").read_bytes())
        dump = Dump(path, str(about["name"]), int(about["snapshot"]), int(about["size"]), str(about["sha256"]))
        return dump if path.stat().st_size == dump.size else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def main(arguments: list[str], write: Callable[[bytes], object]) -> int:
    """Makes the file that the arguments name (data folder, snapshot, name); what went wrong is an exception of ours, pickled."""
    data, number, name = arguments
    try:
        os.nice(10)
        make(Path(data), int(number), name)
    except GraphError as error:
        write(pickle.dumps(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout.buffer.write))
