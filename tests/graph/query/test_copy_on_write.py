"""A forked process comes to own the memory that it shares, where there is room for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTES = 96
SCRIPT = f"""
import os, time
from graph.query import copy_on_write
from graph.query.copy_on_write import own_pages

shared = bytearray(b"x") * ({MEGABYTES} << 20)

def private():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")) >> 10

if os.fork():
    raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
if {{short}}:
    copy_on_write._free = lambda: 0
own_pages()
end = time.monotonic() + {{patience}}
while private() < {MEGABYTES} and time.monotonic() < end:
    time.sleep(0.01)
print(private(), shared.count(b"x") >> 20, flush=True)
os._exit(0)
"""


def run(*, short: bool, patience: float) -> tuple[int, int]:
    """Megabytes that a child owned, and those that hold what its parent wrote."""
    script = SCRIPT.format(short=short, patience=patience)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[3], capture_output=True, text=True, encoding="utf-8", check=True
    )
    owned, kept = done.stdout.split()
    return int(owned), int(kept)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pages are copied as they are touched, see docs/limits.md")
def test_child_owns_what_it_shares_and_it_is_the_same() -> None:
    owned, kept = run(short=False, patience=60)
    assert owned >= MEGABYTES
    assert kept == MEGABYTES


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pages are copied as they are touched, see docs/limits.md")
def test_child_shares_on_where_memory_is_short() -> None:
    owned, kept = run(short=True, patience=0.5)
    assert owned < MEGABYTES / 2
    assert kept == MEGABYTES
