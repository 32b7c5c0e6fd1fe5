"""Files, few or ten thousand, turned into one new snapshot: unchanged ones skipped, the rest built side by side, spooled, published.

``file -> SHA-256 -> held already? -> in the spool? -> built (in a process of a pool where there are many, or on a cluster) -> spool -> one
snapshot``.
Nothing is held in memory but a line for each file.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import file_digest, sha256
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from api.publication.builder import Parcel, summarised
from api.publication.publish import Knowledge, held, knowledge, program, publish
from api.publication.spool import About, Spool, SpoolEntry, spooling
from graph.store.snapshot import Snapshots
from ingest.errors import IngestError, ReaderFaultError
from ingest.limits import DEFAULTS, ReadLimits
from ingest.read import SUFFIXES, content, named, unbundled
from ontology.errors import MachineError, ZhengceError

_FEW = 8
"""Up to so many files are built in this process: they are done before a pool has begun."""
_AHEAD = 4
"""Files that each process of a pool has waiting."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: Path
    about: About | None = None
    """What was found in it, where it was read now or by a run that did not come to its end (``resumed``)."""
    failure: ZhengceError | None = None
    unchanged: bool = False
    resumed: bool = False
    superseded: Path | None = None
    """The later file of this run that is the same notice and was published in its place."""


Notify = Callable[[int, int, Outcome], None]
"""Told of each file when it is done: how many are, of how many, and what became of it."""


@dataclass(frozen=True, slots=True)
class _Job:
    place: int
    path: Path
    sha256: str | None
    source: str | None = None


def found(paths: Iterable[Path], limits: ReadLimits = DEFAULTS) -> Iterator[Path]:
    """The files that paths name: a folder stands for all below it that are named like ones that can be read, an archive for all in it."""
    for path in paths:
        if path.is_dir():
            below = sorted(below for below in path.rglob("*") if below.suffix.lower() in SUFFIXES and below.is_file())
        else:
            below = [path]
        for file in below:
            yield from unbundled(file, limits)


def ingest(
    paths: Sequence[Path],
    snapshots: Snapshots,
    *,
    processes: int = 1,
    scheduler: str | None = None,
    dry_run: bool = False,
    limits: ReadLimits = DEFAULTS,
    source: str | None = None,
    notify: Notify = lambda done, of, outcome: None,
) -> tuple[Outcome, ...]:
    """Publishes one snapshot with the notices of all files that can be read, and tells what became of each, in the order given.

    ``source`` is the address that the one file was taken from; with it the file is read again even where it is known.
    ``scheduler`` is the address of a Dask cluster whose workers build what processes here would; raises ClusterError where they cannot.
    """
    known = knowledge()
    done: dict[int, Outcome] = {}

    def tell(place: int, outcome: Outcome) -> None:
        done[place] = outcome
        notify(len(done), len(paths), outcome)

    with _spool(snapshots.folder, dry_run=dry_run) as spool:
        todo: list[_Job] = []
        skipped = held(snapshots, known)
        for place, path in enumerate(paths):
            digest = _digest(path, limits)
            entry = spool.entry(digest) if digest is not None else None
            if source is not None:
                todo.append(_Job(place, path, digest, source))
            elif digest in skipped:
                tell(place, Outcome(path, unchanged=True))
            elif entry is not None:
                tell(place, Outcome(path, entry.about, resumed=True))
            else:
                todo.append(_Job(place, path, digest))
        made = _elsewhere(todo, spool, limits, scheduler) if scheduler else _built(todo, spool, known, limits, processes)
        for job, outcome in made:
            tell(job.place, outcome)
        outcomes = tuple(_last([done[place] for place in range(len(paths))]))
        entries = [SpoolEntry(spool.folder / o.about.sha256, o.about) for o in outcomes if o.about is not None and o.superseded is None]
        if entries and not dry_run:
            publish(entries, snapshots, known)
    return outcomes


@contextmanager
def _spool(data: Path, *, dry_run: bool) -> Iterator[Spool]:
    """The spool of the data folder, or for a dry run one that is gone afterwards."""
    version = program()
    if dry_run:
        with TemporaryDirectory() as folder, spooling(Path(folder), version) as spool:
            yield spool
    else:
        with spooling(data, version) as spool:
            yield spool


def _digest(path: Path, limits: ReadLimits) -> str | None:
    """The SHA-256 of a file, or None where reading it will say why there is none."""
    try:
        if not path.is_file():
            return sha256(content(path, limits)).hexdigest()
        if path.stat().st_size > limits.bytes:
            return None
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, IngestError):
        return None


