"""What the server asks of whoever answers plain questions past the framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Pending(Protocol):
    """A query under way before its request is taken apart."""

    @property
    def asking(self) -> object | None:
        """What waits for a worker; None where the answer is at hand."""

    def abandon(self) -> None:
        """Ends the query, where nobody took it over."""


class Fast(Protocol):
    """What answers plain questions past the framework."""

    def begin(self, raw: bytes, scheme: str, client: str, heard: Callable[[], None]) -> Any | None:
        """A query under way, where the request is a plain question."""

    def response(self, pending: Any, default: bytes) -> bytes | None:
        """The whole response, where that is here."""

    def waits(self, pending: Any) -> bool:
        """Whether more will be heard of it."""

    def settle(self, pending: Any) -> None:
        """Keeps, counts and logs a response that was sent."""
