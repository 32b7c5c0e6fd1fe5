"""A service that takes writes, and ingests beside it, killed at random moments and turned into a count of what that broke.

Clients send updates and graphs to ``zhengce serve`` all the time. By turns SIGKILL ends the server's ``writer``, the ``server`` alone
(which leaves its writer without a master), its whole ``tree`` of processes, or a ``zhengce ingest`` that writes beside it (``command``).
Then, with the server started again where it was killed, every snapshot that is kept must be whole, every write that was acknowledged
must be there, and any other wholly or not at all.
"""

from __future__ import annotations

import fcntl
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from benchmarks import generate
from benchmarks.servers import Server, running, tree
from graph.errors import StoreError
from graph.store.snapshot import Snapshot, Snapshots
from ontology import terms
from ontology.names import GRAPH, Namespace

KINDS = ("writer", "server", "tree", "command")
KEEP = 3
CLIENTS = 3
TOKEN = "kill"
_SPACE = "http://example.org/write/"
_PART = NamedNode("http://example.org/part")
_PARTS = 12
"""Triples of one write; an update spreads them over two graphs."""
_NOTICE = ("notice", "inferred", "readings", "provenance")


@dataclass(slots=True)
class Served:
    """What a number of deaths left behind, and what was going on when they came."""

    kills: dict[str, int] = field(default_factory=dict)
    acknowledged: int = 0
    cut: int = 0
    """Writes whose clients got no answer, or another than yes."""
    stood: int = 0
    """Those of them that are there nevertheless, wholly."""
    ingested: int = 0
    snapshots: int = 0
    corrupt: int = 0
    """Snapshots that do not open, or do not hold what they say, or a part of a write or of a notice."""
    lost: int = 0
    """Snapshots that were published and are gone though they should be kept."""
    lost_writes: int = 0
    """Writes that were acknowledged, or seen, and are not there."""

    @property
    def failed(self) -> bool:
        """Whether anything broke."""
        return bool(self.corrupt or self.lost or self.lost_writes)


@dataclass(slots=True)
class Told:
    """What clients and ingests know: each write that was acknowledged with its snapshot; the others; files by digest."""

    acknowledged: dict[int, int] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    seen_files: set[str] = field(default_factory=set)
    published: set[int] = field(default_factory=set)


