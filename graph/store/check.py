"""A data folder, turned into what is not as it should be: the pointer, the files, the counts, the folders that nobody knows."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from graph.errors import DamagedError, DataFolderError, GraphError, StoreError
from graph.store import watched
from graph.store.folders import DRAFT, IN_USE
from graph.store.manifest import Manifest, counts, faults, read_manifest
from graph.store.pointer import UNPUBLISHED, Pointer, numbers, read_pointer
from ontology.errors import refusal

_MOST = 10**12


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a data folder; ``fault`` is False where it does no harm and is only to be known."""

    zh: str
    en: str
    fault: bool = True


def check_folder(folder: Path) -> Iterator[Finding]:
    """What is wrong with a data folder, and what in it is nobody's. All kept snapshots are read whole; nothing is written."""
    try:
        pointer = read_pointer(folder)
    except GraphError as error:
        yield Finding(error.zh, error.en)
        pointer = Pointer(0, error.found if isinstance(error, DataFolderError) else (), (), _MOST)
    if pointer.last:
        yield from _check_lock(folder / "lock")
    for number in pointer.published:
        yield from _check_snapshot(folder / "snapshots" / str(number), number)
    yield from _check_strangers(folder, pointer)
    yield from _check_spool(folder / "spool")
    yield from _check_watched(folder)


def _check_lock(path: Path) -> Iterator[Finding]:
    if not path.is_file():
        yield Finding(f"{path} 不见了；其中没有数据。", f"{path} is gone; no data was in it.")
    elif path.stat().st_size:
        yield Finding(f"{path} 不是空的。", f"{path} is not empty.")


def _check_snapshot(folder: Path, number: int) -> Iterator[Finding]:
    try:
        manifest = read_manifest(folder)
        damage = list(faults(folder, manifest))
    except DamagedError as error:
        yield _damaged(error)
        return
    except (StoreError, OSError) as error:
        yield _failed(folder, error)
        return
    if manifest.number != number:
        yield Finding(f"{folder} 说自己是快照 {manifest.number}。", f"{folder} says that it is snapshot {manifest.number}.")
    yield from _check_lock(folder / IN_USE)
    yield from map(_damaged, damage)
    if manifest.files is None:
        zh = f"快照 {number} 由较早的版本发布，没有校验和；下一次发布的快照会有。"
        yield Finding(zh, f"Snapshot {number} is of an earlier release and has no checksums; the next that is published has.", fault=False)
    if not damage:
        yield from _check_counts(folder, manifest)


def _check_counts(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    try:
        quads, graphs = counts(Store.read_only(str(folder / "store")), _MOST if manifest.graphs is not None else 0)
    except (OSError, RuntimeError) as error:
        yield _failed(folder, error)
        return
    if quads != manifest.quads:
        yield Finding(
            f"{folder} 有 {quads:,} 条事实而不是 {manifest.quads:,} 条。", f"{folder} holds {quads:,} quads instead of {manifest.quads:,}."
        )
    if manifest.graphs is None or graphs is None:
        return
    for name in sorted(graphs.keys() | manifest.graphs.keys()):
        counted, promised = graphs.get(name, 0), manifest.graphs.get(name, 0)
        if counted != promised:
            yield Finding(
                f"{folder} 的图 {name} 有 {counted:,} 条而不是 {promised:,} 条。",
                f"{folder}: the graph {name} holds {counted:,} quads, not {promised:,}.",
            )


def _check_strangers(folder: Path, pointer: Pointer) -> Iterator[Finding]:
    """Folders among the snapshots that the pointer does not account for: never deleted, so somebody should know of them."""
    known = {str(number) for number in (*pointer.published, *pointer.superseded)}
    there = folder / "snapshots"
    whole = set(map(str, numbers(folder)))
    for path in sorted(there.iterdir()) if there.is_dir() else ():
        if path.name in known or (path / UNPUBLISHED).exists():
            continue
        if path.name in whole and int(path.name) > pointer.last:
            yield Finding(
                f"{path} 是 current 不知道的快照：current 比它旧；可用 zhengce snapshots adopt {path.name} 采用。",
                f"{path} is a snapshot that current does not know, so current is older: zhengce snapshots adopt {path.name} takes it up.",
            )
        elif not path.name.startswith(DRAFT) or any(path.iterdir()):
            yield Finding(
                f"{path} 不属于任何已知的快照，不会被改动。", f"{path} is of no snapshot that is known; it is left alone.", fault=False
            )


def _check_spool(folder: Path) -> Iterator[Finding]:
    """What an ingest that did not come to its end left, to go on from there."""
    if not folder.is_dir():
        return
    yield from _check_lock(folder / "lock")
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder and not path.name.startswith("new-")):
        try:
            with gzip.open(path) as file:
                while file.read(1 << 20):
                    pass
        except (OSError, EOFError, zlib.error):
            yield Finding(f"{path} 已损坏；下一次读入会重做它。", f"{path} is damaged; the next ingest makes it anew.")


def _check_watched(folder: Path) -> Iterator[Finding]:
    """The answers that are watched, and what changed in them."""
    for path in watched.files(folder):
        try:
            watched.check(path)
        except DamagedError as error:
            yield _damaged(error)
        except StoreError as error:
            yield _failed(path, error)
    for path in watched.strangers(folder):
        yield Finding(f"{path} 不是所关注的答案，不会被改动。", f"{path} is no watched answer; it is left alone.", fault=False)


def _damaged(error: DamagedError) -> Finding:
    zh, en = error.reasons
    return Finding(f"{error.file} 已损坏：{zh}。", f"{error.file} is damaged: {en}.")


def _failed(folder: Path, error: Exception) -> Finding:
    if isinstance(error, GraphError):
        return Finding(error.zh, error.en)
    zh, en = refusal(error) if isinstance(error, OSError) else (str(error), str(error))
    return Finding(f"{folder} 无法读取：{zh}。", f"{folder} cannot be read: {en}.")
