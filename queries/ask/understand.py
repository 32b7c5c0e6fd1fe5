"""A question as it is typed -> what it asks, in all readings that cover every word of it, or the words that were not read.

Every word counts: a stretch that no rule consumes makes the question one that is declined. A question is answered as asked or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import Literal

from queries.ask.actions import Follow, actions, of_words
from queries.ask.chart import Edge, Grammar, TooLongError, grammar, readings, rules
from queries.ask.folding import folded
from queries.ask.free_words import COST as FREE
from queries.ask.free_words import MOST, candidates, free_words
from queries.ask.lattice import compounds, edges, number_of, of_day, start_of, unread
from queries.ask.lexicon import Lexicon, Piece
from queries.ask.model import Borne, BorneLike, Condition, Has, Involves, Language, Numbered, Question, Topic
from queries.ask.near import COST
from queries.ask.near import pieces as near
from queries.ask.parts import is_parts, questions_of

LONGEST = 300
"""The characters of a question that are read."""
_MARGIN = 0.25
"""Readings that cost so much more than the cheapest are readings too; a piece costs 1."""
_STEPS = 5_000
_READINGS = 6
_PARTS: Mapping[str, Literal["quantity", "milestone", "deadline", "platform"]] = {
    "quantity": "quantity",
    "milestone": "milestone",
    "deadline": "deadline",
    "platform": "platform",
}
"""What tasks have: who asks in which tasks such things stand asks for the tasks that have them."""
_CLAUSE = re.compile(r"[?;。！!？；]+")
_COMMA = {"zh": re.compile(r"[,，]"), "en": re.compile(r",(?: and\b)?|\band\b")}
"""What may stand between two questions of one sentence."""
_ENGLISH = re.compile(r"\b(?:which|what|who|whom|where|when|how|many|list|show|does|do|is|are|the|of|in|tasks?|units?)\b", re.I)
_BOTH = frozenset({"都", "均", "all"})
_ALL = re.compile(r"所有|全部|全都|一律|每[项个条家一]|都|均|(?<!\bat )\ball\b|\bevery\b|\beach\b", re.I)
"""Words by which a question with yes or no asks of all that there are."""
_HAN = re.compile(r"[㐀-鿿]")
_OTHER = re.compile(r"还|另外|其他|其它|其余|别的|\b(?:else|other|also|besides)\b", re.I)
"""Words by which the tasks that were spoken of are not meant again."""
_RANKED = re.compile(
    r"第(?P<zh>[二三四五六七八九十]|[2-9])(?:多|少|大|小|高|低)|"
    r"(?:(?P<en>second|third|fourth|fifth)|(?P<digit>[2-9])(?:nd|rd|th))[- ](?:most|fewest|least|largest|smallest)",
    re.I,
)
_ORDINALS = {word: place for place, word in enumerate(("second", "third", "fourth", "fifth"), 2)}
"""Of those with the most, the ones at one rank alone."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question may ask: each reading is the questions of its clauses, the likeliest first; or why there is none."""

    text: str
    language: Language
    readings: tuple[tuple[Question, ...], ...]
    unread: tuple[str, ...] = ()
    """Stretches that are no word of questions and no name of the graph."""
    words: tuple[tuple[Question, ...], ...] = ()
    """What is asked if the words that are not read are looked for as they are written."""
    clause: str = ""
    """The clause that no rule covers though each of its words is known."""


def language_of(text: str) -> Language:
    """The language of a question: English where two of its words are words of English questions, since names are printed in Chinese."""
    return "zh" if _HAN.search(text) and len(_ENGLISH.findall(text)) < 2 else "en"


def depends_on_day(text: str) -> bool:
    """Whether the answer to a question, or to the parts of one, may be another on another day though nothing was published.

    >>> depends_on_day("去年的任务有哪些？"), depends_on_day("2025年的任务有哪些？")
    (True, False)
    """
    return of_day(folded(text[:LONGEST]))


