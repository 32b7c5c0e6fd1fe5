"""An answer that comes in parts, turned into the messages of a response, for as long as its client listens."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable

from starlette.types import Message, Receive, Send

from graph.query.pool import Reply

_WATCH_AFTER = 0.05
WORTH_COMPRESSING = 1024
_QUICK = 64 << 10
"""Of more bytes the packing takes long: it is done beside the event loop, and in the quick way."""


def gzipped(content: bytes) -> bytes:
    """The same in gzip."""
    packer = zlib.compressobj(5 if len(content) <= _QUICK else 1, wbits=31)
    return packer.compress(content) + packer.flush()


class StreamedAnswer:
    """An answer on its way to the client."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]], *, compressed: bool, head: bool) -> None:
        self._send = send
        self._headers = headers
        self._compressed = compressed
        self._head = head

    async def whole(self, content: bytes) -> None:
        """Sends all of it."""
        if self._compressed and len(content) > WORTH_COMPRESSING:
            self._headers.append((b"content-encoding", b"gzip"))
            content = gzipped(content) if len(content) <= _QUICK else await asyncio.to_thread(gzipped, content)
        self._headers.append((b"content-length", str(len(content)).encode()))
        await self._send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await self._send({"type": "http.response.body", "body": b"" if self._head else content})

    async def stream(self, reply: Reply, most: int) -> bytes | None:
        """Sends it part by part, as it comes and no faster than it is taken; gives it back whole where it has at most so many bytes."""
        packer = zlib.compressobj(1, wbits=31) if self._compressed else None
        if packer:
            self._headers.append((b"content-encoding", b"gzip"))
        await self._send({"type": "http.response.start", "status": 200, "headers": self._headers})
        if self._head:
            await self._send({"type": "http.response.body"})
            return None
        kept: list[bytes] | None = [reply.first]
        size = len(reply.first)
        await self._part(packer.compress(reply.first) + packer.flush(zlib.Z_SYNC_FLUSH) if packer else reply.first)
        async for part in reply.rest():
            size += len(part)
            kept = [*kept, part] if kept and size <= most else None
            await self._part(packer.compress(part) if packer else part)
        await self._send({"type": "http.response.body", "body": packer.flush() if packer else b""})
        return b"".join(kept) if kept else None

    async def _part(self, content: bytes) -> None:
        if content:
            await self._send({"type": "http.response.body", "body": content, "more_body": True})


class Listening:
    """Ends the block, silently, when the client hangs up before ``done`` is set or ``complete`` says that its answer has been sent.

    Answers within milliseconds do not pay for it.
    """

    def __init__(self, receive: Receive, complete: Callable[[], bool] = bool) -> None:
        self.done = False
        self._receive = receive
        self._complete = complete
        self._gone = False
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Listening:
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(_WATCH_AFTER, self._listen)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> bool:
        self._timer.cancel()
        if self._listening:
            self._listening.cancel()
        if self._gone and kind and issubclass(kind, asyncio.CancelledError) and self._task:
            self._task.uncancel()
            return True
        return False

    def _listen(self) -> None:
        async def listen() -> None:
            message: Message = {"type": ""}
            while message["type"] != "http.disconnect":
                message = await self._receive()
            if self._task and not self.done and not self._complete():
                self._gone = True
                self._task.cancel()

        self._listening = asyncio.get_running_loop().create_task(listen())
