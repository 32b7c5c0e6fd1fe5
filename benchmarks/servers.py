"""The servers that are compared, each started over the same quads and turned into an address and a process tree."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.store.snapshot import Snapshot, Snapshots

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("ours", "oxigraph in memory", "oxigraph on disk", "rdflib-endpoint")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers queries, and its process."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    def megabytes(self) -> float:
        """What the server and its children hold, shared pages counted once (PSS)."""
        return sum(pss(pid) for pid in tree(self.process.pid)) / 1024


def small_snapshot(data: Path) -> Snapshot:
    """The snapshot of a new data folder that holds 500 things with a number each."""
    snapshots = Snapshots(data)
    with snapshots.draft() as draft:
        value = NamedNode("http://example.org/value")
        draft.replace(
            NamedNode("http://example.org/g"), [Quad(NamedNode(f"http://example.org/{n}"), value, Literal(n)) for n in range(500)]
        )
    current = snapshots.current()
    assert current is not None
    return current


def quads(snapshot: Path, folder: Path) -> Path:
    """The quads of a snapshot as a file, which servers without our store read."""
    path = folder / "quads.nq"
    if not path.exists():
        Store.read_only(str(snapshot)).dump(str(path), RdfFormat.N_QUADS)
    return path


@contextmanager
def running(name: str, data: Path, snapshot: Path, folder: Path, **settings: str) -> Iterator[Server]:
    """A server of that name, for as long as the block runs. ``settings`` are for ours."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    bin = Path(sys.executable).parent
    environment = dict(os.environ)
    path = "/query"
    if name == "ours":
        command = [str(bin / "zhengce"), "serve", "--port", str(port)]
        given = {"data": str(data), "rate": "0", "log": "errors", "client_queries": "64", "queue": "256", "query_seconds": "300"} | settings
        environment |= {f"ZHENGCE_{key.upper()}": value for key, value in given.items()}
        path = "/sparql"
    elif name == "oxigraph on disk":
        copy = folder / "store"
        if not copy.exists():
            shutil.copytree(snapshot, copy)
        command = [str(bin / "oxigraph"), "serve-read-only", "-l", str(copy), "-b", f"127.0.0.1:{port}", "--union-default-graph"]
    elif name == "oxigraph in memory":
        command = [str(bin / "oxigraph"), "serve", "-b", f"127.0.0.1:{port}", "--union-default-graph"]
    else:
        command = [str(bin / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(quads(snapshot, folder))]
        path = "/"
    log = (folder / f"{name.replace(' ', '-')}.log").open("wb")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    server = Server(name, port, path, process)
    try:
        _wait(server)
        if name == "oxigraph in memory":
            _load(server, quads(snapshot, folder))
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait(server: Server, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError(f"{server.name} ended with {server.process.returncode}")
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
                connection.request("GET", f"{server.path}?query=ASK%7B%7D")
                with connection.getresponse() as response:
                    if response.status == 200:
                        return
        except (ConnectionError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise RuntimeError(f"{server.name} does not answer")


def _load(server: Server, path: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    headers = {"Content-Type": "application/n-quads", "Content-Length": str(path.stat().st_size)}
    with path.open("rb") as file:
        connection.request("POST", "/store?no_transaction", file, headers)
        response = connection.getresponse()
    if response.status >= 300:
        raise RuntimeError(f"{server.name}: {response.status} {response.read()!r}")


def tree(pid: int) -> Iterator[int]:
    """The process and all that came of it and live."""
    return (found for found, _ in generations(pid))


def generations(pid: int, generation: int = 0) -> Iterator[tuple[int, int]]:
    """The process, its children, theirs and so on, each with the number of its generation."""
    yield pid, generation
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text("ascii").split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            yield from generations(int(child), generation + 1)


def pss(pid: int) -> int:
    """What the process holds, in kilobytes, pages shared with others by its share."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
