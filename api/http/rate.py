"""How often each client asks, turned into leave to ask once more."""

from __future__ import annotations

import time
from collections.abc import Callable

from api.http.errors import RateError

_MOST_CLIENTS = 10_000


class RateLimiter:
    """A bucket for each client: ``burst`` tokens at most, ``rate`` new ones a second; a rate of 0 sets no limit."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = max(1, burst)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def check(self, client: str) -> None:
        """Takes a token from the client's bucket, or raises where there is none."""
        if not self._rate:
            return
        now = self._clock()
        tokens, then = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - then) * self._rate)
        # Put back at the end: the first one is always who asked longest ago.
        self._buckets[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._buckets) > _MOST_CLIENTS:
            del self._buckets[next(iter(self._buckets))]
        if tokens < 1:
            raise RateError(max(1, round((1 - tokens) / self._rate)))
