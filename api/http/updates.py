"""Changes that somebody with the token sends, turned into snapshots that every query asked afterwards reads."""

from __future__ import annotations

import asyncio
import base64
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack
from functools import partial
from typing import Any, Self

from fastapi import Request

from api.answers.remote_engine import mirror_of
from api.answers.service import Service
from api.http.errors import CrossSiteError, PreconditionError, UnauthorizedError, UnsupportedMediaError, WritingOffError
from graph.query.worker import WorkerLimits
from graph.update.apply import Applied, Change
from graph.update.mirror import Mirror
from graph.update.process import UpdatePlan, UpdateProcess

_BROWSER = frozenset(("origin", "sec-fetch-site", "sec-fetch-mode"))
"""What browsers say of themselves with every write, and no page can keep them from."""


class UpdateService:
    """The writer of a service and who may use it. Open it with ``async with``, inside the service."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self.megabytes = settings.write_megabytes
        self._token = settings.token
        self._service = service
        plan = UpdatePlan(
            seconds=settings.write_seconds,
            queue=settings.queue,
            queue_seconds=settings.queue_seconds,
            limits=WorkerLimits(settings.query_megabytes, settings.result_megabytes),
        )
        self._mirror = mirror_of(settings) if settings.remote and settings.writable else None
        self._turn = asyncio.Lock()
        snapshots = self._mirror.snapshots if self._mirror else None
        folder, keep = (snapshots.folder, max(2, settings.keep_snapshots)) if snapshots else (settings.data, settings.keep_snapshots)
        self._writer = UpdateProcess(folder, keep, plan)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._writer.close()

    async def write(self, change: Change) -> Applied:
        """Publishes the change and moves the workers to it; where an engine elsewhere holds the data, there."""
        if self._mirror is None:
            written = await self._writer.write(change)
        else:
            written = await self._written_there(self._mirror, change)
        await self._service.refresh()
        return written

    async def _written_there(self, mirror: Mirror, change: Change) -> Applied:
        """Makes the change in the working copy, by the process that may contact nobody, and carries it to the engine from here."""
        async with self._turn, AsyncExitStack() as stack:
            writing = mirror.writing()
            await asyncio.to_thread(writing.__enter__)
            stack.push_async_exit(partial(_leave, writing))
            return await self._writer.write(change)

    def authorise(self, request: Request) -> None:
        """Raises where the request does not carry the token of the service, or does so for a page of another site."""
        if not self._token:
            raise WritingOffError
        authorization = request.headers.get("authorization", "")
        bearer = authorization.lower().startswith("bearer")
        # A browser sends a password that it remembers with the forms of any site; a bearer token no page can make it send.
        if not bearer and from_another_site(request.headers, self._service.settings.url):
            raise CrossSiteError
        # Compared in the same time whatever was sent, so that it cannot be guessed letter by letter.
        if not secrets.compare_digest(_given(authorization), self._token.encode()):
            # Behind that: a browser is never asked for a password, so that it has none to remember.
            raise UnauthorizedError(bearer=bearer or not _BROWSER.isdisjoint(request.headers.keys()))

    async def expected(self, request: Request, exists: Callable[[], Awaitable[bool]]) -> int | None:
        """The snapshot that a change must find (RFC 9110, 13.1): None where the request says nothing of it.

        ``If-Match`` and ``If-None-Match`` name snapshots by their numbers, as ``Zhengce-Snapshot`` and the ETags of ``/store`` do; ``*``
        asks whether the graph is there. Raises PreconditionError where that does not hold now; the update process looks once more.
        """
        remote = self._mirror is not None
        match, none_match = request.headers.get("if-match"), request.headers.get("if-none-match")
        if match is None and none_match is None:
            return None
        current = self._service.snapshot.number if self._service.snapshot else 0
        there = await exists()
        if match is not None and not (there if match.strip() == "*" else there and current in _numbers(match)):
            raise PreconditionError(current)
        if none_match is not None and (there if none_match.strip() == "*" else there and current in _numbers(none_match)):
            raise PreconditionError(current)
        # Of an engine elsewhere no snapshot is named to anybody; the push looks whether it is the one it began with.
        return None if remote else current

    def address(self, request: Request) -> str:
        """The address that the request was sent to, as the public has it, without its parameters."""
        public = self._service.settings.url or f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
        return public + bytes(request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii").partition("?")[0]


def from_another_site(headers: Mapping[str, str], public: str = "") -> bool:
    """Whether a browser sends this for a page of another site, as far as browsers say (https://www.w3.org/TR/fetch-metadata/, RFC 6454);
    ``public`` is the address of this service, where it has one.

    >>> from_another_site({"host": "a:80", "origin": "http://b"}), from_another_site({"host": "a:80", "origin": "http://A:80"})
    (True, False)
    >>> from_another_site({"sec-fetch-site": "cross-site"}), from_another_site({"user-agent": "curl"})
    (True, False)
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site.strip().lower() not in {"same-origin", "none"}
    origin = headers.get("origin")
    own = {headers.get("host", ""), public.partition("://")[2].partition("/")[0]}
    return origin is not None and origin.partition("://")[2].lower() not in {name.lower() for name in own if name}


async def _leave(writing: AbstractContextManager[object], *error: Any) -> None:
    """Ends the writing in a thread: what was written is carried to the engine, or given up."""
    await asyncio.to_thread(writing.__exit__, *error)


def _numbers(tags: str) -> set[int]:
    """The snapshots that entity tags name; weak ones never match (RFC 9110, 13.1.1).

    >>> _numbers('"7", W/"8", "9-ttl"')
    {9, 7}
    """
    return {int(number) for weak, number in re.findall(r'(W/)?"(\d{1,12})(?:-\w*)?"', tags) if not weak}


def _given(authorization: str) -> bytes:
    """The token that a request brings: as bearer token (RFC 6750), or as the password of any user (RFC 7617).

    >>> _given("Bearer secret"), _given("Basic YW55Ym9keTpzZWNyZXQ="), _given("Digest secret")
    (b'secret', b'secret', b'')
    """
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip().encode()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials.strip(), validate=True).partition(b":")[2]
        except ValueError:
            return b""
    return b""


def media_type(content_type: str, accepted: tuple[str, ...]) -> str:
    """The type of a body without its parameters; refused where nobody takes it, or where it is not in UTF-8.

    >>> media_type('Text/Turtle; charset="UTF-8"', ("text/turtle",))
    'text/turtle'
    """
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((part.partition("=")[2].strip("\" '") for part in parameters if part.startswith("charset=")), "utf-8")
    if kind not in accepted or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaError(content_type, accepted)
    return kind
