"""A seed, the holders of snapshots it forks, and their workers, turned into connections on which an event loop asks and listens."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any, cast

from graph.errors import GraphError, StoreError, WorkerError
from graph.query.framing import DATA, ERROR, HEAD, LAST, LEAVING
from graph.query.worker import WorkerLimits
from graph.store.snapshot import Snapshot

_HIGH_WATER = 1 << 19
_SHORT = 1 << 17
_OBITUARY_SECONDS = 2.0
_PAUSE_BEFORE_RESPAWN = 0.2

Message = dict[str, Any]


class Control(asyncio.Protocol):
    """The socket to a process that makes children."""

    def __init__(self, end: socket.socket, hear: Callable[[Message], None], lost: Callable[[], None]) -> None:
        self._socket = end
        self._hear = hear
        self._lost = lost
        self._rest = b""
        end.setblocking(False)
        asyncio.get_running_loop().add_reader(end.fileno(), self._read)

    def order(self, do: str, child: int, given: socket.socket | None = None, **more: object) -> None:
        """Sends an order, with the socket of the child that it makes."""
        if self._socket.fileno() < 0:
            return
        line = json.dumps({"do": do, "child": child, **more}).encode() + b"\n"
        with suppress(BrokenPipeError, ConnectionResetError):
            if given:
                socket.send_fds(self._socket, [line], [given.fileno()])
            else:
                self._socket.sendall(line)

    def close(self) -> None:
        """The process ends, and its children with it."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()

    def _read(self) -> None:
        try:
            received = self._socket.recv(1 << 16)
        except BlockingIOError:
            return
        except ConnectionResetError:
            received = b""
        if not received:
            self.close()
            self._lost()
            return
        *lines, self._rest = (self._rest + received).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))


