"""Heads of requests: where they end, what of them goes to the parser, and which are plain."""

from __future__ import annotations

import pytest

from api.http.request_head import Head, end_of_head, passable, plain

LINE = b"GET / HTTP/1.1\r\n"


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"a\r\n\r\nb", 5), (b"a\n\nb", 3), (b"a\r\n\nb", 4), (b"a\r\n", -1), (b"", -1), (b"a\r\r", -1)],
)
def test_a_head_ends_with_an_empty_line(data: bytes, place: int) -> None:
    assert end_of_head(data) == place


@pytest.mark.parametrize(
    ("headers", "length", "chunked"),
    [
        (b"Host: a\r\n\r\n", 0, False),
        (b"Content-Length: 12\r\n\r\n", 12, False),
        (b"content-length :12\r\n\r\n", 12, False),
        (b"Content-Length: x\r\n\r\n", -1, False),
        (b"Content-Length: -1\r\n\r\n", -1, False),
        (b"X-Content-Length: 3\r\n\r\n", 0, False),
        (b"Transfer-Encoding: chunked\r\n\r\n", 0, True),
        (b"Transfer-Encoding:CHUNKED \r\n\r\n", 0, True),
        (b"Transfer-Encoding: gzip, chunked\r\n\r\n", -1, True),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", -1, True),
        (b"Transfer-Encoding:\r\n chunked\r\n\r\n", -1, True),
        (b"X: Transfer-Encoding: chunked\r\n\r\n", 0, False),
    ],
)
def test_how_the_body_ends(headers: bytes, length: int, chunked: bool) -> None:
    assert passable(LINE + headers) == Head(LINE + headers, length, chunked)


@pytest.mark.parametrize("offer", [b"Upgrade: h2c\r\n", b"HTTP2-Settings: AAA\r\n", b"upgrade:h2c\r\n more\r\n"])
def test_offers_of_another_protocol_go_no_further(offer: bytes) -> None:
    assert passable(LINE + offer + b"Host: a\r\n\r\n").content == LINE + b"Host: a\r\n\r\n"
    assert passable(LINE + b"X-Upgrade: h2c\r\n\r\n").content == LINE + b"X-Upgrade: h2c\r\n\r\n"


def test_bytes_outside_ascii_are_escaped_in_the_first_line_alone() -> None:
    said = "GET /低 HTTP/1.1\r\nX: 低\r\n\r\n".encode()
    assert passable(said).content == b"GET /%E4%BD%8E HTTP/1.1\r\nX: " + "低".encode() + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("rest", "headers"),
    [
        (b"Host: a\r\n\r\n", {b"host": b"a"}),
        (b"HOST:a\r\nAccept: text/csv; q=1 \r\n\r\n", {b"host": b"a", b"accept": b"text/csv; q=1"}),
        (b"Host: a\r\nHost: b\r\n\r\n", None),
        (b"Accept: a\r\n\r\n", None),
        (b"Host: a\r\nConnection: close\r\n\r\n", None),
        (b"Host: a\r\nX-Request-Id: 1\r\n\r\n", None),
        (b"Host: a\r\nExpect: 100-continue\r\n\r\n", None),
        (b"Host: a\r\n\r\nHost: b\r\n\r\n", None),
        (b"Host: a\r\n", None),
        (b"Host a\r\n\r\n", None),
        (b"Host: a\r\nA: \xff\r\n\r\n", None),
    ],
)
def test_which_headers_are_plain(rest: bytes, headers: dict[bytes, bytes] | None) -> None:
    assert plain(rest) == headers
