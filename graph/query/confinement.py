"""A process that opens sockets, turned into one that cannot: what it evaluates reaches no address, whatever the text of a query says.

On Linux the kernel filters the system calls of the process and of all that it forks from then on (seccomp, no package, no privilege): there
is no ``socket``, no ``connect``, no io_uring, no call of another architecture. Where SERVICE may ask endpoints, a process beside it answers
``socket`` and ``connect`` in the kernel's stead: the caller is given a connection to the relay, whichever address it wanted.
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import array
import ctypes
import errno
import os
import platform
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fcntl import ioctl
from urllib.parse import urlsplit

_NO_NEW_PRIVILEGES = 38
_DIE_WITH_PARENT = 1
_SET_FILTER, _IS_AVAILABLE = 1, 2
_NO_MITIGATION, _WITH_LISTENER = 1 << 2, 1 << 3
"""Without the first, older kernels slow the whole process down."""
_ALLOW, _REFUSE, _ASK = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x7FC00000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
"""Where the kernel's description of a call has them."""
_RECEIVE, _SEND, _ADD = 0xC0502100, 0xC0182101, 0x40182103
_NOTICE, _REPLY, _DESCRIPTOR = struct.Struct("=QIIiIQ6Q"), struct.Struct("=Qqii"), struct.Struct("=QIIII")
_OTHER_ABI = 0x40000000
"""Numbers from here on are of the x32 calls."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """An architecture as the kernel knows it."""

    audit: int
    seccomp: int
    socket: int
    connect: int
    refused: tuple[int, ...]
    """bind, listen, ptrace, process_vm_writev, pidfd_getfd, io_uring_setup, io_uring_enter, io_uring_register."""


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 317, 41, 42, (49, 50, 101, 311, 438, 425, 426, 427)),
    "aarch64": _Machine(0xC00000B7, 277, 198, 203, (200, 201, 117, 271, 438, 425, 426, 427)),
}


def missing(*, relay: bool = False) -> str | None:
    """Why processes cannot be confined here, in Chinese and English; None where they can."""
    machine = _machine()
    needed = (_REFUSE & ~0xFFFF, *((_ASK,) if relay else ()))
    if machine and all(_call(machine, _IS_AVAILABLE, 0, struct.pack("=I", action)) == 0 for action in needed):
        return None
    system = f"{platform.system()} {platform.machine()}"
    return (
        f"此系统（{system}）不提供 seccomp，执行进程能否联网只由对查询文本的检查决定。"
        f" This system ({system}) offers no seccomp: the check of a query's text alone keeps workers from connecting."
    )


def confine(relay: str = "") -> bool:
    """Takes from this process, and from all that it forks, the means to connect to anything but the relay; False where that cannot be.

    Call it before there are threads. ``relay`` is an address ``http://host:port/...``; without one there are no connections at all.
    """
    machine = _machine()
    if machine is None:
        return False
    host, port = _host(relay)
    ours, theirs = socket.socketpair() if host else (None, None)
    if ours and theirs and host:
        _start(theirs, ours, (host, port), machine)
    try:
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        code = b"".join(_program(machine, _ASK if ours else _REFUSE))
        held = ctypes.create_string_buffer(code, len(code))
        program = struct.pack("@HP", len(code) // 8, ctypes.addressof(held))
        listener = _call(machine, _SET_FILTER, _NO_MITIGATION | (_WITH_LISTENER if ours else 0), program)
        if listener < 0:
            return False
        if ours:
            socket.send_fds(ours, [b"."], [listener])
            os.close(listener)
        return True
    finally:
        for end in (ours, theirs):
            if end:
                end.close()


def _program(machine: _Machine, connecting: int) -> Iterator[bytes]:
    """The filter: each instruction is a code, how many to skip if true and if false, and an operand."""
    asked, refused = (machine.socket, machine.connect), machine.refused
    last = len(asked) + len(refused)

    def instruction(code: int, operand: int, true: int = 0, false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, true, false, operand)

    yield instruction(_LOAD, _ARCHITECTURE)
    yield instruction(_EQUAL, machine.audit, 0, last + 3)
    yield instruction(_LOAD, _NUMBER)
    yield instruction(_AT_LEAST, _OTHER_ABI, last + 1)
    for place, number in enumerate(refused):
        yield instruction(_EQUAL, number, last - place)
    for place, number in enumerate(asked):
        yield instruction(_EQUAL, number, len(asked) - place + 1)
    yield instruction(_RETURN, _ALLOW)
    yield instruction(_RETURN, _REFUSE)
    yield instruction(_RETURN, connecting)


def _start(theirs: socket.socket, ours: socket.socket, relay: tuple[str, int], machine: _Machine) -> None:
    """Forks the process that connects for the others; it ends with this one."""
    if os.fork():
        return
    try:
        ours.close()
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        _, (listener, *_rest), _, _ = socket.recv_fds(theirs, 1, 1)
        theirs.close()
        while True:
            _answer(listener, relay, machine)
    except (OSError, ValueError):
        # Nobody is there any more who could ask, or the filter was refused.
        pass
    finally:
        os._exit(0)


def _answer(listener: int, relay: tuple[str, int], machine: _Machine) -> None:
    """Answers one call: ``socket`` with a connection to the relay, ``connect`` with success, as that is connected already."""
    notice = array.array("B", bytes(_NOTICE.size))
    try:
        ioctl(listener, _RECEIVE, notice, True)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINTR):
            return
        raise
    call, _, _, number, *_ = _NOTICE.unpack(notice)
    value = problem = 0
    if number == machine.socket:
        try:
            with socket.create_connection(relay, timeout=5) as connection:
                connection.setblocking(True)
                described = array.array("B", _DESCRIPTOR.pack(call, 0, connection.fileno(), 0, os.O_CLOEXEC))
                value = ioctl(listener, _ADD, described, True)
        except OSError:
            problem = -errno.ENETUNREACH
    # Who asked may be gone by now.
    with suppress(OSError):
        ioctl(listener, _SEND, array.array("B", _REPLY.pack(call, value, problem, 0)), True)


def _host(relay: str) -> tuple[str | None, int]:
    parts = urlsplit(relay)
    return parts.hostname, parts.port or 80


def _machine() -> _Machine | None:
    known = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    # A process of 32 bits on such a machine has other numbers.
    return known if ctypes.sizeof(ctypes.c_void_p) == 8 else None


def _call(machine: _Machine, operation: int, flags: int, argument: bytes) -> int:
    return int(ctypes.CDLL(None).syscall(machine.seccomp, operation, ctypes.c_ulong(flags), argument))
