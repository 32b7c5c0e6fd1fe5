"""The bytes of a query string or of a form, turned into pairs of names and values."""

from __future__ import annotations

from urllib.parse import parse_qsl

from api.http.errors import BadRequestError

_MOST = 2000


def pairs(encoded: bytes) -> list[tuple[str, str]]:
    """The pairs in order; raises UnicodeError where they are not in UTF-8.

    >>> pairs(b"query=ASK+%7B%7D&default")
    [('query', 'ASK {}'), ('default', '')]
    """
    if encoded.count(b"&") >= _MOST:
        raise BadRequestError("参数过多。", "There are too many parameters.")
    if encoded.isascii():
        try:
            # A query is full of escapes, which Python resolves one by one in urllib, and all at once where they look like its own.
            parts = encoded.replace(b"\\", b"%5C").replace(b"+", b" ").replace(b"%", b"\\x").split(b"&")
            return [(_decoded(name), _decoded(value)) for name, _, value in (part.partition(b"=") for part in parts if part)]
        except UnicodeDecodeError:
            pass
    return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")


def _decoded(text: bytes) -> str:
    return text.decode("unicode_escape").encode("latin-1").decode("utf-8") if b"\\" in text else text.decode("ascii")
