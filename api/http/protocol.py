"""Bytes of requests, turned into bytes of answers: at once where they were answered before, quickly where they are plain questions.

A whole GET request that is equal, byte for byte, to an earlier one gets the answer that the earlier one got. A plain question goes to a
worker before the server has taken its request apart. Everything else goes to the server's own protocol, within limits that it does not
have: for the time until a request's headers are complete, and for their size.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.answers.cache import Cache

if TYPE_CHECKING:
    from api.http.fast_path import FastPath, PendingQuery

RAW = "zhengce.request"
"""Where a scope has the bytes of its request, if they are one request without a body."""
PENDING = "zhengce.early"
"""Where a scope has the question that was asked before the request was taken apart."""
_LARGEST = 8 << 10
_PATIENCE = 0.05
"""So many seconds an answer is waited for before the server's own protocol, which sees a client hang up, takes over."""
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?[ \t]*")
_NOT_PLAIN = frozenset((b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"x-request-id"))


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


def protocol(answered: RawResponses, quick: FastPath | None, header_seconds: float, header_kilobytes: int) -> type[HttpToolsProtocol]:
    """The protocol over these answers and within these limits; ``quick`` asks plain questions, where that can be done."""

    class Protocol(HttpToolsProtocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._raw: bytes | None = None
            self._began = 0
            self._patience: asyncio.TimerHandle | None = None
            self._early: PendingQuery | None = None
            self._after = b""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            if self._early:
                self._early.abandon()
                self._early = None
            super().connection_lost(exc)

        def shutdown(self) -> None:
            if self._early:
                # What is under way comes to its end.
                self._pass_on()
            super().shutdown()

        def data_received(self, data: bytes) -> None:
            if self._early:
                # The next request waits until this one is answered.
                self.flow.pause_reading()
                self._after += data
                return
            idle = self.cycle is None or self.cycle.response_complete
            if idle and not self._began:
                ready = answered.kept.get(data)
                if ready is not None and not self.flow.write_paused:
                    self._give(ready)
                    return
                self._raw = data if _is_one_request(data) else None
                if self._raw and quick and self._ask(quick, self._raw):
                    return
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
            if self._early is not None and self._crowded:
                # The server will refuse the request.
                self._early.abandon()
            elif self._early is not None:
                self.scope[PENDING] = self._early  # type: ignore[literal-required]
            super().on_headers_complete()

        @property
        def _crowded(self) -> bool:
            return self.limit_concurrency is not None and max(len(self.connections), len(self.tasks)) >= self.limit_concurrency

        def _ask(self, quick: FastPath, raw: bytes) -> bool:
            """Asks a plain question; whether nothing else needs to be done."""
            if self.flow.write_paused or self._crowded:
                return False
            early = quick.begin(raw, self.scheme or "http", self.client[0] if self.client else "", self._heard)
            if early is None:
                return False
            self._early = early
            if early.asking:
                self._stop_waiting()
                self._unset_keepalive_if_required()
                self._patience = self.loop.call_later(_PATIENCE, self._pass_on)
            else:
                self._heard()
            return True

        def _heard(self) -> None:
            """The worker has said something: an answer goes out, everything else takes the usual way."""
            if self._early is None or quick is None:
                return
            early = self._early
            response = quick.response(early, self._own_headers())
            if response is None:
                if not quick.waits(early):
                    self._pass_on()
                return
            self._early = None
            self._send(response)
            quick.settle(early)
            self._go_on()

        def _pass_on(self) -> None:
            """The server's own protocol takes over."""
            self._stop_waiting()
            early, raw = self._early, self._raw
            if early and raw:
                super().data_received(raw)
                self._early = None
                self._go_on()

        def _go_on(self) -> None:
            """Reads what came meanwhile."""
            if self._after:
                after, self._after = self._after, b""
                self.flow.resume_reading()
                self.data_received(after)

        def _give(self, ready: bytes) -> None:
            answered.given += 1
            status, _, rest = ready.partition(b"\r\n")
            self._send(b"%b\r\n%b%b" % (status, self._own_headers(), rest))

        def _own_headers(self) -> bytes:
            return b"".join(b"%b: %b\r\n" % pair for pair in self.server_state.default_headers)

        def _send(self, response: bytes) -> None:
            self._stop_waiting()
            self._unset_keepalive_if_required()
            self.server_state.total_requests += 1
            self.transport.write(response)
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


@lru_cache(maxsize=1024)
def plain(rest: bytes) -> Mapping[bytes, bytes] | None:
    """The headers of a request by their names in lower case, from the bytes after its first line; None unless they are those of one
    request without a body, on a connection that stays open, that leaves it to the server how to name it.

    >>> plain(b"Host: a\\r\\nAccept: text/csv\\r\\n\\r\\n")
    {b'host': b'a', b'accept': b'text/csv'}
    >>> plain(b"Host: a\\r\\nContent-Length: 0\\r\\n\\r\\n") is None
    True
    """
    if not rest.endswith(b"\r\n\r\n") or rest.count(b"\r\n\r\n") != 1:
        return None
    headers: dict[bytes, bytes] = {}
    for line in rest[:-4].split(b"\r\n"):
        found = _HEADER.fullmatch(line)
        name = found[1].lower() if found else b""
        if not found or name in headers or name in _NOT_PLAIN:
            return None
        headers[name] = found[2] or b""
    if b"host" not in headers or headers.get(b"connection", b"keep-alive").lower() != b"keep-alive":
        return None
    return headers


def _is_one_request(data: bytes) -> bool:
    """Whether these bytes are one whole GET request without a body, on a connection that stays open."""
    if len(data) > _LARGEST or not data.startswith(b"GET "):
        return False
    line, _, rest = data.partition(b"\r\n")
    return line.endswith(b" HTTP/1.1") and plain(rest) is not None
