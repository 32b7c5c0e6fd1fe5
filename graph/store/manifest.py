"""The folder of a snapshot, turned into its manifest: each file with size and SHA-256, each graph with its count; and held against it.

A snapshot of the first format has none: it is opened as it is, and ``Manifest.files`` is None.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from graph.errors import DamagedError, StoreError
from graph.store.checksummed_record import entries, reasons, sealed, unsealed, write_durably
from ontology.errors import refusal

NAME = "snapshot.json"
SAMPLE = 512 << 20
"""Bytes whose digests are computed at a start; of larger snapshots the small files first, then as many of the others."""
_BESIDE = (NAME, f"{NAME}.new", "writing", "in-use")
"""What lies in the folder and is no part of the snapshot: nothing is lost with it."""
_COUNTED = 200_000
"""Up to so many quads are counted graph by graph at publication, which takes 0.2 s; of larger stores the whole is counted."""
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } } GROUP BY ?g"

File = tuple[int, str]
"""The size of a file and its SHA-256."""
Verified = set[tuple[int, ...]]
"""Files whose digest was computed and was right: device, inode, size and times. They are not read again as long as these are the same."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot says of itself."""

    number: int
    published: datetime
    quads: int
    graphs: Mapping[str, int] | None = None
    """Quads by named graph, ``""`` for the default graph; None where they were not counted."""
    files: Mapping[str, File] | None = None
    """The files of the folder save this one; None in the first format."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot's folder; raises DamagedError where it is not what was written."""
    path = folder / NAME
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError as error:
        raise DamagedError(path, "不见了", "it is gone") from error
    except OSError as error:
        raise StoreError.of(error, path) from error
    try:
        return _manifest(text)
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedError(path, *reasons(error)) from error


def write_manifest(
    folder: Path, number: int, published: datetime, counted: tuple[int, Mapping[str, int] | None], before: Path | None
) -> None:
    """Writes the manifest of a folder that nobody writes to any more.

    Files that are links to those of the snapshot ``before`` keep the digests they had there, so that what was damaged since does not
    pass for new, and so that a small change of a large store costs little.
    """
    known = _linked(before)
    quads, graphs = counted
    files: dict[str, File] = {}
    for name in names(folder):
        about = (folder / name).stat()
        files[name] = known.get((about.st_dev, about.st_ino, about.st_size)) or (about.st_size, _digest(folder / name))
    record = {
        "number": number,
        "published": published.isoformat(),
        "quads": quads,
        "graphs": None if graphs is None else dict(sorted(graphs.items())),
        "files": {name: list(file) for name, file in files.items()},
    }
    write_durably(folder / NAME, sealed(record))


def counts(store: Store, most: int = _COUNTED) -> tuple[int, dict[str, int] | None]:
    """How many quads a store holds, and in which graphs; None where there are more than ``most``."""
    quads = len(store)
    if quads > most:
        return quads, None
    rows = store.query(_COUNTS)
    by_graph = {row["g"].value if row["g"] else "": int(row["n"].value) for row in rows}  # type: ignore[union-attr]
    return quads, {**{graph.value: 0 for graph in store.named_graphs()}, **{name: count for name, count in by_graph.items() if count}}


def names(folder: Path) -> tuple[str, ...]:
    """The files of a snapshot's folder, sorted, save its manifest and marks without content."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return tuple(sorted(name for name in files if name not in _BESIDE))


def faults(folder: Path, manifest: Manifest, most: int | None = None, verified: Verified | None = None) -> Iterator[DamagedError]:
    """What is not as the manifest says. All names and sizes are compared; of ``most`` bytes the digests, small files first."""
    if manifest.files is None:
        return
    there = set(names(folder))
    for name in sorted(there - set(manifest.files)):
        yield DamagedError(folder / name, "不属于该快照", "it is no file of the snapshot")
    left = float("inf") if most is None else most
    for name, (size, digest) in sorted(manifest.files.items(), key=lambda item: item[1][0]):
        path = folder / name
        try:
            about = path.stat()
            if name not in there:
                yield DamagedError(path, "不见了", "it is gone")
            elif about.st_size != size:
                yield DamagedError(
                    path, f"应有 {size:,} 字节，现有 {about.st_size:,}", f"it has {about.st_size:,} bytes instead of {size:,}"
                )
            elif size <= left and not _is_verified(about, verified):
                left -= size
                if _digest(path) != digest:
                    yield DamagedError(path, "校验和不符", "its checksum is another")
                elif verified is not None:
                    verified.add(_identity(about))
        except FileNotFoundError:
            yield DamagedError(path, "不见了", "it is gone")
        except OSError as error:
            yield DamagedError(path, *refusal(error))


def _is_verified(about: os.stat_result, verified: Verified | None) -> bool:
    return verified is not None and _identity(about) in verified


def _identity(about: os.stat_result) -> tuple[int, ...]:
    return (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)


def _linked(before: Path | None) -> dict[tuple[int, int, int], File]:
    """The files of a snapshot by device, inode and size."""
    if before is None:
        return {}
    try:
        files = read_manifest(before).files or {}
        stats = {name: (before / name).stat() for name in files if (before / name).exists()}
    except (StoreError, OSError):
        return {}
    return {(about.st_dev, about.st_ino, about.st_size): files[name] for name, about in stats.items() if about.st_nlink > 1}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _manifest(text: str) -> Manifest:
    about = _record(text)
    graphs = about.get("graphs")
    listed = about.get("files")
    files = None if listed is None else {str(name): (int(size), str(digest)) for name, (size, digest) in listed.items()}
    counted = None if graphs is None else {str(name): int(count) for name, count in graphs.items()}
    return Manifest(int(about["number"]), datetime.fromisoformat(about["published"]), int(about["quads"]), counted, files)


def _record(text: str) -> dict[str, Any]:
    """The record of this format, or of the first, which three entries and nothing else make."""
    about = entries(text)
    if set(about) == {"number", "published", "quads"}:
        return about
    return unsealed(text)
