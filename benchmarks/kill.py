"""Writers that are killed at random moments, turned into a count of what they broke: nothing, or the run fails.

``python -m benchmarks.kill --times 200`` lets a process write one snapshot after another, by turns through an update, graphs sent whole
and the ingest of a new notice, kills it with SIGKILL at a random moment, and then looks: the snapshot served must be the last one
that the process said it had published or the one it was at, whole and readable, and so must all the others that are kept.
Most of the deaths are those of a running service and of ``zhengce ingest`` beside it, see ``benchmarks/kill_served.py``.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from benchmarks import kill_served
from graph.store.snapshot import Draft, Snapshots
from ontology.names import GRAPH, Namespace

ROOT = Path(__file__).resolve().parents[1]
GRAPHS = tuple(NamedNode(f"http://example.org/graph/{name}") for name in "ab")
KINDS = ("draft", "update", "ingest")
_PARTS = ("notice", "inferred", "readings", "provenance")
NUMBER = NamedNode("http://example.org/number")
TRIPLES = 300


@dataclass(frozen=True, slots=True)
class Found:
    """What a number of deaths left behind."""

    kills: int
    snapshots: int
    corrupt: int
    lost: int
    foreign: int
    """Remains of a writer that stood in the way of the next."""


def run(folder: Path, times: int, seed: int, kinds: tuple[str, ...]) -> Found:
    """Kills that many writers and looks each time. The seed decides the moments."""
    moments = random.Random(seed)
    corrupt = lost = foreign = 0
    longest = 2 * _pace(folder, kinds)
    begun = Snapshots(folder).current()
    said = begun.number if begun else 0
    for _ in range(times):
        process = _writer(folder, kinds)
        last, refused = _killed(process, moments.random() * longest)
        said = max(said, last)
        foreign += refused
        snapshots = Snapshots(folder)
        current = snapshots.current()
        number = current.number if current else 0
        lost += not said <= number <= said + 1
        corrupt += sum(not whole(snapshot.path) for snapshot in snapshots.history())
        said = max(said, number)
    return Found(times, said, corrupt, lost, foreign)


def whole(path: Path) -> bool:
    """Whether the store opens and holds all that one writer wrote at once: the same number that many times, all the graphs of a notice."""
    try:
        store = Store.read_only(str(path))
        held = [{quad.object for quad in store.quads_for_pattern(None, NUMBER, None, graph)} for graph in GRAPHS]
        counts = [sum(1 for _ in store.quads_for_pattern(None, None, None, graph)) for graph in GRAPHS]
        every = sum(1 for _ in store) == len(store)
        keys = [{Namespace(GRAPH + f"{part}/").local(graph) for graph in store.named_graphs()} for part in _PARTS]
    except OSError:
        return False
    complete = all(each - {"vocabulary"} == keys[0] for each in keys)
    return every and complete and held[0] == held[1] and len(held[0]) == 1 and counts == [TRIPLES, TRIPLES]


def write(folder: Path, kinds: tuple[str, ...]) -> None:
    """Publishes for ever, and says the number of each snapshot once it is published."""
    snapshots = Snapshots(folder)
    ways: dict[str, Callable[[Snapshots, int], int]] = {"draft": _draft, "update": _update, "ingest": _ingest}
    print("ready", flush=True)
    first = random.randrange(len(kinds))
    for value, kind in zip(count(random.randrange(1 << 30)), cycle(kinds[first:] + kinds[:first]), strict=False):
        print(ways[kind](snapshots, value), flush=True)


def _quads(value: int) -> Iterator[Quad]:
    for graph in GRAPHS:
        for thing in range(TRIPLES):
            yield Quad(NamedNode(f"http://example.org/thing/{thing}"), NUMBER, Literal(value), graph)


def _fill(draft: Draft, value: int) -> None:
    for graph in GRAPHS:
        draft.store.clear_graph(graph)
    draft.add(_quads(value))


def _draft(snapshots: Snapshots, value: int) -> int:
    with snapshots.draft() as draft:
        _fill(draft, value)
    return draft.number


def _update(snapshots: Snapshots, value: int) -> int:
    from graph.update.apply import Update, write

    if snapshots.current() is None:
        return _draft(snapshots, value)
    named = " ".join(f"GRAPH {graph} {{ ?s {NUMBER} ?{name} }}" for graph, name in zip(GRAPHS, "ab", strict=True))
    filled = " ".join(f"GRAPH {graph} {{ ?s {NUMBER} {value} }}" for graph in GRAPHS)
    text = f"DELETE {{ {named} }} INSERT {{ {filled} }} WHERE {{ {named} }}"
    return write(snapshots, Update(text, "http://example.org/"), lambda *_: ()).snapshot


def _ingest(snapshots: Snapshots, value: int) -> int:
    from api.publication.corpus import ingest
    from benchmarks import generate

    if snapshots.current() is None:
        return _draft(snapshots, value)
    with tempfile.TemporaryDirectory() as folder:
        (outcome,) = ingest(list(generate.write(Path(folder), 1, seed=value, tasks=3)), snapshots)
    current = snapshots.current()
    assert outcome.about is not None
    assert current is not None
    return current.number


def _writer(folder: Path, kinds: tuple[str, ...]) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "benchmarks.kill", "--write", str(folder), "--kinds", *kinds]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _pace(folder: Path, kinds: tuple[str, ...]) -> float:
    """The seconds that a change takes here and now, so that the moments of death are spread over the whole of one and around it."""
    process = _writer(folder, kinds)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.readline()
    began = time.monotonic()
    for _ in kinds:
        process.stdout.readline()
    seconds = time.monotonic() - began
    process.kill()
    process.communicate()
    return seconds / len(kinds)


def _killed(process: subprocess.Popen[str], seconds: float) -> tuple[int, bool]:
    """The last snapshot that the process said it had published before it died, and whether it had failed by itself."""
    assert process.stdout is not None
    assert process.stderr is not None
    ready = process.stdout.readline()
    select.select([], [], [], seconds)
    failed = process.poll() is not None or not ready
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    said, complaint = process.communicate()
    if failed:
        print(complaint, file=sys.stderr)
    numbers = [int(line) for line in said.splitlines() if line.isdigit()]
    return max(numbers, default=0), failed


def main() -> None:
    """Prints kills, what was published meanwhile, corrupt stores, lost snapshots and writes; exit 1 where one of the three is not 0."""
    kinds = (*kill_served.KINDS, *KINDS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill", description=main.__doc__)
    parser.add_argument("--times", type=int, default=200, help="kills in all")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--kinds", nargs="+", default=kinds, choices=kinds, help="who is killed: a server or its writer, or a writer alone")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    alone = tuple(kind for kind in KINDS if kind in given.kinds)
    served = tuple(kind for kind in kill_served.KINDS if kind in given.kinds)
    if given.write:
        write(given.write, alone)
    # The three ways to write without a server count as one.
    times = given.times if not served else math.ceil(given.times / (len(served) + 1)) if alone else 0
    print(f"seed {given.seed}")
    failed = (_report_alone(times, given.seed, alone) if alone else False) | (
        _report_served(given.times - times, given.seed, served) if served else False
    )
    sys.exit(failed)


def _report_alone(times: int, seed: int, kinds: tuple[str, ...]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), times, seed, kinds)
    print(f"writers alone ({', '.join(kinds)}): {found.kills} kills, {found.snapshots} snapshots;")
    print(f"  {found.corrupt} corrupt stores, {found.lost} lost snapshots", flush=True)
    return bool(found.corrupt or found.lost or found.foreign)


def _report_served(times: int, seed: int, kinds: tuple[str, ...]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        found = kill_served.run(Path(folder), times, seed, kinds)
    mixture = ", ".join(f"{number} {kind}" for kind, number in found.kills.items())
    print(
        f"a running service: {sum(found.kills.values())} kills ({mixture}), {found.snapshots} snapshots, {found.ingested} files ingested,"
    )
    print(f"  {found.acknowledged} writes acknowledged, {found.cut} not, of which {found.stood} stand wholly and the others not at all;")
    print(f"  {found.corrupt} corrupt stores, {found.lost} lost snapshots, {found.lost_writes} lost writes")
    return found.failed


if __name__ == "__main__":
    main()
