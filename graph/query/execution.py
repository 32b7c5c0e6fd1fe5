"""One question, turned into its answer while a worker computes it: waited for, watched, and ended where nobody wants it any more."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from graph.errors import BusyError, GraphError, MemoryLimitError, TimeLimitError, WorkerError
from graph.query.admission import Admission, Client, PoolPlan
from graph.query.connection import Connection
from graph.query.worker_set import WorkerSet
from graph.store.snapshot import Snapshot

_NEVER = float("inf")


class Workers(Protocol):
    """What executions need of a pool."""

    plan: PoolPlan
    admission: Admission
    ended: Counter[str]
    """How queries ended: answered, or the name of the error's class."""

    def idle(self) -> tuple[Connection, WorkerSet] | None:
        """A worker that does nothing, where there is one; its caller gives it back."""

    async def worker(self) -> tuple[Connection, WorkerSet]:
        """A worker that does nothing, after waiting for one; its caller gives it back."""


class Reply:
    """An answer under way: ``first`` is here, the rest comes by ``async for``; ``whole`` says that there is no rest."""

    def __init__(self, first: bytes, whole: bool, snapshot: Snapshot | None, more: Callable[[], Awaitable[tuple[bytes, bool]]]) -> None:
        self.first = first
        self.whole = whole
        self.snapshot = snapshot
        self._more = more

    async def rest(self) -> AsyncIterator[bytes]:
        """The bytes after the first, as the worker computes them and no faster than they are taken."""
        while not self.whole:
            part, self.whole = await self._more()
            if part:
                yield part

    async def all(self) -> bytes:
        """All the bytes."""
        return b"".join([self.first, *[part async for part in self.rest()]])


