"""A question in words -> what it was understood to ask, the query, its answer with evidence and coverage; or why it is declined.

A question is answered as it was asked or not at all: two readings with different answers are given back to the asker to choose from.
"""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat

from api.answers import tables
from api.answers.row_evidence import EvidenceOf
from graph.errors import NoEvidenceError
from graph.proofs.rows.footnotes import footnotes
from graph.proofs.rows.formats import evidence_json
from queries.ask.compose import Composed, composed, tasks_of
from queries.ask.evidence import evidence as evidence_of
from queries.ask.evidence import texts
from queries.ask.folding import folded
from queries.ask.lexicon import Lexicon, lexicon
from queries.ask.model import Involves, Language, Question, Topic
from queries.ask.paraphrase import assumed, paraphrase
from queries.ask.understand import LONGEST, Understanding, language_of, understand

Answer = Callable[[str, QueryResultsFormat | RdfFormat], Awaitable[bytes]]

_NAMES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT DISTINCT ?thing ?name ?property ?language WHERE {
  VALUES ?property { skos:prefLabel skos:altLabel skos:hiddenLabel zc:unitName zc:contextLabel }
  { ?thing ?property ?name } UNION { ?thing zc:jurisdiction ?area . ?area ?property ?name }
  FILTER(STRSTARTS(STR(?thing), "https://w3id.org/zhengce/id/"))
  BIND(LANG(?name) AS ?language)
} ORDER BY ?thing ?property ?name LIMIT 100000
"""
_EXAMINED = """
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT (COUNT(DISTINCT ?task) AS ?tasks) (COUNT(DISTINCT ?notice) AS ?notices) (COUNT(DISTINCT ?warning) AS ?warnings) WHERE {
  ?notice zc:hasTask ?task . OPTIONAL { ?notice zc:warning ?warning }
}
"""
_HAN = re.compile(r"[㐀-鿿]")
_PREFERRED = "http://www.w3.org/2004/02/skos/core#prefLabel"


@dataclass(frozen=True, slots=True)
class _Known:
    """What questions over one snapshot are read with."""

    lexicons: Mapping[Language, Lexicon]
    names: Mapping[str, Mapping[str, str]]


class Questions:
    """The question box of a service. ``snapshot`` names the snapshot that answers are of: what is known of it is read once."""

    def __init__(self, answer: Answer, snapshot: Callable[[], str]) -> None:
        self._answer = answer
        self._snapshot = snapshot
        self._known: tuple[str, _Known] | None = None
        self._reading = asyncio.Lock()

    async def ask(self, text: str, language: Language | None = None, evidence: EvidenceOf | None = None) -> dict[str, Any]:
        """The answer as ``/ask`` gives it; ``language`` is that of the question, else found from its letters.

        With ``evidence`` the answer has one more member, ``proofs``: what each row of each of its queries rests on.
        """
        text = text.strip()
        spoken = language or language_of(text)
        known = await self._read()
        if not text or len(text) > LONGEST:
            return _declined(text, *_length(text))
        understood = await asyncio.to_thread(understand, text, known.lexicons[spoken], spoken)
        if not understood.readings:
            return _declined(text, *_unread(understood))
        answers = [[await self._run(question) for question in reading] for reading in understood.readings]
        readings = understood.readings
        # A truth value is no row: two readings differ where either does.
        said = [[(one.rows, one.boolean) for one in each] for each in answers]
        taken = [pair for each in readings for pair in assumed(each)]
        # One name out of several, or a longer name than was written: that is for the asker to say.
        if (taken and len(readings) > 1) or any(_HAN.match(typed) and typed in read for typed, read in taken):
            zh, en = "有的词可能指几样东西，请选一种。", "A word may stand for several things; choose one."
            return _asked_back(text, readings, zh, en)
        if different := [reading for reading, each in zip(readings, said, strict=True) if each != said[0]]:
            zh, en = (
                "这句话有几种读法，答案不同，请选一种。",
                "The sentence can be read in several ways with different answers; choose one.",
            )
            return _asked_back(text, [readings[0], *different], zh, en)
        if other := await self._in_words(readings[0], answers[0]):
            zh = "没有任务提到叫这个名称的事物，但有任务印有这几个字，请选一种读法。"
            en = "No task mentions the thing of this name, yet tasks print the words; choose one reading."
            return _asked_back(text, [readings[0], other], zh, en)
        told = await self._told(text, readings[0], answers[0], known)
        return {**told, "proofs": [await _proofs(each.made.text, evidence) for each in answers[0]]} if evidence else told

    async def lexicon(self, language: Language) -> Lexicon:
        """What questions of a language over the present snapshot are read with."""
        return (await self._read()).lexicons[language]

    async def _in_words(self, reading: Sequence[Question], answered: Sequence[_Answered]) -> tuple[Question, ...] | None:
        """The reading with names taken as words, where the things so called are in no task and the words are."""
        if answered[0].made.kind != "tasks" or answered[0].rows:
            return None
        conditions = tuple(
            replace(each, topics=tuple(Topic(topic.surface) for topic in each.topics)) if isinstance(each, Involves) else each
            for each in reading[0].conditions
        )
        other = replace(reading[0], conditions=conditions)
        return (other,) if other != reading[0] and (await self._run(other)).rows else None

    async def _run(self, question: Question) -> _Answered:
        made = composed(question)
        table = tables.from_results(await self._answer(made.text, QueryResultsFormat.JSON))
        rows = tuple(tuple(tables.plain(term) for term in row) for row in table.rows)
        if question.form == "top":
            rows = _best(rows, question.top)
        return _Answered(question, made, table.columns, rows, table.boolean)

    async def _told(self, text: str, reading: Sequence[Question], answered: Sequence[_Answered], known: _Known) -> dict[str, Any]:
        tasks = [row[0] for each in answered if each.made.kind == "tasks" for row in each.rows]
        proofs = [proof for each in answered for proof in await self._evidence(each)]
        # What two clauses ask of the same tasks stands on the same words.
        proofs = list({tuple(each.values()): each for each in proofs}.values())
        examined = tables.from_results(await self._answer(_EXAMINED, QueryResultsFormat.JSON)).rows[0]
        counts = [tables.plain(term) for term in examined]
        return {
            "question": text,
            "understood": paraphrase(reading),
            "assumed": _assumed(reading),
            "declined": False,
            "reason": None,
            "query": "\n\n".join(each.made.text for each in answered),
            "answer": _merged(answered, known),
            "evidence": proofs,
            "coverage": {"examined": counts[0], "notices": counts[1], "warnings": counts[2], "hits": len(tasks), "evidence": len(proofs)},
            "alternatives": [],
        }

    async def _evidence(self, answered: _Answered) -> list[dict[str, Any]]:
        """The words that make the rows of an answer its rows, in the order of the notice."""
        question, kind = answered.question, answered.made.kind
        if question.wanted.startswith("notice-") or question.form == "absent" or answered.boolean is False:
            return []
        rows = answered.rows if kind == "tasks" else (await self._run(tasks_of(question))).rows
        tasks = [str(row[0]) for row in rows]
        columns = range(2 if question.wanted == "pair" else 1) if kind == "things" else ()
        things = [str(row[column]) for row in answered.rows for column in columns if str(row[column]).startswith("http")]
        found = await self._proofs(evidence_of(question, tasks, things)) if tasks else []
        if kind != "things":
            named = {each["row"] for each in found}
            found += await self._proofs(texts([str(row[0]) for row in rows if _number(row[1]) not in named]))
        return found

    async def _proofs(self, query: str | None) -> list[dict[str, Any]]:
        if query is None:
            return []
        table = tables.from_results(await self._answer(query, QueryResultsFormat.JSON))
        found = [dict(zip(table.columns, map(tables.plain, row), strict=True)) for row in table.rows]
        return [
            {"row": _number(each["number"]), **{name: each[name] for name in ("quote", "passage", "start", "end", "status")}}
            for each in found
        ]

    async def _read(self) -> _Known:
        async with self._reading:
            stamp = self._snapshot()
            if self._known is None or self._known[0] != stamp:
                rows = tables.from_results(await self._answer(_NAMES, QueryResultsFormat.JSON)).rows
                self._known = stamp, await asyncio.to_thread(_known, rows)
            return self._known[1]


async def _proofs(query: str, evidence: EvidenceOf) -> dict[str, Any]:
    """The rows of one query with their evidence, and its footnotes in words; or why there is none."""
    try:
        found = await evidence(query)
    except NoEvidenceError as error:
        return {"query": query, "refused": error.part}
    notes = [
        {"number": note.number, "status": note.status, **{language: note.sentence(language) for language in ("zh", "en")}}
        for note in footnotes(found).notes
    ]
    rows = [list(map(tables.plain, row)) for row in found.rows]
    return {"query": query, "columns": list(found.columns), "rows": rows, "evidence": evidence_json(found), "footnotes": notes}


@dataclass(frozen=True, slots=True)
class _Answered:
    """One clause of a question with its rows."""

    question: Question
    made: Composed
    columns: tuple[str, ...]
    rows: tuple[tuple[tables.Plain, ...], ...]
    boolean: bool | None


def _best(rows: tuple[tuple[tables.Plain, ...], ...], most: int) -> tuple[tuple[tables.Plain, ...], ...]:
    """The first rows, and those that count as much as the last of them; the count stands last."""
    least = rows[min(most, len(rows)) - 1][-1] if rows else None
    return tuple(row for row in rows if isinstance(row[-1], int) and isinstance(least, int) and row[-1] >= least)


def _known(rows: Sequence[Sequence[Any]]) -> _Known:
    pairs = [(row[0].value, row[1].value) for row in rows]
    names: dict[str, dict[str, str]] = {}
    for thing, name, property_, language in rows:
        if property_.value == _PREFERRED:
            names.setdefault(thing.value, {}).setdefault(language.value or "zh", name.value)
    return _Known({"zh": lexicon(pairs, "zh"), "en": lexicon(pairs, "en")}, names)


def _merged(answered: Sequence[_Answered], known: _Known) -> dict[str, Any]:
    """The answers of all clauses in one object: the kind is that of the first clause, each part is filled by the clause that has it."""
    answer: dict[str, Any] = {
        "kind": answered[0].made.kind,
        "tasks": [],
        "things": [],
        "number": None,
        "boolean": None,
        "columns": [],
        "rows": [],
        "parts": [_part(each, known) for each in answered],
    }
    for each in answered:
        kind = each.made.kind
        if kind == "boolean":
            answer["boolean"] = each.boolean if answer["boolean"] is None else answer["boolean"]
        elif kind == "number":
            answer["number"] = each.rows[0][0] if answer["number"] is None else answer["number"]
        elif kind == "tasks":
            answer["tasks"].extend(_number(row[1]) for row in each.rows)
        else:
            columns = (2, 3) if each.question.wanted == "pair" else (None,)
            answer["things"].extend(dict.fromkeys(_thing(each, row, known, column) for row in each.rows for column in columns))
        if not answer["rows"] and kind not in {"boolean", "number"}:
            answer["columns"], answer["rows"] = list(each.columns), [_named(row, known) for row in each.rows]
    answer["tasks"] = list(dict.fromkeys(answer["tasks"]))
    answer["things"] = list(dict.fromkeys(answer["things"]))
    return answer


def _part(answered: _Answered, known: _Known) -> dict[str, Any]:
    """The answer to one clause."""
    kind = answered.made.kind
    columns = (2, 3) if answered.question.wanted == "pair" else (None,)
    things = [_thing(answered, row, known, column) for row in answered.rows for column in columns] if kind in {"things", "table"} else []
    return {
        "kind": kind,
        "query": answered.made.text,
        "top": answered.question.top if answered.question.form == "top" else 0,
        "tasks": [_number(row[1]) for row in answered.rows] if kind == "tasks" else [],
        "things": list(dict.fromkeys(things)),
        "number": answered.rows[0][0] if kind == "number" else None,
        "boolean": answered.boolean if kind == "boolean" else None,
    }


def _thing(answered: _Answered, row: Sequence[tables.Plain], known: _Known, column: int | None = None) -> str:
    """A thing as the notice prints it, else by its name."""
    if column is not None:
        return str(_name(row[column], known))
    for name in ("printed", "quote", "value", "object", "targetText", "text"):
        if name in answered.columns:
            return str(_name(row[answered.columns.index(name)], known))
    return str(_name(row[0], known))


def _named(row: Sequence[tables.Plain], known: _Known) -> list[tables.Plain]:
    return [_name(value, known) for value in row]


def _name(value: tables.Plain, known: _Known) -> tables.Plain:
    names = known.names.get(value, {}) if isinstance(value, str) else {}
    return names.get("zh") or next(iter(names.values()), value)


def _number(printed: object) -> int | str:
    return int(str(printed)) if str(printed).isdigit() else str(printed)


def _length(text: str) -> tuple[str, str]:
    if not text:
        return "请输入一个问题。", "A question was expected."
    return f"问题最长 {LONGEST} 字。", f"A question has {LONGEST} characters at most."


def _unread(understood: Understanding) -> tuple[str, str]:
    """Why no reading was found: what the graph cannot know, the words that are not known, or the clause that no rule covers."""
    said = folded(understood.text)
    for forms, zh, en in _unknowable():
        if any(form in said for form in forms):
            return f"{zh}。", f"{en[0].upper()}{en[1:]}."
    if understood.unread:
        words = "、".join(f"“{word}”" for word in understood.unread[:5])
        return f"没有读懂：{words}。", f"Not understood: {words}."
    return (
        f"词都认得，但没有读懂这句话：{understood.clause}",
        f"Each word is known, but the sentence was not understood: {understood.clause}",
    )


@cache
def _unknowable() -> tuple[tuple[tuple[str, ...], str, str], ...]:
    with (files("queries.ask") / "unknowable.csv").open(encoding="utf-8") as source:
        return tuple((tuple(map(folded, row["forms"].split("|"))), row["zh"], row["en"]) for row in csv.DictReader(source))


def _declined(text: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "question": text,
        "understood": None,
        "assumed": [],
        "declined": True,
        "reason": {"zh": zh, "en": en},
        "query": None,
        "answer": None,
        "evidence": [],
        "coverage": None,
        "alternatives": [],
    }


def _asked_back(text: str, readings: Sequence[Sequence[Question]], zh: str, en: str) -> dict[str, Any]:
    """The readings to choose from, and none of their answers."""
    alternatives = [{"understood": paraphrase(each), "assumed": _assumed(each), "query": composed(each[0]).text} for each in readings]
    return {**_declined(text, zh, en), "alternatives": alternatives}


def _assumed(reading: Sequence[Question]) -> list[dict[str, str]]:
    """Which words were read as which names."""
    return [{"typed": typed, "read": read} for typed, read in dict.fromkeys(assumed(reading))]


def shown(told: Mapping[str, Any], language: Language) -> Iterator[str]:
    """An answer as lines of text for a terminal."""
    if told["declined"]:
        yield told["reason"][language]
        for each in told["alternatives"]:
            yield f"  - {each['understood'][language]}"
        return
    answer = told["answer"]
    yield told["understood"][language]
    for each in told["assumed"]:
        yield {"zh": f"（“{each['typed']}”读作“{each['read']}”）", "en": f"(read {each['typed']} as {each['read']})"}[language]
    if answer["boolean"] is not None:
        yield {"zh": ("否", "是"), "en": ("no", "yes")}[language][answer["boolean"]]
    if answer["number"] is not None:
        yield str(answer["number"])
    if answer["tasks"]:
        yield ("任务 " if language == "zh" else "Tasks ") + "、".join(map(str, answer["tasks"]))
    if answer["things"]:
        yield "、".join(answer["things"])
    if not any((answer["tasks"], answer["things"])) and answer["boolean"] is None and answer["number"] is None:
        examined = told["coverage"]["examined"]
        yield f"{examined} 项任务都看过，没有符合的。" if language == "zh" else f"{examined} tasks were examined; none fits."
    for piece in told["evidence"][:40]:
        yield f"  {piece['row']}  “{piece['quote']}”"
