"""Generated notices -> how fast they are ingested, with how much memory, and what a killed run costs.

python -m benchmarks.corpus [--notices 1000] [--tasks 20] [--processes 2] [--kill 0.5] [--folder SCRATCH]

The run is killed when the given part of the files is built, and started again; the second run must build only the others, as
the times in their provenance say, or this fails. Memory is that of the whole tree of processes, each sample the sum of what each holds of
its own (PSS), and is printed for each tenth of the way and for publication.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Literal, Store

from benchmarks.generate import write
from graph.store.snapshot import Snapshots
from ontology.names import PROV

_EACH = 1.0
"""Seconds between two samples, which take some 30 ms of a processor that the run could use."""
_PAUSE = 1.0
"""Seconds until the processes of a killed run are gone, and between what a first and a second run say of when they read a file."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The state of a run: seconds since it began, files built, megabytes held."""

    seconds: float
    built: int
    megabytes: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ``zhengce ingest`` as it was watched."""

    seconds: float
    processor: float
    """Seconds of the processor that all its processes used; 0 for one that was killed."""
    samples: tuple[Sample, ...]
    code: int | None


def watch(folder: Path, data: Path, processes: int, stop_at: int | None = None) -> Run:
    """Ingests a folder; kills the run when so many files are built."""
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "ingest", str(folder), "--data", str(data)]
    started, used = time.monotonic(), _processor()
    samples: list[Sample] = []
    run = subprocess.Popen([*command, "--processes", str(processes)], stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    while run.poll() is None:
        built = len(_built(data))
        samples.append(Sample(time.monotonic() - started, built, _megabytes(run.pid)))
        if stop_at is not None and built >= stop_at:
            run.kill()
            run.wait()
            break
        time.sleep(_EACH)
    return Run(time.monotonic() - started, _processor() - used, tuple(samples), run.returncode)


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _built(data: Path) -> frozenset[str]:
    """The names of what is in the spool."""
    try:
        versions = [entry.path for entry in os.scandir(data / "spool") if entry.is_dir()]
        return frozenset(name for version in versions for name in os.listdir(version) if not name.startswith("new-"))
    except FileNotFoundError:
        return frozenset()


def _megabytes(leader: int) -> float:
    """What a process and all that it began hold."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(folder.name))
    total, waiting = 0, [leader]
    while waiting:
        pid = waiting.pop()
        waiting.extend(children.get(pid, []))
        total += _kilobytes(pid)
    return total / 1024


def _kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _curve(samples: Sequence[Sample], kept: int, count: int) -> str:
    """The memory at each tenth of the way from the files that were built before to all."""
    reached = [next((s for s in samples if s.built >= kept + (count - kept) * tenth / 10), None) for tenth in range(1, 11)]
    return ", ".join(f"{tenth * 10} % {sample.megabytes:.0f}" for tenth, sample in enumerate(reached, start=1) if sample is not None)


def _most(samples: Sequence[Sample]) -> str:
    return f"{max((sample.megabytes for sample in samples), default=0.0):.0f} MB"


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _kept(folder: Path, data: Path, given: argparse.Namespace) -> int:
    """How many files a run that is killed leaves built."""
    if not given.kill:
        return 0
    run = watch(folder, data, given.processes, int(given.notices * given.kill))
    time.sleep(_PAUSE)
    kept = len(_built(data))
    print(f"killed after {run.seconds:.1f} s with {kept:,} built, memory at most {_most(run.samples)}", flush=True)
    return kept


def _measure(folder: Path, data: Path, given: argparse.Namespace) -> None:
    kept = _kept(folder, data, given)
    killed = datetime.now(UTC)
    time.sleep(_PAUSE)
    run = watch(folder, data, given.processes)
    current = Snapshots(data).current()
    if current is None or run.code != 0:
        raise SystemExit("the run did not come to its end")
    before, after = _read(current.path, killed)
    if (before, after) != (kept, given.notices - kept):
        raise SystemExit(f"of {kept:,} files built before, {before:,} were not built again; {after:,} were built after")
    print(f"the second run built the other {after:,} and none again" if kept else "not killed")
    ready = next((n for n, sample in enumerate(run.samples) if sample.built == given.notices), len(run.samples) - 1)
    building, publishing = run.samples[: ready + 1], run.samples[ready:]
    built_in = building[-1].seconds
    print(f"{after:,} built in {built_in:.1f} s: {after / built_in:.2f} notices a second")
    print(f"{run.processor / after:.3f} s of the processor for each, publication and all")
    print(f"memory while building: {_curve(building, kept, given.notices)}; most {_most(building)}")
    print(f"{current.quads:,} quads published in {run.seconds - built_in:.1f} s; memory at most {_most(publishing)}")
    print(f"on disk: {_bytes(current.folder) / 2**20:,.0f} MB, {_bytes(current.folder) / current.quads:.0f} bytes a quad")
    again = watch(folder, data, given.processes)
    print(f"again, all unchanged: {again.seconds:.1f} s, memory at most {_most(again.samples)}")


def _read(store: Path, moment: datetime) -> tuple[int, int]:
    """How many notices were read before a moment, and how many after, as their provenance says."""
    found = Store.read_only(str(store)).quads_for_pattern(None, PROV["generatedAtTime"], None, None)
    before = [datetime.fromisoformat(quad.object.value) <= moment for quad in found if isinstance(quad.object, Literal)]
    return sum(before), len(before) - sum(before)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--notices", type=int, default=1000)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--kill", type=float, default=0.5, help="the part that is built when the first run is killed; 0: it is not")
    parser.add_argument("--folder", type=Path, help="where the files and the store go for the time of the run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        folder, data = Path(scratch) / "files", Path(scratch) / "data"
        characters = sum(path.stat().st_size for path in write(folder, given.notices, tasks=given.tasks))
        print(f"{given.notices:,} notices of {given.tasks} tasks, {characters / 2**20:.1f} MB, {given.processes} processes", flush=True)
        _measure(folder, data, given)


if __name__ == "__main__":
    main()
