"""The memory that a forked process shares with its parent, turned into its own in a few large steps, instead of page by page.

Whoever reads the store counts references in it, so that pages are written to, and copied, though nothing changes: the first query over
data that a worker has not touched takes three times as long as the second.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_POPULATE, _COLLAPSE = 23, 25
"""MADV_POPULATE_WRITE (Linux 5.14) copies pages; MADV_COLLAPSE (Linux 6.1) copies them into huge ones, which are read faster."""
_HUGE = 2 << 20
_STEP = 32 << 20
_ROOM = 4
"""So many times as much must be free: for every worker, and for what queries need."""
_NICE = 19
_STACK = 1 << 18
_ARENA_MAX = -8


def own_pages() -> None:
    """Begins to copy what is shared, at the lowest priority beside the queries; does nothing where memory is short or the system older."""
    if sys.platform != "linux":
        return
    regions = tuple(_regions())
    if sum(end - start for start, end in regions) * _ROOM > _free():
        return
    with suppress(AttributeError):
        # Another thread would take address space for allocations of its own, which counts as the query's.
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
    before = threading.stack_size(_STACK)
    threading.Thread(target=_copy, args=(regions,), daemon=True).start()
    threading.stack_size(before)


def _copy(regions: tuple[tuple[int, int], ...]) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, end in regions:
        for piece in range(start, end, _STEP):
            stop = min(piece + _STEP, end)
            first, last = -(-piece // _HUGE) * _HUGE, stop // _HUGE * _HUGE
            if first < last:
                advise(first, last - first, _COLLAPSE)
            # What could not be made huge; where a region is gone meanwhile, nothing happens.
            advise(piece, stop - piece, _POPULATE)


def _regions() -> Iterator[tuple[int, int]]:
    """The parts of the address space that hold data of the program, from where to where."""
    for line in Path("/proc/self/maps").read_text("utf-8", "replace").splitlines():
        span, mode, _offset, _device, inode, *name = line.split()
        if mode == "rw-p" and inode == "0" and (not name or name[0] == "[heap]"):
            start, _, end = span.partition("-")
            yield int(start, 16), int(end, 16)


def _free() -> int:
    """The bytes that may still be taken, of the machine's and of those that the process is confined to."""
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    free = next((int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")), 0)
    with suppress(OSError, ValueError):
        # "max" where there is no limit, which is no number.
        confined = Path("/sys/fs/cgroup")
        free = min(free, int((confined / "memory.max").read_text("ascii")) - int((confined / "memory.current").read_text("ascii")))
    return free
