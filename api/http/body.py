"""The messages of a request's body, turned into its bytes, up to a limit."""

from __future__ import annotations

import asyncio
import zlib

from starlette.types import Receive, Scope

from api.http.errors import BadRequestError, TooLargeError, UnsupportedCodingError

CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The codings that a body may have, each with the window bits by which zlib reads it."""
MOST_CODINGS = 2
"""One inside the other; more are of no use to anybody who sends a body."""
_QUICK = 32 << 10
"""Larger bodies are unpacked beside the event loop."""


async def read_body(scope: Scope, receive: Receive, kilobytes: int, seconds: float = 60.0) -> bytes:
    """The whole body, of the length that the request announces; raises as soon as it passes a limit, without reading on.

    Raises BadRequestError where the client hung up, where another length was announced than came, or where an offer of another
    protocol came this far: the server may have dropped the body of such a request.
    """
    try:
        async with asyncio.timeout(seconds):
            body = await _read(receive, kilobytes)
    except TimeoutError:
        raise BadRequestError(f"请求体未在 {seconds:g} 秒内到达。", f"The body did not arrive within {seconds:g} s.") from None
    announced = announced_length(scope)
    if announced is not None and announced != len(body):
        zh, en = f"声明了 {announced} 字节，收到 {len(body)} 字节。", f"{announced} bytes were announced, {len(body)} came."
        raise BadRequestError(zh, en)
    if len(body) <= _QUICK:
        return decoded(scope, body, kilobytes)
    return await asyncio.to_thread(decoded, scope, body, kilobytes)


def decoded(scope: Scope, body: bytes, kilobytes: int) -> bytes:
    """The body without its codings (RFC 9110, 8.4), which hold the same limit. Raises UnsupportedCodingError for one that is not read."""
    named = b",".join(value for name, value in scope["headers"] if name.lower() == b"content-encoding").decode("latin-1").lower()
    codings = [each.strip() for each in named.split(",") if each.strip() not in {"", "identity"}]
    if len(codings) > MOST_CODINGS:
        zh, en = f"请求体至多有 {MOST_CODINGS} 层编码。", f"A body has {MOST_CODINGS} codings at most."
        raise BadRequestError(zh, en)
    for coding in reversed(codings):
        if coding not in CODINGS:
            raise UnsupportedCodingError(coding, tuple(CODINGS))
        unpacker = zlib.decompressobj(CODINGS[coding])
        try:
            body = unpacker.decompress(body, (kilobytes << 10) + 1)
        except zlib.error as error:
            raise BadRequestError(f"请求体不是有效的 {coding}。", f"The body is not valid {coding}.") from error
        if len(body) > kilobytes << 10:
            raise TooLargeError(kilobytes)
        if not unpacker.eof or unpacker.unused_data:
            raise BadRequestError(f"{coding} 请求体不完整。", f"The {coding} body is not complete.")
    return body


def announced_length(scope: Scope) -> int | None:
    """The length of the body as the request announces it; None where it comes in chunks. Raises BadRequestError for an upgrade."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    if b"upgrade" in headers:
        raise BadRequestError(
            "本服务只说 HTTP/1.1，请求不应带 Upgrade。", "This service speaks HTTP/1.1; the request should not offer an upgrade."
        )
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else -1


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
