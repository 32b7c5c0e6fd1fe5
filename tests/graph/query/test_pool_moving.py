"""A large snapshot is served from disk as soon as it is published, and from memory once it is loaded."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat

from graph.query.framing import QueryRequest
from graph.query.pool import Pool, PoolPlan, WorkerLimits
from graph.store.embedded_store import Store
from graph.store.snapshot import Snapshots

PLAN = PoolPlan(workers=1, spares=0, limits=WorkerLimits(200, 10), at_once=10)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def publish(folder: Path, size: int) -> None:
    with Snapshots(folder).draft() as draft:
        name = NamedNode("http://example.org/n")
        draft.replace(NamedNode("http://example.org/g"), (Quad(name, name, Literal(number)) for number in range(size)))


def where(store: Store) -> bytes:
    """A job: what is in memory cannot be copied as files."""
    try:
        store.engine.backup("/nonexistent/folder")
    except RuntimeError:
        return b"memory"
    except OSError:
        return b"disk"
    raise AssertionError


async def counted(pool: Pool) -> int:
    async with pool.ask(QueryRequest(COUNT, QueryResultsFormat.JSON)) as reply:
        return int(json.loads(await reply.all())["results"]["bindings"][0]["n"]["value"])


async def loaded(pool: Pool) -> None:
    while pool._tasks:
        await asyncio.sleep(0.01)


def test_what_is_published_is_read_at_once_and_then_loaded(tmp_path: Path) -> None:
    async def run() -> None:
        publish(tmp_path, 100)
        async with Pool(Snapshots(tmp_path), PLAN) as pool:
            assert await pool.run(where) == b"memory"
            publish(tmp_path, 200)
            await pool.move()
            at_once = await pool.run(where)
            assert await counted(pool) == 200
            await loaded(pool)
            assert (at_once, await pool.run(where)) == (b"disk", b"memory")
            assert await counted(pool) == 200

    asyncio.run(run())


def test_only_the_last_of_many_is_loaded(tmp_path: Path) -> None:
    async def run() -> None:
        publish(tmp_path, 100)
        async with Pool(Snapshots(tmp_path), PLAN) as pool:
            for size in (200, 300, 400):
                publish(tmp_path, size)
                await pool.move()
                assert await counted(pool) == size
            await loaded(pool)
            assert await pool.run(where) == b"memory"
            assert await counted(pool) == 400

    asyncio.run(run())


def test_a_service_that_stops_while_it_loads_leaves_nothing_behind(tmp_path: Path) -> None:
    async def run() -> None:
        publish(tmp_path, 100)
        async with Pool(Snapshots(tmp_path), PLAN) as pool:
            publish(tmp_path, 5_000)
            await pool.move()

    asyncio.run(run())


def test_small_snapshots_are_loaded_before_they_are_served(tmp_path: Path) -> None:
    async def run() -> None:
        publish(tmp_path, 1)
        async with Pool(Snapshots(tmp_path), PLAN) as pool:
            publish(tmp_path, 5)
            await pool.move()
            assert await pool.run(where) == b"memory"

    asyncio.run(run())