class ForkServer:
    """The process from which all others are forked; starts on construction."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "graph.query.fork_server", str(theirs.fileno())],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self.alive = True
        self._numbers = count(1)
        self._ended: dict[int, Callable[[str], None]] = {}
        self._control = Control(ours, self._hear, self._lost)

    def hold(self, given: socket.socket, ended: Callable[[str], None], **order: object) -> None:
        """Forks a holder; ``ended`` hears why, when it is no more."""
        number = next(self._numbers)
        self._ended[number] = ended
        self._control.order("fork", number, given, **order)

    async def close(self) -> None:
        """Ends the process and everything it made."""
        self._control.close()
        try:
            await asyncio.to_thread(self._process.wait, 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self, message: Message) -> None:
        if ended := self._ended.pop(message["ended"], None):
            ended(_why(message))

    def _lost(self) -> None:
        self.alive = False
        for ended in tuple(self._ended.values()):
            ended("the seed ended")
        self._ended.clear()


class Connection(asyncio.Protocol):
    """One worker: a question goes out, its answer comes back in parts."""

    def __init__(self, number: int, idle_lost: Callable[[Connection], None]) -> None:
        self.number = number
        self.alive = True
        self.obituary: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._idle_lost = idle_lost
        self._transport: asyncio.Transport | None = None
        self._head = bytearray()
        self._error = bytearray()
        self._kind = DATA
        self._left: int | None = None
        self._parts: deque[tuple[int, bytes]] = deque()
        self._held = 0
        self._paused = False
        self._given_up: GraphError | None = None
        self._wanted: asyncio.Future[None] | None = None
        self._heard: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, message: bytes, heard: Callable[[], None] | None = None) -> None:
        """Asks. ``heard`` is called once, when the first part is here or none will come."""
        self._heard = heard
        if self._transport:
            self._transport.write(message)

    def whole(self) -> bytes | None:
        """The whole answer, where that is here."""
        if self._given_up or not self._parts or self._parts[-1][0] & ~LEAVING != LAST:
            return None
        content = self._parts[0][1] if len(self._parts) == 1 else b"".join(part for _, part in self._parts)
        self.alive = self.alive and not self._parts[-1][0] & LEAVING
        self._parts.clear()
        self._held = 0
        return content

    def more(self, heard: Callable[[], None]) -> bool:
        """Whether the beginning of a short answer is here, whose rest will be heard of."""
        waiting = self.alive and not self._given_up and 0 < self._held < _SHORT and self._parts[-1][0] == DATA
        if waiting:
            self._heard = heard
        return waiting

    async def part(self, seconds: float) -> tuple[bytes, bool]:
        """The next bytes and whether they are the last; raises what the worker raised, TimeoutError, or WorkerError when it died."""
        if not self._parts and self.alive:
            await self._wait(seconds)
        if self._given_up:
            raise self._given_up
        if not self._parts:
            raise WorkerError(await self._why())
        kind, content = self._parts.popleft()
        if kind == DATA and self._parts and self._parts[0][0] == DATA:
            # What waited together goes on together.
            pieces = [content]
            while self._parts and self._parts[0][0] == DATA:
                pieces.append(self._parts.popleft()[1])
            content = b"".join(pieces)
        if kind & LEAVING:
            self.alive = False
            kind -= LEAVING
        self._held -= len(content)
        if self._paused and self._held < _HIGH_WATER // 2 and self._transport:
            self._paused = False
            self._transport.resume_reading()
        if kind == ERROR:
            raise pickle.loads(content)  # noqa: S301
        return content, kind == LAST

    def give_up(self, error: GraphError) -> None:
        """The answer is not waited for: who does is told so, and the worker is of no more use."""
        self.alive = False
        self._given_up = error
        self._wake()

    def close(self) -> None:
        """No more is asked; the worker ends when it notices."""
        self.alive = False
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Takes the bytes of answers out of their frames, without waiting for a frame to be whole; errors alone are put together."""
        if self._left is None and not self._head and len(data) >= HEAD.size:
            # Most answers are one frame that comes in one piece.
            kind, length = HEAD.unpack_from(data)
            if len(data) == HEAD.size + length and kind & ~LEAVING == LAST:
                self._take(kind, data[HEAD.size :])
                self._wake()
                return
        view = memoryview(data)
        while view:
            if self._left is None:
                missing = HEAD.size - len(self._head)
                self._head += view[:missing]
                view = view[missing:]
                if len(self._head) < HEAD.size:
                    break
                self._kind, self._left = HEAD.unpack(self._head)
                self._head.clear()
            piece = bytes(view[: self._left])
            view = view[len(piece) :]
            self._left -= len(piece)
            if self._kind & ~LEAVING == ERROR:
                self._error += piece
                piece = bytes(self._error) if not self._left else b""
            if not self._left:
                self._left = None
                self._error.clear()
                self._take(self._kind, piece)
            elif piece:
                self._take(DATA, piece)
        if self._held > _HIGH_WATER and not self._paused and self._parts and self._transport:
            self._paused = True
            self._transport.pause_reading()
        if self._parts:
            self._wake()

    def _take(self, kind: int, content: bytes) -> None:
        self._parts.append((kind, content))
        self._held += len(content)

    def connection_lost(self, _error: Exception | None) -> None:
        self.alive = False
        self._wake()
        self._idle_lost(self)

    async def _wait(self, seconds: float) -> None:
        if seconds <= 0:
            raise TimeoutError
        loop = asyncio.get_running_loop()
        self._wanted = loop.create_future()
        timer = loop.call_later(seconds, self._late, self._wanted)
        try:
            await self._wanted
        finally:
            self._wanted = None
            timer.cancel()

    def _wake(self) -> None:
        if self._wanted and not self._wanted.done():
            self._wanted.set_result(None)
        if self._heard:
            heard, self._heard = self._heard, None
            heard()

    @staticmethod
    def _late(wanted: asyncio.Future[None]) -> None:
        if not wanted.done():
            wanted.set_exception(TimeoutError())

    async def _why(self) -> str:
        """The report of its end comes another way than the end itself."""
        try:
            return await asyncio.wait_for(asyncio.shield(self.obituary), _OBITUARY_SECONDS)
        except TimeoutError:
            return "no reason is known"


