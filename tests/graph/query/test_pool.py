"""Queries in processes that can be killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat

from graph.errors import (
    BadQueryError,
    BusyError,
    ClientBusyError,
    EvaluationError,
    ForbiddenError,
    MemoryLimitError,
    StoreError,
    TimeLimitError,
    WorkerError,
)
from graph.query.framing import QueryRequest
from graph.query.pool import Client, Pool, PoolPlan, WorkerLimits
from graph.store.embedded_store import DatasetOf, Store
from graph.store.snapshot import Snapshots

JSON = QueryResultsFormat.JSON
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory, or have no /proc")
GRAPH = NamedNode("http://example.org/graph")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c + ?f + ?i + ?l = -1) }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c"
PLAN = PoolPlan(workers=2, slow_workers=2, slow_seconds=0.2, seconds=5, limits=WorkerLimits(100, 100), queue_seconds=5)


def publish(folder: Path, size: int = 300) -> None:
    with Snapshots(folder).draft() as draft:
        draft.replace(
            GRAPH, [Quad(NamedNode(f"http://example.org/{n}"), NamedNode("http://example.org/p"), Literal(n)) for n in range(size)]
        )


@asynccontextmanager
async def opened(folder: Path, **changes: object) -> AsyncIterator[Pool]:
    async with Pool(Snapshots(folder), replace(PLAN, **changes)) as pool:  # type: ignore[arg-type]
        yield pool


async def answer(pool: Pool, text: str, format: QueryResultsFormat | RdfFormat = JSON, **options: object) -> bytes:
    async with pool.ask(QueryRequest(text, format), **options) as reply:  # type: ignore[arg-type]
        return await reply.all()


async def number(pool: Pool, text: str = COUNT) -> int:
    return int(json.loads(await answer(pool, text))["results"]["bindings"][0]["n"]["value"])


def running(test: Callable[[Path], Awaitable[None]]) -> Callable[[Path], None]:
    """The test in an event loop of its own, over a folder with one snapshot."""

    def run(tmp_path: Path) -> None:
        publish(tmp_path)
        asyncio.run(asyncio.wait_for(test(tmp_path), 60))

    run.__name__ = test.__name__
    run.__doc__ = test.__doc__
    return run


@running
async def test_answers_in_the_format_asked_for(folder: Path) -> None:
    async with opened(folder) as pool:
        assert await number(pool) == 300
        assert (await answer(pool, COUNT, QueryResultsFormat.CSV)) == b"n\r\n300\r\n"
        assert (await answer(pool, "CONSTRUCT { <a:a> <a:b> 1 } {}", RdfFormat.N_TRIPLES)).startswith(b"<a:a> <a:b>")


@pytest.mark.parametrize("memory_quads", [0, 1000])
def test_in_memory_and_on_disk_give_the_same(tmp_path: Path, memory_quads: int) -> None:
    publish(tmp_path)

    async def test() -> None:
        async with opened(tmp_path, memory_quads=memory_quads) as pool:
            assert await number(pool, "SELECT (SUM(?o) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == 299 * 150

    asyncio.run(test())


@running
async def test_empty_graphs_are_known_in_memory_too(folder: Path) -> None:
    with Snapshots(folder).draft() as draft:
        draft.replace(NamedNode("http://example.org/empty"), [])
    async with opened(folder) as pool:
        assert await pool.run(graph_names) == b"http://example.org/empty http://example.org/graph"


def graph_names(store: Store) -> bytes:
    return " ".join(sorted(graph.value for graph in store.engine.named_graphs() if isinstance(graph, NamedNode))).encode()


@running
async def test_nothing_published_is_an_empty_store(folder: Path) -> None:
    async with opened(folder / "nowhere") as pool:
        assert pool.snapshot is None
        assert await number(pool) == 0


@running
async def test_dataset_of_the_question_is_read(folder: Path) -> None:
    async with opened(folder) as pool:
        for dataset, expected in ((DatasetOf(), 300), (DatasetOf(union=False), 0), (DatasetOf.of([GRAPH.value], [], union=True), 300)):
            async with pool.ask(QueryRequest(COUNT, QueryResultsFormat.CSV, dataset)) as reply:
                assert await reply.all() == f"n\r\n{expected}\r\n".encode()


@running
async def test_from_wins_over_the_union(folder: Path) -> None:
    async with opened(folder) as pool:
        assert await number(pool, "SELECT (COUNT(*) AS ?n) FROM <http://example.org/other> { ?s ?p ?o }") == 0


@running
async def test_errors_arrive_as_they_were(folder: Path) -> None:
    async with opened(folder) as pool:
        with pytest.raises(BadQueryError) as caught:
            await answer(pool, "SELECT *\n{")
        assert caught.value.line == 2
        with pytest.raises(ForbiddenError, match="SERVICE"):
            await answer(pool, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
        with pytest.raises(EvaluationError):
            await answer(pool, "ASK {}", RdfFormat.TURTLE)
        assert await number(pool) == 300


@running
async def test_slow_query_is_killed_while_others_answer(folder: Path) -> None:
    async with opened(folder, seconds=1.0) as pool:
        slow = [asyncio.create_task(answer(pool, ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0.3)
        assert pool.slow == 2, "slow queries make room"
        assert [await number(pool) for _ in range(20)] == [300] * 20
        for task in slow:
            with pytest.raises(TimeLimitError, match=r"1 seconds"):
                await task
        assert (pool.slow, pool.running) == (0, 0)


@running
async def test_slow_query_beyond_the_room_for_them_ends_when_others_wait(folder: Path) -> None:
    async with opened(folder, workers=1, slow_workers=1, slow_seconds=0.1) as pool:
        first = asyncio.create_task(answer(pool, ENDLESS))
        await asyncio.sleep(0.3)
        second = asyncio.create_task(answer(pool, ENDLESS))
        await asyncio.sleep(0.3)
        assert not second.done(), "nobody waits"
        assert await number(pool) == 300
        with pytest.raises(BusyError):
            await second
        assert not first.done()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


@running
async def test_killed_worker_is_replaced(folder: Path) -> None:
    async with opened(folder, workers=1, spares=0, slow_workers=0, seconds=0.3) as pool:
        for _ in range(4):
            with pytest.raises(TimeLimitError):
                await answer(pool, ENDLESS)
            assert await number(pool) == 300


@linux
@running
async def test_greedy_query_names_the_limit(folder: Path) -> None:
    async with opened(folder) as pool:
        with pytest.raises(MemoryLimitError) as caught:
            await answer(pool, GREEDY)
        assert (caught.value.limit, caught.value.value) == ("query_megabytes", 100)
        assert await number(pool) == 300


@running
async def test_queue_is_bounded(folder: Path) -> None:
    async with opened(folder, workers=1, slow_workers=0, slow_seconds=60, queue=1, queue_seconds=0.5) as pool:
        running = asyncio.create_task(answer(pool, ENDLESS))
        await asyncio.sleep(0.1)
        waiting = asyncio.create_task(answer(pool, COUNT))
        await asyncio.sleep(0.1)
        with pytest.raises(BusyError):
            await answer(pool, COUNT)
        with pytest.raises(BusyError):
            await waiting
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await number(pool) == 300


@running
async def test_who_gives_up_waiting_takes_no_place(folder: Path) -> None:
    async with opened(folder, workers=1, slow_workers=0, slow_seconds=60) as pool:
        running = asyncio.create_task(answer(pool, ENDLESS))
        await asyncio.sleep(0.1)
        waiting = [asyncio.create_task(answer(pool, COUNT)) for _ in range(5)]
        await asyncio.sleep(0.1)
        assert pool.waiting == 5
        for task in (*waiting[:3], running):
            task.cancel()
        results = await asyncio.gather(running, *waiting, return_exceptions=True)
        assert [isinstance(result, bytes) for result in results] == [False, False, False, False, True, True]
        assert (pool.running, pool.waiting) == (0, 0)


@running
async def test_client_has_a_share_and_others_theirs(folder: Path) -> None:
    async with opened(folder, client_queries=1) as pool:
        running = asyncio.create_task(answer(pool, ENDLESS, client=Client("a")))
        await asyncio.sleep(0.1)
        with pytest.raises(ClientBusyError):
            await answer(pool, COUNT, client=Client("a"))
        assert await answer(pool, COUNT, QueryResultsFormat.CSV, client=Client("b")) == b"n\r\n300\r\n"
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


@running
async def test_abandoned_answer_frees_its_worker(folder: Path) -> None:
    async with opened(folder, workers=1, spares=0, slow_workers=0) as pool:
        for _ in range(3):
            async with pool.ask(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", JSON)) as reply:
                assert not reply.whole
        assert await number(pool) == 300


@running
async def test_worker_killed_from_outside_is_an_error_and_replaced(folder: Path) -> None:
    async with opened(folder) as pool:
        victim = asyncio.create_task(pool.run(wait_for_the_end))
        await asyncio.sleep(0.2)
        with pytest.raises(WorkerError, match="SIGKILL"):
            await victim
        assert await number(pool) == 300


def wait_for_the_end(_store: Store) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def end_the_holder(_store: Store) -> bytes:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(10)
    return b""


@running
async def test_holder_killed_from_outside_is_replaced(folder: Path) -> None:
    async with opened(folder) as pool:
        with pytest.raises(WorkerError):
            await pool.run(end_the_holder)
        await asyncio.sleep(0.2)
        assert await number(pool) == 300


@linux
@running
async def test_everything_killed_from_outside_is_replaced(folder: Path) -> None:
    async with opened(folder) as pool:
        with pytest.raises(WorkerError):
            await pool.run(end_the_seed)
        await asyncio.sleep(0.3)
        assert await number(pool) == 300
        publish(folder, 8)
        await pool.move()
        assert await number(pool) == 8


def end_the_seed(_store: Store) -> bytes:
    holder = Path(f"/proc/{os.getppid()}/stat").read_text("ascii").rpartition(")")[2].split()
    os.kill(int(holder[1]), signal.SIGKILL)
    time.sleep(10)
    return b""


@running
async def test_closed_pool_says_so(folder: Path) -> None:
    async with opened(folder) as pool:
        pass
    with pytest.raises(StoreError, match="closed"):
        await number(pool)


@running
async def test_moves_to_the_next_snapshot_between_queries(folder: Path) -> None:
    async with opened(folder) as pool:
        async with pool.ask(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }", QueryResultsFormat.CSV)) as old:
            publish(folder, 7)
            assert pool.stale
            await pool.move()
            assert await number(pool) == 7
            assert (await old.all()).count(b"\n") == 300 * 300 + 1, "what was under way ends on its own snapshot"
        assert not pool.stale


@running
async def test_files_of_a_snapshot_go_when_nobody_reads_it(folder: Path) -> None:
    snapshots = Snapshots(folder, keep=1)
    async with Pool(snapshots, PLAN) as pool:
        for size in (1, 2, 3):
            publish(folder, size)
            await pool.move()
            assert await number(pool) == size
    publish(folder, 4)
    with snapshots.draft():
        pass
    assert len(list((folder / "snapshots").iterdir())) <= 3


@running
async def test_job_runs_over_the_store(folder: Path) -> None:
    async with opened(folder) as pool:
        assert await pool.run(count_above, 289) == b"10"


def count_above(store: Store, least: int) -> bytes:
    numbers = [row["o"] for row in store.select("SELECT ?o { ?s ?p ?o }")]
    return str(sum(int(each.value) > least for each in numbers if isinstance(each, Literal))).encode()


@linux
@running
async def test_million_rows_leave_the_worker_small(folder: Path) -> None:
    async with opened(folder, workers=1, spares=0, slow_workers=0, slow_seconds=60, seconds=60) as pool:
        worker = int((await pool.run(family)).split()[0])
        query = "SELECT ?a ?d ?x { ?a ?b ?c . ?d ?e ?f . VALUES ?x { 1 2 3 4 5 6 7 8 9 10 11 12 } }"
        async with pool.ask(QueryRequest(query, QueryResultsFormat.CSV)) as reply:
            before = most = _resident(worker)
            rows = reply.first.count(b"\n") - 1
            async for part in reply.rest():
                rows += part.count(b"\n")
                most = max(most, _resident(worker))
        assert rows == 300 * 300 * 12
        assert most - before < 16 << 20


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        # The worker made room for another once all was sent.
        return 0


@running
async def test_nothing_is_left_when_the_pool_ends(folder: Path) -> None:
    async with opened(folder) as pool:
        pids = [int(pid) for pid in (await pool.run(family)).split()]
    await asyncio.sleep(0.3)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def family(_store: Store) -> bytes:
    return f"{os.getpid()} {os.getppid()}".encode()
