"""Generated notices -> how fast they are ingested, with how much memory, and what a killed run costs.

python -m benchmarks.corpus [--notices 1000] [--tasks 20] [--processes 2] [--kill 0.5]

The run is killed when the given part of the files is built, and started again; the second run must find that part done. Memory is that of
the whole tree of processes, each sample the sum of what each holds of its own (PSS), and is printed for each tenth of the way.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import write
from graph.snapshot import Snapshots


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

    @property
    def peak(self) -> float:
        """The most memory that was held."""
        return max((sample.megabytes for sample in self.samples), default=0.0)


def watch(folder: Path, data: Path, processes: int, stop_at: int | None = None) -> Run:
    """Ingests a folder; kills the run when so many files are built."""
    command = [sys.executable, "-c", "from api.cli import main; main()", "ingest", str(folder), "--data", str(data)]
    started, used = time.monotonic(), _processor()
    run = subprocess.Popen([*command, "--processes", str(processes)], stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    samples: list[Sample] = []
    while run.poll() is None:
        built = _built(data)
        samples.append(Sample(time.monotonic() - started, built, _megabytes(run.pid)))
        if stop_at is not None and built >= stop_at:
            run.kill()
            run.wait()
            break
        time.sleep(0.25)
    return Run(time.monotonic() - started, _processor() - used, tuple(samples), run.returncode)


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _built(data: Path) -> int:
    return sum(1 for path in (data / "spool").glob("*/*") if not path.name.startswith("new-"))


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


def _curve(samples: Sequence[Sample], count: int) -> str:
    """The memory at each tenth of the files, and the most of all."""
    reached = [next((s for s in samples if s.built >= count * tenth / 10), None) for tenth in range(1, 11)]
    parts = [f"{tenth * 10} % {sample.megabytes:.0f}" for tenth, sample in enumerate(reached, start=1) if sample is not None]
    return ", ".join(parts) + f"; most {max(sample.megabytes for sample in samples):.0f} MB"


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--notices", type=int, default=1000)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--kill", type=float, default=0.5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, data = Path(scratch) / "files", Path(scratch) / "data"
        characters = sum(path.stat().st_size for path in write(folder, given.notices, tasks=given.tasks))
        print(f"{given.notices:,} notices of {given.tasks} tasks, {characters / 2**20:.1f} MB, {given.processes} processes")
        first = watch(folder, data, given.processes, int(given.notices * given.kill) if given.kill else None)
        kept = _built(data)
        if given.kill:
            print(f"killed after {first.seconds:.1f} s with {kept:,} built")
        rest = watch(folder, data, given.processes) if given.kill else first
        current = Snapshots(data).current()
        built = given.notices - (kept if given.kill else 0)
        if current is None or rest.code != 0:
            raise SystemExit("the run did not come to its end")
        reached = next((s for s in rest.samples if s.built == given.notices), rest.samples[-1])
        print(f"{built:,} built in {reached.seconds:.1f} s: {built / reached.seconds:.2f} notices a second")
        print(f"{rest.processor / built:.3f} s of the processor for each, publication and all")
        print(f"published {current.quads:,} quads {rest.seconds - reached.seconds:.1f} s later")
        print(f"memory: {_curve(rest.samples, given.notices)}")
        again = watch(folder, data, given.processes)
        print(f"again, all unchanged: {again.seconds:.1f} s")


if __name__ == "__main__":
    main()
