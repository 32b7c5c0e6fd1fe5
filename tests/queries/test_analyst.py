"""Questions an analyst would ask, invented and answered by reading the notice, each put to one query of the catalogue.

``take`` says how rows become an answer: the numbers of ``tasks``, a ``count``, a ``boolean``, the printed ``units``, the values of a
``column:``, the first ``row:`` or a ``map:`` from one column to another; ``where`` keeps the rows with these values. What ``may`` be in an
answer is neither asked for nor counted against it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from queries import catalogue

Row = Mapping[str, str]
FILES = sorted((Path(__file__).parents[1] / "data" / "questions").glob("*.json"))
QUESTIONS: list[dict[str, Any]] = [question for file in FILES for question in json.loads(file.read_text("utf-8"))]
KINDS = {"lookup", "inference", "multi-hop", "negation", "aggregate", "comparison", "quantity", "provenance"}


def kept(rows: Sequence[Row], where: Mapping[str, str | list[str]]) -> list[Row]:
    return [row for row in rows if all(row[name] in ([value] if isinstance(value, str) else value) for name, value in where.items())]


def answer(take: str, rows: Sequence[Row]) -> object:
    kind, _, names = take.partition(":")
    columns = names.replace(":", ",").split(",")
    match kind:
        case "tasks":
            return sorted({int(row["number"]) for row in rows})
        case "count":
            return len(rows)
        case "boolean":
            return rows[0]["boolean"] == "true"
        case "units":
            return sorted({name for row in rows for name in row["units"].split("、")})
        case "column":
            return sorted({row[columns[0]] for row in rows})
        case "row":
            return [rows[0][name] for name in columns]
        case "map":
            return {row[columns[0]]: row[columns[1]] for row in rows}
    raise AssertionError(take)


def without(found: object, free: Sequence[object]) -> object:
    return [item for item in found if item not in free] if isinstance(found, list) else found


def test_questions_of_every_kind_are_there() -> None:
    assert len(QUESTIONS) >= 60
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    kinds = Counter(question["kind"] for question in QUESTIONS)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 4


def test_many_queries_are_asked() -> None:
    assert len({question["query"] for question in QUESTIONS}) >= 45


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question["id"]))
def test_catalogue_gives_the_answer(question: dict[str, Any], ask: Callable[..., Any], resolve: Callable[..., Any]) -> None:
    columns, found = ask(catalogue()[question["query"]].bind(question["values"], resolve))
    rows = kept([dict(zip(columns, row, strict=True)) for row in found], question.get("where", {}))
    expected = question["answer"] if question["take"].startswith("row") else sorted_lists(question["answer"])
    free = question.get("may", [])
    assert without(answer(question["take"], rows), free) == without(expected, free), question["zh"]


def sorted_lists(value: object) -> object:
    return sorted(value) if isinstance(value, list) else value
