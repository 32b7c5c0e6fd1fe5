"""A process without sockets: nothing is reached, whatever it is given to evaluate."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QueryBoolean

from graph.errors import EvaluationError, GraphError
from graph.query.confinement import confine, missing
from graph.query.pool import Pool, PoolPlan, WorkerLimits
from graph.query.service_relay import ServiceRelay
from graph.store.embedded_store import Store
from graph.store.snapshot import Snapshots
from graph.update.apply import Update
from graph.update.process import UpdatePlan, UpdateProcess

confined = pytest.mark.skipif(missing(relay=True) is not None, reason="this system has no seccomp, which the service says at its start")
SMUGGLED = (
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s a <a:a> SERVICE SILENT <URL> { ?s ?p ?o } }",
    "ASK { SERVICE <URL> { ?s ?p ?o } }",
)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def url(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}/"


def nobody_came(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return True
    return False


def in_a_child(work: Callable[[], str]) -> str:
    """What a forked process says."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        with suppress(BaseException):
            os.write(writer, work().encode())
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as source:
        said = source.read().decode()
    os.waitpid(pid, 0)
    return said


def tried(*address: object) -> str:
    """What comes of every way to make a connection."""
    results = []
    for family, kind in (
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_INET6, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
    ):
        try:
            with socket.socket(family, kind) as connection:
                connection.connect(address if family == socket.AF_INET else ("::1", address[1]) if family == socket.AF_INET6 else "/none")
            results.append("connected")
        except OSError as error:
            results.append(type(error).__name__)
    return " ".join(results)


@confined
def test_a_confined_process_opens_no_socket(listener: socket.socket) -> None:
    host, port = listener.getsockname()
    assert tried(host, port).startswith("connected"), "without the barrier the listener is reached"
    listener.accept()[0].close()
    assert in_a_child(lambda: f"{confine()} {tried(host, port)}") == "True" + " PermissionError" * 4
    assert nobody_came(listener)


@confined
def test_what_is_forked_and_started_by_a_confined_process_is_confined(listener: socket.socket) -> None:
    host, port = listener.getsockname()
    command = f"{sys.executable} -c \"import socket; socket.create_connection(('{host}', {port}))\" 2> /dev/null"
    assert os.system(command) == 0
    listener.accept()[0].close()
    assert in_a_child(lambda: str(confine()) + in_a_child(lambda: tried(host, port))) == "True" + " ".join(["PermissionError"] * 4)
    assert in_a_child(lambda: f"{confine()} {os.system(command) != 0}") == "True True"
    assert nobody_came(listener)


@confined
def test_with_a_relay_every_connection_is_one_to_the_relay(listener: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as relay:
        relay.settimeout(5)
        address = url(relay)

        def work() -> str:
            done = confine(address)
            with socket.create_connection(listener.getsockname(), timeout=5) as connection:
                connection.sendall(b"hello")
                return f"{done} {connection.getpeername() == relay.getsockname()}"

        assert in_a_child(work) == "True True"
        connection, _ = relay.accept()
        with connection:
            assert connection.recv(10) == b"hello"
    assert nobody_came(listener)
    assert in_a_child(lambda: f"{confine(address)} {tried(*listener.getsockname())}") == "True" + " OSError" * 4, "the relay is gone"
    assert nobody_came(listener)


def smuggle(store: Store, query: str) -> bytes:
    """Evaluates a query that no guard has seen, in a worker."""
    try:
        answer = store.engine.query(query)
        return b"True" if answer else b"False" if isinstance(answer, QueryBoolean) else str(list(answer)).encode()
    except (OSError, RuntimeError) as error:
        raise EvaluationError(str(error)) from error


@confined
@pytest.mark.parametrize("memory_quads", [1000, -1])
@pytest.mark.parametrize("allowed", [False, True])
def test_a_query_smuggled_past_the_guard_reaches_nothing(tmp_path: Path, listener: socket.socket, memory_quads: int, allowed: bool) -> None:
    with Snapshots(tmp_path).draft() as draft:
        a = NamedNode("a:a")
        draft.replace(a, [Quad(a, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), a)])

    async def test(relay: str) -> None:
        limits = WorkerLimits(200, 10, service=("http://a.example/",) if allowed else (), relay=relay)
        plan = PoolPlan(workers=1, spares=0, memory_quads=memory_quads, limits=limits)
        async with Pool(Snapshots(tmp_path), plan) as pool:
            for text in SMUGGLED:
                with suppress(GraphError):
                    await pool.run(smuggle, text.replace("URL", url(listener)))

    with ServiceRelay(["http://a.example/"] if allowed else [], 5, 1) as relay:
        asyncio.run(test(relay.url))
    assert nobody_came(listener)


@confined
def test_an_update_smuggled_past_the_guard_reaches_nothing(
    tmp_path: Path, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process that writes imports this in the place of the guard, which lets everything pass.
    (tmp_path / "sitecustomize.py").write_text(
        "import graph.update.update_text as text\ntext.refuse_addresses = lambda *_: None\ntext.without_silent_loads = lambda text: text\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    plan = UpdatePlan(seconds=30)

    async def write(text: str) -> str:
        writer = UpdateProcess(tmp_path / "data", 3, plan)
        try:
            await writer.write(Update(text.replace("URL", url(listener)), "http://a/"))
        except GraphError as error:
            return str(error)
        finally:
            await writer.close()
        return "done"

    for text in ("LOAD <URL>", "LOAD SILENT <URL>", "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }"):
        said = asyncio.run(write(text))
        assert "reads no data" not in said, "the guard is out of the way"
        assert nobody_came(listener)


def test_a_system_without_the_barrier_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert "seccomp" in str(missing())
    assert confine() is False
