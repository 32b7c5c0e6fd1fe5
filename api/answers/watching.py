"""Answers that are watched, looked at again after each publication by a worker of the service, and what changed in them written down.

Nothing of it is done for a request. Where the service and a command work on the same folder, the second finds nothing left to do.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import Any, Self

from api.answers.service import OWN, SEPARATE, Service
from graph.errors import BusyError, GraphError, LimitError, NothingPublishedError
from graph.proofs.rows.answer_diff import Comparison, compare, results
from graph.store import watched
from graph.store.embedded_store import DatasetOf
from graph.store.folders import shared
from graph.store.pointer import read_pointer
from graph.store.snapshot import Snapshot
from graph.store.watched import KeptAnswer, Watched

DATASETS: Mapping[str, DatasetOf] = {"own": OWN, "union": DatasetOf(union=True), "separate": SEPARATE}
_PATIENCE = 0.25
_AGAIN = 5.0
"""Seconds after which it is tried again where no worker was free."""


class Watching:
    """What a service does for watched answers whenever it has moved to another snapshot. Open it with ``async with``."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._moved = asyncio.Event()
        self._log = logging.getLogger("zhengce.watching")

    async def __aenter__(self) -> Self:
        if not self._service.settings.remote:
            self._moved.set()
            self._service.on_move.append(self._moved.set)
            self._task = asyncio.get_running_loop().create_task(self._run())
        return self

    async def __aexit__(self, *_error: object) -> None:
        if not self._service.settings.remote:
            self._service.on_move.remove(self._moved.set)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self._moved.wait()
            self._moved.clear()
            try:
                changed = await catch_up(self._service)
            except BusyError:
                await asyncio.sleep(_AGAIN)
                self._moved.set()
            except GraphError as error:
                self._log.error("watched answers", extra={"error": str(error)})
            else:
                if changed:
                    self._log.info("watched answers", extra={"changed": changed})


async def add(service: Service, asked: str, query: str, graphs: str, top: int = 0) -> Watched:
    """Watches the answer to a query from now on, as it is now; one that is watched already stays as it was accepted.

    Raises LimitError where the answer, or the number of those that are watched, is too large.
    """
    data, current = service.settings.data, _current(service)
    said = json.loads(await service.run(results, query, DATASETS[graphs], top))
    answer = KeptAnswer(current.number, current.published.isoformat(), said)
    id = watched.id_of(query, graphs, top)
    made = Watched(id, asked, query, graphs, top, answer, answer, (answer.snapshot, answer.published))
    async with _writing(service):
        known = await asyncio.to_thread(watched.watched, data)
        if any(each.id == id for each in known):
            return watched.named(data, id)
        if len(known) >= watched.MOST:
            zh, en = f"最多关注 {watched.MOST} 个答案。", f"{watched.MOST} answers are watched at most."
            raise LimitError("watched", watched.MOST, zh, en)
        await asyncio.to_thread(watched.put, data, made)
    return made


async def accept(service: Service, id: str) -> Watched:
    """Takes the answer that holds now as the accepted one; where it could not be had, it stays as it was."""
    await catch_up(service)
    async with _writing(service):
        kept = watched.named(service.settings.data, id)
        if kept.reason is None:
            kept = replace(kept, accepted=kept.latest, since=(0, 0))
            await asyncio.to_thread(watched.put, service.settings.data, kept)
    return kept


async def catch_up(service: Service) -> int:
    """Looks at every answer that was not looked at since the snapshot that is served came; how many are another, or could not be had."""
    data, snapshot = service.settings.data, service.snapshot
    if snapshot is None or not await asyncio.to_thread(_behind, service, snapshot):
        return 0
    async with _writing(service):
        looked_at = []
        for each in await asyncio.to_thread(_behind, service, snapshot):
            found = await _looked_at(service, snapshot, each)
            if service.snapshot != snapshot:
                # Others have published meanwhile: what was found may be of either, and is looked for again.
                break
            looked_at.append(found)
        told = [change for _, change in looked_at if change]
        if told:
            # Before the answers themselves: where it ends between the two, a change is told twice rather than never.
            await asyncio.to_thread(watched.put_change, data, snapshot, told, len(looked_at))
        for kept, _ in looked_at:
            await asyncio.to_thread(watched.put, data, kept)
    return len(told)


async def _looked_at(service: Service, snapshot: Snapshot, kept: Watched) -> tuple[Watched, dict[str, Any] | None]:
    """An answer after a look at it, and what changed in it, if anything did."""
    seen = (snapshot.number, snapshot.published.isoformat())
    about = {"id": kept.id, "asked": kept.asked, "before": kept.latest.snapshot}
    with _store_of(service, kept.latest) as path:
        asked = Comparison(kept.query, DATASETS[kept.graphs], kept.top, kept.accepted.results, kept.latest.results, path)
        try:
            said = json.loads(await service.run(compare, asked))
        except BusyError:
            raise
        except GraphError as error:
            reason = {"zh": error.zh, "en": error.en}
            return replace(kept, seen=seen, reason=(error.zh, error.en)), {**about, "reason": reason}
    answer, (came, went) = KeptAnswer(*seen, said.pop("results")), said.pop("since")
    changed = said["added_count"] or said["removed_count"]
    looked_at = replace(kept, latest=answer, seen=seen, since=(came, went), reason=None)
    return looked_at, {**about, **said, "reason": None} if changed else None


def _behind(service: Service, snapshot: Snapshot) -> tuple[Watched, ...]:
    when = snapshot.published.isoformat()
    return tuple(each for each in watched.watched(service.settings.data) if each.seen[1] != when)


def _current(service: Service) -> Snapshot:
    if service.snapshot is None:
        raise NothingPublishedError(str(service.settings.data))
    return service.snapshot


@contextmanager
def _store_of(service: Service, answer: KeptAnswer) -> Iterator[str]:
    """The folder of the store that an answer is of, whose files stay while the block runs; empty where it is kept no more."""
    lock: int | None = None
    path = ""
    try:
        for number in reversed(read_pointer(service.settings.data).published):
            with suppress(GraphError):
                found = service.snapshots.kept(number)
                if found.published.isoformat() == answer.published:
                    lock = shared(found.folder)
                    path = str(found.path) if lock is not None else ""
                    break
        yield path
    finally:
        if lock is not None:
            os.close(lock)


@asynccontextmanager
async def _writing(service: Service) -> AsyncIterator[None]:
    """The one writer of the watched answers; waits for another without keeping the loop."""
    while True:
        with watched.writing(service.settings.data, wait=False) as mine:
            if mine:
                yield
                return
        await asyncio.sleep(_PATIENCE)
