"""Changes that somebody with the token sends, turned into snapshots that every query asked afterwards reads."""

from __future__ import annotations

import secrets
from typing import Self

from fastapi import Request

from api.answers.service import Service
from api.http.errors import UnauthorizedError, UnsupportedMediaError, WritingOffError
from graph.query.worker import WorkerLimits
from graph.update.apply import Applied, Change
from graph.update.process import UpdatePlan, UpdateProcess


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
        self._writer = UpdateProcess(settings.data, settings.keep_snapshots, plan)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._writer.close()

    async def write(self, change: Change) -> Applied:
        """Publishes the change and moves the workers to it."""
        written = await self._writer.write(change)
        await self._service.refresh()
        return written

    def authorise(self, request: Request) -> None:
        """Raises where the request does not carry the token of the service."""
        if not self._token:
            raise WritingOffError
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # Compared in the same time whatever was sent, so that it cannot be guessed letter by letter.
        if scheme.lower() != "bearer" or not secrets.compare_digest(given.strip().encode(), self._token.encode()):
            raise UnauthorizedError

    def address(self, request: Request) -> str:
        """The address that the request was sent to, as the public has it, without its parameters."""
        public = self._service.settings.url or f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
        return public + bytes(request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii").partition("?")[0]


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
