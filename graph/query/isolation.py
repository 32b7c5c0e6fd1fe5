"""Answers of an engine that may show half of an update, turned into answers of one snapshot or of the next.

An engine whose isolation is read committed shows a query that runs while an update is committed some of what was and some of what is. Who
publishes to one marks the pointer before the first change and takes the mark away after the last (``graph/update/mirror.py``). An answer
counts where the pointer had no mark and the same token before the query began and after it ended; all else is asked again.
"""

from __future__ import annotations

import http.client
import shutil
from tempfile import SpooledTemporaryFile

from graph.errors import EngineAwayError, MovingError, StoreError
from graph.query.endpoint import Endpoint, away
from graph.query.framing import QueryRequest
from graph.query.remote_store import RemoteStore

_IN_MEMORY = 1 << 20
"""A longer answer waits in a file until it is known to count."""


def isolated(endpoint: Endpoint, question: QueryRequest, text: str, seconds: float) -> SpooledTemporaryFile[bytes]:
    """The whole answer of the first replica that can give one of one snapshot; raises MovingError where a publication is under way."""
    failure: EngineAwayError | MovingError | None = None
    for replica in endpoint.replicas():
        try:
            return _isolated(replica, question, text, seconds)
        except (EngineAwayError, MovingError) as error:
            failure = error
    raise failure or StoreError("no endpoint")


def _isolated(replica: Endpoint, question: QueryRequest, text: str, seconds: float) -> SpooledTemporaryFile[bytes]:
    token = RemoteStore(replica, seconds).token()
    answer: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with replica.ask(question, text, seconds) as response:
            shutil.copyfileobj(response, answer)
        if RemoteStore(replica, seconds).token() != token:
            raise MovingError
    except (OSError, http.client.HTTPException) as error:
        answer.close()
        raise away(replica.queries[0], error) from error
    except BaseException:
        answer.close()
        raise
    answer.seek(0)
    return answer
