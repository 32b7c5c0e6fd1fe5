"""The messages of a request's body, turned into its bytes, up to a limit."""

from __future__ import annotations

import asyncio

from starlette.types import Receive

from api.http.errors import BadRequestError, TooLargeError


async def read_body(receive: Receive, kilobytes: int, seconds: float = 60.0) -> bytes:
    """The whole body; raises as soon as it passes a limit, without reading on."""
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, kilobytes)
    except TimeoutError:
        raise BadRequestError(f"请求体未在 {seconds:g} 秒内到达。", f"The body did not arrive within {seconds:g} s.") from None


async def _read(receive: Receive, kilobytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequestError("请求不完整。", "The request broke off.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > kilobytes << 10:
            raise TooLargeError(kilobytes)
        if not message.get("more_body", False):
            return b"".join(parts)
