"""Bytes of requests that were answered before, turned into the bytes of their answers, without reading them again.

A whole GET request that is equal, byte for byte, to an earlier one gets the answer that the earlier one got. Everything else goes to the
server's own protocol, within limits that it does not have: for the time until a request's headers are complete, and for their size.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.cache import Cache

RAW = "zhengce.request"
"""Where a scope has the bytes of its request, if they are one request without a body."""
_LARGEST = 8 << 10


class Answered:
    """The answers at hand by the bytes of their requests, and how often they were given."""

    def __init__(self, capacity: int, largest: int) -> None:
        self.kept: Cache[bytes] = Cache(capacity, largest)
        self.given = 0

    def keep(self, request: bytes, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Keeps an answer in the form in which it is sent; the server adds its own headers each time."""
        lines = [b"%b: %b\r\n" % pair for pair in headers]
        start = b"HTTP/1.1 %d %b\r\n" % (status, HTTPStatus(status).phrase.encode())
        # Request and answer both stay, and both count.
        if len(request) + len(body) <= self.kept.largest:
            self.kept.put(request, start + b"".join(lines) + b"\r\n" + body)


def protocol(answered: Answered, header_seconds: float, header_kilobytes: int) -> type[HttpToolsProtocol]:
    """The protocol over these answers and within these limits."""

    class Protocol(HttpToolsProtocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._raw: bytes | None = None
            self._began = 0
            self._patience: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            idle = self.cycle is None or self.cycle.response_complete
            if idle and not self._began:
                ready = answered.kept.get(data)
                if ready is not None and not self.flow.write_paused:
                    self._give(ready)
                    return
                self._raw = data if _is_one_request(data) else None
            else:
                self._raw = None
            if idle or self._began:
                self._began += len(data)
                if self._patience is None:
                    self._wait()
            super().data_received(data)
            if self._began > header_kilobytes << 10:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

        def on_headers_complete(self) -> None:
            self._began = 0
            self._stop_waiting()
            if self._raw is not None:
                self.scope[RAW] = self._raw  # type: ignore[literal-required]
            super().on_headers_complete()

        def _give(self, ready: bytes) -> None:
            self._stop_waiting()
            self._unset_keepalive_if_required()
            answered.given += 1
            self.server_state.total_requests += 1
            status, _, rest = ready.partition(b"\r\n")
            ours = b"".join(b"%b: %b\r\n" % pair for pair in self.server_state.default_headers)
            self.transport.write(b"%b\r\n%b%b" % (status, ours, rest))
            self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

        def _wait(self) -> None:
            self._patience = self.loop.call_later(header_seconds, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

        def _stop_waiting(self) -> None:
            if self._patience:
                self._patience.cancel()
                self._patience = None

        def _refuse(self, status: HTTPStatus) -> None:
            self._stop_waiting()
            if not self.transport.is_closing():
                self.transport.write(b"HTTP/1.1 %d %b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n" % (status, status.phrase.encode()))
                self.transport.close()

    return Protocol


def _is_one_request(data: bytes) -> bool:
    """Whether these bytes are one whole GET request without a body, on a connection that stays open."""
    if len(data) > _LARGEST or not data.startswith(b"GET ") or not data.endswith(b"\r\n\r\n") or data.count(b"\r\n\r\n") != 1:
        return False
    head = data.lower()
    line = head.partition(b"\r\n")[0]
    marks = (
        b"\r\nconnection: close",
        b"\r\ncontent-length:",
        b"\r\ntransfer-encoding:",
        b"\r\nexpect:",
        b"\r\nupgrade:",
        b"\r\nx-request-id:",
    )
    return line.endswith(b" http/1.1") and not any(mark in head for mark in marks)
