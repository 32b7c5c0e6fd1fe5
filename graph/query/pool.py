"""The text of a query, turned into result bytes by processes that can be killed: this one asks, waits and forwards, and never evaluates.

``Pool`` keeps workers ready for one snapshot and moves to the next between queries. A query that runs for long goes on at a lower
priority beside the others, so that it does not stand in their way; at its deadline, or when nobody wants its answer any more, its
process is killed and another takes its place.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Self

from graph.errors import BusyError, ClientBusyError, StoreError
from graph.query.connection import Connection, ForkServer, WorkerSet
from graph.query.execution import QueryExecution, Reply
from graph.query.framing import Job, QueryRequest, pack, pack_job
from graph.query.worker import WorkerLimits
from graph.store.snapshot import Snapshot, Snapshots

__all__ = ["Pool", "PoolPlan", "Reply", "WorkerLimits"]


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """How many queries run at once, how long they may wait and run, and where the store is read."""

    workers: int = 2
    slow_workers: int = 8
    slow_seconds: float = 0.5
    spares: int = 1
    seconds: float = 30.0
    answer_seconds: float = 300.0
    """For an answer with its transfer to a slow client."""
    limits: WorkerLimits = field(default_factory=lambda: WorkerLimits(1024, 1024))
    queue: int = 64
    queue_seconds: float = 10.0
    client_queries: int = 16
    memory_quads: int = 12_000_000
    """Snapshots of up to so many quads are held in memory."""
    at_once: int = 200_000
    """Up to so many are loaded before they are served; larger ones are read from disk meanwhile."""


class Pool:
    """Workers over the current snapshot of a data folder. Open it with ``async with``."""

    def __init__(self, snapshots: Snapshots, plan: PoolPlan) -> None:
        self.plan = plan
        self.running = 0
        self.slow = 0
        self.ended: Counter[str] = Counter()
        """How queries ended: answered, or the name of the error's class."""
        self._snapshots = snapshots
        self._seed: ForkServer | None = None
        self._brood: WorkerSet | None = None
        self._moving = asyncio.Lock()
        self._loading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stamp: tuple[int, int, int] | None = None
        self._queue: dict[asyncio.Future[None], str] = {}
        self._clients: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        self._seed = ForkServer()
        await self.move()
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._brood:
            self._brood.close()
        if self._seed:
            await self._seed.close()
            self._seed = None

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot that queries read; None while nothing is published."""
        return self._brood.snapshot if self._brood else None

    @property
    def waiting(self) -> int:
        """Queries that wait for their turn."""
        return len(self._queue)

    @property
    def patience(self) -> int:
        """The seconds after which who was turned away may come again."""
        return max(1, round(self.plan.queue_seconds / 2))

    @property
    def processes(self) -> int:
        """Workers that live."""
        return self._brood.size if self._brood else 0

    async def move(self) -> Snapshot | None:
        """Moves to the snapshot that is current now. Queries under way end on the one that they began with."""
        async with self._moving:
            stamp = self._snapshots.stamp()
            if self._seed and not self._seed.alive:
                await self._seed.close()
                self._seed = ForkServer()
            if self._seed and (stamp != self._stamp or self._brood is None or not self._brood.alive):
                # What is large is read from disk until it is loaded, so that nobody who wrote waits for that.
                later = self._brood is not None
                self._change(await self._open(self._seed, later=later), stamp)
                if later:
                    self._background(self._load(self._seed, stamp))
            return self.snapshot

    async def _load(self, seed: ForkServer, stamp: tuple[int, int, int]) -> None:
        """Moves on from the snapshot on disk to the same in memory, unless another has been published meanwhile."""
        async with self._loading:
            if self._stamp != stamp or not self.snapshot or not self.plan.at_once < self.snapshot.quads <= self.plan.memory_quads:
                return
            brood = await self._open(seed, later=False)
            async with self._moving:
                if self._stamp == stamp and self._seed is seed:
                    self._change(brood, stamp)
                else:
                    brood.close()

    async def _open(self, seed: ForkServer, *, later: bool) -> WorkerSet:
        snapshot, lock = self._snapshots.hold() or (None, None)
        quads = snapshot.quads if snapshot else 0
        memory = quads <= self.plan.memory_quads and not (later and quads > self.plan.at_once)
        size = self.plan.workers + self.plan.spares
        return await WorkerSet.open(seed, snapshot, lock, memory=memory, limits=self.plan.limits, size=size)

    def _change(self, brood: WorkerSet, stamp: tuple[int, int, int]) -> None:
        before, self._brood, self._stamp = self._brood, brood, stamp
        if before:
            before.retire()

    def _background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def stale(self) -> bool:
        """Whether another snapshot has been published than the one that queries read."""
        return self._snapshots.stamp() != self._stamp

    def ask(self, question: QueryRequest, client: str = "", seconds: float | None = None) -> QueryExecution:
        """The answer to a question, for as long as a block runs over it; leaving it early ends the query."""
        return QueryExecution(self, pack(question), client, seconds)

    async def run(self, job: Job, *arguments: Any, client: str = "", seconds: float | None = None) -> bytes:
        """What ``job(store, *arguments)`` gives, a function of a module that a worker runs over its store."""
        async with QueryExecution(self, pack_job(job, arguments), client, seconds) as reply:
            return await reply.all()

    async def worker(self) -> tuple[Connection, WorkerSet]:
        """A worker that does nothing, after waiting for one; its caller gives it back."""
        while True:
            brood = self._brood
            if brood is None or not brood.alive:
                if self._seed is None:
                    raise StoreError("the pool is closed")
                await self.move()
                continue
            try:
                connection = await brood.take(self.plan.queue_seconds)
            except TimeoutError:
                raise BusyError(self.patience) from None
            if connection and connection.alive:
                return connection, brood
            if connection:
                brood.give_back(connection, usable=False)

    def idle(self) -> tuple[Connection, WorkerSet] | None:
        """A worker that does nothing, where there is one; its caller gives it back."""
        brood = self._brood
        connection = brood.idle() if brood else None
        return (connection, brood) if brood and connection else None

    def enter(self, client: str) -> asyncio.Future[None] | None:
        """Takes one of the places for queries that run, or gives the turn that is to be waited for with ``wait``."""
        if client and self._clients[client] >= self.plan.client_queries:
            raise ClientBusyError(self.plan.client_queries, self.patience)
        turn: asyncio.Future[None] | None = None
        if self.running < self.plan.workers and not self._queue:
            self.running += 1
        elif len(self._queue) >= self.plan.queue:
            raise BusyError(self.patience)
        else:
            turn = asyncio.get_running_loop().create_future()
            self._queue[turn] = client
        self._clients[client] += 1
        return turn

    async def wait(self, turn: asyncio.Future[None], client: str) -> None:
        """Waits in the queue; whoever gives up or waits for too long has no place and no turn any more."""
        try:
            await asyncio.wait_for(turn, self.plan.queue_seconds)
        except TimeoutError:
            self.give_up(turn, client)
            raise BusyError(self.patience) from None
        except asyncio.CancelledError:
            self.give_up(turn, client)
            raise

    def give_up(self, turn: asyncio.Future[None], client: str) -> None:
        """Leaves the queue, or the place that the turn has given meanwhile."""
        self._queue.pop(turn, None)
        if turn.done() and not turn.cancelled():
            self.leave(client, slow=False)
        else:
            turn.cancel()
            self._forget(client)

    def leave(self, client: str, *, slow: bool) -> None:
        """The query is over: its place is free, among the slow ones or among the others."""
        self._forget(client)
        if slow:
            self.slow -= 1
        else:
            self.free()

    def _forget(self, client: str) -> None:
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    def free(self) -> None:
        """A place is free: the next in the queue takes it, of the client with the fewest queries under way."""
        while self._queue:
            turn = min(self._queue, key=lambda each: self._clients[self._queue[each]])
            del self._queue[turn]
            # Who gave up a moment ago may still stand in the queue.
            if not turn.done():
                turn.set_result(None)
                return
        self.running -= 1
