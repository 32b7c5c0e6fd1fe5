"""What happened to requests and what workers do, turned into the text that Prometheus reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from api.answers.service import Service

_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class MeasuredService(Protocol):
    """What holds bytes."""

    size: int


class Metrics(Collector):
    """The figures of one application."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.ready: MeasuredService | None = None
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "zhengce_requests", "Requests by method, address and status.", ("method", "path", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "zhengce_request_seconds", "Time to the end of a response.", ("path",), buckets=_SECONDS, registry=self.registry
        )
        self._counters: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._at_hand = 0
        self.raw: Callable[[], int] = lambda: 0
        """How many answers the server gave without asking anybody,"""
        self.raw_bytes: Callable[[], int] = lambda: 0
        """and what it keeps for that."""
        self.registry.register(self)

    def count(self, method: str, path: str, status: int, seconds: float, *, at_hand: bool) -> None:
        """One more response."""
        if at_hand:
            # The fastest answers: nothing is looked up for them.
            self._at_hand += 1
            return
        key = (method if method in _METHODS else "other", path or "other", status)
        counters = self._counters.get(key)
        if counters is None:
            counters = self._requests.labels(key[0], key[1], str(status)), self._seconds.labels(key[1])
            self._counters[key] = counters
        counters[0].inc()
        counters[1].observe(seconds)

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """What others know, as it is now."""
        pool = self._service.pool
        snapshot = self._service.snapshot
        yield CounterMetricFamily("zhengce_ready_answers", "Responses given from the cache or as 304.", self._at_hand + self.raw())
        ended = CounterMetricFamily("zhengce_queries", "Queries by how they ended.", labels=("end",))
        for how, times in pool.ended.items():
            ended.add_metric((how,), times)
        yield ended
        for name, help, value in (
            ("queries_running", "Queries that run.", pool.running + pool.slow),
            ("queries_slow", "Queries that run at low priority.", pool.slow),
            ("queries_waiting", "Queries that wait for a worker.", pool.waiting),
            ("workers", "Processes that answer queries.", pool.processes),
            (
                "cache_bytes",
                "Bytes of kept answers and of the questions that they are found by.",
                self._service.answers.size + self.raw_bytes() + (self.ready.size if self.ready else 0),
            ),
            ("snapshot", "The number of the snapshot that is served.", snapshot.number if snapshot else 0),
            ("quads", "The quads of the snapshot.", snapshot.quads if snapshot else 0),
        ):
            yield GaugeMetricFamily(f"zhengce_{name}", help, value)


_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"))


def create_router(metrics: Metrics) -> APIRouter:
    """The address ``/metrics``."""
    router = APIRouter(tags=["operations"])

    @router.get("/metrics", summary="Figures for Prometheus · 运行指标")
    async def figures() -> Response:
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})

    return router
