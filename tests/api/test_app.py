"""A start that fails says why, however the server below ends it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from api import app
from api.settings import Settings
from graph.errors import StoreError
from ontology.errors import ZhengceError


@dataclass
class FailedServer:
    """A server whose application did not start, or which was told to end."""

    failure: ZhengceError | None
    end: BaseException | None

    def __post_init__(self) -> None:
        application = app.Application()
        application.failure = self.failure
        self.config = SimpleNamespace(app=application)

    def run(self) -> None:
        if self.end:
            raise self.end


@pytest.fixture(autouse=True)
def without_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a start changes in its process stays as it is in that of the tests."""
    monkeypatch.setattr("api.http.logs.configure", lambda: None)
    monkeypatch.setattr("gc.freeze", lambda: None)


@pytest.mark.parametrize("end", [SystemExit(3), None])
def test_a_start_that_fails_says_why(monkeypatch: pytest.MonkeyPatch, end: BaseException | None) -> None:
    monkeypatch.setattr(app, "server", lambda _: FailedServer(StoreError("the holder ended"), end))
    with pytest.raises(StoreError, match="the holder ended"):
        app.run(Settings())


def test_any_other_end_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "server", lambda _: FailedServer(None, SystemExit(3)))
    with pytest.raises(SystemExit):
        app.run(Settings())
    monkeypatch.setattr(app, "server", lambda _: FailedServer(None, KeyboardInterrupt()))
    app.run(Settings())
