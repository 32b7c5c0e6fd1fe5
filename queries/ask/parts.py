"""The parts of a question as they are shown, changed or not by the asker -> the questions that they ask: the way back from ``paraphrase``.

``列出=任务 · 涉及=低空航空`` is read without any grammar: each part says what it is, and its value is a name of the graph, a word of a
closed list, a number or words in quotation marks. What is neither is named, and there is no question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from queries.ask.lexicon import Lexicon
from queries.ask.model import (
    Borne,
    BorneLike,
    Condition,
    Counted,
    CountsOf,
    Doing,
    Due,
    Has,
    InGroup,
    InNotice,
    Involves,
    InYear,
    Marked,
    Measured,
    NamedDistrictsListed,
    Numbered,
    OfKind,
    Question,
    Ref,
    Topic,
)
from queries.ask.paraphrase import (
    BEFORE,
    COLUMNS,
    FORMS,
    HOW,
    LIKE,
    LIKE_JOINT,
    NAMED_DISTRICTS,
    NOT,
    OF_CONDITION,
    OF_QUESTION,
    PARTS,
    RANGE,
    WANTED,
)

_CLAUSES = re.compile(r"[；;]")
_PART = re.compile(r"\s*([^=·]+?)\s*=\s*([^·]+?)\s*")
_JOINTS = (("、", True), (" 或 ", False), (" and ", True), (" or ", False))
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_MEASURE = re.compile(r"(>=|<=|=|>|<)\s*(\d{1,9})")
_COLUMN = re.compile(r"(.+?)\((.+?)\)")
_YEARLY = re.compile(r"(.+?) (20\d\d)")
_MOST = re.compile(r"(.+?)(?: (\d{1,3}))?")
_LIKE = re.compile(r"（(.+)）([^（）]+)")
_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")


class _UnknownPartError(Exception):
    """A part whose name or value says nothing; it carries the words."""


def is_parts(text: str) -> bool:
    """Whether a text is written as parts and not as a sentence.

    >>> is_parts("列出=任务 · 涉及=低空航空"), is_parts("哪些任务涉及低空航空？")
    (True, False)
    """
    first = _PART.fullmatch(text.partition("·")[0])
    return bool(first and _key(FORMS, first[1]))


def from_parts(names: Sequence[str], values: Sequence[str]) -> str:
    """Parts as one text; a part without a value is left out, and one without a name begins another clause.

    >>> from_parts(["列出", "涉及", "年份"], ["任务", "低空航空", " "])
    '列出=任务 · 涉及=低空航空'
    """
    clauses: list[list[str]] = [[]]
    for name, value in zip(names, values, strict=True):
        if not name:
            clauses.append([])
        elif value.strip():
            clauses[-1].append(f"{name}={value.strip()}")
    return " ； ".join(" · ".join(clause) for clause in clauses if clause)


def questions_of(text: str, lexicon: Lexicon) -> tuple[tuple[tuple[Question, ...], ...], str]:
    """All readings of parts, where a name may mean several things; else none, and the words that say nothing."""
    try:
        clauses = [_clause(clause, lexicon) for clause in _CLAUSES.split(text) if clause.strip()]
    except _UnknownPartError as error:
        return (), str(error)
    return tuple(product(*clauses)), ""


def _clause(text: str, lexicon: Lexicon) -> list[Question]:
    written = text.split("·")
    matched = [_PART.fullmatch(each) for each in written]
    for each, part in zip(written, matched, strict=True):
        if part is None:
            raise _UnknownPartError(each.strip())
    pairs = [(part[1], part[2]) for part in matched if part]
    form = _key(FORMS, pairs[0][0])
    most = _MOST.fullmatch(pairs[0][1])
    wanted = _key(WANTED, most[1]) if most else None
    if form is None or most is None or wanted is None:
        raise _UnknownPartError("=".join(pairs[0]))
    found = [Question(wanted, form=form, top=int(most[2] or 1))]  # type: ignore[arg-type]
    for name, value in pairs[1:]:
        found = [made for question in found for made in _with(question, name, value, lexicon)]
    return found


def _with(question: Question, name: str, value: str, lexicon: Lexicon) -> Iterator[Question]:
    """The question with one more part, in all its readings."""
    first, _, rest = name.partition(" ")
    if rest and first in OF_QUESTION["compared"]:
        for condition in _condition(rest, value, lexicon):
            yield replace(question, compared=(*question.compared, condition))
        return
    match _key(OF_QUESTION, name):
        case "action":
            yield replace(question, actions=_concepts(value, ("ACTION",), "action", lexicon))
        case "said":
            yield replace(question, said=value)
        case "only":
            yield replace(question, only=True)
        case "rank" if value.isdigit():
            yield replace(question, rank=int(value))
        case "column":
            yield replace(question, column=_column(value))
        case "bearing":
            yield replace(question, bearing=_measured(value))
        case "kinds":
            yield replace(question, kinds=_concepts(value, ("AGENCYKIND",), "", lexicon))
        case "besides":
            yield from (replace(question, besides=topics) for topics, _ in _names(value, ("UNIT",), lexicon))
        case _:
            for condition in _condition(name, value, lexicon):
                yield replace(question, conditions=(*question.conditions, condition))


def _condition(name: str, value: str, lexicon: Lexicon) -> Iterator[Condition]:
    negated = next((each for each in NOT if name.startswith(each) and _known(name.removeprefix(each))), "")
    name = name.removeprefix(negated)
    where = _COLUMN.fullmatch(name)
    if where:
        name = where[1]
    if (how := _key(HOW, name)) and (like := _LIKE.fullmatch(value)):
        yield from _borne_like(how, like[1], like[2], lexicon)
    elif how:
        yield from _borne(how, value, bool(negated), lexicon)
    elif part := _key(PARTS, name):
        yield Counted(part, *_measured(value))  # type: ignore[arg-type]
    else:
        key = _key(OF_CONDITION, name)
        if key == "involves":
            column = _column(where[2]) if where else ""
            for topics, every in _names(value, ("TOPIC", "AREA"), lexicon, quoted=True):
                yield Involves(topics, every, column, bool(negated))
        elif key == "doing":
            action, _, objects = value.partition(" ")
            for topics, _ in _names(objects, ("TOPIC", "AREA"), lexicon, quoted=True):
                yield Doing(_concepts(action, ("ACTION",), "action", lexicon), topics)
        elif key in _NAMED:
            kind, category = _NAMED[key]
            made = (kind(topics) for topics, _ in _names(value, category, lexicon, quoted=key == "counts"))
            yield from (replace(each, negated=True) for each in made) if negated else made
        else:
            yield _plain(key, name, value, bool(negated), lexicon)


_NAMED: Mapping[str | None, tuple[Any, tuple[str, ...]]] = {
    "group": (InGroup, ("GROUPNAME",)),
    "marked": (Marked, ("FORCE", "NOVEL", "PARTY")),
    "notice": (InNotice, ("NOTICENAME",)),
    "counts": (CountsOf, ("COUNTED",)),
}


def _plain(key: str | None, name: str, value: str, negated: bool, lexicon: Lexicon) -> Condition:
    """A condition whose value is no name of a thing."""
    match key:
        case "has":
            dated = _YEARLY.fullmatch(value)
            if part := _key(PARTS, dated[1] if dated else value):
                return Has(part, negated, int(dated[2]) if dated else None)  # type: ignore[arg-type]
        case "measured":
            return Measured("range") if value in RANGE else Measured(*_measured(value))
        case "listed" if value in NAMED_DISTRICTS:
            return NamedDistrictsListed(negated)
        case "kind" | "only-kind":
            return OfKind(_concepts(value, ("AGENCYKIND", "STATUS", "PLATFORMKIND"), "", lexicon), negated, key == "only-kind")
        case "number" if numbers := tuple(re.findall(r"\d{1,4}", value)):
            return Numbered(numbers, negated)
        case "year" if value.isdigit():
            return InYear(int(value))
        case "due" if _DAY.fullmatch(value):
            return Due(value)
    raise _UnknownPartError(f"{name}={value}")


def _borne_like(how: str, scope: str, units: str, lexicon: Lexicon) -> Iterator[Condition]:
    joint, says = LIKE_JOINT
    parts = [each.partition(says) for each in scope.split(joint)]
    first, other = next((key for key, names in LIKE.items() if units in names), (None, None))
    if first is None or other is None:
        raise _UnknownPartError(units)
    for conditions in product(*(list(_condition(name, value, lexicon)) for name, _, value in parts)):
        yield BorneLike(conditions, first, how, other)  # type: ignore[arg-type]


def _borne(how: str, value: str, negated: bool, lexicon: Lexicon) -> Iterator[Condition]:
    others: list[Topic | None] = [None]
    for before, after in BEFORE:
        if how == "before" and before in value and value.endswith(after):
            value, _, other = value.partition(before)
            others = [topics[0] for topics, _ in _names(other.removesuffix(after), ("UNIT",), lexicon)]
            break
    for topics, every in _names(value, ("UNIT",), lexicon):
        for one in others:
            yield Borne(topics, how, one, every, negated)  # type: ignore[arg-type]


def _names(value: str, categories: Sequence[str], lexicon: Lexicon, *, quoted: bool = False) -> list[tuple[tuple[Topic, ...], bool]]:
    """Names joined by and or by or, with whether it is by and; of a name that means several things each."""
    if single := _named(value, categories, lexicon, quoted):
        return [((topic,), True) for topic in single]
    for joint, every in _JOINTS:
        several = list(_split(value.split(joint), joint, categories, lexicon, quoted))
        if several:
            return [(topics, every) for topics in several]
    raise _UnknownPartError(value)


def _split(pieces: Sequence[str], joint: str, categories: Sequence[str], lexicon: Lexicon, quoted: bool) -> Iterator[tuple[Topic, ...]]:
    """Pieces as names; a name may hold what joins names (电力、热力)."""
    for end in range(len(pieces), 0, -1):
        for topic in _named(joint.join(pieces[:end]), categories, lexicon, quoted):
            if end == len(pieces):
                yield (topic,)
            else:
                yield from ((topic, *rest) for rest in _split(pieces[end:], joint, categories, lexicon, quoted))


def _named(name: str, categories: Sequence[str], lexicon: Lexicon, quoted: bool) -> list[Topic]:
    if quoted and (words := _QUOTED.fullmatch(name.strip())):
        either = tuple(words[1].split("|"))
        return [Topic(words[1], words=either if len(either) > 1 else ())]
    found = [
        piece.value for piece in lexicon.named(name) if piece.category in categories and isinstance(piece.value, Topic) and piece.value.refs
    ]
    return found or (list(_seated(name, lexicon)) if "UNIT" in categories else [])


def _seated(name: str, lexicon: Lexicon) -> Iterator[Topic]:
    """The bodies of a place: the name of the place, and what the bodies are called."""
    for end in range(2, len(name) - 1):
        for place in _named(name[:end], ("AREA",), lexicon, quoted=False):
            for unit in _named(name[end:], ("UNIT",), lexicon, quoted=False):
                if not unit.seat:
                    yield replace(unit, surface=name, seat=place.refs)


def _concepts(value: str, categories: Sequence[str], kind: str, lexicon: Lexicon) -> tuple[Ref, ...]:
    found: list[Ref] = []
    for name in value.split("、"):
        topics = _named(name, categories, lexicon, quoted=False)
        if not topics:
            raise _UnknownPartError(name)
        found.extend(topics[0].refs)
    return tuple(found)


def _column(value: str) -> str:
    dated = _YEARLY.fullmatch(value)
    column = _key(COLUMNS, dated[1] if dated else value)
    if not column:
        raise _UnknownPartError(value)
    return f"{column}@{dated[2]}" if dated else column


def _measured(value: str) -> tuple[Any, int]:
    said = _MEASURE.fullmatch(value)
    if said is None:
        raise _UnknownPartError(value)
    return said[1], int(said[2])


def _known(name: str) -> bool:
    bare = _COLUMN.fullmatch(name)
    return any(_key(table, bare[1] if bare else name) for table in (OF_CONDITION, HOW, PARTS))


def _key(table: Mapping[str, tuple[str, str]], name: str) -> str | None:
    """The key of a row that has the name in one language."""
    return next((key for key, names in table.items() if name and name in names), None)
