"""The processes that fork others -> their sockets: orders go out, reports of what ended come back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

Message = dict[str, Any]


class Control(asyncio.Protocol):
    """The socket to a process that makes children."""

    def __init__(self, end: socket.socket, hear: Callable[[Message], None], lost: Callable[[], None]) -> None:
        self._socket = end
        self._hear = hear
        self._lost = lost
        self._rest = b""
        end.setblocking(False)
        asyncio.get_running_loop().add_reader(end.fileno(), self._read)

    def order(self, do: str, child: int, given: socket.socket | None = None, **more: object) -> None:
        """Sends an order, with the socket of the child that it makes."""
        if self._socket.fileno() < 0:
            return
        line = json.dumps({"do": do, "child": child, **more}).encode() + b"\n"
        with suppress(BrokenPipeError, ConnectionResetError):
            if given:
                socket.send_fds(self._socket, [line], [given.fileno()])
            else:
                self._socket.sendall(line)

    def close(self) -> None:
        """The process ends, and its children with it."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()

    def _read(self) -> None:
        try:
            received = self._socket.recv(1 << 16)
        except BlockingIOError:
            return
        except ConnectionResetError:
            received = b""
        if not received:
            self.close()
            self._lost()
            return
        *lines, self._rest = (self._rest + received).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))


class ForkServer:
    """The process from which all others are forked; starts on construction."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "graph.query.fork_server", str(theirs.fileno())],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self.alive = True
        self._numbers = count(1)
        self._ended: dict[int, Callable[[str], None]] = {}
        self._control = Control(ours, self._hear, self._lost)

    def hold(self, given: socket.socket, ended: Callable[[str], None], **order: object) -> None:
        """Forks a holder; ``ended`` hears why, when it is no more."""
        number = next(self._numbers)
        self._ended[number] = ended
        self._control.order("fork", number, given, **order)

    async def close(self) -> None:
        """Ends the process and everything it made."""
        self._control.close()
        try:
            await asyncio.to_thread(self._process.wait, 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self, message: Message) -> None:
        if ended := self._ended.pop(message["ended"], None):
            ended(cause_of(message))

    def _lost(self) -> None:
        self.alive = False
        for ended in tuple(self._ended.values()):
            ended("the seed ended")
        self._ended.clear()


def cause_of(message: Message) -> str:
    """Why a process ended, from what the process that made it says: its signal or exit status, and its last words."""
    status = os.waitstatus_to_exitcode(message["status"])
    how = signal.Signals(-status).name if status < 0 else f"exit {status}"
    lines = message["said"].strip().splitlines()
    memory = [line for line in lines if "memory allocation" in line]
    return f"{how}: {(memory or lines)[-1]}" if lines else how
