"""The characters of a notice's file, turned into a page that shows what was read where, and what was not read and why."""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from api.http.errors import NotFoundError
from api.pages.site import Row, Site, language_of
from api.pages.wording import address
from ingest.model.passages import integer
from ontology import terms
from ontology.names import DCTERMS, ID

_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,200}")
"""The last part of a notice's address."""
_CHARACTERS = 6000
"""A page begins no further line after so many characters."""
_LINES = 400
KINDS = ("identity", "group", "number", "text", "target", "unit", "deadline", "quantity", "reference", "mention", "unread")
"""What characters can be read as; of two in the same place the later is shown."""
_TYPES = {
    terms.Task: "text",
    terms.Target: "target",
    terms.Responsibility: "unit",
    terms.Deadline: "deadline",
    terms.Quantity: "quantity",
    terms.Reference: "reference",
    terms.Mention: "mention",
    terms.Milestone: "mention",
    terms.TopicMention: "mention",
}
_STATEMENTS = {terms.inGroup: "group", terms.number: "number"}
_OF_COMMITMENTS = (terms.modality, terms.novelty, terms.actor, terms.beneficiary, terms.scope, DCTERMS["isPartOf"])
"""Statements about a task whose words stand in its text: they are no identity of the notice."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of the file: its number from 1, and its characters cut where what they were read as changes, each cut with its kind."""

    number: int
    cuts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReadWarning:
    """A warning with the first line and page that it is about, and the characters."""

    code: str
    message: str
    task: str | None
    line: int | None
    page: int | None
    spans: tuple[tuple[int, int], ...]


def create_router(site: Site) -> APIRouter:
    """The address ``/as-read?notice=KEY``."""
    router = APIRouter()

    @router.get("/as-read")
    async def as_read(request: Request) -> Response:
        key = request.query_params.get("notice", "").removeprefix(f"{ID}notice/")
        shown = await page(site, request, key, request.query_params.get("page", "")) if _KEY.fullmatch(key) else None
        if shown is None:
            raise NotFoundError(f"{request.url.path}?notice={key[:80]}")
        return shown

    return router


async def page(site: Site, request: Request, key: str, asked: str) -> Response | None:
    """The page of the notice with this key, or None where no text of it is on file; ``asked`` is the number of the part, from 1."""
    language, notice = language_of(request), NamedNode(f"{ID}notice/{key}")
    text = next((str(row["characters"]) for row in await site.select("notice-text", notice=notice)), None)
    if text is None:
        return None
    parts = tuple(stretches(text))
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 7 else 1, 1), len(parts))
    first, start, end = parts[number - 1]
    between = {"from": integer(start), "to": integer(end)}
    marked, warned = await asyncio.gather(
        site.select("notice-marks", notice=notice, **between), site.select("notice-warnings", notice=notice)
    )
    found = warnings(warned)
    unread = [(span[0], span[1], "unread") for warning in found for span in warning.spans]
    labels = await site.labels()
    firsts = [begins for begins, *_ in parts]

    def part_of(line: int) -> str:
        shown = bisect_right(firsts, line)
        return f"{address(language, '/as-read', [('notice', key), ('page', str(shown))])}#line-{line}"

    return await site.page(
        request,
        "as-read.html",
        notice=notice.value,
        title=labels.name(notice.value, language),
        kinds=KINDS,
        lines=list(lines(text[start:end], start, first, [*marks(marked), *unread])),
        warnings=found,
        line_href=part_of,
        page=number,
        pages=len(parts),
        to_page=lambda other: address(language, "/as-read", [("notice", key), ("page", str(other))]),
    )


def stretches(text: str) -> Iterator[tuple[int, int, int]]:
    """The text in parts of whole lines: the number of the first line, the places of the first character and after the last.

    >>> list(stretches("甲\\n乙"))
    [(1, 0, 3)]
    """
    first, start, place, count = 1, 0, 0, 0
    for line in _lines(text):
        if count and (count >= _LINES or place + len(line) - start > _CHARACTERS):
            yield first, start, place
            first, start, count = first + count, place, 0
        place, count = place + len(line), count + 1
    yield first, start, len(text)


def _lines(text: str) -> Iterator[str]:
    """Lines end at a line feed alone, as everywhere where lines are counted."""
    rest = text.split("\n")
    yield from (f"{line}\n" for line in rest[:-1])
    if rest[-1]:
        yield rest[-1]


def marks(rows: Iterable[Row]) -> Iterator[tuple[int, int, str]]:
    """Rows of ``notice-marks``, turned into places in the text and what stands there."""
    for row in rows:
        kind = _TYPES.get(NamedNode(str(row["type"])))
        if row["property"]:
            about = NamedNode(str(row["property"]))
            kind = _STATEMENTS.get(about) or ("mention" if about in _OF_COMMITMENTS else "identity")
        if kind is not None:
            # A commitment is stated in the whole of its passage, evidence in some characters of one.
            offset, whole = int(str(row["offset"])), row["start"] is None
            start, end = (0, int(str(row["length"]))) if whole else (int(str(row["start"])), int(str(row["end"])))
            yield offset + start, offset + end, kind


def warnings(rows: Iterable[Row]) -> tuple[ReadWarning, ...]:
    """Rows of ``notice-warnings``, one a span, turned into warnings in the order of their lines."""

    def number(row: Row, name: str) -> int | None:
        return None if row[name] is None else int(str(row[name]))

    found = []
    for _, group in groupby(rows, key=lambda row: row["warning"]):
        several = list(group)
        row = several[0]
        spans = tuple(
            (int(str(one["start"])), int(str(one["end"]))) for one in several if one["start"] is not None and one["end"] is not None
        )
        task = str(row["task"]) if row["task"] else None
        found.append(ReadWarning(str(row["code"]), str(row["message"] or ""), task, number(row, "line"), number(row, "page"), spans))
    return tuple(found)


def lines(text: str, start: int, first: int, marked: Sequence[tuple[int, int, str]]) -> Iterator[ReadLine]:
    """The lines of a part of the text that begins at ``start`` with line ``first``; a character shows the narrowest that holds it.

    >>> [line.cuts for line in lines("推进检测\\n市科委", 10, 1, [(10, 14, "text"), (12, 14, "mention"), (15, 18, "unit")])]
    [(('推进', 'text'), ('检测', 'mention')), (('市科委', 'unit'),)]
    """
    kinds = [""] * len(text)
    for begins, ends, kind in sorted(marked, key=lambda mark: (mark[2] == "unread", mark[0] - mark[1], KINDS.index(mark[2]))):
        inside = slice(max(begins - start, 0), max(min(ends - start, len(text)), 0))
        kinds[inside] = [kind] * len(kinds[inside])
    place = 0
    for number, line in enumerate(text.removesuffix("\n").split("\n"), first):
        runs = groupby(range(place, place + len(line)), key=kinds.__getitem__)
        yield ReadLine(number, tuple((text[run[0] : run[-1] + 1], kind) for kind, places in runs if (run := list(places))))
        place += len(line) + 1
