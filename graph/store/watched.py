"""Answers that people have accepted, kept in a data folder beside its snapshots; and what publications since then changed in them.

``watched/{id}.json`` is one answer as it was accepted, with the answer that held when it was looked at last; ``watched/change-{n}.json``
is what one publication changed. Each file is sealed (``graph/store/checksummed_record.py``) and is written whole or not at all;
``watched/lock`` is held by whoever writes. Answers are in the JSON of SPARQL (https://www.w3.org/TR/sparql11-results-json/).
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from graph.errors import DamagedError, StoreError, UnknownWatchError
from graph.store.checksummed_record import RecordError, reasons, sealed, unsealed, write_durably
from graph.store.snapshot import Snapshot

FOLDER = "watched"
GRAPHS = ("own", "union", "separate")
"""What a watched query reads: the graphs of the service alone, the union of all, or each under its own name."""
MOST = 100
"""Answers that are watched."""
MOST_CHANGES = 100
"""Changes that are kept; of more, the oldest go."""
_LOCK = "lock"
_ANSWER = re.compile(r"([0-9a-f]{10})\.json")
_CHANGE = re.compile(r"change-([1-9][0-9]{0,8})\.json")


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to a query over one snapshot, which its number and its time of publication name."""

    snapshot: int
    published: str
    results: Mapping[str, Any]

    @property
    def count(self) -> int:
        """How many rows it has; a truth value is one."""
        return len(self.results["results"]["bindings"]) if "results" in self.results else 1


@dataclass(frozen=True, slots=True)
class Watched:
    """A query whose answer is watched. ``asked`` is what a person asked, ``top`` the rows that a question for the most wants (0: all).

    ``seen`` is the snapshot that was looked at last; where its answer could not be had, ``reason`` says why and ``latest`` is an older one.
    ``since`` are the rows that came and went since it was accepted.
    """

    id: str
    asked: str
    query: str
    graphs: str
    top: int
    accepted: KeptAnswer
    latest: KeptAnswer
    seen: tuple[int, str]
    since: tuple[int, int] = (0, 0)
    reason: tuple[str, str] | None = None


def id_of(query: str, graphs: str, top: int = 0) -> str:
    """The name of a watched answer: the same for the same query.

    >>> id_of("ASK {}", "own") == id_of("ASK {}", "own"), id_of("ASK {}", "own") == id_of("ASK {}", "union")
    (True, False)
    """
    return blake2b(f"{graphs}\n{top}\n{query}".encode(), digest_size=5).hexdigest()


def watched(data: Path) -> tuple[Watched, ...]:
    """All that are watched in a data folder, in the order of their names; raises DamagedError."""
    return tuple(_read(path) for path in _files(data, _ANSWER))


def named(data: Path, id: str) -> Watched:
    """The one of that name; raises UnknownWatchError."""
    path = data / FOLDER / f"{id}.json"
    if not _ANSWER.fullmatch(path.name) or not path.is_file():
        raise UnknownWatchError(id, [each.stem for each in _files(data, _ANSWER)])
    return _read(path)


def put(data: Path, kept: Watched) -> None:
    """Writes one, in the place of an earlier one of the same name."""
    _write(data / FOLDER / f"{kept.id}.json", asdict(kept))


def drop(data: Path, id: str) -> None:
    """Watches it no more; raises UnknownWatchError. What it changed stays told."""
    named(data, id)
    (data / FOLDER / f"{id}.json").unlink()


def changes(data: Path, most: int = MOST_CHANGES) -> tuple[Mapping[str, Any], ...]:
    """What publications changed, the last first; raises DamagedError."""
    return tuple(_record(path) for path in sorted(_files(data, _CHANGE), key=_number, reverse=True)[:most])


def put_change(data: Path, snapshot: Snapshot, answers: Sequence[Mapping[str, Any]], examined: int) -> None:
    """Adds what a publication changed, and forgets the oldest beyond those to keep."""
    known = sorted(_files(data, _CHANGE), key=_number)
    number = _number(known[-1]) + 1 if known else 1
    change = {
        "number": number,
        "snapshot": snapshot.number,
        "published": snapshot.published.isoformat(),
        "examined": examined,
        "answers": list(answers),
    }
    _write(data / FOLDER / f"change-{number}.json", change)
    for path in known[: max(0, len(known) + 1 - MOST_CHANGES)]:
        path.unlink(missing_ok=True)


