"""Errors as problem documents."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.http import errors as http_errors
from api.http.problems import STATUS, problem, slug, status_of, unforeseen
from graph import errors as graph_errors
from ingest import errors as ingest_errors
from queries import errors as query_errors

DOCS = Path(__file__).parents[3] / "docs" / "problems.md"


def leaves() -> Iterator[type[Exception]]:
    for module in (http_errors, graph_errors, query_errors):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Exception) and kind.__module__ == module.__name__ and not kind.__subclasses__():
                yield kind


@pytest.mark.parametrize("kind", tuple(leaves()), ids=lambda kind: kind.__name__)
def test_every_error_has_a_status(kind: type[Exception]) -> None:
    assert any(parent in STATUS for parent in kind.__mro__)


@pytest.mark.parametrize("kind", tuple(leaves()), ids=lambda kind: kind.__name__)
def test_every_error_is_explained(kind: type[Exception]) -> None:
    assert f'<a id="{slug(kind)}"></a>' in DOCS.read_text("utf-8")


def test_status_follows_the_class_above() -> None:
    class Narrower(graph_errors.TimeLimitError):
        pass

    assert status_of(Narrower(1)) == 504
    assert status_of(graph_errors.ClientBusyError(1, 2)) == 429
    assert status_of(graph_errors.BusyError(2)) == 503
    assert status_of(KeyError()) == 500
    assert status_of(ingest_errors.IngestError("坏", "bad")) == 500


def test_document_says_what_happened_in_both_languages() -> None:
    response = problem(graph_errors.BadQueryError("expected a dot", 2, 7), "/sparql")
    said = json.loads(bytes(response.body))
    assert response.media_type == "application/problem+json; charset=utf-8"
    assert said["type"].endswith("#bad-query")
    assert (said["title"], said["status"], said["instance"], said["line"], said["column"]) == ("Bad Request", 400, "/sparql", 2, 7)
    assert said["detail_zh"].startswith("查询第 2 行")
    assert said["detail_en"] in said["detail"]


def test_document_tells_when_to_come_again() -> None:
    assert problem(http_errors.RateError(7)).headers["retry-after"] == "7"
    assert problem(http_errors.MethodError("PUT", ("GET", "HEAD"))).headers["allow"] == "GET, HEAD"


def test_unforeseen_error_tells_only_its_id() -> None:
    said = json.loads(bytes(unforeseen("ab12").body))
    assert said["request_id"] == "ab12"
    assert "trace" not in said
