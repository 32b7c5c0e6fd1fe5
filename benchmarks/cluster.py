"""Generated notices -> how fast a Dask cluster on this machine ingests them beside the pool, with a worker killed in the middle as well.

python -m benchmarks.cluster [--notices 500] [--tasks 20] [--workers 2] [--folder SCRATCH]

Three runs over the same files, each into an empty data folder: the pool of processes, a cluster of as many workers with one thread each,
and such a cluster of which one worker is killed when a third of the files are done. The three must publish the same number of notices
and of quads, or this fails.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from distributed import Client, LocalCluster
from pyoxigraph import NamedNode, Store

from api.publication.corpus import Outcome, ingest
from benchmarks.generate import write
from graph.store.snapshot import Snapshots
from ontology.names import GRAPH


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run."""

    built: float
    """Seconds until the last file was built,"""
    all: float
    """and until all was published."""
    notices: int
    quads: int


def timed(files: Sequence[Path], data: Path, notify: Callable[[int], None] = lambda done: None, **means: object) -> Run:
    """One run into a data folder."""
    begun = time.monotonic()
    last = begun

    def told(done: int, of: int, outcome: Outcome) -> None:
        nonlocal last
        if outcome.failure is not None:
            raise SystemExit(str(outcome.failure))
        last = time.monotonic()
        notify(done)

    snapshots = Snapshots(data)
    ingest(files, snapshots, notify=told, **means)  # type: ignore[arg-type]
    current = snapshots.current()
    assert current is not None
    graphs = [graph for graph in Store.read_only(str(current.path)).named_graphs() if isinstance(graph, NamedNode)]
    notices = sum(graph.value.startswith(GRAPH["notice/"].value) for graph in graphs)
    return Run(last - begun, time.monotonic() - begun, notices, current.quads)


def on_cluster(files: Sequence[Path], data: Path, workers: int, *, kill: bool) -> Run:
    """One run by a cluster, of which a worker is killed when a third is done."""
    where = "127.0.0.1"
    with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=f"{where}:0", host=where) as cluster:
        with Client(cluster.scheduler_address, set_as_default=False) as client:
            pids = list(client.run(os.getpid).values())

        def killing(done: int) -> None:
            if kill and done == len(files) // 3:
                os.kill(pids[0], signal.SIGKILL)

        return timed(files, data, killing, scheduler=cluster.scheduler_address)


def processor() -> float:
    """Seconds of the processor that this process and all that it began and that ended have used; of a killed worker not its builder's."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--notices", type=int, default=500)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the files and the stores go for the time of the run")
    given = parser.parse_args()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        files = list(write(Path(scratch) / "files", given.notices, tasks=given.tasks))
        print(f"{len(files):,} notices of {given.tasks} tasks, {given.workers} workers, load {os.getloadavg()[0]:.1f}", flush=True)
        runs: list[Run] = []
        ways: tuple[tuple[str, Callable[[Path], Run]], ...] = (
            ("pool", lambda data: timed(files, data, processes=given.workers)),
            ("cluster", lambda data: on_cluster(files, data, given.workers, kill=False)),
            ("cluster, one worker killed", lambda data: on_cluster(files, data, given.workers, kill=True)),
        )
        for name, run in ways:
            used = processor()
            made = run(Path(scratch) / name)
            used = processor() - used
            runs.append(made)
            print(
                f"{name}: built in {made.built:.1f} s ({len(files) / made.built:.2f} a second), published after {made.all:.1f} s;"
                f" {used:.0f} s of the processor; {made.notices:,} notices, {made.quads:,} quads, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
        if len({(made.notices, made.quads) for made in runs}) != 1 or runs[0].notices != len(files):
            raise SystemExit("the runs did not publish the same")


if __name__ == "__main__":
    main()
