"""``zhengce`` with its arguments, turned into what it prints and returns: in a process forked from one that has imported the program.

Each command has a process, an environment and standard streams of its own, as when people run it; what it spares is the second of
imports before it. Where limits of the system or the very start are what is tested, a test starts Python itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[3]
PRELOADED = ("api.cli.main", "api.cli.ingest_command", "api.cli.folder_commands", "api.cli.output", "api.app", "api.publication.corpus")


SECONDS = 300
"""What does not end by itself is ended after so long."""

Zhengce = Callable[..., subprocess.CompletedProcess[str]]


class Commands:
    """Runs one command after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, *arguments: str | Path, data: Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
        """What the command prints and returns; it finds its data folder and these variables in its environment."""
        assert self._process.stdin
        assert self._process.stdout
        variables = {**os.environ, "ZHENGCE_DATA": str(data), "PYTHONPATH": str(ROOT), **environment}
        order: dict[str, Any] = {"arguments": [*map(str, arguments)], "environment": variables, "cwd": str(cwd)}
        print(json.dumps(order), file=self._process.stdin, flush=True)
        reply = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(order["arguments"], reply["status"], reply["stdout"], reply["stderr"])


@contextmanager
def commands() -> Iterator[Commands]:
    """The process that forks, until the block ends."""
    code = "from tests.api.cli.commands import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Commands(process)


def main() -> None:
    """Runs the commands whose arguments stand on the lines of standard input."""
    for name in PRELOADED:
        __import__(name)
    while line := sys.stdin.readline():
        order = json.loads(line)
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            child = os.fork()
            if not child:
                _run(order, stdout.fileno(), stderr.fileno())
            _, status = os.waitpid(child, 0)
            stdout.seek(0)
            stderr.seek(0)
            printed = {"stdout": stdout.read().decode(), "stderr": stderr.read().decode()}
        print(json.dumps({"status": os.waitstatus_to_exitcode(status), **printed}), flush=True)


def _run(order: Mapping[str, Any], stdout: int, stderr: int) -> NoReturn:
    """What Python does between its start and its end, in the child."""
    from api.cli.main import main as zhengce

    status: object = 1
    signal.alarm(SECONDS)
    try:
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(order["cwd"])
        sys.argv = ["-c", *order["arguments"]]
        zhengce()
        status = 0
    except SystemExit as end:
        status = 0 if end.code is None else end.code
    except BaseException:  # noqa: BLE001 - as Python itself does at the end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)
