"""The file ``current`` of a data folder, turned into which snapshot is served and which are kept; or refused, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import DataFolderError, StoreError
from graph.store.checksummed_record import RecordError, entries, reasons, sealed, unsealed, write_durably
from graph.store.manifest import read_manifest

UNPUBLISHED = "writing"
"""The file that marks a folder as one that was never published; its writer holds a lock on it."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The snapshot that is served (0: none), all that were published and are kept, and those that were and are no longer."""

    current: int = 0
    published: tuple[int, ...] = ()
    superseded: tuple[int, ...] = ()
    """Published once and dropped since; their files may still be there."""
    last: int = 0
    """The highest number ever given: a number is never used twice, whatever was rolled back or deleted."""


def read_pointer(folder: Path) -> Pointer:
    """What the file says; raises DataFolderError where it is gone although snapshots are there, or where it is not understood."""
    path = folder / "current"
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        folders = numbers(folder)
        if folders:
            raise DataFolderError(path, "不见了", "is gone", folders) from None
        return Pointer()
    except OSError as error:
        raise StoreError.of(error, path) from error
    try:
        return _pointer(text)
    except (ValueError, TypeError, KeyError) as error:
        zh, en = reasons(error)
        raise DataFolderError(path, f"读不懂（{zh}）", f"is not understood ({en})", numbers(folder)) from error


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Publishes: from now on readers see these snapshots."""
    about = {
        "current": pointer.current,
        "published": list(pointer.published),
        "superseded": list(pointer.superseded),
        "last": pointer.last,
    }
    write_durably(folder / "current", sealed(about))


def numbers(folder: Path) -> tuple[int, ...]:
    """The snapshots that lie in a data folder and say of themselves which they are, whatever the pointer says."""
    return tuple(sorted(number for number in numbered(folder) if _is_snapshot(folder / "snapshots" / str(number), number)))


def numbered(folder: Path) -> tuple[int, ...]:
    """The numbers that names of folders among the snapshots have."""
    try:
        names = [path.name for path in (folder / "snapshots").iterdir()]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError.of(error, folder) from error
    return tuple(sorted(int(name) for name in names if name.isascii() and name.isdecimal() and str(int(name)) == name))


def _is_snapshot(path: Path, number: int) -> bool:
    if (path / UNPUBLISHED).exists():
        return False
    try:
        return read_manifest(path).number == number
    except StoreError:
        # It may be one whose own record is damaged: it counts as long as it has a store.
        return (path / "store").is_dir()


def _pointer(text: str) -> Pointer:
    about = _first(text)
    if set(about) != {"current", "published", "superseded", "last"}:
        raise RecordError("条目不对", "its entries are others")
    published, superseded = (_numbers(about[name]) for name in ("published", "superseded"))
    current, last = (_number(about[name], least=0) for name in ("current", "last"))
    if current not in (published or (0,)):
        raise RecordError("所指的快照不在其列", "the snapshot that it names is none of those that it lists")
    if any(number > last for number in (*published, *superseded)) or set(published) & set(superseded):
        raise RecordError("编号互相矛盾", "its numbers contradict each other")
    return Pointer(current, published, superseded, last)


def _first(text: str) -> dict[str, Any]:
    """The record of this format, or of the first, which three entries and nothing else make."""
    about = entries(text)
    if set(about) == {"current", "published", "last"}:
        return {**about, "superseded": []}
    return unsealed(text)


def _numbers(values: object) -> tuple[int, ...]:
    if not isinstance(values, list):
        raise TypeError("a list of numbers is none")
    made = tuple(_number(value, least=1) for value in values)
    if list(made) != sorted(set(made)):
        raise RecordError("编号没有顺序", "its numbers are in no order")
    return made


def _number(value: object, least: int) -> int:
    if type(value) is not int or value < least:
        raise TypeError("a number of a snapshot is none")
    return value
