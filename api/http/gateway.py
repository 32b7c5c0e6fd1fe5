"""Every request on its way in and every response on its way out: answers at hand are given at once, the rest is marked, counted, logged.

What a GET gives depends on the snapshot and the request alone, so its ETag is made of these two before anything is computed.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus
from itertools import count

from pyoxigraph import NamedNode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers.cache import Cache
from api.answers.service import CLIENT, Service
from api.http.errors import BadRequestError, RequestError
from api.http.head import is_range
from api.http.metrics import Metrics
from api.http.problem_documents import REQUEST_ID, problem, unforeseen
from api.http.rate import RateLimiter
from api.http.raw_responses import PENDING, RAW, RawResponses
from api.http.streaming import Listening
from graph.errors import BusyError, GraphError
from graph.query.pool import Client
from graph.store.snapshot import Snapshot

Headers = list[tuple[bytes, bytes]]
Key = tuple[object, ...]
"""What the answer to a request depends on, beside the snapshot."""

_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"content-security-policy", _POLICY.encode()),
]
SHARED: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Cache-Status, ETag, Link, Retry-After, X-Request-Id"),
]
_PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, QUERY, OPTIONS"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
_ASKING = (b"accept", b"accept-encoding", b"accept-language", b"host", b"cookie")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_MOST_NAMES = 32
_FREE = ("/static/", "/health", "/metrics")
"""What is no question, and may be asked at any rate."""
HEAD = "zhengce.head"
"""Marks the scope of a GET that was a HEAD: a large body need not be read."""
MOST_PARAMETERS = 200
"""The parameters of an address; those of /sparql, which name graphs, are counted where they are read."""
HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{0,5})?")
"""https://www.rfc-editor.org/rfc/rfc9110#field.host: a name or an address, and a port."""
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A whole response, with the ETag it was given under."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes

    def __len__(self) -> int:
        return len(self.body) + 1024


