"""Who runs, who waits, and who makes room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from graph.errors import BusyError, ClientBusyError
from graph.query.admission import Admission, Client, PoolPlan

NEVER = float("inf")


class Query:
    """A query that leaves its place when it is told to make room."""

    def __init__(self, admission: Admission, client: Client, stalled_since: float = NEVER) -> None:
        self.client = client
        self.stalled_since = stalled_since
        self.told: BusyError | None = None
        self._admission = admission

    def make_room(self, error: BusyError) -> None:
        self.told = error
        self._admission.leave(self.client, self)


def running(test: Callable[[Admission], Awaitable[None]], **plan: float) -> None:
    async def run() -> None:
        await test(Admission(PoolPlan(**{"workers": 2, "slow_workers": 4, "queue": 3, **plan})))  # type: ignore[arg-type]

    asyncio.run(run())


def admitted(admission: Admission, address: str, stalled_since: float = NEVER) -> Query:
    client = Client(address)
    assert admission.enter(client) is None
    return Query(admission, client, stalled_since)


def test_places_then_queue_then_refusal() -> None:
    async def test(admission: Admission) -> None:
        first, _ = (admitted(admission, address) for address in "ab")
        turns = [admission.enter(Client(address)) for address in "cde"]
        assert all(turns)
        with pytest.raises(BusyError):
            admission.enter(Client("f"))
        admission.leave(first.client)
        assert turns[0] is not None
        assert turns[0].done()
        assert (admission.running, admission.waiting) == (2, 2)

    running(test)


def test_one_client_has_so_many_queries() -> None:
    async def test(admission: Admission) -> None:
        admitted(admission, "a")
        with pytest.raises(ClientBusyError):
            admission.enter(Client("a"))

    running(test, client_queries=1)


def test_queries_of_one_request_count_as_one() -> None:
    async def test(admission: Admission) -> None:
        page, other = Client("a"), Client("a")
        turns = [admission.enter(page) for _ in range(3)] + [admission.enter(other)]
        with pytest.raises(ClientBusyError):
            admission.enter(Client("a"))
        assert turns[2]
        admission.give_up(turns[2], page)
        admission.leave(page)
        with pytest.raises(ClientBusyError):
            admission.enter(Client("a"))
        admission.leave(page)
        assert admission.enter(Client("a")) is None

    running(test, client_queries=2)


def test_the_service_itself_is_no_client() -> None:
    async def test(admission: Admission) -> None:
        for _ in range(5):
            admission.enter(Client())

    running(test, client_queries=1)


def test_who_fills_the_queue_yields_to_who_has_nothing_in_it() -> None:
    async def test(admission: Admission) -> None:
        greedy = [Client("greedy") for _ in range(5)]
        turns = [admission.enter(client) for client in greedy]
        turn = admission.enter(Client("other"))
        assert turn
        assert turns[4]
        assert isinstance(turns[4].exception(), BusyError), "the latest"
        with pytest.raises(BusyError):
            await admission.wait(turns[4], greedy[4])
        admission.give_up(turns[4], greedy[4])
        assert (admission.running, admission.waiting) == (2, 3)
        # Who has as much as anybody else waits for nobody to go.
        assert admission.enter(Client("third"))
        with pytest.raises(BusyError):
            admission.enter(Client("fourth"))
        with pytest.raises(BusyError):
            admission.enter(Client("greedy"))
        for client in greedy[:2]:
            admission.leave(client)
        assert (admission.running, admission.waiting) == (2, 1)

    running(test)


def test_who_stands_still_yields_its_slow_place() -> None:
    async def test(admission: Admission) -> None:
        slow = []
        for number in range(4):
            slow.append(admitted(admission, f"still {number}", stalled_since=-1.0 - number))
            assert admission.slow_down(slow[-1])
        late = admitted(admission, "reads")
        assert admission.slow_down(late)
        assert [query.told is not None for query in slow] == [False, False, False, True], "the one that stood still for longest"
        assert admission.slow == 4

    running(test)


def test_who_is_computed_keeps_its_slow_place() -> None:
    async def test(admission: Admission) -> None:
        slow = [admitted(admission, f"{number}") for number in range(2)]
        assert all(admission.slow_down(query) for query in slow)
        late = admitted(admission, "late")
        assert not admission.slow_down(late)
        assert all(query.told is None for query in slow)
        # It is overdue, and ends when somebody needs its place.
        other = admitted(admission, "other")
        assert late.told is None
        assert admission.enter(Client("third")) is None
        assert late.told is not None
        assert other.told is None
        assert admission.running == 2

    running(test, slow_workers=2)


def test_one_client_never_holds_all_slow_places() -> None:
    async def test(admission: Admission) -> None:
        greedy = [admitted(admission, "greedy") for _ in range(2)]
        assert all(admission.slow_down(query) for query in greedy)
        third = admitted(admission, "greedy")
        assert admission.slow_down(third)
        fourth = admitted(admission, "greedy")
        assert not admission.slow_down(fourth)
        assert admission.slow_down(admitted(admission, "other"))
        assert all(query.told is None for query in (*greedy, third))

    running(test, slow_workers=4, client_queries=16)


def test_queue_that_forms_later_takes_the_place_of_the_overdue() -> None:
    async def test(admission: Admission) -> None:
        first = admitted(admission, "a")
        admitted(admission, "b")
        turn = admission.enter(Client("c"))
        assert turn is not None
        assert not admission.slow_down(first)
        assert first.told is not None
        assert turn.done()

    running(test, slow_workers=0)


def test_who_gives_up_in_the_moment_of_its_turn_has_gone() -> None:
    async def test(admission: Admission) -> None:
        first, _ = (admitted(admission, address) for address in "ab")
        waits = Client("c")
        turn = admission.enter(waits)
        assert turn is not None
        waiting = asyncio.ensure_future(admission.wait(turn, waits))
        await asyncio.sleep(0)
        # Both hang up at once: the place of the one is given to the other, who is told in the same pass of the loop that it is over.
        admission.leave(first.client)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (admission.running, admission.waiting) == (1, 0)

    running(test)


def test_who_waits_for_too_long_is_told_and_has_no_place() -> None:
    async def test(admission: Admission) -> None:
        first, _ = (admitted(admission, address) for address in "ab")
        waits = Client("c")
        turn = admission.enter(waits)
        assert turn is not None
        with pytest.raises(BusyError):
            await admission.wait(turn, waits)
        admission.leave(first.client)
        assert (admission.running, admission.waiting) == (1, 0)

    running(test, queue_seconds=0.01)
