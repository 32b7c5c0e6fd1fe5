"""Settings, turned into what every router shares: the snapshots of the data folder and the function that answers a query with bytes."""

from __future__ import annotations

from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat
from pyoxigraph import Store as Engine

from api.settings import Settings
from graph.snapshot import Snapshots
from graph.store import DatasetOf, Store
from graph.wire import Job


class Service:
    """What a running service holds. Open it with ``async with``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.snapshots = Snapshots(settings.data, settings.keep_snapshots)

    async def __aenter__(self) -> Service:
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None

    @property
    def ready(self) -> bool:
        """Whether there is a snapshot to answer from."""
        return self.snapshots.current() is not None

    async def run(self, job: Job, *arguments: Any) -> bytes:
        """What ``job(store, *arguments)`` gives over the current snapshot."""
        current = self.snapshots.current()
        return job(Store.open(current.path) if current else Store(Engine()), *arguments)

    async def answer(self, query: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        """The bytes, in a format, of the answer to a query over the current snapshot."""
        current = self.snapshots.current()
        store = Store.open(current.path) if current else Store(Engine())
        answer = store.answer(query, DatasetOf(union=self.settings.default_graph == "union"))
        if isinstance(answer, QuerySolutions | QueryBoolean):
            return answer.serialize(format=format) if isinstance(format, QueryResultsFormat) else b""  # type: ignore[return-value]
        return answer.serialize(format=format) if isinstance(format, RdfFormat) else b""  # type: ignore[return-value]