class Gateway:
    """The outermost layer. ``direct`` are applications that answer an address without the framework,
    ``answered`` the answers that the server gives without asking anybody. ``build`` names the software: with another one the same
    address may show another page."""

    def __init__(
        self,
        app: ASGIApp,
        service: Service,
        metrics: Metrics,
        direct: Mapping[str, ASGIApp],
        answered: RawResponses | None,
        *,
        build: str = "",
    ) -> None:
        self._app = app
        self._service = service
        self._metrics = metrics
        self._direct = direct
        self._ready: Cache[StoredResponse] = Cache(service.settings.cache_megabytes << 19, service.settings.cache_answer_kilobytes << 10)
        self._answered = answered
        self._run = secrets.token_hex(4).encode()
        self._numbers = count(1)
        self._rates = RateLimiter(service.settings.rate, service.settings.burst)
        self._build = build
        self._stamped: tuple[Snapshot | None, str] = (None, build)
        self._log = logging.getLogger("zhengce.requests") if service.settings.log != "errors" else None
        self._log_all = service.settings.log == "all"
        metrics.ready = self._ready
        service.on_move.append(self._ready.clear)
        if answered:
            service.on_move.append(answered.kept.clear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hosted = valid_host(scope)
        given = combined(scope["headers"])
        scope = {**scope, "headers": list(given.items())} if len(given) < len(scope["headers"]) else scope
        request_id = given.get(b"x-request-id", b"")
        if not _REQUEST_ID.fullmatch(request_id):
            request_id = self.request_id()
        handling = _Handling(self, scope, send, request_id)
        if not hosted:
            error = BadRequestError(
                "Host 应为一个主机名，可带端口。", "One Host was expected: a name or an address, and a port where there is one."
            )
            await problem(error, scope["path"])(scope, receive, handling.send)
            return
        scope = handling.scope = _without_slash(scope)
        if scope["query_string"].count(b"&") >= MOST_PARAMETERS and scope["path"] not in self._direct:
            zh, en = f"一个地址最多 {MOST_PARAMETERS} 个参数。", f"An address has {MOST_PARAMETERS} parameters at most."
            await problem(BadRequestError(zh, en), scope["path"])(scope, receive, handling.send)
            return
        method = scope["method"]
        if method == "OPTIONS" and b"access-control-request-method" in given and not _writes(scope["path"]):
            await handling.send({"type": "http.response.start", "status": 204, "headers": _preflight(given)})
            await handling.send({"type": "http.response.body"})
            return
        if method in {"GET", "HEAD"} and self._service.lasting:
            handling.key = key(method, scope["scheme"], sent_path(scope), scope["query_string"], given)
            ready = self._ready.get(handling.key)
            # HEAD says what GET says (RFC 9110, 9.3.2).
            handling.etag = ready.etag if ready else self.etag(("GET", *handling.key[1:]))
            if b"if-none-match" in given and handling.etag in given[b"if-none-match"]:
                await handling.give(StoredResponse(304, [], b"", handling.etag))
                return
            if ready:
                await handling.give(ready)
                return
        await self._ask(scope, receive, handling)

    async def _ask(self, scope: Scope, receive: Receive, handling: _Handling) -> None:
        app = self._direct.get(scope["path"], self._app)
        if any(name == b"range" and not is_range(value) for name, value in scope["headers"]):
            # RFC 9110, 14.2: a range of another unit, or that is none, is passed over.
            scope = handling.scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"range"]}
        if scope["method"] == "HEAD" and app is self._app and not _writes(scope["path"]):
            # The framework answers HEAD only where it is told to; the server leaves the body out by itself.
            scope = handling.scope = {**scope, "method": "GET", HEAD: True}
        address = scope["client"][0] if scope.get("client") else ""
        asking = CLIENT.set(Client(address))
        try:
            if not scope["path"].startswith(_FREE) and PENDING not in scope:
                self.admit(address)
            await self._call(app, {**scope, REQUEST_ID: handling.request_id.decode()}, receive, handling)
        except (RequestError, GraphError) as error:
            if handling.status:
                fields = {"request_id": handling.request_id.decode(), "path": scope["path"], "error": str(error)}
                logging.getLogger("zhengce.errors").warning("broken off", extra=fields)
                raise
            await problem(error, scope["path"])(scope, receive, handling.send)
        except asyncio.CancelledError:
            # The server stops, and has waited as long as it may.
            if handling.status:
                raise
            await problem(BusyError(self._service.pool.patience), scope["path"])(scope, receive, handling.send)
        except Exception:
            # The last place where anything unforeseen can be told: to the client by its id, to the log in full.
            logging.getLogger("zhengce.errors").exception("unforeseen", extra={"request_id": handling.request_id.decode()})
            if handling.complete:
                # The framework has told it.
                return
            if handling.status:
                raise
            await unforeseen(handling.request_id.decode())(scope, receive, handling.send)
        finally:
            CLIENT.reset(asking)
            if PENDING in scope:
                scope[PENDING].abandon()

    async def _call(self, app: ASGIApp, scope: Scope, receive: Receive, handling: _Handling) -> None:
        """What is computed for a page ends when nobody waits for it, and is no longer under way; what may write is never broken off."""
        if app is not self._app or scope["method"] not in {"GET", "HEAD"}:
            await app(scope, receive, handling.send)
            return
        async with Listening(receive, lambda: handling.complete):
            await app(scope, receive, handling.send)

    def admit(self, client: str) -> None:
        """Counts one more question of a client; raises RateError where it asks too often."""
        self._rates.check(client)

    def request_id(self) -> bytes:
        """A name for a request that brought none."""
        return b"%s%08x" % (self._run, next(self._numbers))

    def etag(self, key: Key) -> bytes:
        """The mark of the answer to a request over the snapshot that is read now."""
        snapshot = self._service.snapshot
        if snapshot is not self._stamped[0]:
            self._stamped = snapshot, f"{self._build} {snapshot.number} {snapshot.published.isoformat()}" if snapshot else self._build
        return b'"' + blake2b(f"{self._stamped[1]}{key!r}".encode(), digest_size=12).hexdigest().encode() + b'"'

    def keep(self, key: Key, ready: StoredResponse) -> None:
        """Keeps a response, if the snapshot that its ETag was made of is still read."""
        if ready.etag == self.etag(("GET", *key[1:])):
            self._ready.put(key, ready)

    def keep_bytes(self, request: bytes, start: bytes, body: bytes) -> None:
        """Keeps a response, as it is sent without the server's own headers, for requests that are the same to the last byte."""
        if self._answered and not self._log_all:
            self._answered.keep(request, start, body)

    def keep_raw(self, handling: _Handling, status: int, headers: Headers, body: bytes) -> None:
        """Keeps a response for requests that are the same to the last byte."""
        if raw := handling.scope.get(RAW):
            lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
            self.keep_bytes(raw, b"HTTP/1.1 %d %b\r\n%b\r\n" % (status, HTTPStatus(status).phrase.encode(), lines), body)

    def done(self, scope: Scope, status: int, began: float, sent: int, request_id: bytes, *, at_hand: bool) -> None:
        """Counts and logs a response that is complete."""
        seconds = time.perf_counter() - began
        route = scope.get("route")
        path = getattr(route, "path", None) or (scope["path"] if scope["path"] in self._direct or at_hand else "")
        self._metrics.count(scope["method"], path, status, seconds, at_hand=at_hand)
        if self._log and (self._log_all or not at_hand):
            client = scope.get("client")
            fields = {
                "request_id": request_id.decode(),
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "milliseconds": round(seconds * 1000, 2),
                "bytes": sent,
                "client": client[0] if client else None,
                "at_hand": at_hand,
            }
            self._log.info("request", extra=fields)


def _writes(path: str) -> bool:
    """Whether an address is one of those that write; other sites may only read."""
    return path in {"/update", "/store"} or path.startswith(("/update/", "/store/"))


def _without_slash(scope: Scope) -> Scope:
    """A slash at the end of an address says nothing, save under /store/, where the address is the name of a graph."""
    path = scope["path"]
    if len(path) < 2 or not path.endswith("/") or (path.startswith("/store/") and path != "/store/"):
        return scope
    raw = scope.get("raw_path")
    return {**scope, "path": path.rstrip("/") or "/", **({"raw_path": raw.rstrip(b"/") or b"/"} if raw else {})}


