"""What the server refuses before any door hears of it, as a problem document (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus

_REASONS = {
    HTTPStatus.BAD_REQUEST: ("请求不是有效的 HTTP/1.1。", "The request is not valid HTTP/1.1."),
    HTTPStatus.REQUEST_TIMEOUT: ("请求未及时到齐。", "The request did not arrive in time."),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: ("请求头过大。", "The head of the request is too large."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("连接过多，请稍后再来。", "There are too many connections; come again later."),
}


def refusal(status: HTTPStatus, own_headers: bytes) -> bytes:
    """The whole response, which is the last of its connection."""
    zh, en = _REASONS[status]
    told = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": f"{zh} {en}",
        "detail_zh": zh,
        "detail_en": en,
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    return (
        b"HTTP/1.1 %d %b\r\n%bcontent-type: application/problem+json; charset=utf-8\r\ncache-control: no-store\r\n"
        b"connection: close\r\ncontent-length: %d\r\n\r\n%b" % (status, status.phrase.encode(), own_headers, len(body), body)
    )
