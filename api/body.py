"""The messages of a request's body, turned into its bytes, up to a limit."""

from __future__ import annotations

from starlette.types import Receive

from api.errors import BadRequestError, TooLargeError


async def read_body(receive: Receive, kilobytes: int) -> bytes:
    """The whole body; raises as soon as it passes the limit, without reading on."""
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
