"""Requests and a number of clients, turned into the seconds that each answer took: the next request goes out when the answer is whole.

One thread and plain sockets, so that the client costs little beside the server on the same machine.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Times:
    """What a run measured."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    wrong: int = 0
    """Answers with another status than 200."""

    @property
    def median(self) -> float:
        """The median in milliseconds."""
        return statistics.median(self.seconds) * 1000 if self.seconds else float("nan")

    @property
    def p95(self) -> float:
        """The 95th percentile in milliseconds."""
        if len(self.seconds) < 2:
            return self.median
        return statistics.quantiles(self.seconds, n=20)[-1] * 1000

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed if self.elapsed else float("nan")

    def add(self, other: Times) -> None:
        """Takes another run of the same in."""
        self.seconds += other.seconds
        self.elapsed += other.elapsed
        self.wrong += other.wrong


class _Client:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._head = b""
        self._due: int | None = None
        self._got = 0
        self._tail = b""

    def send(self, request: bytes) -> None:
        self._head, self._due, self._got, self._tail = b"", None, 0, b""
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Takes what is there; whether the answer is whole."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        if self._due is None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return False
            head, data = self._head[: end + 4].lower(), self._head[end + 4 :]
            length = head.find(b"content-length:")
            self._due = int(head[length + 15 : head.find(b"\r", length)]) if length >= 0 else -1
            self._head = head
        self._got += len(data)
        self._tail = (self._tail + data)[-5:]
        return self._got >= self._due if self._due >= 0 else self._tail == b"0\r\n\r\n"

    @property
    def ok(self) -> bool:
        return self._head[9:12] == b"200"

    @property
    def closing(self) -> bool:
        """Whether the server said that this was the last answer on the connection."""
        return b"\r\nconnection: close" in self._head


def run(port: int, requests: Iterator[bytes], *, clients: int, seconds: float, most: int = 1 << 30) -> Times:
    """Asks for that long, or that often."""
    times = Times()
    selector = selectors.DefaultSelector()
    open_ = [_Client(port) for _ in range(clients)]
    began = time.perf_counter()
    sent = 0
    for client in open_:
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send(next(requests))
        sent += 1
    waiting = len(open_)
    while waiting:
        for key, _ in selector.select():
            client = key.data
            if not client.receive():
                continue
            now = time.perf_counter()
            times.seconds.append(now - client.began)
            times.wrong += not client.ok
            if now - began < seconds and sent < most:
                if client.closing:
                    selector.unregister(client.socket)
                    client.socket.close()
                    client = _Client(port)
                    selector.register(client.socket, selectors.EVENT_READ, client)
                client.send(next(requests))
                sent += 1
            else:
                waiting -= 1
    times.elapsed = time.perf_counter() - began
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    return times


def ratio(left: Sequence[float], right: Sequence[float]) -> float:
    """The median of pairwise ratios."""
    return statistics.median(a / b for a, b in zip(left, right, strict=True))
