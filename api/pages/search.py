"""What is typed, turned into the things, the questions and the tasks that fit: as a page and as JSON for the box that suggests."""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked
from fastapi.responses import JSONResponse
from pyoxigraph import Literal

from api.answers.questions import Questions
from api.pages.labels import LabelIndex, folded
from api.pages.site import Row, Site, language_of, wants_page
from api.pages.task_number import task_number
from api.pages.wording import address, kind_of, local
from graph.errors import TimeLimitError
from graph.store.name_index import NameMatch
from graph.store.spellings import INSIDE, spelling
from queries import Parameter, Query, catalogue
from queries.ask.understand import depends_on_day

PassagesOf = Callable[[str, int], Awaitable[Mapping[str, Any]]]
"""The passages that hold a text, as ``graph.query.passage_search.found`` gives them, so many at most."""

_LIMIT = 50
_SHOWN = 50
_PASSAGES = 200
"""Passages on the page, and in an answer in JSON at most."""
_LONGEST = 200
_QUESTIONS = 6
_NEAR = 5
_EACH = 3
_WORDS = 6
"""Names that are near, what each word finds, and the words that are looked up."""
_MOSTLY = 0.6
"""A text with a larger share of names is these names and something else, no slip in another name."""
_PARTED = re.compile(r"[\s、，,；;/]+")
_HAN = re.compile(r"[㐀-鿿]")
_LISTED = {"zh": "、", "en": ", "}
_PAGE = {"zh": "页面", "en": "Page"}
_ANSWERS = ("tasks", "things", "number", "boolean", "table", "graph")
_KINDS_OF_LISTS = frozenset({"link", "role", "comparator", "match", "scheme"})
"""Things that nobody looks for by name."""


@dataclass(frozen=True, slots=True)
class SearchHits:
    """One line of what fits: what it is called, what it is, where it is."""

    id: str
    label: str
    note: str
    href: str
    kind: str

    def as_json(self) -> dict[str, str]:
        """The line as JSON has it."""
        return {"id": self.id, "label": self.label, "note": self.note, "href": self.href, "kind": self.kind}


def create_router(site: Site, box: Questions | None = None, words: PassagesOf | None = None) -> APIRouter:
    """The addresses ``/search`` (a page, or JSON by Accept) and ``/search.json``, which has ``passages`` where so many are asked for."""
    router = APIRouter(include_in_schema=True, tags=["search"])
    questions, places = catalogue(), destinations()

    @router.get("/search", summary="Things, questions and tasks that fit a text · 查找")
    @router.get("/search.json", include_in_schema=False)
    async def search(request: Request, q: str = "", limit: int = 20, passages: Annotated[int, Asked(ge=0, le=_PASSAGES)] = 0) -> Response:
        text, language, labels = q.strip()[:_LONGEST], language_of(request), await site.labels()
        shown = max(1, min(limit, _LIMIT))
        found = await asyncio.to_thread(looked_up, labels, text, shown)
        numbered = [hit async for hit in tasks_numbered(site, labels, text, language)]
        led = list(leading(places, questions, text, language))
        if found.near and led:
            # What is called exactly so is not what names are near to.
            found = LookedUp(())
        pages = [each for each in led if each.kind == "page"]
        things = [*pages, *numbered, *named(labels, found.matches, language, site)][:shown]
        asked = [each for each in led if each.kind == "question"]
        asked = list({each.id: each for each in (*asked, *fitting(questions, things, text, language))}.values())[:_QUESTIONS]
        if request.url.path.endswith(".json") or not wants_page(request):
            told: dict[str, Any] = {"query": text, "near": found.near, "results": [each.as_json() for each in things]}
            told["questions"] = [each.as_json() for each in asked]
            if passages and text and words:
                told["passages"] = await words(text, passages)
            return JSONResponse(told, headers={"Vary": "Accept"})
        headline = await answered(box, labels, text, found, language) if box and text else None
        tasks: list[Row] = []
        held, slow = None, False
        try:
            if text and words:
                held = await words(text, _SHOWN)
            elif text:
                tasks = await site.select("tasks-with-words", words=Literal(text))
        except TimeLimitError:
            slow = True
        response = await site.page(
            request,
            "search.html",
            text=text,
            things=things,
            near=found.near,
            questions=asked,
            tasks=tasks,
            held=held,
            pieces=pieces,
            slow=slow,
            headline=headline,
        )
        if box and depends_on_day(headline.told["question"] if headline else text):
            response.headers["Cache-Control"] = "no-store"
        return response

    return router


