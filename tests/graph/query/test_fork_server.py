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


@pytest.mark.skipif(sys.platform != "linux", reason="the stack of a process grows while it runs on Linux")
def test_a_snapshot_with_a_term_that_nests_deeply_is_served(tmp_path: Path) -> None:
    # Nobody can write one any more; what is there already must not keep everything else from being read.
    code = (
        "import sys, threading; from pyoxigraph import RdfFormat, Store\n"
        "text = '<a:a> <a:b> ' + '<<( <a:a> <a:b> ' * 20_000 + '1' + ' )>>' * 20_000 + ' .'\n"
        "def made(): Store(sys.argv[1]).load(text.encode(), RdfFormat.TURTLE)\n"
        "threading.stack_size(512 << 20); each = threading.Thread(target=made); each.start(); each.join()"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)
    code = (
        "import sys; from pathlib import Path; from graph.query.fork_server import deep_stack, in_memory\n"
        "from graph.store.embedded_store import Store\n"
        "with deep_stack(): print(len(Store.in_memory(in_memory(Path(sys.argv[1]))).engine))"
    )
    loaded = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (loaded.returncode, loaded.stdout.strip()) == (0, "1"), loaded.stderr[-300:]
    shallow = subprocess.run(
        [sys.executable, "-c", code.replace("with deep_stack(): ", ""), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert shallow.returncode != 0
