"""The text of a query, turned into result bytes by an engine elsewhere that speaks the SPARQL Protocol.

``Remote`` has the face of ``Pool``: what asks the one may ask the other. The engine has its own limits and its own default graph; this
keeps no data, so any number of processes may stand beside each other.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http.client import HTTPResponse
from tempfile import SpooledTemporaryFile
from typing import Any, Self

from pyoxigraph import QueryResultsFormat

from graph.errors import BusyError, EngineAwayError, MovingError, TimeLimitError
from graph.query.admission import Client, ClientQueries
from graph.query.endpoint import Endpoint, next_part
from graph.query.framing import Job, QueryRequest
from graph.query.isolation import one_snapshot, spooled
from graph.query.pool import PoolPlan, Reply
from graph.query.portable import portable
from graph.query.remote_store import Kept, RemoteStore
from graph.sparql.search_service import ELSEWHERE, refuse_searches
from graph.sparql.service_guard import relayed
from graph.store.snapshot import Snapshot

__all__ = ["Remote", "RemoteStore"]

_PAUSE = 0.25
"""Seconds until an engine that is between two snapshots is asked again."""


class Remote:
    """An endpoint elsewhere. Open it with ``async with``."""

    def __init__(self, endpoint: Endpoint | str, plan: PoolPlan, *, isolated: bool = True) -> None:
        """``isolated``: the engine never shows a query a part of an update. Otherwise it has one address."""
        self._isolated = isolated
        self.endpoint = Endpoint((endpoint,)) if isinstance(endpoint, str) else endpoint
        self.plan = plan
        self.snapshot: Snapshot | None = None
        self.stale = False
        self.running = self.slow = self.waiting = self.processes = 0
        self.ended: Counter[str] = Counter()
        self.patience = max(1, round(plan.queue_seconds / 2))
        self._places = asyncio.Semaphore(plan.workers + plan.slow_workers)
        self._clients = ClientQueries(plan.client_queries, self.patience)
        self._kept: dict[str, Kept] = {}
        """What was read of the snapshots that the engine held last: two, where a replica is behind."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None

    async def move(self) -> Snapshot | None:
        """Nothing to move to: the engine has no snapshots."""
        return None

    def ask(self, question: QueryRequest, client: Client | None = None, seconds: float | None = None) -> AbstractAsyncContextManager[Reply]:
        """The answer to a question, for as long as the block runs."""
        own = question.dataset.own and question.format == QueryResultsFormat.JSON
        return self._own(question, client, seconds) if own else self._answer(question, client, seconds)

    async def run(self, job: Job, *arguments: Any, client: Client | None = None, seconds: float | None = None) -> bytes:
        """What ``job(store, *arguments)`` gives, over a store whose every look is a query to the engine; all of one snapshot."""
        async with self._place(client or Client()):
            answer: bytes = await self._limited(lambda limit: self._job(job, arguments, limit), seconds)
            return answer

    def _job(self, job: Job, arguments: tuple[Any, ...], limit: float) -> bytes:
        """The answer of a job to which one replica answered, and published nothing meanwhile."""
        failure: EngineAwayError | MovingError | None = None
        for replica in self.endpoint.replicas():
            try:
                return self._tried(job, arguments, replica, limit)
            except (EngineAwayError, MovingError) as error:
                failure = error
        raise failure or BusyError(self.patience)

    def _tried(self, job: Job, arguments: tuple[Any, ...], replica: Endpoint, limit: float) -> bytes:
        """The same of one replica."""
        token = ""
        try:
            with one_snapshot(replica, limit) as (token, alone):
                content: bytes = job(RemoteStore(replica, limit, self._read_before(token, alone=alone)), *arguments)
        except (MovingError, EngineAwayError, TimeLimitError):
            # What was read meanwhile may be of either snapshot.
            self._kept.pop(token, None)
            raise
        return content

    def _read_before(self, token: str, *, alone: bool) -> Kept:
        """What was read of a snapshot; nothing where the engine does not name the one that it holds."""
        if not token:
            return Kept()
        kept = self._kept.get(token) or Kept(alone=alone)
        self._kept = {**dict([*self._kept.items()][-1:]), token: kept}
        kept.make_room()
        return kept

    async def _limited(self, work: Any, seconds: float | None) -> Any:
        """What the work gives, done in a thread within the time of a question; again while the engine is between two snapshots."""
        limit = min(self.plan.seconds, seconds or self.plan.seconds)
        until = time.monotonic() + limit
        moving: MovingError | None = None
        while True:
            left = max(0.0, until - time.monotonic())
            try:
                return await asyncio.wait_for(asyncio.to_thread(work, left), left)
            except MovingError as error:
                moving = error
                await asyncio.sleep(_PAUSE)
            except (TimeoutError, TimeLimitError):
                if moving:
                    raise moving from None
                self.ended["TimeLimitError"] += 1
                raise TimeLimitError(limit) from None

    @asynccontextmanager
    async def _own(self, question: QueryRequest, client: Client | None, seconds: float | None) -> AsyncIterator[Reply]:
        """The whole answer to a question of the service's own, the same from each engine."""
        asked = portable(relayed(question.text))
        async with self._place(client or Client()):
            content = asked.answer(await self._limited(lambda limit: self._read(question, asked.text, limit), seconds))
            yield Reply(content, True, None, _nothing)
            self.ended["answered"] += 1

    @asynccontextmanager
    async def _answer(self, question: QueryRequest, client: Client | None, seconds: float | None) -> AsyncIterator[Reply]:
        limit = min(self.plan.seconds, seconds or self.plan.seconds)
        refuse_searches(question.text, *ELSEWHERE)
        text = relayed(question.text)
        async with self._place(client or Client()):
            response = await self._limited(lambda limit: self._asked(question, text, limit), seconds)

            async def more() -> tuple[bytes, bool]:
                try:
                    part = await asyncio.wait_for(asyncio.to_thread(next_part, response, self.endpoint.queries[0]), limit)
                except TimeoutError:
                    raise TimeLimitError(limit) from None
                return part, not part

            try:
                first, whole = await more()
                yield Reply(first, whole, None, more)
                self.ended["answered"] += 1
            finally:
                response.close()

    def _asked(self, question: QueryRequest, text: str, limit: float) -> HTTPResponse | SpooledTemporaryFile[bytes]:
        """The answer while it comes, where it is of one snapshot whatever happens; else whole."""
        return self.endpoint.ask(question, text, limit) if self._isolated else self._spooled(question, text, limit)

    def _read(self, question: QueryRequest, text: str, limit: float) -> bytes:
        if self._isolated:
            return self.endpoint.read(question, text, limit)
        with self._spooled(question, text, limit) as answer:
            return answer.read()

    def _spooled(self, question: QueryRequest, text: str, limit: float) -> SpooledTemporaryFile[bytes]:
        return spooled(self.endpoint, question, text, limit, self.plan.limits.result_megabytes)

    @asynccontextmanager
    async def _place(self, client: Client) -> AsyncIterator[None]:
        self._clients.check(client)
        if self._places.locked() and self.waiting >= self.plan.queue:
            raise BusyError(self.patience)
        self._clients.add(client)
        try:
            await self._turn()
            self.running += 1
            try:
                yield
            finally:
                self.running -= 1
                self._places.release()
        finally:
            self._clients.remove(client)

    async def _turn(self) -> None:
        self.waiting += 1
        try:
            async with asyncio.timeout(self.plan.queue_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise BusyError(self.patience) from None
        finally:
            self.waiting -= 1


async def _nothing() -> tuple[bytes, bool]:
    return b"", True
