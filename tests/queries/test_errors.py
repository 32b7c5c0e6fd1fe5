"""Every error of the catalogue is a sentence in Chinese and the same in English, and keeps what it is about."""

from __future__ import annotations

import re

import pytest

from queries.errors import BadValueError, MalformedQueryError, QueryError, UnknownParameterError, UnknownQueryError

ERRORS = [
    (MalformedQueryError("units", "缺少标题", "it has no title"), ("units.rq", "缺少标题", "it has no title")),
    (UnknownQueryError("task", ["tasks", "tasks-by-unit"]), ("task", "相近的有 tasks、tasks-by-unit", "near it: tasks, tasks-by-unit")),
    (UnknownQueryError("x", []), ("没有名为 x 的查询。", "There is no query named x.")),
    (UnknownParameterError("tasks", "page", ["notice", "unit"]), ("page", "它的参数是 notice、unit", "its parameters are notice, unit")),
    (UnknownParameterError("tasks", "page", []), ("它没有参数", "it has none")),
    (BadValueError("year", "MMXXVI", "整数", "an integer"), ("year", "MMXXVI", "整数", "an integer")),
]


@pytest.mark.parametrize(("error", "parts"), ERRORS, ids=lambda value: type(value).__name__)
def test_the_sentence_says_what_is_wrong_in_both_languages(error: QueryError, parts: tuple[str, ...]) -> None:
    sentence = str(error)
    assert [part for part in parts if part not in sentence] == []
    assert re.search(r"[一-鿿].*。\s?[A-Z].*\.$", sentence)


def test_errors_keep_what_they_are_about() -> None:
    assert MalformedQueryError("units", "", "").name == "units"
    assert UnknownQueryError("task", ["tasks"]).alike == ("tasks",)
    assert UnknownParameterError("tasks", "page", ["unit"]).known == ("unit",)
    assert BadValueError("year", "MMXXVI", "整数", "an integer").expected == ("整数", "an integer")
