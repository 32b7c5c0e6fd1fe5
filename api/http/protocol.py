"""Bytes of requests, turned into bytes of answers: at once where they were answered before, quickly where they are plain questions.

A whole GET request that is equal, byte for byte, to an earlier one gets the answer that the earlier one got. A plain question goes to a
worker before its request is taken apart. Everything else goes to uvicorn's protocol, request by request: only a head that is whole, of an
allowed size and without the offer of another protocol reaches its parser, which drops the body of a request that offers an upgrade; and
only when the request before it is answered, so that an answer is never taken for that of another, whatever follows on the connection.
What this class uses of uvicorn's is named in ``USED`` and asserted by a test; uvicorn is pinned to the version it was written for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.chunked_body import Chunks, framed
from api.http.connections import Connections, break_off
from api.http.fast_path_protocol import Fast
from api.http.raw_responses import PENDING, RAW, RawResponses
from api.http.refusals import refusal
from api.http.request_head import Head, end_of_head, is_one_request, passable
from api.http.until_close import end_with_connection

USED = (
    "cycle", "client", "flow", "limit_concurrency", "loop", "parser", "scheme", "scope", "server_state",
    "timeout_keep_alive", "timeout_keep_alive_task", "transport", "url", "_unset_keepalive_if_required",
)  # fmt: skip
"""The attributes of uvicorn's protocol that this one uses beside the methods it overrides."""

_PATIENCE = 0.05
"""So many seconds an answer is waited for before uvicorn's protocol, which sees a client hang up, takes over."""
_PIECE = 16 << 10
"""So many bytes of chunks are read in one go: others have their turn in between."""
_GRACE = 1.0
"""Who says that nothing more will be sent may still listen, and has gone after so many seconds at the latest."""
_SLOW_AFTER = 5.0
"""A body that has been on its way for so many seconds"""
_SLOWEST = 1000
"""with fewer bytes a second does not keep its connection where others need one."""
_EXEMPT = (b"/health",)
"""What is answered however many connections there are."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all connections of a server share."""

    raw: RawResponses
    fast: Fast | None
    connections: Connections
    header_seconds: float
    """For a head, and for the rest of a body whose request is answered already."""
    header_bytes: int
    body_seconds: float
    """For a body, whoever reads it; the doors have shorter limits of their own."""
    answer_seconds: float
    """For what is ready to be read: who takes nothing of it for so long has gone."""


