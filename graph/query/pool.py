"""The text of a query, turned into result bytes by processes that can be killed: this one asks, waits and forwards, and never evaluates.

``Pool`` keeps workers ready for one snapshot and moves to the next between queries. A query that runs for long goes on at a lower
priority beside the others, so that it does not stand in their way; at its deadline, or when nobody wants its answer any more, its
process is killed and another takes its place.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any, Self

from graph.errors import BusyError, StoreError
from graph.query.admission import Admission, Client, PoolPlan
from graph.query.connection import Connection
from graph.query.execution import QueryExecution, Reply
from graph.query.fork_client import ForkServer
from graph.query.framing import Job, QueryRequest, pack, pack_job
from graph.query.worker import WorkerLimits
from graph.query.worker_set import WorkerSet
from graph.store.snapshot import Snapshot, Snapshots

__all__ = ["Admission", "Client", "Pool", "PoolPlan", "Reply", "WorkerLimits"]


class Pool:
    """Workers over the current snapshot of a data folder. Open it with ``async with``."""

    def __init__(self, snapshots: Snapshots, plan: PoolPlan) -> None:
        self.plan = plan
        self.admission = Admission(plan)
        self.ended: Counter[str] = Counter()
        """How queries ended: answered, or the name of the error's class."""
        self._snapshots = snapshots
        self._seed: ForkServer | None = None
        self._workers: WorkerSet | None = None
        self._moving = asyncio.Lock()
        self._loading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stamp: tuple[int, int, int] | None = None

    async def __aenter__(self) -> Self:
        self._seed = ForkServer()
        await self.move()
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._workers:
            self._workers.close()
        if self._seed:
            await self._seed.close()
            self._seed = None

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot that queries read; None while nothing is published."""
        return self._workers.snapshot if self._workers else None

    @property
    def running(self) -> int:
        """Queries that run in the places for quick ones."""
        return self.admission.running

    @property
    def slow(self) -> int:
        """Queries that run at low priority."""
        return self.admission.slow

    @property
    def waiting(self) -> int:
        """Queries that wait for their turn."""
        return self.admission.waiting

    @property
    def patience(self) -> int:
        """The seconds after which who was turned away may come again."""
        return self.admission.patience

    @property
    def processes(self) -> int:
        """Workers that live."""
        return self._workers.size if self._workers else 0

    async def move(self) -> Snapshot | None:
        """Moves to the snapshot that is current now. Queries under way end on the one that they began with."""
        async with self._moving:
            stamp = self._snapshots.stamp()
            if self._seed and not self._seed.alive:
                await self._seed.close()
                self._seed = ForkServer()
            if self._seed and (stamp != self._stamp or self._workers is None or not self._workers.alive):
                # What is large is read from disk until it is loaded, so that nobody who wrote waits for that.
                later = self._workers is not None
                self._change(await self._open(self._seed, later=later), stamp)
                if later:
                    self._background(self._load(self._seed, stamp))
            return self.snapshot

    async def _load(self, seed: ForkServer, stamp: tuple[int, int, int]) -> None:
        """Moves on from the snapshot on disk to the same in memory, unless another has been published meanwhile."""
        async with self._loading:
            if self._stamp != stamp or not self.snapshot or not self.plan.at_once < self.snapshot.quads <= self.plan.memory_quads:
                return
            workers = await self._open(seed, later=False)
            async with self._moving:
                if self._stamp == stamp and self._seed is seed:
                    self._change(workers, stamp)
                else:
                    workers.close()

    async def _open(self, seed: ForkServer, *, later: bool) -> WorkerSet:
        snapshot, lock = self._snapshots.hold() or (None, None)
        quads = snapshot.quads if snapshot else 0
        memory = quads <= self.plan.memory_quads and not (later and quads > self.plan.at_once)
        size = self.plan.workers + self.plan.spares
        return await WorkerSet.open(seed, snapshot, lock, memory=memory, limits=self.plan.limits, size=size)

    def _change(self, workers: WorkerSet, stamp: tuple[int, int, int]) -> None:
        before, self._workers, self._stamp = self._workers, workers, stamp
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

    def ask(self, question: QueryRequest, client: Client | None = None, seconds: float | None = None) -> QueryExecution:
        """The answer to a question, for as long as a block runs over it; leaving it early ends the query."""
        return QueryExecution(self, pack(question), client or Client(), seconds)

    async def run(self, job: Job, *arguments: Any, client: Client | None = None, seconds: float | None = None) -> bytes:
        """What ``job(store, *arguments)`` gives, a function of a module that a worker runs over its store."""
        async with QueryExecution(self, pack_job(job, arguments), client or Client(), seconds) as reply:
            return await reply.all()

    async def worker(self) -> tuple[Connection, WorkerSet]:
        """A worker that does nothing, after waiting for one; its caller gives it back."""
        while True:
            workers = self._workers
            if workers is None or not workers.alive:
                if self._seed is None:
                    raise StoreError("the pool is closed")
                await self.move()
                continue
            try:
                connection = await workers.take(self.plan.queue_seconds)
            except TimeoutError:
                raise BusyError(self.admission.patience) from None
            if connection and connection.alive:
                return connection, workers
            if connection:
                workers.give_back(connection, usable=False)

    def idle(self) -> tuple[Connection, WorkerSet] | None:
        """A worker that does nothing, where there is one; its caller gives it back."""
        workers = self._workers
        connection = workers.idle() if workers else None
        return (connection, workers) if workers and connection else None
