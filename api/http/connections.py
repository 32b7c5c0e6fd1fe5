"""The open connections of a server, turned into room for new ones: those that ask nothing now make way."""

from __future__ import annotations

import socket
import struct
from asyncio import Transport
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

_AT_ONCE = struct.pack("ii", 1, 0)
_IN_ORDER = struct.pack("ii", 0, 0)


class Connection(Protocol):
    """An open connection."""

    @property
    def address(self) -> str:
        """The address of the client."""

    @property
    def idle(self) -> bool:
        """Whether it may make way for another."""

    def yield_place(self) -> None:
        """Closes it at once."""


@dataclass(slots=True)
class Connections:
    """The open connections by address, those that were used last at the end."""

    most: int
    """So many may be open at once; 0: any number."""
    most_of_client: int
    """So many of one address."""
    number: int = 0
    of_client: dict[str, dict[Connection, None]] = field(default_factory=dict)

    def add(self, connection: Connection) -> bool:
        """Adds one; where there are too many, the one that has been idle for longest is closed. False where none is idle."""
        mine = self.of_client.setdefault(connection.address, {})
        mine[connection] = None
        self.number += 1
        while self.most_of_client and len(mine) > self.most_of_client:
            if not self._close_idle(mine, connection):
                return False
        while self.most and self.number > self.most:
            if not self._close_idle(max(self.of_client.values(), key=len), connection):
                return False
        return True

    def use(self, connection: Connection) -> None:
        """Notes that one was used."""
        mine = self.of_client.get(connection.address, {})
        if connection in mine:
            del mine[connection]
            mine[connection] = None

    def remove(self, connection: Connection) -> None:
        """Forgets one, if it is known."""
        mine = self.of_client.get(connection.address, {})
        if connection in mine:
            del mine[connection]
            self.number -= 1
            if not mine:
                del self.of_client[connection.address]

    def _close_idle(self, among: dict[Connection, None], new: Connection) -> bool:
        idle = next((each for each in among if each is not new and each.idle), None)
        if idle is None:
            return False
        self.remove(idle)
        idle.yield_place()
        return True


def break_off(transport: Transport) -> None:
    """Closes a connection at once, whatever of an answer waits to be read, so that its client is told that the answer is not whole."""
    breaks_when_closed(transport, breaks=True)
    transport.abort()


def breaks_when_closed(transport: Transport, *, breaks: bool) -> None:
    """Whether a client is told of an error (RST) when the connection closes, for whatever reason: without chunks and length an answer
    that breaks off looks whole otherwise."""
    open_socket = transport.get_extra_info("socket")
    if open_socket is None:
        return
    # Where it is closed already there is nobody to tell.
    with suppress(OSError):
        open_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE if breaks else _IN_ORDER)