def run(folder: Path, times: int, seed: int, kinds: tuple[str, ...] = KINDS) -> Served:
    """Kills so many processes and looks each time. The seed decides the moments."""
    moments, found, told, numbers = random.Random(seed), Served(), Told(), count(1)
    data = folder / "data"
    notices = generate.write(folder / "notices", times + 1, seed=seed % 1000, tasks=3)
    with ExitStack() as stack:
        server = stack.enter_context(_server(data, folder, 0))
        pace = _pace(data, next(notices))
        for turn in range(times):
            kind = kinds[turn % len(kinds)]
            stop = threading.Event()
            clients = [threading.Thread(target=_client, args=(server, told, numbers, stop)) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            if kind == "command":
                _kill_ingest(data, next(notices), moments.uniform(0.3, 1.5) * pace, told)
            else:
                _kill_server(server, kind, moments.random())
            stop.set()
            for client in clients:
                client.join()
            found.kills[kind] = found.kills.get(kind, 0) + 1
            if kind in ("server", "tree"):
                stack.close()
                server = stack.enter_context(_server(data, folder, turn))
            look(data, told, found)
    found.acknowledged, found.cut, found.stood = len(told.acknowledged), len(told.cut), len(told.cut & told.seen)
    found.ingested, found.snapshots = len(told.seen_files), max(told.published, default=0)
    return found


@contextmanager
def _server(data: Path, folder: Path, turn: int) -> Iterator[Server]:
    """Half of the servers read from disk: they take more writes in the same time."""
    store = "auto" if turn % 4 == 1 else "disk"
    with running("ours", data, data, folder, token=TOKEN, keep_snapshots=str(KEEP), store=store) as server:
        yield server


def _client(server: Server, told: Told, numbers: Iterator[int], stop: threading.Event) -> None:
    """One write after another until it is told to stop."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    while not stop.is_set():
        number = next(numbers)
        method, path, body, kind = _write(number)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        try:
            connection.request(method, path, body.encode(), headers)
            with connection.getresponse() as response:
                response.read()
                snapshot = int(response.headers["Zhengce-Snapshot"]) if response.status < 300 else 0
        except (OSError, http.client.HTTPException):
            snapshot = 0
            connection.close()
            stop.wait(0.02)
        if snapshot:
            told.acknowledged[number] = snapshot
        else:
            told.cut.add(number)
    connection.close()


def _write(number: int) -> tuple[str, str, str, str]:
    """Method, address, body and type of a write: by turns an update of two graphs, triples for a graph, a graph of its own."""
    half = [f"<{_SPACE}{number}> {_PART} {part} ." for part in range(_PARTS)]
    if number % 3 == 0:
        graphs = (f"GRAPH <{_SPACE}{side}> {{ {' '.join(half[side::2])} }}" for side in (0, 1))
        return "POST", "/update", f"INSERT DATA {{ {' '.join(graphs)} }}", "application/sparql-update"
    if number % 3 == 1:
        return "POST", f"/store?graph={_SPACE}posted", "\n".join(half), "text/turtle"
    return "PUT", f"/store?graph={_SPACE}put/{number}", "\n".join(half), "text/turtle"


def _kill_server(server: Server, kind: str, moment: float) -> None:
    """Kills some while after the writer is there, so that it is at something."""
    end = time.monotonic() + 20
    while not _writers(server):
        if time.monotonic() > end:
            raise RuntimeError("nobody writes")
        time.sleep(0.01)
    time.sleep(moment)
    doomed = {"writer": _writers(server), "server": [server.process.pid], "tree": list(tree(server.process.pid))}[kind]
    for pid in doomed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _writers(server: Server) -> list[int]:
    return [pid for pid in tree(server.process.pid) if b"graph.update.process" in _command(pid)]


def _command(pid: int) -> bytes:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _ingest(data: Path, notice: Path) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).parent / "zhengce"), "ingest", str(notice), "--data", str(data)]
    environment = {**os.environ, "ZHENGCE_KEEP_SNAPSHOTS": str(KEEP)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def _kill_ingest(data: Path, notice: Path, seconds: float, told: Told) -> None:
    """Kills an ingest, where it has not come to its end by then, and then the file counts as told."""
    process = _ingest(data, notice)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        status = process.wait()
    if status == 0:
        told.files.add(sha256(notice.read_bytes()).hexdigest())


def _pace(data: Path, notice: Path) -> float:
    """The seconds that an ingest takes here and now."""
    began = time.monotonic()
    if _ingest(data, notice).wait():
        raise RuntimeError(f"{notice} was not ingested")
    return time.monotonic() - began


def look(data: Path, told: Told, found: Served) -> None:
    """Compares what is there with what was told, while nobody else writes."""
    with (data / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            history = Snapshots(data, KEEP).history()
        except StoreError:
            found.corrupt += 1
            return
        found.corrupt += sum(not _whole(snapshot) for snapshot in history)
        numbers = {snapshot.number for snapshot in history}
        known = told.published | set(told.acknowledged.values())
        # A snapshot may be gone where as many younger ones are there as are kept.
        found.lost += sum(number not in numbers and sum(other > number for other in numbers) < KEEP for number in known)
        current = Snapshots(data, KEEP).current()
        found.lost += current is None or current.number < max(known, default=0)
        told.published |= numbers
        if current is not None:
            writes, files = _held(current.path)
            found.lost_writes += len((set(told.acknowledged) | told.seen) - writes) + len((told.files | told.seen_files) - files)
            told.seen |= writes
            told.seen_files |= files


def _whole(snapshot: Snapshot) -> bool:
    """Whether the store opens, its quads can be read and are as many as it says, and no write and no notice is there in part."""
    try:
        store = Store.read_only(str(snapshot.path))
        quads = sum(1 for _ in store)
        graphs = {graph for graph in store.named_graphs() if isinstance(graph, NamedNode)}
    except OSError:
        return False
    parts: dict[object, int] = {}
    for quad in store.quads_for_pattern(None, _PART, None):
        parts[quad.subject] = parts.get(quad.subject, 0) + 1
    keys = [{Namespace(GRAPH + f"{part}/").local(graph) for graph in graphs} - {"vocabulary", ""} for part in _NOTICE]
    return quads == snapshot.quads and set(parts.values()) <= {_PARTS} and all(each == keys[0] for each in keys)


def _held(path: Path) -> tuple[set[int], set[str]]:
    """The numbers of the writes and the digests of the files that a snapshot holds."""
    try:
        store = Store.read_only(str(path))
    except OSError:
        return set(), set()
    writes = {int(_subject(quad).removeprefix(_SPACE)) for quad in store.quads_for_pattern(None, _PART, None)}
    digests = (quad.object for quad in store.quads_for_pattern(None, terms.sha256, None))
    return writes, {digest.value for digest in digests if isinstance(digest, Literal)}


def _subject(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else ""
