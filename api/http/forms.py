"""The bytes of a query string or of a form, turned into pairs of names and values, or into the parts that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser

from api.http.errors import BadRequestError

_MOST = 2000
_MOST_PARTS = 100
_LARGEST_HEAD = 8 << 10
_ALONE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
"""A percent sign that begins no escape stands for itself."""
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


def pairs(encoded: bytes) -> list[tuple[str, str]]:
    """The pairs in order; raises UnicodeError where they are not in UTF-8.

    >>> pairs(b"query=ASK+%7B%7D&default")
    [('query', 'ASK {}'), ('default', '')]
    >>> pairs(b"a=100%&b=%zz%41")
    [('a', '100%'), ('b', '%zzA')]
    """
    if encoded.count(b"&") >= _MOST:
        raise BadRequestError("参数过多。", "There are too many parameters.")
    if not encoded.isascii():
        raise UnicodeDecodeError("ascii", encoded, 0, len(encoded), "it is not encoded as a form is")
    # A query is full of escapes, which Python resolves one by one in urllib, and all at once where they look like its own.
    parts = _ALONE.sub(b"%25", encoded).replace(b"\\", b"%5C").replace(b"+", b" ").replace(b"%", b"\\x").split(b"&")
    return [(_decoded(name), _decoded(value)) for name, _, value in (part.partition(b"=") for part in parts if part)]


def parts(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The type and the content of each part of a multipart body (RFC 2046, 5.1); a part that is multipart itself is not taken apart.

    Raises BadRequestError where the body is none, has no end, or has too many parts.

    >>> list(parts("multipart/form-data; boundary=b", b"--b\\r\\nContent-Type: text/turtle\\r\\n\\r\\n<a:a>\\r\\n--b--"))
    [('text/turtle', b'<a:a>')]
    """
    said = Message()
    said["Content-Type"] = content_type
    boundary = said.get_boundary()
    if not boundary or len(boundary) > 70:
        raise BadRequestError("multipart 应说明其 boundary。", "A multipart body needs its boundary in Content-Type.")
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("latin-1", "replace")) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    begun, count = -1, 0
    for found in delimiter.finditer(body):
        if begun >= 0:
            yield _part(body[begun : found.start()])
        if found[1]:
            return
        begun, count = found.end(), count + 1
        if count > _MOST_PARTS:
            raise BadRequestError(f"multipart 最多 {_MOST_PARTS} 部分。", f"A multipart body has {_MOST_PARTS} parts at most.")
    raise BadRequestError("请求体不是 multipart，或没有结尾。", "The body is not multipart, or has no end.")


def _part(content: bytes) -> tuple[str, bytes]:
    end = _EMPTY_LINE.search(content, 0, _LARGEST_HEAD)
    if not end:
        raise BadRequestError("multipart 的一部分没有头。", "A part of the multipart body has no head.")
    return str(BytesHeaderParser().parsebytes(content[: end.end()].lstrip())["content-type"] or ""), content[end.end() :]


def _decoded(text: bytes) -> str:
    return text.decode("unicode_escape").encode("latin-1").decode("utf-8") if b"\\" in text else text.decode("ascii")
