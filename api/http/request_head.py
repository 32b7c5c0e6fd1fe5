"""The bytes of a request's head -> what may reach the parser: no offer of another protocol, no byte outside ASCII in its target.

https://www.rfc-editor.org/rfc/rfc9112#name-message-format
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_LARGEST_PLAIN = 8 << 10
_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?[ \t]*")
_NOT_PLAIN = frozenset((b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"x-request-id"))
_OFFER = re.compile(rb"^(?:upgrade|http2-settings)[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_ANY_LENGTH = re.compile(rb"^content-length", re.IGNORECASE | re.MULTILINE)
_CODING = re.compile(rb"^transfer-encoding[ \t]*:([^\n]*)\n", re.IGNORECASE | re.MULTILINE)
_OUTSIDE = re.compile(rb"[\x80-\xff]")
_RANGE = re.compile(rb"[ \t]*(\d{0,18})-(\d{0,18})[ \t]*")


@dataclass(frozen=True, slots=True)
class Head:
    """A head as it goes to the parser, and how its body ends: after ``length`` bytes, or (``chunked``) with its last chunk.

    ``length`` is -1 where a length is announced that is none, or a coding of the body that is not known here.
    """

    content: bytes
    length: int
    chunked: bool


def end_of_head(data: bytes | bytearray) -> int:
    """The place after the empty line that ends a head; -1 where it is not here yet.

    >>> end_of_head(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nrest"), end_of_head(b"GET / HTTP/1.1\\r\\nHo")
    (27, -1)
    """
    end = _END.search(data)
    return end.end() if end else -1


def passable(head: bytes) -> Head:
    """The head without offers of another protocol (RFC 9110, 7.8: a server may ignore them, and then serves the request as it is),
    bytes outside ASCII in its first line as percent escapes (RFC 3987, 3.1). How the body ends is read as the parser reads it; where a
    head says it twice, the parser refuses.

    >>> passable("GET /?q=低 HTTP/1.1\\r\\nUpgrade: h2c\\r\\nContent-Length: 3\\r\\n\\r\\n".encode())
    Head(content=b'GET /?q=%E4%BD%8E HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r\\n', length=3, chunked=False)
    """
    line, end, rest = head.partition(b"\n")
    if _OUTSIDE.search(line):
        line = _OUTSIDE.sub(lambda byte: b"%%%02X" % byte[0][0], line)
    offered = _OFFER.search(rest)
    content = line + end + (_OFFER.sub(b"", rest) if offered else rest)
    length = _LENGTH.search(rest)
    announced = int(length[1]) if length else -1 if _ANY_LENGTH.search(rest) else 0
    codings = [coding.strip().lower() for coding in _CODING.findall(rest)]
    return Head(content, announced if codings in ([], [b"chunked"]) else -1, bool(codings))


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
        header = _HEADER.fullmatch(line)
        name = header[1].lower() if header else b""
        if not header or name in headers or name in _NOT_PLAIN:
            return None
        headers[name] = header[2] or b""
    if b"host" not in headers or headers.get(b"connection", b"keep-alive").lower() != b"keep-alive":
        return None
    return headers


def is_one_request(data: bytes) -> bool:
    """Whether these bytes are one whole GET request without a body, on a connection that stays open."""
    if len(data) > _LARGEST_PLAIN or not data.startswith(b"GET "):
        return False
    line, _, rest = data.partition(b"\r\n")
    return line.endswith(b" HTTP/1.1") and plain(rest) is not None


def is_range(written: bytes) -> bool:
    """Whether the value of Range names ranges of bytes (RFC 9110, 14.1.2).

    >>> is_range(b"bytes=0-9, -5"), is_range(b"bytes=9-0"), is_range(b"items=0-9")
    (True, False, False)
    """
    unit, _, ranges = written.partition(b"=")
    found = [_RANGE.fullmatch(each) for each in ranges.split(b",")]
    return unit.lower() == b"bytes" and all(
        each and (each[1] or each[2]) and int(each[1] or 0) <= int(each[2] or each[1]) for each in found
    )
