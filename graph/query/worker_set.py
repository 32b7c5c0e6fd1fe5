"""The workers of one snapshot: which are idle, who waits for one; one that is killed, lost or slow is replaced."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from dataclasses import asdict
from itertools import count

from graph.errors import StoreError
from graph.query.connection import Connection
from graph.query.fork_client import Control, ForkServer, Message, cause_of
from graph.query.worker import WorkerLimits
from graph.store.snapshot import Snapshot

_PAUSE_BEFORE_RESPAWN = 0.2


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
                connection.obituary.set_result(cause_of(message))

    def _fail(self, why: str) -> None:
        """The holder is gone."""
        if not self._ready.done():
            self._ready.set_exception(StoreError(why))
        elif self.alive:
            self.close()
