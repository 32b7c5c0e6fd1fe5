"""The name of a dump, turned into its file: the one that is there, or one that a process of its own makes while its askers wait."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

import graph
from api.answers.service import Service
from graph.errors import BusyError, GraphError, WorkerError
from graph.store.dumps import Dump, find
from graph.store.snapshot import Snapshot

_WAITING = 16
"""Files that wait to be made, one after another; more are turned away."""
_SECONDS = 3600.0
"""A process that takes longer is killed."""


class Dumps:
    """The dumps of a service. Open it with ``async with``: leaving the block ends what is under way."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._turn = asyncio.Lock()
        self._making: dict[tuple[int, str], asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        tasks = tuple(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot whose dumps are given; None where nothing is published, or where the data is an engine's elsewhere."""
        return None if self._service.settings.remote else self._service.snapshot

    @property
    def data(self) -> Path:
        """The data folder."""
        return self._service.settings.data

    async def get(self, number: int, name: str, seconds: float | None = None) -> Dump:
        """The file of a name, of a snapshot. Raises BusyError where it is not ready in time: it is made all the same, and
        there for who asks again. Raises UnknownGraphError, UnknownSnapshotError, StoreError, WorkerError."""
        dump = await asyncio.to_thread(find, self.data, number, name)
        if dump is None:
            making = self._making.get((number, name)) or self._start(number, name)
            try:
                await asyncio.wait_for(asyncio.shield(making), self._service.settings.query_seconds if seconds is None else seconds)
            except TimeoutError:
                raise BusyError(self._service.pool.patience) from None
            dump = await asyncio.to_thread(find, self.data, number, name)
        if dump is None:
            raise BusyError(self._service.pool.patience)
        return dump

    def _start(self, number: int, name: str) -> asyncio.Task[None]:
        if len(self._making) >= _WAITING:
            raise BusyError(self._service.pool.patience)
        key = number, name
        task = asyncio.get_running_loop().create_task(self._make(number, name))
        self._making[key] = task

        def done(ended: asyncio.Task[None]) -> None:
            self._making.pop(key, None)
            if not ended.cancelled():
                # Who asked may be gone; nobody else has to hear of it.
                ended.exception()

        task.add_done_callback(done)
        return task

    async def _make(self, number: int, name: str) -> None:
        async with self._turn:
            root = str(Path(str(graph.__file__)).resolve().parents[1])
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-P", "-m", "graph.store.dumps", str(self.data.resolve()), str(number), name),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                said, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
            except TimeoutError:
                raise WorkerError(f"{_SECONDS:g} s") from None
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()
        if process.returncode:
            raise _refusal(said, process.returncode)


def _refusal(said: bytes, code: int) -> Exception:
    """What the process said as it ended."""
    # It is a process of ours, and nothing else writes there.
    error = pickle.loads(said) if said else None  # noqa: S301
    return error if isinstance(error, GraphError) else WorkerError(str(code))
