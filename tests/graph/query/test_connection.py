"""Answers taken out of their frames, however the bytes arrive."""

from __future__ import annotations

import asyncio

import pytest

from graph.errors import BadQueryError, WorkerError
from graph.query.connection import Connection
from graph.query.framing import DATA, LAST, LEAVING, frame, pack_error


async def parts(sent: bytes, step: int) -> list[tuple[bytes, bool]]:
    """What a connection gives when the bytes arrive so many at a time."""
    connection = Connection(1, lambda _: None)
    found: list[tuple[bytes, bool]] = []
    for start in range(0, len(sent), step):
        connection.data_received(sent[start : start + step])
    while not found or not found[-1][1]:
        found.append(await connection.part(1))
    return found


async def drain(connection: Connection, taken: list[bytes]) -> None:
    """Takes parts until there are no more."""
    last = False
    while not last:
        content, last = await connection.part(1)
        taken.append(content)


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 64, 10_000])
@pytest.mark.parametrize("pieces", [[b""], [b"a"], [b"abc", b"", b"defghij" * 30, b"k"], [b"x" * 300, b""]])
def test_bytes_come_out_as_they_went_in(pieces: list[bytes], step: int) -> None:
    sent = b"".join(frame(DATA, piece) for piece in pieces[:-1]) + frame(LAST, pieces[-1])
    found = asyncio.run(parts(sent, step))
    assert b"".join(content for content, _ in found) == b"".join(pieces)
    assert [last for _, last in found[:-1]] == [False] * (len(found) - 1)


@pytest.mark.parametrize("step", [1, 6, 10_000])
def test_error_comes_after_what_was_sent_before_it(step: int) -> None:
    async def test() -> None:
        sent = frame(DATA, b"rows") + pack_error(BadQueryError("no", 2, 3))
        connection = Connection(1, lambda _: None)
        for start in range(0, len(sent), step):
            connection.data_received(sent[start : start + step])
        taken: list[bytes] = []
        with pytest.raises(BadQueryError) as caught:
            await drain(connection, taken)
        assert b"".join(taken) == b"rows"
        assert (caught.value.line, caught.value.column) == (2, 3)

    asyncio.run(test())


def test_worker_that_leaves_is_of_no_more_use() -> None:
    async def test() -> None:
        connection = Connection(1, lambda _: None)
        connection.data_received(frame(LAST + LEAVING, b"bye"))
        assert await connection.part(1) == (b"bye", True)
        assert not connection.alive

    asyncio.run(test())


def test_end_without_an_answer_has_a_reason() -> None:
    async def test() -> None:
        connection = Connection(1, lambda _: None)
        connection.obituary.set_result("SIGKILL")
        connection.connection_lost(None)
        with pytest.raises(WorkerError, match="SIGKILL"):
            await connection.part(1)

    asyncio.run(test())


def test_nothing_in_time_is_a_timeout() -> None:
    async def test() -> None:
        with pytest.raises(TimeoutError):
            await Connection(1, lambda _: None).part(0.01)

    asyncio.run(test())
