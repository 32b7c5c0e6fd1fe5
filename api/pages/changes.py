"""What publications changed, turned into a page: watched answers that are others now, the words that did it, notices that came and went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from api.pages.site import Site, language_of
from api.publication.change_feed import asked_in, grouped, heading, row_in_words
from api.routes.changes import Changes

_ROWS = 8
"""Rows of one answer that are shown, of those that came and of those that went."""
_ALL_ROWS = 200
"""Rows on the page in all; the JSON has the rest."""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that came or went, with what did it: words and the facts they state, or why that is not told."""

    sign: str
    text: str
    grounds: tuple[Mapping[str, Any], ...]
    more: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A watched answer at one publication."""

    id: str
    asked: str
    reason: str
    rows: tuple[ChangedRow, ...]
    left_out: int


class ChangesPages:
    """The page at ``/changes``."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def changes(self, request: Request, told: Changes) -> Response:
        """The page."""
        language = language_of(request)
        shown = list(_publications(told, language))
        return await self._site.page(request, "changes.html", told=told, publications=shown, asked=asked_in)


def _publications(told: Changes, language: str) -> Iterator[tuple[str, str, str, list[ChangedAnswer], int]]:
    """The anchor, title and time of each publication, with the answers that it changed and how many of them are not shown."""
    left = _ALL_ROWS
    for change in told.answers:
        answers: list[ChangedAnswer] = []
        for each in change["answers"]:
            if left <= 0:
                break
            answers.append(_answer(each, language, min(_ROWS, left)))
            left -= max(1, len(answers[-1].rows))
        when = change["published"][:16].replace("T", " ")
        yield f"answers-{change['number']}", heading(change)[language], when, answers, len(change["answers"]) - len(answers)


def _answer(answer: Mapping[str, Any], language: str, most: int) -> ChangedAnswer:
    if answer["reason"]:
        return ChangedAnswer(answer["id"], asked_in(answer["asked"], language), answer["reason"][language], (), 0)
    pairs = [(sign, row) for sign, name in (("+", "added"), ("−", "removed")) for row in answer[name][:most]]
    rows = tuple(_row(answer, sign, row, language) for sign, row in pairs)
    return ChangedAnswer(
        answer["id"], asked_in(answer["asked"], language), "", rows, answer["added_count"] + answer["removed_count"] - len(rows)
    )


def _row(answer: Mapping[str, Any], sign: str, row: Mapping[str, Any], language: str) -> ChangedRow:
    reason = row["reason"][language] if row["reason"] else ""
    return ChangedRow(sign, row_in_words(row, language), tuple(grouped(answer, row, language)), row["more"], reason)
