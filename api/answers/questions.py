"""A question in words -> what it was understood to ask, the query, its answer with evidence and coverage; or why it is declined.

A question is answered as it was asked or not at all: two readings with different answers are given back to the asker to choose from.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat

from api.answers import tables
from api.answers.coverage import statement
from api.answers.row_evidence import EvidenceOf
from api.answers.told import (
    Answered,
    Known,
    asked_back,
    assumed_in,
    best,
    declined,
    is_sure,
    known_of,
    length,
    merged,
    number_of,
    parts_of,
    spoken_words,
    unknowable,
    unread,
    unsaid,
)
from graph.errors import NoEvidenceError
from graph.proofs.rows.footnotes import footnotes
from graph.proofs.rows.formats import evidence_json
from queries.ask.compose import composed, tasks_of
from queries.ask.evidence import evidence as evidence_of
from queries.ask.evidence import texts
from queries.ask.lexicon import Lexicon
from queries.ask.model import InNotice, Involves, Language, Numbered, Question, Ref, Topic
from queries.ask.paraphrase import guessed, paraphrase
from queries.ask.patterns import printed_among
from queries.ask.understand import LONGEST, Understanding, language_of, stretches, understand

Answer = Callable[[str, QueryResultsFormat | RdfFormat], Awaitable[bytes]]

_NAMES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT DISTINCT ?thing ?name ?property ?language WHERE {
  VALUES ?property { skos:prefLabel skos:altLabel skos:hiddenLabel zc:unitName zc:contextLabel zc:topicLabel zc:function zc:counts
    dcterms:title dcterms:alternative schema:legislationIdentifier }
  { ?thing ?property ?name
    FILTER(?property NOT IN (dcterms:title, dcterms:alternative, schema:legislationIdentifier) || EXISTS { ?thing a zc:Notice }) }
  UNION { ?thing zc:jurisdiction ?area . ?area ?property ?name }
  FILTER(STRSTARTS(STR(?thing), "https://w3id.org/zhengce/id/"))
  BIND(IF(isLiteral(?name), LANG(?name), "") AS ?language)
} ORDER BY ?thing ?property ?name LIMIT 100000
"""
_EXAMINED = """
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT (COUNT(DISTINCT ?task) AS ?tasks) (COUNT(DISTINCT ?notice) AS ?notices) (COUNT(DISTINCT ?warning) AS ?warnings) WHERE {
  ?notice zc:hasTask ?task . OPTIONAL { ?notice zc:warning ?warning }
}
"""
_HAN = re.compile(r"[㐀-鿿]")
_AS_PRINTED = re.compile(r"[㐀-鿿]|^[A-Z0-9]{2,}$")
"""A name as Chinese documents print it."""