class HttpProtocol(HttpToolsProtocol):
    """One connection. Make it with ``functools.partial(HttpProtocol, shared)`` as uvicorn's ``http``."""

    def __init__(self, shared: Shared, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shared = shared
        self._head = bytearray()
        """Of a head that is not whole yet."""
        self._body_left = 0
        self._chunks: Chunks | None = None
        """Of a body that is still to come."""
        self._raw: bytes | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._body_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._body_began = 0.0
        self._body_bytes = 0
        """Of the body that is on its way, as far as they are here."""
        self._pending: Any | None = None
        self._after = b""
        """What came while an answer was waited for."""
        self._silent = False
        """Whether nothing more will come."""
        self._crowded = False

    @property
    def address(self) -> str:
        """The address of the client."""
        return self.client[0] if self.client else ""

    @property
    def idle(self) -> bool:
        """Whether nothing is asked on it now, or nothing that is worth a place: what is left of a body nobody waits for, or trickles."""
        if self._pending is not None:
            return False
        if self.cycle is None or self.cycle.response_complete or self.transport.is_closing():
            return True
        seconds = self.loop.time() - self._body_began
        return self._receiving and seconds > _SLOW_AFTER and self._body_bytes < seconds * _SLOWEST

    def yield_place(self) -> None:
        """Closes the connection, which is idle, at once."""
        if self.transport.get_write_buffer_size():
            break_off(self.transport)
        else:
            self.transport.close()

    @property
    def _receiving(self) -> bool:
        """Whether more of a body is to come."""
        return self._body_left > 0 or self._chunks is not None

    @property
    def _answering(self) -> bool:
        """Whether a request is here whole, and its answer is not."""
        return self._pending is not None or (self.cycle is not None and not self.cycle.response_complete and not self._receiving)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._crowded = not self._shared.connections.add(self)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._shared.connections.remove(self)
        self._stop_waiting()
        self._stop_body()
        if self._unread_timer:
            self._unread_timer.cancel()
        if self._pending:
            self._pending.abandon()
            self._pending = None
        super().connection_lost(exc)

    def shutdown(self) -> None:
        if self._pending:
            # What is under way comes to its end.
            self._pass_on()
        super().shutdown()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Who hangs up, and who only closes the sending half, say the same: an answer under way gets a moment to reach the latter."""
        self._silent = True
        if self._answering:
            self.loop.call_later(_GRACE, self._close)
        return self._answering

    def data_received(self, data: bytes) -> None:
        if self._after:
            # What came before comes first.
            self._after += data
            return
        while data and not self.transport.is_closing():
            if self._answering:
                # The next request waits until this one is answered.
                self._keep(data)
                return
            if self._body_left:
                part, data = data[: self._body_left], data[self._body_left :]
                self._body_left -= len(part)
                self._body_bytes += len(part)
                super().data_received(part)
                self._end_body()
            elif self._chunks:
                before = len(data)
                data = self._take_chunks(self._chunks, data)
                self._body_bytes += before - len(data)
                self._end_body()
            else:
                data = self._take_head(data)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        if self.parser.should_upgrade():
            # No offer passes the head; whatever did so all the same would lose its body.
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        if self._raw is not None:
            self.scope[RAW] = self._raw  # type: ignore[literal-required]
        if self._pending is not None:
            self.scope[PENDING] = self._pending  # type: ignore[literal-required]
        # uvicorn refuses a request where its limit of connections is reached: 0 always is.
        self.limit_concurrency = 0 if self._crowded and self.url.partition(b"?")[0] not in _EXEMPT else None
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and self.scope["http_version"] == "1.0":
            end_with_connection(self.cycle)

    def on_response_complete(self) -> None:
        self._shared.connections.use(self)
        super().on_response_complete()
        if self._receiving:
            self._await_body(self._shared.header_seconds)
        if self.transport.is_closing():
            self._await_reader()
        self._go_on()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread_timer and not self.transport.is_closing():
            self._unread_timer.cancel()
            self._unread_timer = None

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._await_reader()

    def send_400_response(self, msg: str) -> None:
        """What the parser refuses is refused in our words."""
        self._refuse(HTTPStatus.BAD_REQUEST)

    def _take_head(self, data: bytes) -> bytes:
        """Takes what belongs to a head; gives back what follows it, once it is whole and passed on."""
        if not self._head and data[0] in b"\r\n":
            # Empty lines before a request say nothing (RFC 9112, 2.2).
            return data.lstrip(b"\r\n")
        quiet = self.cycle is None or self.cycle.response_complete
        if quiet and not self._head and (ready := self._shared.raw.kept.get(data)) is not None and not self.flow.write_paused:
            self._give(ready)
            return b""
        if not self._head and self._timer is None:
            self._unset_keepalive_if_required()
            self._wait()
        searched = max(0, len(self._head) - 3)
        self._head += data
        end = end_of_head(self._head[searched:])
        whole = end >= 0
        if (searched + end if whole else len(self._head)) > self._shared.header_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if not whole or self.transport.is_closing():
            return b""
        content, rest = bytes(self._head[: searched + end]), bytes(self._head[searched + end :])
        self._head.clear()
        self._raw = content if quiet and not rest and is_one_request(content) else None
        if not (self._raw and self._ask(self._raw)):
            self._pass(passable(content))
        return rest

    def _take_chunks(self, chunks: Chunks, data: bytes) -> bytes:
        """Takes what belongs to a body in chunks; gives back what follows it. What is too much for one go is kept for the next."""
        try:
            content, rest = chunks.read(data[:_PIECE])
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return b""
        if chunks.done:
            self._chunks = None
        if frame := framed(content, last=chunks.done):
            super().data_received(frame)
        if chunks.done or len(data) <= _PIECE:
            return rest + data[_PIECE:]
        self._keep(data[_PIECE:])
        self.loop.call_soon(self._go_on)
        return b""

    def _keep(self, data: bytes) -> None:
        self.flow.pause_reading()
        self._after += data

    def _pass(self, head: Head) -> None:
        if head.length < 0:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        self._chunks = Chunks() if head.chunked else None
        self._body_left = 0 if head.chunked else head.length
        if self._receiving:
            self._body_began, self._body_bytes = self.loop.time(), 0
            self._await_body(self._shared.body_seconds)
        super().data_received(head.content)

    def _ask(self, raw: bytes) -> bool:
        """Asks a plain question; whether nothing else needs to be done."""
        fast = self._shared.fast
        if fast is None or self.flow.write_paused or self._crowded:
            return False
        pending = fast.begin(raw, self.scheme or "http", self.address, self._heard)
        if pending is None:
            return False
        self._pending = pending
        if pending.asking:
            self._stop_waiting()
            self._unset_keepalive_if_required()
            self._timer = self.loop.call_later(_PATIENCE, self._pass_on)
        else:
            self._heard()
        return True

    def _heard(self) -> None:
        """The worker has said something: an answer goes out, everything else takes the usual way."""
        fast, pending = self._shared.fast, self._pending
        if pending is None or fast is None:
            return
        response = fast.response(pending, self._own_headers())
        if response is None:
            if not fast.waits(pending):
                self._pass_on()
            return
        self._pending = None
        self._send(response)
        fast.settle(pending)
        self._go_on()

    def _pass_on(self) -> None:
        """uvicorn's protocol takes over."""
        self._stop_waiting()
        if self._pending and self._raw:
            self._pass(passable(self._raw))
            self._pending = None
            self._go_on()

    def _go_on(self) -> None:
        """Reads what came meanwhile."""
        if self._after and not self.transport.is_closing():
            after, self._after = self._after, b""
            self.flow.resume_reading()
            self.data_received(after)
        if self._silent and not self._after and not self._answering:
            self._close()

    def _give(self, ready: bytes) -> None:
        self._shared.raw.given += 1
        status, _, rest = ready.partition(b"\r\n")
        self._send(b"%b\r\n%b%b" % (status, self._own_headers(), rest))

    def _own_headers(self) -> bytes:
        return b"".join(b"%b: %b\r\n" % pair for pair in self.server_state.default_headers)

    def _send(self, response: bytes) -> None:
        self._stop_waiting()
        self._shared.connections.use(self)
        self.server_state.total_requests += 1
        self.transport.write(response)
        self._keep_alive()

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self._shared.header_seconds, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _await_body(self, seconds: float) -> None:
        self._stop_body()
        self._body_timer = self.loop.call_later(seconds, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _stop_body(self) -> None:
        if self._body_timer:
            self._body_timer.cancel()
            self._body_timer = None

    def _end_body(self) -> None:
        """Nothing more of a body is waited for where it is whole; after the answer, the connection is kept as after any other."""
        if self._receiving or self._body_timer is None:
            return
        self._stop_body()
        if self.cycle is not None and self.cycle.response_complete and not self.transport.is_closing():
            self._keep_alive()

    def _keep_alive(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _await_reader(self) -> None:
        """Who takes nothing of what is ready is not waited for without end, and what is ready is not held for it."""
        if self._unread_timer is None:
            self._unread_timer = self.loop.call_later(self._shared.answer_seconds, break_off, self.transport)

    def _close(self) -> None:
        self.transport.close()
        self._await_reader()

    def _refuse(self, status: HTTPStatus) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if self._receiving and self.cycle is not None and self.cycle.response_started:
            # The request has an answer, and gets no second one.
            self._close()
            return
        self.transport.write(refusal(status, self._own_headers()))
        self._close()