class QueryExecution:
    """A question to a worker: ``async with`` gives its Reply, and leaving the block early ends the query.

    Whoever has no task to wait in may ``start`` it before and ``take`` the answer when it hears of it, or enter the block then.
    A query has a place among the quick ones until it has run for long, then among the slow ones if there is room; if there is none, it
    keeps its place until somebody else waits for it.
    """

    def __init__(self, pool: Workers, message: bytes, client: Client, seconds: float | None) -> None:
        self.snapshot: Snapshot | None = None
        """The snapshot that the answer is of, once the question is asked."""
        self._pool = pool
        self._message = message
        self.client = client
        self._loop = asyncio.get_running_loop()
        self._limit = self._left = min(pool.plan.seconds, seconds or pool.plan.seconds)
        self._began = self._end = 0.0
        self._slow = self._placed = self._entered = False
        self.stalled_since = _NEVER
        """Since when the client takes nothing of what is ready; infinity while it is computed."""
        self._gone: BusyError | None = None
        self._heard: Callable[[], None] = _ignore
        self._turn: asyncio.Future[None] | None = None
        self._reply: Reply | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._asked: tuple[Connection, WorkerSet] | None = None

    def start(self, heard: Callable[[], None]) -> bool:
        """Asks as soon as a worker does nothing; False where too many wait already.

        ``heard`` is called when there is something to ``take``, or to be told of in the block.
        """
        try:
            self._turn = self._pool.admission.enter(self.client)
        except GraphError:
            return False
        self._heard = heard
        self._placed = True
        if self._turn:
            self._turn.add_done_callback(self._on_turn)
        else:
            self._on_turn()
        return True

    def take(self) -> bytes | None:
        """The whole answer, if that is here; it ends the question. Otherwise the block has to be entered, or the question abandoned."""
        content = self._asked[0].whole() if self._asked else None
        if content is not None:
            self._pool.ended["answered"] += 1
            self._finish(usable=True)
        return content

    def more(self) -> bool:
        """Whether what is here is the beginning of an answer so short that the rest is worth waiting for: it will be heard of."""
        return self._asked is not None and self._asked[0].more(self._heard)

    def abandon(self) -> None:
        """Ends a question that was started, unless its block was entered, which ends it by itself."""
        if self._entered:
            return
        if self._asked:
            self._pool.ended["abandoned"] += 1
            self._finish(usable=False)
        elif self._placed:
            self._placed = False
            if self._turn:
                self._turn.remove_done_callback(self._on_turn)
                self._pool.admission.give_up(self._turn, self.client)
            else:
                self._pool.admission.leave(self.client)

    async def __aenter__(self) -> Reply:
        self._entered = True
        if self._gone:
            raise self._gone
        if not self._asked:
            await self._place()
        asked = self._asked
        assert asked is not None
        try:
            # The time until here is the query's too.
            self._left -= self._loop.time() - self._began
            first, whole = await self._part()
        except BaseException as error:
            self._finish(usable=self._told(error))
            self._raise(error)
            raise
        self._reply = Reply(first, whole, asked[1].snapshot, self._part)
        return self._reply

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        whole = self._reply is not None and self._reply.whole
        if error is None:
            self._pool.ended["answered" if whole else "abandoned"] += 1
            self._finish(usable=whole)
            return
        self._finish(usable=self._told(error))
        self._raise(error)

    async def _place(self) -> None:
        """Waits for a place, then for a worker."""
        if not self._placed:
            self._turn = self._pool.admission.enter(self.client)
        if self._turn:
            self._turn.remove_done_callback(self._on_turn)
            await self._pool.admission.wait(self._turn, self.client)
        try:
            self._ask(await self._pool.worker())
        except BaseException:
            self._pool.admission.leave(self.client)
            raise

    def _on_turn(self, turn: asyncio.Future[None] | None = None) -> None:
        """There is a place, and most often a worker too; otherwise it is waited for in the block."""
        if turn and turn.cancelled():
            return
        if not (turn and turn.exception()) and (idle := self._pool.idle()):
            self._ask(idle, self._heard)
        else:
            self._loop.call_soon(self._heard)

    def _ask(self, asked: tuple[Connection, WorkerSet], heard: Callable[[], None] | None = None) -> None:
        self._asked = asked
        self.snapshot = asked[1].snapshot
        self._began = self._loop.time()
        self._end = self._began + max(self._limit, self._pool.plan.answer_seconds)
        self._watch(self._pool.plan.slow_seconds)
        asked[0].send(self._message, heard)

    async def _part(self) -> tuple[bytes, bool]:
        """The next part, while there is time; what the client takes to read counts only for the answer as a whole."""
        if self._gone:
            raise self._gone
        assert self._asked is not None
        started = self._loop.time()
        if self.stalled_since < _NEVER:
            # The client reads on: the query counts as one that is computed.
            self._watch(self._began + self._pool.plan.slow_seconds - started)
        self.stalled_since = _NEVER
        try:
            return await self._asked[0].part(min(self._left, self._end - started))
        finally:
            self.stalled_since = self._loop.time()
            self._left -= self.stalled_since - started
            self._watch(min(self._began + self._pool.plan.slow_seconds - self.stalled_since, self._pool.plan.unread_seconds))

    def _told(self, error: BaseException) -> bool:
        """Counts an error; whether the worker said so itself and is ready for the next."""
        if isinstance(error, TimeoutError):
            self._pool.ended["TimeLimitError"] += 1
        elif isinstance(error, WorkerError):
            self._pool.ended["MemoryLimitError" if _of_memory(error) else "WorkerError"] += 1
        elif isinstance(error, GraphError):
            self._pool.ended[type(error).__name__] += 1
            return True
        return False

    def _raise(self, error: BaseException) -> None:
        """Raises the limit that an error means, where it means one."""
        if isinstance(error, TimeoutError):
            raise TimeLimitError(self._limit) from None
        if isinstance(error, WorkerError) and _of_memory(error):
            raise MemoryLimitError(self._pool.plan.limits.megabytes) from error

    def _finish(self, *, usable: bool) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._asked:
            connection, workers = self._asked
            self._asked = None
            workers.give_back(connection, usable=usable and not self._slow)
            self._pool.admission.leave(self.client, self)

    def make_room(self, error: BusyError) -> None:
        """Ends the query at once and leaves its place; whoever reads its answer is told so."""
        if self._asked:
            self._gone = error
            self._asked[0].give_up(error)
            self._finish(usable=False)

    def _move(self) -> None:
        """The query has run for long: it makes room, or tries again soon."""
        if not self._asked:
            return
        connection, workers = self._asked
        if self._pool.admission.slow_down(self):
            self._slow = True
            workers.slow_down(connection)
        elif self._asked:
            self._watch(self._pool.plan.slow_seconds)

    def _watch(self, seconds: float) -> None:
        """Moves the query to a slow place after so many seconds, unless it has one."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._asked and not self._slow:
            self._timer = self._loop.call_later(max(0.0, seconds), self._move)


def _ignore() -> None:
    """Nobody listens."""


def _of_memory(error: WorkerError) -> bool:
    return any(sign in error.reason for sign in ("memory allocation", "MemoryError", "bad_alloc"))
