"""A query, turned into the rows of a SPARQL endpoint elsewhere, asked no faster than it may be and at that address alone."""

from __future__ import annotations

import json
import math
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPResponse

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from graph.errors import StoreError
from graph.query.no_redirects import opener
from graph.store.embedded_store import Row

_TRIES = 4
"""So often a query is asked where the endpoint says that it has too much to do, or does not answer in time;"""
_LONGEST_PAUSE = 60.0
"""and no longer than so many seconds after the time before, whatever it wishes."""
_BUSY = frozenset((429, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Manners:
    """How an endpoint is asked."""

    rate: float = 2.0
    """Requests a second, at most."""
    seconds: float = 30.0
    """For one answer."""
    megabytes: int = 16
    """An answer is no larger."""
    requests: int = 5000
    """A run asks no more often."""


class Endpoint:
    """A SPARQL endpoint, by its address. Nothing is sent before the first query."""

    def __init__(
        self,
        url: str,
        manners: Manners | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise StoreError(
                f"{url}: no address of a SPARQL endpoint (http:// or https://)", f"{url}：不是 SPARQL 端点的地址（http:// 或 https://）"
            )
        self.url = url
        self.manners = manners or Manners()
        self.requests = 0
        """How many were sent."""
        self._last = -math.inf
        self._clock = clock
        self._sleep = sleep

    def rows(self, query: str) -> list[Row]:
        """The solutions of a SELECT; raises StoreError where the endpoint gives none within the limits."""
        pause = 1.0
        for left in reversed(range(_TRIES)):
            try:
                return self._asked(query)
            except urllib.error.HTTPError as error:
                if error.code not in _BUSY or not left:
                    raise self._failed(f"{error.code} {error.reason}") from error
                pause = max(pause, _wished(error.headers))
            except (OSError, HTTPException) as error:
                if not left:
                    raise self._failed(str(error) or type(error).__name__) from error
            except (SPARQLWrapperException, ValueError) as error:
                raise self._failed(" ".join(str(error).split())[:300]) from error
            self._sleep(min(pause, _LONGEST_PAUSE))
            pause *= 2
        raise AssertionError

    def _asked(self, query: str) -> list[Row]:
        self._wait()
        wrapper = _Wrapper(self.url, agent="zhengce (link proposals; SPARQLWrapper)")
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(JSON)
        wrapper.setTimeout(max(1, round(self.manners.seconds)))
        wrapper.setQuery(query)
        response = wrapper.query().response
        try:
            content = response.read((self.manners.megabytes << 20) + 1)
        finally:
            response.close()
        if len(content) > self.manners.megabytes << 20:
            raise ValueError(f"an answer of more than {self.manners.megabytes} MB")
        return _read(content)

    def _wait(self) -> None:
        """Keeps the distance between two requests, and counts them."""
        if self.requests >= self.manners.requests:
            raise self._failed(f"more than {self.manners.requests} requests")
        left = self._last + 1 / self.manners.rate - self._clock()
        if left > 0:
            self._sleep(left)
        self._last = self._clock()
        self.requests += 1

    def _failed(self, reason: str) -> StoreError:
        return StoreError(f"{self.url}: {reason}", f"{self.url}：{reason}")


class _Wrapper(SPARQLWrapper):
    """A SPARQLWrapper that follows no redirect."""

    def _query(self) -> tuple[HTTPResponse, str]:
        return opener().open(self._createRequest(), timeout=self.timeout), self.returnFormat


def _read(content: bytes) -> list[Row]:
    try:
        answer = parse_query_results(content, QueryResultsFormat.JSON)
    except SyntaxError as error:
        raise ValueError(f"no SPARQL JSON ({error})") from error
    if not isinstance(answer, QuerySolutions):
        raise ValueError(f"no solutions but {json.dumps(content[:80].decode('utf-8', 'replace'))}")
    names = [variable.value for variable in answer.variables]
    try:
        return [{name: term for name, term in zip(names, solution, strict=True) if term is not None} for solution in answer]
    except SyntaxError as error:
        raise ValueError(f"no SPARQL JSON ({error})") from error


def _wished(headers: Message | None) -> float:
    """The seconds of Retry-After, 0 where it says none."""
    text = (headers.get("Retry-After") or "") if headers else ""
    return float(text) if text.isdigit() else 0.0
