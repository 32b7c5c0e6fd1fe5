"""The values of the parts of a rule -> conditions on tasks; ``None`` where the rule does not hold for these values.

Conditions come and go as tuples. What a rule writes after ``=`` comes as a word: the column, the place in the list, ``negated``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from queries.ask.model import (
    Borne,
    BorneLike,
    Column,
    Condition,
    Counted,
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
    Ref,
    Topic,
)
from queries.parameters import THINGS

Conditions = tuple[Condition, ...]
_HAN = re.compile(r"[㐀-鿿]")
_RANGE = 200
_ID = "https://w3id.org/zhengce/id/"


@dataclass(frozen=True, slots=True)
class Several:
    """Names joined by and (``every``) or by or."""

    topics: tuple[Topic, ...]
    every: bool = True


def actions() -> Mapping[str, Callable[..., Hashable]]:
    """The actions of rules for names and conditions, by their names."""
    return {
        "same": lambda value: value,
        "word": lambda value: value,
        "one": one,
        "every": every,
        "either": either,
        "either_of": lambda whole, parts: Several((*whole.topics, *parts.topics), False),
        "same_thing": same_thing,
        "seated": seated,
        "concept": lambda kind, name: Topic(name, (Ref(f"{_ID}{kind}/{name}", kind),)),
        "kinds": lambda kind, others: Topic(f"{kind.surface}、{others.surface}", (*kind.refs, *others.refs)),
        "kind_of_units": kind_of_units,
        "number": lambda number: (str(number),),
        "numbers": lambda numbers, more: (*numbers, *(more if isinstance(more, tuple) else (str(more),))),
        "number_range": number_range,
        "involves": involves,
        "named": lambda several: None if not any(topic.refs for topic in several.topics) else involves("involved", several),
        "free": lambda several: involves("involved", several) if all(topic.free for topic in several.topics) else None,
        "but_not": but_not,
        "one_column": one_column,
        "in_group": lambda group: (InGroup((group,)),),
        "neither": lambda topic, topics: involves(None, Several((topic, *topics.topics), False), "", "negated"),
        "borne": borne,
        "borne_like": borne_like,
        "doing": doing,
        "first_numbers": lambda number: (
            (Numbered(tuple(str(each) for each in range(1, int(number) + 1))),) if int(number) <= _RANGE else None
        ),
        "borne_by_neither": lambda unit, units: borne(Several((unit, *units.topics)), "any", "negated"),
        "has_neither": lambda part, other: all_of(has(part, "negated"), has(other, "negated")),
        "joint": lambda units: borne(units) if len(units.topics) > 1 and units.every else None,
        "borne_in": lambda units, several: all_of(borne(units), involves(None, several)),
        "borne_not_borne": lambda units, others: all_of(borne(units), borne(others, "any", "negated")),
        "before": before,
        "of_kind_named": lambda name: (OfKind((Ref(f"{_ID}agency-kind/{name}", "agency-kind"),)),),
        "of_kind": lambda kinds, negated="": (OfKind(kinds.refs, bool(negated)),),
        "only_of_kind": lambda kinds, negated="": (OfKind(kinds.refs, bool(negated), only=True),),
        "counted": lambda part, comparator, number: (Counted(part, comparator, int(number)),),
        "topics_not_units": lambda several, units: all_of(involves(None, several), borne(units, "any", "negated")),
        "bound": lambda comparator, number: ((comparator, int(number)),),
        "between": lambda least, most: ((">=", int(least)), ("<=", int(most))) if int(least) < int(most) else None,
        "so_many": lambda part, bound: tuple(Counted(part, comparator, number) for comparator, number in bound),
        "not_so_many": not_so_many,
        "has": has,
        "has_of_year": lambda part, year, negated="": has(part, negated, year),
        "measured": lambda comparator, number: (Measured(comparator, int(number)),),
        "numbered": lambda numbers, negated="": (Numbered(numbers, bool(negated)),),
        "due": lambda date: (Due(date),),
        "in_year": lambda year: (InYear(int(year)),),
        "districts_listed": lambda negated="": (NamedDistrictsListed(bool(negated)),),
        "marks": marks,
        "marked": marked,
        "words_of": lambda word: Several((Topic(word),)),
        "wording": lambda concepts: (Involves(tuple(Topic(each.surface) for each in concepts), False),),
        "in_notice": lambda notice: (InNotice((notice,)),),
        "all_of": all_of,
    }


def one(value: Any) -> Several:
    """A name as a list of names."""
    return Several((value,)) if isinstance(value, Topic) else value


def every(left: Any, right: Several) -> Several | None:
    """Names joined by and; None where the right side is joined by or."""
    return _joined(one(left), right, every=True)


def either(left: Any, right: Several) -> Several | None:
    """Names joined by or; None where the right side is joined by and."""
    return _joined(one(left), right, every=False)


def _joined(left: Several, right: Several, *, every: bool) -> Several | None:
    same = all(len(side.topics) == 1 or side.every == every for side in (left, right))
    return Several((*left.topics, *right.topics), every) if same else None


def same_thing(topic: Topic, other: Topic) -> Topic | None:
    """A name with another name of the same thing in brackets behind it."""
    shared = tuple(ref for ref in topic.refs if ref in other.refs)
    return replace(topic, refs=shared) if shared else None


def number_range(first: Any, last: Any) -> tuple[str, ...] | None:
    """All numbers from one to another, where these are not many."""
    numbers = range(int(first), int(last) + 1)
    return tuple(map(str, numbers)) if 1 < len(numbers) <= _RANGE else None


def seated(place: Topic, unit: Topic) -> Topic | None:
    """The bodies of a place that a name may mean."""
    between = "" if _HAN.search(place.surface + unit.surface) else " "
    return None if unit.seat else replace(unit, surface=f"{place.surface}{between}{unit.surface}", seat=place.refs)


def kind_of_units(unit: Topic) -> Topic | None:
    """Collectives as a kind of units: who says 各区 beside kinds means any collective body so named."""
    collective = all(ref.kind == "collective" for ref in unit.refs)
    return Topic(unit.surface, (Ref(f"{_ID}agency-kind/collective", "agency-kind"),)) if collective else None


def all_of(*conditions: Conditions | int | None) -> Conditions:
    """All conditions; a number is a year, parts left out say nothing."""
    return tuple(each for several in conditions for each in ((InYear(several),) if isinstance(several, int) else several or ()))


def involves(mention: str | None, several: Several, column: Column = "", negated: str = "") -> Conditions | None:
    """The task speaks of the topics, as the verb takes them: ``together`` joins by and, ``printed`` asks for words."""
    if mention == "together" and not (several.every and len(several.topics) > 1):
        return None
    if mention == "printed":
        topics = tuple(map(as_printed, several.topics))
        several = Several(topics, several.every)
    # "Neither A nor B": none of both.
    joined = several.every and not (negated and len(several.topics) > 1)
    return (Involves(several.topics, joined, column, bool(negated)),)


def as_printed(topic: Topic) -> Topic:
    """What is asked for where it is asked what prints a name.

    A theme is a heading over many words, and who quotes a name means its letters; an English name is printed nowhere, but words are
    that it stands for.
    """
    if topic.also and not topic.quoted:
        return Topic("|".join(topic.also), words=topic.also, typed=topic.surface.lower())
    if topic.quoted or (_is_theme(topic) and _HAN.search(topic.surface)):
        return Topic(topic.surface)
    return replace(topic, printed=bool(topic.refs))


def _is_theme(topic: Topic) -> bool:
    return bool(topic.refs) and all(ref.kind in {"theme", "topic", "subject-class"} for ref in topic.refs)


def marks(concept: Topic, others: tuple[Topic, ...] = ()) -> tuple[Topic, ...]:
    """Concepts of wording or of parties, of which any will do."""
    return (concept, *others)


def marked(concepts: tuple[Topic, ...], negated: str = "") -> Conditions:
    """The wording of the task or of a target is of one of these kinds."""
    return (Marked(concepts, bool(negated)),)


def in_column(conditions: Conditions, column: Column) -> Conditions | None:
    """The conditions, the last of which speaks of topics, with a column for it."""
    last = conditions[-1] if conditions else None
    return (*conditions[:-1], replace(last, column=column)) if isinstance(last, Involves) and not last.column else None


def but_not(mention: str | None, several: Several, others: Several) -> Conditions | None:
    """The task speaks of the topics and of none of the others."""
    return all_of(involves(mention, several), involves(None, others, "", "negated"))


def one_column(several: Several, column: str, other: str | None = None) -> Conditions | None:
    """The topics stand in that column alone; None where the other column is the same."""
    alone = only(column, other)
    return involves(None, several, alone) if alone else None


def only(column: Column, other: Column | None = None) -> Column | None:
    """The column and not the other one; None where they are the same, or where there is no other."""
    name, _, year = column.partition("@")
    if name not in {"text", "target"} or (other is not None and {name, other.partition("@")[0]} != {"text", "target"}):
        return None
    return f"{name}-only@{year}" if year else f"{name}-only"


def borne(units: Several, how: Any = "any", negated: str = "") -> Conditions | None:
    """The units bear the task; two units can neither be first nor alone."""
    several = len(units.topics) > 1
    if how in {"first", "later", "alone"} and several and units.every:
        return None
    return (Borne(units.topics, how, None, units.every and not (negated and several), bool(negated)),)


def borne_like(scope: Conditions | None, first: str, how: Any) -> Conditions:
    """A unit that bears the tasks in scope, or is first there, bears the task."""
    return (BorneLike(scope or (), bool(first), how),)


_LIGHT = frozenset({f"{THINGS}action/carry-out"})
"""Verbs whose object says what is done."""


def doing(action: Topic, several: Several) -> Conditions | None:
    """The task is to do this with a thing of that name; several things that are all meant need as many milestones.

    Of a word that no vocabulary has a light verb says nothing: who carries out training may as well hold it, so the word is asked for.
    """
    if not any(topic.refs for topic in several.topics) and any(ref.iri in _LIGHT for ref in action.refs):
        return involves("involved", several)
    return (Doing(action.refs, several.topics),) if not several.every or len(several.topics) == 1 else None


def before(units: Several, others: Several, negated: str = "") -> Conditions | None:
    """One unit stands before another."""
    single = len(units.topics) == len(others.topics) == 1
    return (Borne(units.topics, "before", others.topics[0], negated=bool(negated)),) if single else None


_OTHER = {">=": "<", "<=": ">", ">": "<=", "<": ">="}


def not_so_many(part: Any, bound: tuple[tuple[str, int], ...]) -> Conditions | None:
    """The task has fewer or more than that: not at least three are fewer than three. Not just three is no number."""
    comparator, number = bound[0]
    return (Counted(part, _OTHER[comparator], number),) if len(bound) == 1 and comparator in _OTHER else None  # type: ignore[arg-type]


def has(part: Any, negated: str = "", year: int | None = None) -> Conditions | None:
    """The task has a part that tasks may lack, of that year where one is said. Each stands in the industry that its notice is about."""
    dated = {"quantity", "milestone", "target"}
    parts = dated | {"deadline", "theme", "unit", "platform", "district", "place"}
    return (Has(part, bool(negated), year),) if part in (dated if year else parts) else None
