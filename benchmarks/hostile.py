"""Eight clients with catalogue queries, alone and beside eight hostile ones, turned into how much later they are answered, and how rightly.

python -m benchmarks.hostile --data FOLDER [--seconds 20]: prints p95 of the catalogue queries undisturbed and disturbed, wrong answers,
what became of the hostile queries, which processes ended, and the memory of the service by kinds of process: before, once its caches are
filled, at the end of the hostile phase and after some idle seconds, with the bytes of the answers that it keeps.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from urllib.parse import quote

from benchmarks.servers import Server, generations, pss, running
from graph.store.snapshot import Snapshots
from queries import catalogue

CLIENTS = 8
GENERATIONS = ("server", "seed", "holder", "worker")
"""The processes of a service: each generation is forked by the one before."""
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "SELECT DISTINCT ?a ?f { ?a ?b ?c . ?d ?e ?f }",
    "SELECT (COUNT(*) AS ?n) { ?a (<x:>|!<x:>)* ?b . ?b (<x:>|!<x:>)* ?c }",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "ASK { FILTER(" + "!" * 100_000 + "true) }",
)
"""Each takes all the time, all the memory or all the stack that there is."""
_NUMBERS = count()


@dataclass(slots=True)
class Asked:
    """What the clients of one kind saw."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0

    @property
    def p95(self) -> float:
        """In milliseconds."""
        return statistics.quantiles(self.seconds, n=20)[-1] * 1000


def questions() -> dict[str, str]:
    """Every query of the catalogue as it stands, with its sample."""
    return {name: query.text for name, query in sorted(catalogue().items())}


def answers(server: Server) -> dict[str, bytes]:
    """What each question is answered when nobody disturbs."""
    return {name: _ask(server, text)[1] for name, text in questions().items()}


def ask_for(server: Server, seconds: float, right: dict[str, bytes], asked: Asked, start: int) -> None:
    """One client with the questions of the catalogue, each under a text that was never asked before."""
    names = list(questions().items())
    order = cycle(names[start:] + names[:start])
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        name, text = next(order)
        began = time.perf_counter()
        status, body = _ask(server, f"{text}\n# {next(_NUMBERS)}")
        asked.seconds.append(time.perf_counter() - began)
        asked.statuses[status] += 1
        asked.wrong += status == 200 and body != right[name]


def attack_for(server: Server, seconds: float, asked: Asked, start: int) -> None:
    """One hostile client."""
    order = cycle(HOSTILE[start % len(HOSTILE) :] + HOSTILE[: start % len(HOSTILE)])
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        asked.statuses[_ask(server, f"{next(order)} # {next(_NUMBERS)}")[0]] += 1


def together(server: Server, seconds: float, right: dict[str, bytes], hostile: int) -> tuple[Asked, Asked]:
    """All clients at once."""
    good, bad = Asked(), Asked()
    threads = [threading.Thread(target=ask_for, args=(server, seconds, right, good, 11 * n)) for n in range(CLIENTS)]
    threads += [threading.Thread(target=attack_for, args=(server, seconds, bad, n)) for n in range(hostile)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return good, bad


def _ask(server: Server, text: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/csv, application/n-triples;q=0.9"}
    try:
        connection.request("POST", server.path, f"query={quote(text, safe='')}", headers)
        response = connection.getresponse()
        return response.status, b"\n".join(sorted(response.read().splitlines()))
    except http.client.IncompleteRead:
        return 0, b""
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Memory:
    """What a service holds at one moment: megabytes by kind of process, how many processes there are, and what its caches count."""

    when: str
    held: Mapping[str, float]
    processes: Counter[str]
    cached: float

    def __str__(self) -> str:
        kinds = ", ".join(f"{self.processes[kind]} {kind} {self.held[kind]:.0f}" for kind in GENERATIONS if self.processes[kind])
        return f"{self.when}: {sum(self.held.values()):.0f} MB ({kinds}; answers kept {self.cached:.1f})"


def memory(server: Server, when: str) -> Memory:
    """Looks once."""
    held, processes = defaultdict[str, float](float), Counter[str]()
    for pid, generation in generations(server.process.pid):
        held[GENERATIONS[generation]] += pss(pid) / 1024
        processes[GENERATIONS[generation]] += 1
    return Memory(when, held, processes, figure(server, "zhengce_cache_bytes") / 2**20)


def figure(server: Server, name: str) -> float:
    """One of the figures of ``/metrics``."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


class Watch(threading.Thread):
    """Notes every process of a server that it sees, and which of them are no more when it is told to stop."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._pid = server.process.pid
        self._over = threading.Event()
        self._seen: dict[int, int] = {}
        self.started = Counter[str]()
        self.ended = Counter[str]()

    def run(self) -> None:
        """Looks ten times a second."""
        while not self._over.wait(0.1):
            self._seen |= dict(generations(self._pid))

    def stop(self) -> None:
        """Counts."""
        self._over.set()
        self.join()
        alive = dict(generations(self._pid))
        self._seen |= alive
        self.started = Counter(GENERATIONS[generation] for generation in self._seen.values())
        self.ended = Counter(GENERATIONS[generation] for pid, generation in self._seen.items() if pid not in alive)


def main() -> None:
    """Prints what was seen; exit 1 where an answer was wrong or another process than a worker ended."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--idle", type=float, default=10, help="seconds between the end of the hostile phase and the last look at the memory"
    )
    given = parser.parse_args()
    current = Snapshots(given.data).current()
    assert current is not None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running("ours", given.data, current.path, folder, query_seconds="5"))
        watch = Watch(server)
        watch.start()
        right = answers(server)
        looks = [memory(server, "before")]
        alone, _ = together(server, given.seconds, right, 0)
        looks.append(memory(server, "after the undisturbed phase"))
        disturbed, bad = together(server, given.seconds, right, CLIENTS)
        looks.append(memory(server, "at the end of the hostile phase"))
        time.sleep(given.idle)
        looks.append(memory(server, f"{given.idle:.0f} s later"))
        watch.stop()
    print(f"{current.quads:,} quads, {len(right)} questions of the catalogue\n")
    for name, asked in (("undisturbed", alone), ("beside 8 hostile clients", disturbed)):
        print(f"{name}: {len(asked.seconds)} answers, median {statistics.median(asked.seconds) * 1000:.1f} ms, p95 {asked.p95:.1f} ms,")
        print(f"  statuses {dict(asked.statuses)}, wrong answers {asked.wrong}")
    print(f"hostile queries by status (0: cut off): {dict(bad.statuses)}")
    print(*(f"memory {look}" for look in looks), sep="\n")
    others = {kind: watch.ended[kind] for kind in GENERATIONS[:-1]}
    print(f"processes: {watch.started['worker']} workers seen, {watch.ended['worker']} of them ended; others ended: {others}")
    sys.exit(bool(alone.wrong or disturbed.wrong or any(others.values())))


if __name__ == "__main__":
    main()
