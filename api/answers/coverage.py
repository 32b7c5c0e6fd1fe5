"""What an answer about a subject rests on and what it may have missed: routes, near misses, warnings, documents that could not answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from api.answers.tables import Plain
from queries.ask import coverage
from queries.ask.model import Question

Rows = Callable[[str], Awaitable[Sequence[Mapping[str, Plain]]]]
"""Asks a query; its rows by the names of their columns."""
_AT_ONCE = 500
"""The tasks or passages that one query names."""


async def statement(question: Question, tasks: Sequence[str], rows: Rows) -> dict[str, Any]:
    """The coverage of one clause; ``tasks`` are those that its answer is about.

    ``routes`` has each of them once, so that their numbers add up to the hits. A question without a subject has no routes and no near
    misses.
    """
    topics = coverage.subjects(question)
    refs = [ref for topic in topics for ref in topic.refs]
    notices = [str(row["notice"]) for row in await rows(coverage.notices_of(tasks))]
    return {
        "subject": "、".join(topic.surface for topic in topics),
        "routes": await _routes(refs, tasks, rows) if topics else {},
        "near": await _near(refs, tasks, rows) if refs else [],
        "notWhollyRead": [_without_nothing(row) for row in (await rows(coverage.warnings_of(notices)) if notices else ())],
        "couldNotAnswer": [_without_nothing(row) for row in await rows(coverage.unable(question))],
    }


async def _routes(refs: Sequence[Any], tasks: Sequence[str], rows: Rows) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {route: [] for route in coverage.ROUTES}
    best: dict[str, int] = {}
    for start in range(0, len(tasks) if refs else 0, _AT_ONCE):
        holders = {str(row["passage"]): str(row["task"]) for row in await rows(coverage.passages_of(tasks[start : start + _AT_ONCE]))}
        for row in await rows(coverage.routes(refs, list(holders))) if holders else ():
            task = holders[str(row["passage"])]
            best[task] = min(best.get(task, 3), int(str(row["route"])))
    for task in tasks:
        found[coverage.ROUTES[best.get(task, 3)]].append(task)
    return found


async def _near(refs: Sequence[Any], tasks: Sequence[str], rows: Rows) -> list[dict[str, Plain]]:
    """What came near in tasks that are no hits, each place once."""
    places = [row for query in coverage.near_misses(refs, wide=not tasks) for row in await rows(query)]
    passages = list(dict.fromkeys(str(row["passage"]) for row in places))
    holders: dict[str, list[Mapping[str, Plain]]] = {}
    for start in range(0, len(passages), _AT_ONCE):
        for row in await rows(coverage.tasks_with(passages[start : start + _AT_ONCE])):
            holders.setdefault(str(row["passage"]), []).append(row)
    hits, seen = set(tasks), set()
    near: list[tuple[tuple[Any, ...], dict[str, Plain]]] = []
    for place in places:
        for task in holders.get(str(place["passage"]), ()):
            where = task["task"], place["passage"], place["start"]
            if task["task"] not in hits and where not in seen:
                seen.add(where)
                near.append(((task["order"], place["passage"], place["start"]), {"task": task["task"], "number": task["number"], **place}))
    return [each for _, each in sorted(near, key=lambda pair: (int(str(pair[0][0])), str(pair[0][1]), int(str(pair[0][2]))))][
        : coverage.NEAR
    ]


def _without_nothing(row: Mapping[str, Plain]) -> dict[str, Plain]:
    return {name: value for name, value in row.items() if value is not None}
