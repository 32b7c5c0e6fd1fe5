"""Settings, turned into what every router shares: the snapshots of the data folder and the workers that answer queries over them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Self

from pyoxigraph import QueryResultsFormat, RdfFormat

from api.answers.cache import Cache
from api.answers.remote_engine import endpoint_of
from api.settings import Settings
from graph.errors import GraphError
from graph.query.confinement import missing
from graph.query.framing import Job, QueryRequest
from graph.query.pool import Client, Pool, PoolPlan, Reply, WorkerLimits
from graph.query.remote import Remote
from graph.query.service_relay import ServiceRelay
from graph.store.embedded_store import DatasetOf
from graph.store.snapshot import Snapshot, Snapshots

_WATCH_SECONDS = 0.25
OWN = DatasetOf(union=True, own=True)
"""What pages and the catalogue read: no statement of somebody else's stands there as if a notice said it."""
SEPARATE = DatasetOf(union=False)
"""Every graph under its own name, and what stands in none."""
_ITSELF = Client()
CLIENT: ContextVar[Client] = ContextVar("client", default=_ITSELF)
"""For whom a request is answered. The front sets it once a request, so that no door can ask a worker in nobody's name."""


class Service:
    """What a running service holds. Open it with ``async with``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.snapshots = Snapshots(settings.data, settings.keep_snapshots)
        self._relay = ServiceRelay(settings.service_allow, settings.query_seconds, settings.result_megabytes)
        self.pool: Pool | Remote = (
            Remote(endpoint_of(settings), plan(settings), isolated=settings.isolated)
            if settings.remote
            else Pool(self.snapshots, plan(settings))
        )
        self.answers: Cache[bytes] = Cache(settings.cache_megabytes << 19, settings.cache_answer_kilobytes << 10)
        """The bytes of answers, by question; they are of the snapshot that the pool reads."""
        self.on_move: list[Callable[[], None]] = [self.answers.clear]
        """What is to be done when the pool has moved to another snapshot."""
        self._open = AsyncExitStack()
        self._log = logging.getLogger("zhengce.service")

    async def __aenter__(self) -> Self:
        self._open.enter_context(self._relay)
        limits = replace(self.pool.plan.limits, service=self.settings.service_allow, relay=self._relay.url)
        self.pool.plan = replace(self.pool.plan, limits=limits)
        if not self.settings.remote and (reason := missing(relay=bool(self._relay.url))):
            self._log.warning(reason)
        await self._open.enter_async_context(self.pool)
        watching = asyncio.get_running_loop().create_task(self._watch())
        self._open.callback(watching.cancel)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._open.aclose()

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot that queries read."""
        return self.pool.snapshot

    @property
    def lasting(self) -> bool:
        """Whether an answer stays true until the snapshot changes; an engine elsewhere tells nobody when it changes."""
        return not self.settings.remote

    @property
    def union(self) -> bool:
        """Whether the default graph is the union of all."""
        return self.settings.default_graph == "union"

    async def refresh(self) -> Snapshot | None:
        """Moves to the snapshot that is current now; every query asked after this reads it. Writers call it once they have published."""
        before = self.snapshot
        after = await self.pool.move()
        if before != after:
            for each in self.on_move:
                each()
            self._log.info("snapshot", extra={"snapshot": after.number if after else None, "quads": after.quads if after else 0})
        return after

    async def answer(self, query: str, format: QueryResultsFormat | RdfFormat, dataset: DatasetOf = OWN) -> bytes:
        """The bytes, in a format, of the answer to a query of our own over the current snapshot: the graphs of the service, or others."""
        question = QueryRequest(query, format, dataset)
        kept = self.answers.get(question)
        if kept is None:
            async with self.ask(question) as reply:
                kept = await reply.all()
                self.keep(question, reply.snapshot, kept)
        return kept

    def ask(self, question: QueryRequest, seconds: float | None = None) -> AbstractAsyncContextManager[Reply]:
        """The answer to a question while it comes, for the client of this request; leaving the block early ends the query."""
        return self.pool.ask(question, CLIENT.get(), seconds)

    async def run(self, job: Job, *arguments: Any, seconds: float | None = None) -> bytes:
        """What ``job(store, *arguments)`` gives: a function of a module that runs in a worker, over its store."""
        return await self.pool.run(job, *arguments, client=CLIENT.get(), seconds=seconds)

    def keep(self, question: QueryRequest, snapshot: Snapshot | None, answer: bytes) -> None:
        """Keeps an answer, if it is of the snapshot that is read now."""
        if self.lasting and snapshot == self.snapshot:
            self.answers.put(question, answer)

    async def _watch(self) -> None:
        """Other processes publish too."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if self.pool.stale:
                try:
                    await self.refresh()
                except GraphError as error:
                    self._log.error("snapshot", extra={"error": str(error)})
                    await asyncio.sleep(10 * _WATCH_SECONDS)


def plan(settings: Settings) -> PoolPlan:
    """What the settings say about workers."""
    memory = {"auto": settings.memory_quads, "memory": 1 << 62, "disk": -1}.get(settings.store, 0)
    return PoolPlan(
        workers=max(1, settings.workers),
        slow_workers=settings.slow_workers,
        slow_seconds=settings.slow_seconds,
        spares=settings.spares,
        seconds=settings.query_seconds,
        answer_seconds=settings.answer_seconds,
        limits=WorkerLimits(settings.query_megabytes, settings.result_megabytes),
        queue=settings.queue,
        queue_seconds=settings.queue_seconds,
        client_queries=settings.client_queries,
        memory_quads=memory,
    )
