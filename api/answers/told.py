"""The rows of a question's clauses -> what is told of them: tasks, things, numbers, truth; or why there is no answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from api.answers import tables
from queries.ask.compose import Composed, composed
from queries.ask.folding import folded
from queries.ask.lexicon import Lexicon, lexicon
from queries.ask.lexicon import Names as Spoken
from queries.ask.model import CountsOf, Doing, Involves, Language, Question, Topic
from queries.ask.paraphrase import Names, assumed, condition_parts, paraphrase, parts
from queries.ask.understand import LONGEST, Understanding

_TOPIC = "https://w3id.org/zhengce/def#topicLabel"
_FUNCTION = "https://w3id.org/zhengce/def#function"
_COUNTS = "https://w3id.org/zhengce/def#counts"
_TITLES = frozenset({"http://purl.org/dc/terms/title", "http://purl.org/dc/terms/alternative"})
_TITLED = re.compile(r"《([^《》]{4,})》")
_PREFERRED = "http://www.w3.org/2004/02/skos/core#prefLabel"


@dataclass(frozen=True, slots=True)
class Known:
    """What questions over one snapshot are read with."""

    lexicons: Mapping[Language, Lexicon]
    names: Names

    def name(self, value: tables.Plain) -> tables.Plain:
        """A thing by its name, anything else as it is."""
        names = self.names.labels.get(value, {}) if isinstance(value, str) else {}
        return names.get("zh") or next(iter(names.values()), value)


@dataclass(frozen=True, slots=True)
class Answered:
    """One clause of a question with its rows."""

    question: Question
    made: Composed
    columns: tuple[str, ...]
    rows: tuple[tuple[tables.Plain, ...], ...]
    boolean: bool | None


def best(
    rows: tuple[tuple[tables.Plain, ...], ...], most: int, *, fewest: bool = False, rank: int = 0
) -> tuple[tuple[tables.Plain, ...], ...]:
    """The first rows, and those that count as much as the last of them; the count stands last. With ``rank`` those at this rank alone.

    Where several share a rank before it there is none: whether the next is the second or the third is not for us to say.
    """
    last = rows[min(rank or most, len(rows)) - 1][-1] if rows else None

    def belongs(count: tables.Plain) -> bool:
        if rank:
            return count == last
        return isinstance(count, int) and isinstance(last, int) and (count <= last if fewest else count >= last)

    if rank and (rank > len(rows) or len({row[-1] for row in rows[:rank]}) < rank):
        return ()
    return tuple(row for row in rows if belongs(row[-1]))


def known_of(rows: Sequence[Sequence[Any]]) -> Known:
    """What is known of the names of a snapshot: rows of thing, name, property and language."""
    said: dict[str, list[tuple[str, str]]] = {_TOPIC: [], _FUNCTION: [], _COUNTS: []}
    pairs: list[tuple[str, str]] = []
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        names = _TITLED.findall(row[1].value) if row[2].value in _TITLES else []
        for name in (row[1].value, *names):
            said.get(row[2].value, pairs).append((row[0].value, name))
        if row[2].value in _TITLES:
            # What a notice issues is what it is called.
            labels.setdefault(row[0].value, {})["zh"] = names[-1] if names else row[1].value
    for thing, name, property_, language in rows:
        if property_.value == _PREFERRED:
            labels.setdefault(thing.value, {}).setdefault((language.value if language else None) or "zh", name.value)
    spoken = Spoken(pairs, said[_TOPIC], said[_FUNCTION], said[_COUNTS], labels)
    lexicons: dict[Language, Lexicon] = {"zh": lexicon(spoken, "zh"), "en": lexicon(spoken, "en")}
    unique: dict[str, dict[str, str]] = {
        language: {iri: names[language] for iri, names in labels.items() if language in names and _means(names[language], iri, words)}
        for language, words in lexicons.items()
    }
    return Known(lexicons, Names(labels, unique))


def _means(name: str, iri: str, words: Lexicon) -> bool:
    """Whether a name names this thing alone."""
    refs = [ref.iri for piece in words.named(name) if isinstance(piece.value, Topic) for ref in piece.value.refs]
    return refs == [iri]


def merged(answered: Sequence[Answered], known: Known) -> dict[str, Any]:
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
        elif kind == "compared":
            _compare(answer, each)
        elif kind == "tasks":
            answer["tasks"].extend(number_of(row[1]) for row in each.rows)
        else:
            columns = (2, 3) if each.question.wanted == "pair" else (None,)
            answer["things"].extend(dict.fromkeys(_thing(each, row, known, column) for row in each.rows for column in columns))
        if not answer["rows"] and kind not in {"boolean", "number", "compared"}:
            answer["columns"], answer["rows"] = list(each.columns), [list(map(known.name, row)) for row in each.rows]
    answer["tasks"] = list(dict.fromkeys(answer["tasks"]))
    answer["things"] = list(dict.fromkeys(answer["things"]))
    return answer


def _compare(answer: dict[str, Any], answered: Answered) -> None:
    """How many tasks each has; those with the most or the fewest; by how many the first has more."""
    question = answered.question
    subjects = [" · ".join(value for _, value in condition_parts(each, 0)) for each in question.compared]
    counts = [(subjects[int(str(place))], int(str(count))) for place, count in answered.rows]
    answer["columns"], answer["rows"] = ["subject", "tasks"], [list(each) for each in counts]
    if question.form == "number":
        number = dict(counts)
        answer["number"] = number[subjects[0]] - number[subjects[1]]
    elif question.form in {"top", "bottom"}:
        answer["things"].extend(name for name, count in counts if count == counts[0][1])
    else:
        answer["things"].extend(f"{name} {count}" for name, count in counts)


def _part(answered: Answered, known: Known) -> dict[str, Any]:
    """The answer to one clause."""
    kind = answered.made.kind
    columns = (2, 3) if answered.question.wanted == "pair" else (None,)
    things = [_thing(answered, row, known, column) for row in answered.rows for column in columns] if kind in {"things", "table"} else []
    return {
        "kind": kind,
        "query": answered.made.text,
        "top": answered.question.top if answered.question.form == "top" else 0,
        "tasks": [number_of(row[1]) for row in answered.rows] if kind == "tasks" else [],
        "things": list(dict.fromkeys(things)),
        "number": answered.rows[0][0] if kind == "number" else None,
        "boolean": answered.boolean if kind == "boolean" else None,
    }


def _thing(answered: Answered, row: Sequence[tables.Plain], known: Known, column: int | None = None) -> str:
    """A thing as the notice prints it, else by its name."""
    if column is not None:
        return str(known.name(row[column]))
    for name in ("printed", "quote", "value", "object", "targetText", "text"):
        if name in answered.columns:
            return str(known.name(row[answered.columns.index(name)]))
    return str(known.name(row[0]))


def number_of(printed: object) -> int | str:
    return int(str(printed)) if str(printed).isdigit() else str(printed)


def length(text: str) -> tuple[str, str]:
    if not text:
        return "请输入一个问题。", "A question was expected."
    return f"问题最长 {LONGEST} 字。", f"A question has {LONGEST} characters at most."


def unsaid(answered: Answered) -> tuple[str, str] | None:
    """Why no rows are no answer: ranks that are shared, and what is to be made or counted, which is not read in all words that say it."""
    none = not answered.rows or (answered.made.kind == "number" and not answered.rows[0][0])
    if not none or answered.boolean is not None:
        return None
    if answered.question.rank:
        zh = "排在这一位之前的有并列，或没有这一位，所以不能说哪个在这一位。"
        return zh, "Some before this rank share one, or there is no such rank: which is at it cannot be said."
    words = any(
        isinstance(each, Doing) or (isinstance(each, CountsOf) and any(not one.refs for one in each.things))
        for each in answered.question.conditions
    )
    if words:
        return (
            "没有读出这样的里程碑或指标；文件可能用别的词写。",
            "No such milestone or figure was read; the document may say it in other words.",
        )
    return None


def unread(understood: Understanding) -> tuple[str, str]:
    """Why no reading was found: what the graph cannot know, the words that are not known, or the clause that no rule covers."""
    if reason := unknowable(understood.text):
        return reason
    if understood.unread:
        words = "、".join(f"“{word}”" for word in understood.unread[:5])
        return f"没有读懂：{words}。", f"Not understood: {words}."
    return (
        f"词都认得，但没有读懂这句话：{understood.clause}",
        f"Each word is known, but the sentence was not understood: {understood.clause}",
    )


def unknowable(text: str, *, asked: bool = False) -> tuple[str, str] | None:
    """Why the graph cannot know what a sentence asks, if one of the declared words stands in it.

    ``asked``: only words that ask for it themselves (预算是多少); the others may be a subject, too (预算管理).
    """
    said = folded(text)
    for forms, zh, en in _unknowable():
        if any(_stands(form, said) for form in forms if not asked or _ASKED.search(form)):
            return f"{zh}。", f"{en[0].upper()}{en[1:]}."
    return None


def _stands(form: str, said: str) -> bool:
    """Whether a form stands in a folded sentence; a Latin one as whole words."""
    return form in said if not form.isascii() else bool(re.search(rf"(?<![a-z0-9]){re.escape(form)}(?![a-z0-9])", said))


def is_sure(reading: Sequence[Question]) -> bool:
    """Whether each name of a field means the field and nothing less."""
    return all(topic.sure for question in reading for each in question.conditions if isinstance(each, Involves) for topic in each.topics)


def spoken_words(reading: Sequence[Question]) -> bool:
    """Whether a reading looks for words as they are written."""
    return any(
        not topic.refs for question in reading for each in question.conditions if isinstance(each, Involves) for topic in each.topics
    )


_ASKED = re.compile("多少|how much")


@cache
def _unknowable() -> tuple[tuple[tuple[str, ...], str, str], ...]:
    with (files("queries.ask") / "unknowable.csv").open(encoding="utf-8") as source:
        return tuple((tuple(map(folded, row["forms"].split("|"))), row["zh"], row["en"]) for row in csv.DictReader(source))


def declined(text: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "question": text,
        "understood": None,
        "parts": None,
        "assumed": [],
        "declined": True,
        "reason": {"zh": zh, "en": en},
        "query": None,
        "answer": None,
        "evidence": [],
        "coverage": None,
        "alternatives": [],
    }


def asked_back(text: str, readings: Sequence[Sequence[Question]], zh: str, en: str, names: Names) -> dict[str, Any]:
    """The readings to choose from, and none of their answers."""
    alternatives = [
        {"understood": paraphrase(each, names), "assumed": assumed_in(each), "query": composed(each[0]).text} for each in readings
    ]
    return {**declined(text, zh, en), "alternatives": alternatives}


def parts_of(reading: Sequence[Question], names: Names) -> dict[str, list[list[str]]]:
    """The parts of all clauses as pairs of name and value, in both languages; a pair of nothing stands between two clauses."""
    found: dict[str, list[list[str]]] = {}
    for place, language in enumerate(("zh", "en")):
        pairs = [[["", ""], *(list(pair) for pair in parts(question, place, names))] for question in reading]
        found[language] = [pair for clause in pairs for pair in clause][1:]
    return found


def assumed_in(reading: Sequence[Question]) -> list[dict[str, str]]:
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
        yield f"  {piece['row']}{place_of(piece, language)}  “{piece['quote']}”"


def place_of(piece: Mapping[str, Any], language: Language) -> str:
    """Where a quote stands in its document: the column, the page and the line that are known of it.

    >>> place_of({"heading": "2026年工作目标", "line": 86}, "zh"), place_of({"line": 86}, "en"), place_of({}, "zh")
    ('（2026年工作目标，第86行）', ' (line 86)', '')
    """
    page, line = piece.get("page"), piece.get("line")
    named = {"zh": (f"第{page}页", f"第{line}行"), "en": (f"page {page}", f"line {line}")}[language]
    said = [str(piece["heading"])] if piece.get("heading") else []
    said += [name for name, value in zip(named, (page, line), strict=True) if value is not None]
    if not said:
        return ""
    return f"（{'，'.join(said)}）" if language == "zh" else f" ({', '.join(said)})"
