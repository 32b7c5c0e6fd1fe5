"""Where an engine elsewhere is asked and changed, turned into its responses by the SPARQL 1.1 Protocol (sections 2.1 and 2.2).

An engine may have replicas: a question goes to one of them, and to the next where that one is away, since to ask twice changes nothing.
Who we are is said as each address asks for it (RFC 6750 bearer, RFC 7617 basic, RFC 7616 digest) and is in no message of ours.
"""

from __future__ import annotations

import base64
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPResponse
from itertools import count
from tempfile import SpooledTemporaryFile
from typing import cast
from urllib.parse import urlencode

from graph.errors import BadQueryError, EngineAwayError, EvaluationError, StoreError, TimeLimitError
from graph.query.framing import QueryRequest
from graph.query.no_redirects import opener

_FORM, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-update"
_AWAY = frozenset((502, 503, 504))
_REFUSED = frozenset((401, 403, 404, 405))
_PART = 1 << 16


class Endpoint:
    """The addresses of an engine: ``queries`` of its replicas, ``updates`` of each in the same order, or none where it is only read."""

    def __init__(self, queries: Sequence[str], updates: Sequence[str] = (), login: str = "", token: str = "") -> None:
        """``login`` is ``user:password``, ``token`` a bearer token; neither where everybody may come."""
        self.queries = tuple(queries)
        self.updates = tuple(updates)
        self._login, self._token = login, token
        self._challenges: dict[str, str] = {}
        """What each address answered whom it does not know."""
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        user, _, password = login.partition(":")
        for url in (*self.queries, *self.updates):
            passwords.add_password(None, url, user, password)
        self._digest = urllib.request.HTTPDigestAuthHandler(passwords)
        self._opener = opener()
        self._turn = count()

    def __repr__(self) -> str:
        return f"Endpoint({', '.join(self.queries)})"

    def replicas(self) -> Iterator[Endpoint]:
        """Each replica as an endpoint of its own, another one first each time."""
        turn = next(self._turn)
        for place in range(len(self.queries)):
            at = (turn + place) % len(self.queries)
            yield self.replica(at) if len(self.queries) > 1 else self

    def replica(self, at: int) -> Endpoint:
        """One of the replicas."""
        return Endpoint(self.queries[at : at + 1], self.updates[at : at + 1], self._login, self._token)

    def ask(self, question: QueryRequest, text: str, seconds: float) -> HTTPResponse:
        """The response of the first replica that answers; raises EngineAwayError where none does, and what the engine refuses."""
        pairs = [("query", text)]
        for name, graphs in (("default-graph-uri", question.dataset.default), ("named-graph-uri", question.dataset.named)):
            pairs += [(name, graph.value) for graph in graphs or ()]
        headers = {"Content-Type": _FORM, "Accept": question.format.media_type.partition(";")[0]}
        failure: EngineAwayError | None = None
        turn = next(self._turn)
        for place in range(len(self.queries)):
            url = self.queries[(turn + place) % len(self.queries)]
            try:
                return self._opened(_request(url, urlencode(pairs).encode(), headers), seconds)
            except EngineAwayError as error:
                failure = error
        raise failure or StoreError("no endpoint")

    def read(self, question: QueryRequest, text: str, seconds: float) -> bytes:
        """The whole answer; asked once more where the connection breaks while it comes."""
        for last in (False, True):
            try:
                with self.ask(question, text, seconds) as response:
                    return response.read()
            except (OSError, http.client.HTTPException) as error:
                if last:
                    raise away(self.queries[0], error) from error
        raise AssertionError

    def update(self, text: str, seconds: float, at: int = 0) -> None:
        """Carries out an update at one replica; raises what the engine refuses, EngineAwayError where it is not known what became of it."""
        url = self.updates[at]
        if self._login and url not in self._challenges:
            # A server that wants a password may hang up on a large body that comes without.
            self._introduce(url, seconds)
        request = _request(url, text.encode(), {"Content-Type": _UPDATE, "Accept": "*/*"})
        with self._opened(request, seconds) as response:
            response.read()

    def _introduce(self, url: str, seconds: float) -> None:
        try:
            self._opener.open(_request(url, b"", {"Content-Type": _UPDATE}), timeout=seconds).close()
        except urllib.error.HTTPError as error:
            if error.code == 401:
                self._challenges[url] = error.headers.get("WWW-Authenticate", "")
            error.close()
        except (OSError, http.client.HTTPException) as error:
            raise away(url, error) from error

    def _opened(self, request: urllib.request.Request, seconds: float) -> HTTPResponse:
        """The response to a request; one that is asked for a password is sent once more with it."""
        url = request.full_url
        for last in (False, True):
            try:
                self._sign(request)
                return cast(HTTPResponse, self._opener.open(request, timeout=seconds))
            except urllib.error.HTTPError as error:
                challenge = error.headers.get("WWW-Authenticate", "")
                if error.code == 401 and self._login and not last:
                    self._challenges[url] = challenge
                    error.close()
                    continue
                raise _of(error, url) from error
            except (OSError, http.client.HTTPException) as error:
                if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
                    raise TimeLimitError(seconds) from error
                raise away(url, error) from error
        raise AssertionError

    def _sign(self, request: urllib.request.Request) -> None:
        challenge = self._challenges.get(request.full_url, "")
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        elif challenge.lower().startswith("digest"):
            given: Mapping[str, str] = urllib.request.parse_keqv_list(
                [part for part in urllib.request.parse_http_list(challenge.partition(" ")[2]) if part]
            )
            signed = self._digest.get_authorization(request, given)
            request.add_unredirected_header("Authorization", f"Digest {signed}")
        elif challenge.lower().startswith("basic"):
            request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(self._login.encode()).decode()}")


def _request(url: str, body: bytes, headers: Mapping[str, str]) -> urllib.request.Request:
    return urllib.request.Request(url, body, dict(headers), method="POST")  # noqa: S310 - settings take http and https alone


def next_part(answer: HTTPResponse | SpooledTemporaryFile[bytes], url: str) -> bytes:
    """The next bytes of an answer, none at its end; raises EngineAwayError where it broke off."""
    try:
        part = answer.read1(_PART)
    except (OSError, http.client.HTTPException) as error:
        raise away(url, error) from error
    # Of an answer that has a length, the end of the connection is told as the end of the answer.
    if not part and (rest := getattr(answer, "length", 0)):
        raise away(url, http.client.IncompleteRead(b"", rest))
    return part


def away(url: str, error: BaseException) -> EngineAwayError:
    """The engine did not answer, or broke off."""
    return EngineAwayError(url, said(str(getattr(error, "reason", "") or error) or type(error).__name__))


def _of(error: urllib.error.HTTPError, url: str) -> EngineAwayError | BadQueryError | EvaluationError | StoreError:
    """What an engine refused, as ours."""
    with error:
        message = said(error.read(4096))
    if error.code in _AWAY:
        return EngineAwayError(url, f"{error.code} {message}".strip())
    if error.code in _REFUSED:
        return StoreError(f"{url}: {error.code} {message}".strip())
    if error.code == 400:
        return BadQueryError(message)
    return EvaluationError(f"{url}: {error.code} {message}".strip())


def said(message: bytes | str) -> str:
    """The beginning of what an engine says about an error, on one line.

    >>> said(b"Parse error:\\n  at line 1")
    'Parse error: at line 1'
    """
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
    return " ".join(text.split())[:300]
