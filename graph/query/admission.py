"""Queries that come -> queries that may run: places, a queue before them, and who makes room when others wait.

A query runs in one of few places; one that has run for long, or whose answer waits to be read, moves to a slow place, if there is one for
its client. Where there is none it keeps its place until somebody waits for it. A query whose client does not read what is ready for it
holds a place and needs none: it is the first to yield.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from graph.errors import BusyError, ClientBusyError
from graph.query.worker import WorkerLimits


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """How many queries run at once, how long they may wait and run, and where the store is read."""

    workers: int = 2
    slow_workers: int = 8
    slow_seconds: float = 0.5
    unread_seconds: float = 0.1
    """A query whose client takes nothing of what is ready for so long goes on in a slow place."""
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

    stalled_seconds: float = 1.0
    """A client that takes nothing of its answer for so long yields to others."""


@dataclass(frozen=True, slots=True, eq=False)
class Client:
    """Who asks, in the course of one request: the queries of a request count as one of those that its address may have."""

    address: str = ""
    """Empty where the service asks for itself: then nothing is counted."""


class Admitted(Protocol):
    """A query that has a place."""

    client: Client

    @property
    def stalled_since(self) -> float:
        """Since when its client takes nothing of what is ready, by the clock of the event loop; infinity while it is computed."""

    def make_room(self, error: BusyError) -> None:
        """Ends the query at once and leaves its place; whoever reads its answer is told so."""


class ClientQueries:
    """The queries under way, by address and request."""

    def __init__(self, most: int, patience: int) -> None:
        """``most`` requests of an address may have queries under way; others may come again after ``patience`` seconds."""
        self._most = most
        self._patience = patience
        self._of: dict[str, Counter[Client]] = {}

    def check(self, client: Client) -> None:
        """Raises ClientBusyError where as many requests of the same address have queries under way as may."""
        requests = self._of.get(client.address, ())
        if client.address and client not in requests and len(requests) >= self._most:
            raise ClientBusyError(self._most, self._patience)

    def add(self, client: Client) -> None:
        """One more query is under way."""
        self._of.setdefault(client.address, Counter())[client] += 1

    def remove(self, client: Client) -> None:
        """One of its queries is over."""
        requests = self._of[client.address]
        requests[client] -= 1
        if not requests[client]:
            del requests[client]
        if not requests:
            del self._of[client.address]

    def number(self, address: str) -> int:
        """The queries of an address that are under way."""
        return self._of[address].total() if address in self._of else 0


class Admission:
    """The places of a pool."""

    def __init__(self, plan: PoolPlan) -> None:
        self.plan = plan
        self.running = 0
        self._queue: dict[asyncio.Future[None], Client] = {}
        self._clients = ClientQueries(plan.client_queries, self.patience)
        self._slow: dict[Admitted, None] = {}
        self._overdue: dict[Admitted, None] = {}
        """Those that have run for long without a slow place, the longest first."""

    @property
    def slow(self) -> int:
        """Queries in slow places."""
        return len(self._slow)

    @property
    def waiting(self) -> int:
        """Queries that wait for their turn."""
        return len(self._queue)

    @property
    def patience(self) -> int:
        """The seconds after which who was turned away may come again."""
        return max(1, round(self.plan.queue_seconds / 2))

    def enter(self, client: Client) -> asyncio.Future[None] | None:
        """Takes one of the places for queries that run, or gives the turn that is to be waited for with ``wait``."""
        self._clients.check(client)
        if self.running >= self.plan.workers and not self._queue:
            self._make_room()
        turn: asyncio.Future[None] | None = None
        if self.running < self.plan.workers and not self._queue:
            self.running += 1
        elif len(self._queue) >= self.plan.queue and not self._shorten(client):
            raise BusyError(self.patience)
        else:
            turn = asyncio.get_running_loop().create_future()
            self._queue[turn] = client
        self._clients.add(client)
        return turn

    async def wait(self, turn: asyncio.Future[None], client: Client) -> None:
        """Waits in the queue; whoever gives up or waits for too long has no place and no turn any more."""
        try:
            # wait_for of Python 3.11 forgets that it was cancelled where the turn comes in the same moment: the query would run for nobody.
            async with asyncio.timeout(self.plan.queue_seconds):
                await turn
        except TimeoutError:
            self.give_up(turn, client)
            raise BusyError(self.patience) from None
        except asyncio.CancelledError:
            self.give_up(turn, client)
            raise

    def give_up(self, turn: asyncio.Future[None], client: Client) -> None:
        """Leaves the queue, or the place that the turn has given meanwhile."""
        self._queue.pop(turn, None)
        if turn.done() and not turn.cancelled():
            if turn.exception() is None:
                self.leave(client)
        else:
            turn.cancel()
            self._clients.remove(client)

    def slow_down(self, query: Admitted) -> bool:
        """Moves a query that has run for long to a slow place; False where there is none for its client.

        Then it is overdue: it ends as soon as somebody waits for its place.
        """
        mine = sum(other.client.address == query.client.address for other in self._slow)
        full = len(self._slow) >= self.plan.slow_workers
        crowding = bool(query.client.address) and mine >= max(1, self.plan.slow_workers * 3 // 4)
        if (full or crowding) and (stalled := self._stalled(query.client.address if crowding and not full else None)):
            stalled.make_room(BusyError(self.patience))
            full = crowding = False
        if full or crowding:
            self._overdue[query] = None
            if self._queue:
                self._make_room()
            return False
        self._overdue.pop(query, None)
        self._slow[query] = None
        self.free()
        return True

    def leave(self, client: Client, query: Admitted | None = None) -> None:
        """The query is over: its place is free, among the slow ones or among the others."""
        self._clients.remove(client)
        if query is not None:
            self._overdue.pop(query, None)
        if query is not None and query in self._slow:
            del self._slow[query]
        else:
            self.free()

    def free(self) -> None:
        """A place is free: the next in the queue takes it, of the client with the fewest queries under way."""
        while self._queue:
            turn = min(self._queue, key=lambda each: self._clients.number(self._queue[each].address))
            del self._queue[turn]
            # Who gave up a moment ago may still stand in the queue.
            if not turn.done():
                turn.set_result(None)
                return
        self.running -= 1

    def _stalled(self, address: str | None) -> Admitted | None:
        """The slow query whose client has taken nothing for longest, if that is long enough; of one address, where one is named."""
        before = asyncio.get_running_loop().time() - self.plan.stalled_seconds
        slow_queries = [query for query in self._slow if address is None or query.client.address == address]
        longest = min(slow_queries, key=lambda query: query.stalled_since, default=None)
        return longest if longest is not None and longest.stalled_since < before else None

    def _shorten(self, client: Client) -> bool:
        """Turns away the latest query of the address with the most in the queue, where that has more than the one that comes."""
        waiting = Counter(each.address for each in self._queue.values() if each.address)
        address, most = max(waiting.items(), key=lambda pair: pair[1], default=("", 0))
        if most <= waiting[client.address] + 1:
            return False
        turn = next(turn for turn in reversed(self._queue) if self._queue[turn].address == address)
        self._clients.remove(self._queue.pop(turn))
        if not turn.done():
            turn.set_exception(BusyError(self.patience))
        return True

    def _make_room(self) -> None:
        """One of those that are overdue ends, stalled ones first."""
        query = min(self._overdue, key=lambda each: each.stalled_since, default=None)
        if query is not None:
            query.make_room(BusyError(self.patience))
