"""One worker -> its connection: a question goes out, its answer comes back in parts."""

from __future__ import annotations

import asyncio
import pickle
from collections import deque
from collections.abc import Callable
from typing import cast

from graph.errors import GraphError, WorkerError
from graph.query.framing import DATA, ERROR, HEAD, LAST, LEAVING

_HIGH_WATER = 1 << 19
_SHORT = 1 << 17
_OBITUARY_SECONDS = 2.0


class Connection(asyncio.Protocol):
    """One worker: a question goes out, its answer comes back in parts."""

    def __init__(self, number: int, idle_lost: Callable[[Connection], None]) -> None:
        self.number = number
        self.alive = True
        self.obituary: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._idle_lost = idle_lost
        self._transport: asyncio.Transport | None = None
        self._head = bytearray()
        self._error = bytearray()
        self._kind = DATA
        self._left: int | None = None
        self._parts: deque[tuple[int, bytes]] = deque()
        self._held = 0
        self._paused = False
        self._given_up: GraphError | None = None
        self._wanted: asyncio.Future[None] | None = None
        self._heard: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, message: bytes, heard: Callable[[], None] | None = None) -> None:
        """Asks. ``heard`` is called once, when the first part is here or none will come."""
        self._heard = heard
        if self._transport:
            self._transport.write(message)

    def whole(self) -> bytes | None:
        """The whole answer, where that is here."""
        if self._given_up or not self._parts or self._parts[-1][0] & ~LEAVING != LAST:
            return None
        content = self._parts[0][1] if len(self._parts) == 1 else b"".join(part for _, part in self._parts)
        self.alive = self.alive and not self._parts[-1][0] & LEAVING
        self._parts.clear()
        self._held = 0
        return content

    def more(self, heard: Callable[[], None]) -> bool:
        """Whether the beginning of a short answer is here, whose rest will be heard of."""
        waiting = self.alive and not self._given_up and 0 < self._held < _SHORT and self._parts[-1][0] == DATA
        if waiting:
            self._heard = heard
        return waiting

    async def part(self, seconds: float) -> tuple[bytes, bool]:
        """The next bytes and whether they are the last; raises what the worker raised, TimeoutError, or WorkerError when it died."""
        if not self._parts and self.alive:
            await self._wait(seconds)
        if self._given_up:
            raise self._given_up
        if not self._parts:
            raise WorkerError(await self._why())
        kind, content = self._parts.popleft()
        if kind == DATA and self._parts and self._parts[0][0] == DATA:
            # What waited together goes on together.
            pieces = [content]
            while self._parts and self._parts[0][0] == DATA:
                pieces.append(self._parts.popleft()[1])
            content = b"".join(pieces)
        if kind & LEAVING:
            self.alive = False
            kind -= LEAVING
        self._held -= len(content)
        if self._paused and self._held < _HIGH_WATER // 2 and self._transport:
            self._paused = False
            self._transport.resume_reading()
        if kind == ERROR:
            raise pickle.loads(content)  # noqa: S301
        return content, kind == LAST

    def give_up(self, error: GraphError) -> None:
        """The answer is not waited for: who does is told so, and the worker is of no more use."""
        self.alive = False
        self._given_up = error
        self._wake()

    def close(self) -> None:
        """No more is asked; the worker ends when it notices."""
        self.alive = False
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Takes the bytes of answers out of their frames, without waiting for a frame to be whole; errors alone are put together."""
        if self._left is None and not self._head and len(data) >= HEAD.size:
            # Most answers are one frame that comes in one piece.
            kind, length = HEAD.unpack_from(data)
            if len(data) == HEAD.size + length and kind & ~LEAVING == LAST:
                self._take(kind, data[HEAD.size :])
                self._wake()
                return
        view = memoryview(data)
        while view:
            if self._left is None:
                missing = HEAD.size - len(self._head)
                self._head += view[:missing]
                view = view[missing:]
                if len(self._head) < HEAD.size:
                    break
                self._kind, self._left = HEAD.unpack(self._head)
                self._head.clear()
            piece = bytes(view[: self._left])
            view = view[len(piece) :]
            self._left -= len(piece)
            if self._kind & ~LEAVING == ERROR:
                self._error += piece
                piece = bytes(self._error) if not self._left else b""
            if not self._left:
                self._left = None
                self._error.clear()
                self._take(self._kind, piece)
            elif piece:
                self._take(DATA, piece)
        if self._held > _HIGH_WATER and not self._paused and self._parts and self._transport:
            self._paused = True
            self._transport.pause_reading()
        if self._parts:
            self._wake()

    def _take(self, kind: int, content: bytes) -> None:
        self._parts.append((kind, content))
        self._held += len(content)

    def connection_lost(self, _error: Exception | None) -> None:
        self.alive = False
        self._wake()
        self._idle_lost(self)

    async def _wait(self, seconds: float) -> None:
        if seconds <= 0:
            raise TimeoutError
        loop = asyncio.get_running_loop()
        self._wanted = loop.create_future()
        timer = loop.call_later(seconds, self._late, self._wanted)
        try:
            await self._wanted
        finally:
            self._wanted = None
            timer.cancel()

    def _wake(self) -> None:
        if self._wanted and not self._wanted.done():
            self._wanted.set_result(None)
        if self._heard:
            heard, self._heard = self._heard, None
            heard()

    @staticmethod
    def _late(wanted: asyncio.Future[None]) -> None:
        if not wanted.done():
            wanted.set_exception(TimeoutError())

    async def _why(self) -> str:
        """The report of its end comes another way than the end itself."""
        try:
            return await asyncio.wait_for(asyncio.shield(self.obituary), _OBITUARY_SECONDS)
        except TimeoutError:
            return "no reason is known"
