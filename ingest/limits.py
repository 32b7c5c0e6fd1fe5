"""Work on one file -> the same work within limits, or :class:`~ingest.errors.TooLargeError`.

Guards before the work refuse what is known to be too large; this is the net below them, for what nobody thought of. Seconds are
seconds of the processor, so that a busy machine refuses nothing. The net is held in the main thread of a process on Linux, where
files are read by the command line and by worker processes; elsewhere the guards alone stand.
"""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from ingest.errors import TooLargeError

_AGAIN = 0.25
"""A library that swallows the exception is interrupted again after so many seconds."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a file may cost to read."""

    bytes: int = 32 * 2**20
    """Length of the file."""
    unpacked: int = 64 * 2**20
    """Length of what a file that is compressed unpacks to."""
    ratio: int = 200
    """How many times its own length an archive may unpack to."""
    elements: int = 1_000_000
    """Tags in the XML of a file or in a web page, control words of RTF."""
    members: int = 200
    """Files of an archive."""
    pages: int = 200
    """Pages of a PDF or OFD file."""
    characters: int = 1_000_000
    """Length of the text of the document."""
    nesting: int = 40
    """Tables inside tables."""
    columns: int = 200
    """Columns of a table."""
    cells: int = 200_000
    """Places of all tables together, spans counted in full."""
    seconds: float = 2.0
    """Of the processor, to read the file and again to find its records; each page, 20,000 characters or 20,000 cells add one."""
    memory: int = 320 * 2**20
    """Bytes that the process may grow by."""
    scan_seconds: int = 60
    """Of the processor, to recognise one page that is an image, in a process of its own."""
    scan_memory: int = 3 * 2**30
    """Bytes of address space of that process, of which models and libraries take most."""
    scan_megapixels: int = 60
    """Million pixels of one image."""


DEFAULTS = ReadLimits()


@contextmanager
def within(name: str, seconds: float, memory: int) -> Iterator[Callable[[float], None]]:
    """Stops the block when it has computed for so many seconds or asks for so much more memory.

    What it gives adds seconds: a page that was read has earned the next one its time.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGPROF) not in (signal.SIG_DFL, None):
        yield lambda more: None
        return
    allowed = seconds

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLargeError(
            name,
            f"读它的时间超过给这样长度的文件的 {allowed:.0f} 秒",
            f"reading it took longer than the {allowed:.0f} seconds that are given to a file of its length",
        )

    def add(more: float) -> None:
        nonlocal allowed
        allowed += more
        left = signal.getitimer(signal.ITIMER_PROF)[0]
        signal.setitimer(signal.ITIMER_PROF, left + more, _AGAIN)

    before = resource.getrlimit(resource.RLIMIT_AS)
    signal.signal(signal.SIGPROF, stop)
    try:
        _limit_memory(before, memory)
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        yield add
    except MemoryError as error:
        raise TooLargeError(
            name,
            f"读它所用的内存超过给一份文件的 {memory:,} 字节",
            f"reading it takes more than the {memory:,} bytes of memory that are given to a file",
        ) from error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, before)


def _limit_memory(before: tuple[int, int], more: int) -> None:
    """Lets the process grow by so much, where the system says how large it is and no lower limit holds already."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return
    soft = int(statm.read_text("ascii").split()[0]) * resource.getpagesize() + more
    if before[0] == resource.RLIM_INFINITY or soft < before[0]:
        resource.setrlimit(resource.RLIMIT_AS, (soft, before[1]))