class WorkerSet:
    """The workers of one snapshot."""

    def __init__(self, snapshot: Snapshot | None, lock: int | None, size: int) -> None:
        self.snapshot = snapshot
        self.alive = True
        self._lock = lock
        self._size = size
        self._numbers = count(1)
        self._control: Control | None = None
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._idle: list[Connection] = []
        self._known: dict[int, Connection] = {}
        self._slow: set[int] = set()
        self._wanted: deque[asyncio.Future[Connection | None]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(
        cls, seed: ForkServer, snapshot: Snapshot | None, lock: int | None, *, memory: bool, limits: WorkerLimits, size: int
    ) -> WorkerSet:
        """A holder with the snapshot and its first workers. Keeps the lock on the files of the snapshot while they are read."""
        workers = cls(snapshot, lock, size)
        ours, theirs = socket.socketpair()
        workers._control = Control(ours, workers._hear, lambda: workers._fail("the holder ended"))
        path = str(snapshot.path) if snapshot else ""
        seed.hold(theirs, workers._fail, path=path, memory=memory, limits=asdict(limits))
        theirs.close()
        try:
            await workers._ready
        except (StoreError, asyncio.CancelledError):
            workers.close()
            raise
        for _ in range(size):
            await workers._spawn()
        return workers

    @property
    def size(self) -> int:
        """How many workers there are."""
        return len(self._known)

    def idle(self) -> Connection | None:
        """A worker that does nothing, where there is one."""
        while self.alive and self._idle:
            connection = self._idle.pop()
            if connection.alive:
                return connection
            self.give_back(connection, usable=False)
        return None

    async def take(self, seconds: float) -> Connection | None:
        """A worker that does nothing; None where there will be none here any more."""
        if not self.alive:
            return None
        if self._idle:
            return self._idle.pop()
        wanted: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._wanted.append(wanted)
        async with asyncio.timeout(seconds):
            try:
                return await wanted
            except asyncio.CancelledError:
                # Who gives up in the moment in which a worker comes has it all the same.
                if wanted.done() and not wanted.cancelled() and (connection := wanted.result()):
                    self.give_back(connection, usable=True)
                raise

    def give_back(self, connection: Connection, *, usable: bool) -> None:
        """The worker waits for its next question, or is killed and another one takes its place."""
        if usable and connection.alive and self.alive:
            self._offer(connection)
            return
        self._end(connection)
        if not self.alive and not self._known:
            self.close()

    def slow_down(self, connection: Connection) -> None:
        """The worker goes on at lower priority, and another one takes its place."""
        if self._control and connection.number not in self._slow:
            self._slow.add(connection.number)
            self._control.order("slow", connection.number)
            self._replace()

    def retire(self) -> None:
        """Nothing more is asked here; what is under way comes to its end."""
        self.alive = False
        while self._wanted:
            self._answer_wanted(None)
        while self._idle:
            self._end(self._idle.pop())
        if not self._known:
            self.close()

    def close(self) -> None:
        """Ends holder and workers at once."""
        self.alive = False
        for connection in list(self._known.values()):
            connection.close()
        self._known.clear()
        self._idle.clear()
        while self._wanted:
            self._answer_wanted(None)
        if self._control:
            self._control.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def _spawn(self) -> None:
        if not self._control or not self.alive:
            return
        ours, theirs = socket.socketpair()
        connection = Connection(next(self._numbers), self._lost)
        self._known[connection.number] = connection
        self._control.order("fork", connection.number, theirs)
        theirs.close()
        await asyncio.get_running_loop().create_unix_connection(lambda: connection, sock=ours)
        self._offer(connection)

    def _offer(self, connection: Connection) -> None:
        while self._wanted:
            if self._answer_wanted(connection):
                return
        self._idle.append(connection)

    def _answer_wanted(self, connection: Connection | None) -> bool:
        wanted = self._wanted.popleft()
        if wanted.done():
            return False
        wanted.set_result(connection)
        return True

    def _end(self, connection: Connection) -> None:
        if self._known.pop(connection.number, None) is None:
            return
        connection.close()
        if self._control:
            self._control.order("kill", connection.number)
        if connection.number in self._slow:
            self._slow.discard(connection.number)
        else:
            self._replace()

    def _replace(self, pause: float = 0) -> None:
        async def spawn() -> None:
            await asyncio.sleep(pause)
            await self._spawn()

        if self.alive:
            task = asyncio.get_running_loop().create_task(spawn())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _lost(self, connection: Connection) -> None:
        """A worker that did nothing is gone: it had grown too large, or was killed from outside."""
        if connection in self._idle:
            self._idle.remove(connection)
            self._known.pop(connection.number, None)
            self._replace(_PAUSE_BEFORE_RESPAWN)

    def _hear(self, message: Message) -> None:
        if message.get("ready"):
            self._ready.set_result(None)
        elif "failed" in message:
            self._fail(message["failed"])
        else:
            connection = self._known.get(message["ended"])
            if connection and not connection.obituary.done():
                connection.obituary.set_result(_why(message))

    def _fail(self, why: str) -> None:
        """The holder is gone."""
        if not self._ready.done():
            self._ready.set_exception(StoreError(why))
        elif self.alive:
            self.close()


def _why(message: Message) -> str:
    status = os.waitstatus_to_exitcode(message["status"])
    how = signal.Signals(-status).name if status < 0 else f"exit {status}"
    lines = message["said"].strip().splitlines()
    memory = [line for line in lines if "memory allocation" in line]
    return f"{how}: {(memory or lines)[-1]}" if lines else how
