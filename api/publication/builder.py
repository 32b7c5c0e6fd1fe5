"""The bytes of a file, turned into the packed entry of its notice, or into the reason why there is none.

``summarised`` is the work itself. ``Builder`` has it done by a process of its own, which holds the limits of a file in its main thread and
may die of one: what asked for it lives on. The process is this module, run; it ends with whoever began it.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from api.publication.publish import Graphs, Knowledge, built_from, knowledge
from api.publication.spool import About, about, packed
from graph.errors import InvalidGraphError
from ingest.errors import IngestError, ReaderFaultError
from ingest.limits import ReadLimits
from ontology.errors import ZhengceError


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file on its way to where it is built."""

    place: int
    """Which of the files of the run it is."""
    name: str
    content: bytes
    source: str | None = None


def summarised(
    name: str, content: Callable[[], bytes], known: Knowledge, limits: ReadLimits, source: str | None = None
) -> tuple[About, Graphs] | ZhengceError:
    """What is told of a notice, and its graphs; the error where there is none. A fault of ours in one file is such an error too."""
    try:
        notice = built_from(name, content(), known, limits, source)
        return about(notice.reading, notice.graphs), notice.graphs
    except (IngestError, InvalidGraphError) as error:
        return error
    except Exception as error:  # noqa: BLE001 - it is told, and the other files still land
        fault = f"{type(error).__name__}: {error}"
        return ReaderFaultError(name, f"读它时出错（{fault}）", f"reading it failed ({fault})")


class Builder:
    """A process that builds notices, one after the other."""

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        try:
            command = [sys.executable, "-m", "api.publication.builder", str(theirs.fileno())]
            root = str(Path(__file__).parents[2])
            path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(  # noqa: S603 - this module, by the Python that runs
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        finally:
            theirs.close()

    def build(self, parcel: Parcel, limits: ReadLimits) -> bytes | ZhengceError:
        """The packed entry; raises EOFError or OSError where the process ends over it."""
        self._connection.send((parcel, limits))
        answer: bytes | ZhengceError = self._connection.recv()
        return answer

    def close(self) -> None:
        """Ends the process, whatever it does."""
        self._connection.close()
        self._process.kill()
        self._process.wait()


def built_apart(builders: list[Builder], parcel: Parcel, limits: ReadLimits) -> bytes | ZhengceError:
    """The packed entry of a file from one of the builders that are idle, or a new one; a file over which two of them die has an error.

    ``builders`` may be shared by threads: each takes one out of the list while it needs it.
    """
    for _ in range(2):
        builder = _idle(builders)
        try:
            made = builder.build(parcel, limits)
        except (EOFError, OSError):
            builder.close()
        else:
            builders.append(builder)
            return made
    return ReaderFaultError(parcel.name, "读它的进程被系统结束", "the process that read it was ended by the system")


def _idle(builders: list[Builder]) -> Builder:
    try:
        return builders.pop()
    except IndexError:
        return Builder()


def _serve(connection: Connection) -> None:
    """Builds what comes until nobody is there any more."""
    known = knowledge()
    gc.freeze()
    while True:
        try:
            parcel, limits = connection.recv()
        except (EOFError, OSError):
            return
        made = summarised(parcel.name, lambda content=parcel.content: content, known, limits, parcel.source)  # type: ignore[misc]
        try:
            connection.send(made if isinstance(made, ZhengceError) else packed(*made))
        except OSError:
            return


def main() -> None:
    """The process of a builder, which leaves interrupts to whoever began it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(Connection(int(sys.argv[1])))


if __name__ == "__main__":
    main()
