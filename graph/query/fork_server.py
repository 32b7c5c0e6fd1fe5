"""One process without threads, turned into many: a seed forks holders, a holder keeps one snapshot and forks workers that share it.

The process that asks for children (it has threads and must not fork) sends lines of JSON over a socket, with the child's socket beside
each ``fork``, and hears when the holder is ready and when a child ended, with what it said on its standard error.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pyoxigraph import NamedNode, RdfFormat
from pyoxigraph import Store as Engine

from graph.errors import GraphError
from graph.query.confinement import confine, missing
from graph.query.worker import WorkerLimits, work
from graph.store.embedded_store import Store
from graph.store.passage_index import beside

Order = dict[str, Any]
ChildMain = Callable[[socket.socket, Order], None]
"""What a child does with its socket and the order that it was made by; it ends when this returns."""

_DIE_WITH_PARENT = 1
_NICE = 19
_STACK = 120 << 20
"""Linux leaves at least 128 MB free below the stack of a process that began with less."""
_SAID = 1000
"""Bytes from either end of what a child said are passed on."""


@dataclass(slots=True)
class _Child:
    pid: int
    said: IO[bytes]


class ForkLoop:
    """The loop of a process that makes children on demand and ends with the socket it listens on."""

    def __init__(self, control: socket.socket, birth: ChildMain, *, kills: bool) -> None:
        self._control = control
        self._birth = birth
        # Workers are killed; holders see their own socket closed, and take their workers along.
        self._kills = kills
        self._children: dict[int, _Child] = {}
        self._wake, self._waker = os.pipe()
        for end in (self._wake, self._waker):
            os.set_blocking(end, False)

    def run(self) -> None:
        """Serves until the other end of the socket is closed, then takes the children along and sees them go."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker)
        lines, sockets = b"", list[int]()
        while True:
            ready, _, _ = select.select([self._control.fileno(), self._wake], [], [])
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._bury()
            if self._control.fileno() not in ready:
                continue
            try:
                received, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 16)
            except ConnectionResetError:
                break
            sockets.extend(descriptors)
            if not received:
                break
            *whole, lines = (lines + received).split(b"\n")
            for line in whole:
                self._obey(json.loads(line), sockets)
        for child in self._children.values():
            if self._kills:
                os.kill(child.pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child.pid, 0)

    def _obey(self, order: Order, sockets: list[int]) -> None:
        child = self._children.get(order["child"])
        if order["do"] == "fork":
            self._fork(order, socket.socket(fileno=sockets.pop(0)))
        elif child and order["do"] == "kill":
            os.kill(child.pid, signal.SIGKILL)
        elif child and order["do"] == "slow":
            os.setpriority(os.PRIO_PROCESS, child.pid, _NICE)

    def _fork(self, order: Order, connection: socket.socket) -> None:
        output = tempfile.TemporaryFile()  # noqa: SIM115
        pid = os.fork()
        if pid:
            connection.close()
            self._children[order["child"]] = _Child(pid, output)
            return
        # Whatever happens, the child must not come back into the loop of its parent.
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent()
            os.dup2(output.fileno(), 2)
            self._control.close()
            for end in (self._wake, self._waker):
                os.close(end)
            self._birth(connection, order)
            status = 0
        except BaseException:  # noqa: BLE001
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _bury(self) -> None:
        """Says which children ended, how, and what they said."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                for name, child in [(name, child) for name, child in self._children.items() if child.pid == ended[0]]:
                    del self._children[name]
                    output = _ends(child.said).decode("utf-8", "replace")
                    child.said.close()
                    tell(self._control, {"ended": name, "status": ended[1], "said": output})


def _ends(said: IO[bytes]) -> bytes:
    """What was said first and last: the engine says first what happened, and then, where RUST_BACKTRACE is set, at length where."""
    size = said.seek(0, os.SEEK_END)
    said.seek(0)
    first = said.read(_SAID)
    said.seek(max(len(first), size - _SAID))
    return first + (b"\n" if size > 2 * _SAID else b"") + said.read()


def tell(control: socket.socket, message: Order) -> None:
    """Sends one line; nobody listening is no fault."""
    with suppress(BrokenPipeError, ConnectionResetError):
        control.sendall(json.dumps(message).encode() + b"\n")


def die_with_parent() -> None:
    """Where the system can, the process ends when its parent does, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def hold(control: socket.socket, order: Order) -> None:
    """A holder: loads the snapshot where it shall be in memory, says that it is ready, then forks workers."""
    limits = WorkerLimits(**{**order["limits"], "service": tuple(order["limits"]["service"])})
    # The second barrier: even a query that the guard misread reaches nothing. Where it could be, it has to be.
    if not confine(limits.relay) and missing(relay=bool(limits.relay)) is None:
        tell(control, {"failed": "seccomp"})
        return
    path = Path(order["path"]) if order["path"] else None
    try:
        with deep_stack():
            store = Store(Engine()) if path is None else Store.in_memory(in_memory(path)) if order["memory"] else None
    except (GraphError, OSError, ValueError) as error:
        tell(control, {"failed": str(error)})
        return
    gc.collect()
    gc.freeze()

    def birth(connection: socket.socket, _order: Order) -> None:
        # On disk each worker opens the folder itself: the engine's threads do not live through a fork.
        opened = store or Store.open(path or Path())
        opened.passages = beside(path) if path else None
        work(connection, opened, limits)

    tell(control, {"ready": True})
    ForkLoop(control, birth, kills=True).run()


@contextmanager
def deep_stack() -> Iterator[None]:
    """Room for terms that nest deeply, which the engine reads and writes by recursion: one of them must not keep a snapshot from being
    served. Queries have the room they had before, so that a text that nests ends early."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_STACK, (_STACK if hard == resource.RLIM_INFINITY else min(_STACK, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))


def in_memory(path: Path) -> Engine:
    """A copy in memory of the store in a folder.

    A child reads the folder: opening it starts threads, which the process that forks workers must not have.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reader)
        status = 1
        try:
            with open(writer, "wb", buffering=1 << 20) as sink:
                _dump(path, sink)
            status = 0
        except BaseException:  # noqa: BLE001
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)
    os.close(writer)
    store = Engine()
    try:
        with open(reader, "rb", buffering=1 << 20) as source:
            for _ in range(int(source.readline() or 0)):
                store.add_graph(NamedNode(source.readline().decode().rstrip("\n")))
            store.bulk_load(source, RdfFormat.N_QUADS, lenient=True)
    finally:
        _, status = os.waitpid(pid, 0)
    if status:
        raise OSError(f"{path}: {status}")
    return store


def _dump(path: Path, sink: IO[bytes]) -> None:
    """The names of the graphs (quads do not name the empty ones), then the quads."""
    store = Engine.read_only(str(path))
    names = [graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    sink.write("".join(f"{line}\n" for line in (len(names), *names)).encode())
    store.dump(sink, RdfFormat.N_QUADS)


def main() -> None:
    """The seed: a process that has everything imported and has opened nothing. Its socket is the descriptor in its one argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    ForkLoop(socket.socket(fileno=int(sys.argv[1])), hold, kills=False).run()


if __name__ == "__main__":
    main()