def _preflight(given: Mapping[bytes, bytes]) -> Headers:
    """What a page of another site may send: the headers that it names, as far as they are names of headers."""
    names = [name.strip() for name in given.get(b"access-control-request-headers", b"").split(b",")][:_MOST_NAMES]
    allowed = b", ".join(name for name in names if _TOKEN.fullmatch(name)) or b"Accept, Authorization, Content-Type"
    return [*_PREFLIGHT, (b"access-control-allow-headers", allowed), (b"vary", b"Access-Control-Request-Headers")]


def sent_path(scope: Scope) -> str:
    """The path of a request with its escapes, as it was sent."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.decode("latin-1")


def combined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers by their names in lower case; of one that comes several times the values in order, as if it had come once
    (RFC 9110, 5.3; cookies: RFC 6265, 5.4), so that nobody reads the first where another reads the last.

    >>> combined([(b"accept", b"text/turtle"), (b"accept", b"text/html;q=0.5"), (b"cookie", b"a=1"), (b"cookie", b"b=2")])
    {b'accept': b'text/turtle, text/html;q=0.5', b'cookie': b'a=1; b=2'}
    """
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return {name: (b"; " if name == b"cookie" else b", ").join(several) for name, several in values.items()}


def valid_host(scope: Scope) -> bool:
    """Whether a request names one host, and names it as a host is named; before HTTP/1.1 it need not.

    >>> valid_host({"headers": [(b"host", b"localhost:8000")]}), valid_host({"headers": [(b"host", b'\"><script>')]})
    (True, False)
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if not hosts:
        return scope.get("http_version", "1.1") in {"1.0", "0.9"}
    return len(hosts) == 1 and is_host(hosts[0])


@lru_cache(maxsize=256)
def is_host(written: bytes) -> bool:
    """Whether it is the name or the address of a host, and may stand in an IRI.

    >>> is_host(b"[::1]:80"), is_host(b"[1:2]"), is_host(b"a%zz")
    (True, False, False)
    """
    if not HOST.fullmatch(written):
        return False
    try:
        NamedNode(f"http://{written.decode('ascii')}/")
    except ValueError:
        return False
    return True


def key(method: str, scheme: str, path: str, query: bytes, headers: Mapping[bytes, bytes]) -> Key:
    """The key of a request; ``headers`` as ``combined`` gives them, the path as it was sent: ``/id/a%2Fb`` is not ``/id/a/b``.

    The scheme, as a proxy tells it, is part of addresses in answers.
    """
    return (method, scheme, path, query, *(headers.get(name) for name in _ASKING))


class _Handling:
    """One response on its way out."""

    def __init__(self, front: Gateway, scope: Scope, send: Send, request_id: bytes) -> None:
        self.status = 0
        self.sent = 0
        self.complete = False
        self.began = time.perf_counter()
        self.request_id = request_id
        self.key: Key | None = None
        self.etag = b""
        self._front = front
        self.scope = scope
        self._send = send
        self._start: Headers | None = None

    async def give(self, ready: StoredResponse) -> None:
        """Sends a response that is at hand."""
        self.status = ready.status
        self.sent = len(ready.body)
        headers = [*ready.headers, (b"cache-status", b"zhengce; hit"), (b"x-request-id", self.request_id)]
        if ready.status == 304:
            headers = [(b"etag", ready.etag), *SECURITY, *SHARED, (b"cache-status", b"zhengce; hit"), (b"x-request-id", self.request_id)]
        self._front.keep_raw(self, ready.status, headers[:-1], ready.body)
        await self._send({"type": "http.response.start", "status": ready.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": ready.body})
        self._done(at_hand=True)

    async def send(self, message: Message) -> None:
        """Passes on what the application sends, with what every response says."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            self._mark(headers)
            await self._send({**message, "headers": [*headers, (b"x-request-id", self.request_id)]})
            return
        body = message.get("body", b"")
        more = message.get("more_body", False)
        if self._start is not None and self.key is not None and not more and not self.sent:
            self._front.keep(self.key, StoredResponse(self.status, self._start, bytes(body), self.etag))
        self.sent += len(body)
        await self._send(message)
        if not more:
            self._done(at_hand=False)

    def _done(self, *, at_hand: bool) -> None:
        self.complete = True
        self._front.done(self.scope, self.status, self.began, self.sent, self.request_id, at_hand=at_hand)

    def _mark(self, headers: Headers) -> None:
        names = {name.lower() for name, _ in headers}
        caching = next((value for name, value in headers if name.lower() == b"cache-control"), b"")
        headers.extend((name, value) for name, value in SECURITY if name not in names)
        if not _writes(self.scope["path"]) and b"access-control-allow-origin" not in names:
            headers.extend(SHARED)
        lasting = b"no-store" not in caching and b"set-cookie" not in names and b"etag" not in names
        if self.key is not None and self.status == 200 and lasting:
            headers.append((b"etag", self.etag))
            if not caching:
                headers.append((b"cache-control", b"no-cache"))
            self._start = headers
