"""What of the HTTP server this service rests on, and the hosts it refuses."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from api.http import protocol
from api.http.logs import JsonFormatter

ROOT = Path(__file__).parents[3]


def test_versions_are_those_it_was_written_for() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    for name in ("uvicorn", "httptools"):
        assert f"{name}=={version(name)}" in needed


def test_each_name_of_the_server_that_is_used_is_there_and_listed() -> None:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None: ...

    async def made() -> HttpToolsProtocol:
        return HttpToolsProtocol(Config(app, ws="none", interface="asgi3"), ServerState(), {})

    source = (ROOT / "api/http/protocol.py").read_text("utf-8").partition("class HttpProtocol(")[2]
    used = set(re.findall(r"\bself\.(\w+)", source))
    own = set(re.findall(r"^        self\.(_\w+)(?:: [^=\n]+)? = ", source, re.MULTILINE)) | set(vars(protocol.HttpProtocol))
    assert used - own == set(protocol.USED)
    # The target of a request is there once its first byte is read.
    assert set(protocol.USED) - set(dir(asyncio.run(made()))) == {"url"}


@pytest.mark.parametrize("host", ['"><script>', "a b", "x:y:z", "", "a/b", "a@b", "[::1", "x:999999", "a\x01b", "x, y"])
def test_host_that_is_none(service: Any, host: str) -> None:
    for path in ("/sparql", "/sparql?query=ASK%7B%7D", "/health", "/id/x"):
        received = _talk(service, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert received.startswith(b"HTTP/1.1 400"), (path, received[:100])
        assert b"application/problem+json; charset=utf-8" in received


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:80", "xn--fiqs8s.example", "a.b:"])
def test_host_that_is_one(service: Any, host: str) -> None:
    assert _talk(service, f"GET /sparql HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()).startswith(b"HTTP/1.1 200")


def test_two_hosts_or_none(service: Any) -> None:
    assert _talk(service, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert _talk(service, b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert b" 200 " in _talk(service, b"GET /health HTTP/1.0\r\n\r\n")[:20]


def test_what_nobody_sees_is_escaped_in_the_log() -> None:
    record = logging.makeLogRecord({"msg": "request", "path": "/a\x9b31m\u202egnp.exe\u2028\ufeff\ud800\x00低空"})
    line = JsonFormatter().format(record)
    assert line.isprintable()
    assert "低空" in line
    assert json.loads(line)["path"] == record.path  # type: ignore[attr-defined]


def _talk(client: Any, sent: bytes) -> bytes:
    where = urlsplit(client.url)
    received = b""
    with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
        connection.sendall(sent)
        while part := connection.recv(1 << 16):
            received += part
    return received
