"""Answers of an engine that may show half of an update, turned into answers of one snapshot.

An engine whose isolation is read committed shows a query that runs while an update is committed some of what was and some of what is. Who
publishes to one marks the pointer before the first change and takes the mark away after the last (``graph/update/mirror.py``). An answer
counts where the pointer had no mark and the same token before the query began and after it ended; all else is asked again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile

from graph.errors import EvaluationError, MovingError, ResultLimitError, TimeLimitError
from graph.query.endpoint import Endpoint, next_part
from graph.query.framing import QueryRequest
from graph.query.remote_store import RemoteStore

_IN_MEMORY = 1 << 20
"""A longer answer waits in a file until it is known to count."""


@contextmanager
def one_snapshot(engine: Endpoint, seconds: float) -> Iterator[tuple[str, bool]]:
    """What names the snapshot that the engine holds all the while that the block runs, and whether it is all the service's own; raises
    MovingError where it does not hold it all the while."""
    before = RemoteStore(engine, seconds).state()
    failure: Exception | None = None
    try:
        yield before
    except Exception as error:  # noqa: BLE001 - graphs that were changed while they were read may be the reason of any
        failure = error
    try:
        after = RemoteStore(engine, seconds).state()
    except EvaluationError:
        # Virtuoso sacrifices a reader where it finds a deadlock with who publishes.
        after = None
    if after is None or after[0] != before[0]:
        raise MovingError from failure
    if failure:
        raise failure


def spooled(engine: Endpoint, question: QueryRequest, text: str, seconds: float, megabytes: int) -> SpooledTemporaryFile[bytes]:
    """The whole answer of an engine, of one snapshot; it may take so many seconds and be so large."""
    until = time.monotonic() + seconds
    answer: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with one_snapshot(engine, seconds), engine.ask(question, text, seconds) as response:
            while part := next_part(response, engine.queries[0]):
                answer.write(part)
                if answer.tell() > megabytes << 20:
                    raise ResultLimitError(megabytes)
                if time.monotonic() > until:
                    # Nobody waits for it any more.
                    raise TimeLimitError(seconds)
    except BaseException:
        answer.close()
        raise
    answer.seek(0)
    return answer
