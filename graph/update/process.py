"""Changes, turned into snapshots by a process that can be killed, one after another; this one asks and waits.

A change is killed at its deadline or its memory limit and leaves the snapshot as it was. Where the process ends just after it published,
before it could say so, the change stands and the error says that it is not known.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import pickle
import resource
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from graph.errors import BusyError, GraphError, MemoryLimitError, StoreError, TimeLimitError, WorkerError
from graph.query.confinement import confine, missing
from graph.query.framing import DATA, ERROR, HEAD, JOB, LAST, frame
from graph.query.worker import WorkerLimits
from graph.store.snapshot import Snapshots
from graph.update.apply import Applied, Change, write

_STACK = 100 << 20
_BESIDE = 256 << 20
"""What the process takes before it does anything, with the stacks of the engine's threads."""
_NO_MEMORY = (
    "memory allocation",
    "bad_alloc",
    "MemoryError",
    "capacity overflow",
    "Cannot allocate memory",
    "Resource temporarily unavailable",
)
"""What the engine and the interpreter say as they die; the last of a thread that found no room."""


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """How long a change may wait and run, how much memory it may take, how many may wait."""

    seconds: float = 60.0
    queue: int = 64
    queue_seconds: float = 10.0
    limits: WorkerLimits = field(default_factory=lambda: WorkerLimits(1024, 1024))


class UpdateProcess:
    """Writes to a data folder. Costs nothing until the first change; ``close`` ends its process."""

    def __init__(self, folder: Path, keep: int, plan: UpdatePlan) -> None:
        self.plan = plan
        self._order = (str(folder), keep, plan.limits)
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def write(self, change: Change) -> Applied:
        """Publishes the change; raises what it breaks."""
        async with self._place():
            process = await self._started()
            try:
                return await self._asked(process, change)
            except GraphError as error:
                if isinstance(error, BusyError | TimeLimitError | MemoryLimitError | WorkerError):
                    await self._end()
                raise
            except BaseException:
                await self._end()
                raise

    async def close(self) -> None:
        """Waits for the change under way and ends the process."""
        async with self._turn:
            await self._end()

    async def _asked(self, process: asyncio.subprocess.Process, change: Change) -> Applied:
        if process.stdin is None or process.stdout is None:
            raise WorkerError("no pipes")
        with suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(frame(JOB, pickle.dumps(change)))
            await process.stdin.drain()
        kind, content = DATA, b""
        while kind == DATA:
            # While it waits, somebody else writes: from the command line, or another service on the same folder.
            waiting = content == b"waiting"
            try:
                kind, content = await asyncio.wait_for(self._received(process), self.plan.queue_seconds if waiting else self.plan.seconds)
            except TimeoutError:
                raise BusyError(max(1, round(self.plan.queue_seconds))) if waiting else TimeLimitError(self.plan.seconds) from None
        answer = pickle.loads(content)  # noqa: S301
        if kind == ERROR:
            raise answer
        written: Applied = answer
        return written

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._waiting >= self.plan.queue:
            raise BusyError(max(1, round(self.plan.queue_seconds)))
        self._waiting += 1
        try:
            async with asyncio.timeout(self.plan.queue_seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise BusyError(max(1, round(self.plan.queue_seconds))) from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            root = str(Path(__file__).resolve().parents[2])
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "graph.update.process",
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            if self._process.stdin:
                self._process.stdin.write(frame(JOB, pickle.dumps(self._order)))
        return self._process

    async def _received(self, process: asyncio.subprocess.Process) -> tuple[int, bytes]:
        """The next frame, or why there will be none."""
        if process.stdout is None or process.stderr is None:
            raise WorkerError("no pipes")
        try:
            kind, length = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
            return kind, await process.stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            lines = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
            await process.wait()
            if any(sign in line for line in lines for sign in _NO_MEMORY):
                raise MemoryLimitError(self.plan.limits.megabytes) from None
            raise WorkerError(lines[-1] if lines else f"exit {process.returncode}") from None

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def main() -> None:
    """Reads where to write, then changes, from standard input; answers on standard output."""
    if not confine() and missing() is None:
        sys.exit("seccomp")
    # Deeply nested updates are parsed by recursion; the engine's own threads need no such stack.
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_work)
    thread.start()
    thread.join()


def _work() -> None:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    order = _read(source)
    if order is None:
        return
    folder, keep, limits = order
    from graph.update.derived import check

    _limit(limits)
    snapshots = Snapshots(Path(folder), keep)
    while (change := _read(source)) is not None:
        try:
            written = write(snapshots, change, check, stage=lambda name: _send(sink, DATA, name.encode()))
            _send(sink, LAST, pickle.dumps(written))
        except GraphError as error:
            _send(sink, ERROR, pickle.dumps(error))
            # Where exceptions hold one another in a ring they hold the draft too, and the engine its lock on it.
            error = None  # type: ignore[assignment]
            gc.collect()
        except MemoryError:
            _send(sink, ERROR, pickle.dumps(MemoryLimitError(limits.megabytes)))
            return
        except OSError as error:
            full = error.errno == errno.ENOMEM or any(sign in str(error) for sign in _NO_MEMORY)
            _send(sink, ERROR, pickle.dumps(MemoryLimitError(limits.megabytes) if full else StoreError.of(error)))


def _limit(limits: WorkerLimits) -> None:
    """Bounds what a change may allocate."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bound = _BESIDE + (limits.megabytes << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


def _read(source: BinaryIO) -> Any:
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    _, length = HEAD.unpack(head)
    return pickle.loads(source.read(length))  # noqa: S301


def _send(sink: BinaryIO, kind: int, content: bytes) -> None:
    sink.write(frame(kind, content))
    sink.flush()


if __name__ == "__main__":
    main()
