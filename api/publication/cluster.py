"""Files, built by the workers of a Dask cluster: each goes there as bytes and comes back as the packed entry of its notice.

A worker needs the package and nothing else: no folder is shared, and the vocabulary is the package's own. One that was installed otherwise
than the program here is refused before anything is built. What was under way on a worker that dies is built again on another; results are
fetched one by one, so that neither the scheduler nor this process holds more than a few.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import uuid4

from api.publication.builder import Builder, Parcel, built_apart
from api.publication.errors import ClusterError
from api.publication.publish import program
from ingest.limits import ReadLimits
from ontology.errors import ZhengceError

try:
    import dask
    from distributed import Client, Future, KilledWorker, Worker, WorkerPlugin, get_worker, wait
except ImportError as missing:
    raise ClusterError.not_installed(missing) from missing

_AHEAD = 3
"""Files that each thread of a worker has waiting."""
_LOOK = 2.0
"""Seconds between two looks at who is there."""
_CONNECT = 10.0
"""Seconds within which the scheduler answers."""
_NO_WORKER = 60.0
"""Seconds that a run waits for a worker where there is none (any more): one that was lost is begun again by whoever runs the cluster."""


class Builders(WorkerPlugin):
    """The builders of a worker, one for each of its threads that has work: processes beside it, which a file may end."""

    def __init__(self, wanted: str, limits: ReadLimits) -> None:
        self.wanted = wanted
        self.limits = limits

    def setup(self, worker: Worker) -> None:
        """Refuses a worker with another program."""
        if program() != self.wanted:
            raise ClusterError.other_program(worker.address, program(), self.wanted)
        self.idle: list[Builder] = []

    def teardown(self, worker: Worker) -> None:
        """Ends the processes."""
        for builder in self.idle:
            builder.close()


def _build(plugin: str, parcel: Parcel) -> bytes | ZhengceError:
    """What a worker does."""
    builders = cast(Builders, get_worker().plugins[plugin])
    return built_apart(builders.idle, parcel, builders.limits)


def built_on(address: str, parcels: Iterator[Parcel], limits: ReadLimits) -> Iterator[tuple[int, bytes | ZhengceError]]:
    """Each file with its packed entry or the reason why there is none, in whatever order they are done; raises ClusterError.

    A file over which worker after worker dies is built here, by a process of its own.
    """
    with _client(address) as client:
        name = f"zhengce-{uuid4().hex}"
        with _asked(address):
            client.register_plugin(Builders(program(), limits), name=name)
        here: list[Builder] = []
        under_way: dict[Future[Any], Parcel] = {}
        try:
            for future in _done(address, client, under_way, parcels, name):
                parcel = under_way.pop(future)
                try:
                    with _asked(address):
                        made = future.result()
                except KilledWorker:
                    made = built_apart(here, parcel, limits)
                yield parcel.place, made
        finally:
            _end(client, name, list(under_way))
            for builder in here:
                builder.close()


def _done(
    address: str, client: Client, under_way: dict[Future[Any], Parcel], parcels: Iterator[Parcel], plugin: str
) -> Iterator[Future[Any]]:
    """The tasks that are done; as many wait as keep all workers busy, and none is left out where one dies."""
    last = time.monotonic()
    rest: Iterator[Parcel] | None = parcels
    while True:
        with _asked(address):
            threads = sum(client.nthreads().values())
            while rest is not None and len(under_way) < max(1, _AHEAD * threads):
                parcel = next(rest, None)
                if parcel is None:
                    rest = None
                else:
                    under_way[client.submit(_build, plugin, parcel, pure=False)] = parcel
            if not under_way:
                return
            try:
                with client.as_current():
                    done = wait(list(under_way), timeout=_LOOK, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done = set()
        if done or threads:
            last = time.monotonic()
        elif time.monotonic() - last > _NO_WORKER:
            raise ClusterError.no_worker(address, _NO_WORKER)
        yield from done


@contextmanager
def _client(address: str) -> Iterator[Client]:
    # A file of the size that is allowed is no mistake of whoever sends it.
    quiet = {"distributed.admin.large-graph-warning-threshold": "1 GiB"}
    with dask.config.set(quiet), _asked(address):
        client = Client(address, timeout=_CONNECT, set_as_default=False, name=f"zhengce-{os.getpid()}")
    with dask.config.set(quiet):
        try:
            yield client
        finally:
            client.close(timeout=_CONNECT)


@contextmanager
def _asked(address: str) -> Iterator[None]:
    """Turns what goes wrong between here and the cluster into our error; what a worker could not do over a file is none of it."""
    try:
        yield
    except (ZhengceError, KilledWorker):
        raise
    except Exception as error:
        raise ClusterError.of(address, error) from error


def _end(client: Client, plugin: str, left: list[Any]) -> None:
    """Leaves the cluster as it was, as far as it still answers."""
    try:
        client.cancel(left)
        client.unregister_worker_plugin(plugin)
    except Exception:  # noqa: BLE001 - it is gone, or not to be reached: what is told is why the run ended
        return
