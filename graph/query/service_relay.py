"""A query for an endpoint that SERVICE may ask, turned into its answer: sent from here, to an address that was checked, and nowhere else.

The engine follows redirects and resolves names itself, so it never contacts an endpoint: the guard puts an address of this relay in the
place of the endpoint's. The relay listens on loopback, and only to those who know its token.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import secrets
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self, cast
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

from graph.errors import ForbiddenError
from graph.sparql.service_guard import permitted

_EMBEDDED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 addresses that hold one of IPv4, which might be any."""
_PASSED_ON = ("Content-Type", "Accept")
_LARGEST_QUERY = 4 << 20


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint is: what to connect to, and what to ask there."""

    family: int
    socket: tuple[str, int]
    secure: bool
    host: str
    port: int
    path: str


def located(address: str, allowed: Sequence[str]) -> Address:
    """Where the endpoint is. Its name is resolved once, here; unless the list names it, none of its addresses may be private."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or (443 if parts.scheme.lower() == "https" else 80)
    except ValueError:
        host, port = None, 0
    if not permitted(address, allowed) or not host or parts.scheme.lower() not in {"http", "https"} or parts.username is not None:
        raise ForbiddenError("SERVICE", address, "不在允许之列", "it is not on the list")
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ForbiddenError("SERVICE", address, "名称无法解析", "its name cannot be resolved") from None
    for _, _, _, _, where in addresses:
        if address not in allowed and not public(str(where[0])):
            raise ForbiddenError("SERVICE", address, f"{where[0]} 不是公共地址", f"{where[0]} is not public")
    family, _, _, _, where = addresses[0]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(family, (str(where[0]), port), parts.scheme.lower() == "https", host, port, path)


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    >>> public("1.1.1.1"), public("169.254.169.254"), public("::ffff:10.0.0.1"), public("64:ff9b::7f00:1")
    (True, False, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _EMBEDDED if network.version == ip.version)


class ServiceRelay:
    """The relay, listening while the block runs; ``url`` is where the guard sends the engine."""

    def __init__(self, allowed: Sequence[str], seconds: float, megabytes: int) -> None:
        self.token = secrets.token_urlsafe(24)
        self.allowed = tuple(allowed)
        self.seconds = seconds
        self.bytes = megabytes << 20
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """What the address of an endpoint is appended to, escaped; empty while nobody listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{self.token}?to=" if self._server else ""

    def __enter__(self) -> Self:
        if self.allowed:
            self._server = _Server(self)
            threading.Thread(target=self._server.serve_forever, name="relay", daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _as_written(query: bytes, relay: str) -> bytes:
    """A query on its way out, with the endpoints that it names itself in place of this relay, whose address and token are nobody's else.

    >>> _as_written(b"{ SERVICE <http://127.0.0.1:1/t?to=http%3A%2F%2Fa%2Fs> { } }", "http://127.0.0.1:1/t?to=")
    b'{ SERVICE <http://a/s> { } }'
    """
    inside = re.compile(rb"<" + re.escape(relay.encode()) + rb"([^<>]*)>")
    return inside.sub(lambda found: b"<" + unquote_to_bytes(found[1]) + b">", query)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, relay: ServiceRelay) -> None:
        self.relay = relay
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One query on its way."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        """Asks the endpoint and passes its answer back; a redirect is an error."""
        relay = cast(_Server, self.server).relay
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", "0"))
        if not secrets.compare_digest(parts.path.strip("/").encode(), relay.token.encode()) or length > _LARGEST_QUERY:
            self._reply(403, "text/plain", b"")
            return
        query = _as_written(self.rfile.read(length), relay.url)
        try:
            address = located(parse_qs(parts.query).get("to", [""])[0], relay.allowed)
            status, kind, content = self._ask(address, query, relay)
        except ForbiddenError as error:
            self._reply(403, "text/plain; charset=utf-8", str(error).encode())
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._reply(502, "text/plain; charset=utf-8", str(error).encode())
        else:
            redirected = 300 <= status < 400
            self._reply(502 if redirected else status, kind, b"the endpoint redirects" if redirected else content)

    def _ask(self, address: Address, query: bytes, relay: ServiceRelay) -> tuple[int, str, bytes]:
        connection = _Connection(address, relay.seconds)
        try:
            headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
            connection.request("POST", address.path, query, {**headers, "User-Agent": "zhengce"})
            response = connection.getresponse()
            content = response.read(relay.bytes + 1)
            if len(content) > relay.bytes:
                raise ValueError("the answer of the endpoint is too large")
            return response.status, response.headers.get("Content-Type", ""), content
        finally:
            connection.close()

    def _reply(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """The service has its own log."""


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever its name may resolve to by now."""

    def __init__(self, address: Address, seconds: float) -> None:
        super().__init__(address.host, address.port, timeout=seconds)
        self._address = address

    def connect(self) -> None:
        """Connects to the address, and makes sure of the name where the connection is secure."""
        plain = socket.create_connection(self._address.socket, self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._address.host) if self._address.secure else plain
