"""A plain GET request with a question, turned into a question to a worker, and its answer into the bytes of the response.

Most questions are answered within a millisecond, of which the layers of the server and of the application would take the greater part.
What is plain to the last byte is therefore asked as soon as its bytes are here. Whatever then turns out not to be plain (an error, a long
answer, a long wait) goes through these layers after all, with the question under way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from api.answers.service import Service
from api.http import negotiation
from api.http.errors import RequestError
from api.http.forms import pairs
from api.http.gateway import SECURITY, SHARED, Gateway, Key, is_host, key
from api.http.request_head import plain
from api.http.streaming import WORTH_COMPRESSING, gzipped
from api.routes.sparql import PATHS, SparqlEndpoint, asked_by, changes, start
from graph.errors import GraphError
from graph.query.execution import QueryExecution
from graph.query.framing import QueryRequest
from graph.query.pool import Client, Pool

_LINE = re.compile(rb"GET (%b)\?([!-\"$-~]+) HTTP/1\.1" % "|".join(PATHS).encode())
_NOT_QUICK = frozenset((b"if-none-match", b"authorization", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto"))
"""Requests with these go the usual way, where it is known which proxies are believed."""


@dataclass(slots=True)
class PendingQuery:
    """A question that is asked before its request is taken apart by the server. ``content`` is its answer where that was at hand."""

    raw: bytes
    question: QueryRequest
    key: Key
    offer: negotiation.Offer
    compressed: bool
    client: str
    began: float
    asking: QueryExecution | None = None
    content: bytes | None = None
    current: bool = False
    """Whether the answer is of the snapshot that is read now."""
    start: bytes = b""
    """The head of the response as it is kept,"""
    body: bytes = b""
    """and what follows it."""
    request_id: bytes = b""

    def abandon(self) -> None:
        """Ends the question, where nobody took it over."""
        if self.asking:
            self.asking.abandon()


@lru_cache(maxsize=64)
def _block(offer: negotiation.Offer) -> bytes:
    """The headers that every answer in a format has."""
    headers = [*start(offer, lasting=True), *SECURITY, *SHARED]
    return b"".join(b"%b: %b\r\n" % header for header in headers)


class FastPath:
    """The questions of an endpoint that are plain, within what the front allows and counts."""

    def __init__(self, front: Gateway, endpoint: SparqlEndpoint, service: Service, pool: Pool) -> None:
        self._front = front
        self._pool = pool
        self._endpoint = endpoint
        self._service = service

    def begin(self, raw: bytes, scheme: str, client: str, heard: Callable[[], None]) -> PendingQuery | None:
        """Asks what a request asks, if a worker does nothing; ``heard`` is called when it has said something.

        None where the request is not plain.
        """
        began = time.perf_counter()
        line, _, rest = raw.partition(b"\r\n")
        headers = plain(rest)
        target = _LINE.fullmatch(line)
        if headers is None or target is None or not is_host(headers[b"host"]) or not headers.keys().isdisjoint(_NOT_QUICK):
            return None
        name, query = target[1].decode(), target[2]
        accept = _text(headers, b"accept")
        if name == PATHS[0] and self._endpoint.prefers_page(accept):
            return None
        try:
            asked = asked_by(pairs(query))
            if asked.seconds is not None or asked.accept is not None or asked.evidence or changes(asked.text):
                return None
            address = self._endpoint.address(scheme, _text(headers, b"host") or "", name)
            question, offer = self._endpoint.question(asked, accept, address)
            compressed = negotiation.takes_gzip(_text(headers, b"accept-encoding"))
            early = PendingQuery(raw, question, key("GET", scheme, name, query, headers), offer, compressed, client, began)
            self._front.admit(client)
        except (RequestError, GraphError, UnicodeError):
            return None
        early.content = self._service.answers.get(question)
        if early.content is None:
            asking = self._pool.ask(question, Client(client))
            early.asking = asking if asking.start(heard) else None
        return early

    def waits(self, early: PendingQuery) -> bool:
        """Whether the rest of an answer will be heard of."""
        return early.asking is not None and early.asking.more()

    def response(self, early: PendingQuery, default: bytes) -> bytes | None:
        """The response, with the server's own headers; None where there is more to it than a whole answer."""
        asking = early.asking
        content = asking.take() if asking else early.content
        if content is None:
            return None
        early.current = asking is None or asking.snapshot == self._service.snapshot
        body, coding = content, b""
        if early.compressed and len(content) > WORTH_COMPRESSING:
            body, coding = gzipped(content), b"content-encoding: gzip\r\n"
        tag = b"etag: %b\r\n" % self._front.etag(early.key) if early.current else b""
        block = b"%b%b%bcontent-length: %d\r\n" % (_block(early.offer), coding, tag, len(body))
        early.request_id = self._front.request_id()
        early.content, early.body, early.start = content, body, b"HTTP/1.1 200 OK\r\n%bcache-status: zhengce; hit\r\n\r\n" % block
        return b"HTTP/1.1 200 OK\r\n%b%bx-request-id: %b\r\n\r\n%b" % (default, block, early.request_id, body)

    def settle(self, early: PendingQuery) -> None:
        """Keeps, counts and logs a response, which is on its way by now."""
        if early.current and early.content is not None:
            self._front.keep_bytes(early.raw, early.start, early.body)
            if early.asking:
                self._service.keep(early.question, early.asking.snapshot, early.content)
        scope = {"method": "GET", "path": early.key[2], "client": (early.client, 0)}
        self._front.done(scope, 200, early.began, len(early.body), early.request_id, at_hand=early.asking is None)


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("ascii")
