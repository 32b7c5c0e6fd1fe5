"""Each engine with the shipped notice published to it by the command line, a service in front of it, and the same embedded."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conformance.service import ROOT, Service, running
from tests.conftest import SHIPPED
from tests.engines.servers import SERVERS, Server


@dataclass(frozen=True, slots=True)
class Behind:
    """An engine, the service in front of it, and the same service with its data in a folder."""

    server: Server
    front: Service
    embedded: Service
    data: Path

    def zhengce(self, *arguments: str) -> str:
        """What a command prints, run against the engine."""
        return command(self.data, *arguments, **self.server.settings)


def command(data: Path, *arguments: str, **settings: str) -> str:
    """What a command of the command line prints; fails where the command does."""
    environment = {name: value for name, value in os.environ.items() if not re.match("ZHENGCE_", name)}
    environment |= {f"ZHENGCE_{name.upper()}": value for name, value in settings.items() if value}
    run = [sys.executable, "-c", "from api.cli.main import main; main()", *arguments]
    done = subprocess.run(run, cwd=ROOT, env={**environment, "ZHENGCE_DATA": str(data)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The shipped notice in a data folder."""
    folder = tmp_path_factory.mktemp("embedded")
    command(folder, "ingest", str(SHIPPED))
    with running(folder) as service:
        yield service


@pytest.fixture(scope="module", params=SERVERS)
def behind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, embedded: Service) -> Iterator[Behind]:
    """The shipped notice on an engine; what cannot be installed fails here."""
    with ExitStack() as opened:
        server = opened.enter_context(SERVERS[request.param](tmp_path_factory.mktemp(request.param)))
        data = tmp_path_factory.mktemp("copy")
        command(data, "ingest", str(SHIPPED), **server.settings)
        settings = {name: value for name, value in server.settings.items() if value}
        front = opened.enter_context(running(data, **settings))
        yield Behind(server, front, embedded, data)