def _last(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """The outcomes, each but the last of those with one key marked as superseded by it."""
    latest = {outcome.about.key: outcome.path for outcome in outcomes if outcome.about is not None}
    places = {outcome.about.key: place for place, outcome in enumerate(outcomes) if outcome.about is not None}
    for place, outcome in enumerate(outcomes):
        key = outcome.about.key if outcome.about is not None else None
        yield outcome if key is None or places[key] == place else replace(outcome, superseded=latest[key])


def _built(jobs: Sequence[_Job], spool: Spool, known: Knowledge, limits: ReadLimits, processes: int) -> Iterator[tuple[_Job, Outcome]]:
    """Each file built and spooled, in whatever order they are done."""
    if len(jobs) <= _FEW or processes < 2:
        for job in jobs:
            yield job, _build(job, spool, known, limits)
        return
    rest = list(reversed(jobs))
    while rest:
        lost: list[_Job] = []
        yield from _pooled(rest, lost, spool, limits, min(processes, len(rest)))
        for job in lost:
            yield job, _alone(job, spool, limits)


def _pooled(rest: list[_Job], lost: list[_Job], spool: Spool, limits: ReadLimits, processes: int) -> Iterator[tuple[_Job, Outcome]]:
    """Takes jobs from the end of ``rest``; where a process of the pool dies, what was under way goes to ``lost``."""
    with _pool(processes) as pool:
        under_way: dict[Future[Outcome], _Job] = {}
        try:
            while rest or under_way:
                while rest and len(under_way) < _AHEAD * processes:
                    job = rest.pop()
                    under_way[pool.submit(_build_there, job, spool, limits)] = job
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    yield under_way[future], future.result()
                    del under_way[future]
        except BrokenProcessPool:
            lost.extend(under_way.values())


def _alone(job: _Job, spool: Spool, limits: ReadLimits) -> Outcome:
    """The outcome of a file that was under way when a process died, built in a process of its own."""
    with _pool(1) as pool:
        try:
            return pool.submit(_build_there, job, spool, limits).result()
        except BrokenProcessPool:
            return Outcome(
                job.path,
                failure=ReaderFaultError(named(job.path), "读它的进程被系统结束", "the process that read it was ended by the system"),
            )


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """A process of the pool leaves interrupts to its parent and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@cache
def _knowledge() -> Knowledge:
    """The knowledge of a process of the pool; it stays, so the garbage collector need not look through it again and again."""
    known = knowledge()
    gc.freeze()
    return known


def _build_there(job: _Job, spool: Spool, limits: ReadLimits) -> Outcome:
    return _build(job, spool, _knowledge(), limits)


def _build(job: _Job, spool: Spool, known: Knowledge, limits: ReadLimits) -> Outcome:
    made = summarised(named(job.path), lambda: content(job.path, limits), known, limits, job.source)
    if isinstance(made, ZhengceError):
        return Outcome(job.path, failure=made)
    with _keeping():
        spool.keep(*made)
    return Outcome(job.path, made[0])


@contextmanager
def _keeping() -> Iterator[None]:
    """What cannot be kept now is no fault of the file, and can be kept of no other file either."""
    try:
        yield
    except OSError as error:
        raise MachineError.of(error) from error


def _elsewhere(jobs: Sequence[_Job], spool: Spool, limits: ReadLimits, scheduler: str) -> Iterator[tuple[_Job, Outcome]]:
    """Each file built by a worker of a cluster and spooled here."""
    from api.publication.cluster import built_on

    by_place = {job.place: job for job in jobs}
    digests: dict[int, str] = {}
    unread: list[tuple[_Job, Outcome]] = []

    def parcels() -> Iterator[Parcel]:
        for job in jobs:
            try:
                data = content(job.path, limits)
            except IngestError as error:
                unread.append((job, Outcome(job.path, failure=error)))
                continue
            digests[job.place] = sha256(data).hexdigest()
            yield Parcel(job.place, named(job.path), data, job.source)

    for place, made in built_on(scheduler, parcels(), limits) if jobs else ():
        job = by_place[place]
        if isinstance(made, ZhengceError):
            yield job, Outcome(job.path, failure=made)
            continue
        with _keeping():
            entry = spool.take(digests.pop(place), made)
        yield job, Outcome(job.path, entry.about) if entry else _build(job, spool, _knowledge(), limits)
    yield from unread
