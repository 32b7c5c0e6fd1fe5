"""A running service of our own, turned into responses: started as an operator would, asked as anybody would."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "conformance"


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """Content-Type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Service:
    """One connection to the service at an address; it opens again when the other end closed it."""

    def __init__(self, port: int, pid: int = 0) -> None:
        self.port = port
        self.pid = pid
        self.url = f"http://127.0.0.1:{port}"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def computed(self) -> float:
        """The seconds of a processor that its main process has had: what else the machine does is no part of it."""
        if not Path("/proc").is_dir():
            told = subprocess.run(["ps", "-o", "time=", "-p", str(self.pid)], capture_output=True, text=True, check=True).stdout
            return float(sum(float(part) * 60**place for place, part in enumerate(reversed(told.split(":")))))
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Response:
        """Sends exactly this and the token, nothing else."""
        sent = {"Authorization": f"Bearer {TOKEN}", **({"Content-Length": str(len(body))} if body is not None else {}), **(headers or {})}
        for attempt in (1, 2):
            try:
                self._connection.putrequest(method, path, skip_host="Host" in sent, skip_accept_encoding=True)
                for name, value in sent.items():
                    self._connection.putheader(name, value)
                self._connection.endheaders(body)
                response = self._connection.getresponse()
                return Response(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
            except (http.client.RemoteDisconnected, ConnectionError) as error:
                self._connection.close()
                if attempt == 2 or isinstance(error, ConnectionRefusedError):
                    raise
        raise AssertionError

    def update(self, text: str) -> None:
        """Changes the store; fails where that is refused."""
        response = self.ask("POST", "/update", {"Content-Type": "application/sparql-update"}, text.encode())
        if response.status >= 300:
            raise RuntimeError(f"{response.status} {response.content.decode()} on {text[:200]}")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(data: Path, **settings: str) -> Iterator[Service]:
    """A service over a data folder, for as long as the block runs; at a port that is free unless one is given."""
    port = int(settings.pop("port", free_port()))
    settings = {"data": str(data), "port": str(port), "token": TOKEN, "rate": "0", "log": "errors", "write_seconds": "20", **settings}
    environment = {name: value for name, value in os.environ.items() if not re.match("ZHENGCE_", name)}
    environment |= {f"ZHENGCE_{name.upper()}": value for name, value in settings.items()} | {"PYTHONPATH": str(ROOT)}
    code = "from api.app import run; from api.settings import Settings; run(Settings.from_environment())"
    process = subprocess.Popen([sys.executable, "-P", "-c", code], env=environment)
    service = Service(port, process.pid)
    try:
        _wait(service, process)
        yield service
    finally:
        service.close()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(service: Service, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with {process.returncode}")
        try:
            if service.ask("GET", "/health").status == 200:
                return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise RuntimeError("the service does not answer")