class Questions:
    """The question box of a service. ``snapshot`` names the snapshot that answers are of: what is known of it is read once."""

    def __init__(self, answer: Answer, snapshot: Callable[[], str]) -> None:
        self._answer = answer
        self._snapshot = snapshot
        self._known: tuple[str, Known] | None = None
        self._reading = asyncio.Lock()

    async def ask(
        self, text: str, language: Language | None = None, evidence: EvidenceOf | None = None, *, reading: str = ""
    ) -> dict[str, Any]:
        """The answer as ``/ask`` gives it; ``language`` is that of the question, else found from its letters.

        ``reading`` is the one that was chosen of those given back, as it was told to have been understood, in either language.

        With ``evidence`` the answer has one more member, ``proofs``: what each row of each of its queries rests on.
        """
        text = text.strip()
        spoken = language or language_of(text)
        known = await self._read()
        if not text or len(text) > LONGEST:
            return declined(text, *length(text))
        if reason := unknowable(text, asked=True):
            return declined(text, *reason)
        understood = await self._understood(text, known.lexicons[spoken], spoken)
        if not understood.readings:
            return await self._not_read(text, understood, known, reading)
        answers = {each: [await self._run(question) for question in each] for each in understood.readings}
        offered, zh, en = await self._offered(answers)
        if not offered and (several := await self._of_each_notice(understood.readings[0], answers[understood.readings[0]], known)):
            offered, zh, en = several, "几份文件都有这个任务号，请选一份。", "Several documents have a task of this number; choose one."
        choices = (*offered, *answers) if reading else ()
        chosen = next((each for each in choices if reading in paraphrase(each, known.names).values()), None)
        if offered and chosen is None:
            return asked_back(text, offered, zh, en, known.names)
        taken = chosen or understood.readings[0]
        answered = answers.get(taken) or [await self._run(question) for question in taken]
        if reason := next(filter(None, map(unsaid, answered)), None):
            return declined(text, *reason)
        told = await self._told(text, taken, answered, known)
        return {**told, "proofs": [await _proofs(each.made.text, evidence) for each in answered]} if evidence else told

    async def _understood(self, text: str, lexicon: Lexicon, language: Language) -> Understanding:
        """The readings of a question with each word as it is known; else with the words that documents print, and names that are near."""
        understood = await asyncio.to_thread(understand, text, lexicon, language, None)
        if understood.readings:
            return understood
        words = () if unknowable(text) else await asyncio.to_thread(stretches, text, lexicon)
        printed = frozenset(str(row["word"]) for row in (await self._rows(printed_among(words)) if words else ()))
        return await asyncio.to_thread(understand, text, lexicon, language, printed)

    async def _not_read(self, text: str, understood: Understanding, known: Known, chosen: str) -> dict[str, Any]:
        """Why there is no answer; where the words that were not read are printed, the tasks that print them are offered."""
        zh, en = unread(understood)
        if understood.words and not unknowable(text) and spoken_words(understood.words[0]):
            reading = understood.words[0]
            answered = [await self._run(question) for question in reading]
            if answered[0].rows and answered[0].made.kind == "tasks":
                if chosen in paraphrase(reading, known.names).values():
                    return await self._told(text, reading, answered, known)
                zh, en = f"{zh}原文印有这几个字，可以按文字找。", f"{en} The text prints these words; they can be looked for."
                return asked_back(text, [reading], zh, en, known.names)
            if answered[0].made.kind == "tasks":
                zh, en = (
                    f"{zh}图谱里没有这个名称，原文也没有这几个字。",
                    f"{en} It is no name of the graph, and the text does not print it.",
                )
        return declined(text, zh, en)

    async def _offered(self, answers: Mapping[tuple[Question, ...], Sequence[Answered]]) -> tuple[Sequence[tuple[Question, ...]], str, str]:
        """The readings that the asker has to choose from, and why; none where the first is what was asked."""
        readings = list(answers)
        # A truth value is no row: two readings differ where either does.
        said = [[(one.rows, one.boolean) for one in each] for each in answers.values()]
        taken = [pair for each in readings for pair in guessed(each)]
        # One name out of several, or a longer name than was written: that is for the asker to say.
        if (taken and len(readings) > 1) or any(_HAN.match(typed) and typed in read for typed, read in taken):
            return readings, "有的词可能指几样东西，请选一种。", "A word may stand for several things; choose one."
        if different := [each for each, rows in zip(readings, said, strict=True) if rows != said[0]]:
            zh = "这句话有几种读法，答案不同，请选一种。"
            return [readings[0], *different], zh, "The sentence can be read in several ways with different answers; choose one."
        if any(one.rows for one in answers[readings[0]]) and not is_sure(readings[0]):
            zh = "这个词在图谱里归在一个较宽的名称之下，请确认是否指它。"
            return readings, zh, "The graph has this word under a broader name; say whether that is meant."
        if other := await self._not_printed(readings[0], answers[readings[0]]):
            zh = "这些任务没有印这个名称，只是涉及它所指的事物，请选一种读法。"
            return [readings[0], other], zh, "These tasks do not print the name, they concern what it names; choose one reading."
        if other := await self._in_words(readings[0], answers[readings[0]]):
            zh = "没有任务提到叫这个名称的事物，但有任务印有这几个字，请选一种读法。"
            return [readings[0], other], zh, "No task mentions the thing of this name, yet tasks print the words; choose one reading."
        return [], "", ""

    async def _of_each_notice(self, reading: Sequence[Question], answered: Sequence[Answered], known: Known) -> list[tuple[Question, ...]]:
        """The reading for each of the documents, where it asks for a task by its number and several have one."""
        numbered = [any(isinstance(each, Numbered) and not each.negated for each in question.conditions) for question in reading]
        if not any(numbered) or any(isinstance(each, InNotice) for question in reading for each in question.conditions):
            return []
        rows = await self._behind(answered[numbered.index(True)])
        notices = list(dict.fromkeys(str(row[0]).partition("/task/")[0] for row in rows))
        return [
            tuple(
                replace(question, conditions=(*question.conditions, InNotice((Topic(str(known.name(notice)), (Ref(notice, "notice"),)),))))
                for question in reading
            )
            for notice in notices
            if len(notices) > 1
        ]

    async def lexicon(self, language: Language) -> Lexicon:
        """What questions of a language over the present snapshot are read with."""
        return (await self._read()).lexicons[language]

    async def _in_words(self, reading: Sequence[Question], answered: Sequence[Answered]) -> tuple[Question, ...] | None:
        """The reading with names taken as words, where the things so called are in no task and the words are."""
        if answered[0].made.kind != "tasks" or answered[0].rows:
            return None
        conditions = tuple(
            replace(each, topics=tuple(Topic(topic.surface) for topic in each.topics)) if isinstance(each, Involves) else each
            for each in reading[0].conditions
        )
        other = replace(reading[0], conditions=conditions)
        return (other,) if other != reading[0] and (await self._run(other)).rows else None

    async def _not_printed(self, reading: Sequence[Question], answered: Sequence[Answered]) -> tuple[Question, ...] | None:
        """The reading for the words of a name, where it was asked what prints it and nothing does."""
        asked = [topic for each in reading[0].conditions if isinstance(each, Involves) for topic in each.topics if topic.printed]
        names = [topic for topic in asked if _AS_PRINTED.search(topic.surface) and not topic.words and topic.refs[0].kind == "industry"]
        if answered[0].made.kind != "tasks" or not answered[0].rows or not names:
            return None
        conditions = tuple(
            replace(each, topics=tuple(Topic(topic.surface) if topic in names else topic for topic in each.topics))
            if isinstance(each, Involves)
            else each
            for each in reading[0].conditions
        )
        other = replace(reading[0], conditions=conditions)
        return None if (await self._run(other)).rows else (other,)

    async def _run(self, question: Question) -> Answered:
        made = composed(question)
        table = tables.from_results(await self._answer(made.text, QueryResultsFormat.JSON))
        rows = tuple(tuple(tables.plain(term) for term in row) for row in table.rows)
        if question.form in {"top", "bottom"} and not question.compared:
            rows = best(rows, question.top, fewest=question.form == "bottom", rank=question.rank)
        return Answered(question, made, table.columns, rows, table.boolean)

    async def _told(self, text: str, reading: Sequence[Question], answered: Sequence[Answered], known: Known) -> dict[str, Any]:
        behind = [await self._behind(each) for each in answered]
        proofs = [proof for each, tasks in zip(answered, behind, strict=True) for proof in await self._evidence(each, tasks)]
        answer = merged(answered, known)
        if len(answered) == 1 and answered[0].boolean and answered[0].made.kind == "boolean" and not answered[0].question.compared:
            # Who asks whether there is one is told which.
            answer["tasks"] = list(dict.fromkeys(number_of(row[1]) for row in behind[0]))
        # What two clauses ask of the same tasks stands on the same words.
        proofs = list({tuple(each.values()): each for each in proofs}.values())
        examined = tables.from_results(await self._answer(_EXAMINED, QueryResultsFormat.JSON)).rows[0]
        counts = dict(zip(("examined", "notices", "warnings"), map(tables.plain, examined), strict=True))
        hits = [str(row[0]) for row in behind[0]]
        return {
            "question": text,
            "understood": paraphrase(reading, known.names),
            "parts": parts_of(reading, known.names),
            "assumed": assumed_in(reading),
            "declined": False,
            "reason": None,
            "query": "\n\n".join(each.made.text for each in answered),
            "answer": answer,
            "evidence": proofs,
            "coverage": {
                **counts,
                "hits": len(hits),
                "evidence": len(proofs),
                **await statement(answered[0].question, hits, self._rows),
            },
            "alternatives": [],
        }

    async def _behind(self, answered: Answered) -> Sequence[Sequence[tables.Plain]]:
        """The tasks that an answer is about: each with its IRI and number."""
        question = answered.question
        if question.wanted.startswith("notice-") or question.form == "absent" or answered.boolean is False:
            return ()
        if question.compared:
            sides = [await self._run(Question("task", (*question.conditions, each))) for each in question.compared]
            return list(dict.fromkeys(row for side in sides for row in side.rows))
        return answered.rows if answered.made.kind == "tasks" else (await self._run(tasks_of(question))).rows

    async def _evidence(self, answered: Answered, rows: Sequence[Sequence[tables.Plain]]) -> list[dict[str, Any]]:
        """The words that make the rows of an answer its rows, in the order of the notice."""
        question, kind = answered.question, answered.made.kind
        tasks = [str(row[0]) for row in rows]
        if question.compared:
            sides = [evidence_of(Question("task", (*question.conditions, each)), tasks) for each in question.compared] if tasks else []
            return [piece for side in sides for piece in await self._proofs(side)]
        columns = range(2 if question.wanted == "pair" else 1) if kind == "things" else ()
        things = [str(row[column]) for row in answered.rows for column in columns if str(row[column]).startswith("http")]
        found = await self._proofs(evidence_of(question, tasks, things)) if tasks else []
        if kind != "things":
            named = {each["row"] for each in found}
            found += await self._proofs(texts([str(row[0]) for row in rows if number_of(row[1]) not in named]))
        return found

    async def _rows(self, query: str) -> list[dict[str, tables.Plain]]:
        """The rows of a query by the names of their columns."""
        table = tables.from_results(await self._answer(query, QueryResultsFormat.JSON))
        return [dict(zip(table.columns, map(tables.plain, row), strict=True)) for row in table.rows]

    async def _proofs(self, query: str | None) -> list[dict[str, Any]]:
        if query is None:
            return []
        return [
            {
                "row": number_of(each["number"]),
                **{name: each[name] for name in ("quote", "passage", "start", "end", "status")},
                **{name: each[name] for name in ("heading", "line", "page") if each.get(name) is not None},
            }
            for each in await self._rows(query)
        ]

    async def _read(self) -> Known:
        async with self._reading:
            stamp = self._snapshot()
            if self._known is None or self._known[0] != stamp:
                rows = tables.from_results(await self._answer(_NAMES, QueryResultsFormat.JSON)).rows
                self._known = stamp, await asyncio.to_thread(known_of, rows)
            return self._known[1]


async def _proofs(query: str, evidence: EvidenceOf) -> dict[str, Any]:
    """The rows of one query with their evidence, and its footnotes in words; or why there is none."""
    try:
        found = await evidence(query)
    except NoEvidenceError as error:
        return {"query": query, "refused": error.part}
    noted = footnotes(found)
    notes = [
        {"number": note.number, "status": note.status, **{language: note.sentence(language) for language in ("zh", "en")}}
        for note in noted.notes
    ]
    rows = [list(map(tables.plain, row)) for row in found.rows]
    return {
        "query": query,
        "columns": list(found.columns),
        "rows": rows,
        "evidence": evidence_json(found),
        "marks": list(map(list, noted.rows)),
        "footnotes": notes,
    }
