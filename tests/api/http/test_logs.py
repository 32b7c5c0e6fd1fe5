"""Lines of the log are JSON that a terminal cannot be made to obey, and tell only what nobody foresaw."""

from __future__ import annotations

import asyncio
import json
import logging
import sys

import pytest

from api.http.logs import JsonFormatter, configure
from graph.errors import BadQueryError


def record(message: str, *arguments: object, error: BaseException | None = None, **extra: object) -> logging.LogRecord:
    exc_info = (type(error), error, None) if error else None
    return logging.getLogger("zhengce.test").makeRecord(
        "zhengce.test", logging.WARNING, "f.py", 1, message, arguments, exc_info, extra=extra
    )


def test_a_line_has_what_happened_and_what_was_given_with_it() -> None:
    made = record("asked %s", "低空", path="/sparql", status=200)
    made.created = 0.5
    assert json.loads(JsonFormatter().format(made)) == {
        "time": "1970-01-01T00:00:00.500+00:00",
        "level": "warning",
        "logger": "zhengce.test",
        "message": "asked 低空",
        "path": "/sparql",
        "status": 200,
    }


def test_the_trace_of_an_error_is_in_the_line() -> None:
    assert "ValueError: no" in json.loads(JsonFormatter().format(record("failed", error=ValueError("no"))))["trace"]
    assert "trace" not in json.loads(JsonFormatter().format(record("failed")))


@pytest.mark.parametrize("unseen", ["\x1b", "\x9b", "\u202e", "\u200b", "\ufeff", "\udc80", "\n"])
def test_what_a_terminal_obeys_is_written_out(unseen: str) -> None:
    line = JsonFormatter().format(record(f"a{unseen}b"))
    assert unseen not in line
    assert json.loads(line)["message"] == f"a{unseen}b"


@pytest.mark.parametrize(
    ("error", "told"), [(BadQueryError("no"), False), (asyncio.CancelledError(), False), (ValueError("no"), True), (None, True)]
)
def test_errors_that_are_told_elsewhere_are_not_told_twice(
    error: BaseException | None, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    configure()
    try:
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        assert handler.stream is sys.stderr
        assert root.level == logging.INFO
        handler.handle(record("what happened", error=error))
        assert ("what happened" in capsys.readouterr().err) is told
    finally:
        root.handlers.clear()
