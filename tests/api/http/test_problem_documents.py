"""Errors as problem documents."""

from __future__ import annotations

import inspect
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import api.cli.errors
import api.publication.errors
import api.settings
import ontology.reasoning
from api.http import errors as http_errors
from api.http.problem_documents import STATUS, problem, slug, status_of, unforeseen
from graph import errors as graph_errors
from ingest import errors as ingest_errors
from ontology.errors import ZhengceError
from queries import errors as query_errors

DOCS = Path(__file__).parents[3] / "docs" / "problems.md"


def kinds(kind: type[ZhengceError]) -> Iterator[type[ZhengceError]]:
    for narrower in kind.__subclasses__():
        yield from kinds(narrower) if narrower.__subclasses__() else (narrower,)


LEAVES = tuple(each for each in kinds(ZhengceError) if not each.__module__.startswith("tests"))
assert api.cli.errors and api.publication.errors and api.settings and ontology.reasoning  # noqa: PT018 - imported for their errors
OVER_HTTP = tuple(each for each in LEAVES if each.__module__.startswith(("api.http", "graph", "queries")))


def test_every_room_has_its_errors() -> None:
    rooms = {each.__module__ for each in LEAVES}
    assert rooms >= {
        "api.http.errors",
        "api.cli.errors",
        "api.publication.errors",
        "api.settings",
        "graph.errors",
        "ingest.errors",
        "queries.errors",
        "ontology.errors",
    }
    modules = (http_errors, graph_errors, ingest_errors, query_errors)
    strangers = [
        kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and not issubclass(kind, ZhengceError)
    ]  # fmt: skip
    assert strangers == []


@pytest.mark.parametrize("kind", OVER_HTTP, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status(kind: type[Exception]) -> None:
    assert any(parent in STATUS for parent in kind.__mro__)


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_error_is_explained(kind: type[Exception]) -> None:
    assert f'<a id="{slug(kind)}"></a>' in DOCS.read_text("utf-8")


def test_docs_explain_no_error_that_there_is_not() -> None:
    anchors = set(re.findall(r'<a id="([a-z-]+)"></a>', DOCS.read_text("utf-8"))) - {"command-line"}
    assert anchors <= {slug(kind) for kind in (*LEAVES, *STATUS)}


@pytest.mark.parametrize("kind", STATUS, ids=lambda kind: kind.__name__)
def test_docs_say_the_status(kind: type[Exception]) -> None:
    said = re.search(rf'<a id="{slug(kind)}"></a>`{slug(kind)}` \| (\d+) \|', DOCS.read_text("utf-8"))
    assert said is None or int(said[1]) == STATUS[kind]
    assert said or kind.__subclasses__()


def test_errors_travel_between_processes_with_both_sentences() -> None:
    error = graph_errors.StoreError.of(OSError("IO error: No space left on device: While appending to file: x.sst"), "/data")
    again = pickle.loads(pickle.dumps(error))
    assert (again.zh, again.en, str(again)) == (error.zh, error.en, str(error))
    assert error.zh == "数据库无法读写：/data：磁盘已满。"
    assert error.sentence("en") == "The store cannot be read or written: /data: the disk is full."


def test_status_follows_the_class_above() -> None:
    class Narrower(graph_errors.TimeLimitError):
        pass

    assert status_of(Narrower(1)) == 504
    assert status_of(graph_errors.ClientBusyError(1, 2)) == 429
    assert status_of(graph_errors.BusyError(2)) == 503
    assert status_of(KeyError()) == 500
    assert status_of(ingest_errors.IngestError("x.txt", "坏", "bad")) == 500


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


def test_every_status_is_that_of_the_docs() -> None:
    rows = dict(re.findall(r'^\| <a id="[\w-]+"></a>`([\w-]+)` \| (\d{3}) \|', DOCS.read_text("utf-8"), re.MULTILINE))
    said = {slug(kind): next(STATUS[parent] for parent in kind.__mro__ if parent in STATUS) for kind in OVER_HTTP}
    assert len(rows) > 30
    assert {name: status for name, status in said.items() if rows.get(name) != str(status)} == {}
