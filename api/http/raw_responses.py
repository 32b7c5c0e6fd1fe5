"""Answers at hand by the bytes of their requests, and the keys under which a request's scope carries what was done for it before."""

from __future__ import annotations

from api.answers.cache import Cache

RAW = "zhengce.request"
"""Where a scope has the bytes of its request, if they are one request without a body."""
PENDING = "zhengce.pending"
"""Where a scope has the query that was executed before the request was taken apart."""


class RawResponses:
    """The answers at hand by the bytes of their requests, and how often they were given."""

    def __init__(self, capacity: int, largest: int) -> None:
        self.kept: Cache[bytes] = Cache(capacity, largest)
        self.given = 0

    def keep(self, request: bytes, start: bytes, body: bytes) -> None:
        """Keeps an answer as it is sent: ``start`` is the status and the headers, to which the server adds its own each time."""
        # Request and answer both stay, and both count.
        if len(request) + len(body) <= self.kept.largest:
            self.kept.put(request, start + body)
