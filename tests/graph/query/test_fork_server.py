"""The process from which workers come ends without complaint, however the one that asked for them ends."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from graph.query.fork_server import _ends

ROOT = Path(__file__).resolve().parents[3]
LIMITS = {"megabytes": 100, "result_megabytes": 1, "service": [], "relay": ""}


@pytest.mark.parametrize("heard", [True, False])
def test_a_seed_whose_master_ends_ends_without_complaint(heard: bool) -> None:
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "graph.query.fork_server", str(theirs.fileno())]
    with subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE) as process:
        theirs.close()
        held, given = socket.socketpair()
        order = {"do": "fork", "child": 1, "path": "", "memory": True, "limits": LIMITS}
        socket.send_fds(ours, [json.dumps(order).encode() + b"\n"], [given.fileno()])
        given.close()
        assert b"ready" in held.recv(100)
        held.close()
        # What the seed says of its child waits to be heard; a socket that is closed before it was is reset.
        assert b"ended" in ours.recv(1000, 0 if heard else socket.MSG_PEEK)
        ours.close()
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, b"")


@pytest.mark.parametrize("trace", [0, 900, 50_000])
def test_what_a_child_says_first_is_heard_however_much_it_says_then(trace: int) -> None:
    with tempfile.TemporaryFile() as said:
        said.write(b"memory allocation of 5 bytes failed\n" + b"   0: frame\n" * (trace // 12) + b"note: Some details are omitted")
        heard = _ends(said)
    assert heard.startswith(b"memory allocation of 5 bytes failed\n")
    assert heard.endswith(b"note: Some details are omitted")
    assert heard.count(b"memory") == 1
    assert len(heard) < 2100