def stretches(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The stretches of a question that may be words of the documents though they are no names: those to be looked for there."""
    clauses = _CLAUSE.split(folded(text[:LONGEST]))
    found = (clause[start:end] for clause in clauses for start, end in candidates(clause, lexicon))
    return tuple(islice(dict.fromkeys(found), MOST))


def understand(text: str, lexicon: Lexicon, language: Language, printed: frozenset[str] | None = frozenset()) -> Understanding:
    """All readings of a question with a lexicon of the same language: a sentence, or the parts of one that was understood before.

    ``printed`` are those of its stretches that the documents print: they are read as words where they are no names. With None each word
    must be a name or a word of questions as it is written.
    """
    if is_parts(text) and len(text) <= LONGEST:
        asked, unknown = questions_of(text, lexicon)
        return Understanding(text, language, asked[:_READINGS], (unknown,) if unknown else ())
    clauses = [clause.strip(" .") for clause in _CLAUSE.split(folded(text[:LONGEST])) if clause.strip(" ,.")]
    if not clauses or len(text) > LONGEST:
        return Understanding(text, language, ())
    made: list[list[Question | Follow]] = []
    for clause in clauses:
        alone = _alone(clause, lexicon, language) if len(clauses) == 1 else []
        found = [alone] if alone else list(_clauses(clause, lexicon, language, printed, follows=bool(made)))
        if not found and len(clauses) == 1 and (named := _readings(clause, lexicon, language, ("bare",), printed)):
            found = [named]
        if not found:
            words = _as_words(clause, lexicon, language) if len(clauses) == 1 else ()
            return Understanding(text, language, (), tuple(unread(clause, lexicon)), words, clause)
        made.extend(found)
    whole = (_said_in(_settled(chosen), folded(text)) for chosen in islice(product(*made), 24))
    unique = dict.fromkeys(each for each in whole if each and not any(_is_of_all(question, text) for question in each))
    return Understanding(text, language, tuple(unique)[:_READINGS], clause="" if unique else clauses[0])


def _is_of_all(question: Question, text: str) -> bool:
    """Whether it is asked if all tasks are so, which one that is so does not answer; two names that both apply are no such thing."""
    if question.form != "boolean" or question.compared or not (word := _ALL.search(text)):
        return False
    several = any(isinstance(each, Borne | Involves) and each.every and _number(each) > 1 for each in question.conditions)
    numbers = any(isinstance(each, Numbered) and len(each.numbers) > 1 for each in question.conditions)
    return numbers or not (several and word[0] in _BOTH)


def _number(condition: Borne | Involves) -> int:
    return len(condition.units if isinstance(condition, Borne) else condition.topics)


def _alone(clause: str, lexicon: Lexicon, language: Language) -> list[Question | Follow]:
    """The readings of the only clause with its words as they are written: as a question, else as words alone (低空 任务 牵头)."""
    pieces = edges(clause, lexicon)
    asked = _parsed(clause, pieces, lexicon, language, ("question",))
    return _cheapest(asked or _parsed(clause, pieces, lexicon, language, ("bare",)))


def _as_words(clause: str, lexicon: Lexicon, language: Language) -> tuple[tuple[Question, ...], ...]:
    """The readings of a clause whose unread words stand for themselves."""
    more = [(start, end, Piece("TOPIC", Topic(clause[start:end])), COST) for start, end in compounds(clause, lexicon)]
    found = _parsed(clause, edges(clause, lexicon, more), lexicon, language, ("question", "bare")) if more else {}
    return tuple((value,) for value in found if isinstance(value, Question))[:1]


def _clauses(
    clause: str, lexicon: Lexicon, language: Language, printed: frozenset[str] | None, *, follows: bool
) -> Iterator[list[Question | Follow]]:
    """The readings of a clause, or of the parts that its commas make of it."""
    goals = ("question", "follow") if follows else ("question",)
    whole = _readings(clause, lexicon, language, goals, printed)
    if whole:
        yield whole
        return
    for comma in _COMMA[language].finditer(clause):
        first = _readings(clause[: comma.start()], lexicon, language, goals, printed)
        if not first and not follows:
            # What is spoken of comes first: green catering certification, who leads it?
            first = [each for each in _readings(clause[: comma.start()], lexicon, language, ("bare",), printed) if _is_subject(each)]
        if first and (rest := list(_clauses(clause[comma.end() :].strip(), lexicon, language, printed, follows=True))):
            yield first
            yield from rest
            return


def _is_subject(said: Question | Follow) -> bool:
    """Whether no more is said than what is spoken of."""
    if not isinstance(said, Question) or len(said.conditions) != 1:
        return False
    one = said.conditions[0]
    return isinstance(one, Numbered) or (isinstance(one, Involves) and not one.column)


def _readings(
    clause: str, lexicon: Lexicon, language: Language, goals: Sequence[str], printed: frozenset[str] | None
) -> list[Question | Follow]:
    """The readings of a clause with its words as names, else with those that are printed, else with names that are near."""
    found = _parsed(clause, edges(clause, lexicon), lexicon, language, goals)
    if printed is None:
        return _cheapest(_settled_follows(found))
    if not found and (words := [(start, end, piece, FREE) for start, end, piece in free_words(clause, lexicon, printed)]):
        found = _parsed(clause, edges(clause, lexicon, words), lexicon, language, goals)
    if not found and (other := [(start, end, piece, COST) for start, end, piece in near(clause, lexicon, language)]):
        found = _parsed(clause, edges(clause, lexicon, other), lexicon, language, goals)
    return _cheapest(_settled_follows(found))


def _settled_follows(found: dict[Question | Follow, float]) -> dict[Question | Follow, float]:
    """Nobody asks for everything in the same breath: a clause without conditions of its own goes on with those before it."""
    if not any(isinstance(value, Follow) for value in found):
        return found
    return {value: cost for value, cost in found.items() if isinstance(value, Follow) or value.conditions}


def _cheapest(found: Mapping[Question | Follow, float]) -> list[Question | Follow]:
    """The readings that cost no more than the margin above the cheapest."""
    least = min(found.values(), default=0.0)
    return [value for value, cost in sorted(found.items(), key=lambda pair: pair[1]) if cost <= least + _MARGIN]


def _parsed(
    clause: str, pieces: Sequence[tuple[Edge, float]], lexicon: Lexicon, language: Language, goals: Sequence[str]
) -> dict[Question | Follow, float]:
    starts = dict(start_of(clause, lexicon))
    try:
        values = readings(pieces, _grammar(language), goals, starts, len(clause), margin=_MARGIN, most=_STEPS)
    except TooLongError:
        return {}
    found: dict[Question | Follow, float] = {}
    for cost, value in values:
        assert isinstance(value, Question | Follow)
        found.setdefault(value, cost)
    return found


def _settled(clauses: Sequence[Question | Follow]) -> tuple[Question, ...]:
    """The clauses as whole questions: what follows on an earlier clause takes the conditions of that one."""
    questions: list[Question] = []
    for clause in clauses:
        if isinstance(clause, Question):
            questions.append(clause)
        elif not questions or _is_of_word(questions[-1], clause):
            return ()
        elif _said_already(questions[-1], clause.question):
            continue
        else:
            conditions = _with_scope(_kept(questions[-1], clause), clause.question.conditions)
            what = questions[-1].wanted if clause.same else clause.question.wanted
            questions.append(replace(clause.question, wanted=what, conditions=conditions))
    return tuple(questions)


def _said_in(questions: Sequence[Question], text: str) -> tuple[Question, ...]:
    """The questions with what words anywhere in the text say: a rank, and that other tasks are meant than those of the unit."""
    ranked, other = _RANKED.search(text), bool(_OTHER.search(text))
    rank = 0
    if ranked:
        rank = _ORDINALS.get((ranked["en"] or "").lower()) or number_of(ranked["zh"] or ranked["digit"])
    return tuple(
        replace(
            each,
            rank=rank if each.form in {"top", "bottom"} else 0,
            conditions=tuple(replace(one, other=other) if isinstance(one, BorneLike) else one for one in each.conditions),
        )
        for each in questions
    )


def _is_of_word(before: Question, clause: Follow) -> bool:
    """Whether it is asked what the targets say of a word that is in no vocabulary: they may say it in other words."""
    return clause.question.wanted == "target" and of_words(before.conditions)


def _said_already(before: Question, after: Question) -> bool:
    """Whether the answer to the clause before says what this one asks: things stand with their tasks, the most with their number."""
    counted = after.form == "number" and before.form in {"top", "each"}
    listed = after.wanted == "task" and before.wanted not in {"task", *_PARTS} and not after.conditions
    return counted or listed


def _with_scope(kept: Sequence[Condition], own: Sequence[Condition]) -> tuple[Condition, ...]:
    """What follows on a clause keeps its conditions; of the units of its tasks these are what the units are found by."""
    if any(isinstance(each, BorneLike) and not each.scope for each in own):
        return tuple(replace(each, scope=tuple(kept)) if isinstance(each, BorneLike) and not each.scope else each for each in own)
    return (*kept, *own)


def _kept(before: Question, clause: Follow) -> tuple[Condition, ...]:
    """The conditions of the clause before, its topics in the column that this clause asks for."""
    part = _PARTS.get(before.wanted)
    if part is not None and clause.question.wanted == "task":
        return (*before.conditions, Has(part))
    if not clause.column:
        return before.conditions
    return tuple(replace(each, column=clause.column) if isinstance(each, Involves) else each for each in before.conditions)


@cache
def _grammar(language: Language) -> Grammar:
    return grammar(rules((files("queries.ask") / f"questions.{language}.grammar").read_text("utf-8"), actions()))
