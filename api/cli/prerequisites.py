"""What the machine gives, held against what a command needs before it does anything: one sentence instead of a fault in the middle."""

from __future__ import annotations

import resource
import socket
import tempfile
from pathlib import Path

from ontology.errors import MachineError

_FILES = 256
"""Files that a command may have open: the engine alone takes some hundred, a service one for each connection too."""
_MEGABYTES = 1536
"""Address space that a command takes with the threads of the engine, of which little is ever used."""
_SERVED_MEGABYTES = 2048


def check_limits(*, serving: bool = False) -> None:
    """Raises MachineError where the limits of this process are below what it needs. The soft limit of files is raised to the hard one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or soft < hard):
        wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
        if wanted > soft:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    if soft != resource.RLIM_INFINITY and soft < _FILES:
        raise MachineError(
            "ulimit -n", f"最多可同时打开 {soft} 个文件，至少需要 {_FILES}", f"{soft} open files are allowed and {_FILES} are needed"
        )
    needed = _SERVED_MEGABYTES if serving else _MEGABYTES
    for name, limit in (("ulimit -v", resource.RLIMIT_AS), ("ulimit -d", resource.RLIMIT_DATA)):
        most = resource.getrlimit(limit)[0]
        if most != resource.RLIM_INFINITY and most >> 20 < needed:
            zh = f"最多可用 {most >> 20:,} MB 内存，至少需要 {needed:,} MB"
            raise MachineError(name, zh, f"{most >> 20:,} MB of memory are allowed and {needed:,} MB are needed")


def check_address(host: str, port: int) -> None:
    """Raises MachineError where nobody can listen there."""
    where = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            tried.listen()
    except socket.gaierror as error:
        raise MachineError(where, "没有这个地址", "there is no such address") from error
    except OSError as error:
        raise MachineError.of(error, where) from error


def check_writable(folder: Path) -> None:
    """Raises MachineError where a command that writes could not: the folder is a file, or it may not be written, or the disk is full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(1 << 16))
    except OSError as error:
        raise MachineError.of(error, str(folder)) from error
