"""Answers to HTTP/1.0, which knows no chunks: what has no length is sent as it comes and ends with its connection (RFC 9112, 6.3)."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.http.connections import breaks_when_closed


def end_with_connection(cycle: RequestResponseCycle) -> None:
    """Has the answer of a request, if it has no length, end with the connection. One that is not whole ends with an error instead."""
    send, transport = cycle.send, cycle.transport
    unbounded = False

    async def sent(message: Any) -> None:
        nonlocal unbounded
        if message["type"] == "http.response.start":
            unbounded = not any(name.lower() == b"content-length" for name, _ in message.get("headers", ()))
            if unbounded:
                # What uvicorn would send in chunks it sends as it is, so many bytes at a time as were announced to it.
                cycle.chunked_encoding = False
                breaks_when_closed(transport, breaks=True)
        elif unbounded:
            cycle.expected_content_length = len(message.get("body", b""))
            if not message.get("more_body", False):
                await cycle.flow.drain()
                breaks_when_closed(transport, breaks=False)
        await send(message)

    cycle.send = sent  # type: ignore[method-assign]
