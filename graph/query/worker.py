"""Questions that come in on a socket, one at a time, turned into answers that go out on it while they are computed.

This runs in a process of its own, which may be killed at any moment and whose memory is limited.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat
from pyoxigraph import serialize as write_rdf

from graph.errors import BadQueryError, EvaluationError, GraphError, MemoryLimitError, ResultLimitError, StoreError
from graph.query.copied_pages import own_pages
from graph.query.csv_rows import write_csv
from graph.query.framing import DATA, HEAD, JOB, LAST, LEAVING, QueryRequest, pack_error, received, unpack, unpack_job
from graph.query.xml_text import sink_for
from graph.sparql.datasets import dataset_read
from graph.sparql.graph_scope import refuse_unbound_graphs
from graph.sparql.search_hits import with_hits
from graph.sparql.service_guard import relayed
from graph.store.engine import Answer, Store, translated
from ontology.names import PREFIXES

_LARGEST_FRAME = 1 << 17
_LONG = 0.05
_GROWN = 128 << 20
"""A query that leaves the process so much larger has left holes in its memory: a new one serves better."""
_STACK = 100 << 20
_STATM = Path("/proc/self/statm")
_OOM = Path("/proc/self/oom_score_adj")


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one query may take."""

    megabytes: int
    result_megabytes: int
    service: tuple[str, ...] = ()
    """The endpoints that SERVICE may ask,"""
    relay: str = ""
    """and the relay through which it asks them."""


class Sink:
    """A file that sends what is written to it: the first bytes at once, later ones in larger and larger frames."""

    def __init__(self, connection: socket.socket, limits: WorkerLimits) -> None:
        self._connection = connection
        self._most = limits.result_megabytes << 20
        self._limits = limits
        self._held: list[bytes] = []
        self._size = 0
        self._enough = 1
        self.sent = 0

    def write(self, data: bytes) -> int:
        """Holds the bytes back until more follow, so that a small answer is one frame."""
        if self._size >= self._enough:
            self._send(DATA)
            self._enough = min(2 * self._enough + 8192, _LARGEST_FRAME)
        self._held.append(data)
        self._size += len(data)
        if self.sent + self._size > self._most:
            raise ResultLimitError(self._limits.result_megabytes)
        return len(data)

    def flush(self) -> None:
        """Nothing is held for longer than until the next bytes."""

    def end(self, *, leaving: bool) -> None:
        """The answer is whole."""
        self._send(LAST + LEAVING * leaving)

    def _send(self, kind: int) -> None:
        parts = [HEAD.pack(kind, self._size), *self._held]
        sent = self._connection.sendmsg(parts)
        if sent < HEAD.size + self._size:
            self._connection.sendall(b"".join(parts)[sent:])
        self.sent += self._size
        self._held.clear()
        self._size = 0


def work(connection: socket.socket, store: Store, limits: WorkerLimits) -> None:
    """Answers until the other end is closed, or until a query left the process so large that a new one serves better."""
    limit_process(limits)
    own_pages()
    before = _size()
    with suppress(BrokenPipeError, ConnectionResetError):
        for kind, content in received(connection):
            began = time.monotonic()
            sink = Sink(connection, limits)

            def leaving(sink: Sink = sink, began: float = began) -> bool:
                # A quick query cannot have taken much, and asking the system would take as long as it did.
                return time.monotonic() - began > _LONG and _size() - before > _GROWN

            try:
                if kind == JOB:
                    job, arguments = unpack_job(content)
                    sink.write(job(store, *arguments))
                else:
                    _write(store, unpack(content), sink, limits)
                gone = leaving()
                sink.end(leaving=gone)
            except GraphError as error:
                gone = leaving()
                connection.sendall(pack_error(error, leaving=gone))
            except MemoryError:
                gone = True
                connection.sendall(pack_error(MemoryLimitError(limits.megabytes), leaving=gone))
            if gone:
                return


def _write(store: Store, question: QueryRequest, sink: Sink, limits: WorkerLimits) -> None:
    searched = with_hits(store, question.text)
    # The guard reads what the engine will read: whatever SERVICE is left is checked, those that the search did not know among them.
    text = relayed(searched.text, limits.service, limits.relay)
    refuse_unbound_graphs(text)
    dataset = dataset_read(text, question.dataset, question.base)
    try:
        answer = store.answer(text, dataset, question.base)
        with translated():
            serialize(answer, question.format, sink_for(question.format, cast(IO[bytes], sink)))
    except BadQueryError as error:
        raise searched.moved(error, question.text) from error
    except StoreError as error:
        if text is searched.text:
            raise
        raise EvaluationError(f"SERVICE: {error.reason.replace(limits.relay, '')}") from error


def serialize(answer: Answer, format: QueryResultsFormat | RdfFormat, sink: IO[bytes]) -> None:
    """Writes an answer in a format that fits it."""
    if isinstance(answer, QuerySolutions) and format == QueryResultsFormat.CSV:
        write_csv(answer, sink)
    elif isinstance(answer, QuerySolutions | QueryBoolean) and isinstance(format, QueryResultsFormat):
        answer.serialize(sink, format)
    elif not isinstance(answer, QuerySolutions | QueryBoolean) and isinstance(format, RdfFormat):
        if format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
            answer.serialize(sink, format)
        else:
            # Only the function takes prefixes, and draws the triples one by one for them.
            write_rdf(answer, sink, format, prefixes=PREFIXES)
    else:
        raise EvaluationError(f"{format} cannot hold the answer to this form of query")


def limit_process(limits: WorkerLimits) -> None:
    """Bounds what the process may allocate beyond what it starts with; the snapshot is shared and does not count."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    # Deeply nested queries are parsed and planned by recursion.
    resource.setrlimit(resource.RLIMIT_STACK, (_STACK if most == resource.RLIM_INFINITY else min(_STACK, most), most))
    if sys.platform == "linux":
        bound = _size() + (limits.megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        # Where the machine's memory ends nevertheless, a worker goes, and not who would take all others along.
        _OOM.write_text("1000", "ascii")


def _size() -> int:
    """The bytes of address space of this process, where the system tells."""
    try:
        return int(_STATM.read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return 0