def pieces(text: str, places: Sequence[Sequence[int]]) -> Iterator[tuple[str, bool]]:
    """A text in pieces, with whether each is one of the places.

    >>> list(pieces("低空航空器", [[2, 4]]))
    [('低空', False), ('航空', True), ('器', False)]
    """
    end = 0
    for start, after in places:
        if start >= end:
            yield from ((text[end:start], False), (text[start:after], True))
            end = after
    yield text[end:], False


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The things that fit by name."""

    matches: tuple[NameMatch, ...]
    near: bool = False
    """Whether nothing is called as was typed, and these are called nearly so."""


def looked_up(labels: LabelIndex, text: str, limit: int) -> LookedUp:
    """The things that a text names, by the first of these that gives any: the whole text as a name or a part of one, all its words in
    names of one thing, the names that stand in it and what its other words find, names that are written nearly so."""
    if found := _of_kinds(labels.find(text, limit * 2), limit):
        return LookedUp(found)
    if task_number(text):
        return LookedUp(())
    words = [word for word in _PARTED.split(text) if word]
    if len(words) > 1 and all(len(word) > 1 for word in words) and (found := _of_kinds(labels.with_words(words, limit * 2), limit)):
        return LookedUp(found)
    found = _of_kinds(labels.mentioned(text, limit * 2), limit)
    near = _of_kinds(labels.near(text, limit * 2), min(limit, _NEAR))
    if near and _covered(text, found) < _MOSTLY:
        return LookedUp(_once((*near, *found))[:limit], near=True)
    if 1 < len(words) <= _WORDS:
        left = [word for word in words if _HAN.search(word) and not labels.mentioned(word)]
        found = _once((*found, *(match for word in left for match in _of_kinds(labels.find(word, _EACH) or labels.near(word, 1), _EACH))))
    if found:
        return LookedUp(found[:limit])
    corrected = labels.corrected(words)
    found = _of_kinds(labels.with_words(corrected, limit * 2), min(limit, _NEAR)) if corrected else ()
    return LookedUp(found, near=bool(found))


def _covered(text: str, found: Iterable[NameMatch]) -> float:
    """The share of a text that is names of things found."""
    return sum({match.name: match.rank[2] for match in found}.values()) / max(1, len(spelling(text).text))


def _is_names(text: str, found: Sequence[NameMatch]) -> bool:
    """Whether a text is several whole names and nothing else."""
    return len(found) > 1 and all(match.rank[0] == 0 for match in found) and _covered(text, found) == 1


def _once(matches: Iterable[NameMatch]) -> tuple[NameMatch, ...]:
    """Each thing once, by the first of its matches."""
    by_thing: dict[str, NameMatch] = {}
    for match in matches:
        by_thing.setdefault(match.thing, match)
    return tuple(by_thing.values())


def _of_kinds(matches: Iterable[NameMatch], limit: int) -> tuple[NameMatch, ...]:
    """Those of kinds that somebody looks for by name."""
    return tuple(match for match in matches if kind_of(match.thing) not in _KINDS_OF_LISTS)[:limit]


def named(labels: LabelIndex, matches: Iterable[NameMatch], language: str, site: Site) -> Iterator[SearchHits]:
    """The things that were found, as lines."""
    for match in matches:
        label, kind = labels.name(match.thing, language), kind_of(match.thing)
        said = site.wordings.get(f"kind.{kind}", {}).get(language, kind)
        note = said if folded(match.name) == folded(label) else f"{match.name} · {said}"
        yield SearchHits(match.thing, label, note, address(language, local(match.thing)), kind)


async def tasks_numbered(site: Site, labels: LabelIndex, text: str, language: str) -> AsyncIterator[SearchHits]:
    """The tasks that a text names by their number, as lines."""
    number = task_number(text)
    for row in await site.select("tasks-numbered", number=Literal(number)) if number else ():
        label = f"{site.say(language, 'kind.task')} {number}"
        note = f"{shortened(str(row['text']))} · {labels.name(row['notice'], language)}"
        yield SearchHits(str(row["task"]), label, note, address(language, local(str(row["task"]))), "task")


def shortened(text: str, most: int = 60) -> str:
    """The first characters of a text."""
    return text if len(text) <= most else f"{text[:most]}…"


@dataclass(frozen=True, slots=True)
class Headline:
    """What the search answers: the subject, its tasks (address, number), and else what the question box tells."""

    subject: str
    tasks: tuple[tuple[str, str], ...]
    told: Mapping[str, Any]


async def answered(box: Questions, labels: LabelIndex, text: str, found: LookedUp, language: str) -> Headline | None:
    """The answer to what was typed, or else to what it names; None where neither is a question. A declined one has its other readings."""
    number = task_number(text)
    told = await box.ask(f"任务{number}" if number else text)
    subject = f"{'Task' if language == 'en' else '任务'} {number}" if number else ""
    best = found.matches[0] if found.matches else None
    if best and told["declined"] and _stands_out(text, found):
        told, subject = await box.ask(labels.name(best.thing, "zh")), labels.name(best.thing, language)
    elif best and (
        told["assumed"]
        or (_is_alone(told, text) and _stands_out(text, found))
        or (best.rank[0] == 0 and spelling(best.name).text == spelling(text).text)
    ):
        subject = labels.name(best.thing, language)
    elif not found.near and _is_names(text, found.matches):
        subject = _LISTED[language].join(labels.name(match.thing, language) for match in found.matches)
    if told["declined"]:
        return Headline("", (), told) if told["alternatives"] else None
    if not subject and _is_alone(told, f"“{text.strip()}”"):
        # A word of no vocabulary: the passages that have it stand below.
        return None
    tasks: tuple[tuple[str, str], ...] = ()
    if told["answer"]["kind"] == "tasks":
        tasks = tuple((str(row[0]), str(row[1])) for row in told["answer"]["rows"])
    return Headline(subject or told["understood"][language], tasks, told)


def _is_alone(told: Mapping[str, Any], text: str) -> bool:
    """Whether the whole of what was typed was read as one name."""
    understood = told["understood"]
    return bool(understood) and str(understood["zh"]).count("=") == 2 and str(understood["zh"]).endswith(f"={text}")


def _stands_out(text: str, found: LookedUp) -> bool:
    """Whether the first thing that was found is what was meant: the only one, nearer than all others, or half of its name was typed."""
    best, *others = found.matches
    if found.near:
        # Names that stand in the text, of rank 0, come after those that are near all of it.
        return not others or best.rank[0] < (others[0].rank[0] or 100)
    return not others or (best.rank[0] < INSIDE and 2 * len(spelling(text).text) >= best.rank[2])


@cache
def destinations() -> tuple[Mapping[str, str], ...]:
    """The pages and questions of this site that have words of their own, see ``places.csv``."""
    with (files("api.pages") / "places.csv").open(encoding="utf-8") as source:
        return tuple(csv.DictReader(source))


def leading(places: Sequence[Mapping[str, str]], questions: Mapping[str, Query], text: str, language: str) -> Iterator[SearchHits]:
    """The pages and questions that are called as was typed."""
    typed = spelling(text).text
    for each in places:
        if typed and typed in {spelling(word).text for word in each["words"].split("|")}:
            query = questions.get(each["address"].removeprefix("/queries/"))
            kind, label = ("question", query.titles[language]) if query else ("page", each[language])
            yield SearchHits(
                query.name if query else each["address"], label, "" if query else _PAGE[language], address(language, each["address"]), kind
            )


def fitting(questions: Mapping[str, Query], things: Sequence[SearchHits], text: str, language: str) -> Iterator[SearchHits]:
    """The questions to ask about the first thing found, then those whose titles hold the words."""
    thing = next((each for each in things if each.kind not in {"page", "task"}), None)
    if thing:
        for query in sorted(questions.values(), key=_simplicity):
            slot = _slot(query, thing.kind)
            if slot:
                href = address(language, f"/queries/{query.name}", [(slot.name, thing.label)])
                yield SearchHits(query.name, query.titles[language], f"{slot.labels[language]}：{thing.label}", href, "question")
    words = [folded(word) for word in text.split()]
    for query in questions.values():
        titles = folded(" ".join((*query.titles.values(), *query.tags)))
        if words and all(word in titles for word in words):
            yield SearchHits(query.name, query.titles[language], "", address(language, f"/queries/{query.name}"), "question")


def _simplicity(query: Query) -> tuple[int, int]:
    """Questions that list tasks first, and of these the plain ones."""
    return (_ANSWERS.index(query.answer), len(query.titles["zh"]))


def _slot(query: Query, kind: str) -> Parameter | None:
    """The one slot that a question needs filled, if it is made for things of that kind."""
    needed = [parameter for parameter in query.parameters if not parameter.optional]
    fits = len(needed) == 1 and needed[0].type == "iri" and kind in needed[0].kinds
    return needed[0] if fits else None