def stamp(data: Path) -> tuple[tuple[str, int, int], ...]:
    """Differs whenever something in the folder was written."""
    found = []
    for path in (*_files(data, _ANSWER), *_files(data, _CHANGE)):
        about = path.stat()
        found.append((path.name, about.st_mtime_ns, about.st_ino))
    return tuple(found)


@contextmanager
def writing(data: Path, *, wait: bool = True) -> Iterator[bool]:
    """The one writer of the folder while the block runs; False where another is and one does not wait."""
    path = data / FOLDER / _LOCK
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError.of(error, path.parent) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)


def files(data: Path) -> tuple[Path, ...]:
    """The files that a backup holds beside the snapshot."""
    return (*_files(data, _ANSWER), *_files(data, _CHANGE))


def is_file(name: str) -> bool:
    """Whether a file of the folder may be called so.

    >>> is_file("0123456789.json"), is_file("change-12.json"), is_file("../x.json")
    (True, True, False)
    """
    return bool(_ANSWER.fullmatch(name) or _CHANGE.fullmatch(name))


def check(path: Path) -> None:
    """Raises DamagedError where a file is not what was written under its name."""
    if _ANSWER.fullmatch(path.name):
        kept = _read(path)
        if f"{kept.id}.json" != path.name or kept.id != id_of(kept.query, kept.graphs, kept.top):
            raise DamagedError(path, "它是另一个答案的", "it is of another answer")
    elif _record(path).get("number") != _number(path):
        raise DamagedError(path, "编号不对", "its number is another")


def strangers(data: Path) -> Iterator[Path]:
    """What lies in the folder and is none of its files; answers that a restore put aside are among them."""
    folder = data / FOLDER
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name != _LOCK and not is_file(path.name) and not path.name.endswith(".json.new"):
            yield path


def install(data: Path, folder: Path, when: str) -> None:
    """Takes in the files of a backup that were checked. An answer of the same name that is another is put aside, never lost;
    what the folder has told of changes stays, and what the backup tells is added before it where there is nothing."""
    with writing(data):
        told = bool(_files(data, _CHANGE))
        for path in sorted(folder.iterdir()):
            place = data / FOLDER / path.name
            if _CHANGE.fullmatch(path.name) and told:
                continue
            text = path.read_text("utf-8")
            if place.exists() and place.read_text("utf-8") != text:
                os.replace(place, place.with_name(f"{place.stem}.before-{when}.json"))
            write_durably(place, text)


def _files(data: Path, pattern: re.Pattern[str]) -> list[Path]:
    try:
        names = os.listdir(data / FOLDER)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError.of(error, data / FOLDER) from error
    return [data / FOLDER / name for name in sorted(names) if pattern.fullmatch(name)]


def _number(path: Path) -> int:
    found = _CHANGE.fullmatch(path.name)
    return int(found[1]) if found else 0


def _write(path: Path, record: Mapping[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, sealed(record))
    except OSError as error:
        raise StoreError.of(error, path) from error


def _record(path: Path) -> dict[str, Any]:
    try:
        return unsealed(path.read_bytes().decode("utf-8", "replace"))
    except RecordError as error:
        raise DamagedError(path, *reasons(error)) from error
    except OSError as error:
        raise StoreError.of(error, path) from error


def _read(path: Path) -> Watched:
    about = _record(path)
    try:
        accepted, latest = (KeptAnswer(**about[name]) for name in ("accepted", "latest"))
        (number, published), (came, went) = about["seen"], about["since"]
        reason = about["reason"] and (str(about["reason"][0]), str(about["reason"][1]))
        answers = {"accepted": accepted, "latest": latest, "seen": (int(number), str(published)), "since": (int(came), int(went))}
        made = Watched(**{**about, **answers, "reason": reason})
        if made.graphs not in GRAPHS or min(accepted.count, latest.count) < 0:
            raise RecordError("读哪些图不对", "the graphs it reads are none")
        return made
    except (TypeError, KeyError, ValueError) as error:
        raise DamagedError(path, *reasons(error)) from error
