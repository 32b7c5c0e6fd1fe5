"""The values of the parts of a rule -> what is asked; ``None`` where the rule does not hold for these values.

One function for each name behind ``->`` in the grammars; those that make conditions stand in ``conditions.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from queries.ask import conditions
from queries.ask.conditions import Conditions, all_of, before, borne, but_not, has, in_column, involves, marked, marks, only
from queries.ask.model import (
    Borne,
    Column,
    Condition,
    CountsOf,
    InGroup,
    Involves,
    InYear,
    Measured,
    Numbered,
    OfKind,
    Question,
    Topic,
    Wanted,
)

EVERY = 999
"""So many stand for all there are, where things are listed by their tasks."""
_OF_TASKS = frozenset({"platform", "technology", "document"})
"""Things that may concern a topic themselves: those of the tasks that do are meant only where the tasks are said."""


@dataclass(frozen=True, slots=True)
class Follow:
    """What a clause asks on the strength of the one before it."""

    question: Question
    column: Column = ""
    """The column in which the topic of the clause before is asked for now."""
    same: bool = False
    """Whether the things of the clause before are wanted again."""


def actions() -> Mapping[str, Callable[..., Hashable]]:
    """All actions by their names."""
    return {**conditions.actions(), **_tasks(), **_things(), **_booleans(), **_follows()}


def _tasks() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "tasks": lambda *scopes: wanted("task", "list", *scopes),
        "count": lambda *scopes: wanted("task", "number", *scopes),
        "tasks_in_column": lambda scope, column: wanted("task", "list", made) if (made := in_column(scope, column)) else None,
        "tasks_of": lambda scope: wanted("task", "list", scope) if scope else None,
        "in_parts": lambda scope, part: wanted("task", "list", scope, made) if (made := has(part)) else None,
        "topics_printed": lambda several: wanted("task", "list", involves("printed", several)),
        "topics_where": lambda several: wanted("task", "list", involves(None, several)),
        "topics_in_column": lambda several, column: wanted("task", "list", involves(None, several, column)),
        "tasks_borne_in": lambda units, several: wanted("task", "list", borne(units), involves(None, several)),
        "parts_where": lambda part, year=None: wanted("task", "list", made) if (made := has(part, "", year)) else None,
        "tasks_with_most": lambda part, *scopes: most("task", None, all_of(made, *scopes)) if (made := has(part)) else None,
        "tasks_with_most_of": lambda part, number: most("task", number, made) if (made := has(part)) else None,
        "tasks_with_least": lambda part, *scopes: most("task", None, all_of(made, *scopes), "bottom") if (made := has(part)) else None,
        "numbers_with_most": lambda part, numbers: most("task", None, all_of(has(part), (Numbered(numbers),))),
        "numbers_with_least": lambda part, numbers: most("task", None, all_of(has(part), (Numbered(numbers),)), "bottom"),
        "tasks_of_both": lambda units, named: wanted("task", "list", borne(units), named),
        "count_topics": lambda several: wanted("task", "number", involves(None, several)),
        "tasks_also": lambda scope, also: wanted("task", "list", scope, also or None),
        "tasks_of_pair": lambda several, units: wanted("task", "list", involves(None, several), borne(units)),
        "count_of_units": lambda units: wanted("task", "number", borne(units)),
        "tasks_of_group": lambda group: wanted("task", "list", (InGroup((group,)),)),
        "count_of_group": lambda group: wanted("task", "number", (InGroup((group,)),)),
        "count_borne": lambda scope: wanted("task", "number", scope) if isinstance(scope[-1], Borne) else None,
        "tasks_of_units": lambda units: wanted("task", "list", borne(units)),
        "tasks_led_by": lambda units: wanted("task", "list", made) if (made := borne(units, "first")) else None,
        "tasks_borne": lambda scope, units: wanted("task", "list", scope, borne(units)),
        "tasks_for": lambda party: wanted("task", "list", marked(marks(party))),
        "tasks_marked": lambda parties: wanted("task", "list", marked(parties)),
        "tasks_naming": lambda scope, several, mention=None: wanted("task", "list", scope, involves(mention, several)),
        "areas_where": lambda several: wanted("task", "list", involves("printed", several, "named")),
        "tasks_named": lambda scope, several: wanted("task", "list", scope, involves("printed", several, "named")),
        "count_naming": lambda scope, several, mention=None: wanted("task", "number", scope, involves(mention, several)),
        "topics_not": lambda several, others: wanted("task", "list", but_not(None, several, others)),
        "each_unit": lambda units: Question("task", (Borne(units.topics, every=False),), "each") if len(units.topics) > 1 else None,
        "each_topic": lambda several: Question("task", (Involves(several.topics, False),), "each") if len(several.topics) > 1 else None,
        "about_task": lambda numbers: Question("text", (Numbered(numbers),)),
        "targets_of": lambda numbers: Question("target", (Numbered(numbers),)),
        "to_reach": to_reach,
        "topics_to_reach": lambda several, *scopes: to_reach(involves(None, several), *scopes),
        "units_to_reach": lambda units, *scopes: to_reach(borne(units), *scopes),
    }


def _things() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "wanted": wanted,
        "things": things,
        "units_of_topics": lambda what, scope: wanted(what, "list", scope) if not any(isinstance(each, Borne) for each in scope) else None,
        "count_units_of": lambda numbers: Question("unit", (Numbered(numbers),), "number"),
        "each_of": lambda what, numbers: Question(what, (Numbered(numbers),), "each") if len(numbers) > 1 else None,
        "wanted_doing": lambda what, action, several: wanted(what, "list", conditions.doing(action, several)),
        "figures_said": lambda several: Question("quantity", (CountsOf(several.topics),)) if _is_words(several) else None,
        "figures_in": lambda counted, scope: Question("quantity", all_of((CountsOf((counted,)),), scope)),
        "units_of_numbers": lambda what, numbers: Question(what, (Numbered(numbers),)),
        "of_topics": lambda what, several: wanted(what, "list", involves(None, several)),
        "of_units": lambda what, units: wanted(what, "list", borne(units)),
        "figures": lambda comparator, number: Question("quantity", (Measured(comparator, int(number)),)),
        "in_state": lambda status, form, *scopes: wanted("platform", form, *scopes, (OfKind(status.refs),)),
        "of_area": lambda what, area: Question(what, (Involves((area,)),)),
        "named_things": lambda what: Question(what) if what in {"district", "place", "platform", "document"} else None,
        "absent": lambda what, *scopes: wanted(what, "absent", *scopes),
        "absent_units": lambda what, units: wanted(what, "absent", borne(units)),
        "never_with": lambda units: wanted("unit", "absent", borne(units)),
        "one_side": lambda what, column, second, *scopes: between_columns(what, only(column, second), *scopes),
        "other_side": lambda what, column, *scopes: between_columns(what, only(other(column), column), *scopes),
        "overlap": lambda what, column, another, second, *scopes: (
            between_columns(what, both_columns(column, another), *scopes) if what == second else None
        ),
        "units_only_in": lambda numbers: Question("unit", (Numbered(numbers),), only=True),
        "units_of_so_many": lambda comparator, number: Question("unit", bearing=(comparator, int(number))),
        "most": most,
        "least": lambda what, number=None, scope=None: most(what, number, scope, "bottom"),
        "units_bearing": lambda bound: Question("unit", bearing=bound[0]) if len(bound) == 1 else None,
        "units_of_kind": units_of_kind,
        "most_of_kind": lambda what, kind: replace(most(what), kinds=kind.refs),
        "every_one": lambda what: most(what, EVERY),
        "every_one_of": lambda what, scope: most(what, EVERY, scope),
        "places_of": lambda where, units, how, *scopes: wanted(where, "list", made, *scopes) if (made := borne(units, how)) else None,
        "wanted_in": lambda where, scope: wanted(where, "list", scope),
        "number_in": lambda where, scope: wanted(where, "number", scope),
        "pair": lambda one, other: (one, *other) if isinstance(other[0], tuple) else (one, other),
        "compared": lambda several, form: compared(*several, form=form),
        "compared_leads": lambda several: compared(*map(led, several), form="each"),
        "compared_of": lambda one, other, form: compared(one, other, form=form),
        "compared_lead": lambda one, other, form: compared(borne(one, "first"), borne(other, "first"), form=form),
        "partners": lambda units: Question("unit", borne(units) or (), besides=units.topics),
        "most_partners": lambda units: Question("unit", borne(units) or (), "top", besides=units.topics),
        "others": lambda units, scope: Question("unit", scope, besides=units.topics),
        "quantities_of": lambda scope, year=None: Question("quantity", all_of(scope, year)),
        "figures_of": lambda counted, year=None: Question("quantity", all_of((CountsOf((counted,)),), year)),
        "with_part": lambda what, part: wanted(what, "list", made) if (made := has(part)) else None,
        "without_part": lambda what, part: wanted(what, "absent", made) if (made := has(part)) else None,
        "to_do_named": lambda action, word, year=None: Question("milestone", all_of(year), actions=action.refs, said=word),
        "notices_of": lambda several: wanted("notice", "list", involves(None, several)),
        "pair_of": lambda number=2: most("pair") if number in {None, 2} else None,
        "to_do": lambda action, *scopes: Question("milestone", all_of(*scopes), actions=action.refs),
        "of_year": of_year,
        "stage": lambda several: Question("stage", (Involves(several.topics, several.every),)),
    }


def of_year(year: int, question: Question) -> Question | None:
    """The question with the year that is said before or behind it; None where it says one itself."""
    if question.compared or any(isinstance(each, InYear) for each in question.conditions):
        return None
    return replace(question, conditions=(InYear(year), *question.conditions))


def _booleans() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "whether": whether,
        "whether_said": lambda several, column: whether(involves(None, several, column)),
        "whether_both": lambda scope, mention, several: (
            whether(None if scope == "all" else scope, made) if (made := involves(mention, several)) else None
        ),
        "whether_borne": lambda scope, units, how: whether(scope, made) if (made := borne(units, how)) else None,
        "whether_topics": lambda several: whether(involves("together", several)),
        "whether_units": lambda units: whether(borne(units)),
        "whether_joint": lambda units: whether(borne(units)) if len(units.topics) > 1 else None,
        "whether_of": lambda numbers, units, how: whether((Numbered(numbers),), made) if (made := borne(units, how)) else None,
        "whether_led": lambda units: whether(made) if (made := borne(units, "first")) else None,
        "whether_before": lambda numbers, units, others: whether((Numbered(numbers),), made) if (made := before(units, others)) else None,
    }


def other(column: str) -> str:
    """The other column."""
    return "text" if column.startswith("target") else "target"


def both_columns(column: str, another: str) -> str | None:
    """Both columns, with the year of the targets where one is said; None where they are the same."""
    year = next((each.partition("@")[2] for each in (column, another) if "@" in each), "")
    return (f"both@{year}" if year else "both") if only(column, another) else None


def wanted(what: Wanted, form: Any, *scopes: Conditions | None) -> Question | None:
    """What is wanted of the tasks in all scopes; the part ``task`` is the tasks themselves."""
    return Question(what, all_of(*scopes), form)


def whether(*scopes: Conditions | None) -> Question | None:
    """Whether there is a task in all scopes; no scope is no question."""
    every = all_of(*scopes)
    return Question("task", every, "boolean") if every else None


def things(what: Wanted, form: Any, of_tasks: object, *scopes: Conditions | None) -> Question | None:
    """Parts of the tasks in scope. Platforms that concern a topic are not the platforms of tasks that do: that takes the word task."""
    every = all_of(*scopes)
    if what == "target" and of_words(every):
        # What the targets say of a word of the text they may say in other words.
        return None
    if of_tasks is None and what in _OF_TASKS and any(isinstance(each, Involves) for each in every):
        return None
    if of_tasks is None and any(isinstance(each, Involves) and _is_of_places(each, what) for each in every):
        return None
    if of_tasks is None and what == "district" and any(isinstance(each, Borne) for each in every):
        # The districts that a unit has are its own, not those that its tasks name.
        return None
    return Question(what, every, form)


def of_words(scope: Conditions) -> bool:
    """Whether the tasks are those with a word that is in no vocabulary."""
    return any(topic.free for each in scope if isinstance(each, Involves) for topic in each.topics)


def _is_words(several: conditions.Several) -> bool:
    """Whether it is but words, of which any will do, that are asked for."""
    return all(topic.words and not topic.refs for topic in several.topics) and (len(several.topics) == 1 or not several.every)


def _is_of_places(condition: Involves, what: Wanted) -> bool:
    """Whether things of a place are asked for: what there is in Shanghai is not what the tasks that concern Shanghai name."""
    places = any(ref.kind in {"district", "place"} for topic in condition.topics for ref in topic.refs)
    return places or what in {"district", "place", "city", "province"}


def between_columns(what: Wanted, column: Column | None, *scopes: Conditions | None) -> Question | None:
    """Things that the tasks in scope name in one column, in both, or in one and not the other."""
    kinds = {"industry", "technology", "platform", "place", "instrument", "thing"}
    scope = all_of(*scopes)
    return Question(what, scope, column=column) if scope and column and what in kinds else None


def most(what: Wanted, number: Any = None, scope: Conditions | None = None, form: Any = "top") -> Question:
    """The things with the most tasks (or the fewest), or the tasks with the most of the part in scope."""
    return Question(what, scope or (), form, int(number or 1))


def compared(*sides: Conditions | None, form: Any) -> Question | None:
    """Things beside each other by their tasks: of one kind, for nobody compares a unit with a field; which of two has more takes two."""
    each = [side[0] for side in sides if side and len(side) == 1]
    if len(each) < max(2, len(sides)) or len(set(map(type, each))) > 1 or len(set(each)) < len(each) or any(map(_is_joint, each)):
        return None
    if form in {"boolean", "number"} and len(each) > 2:
        return None
    return Question("task", (), form, compared=tuple(each))


def _is_joint(condition: Condition) -> bool:
    """Whether a condition is of several units or topics together: in a list of things to compare each stands for itself."""
    return len(condition.units if isinstance(condition, Borne) else condition.topics if isinstance(condition, Involves) else ()) > 1


def led(side: Conditions | None) -> Conditions | None:
    """The tasks that the unit of a condition leads; None for anything but a unit."""
    return (replace(side[0], how="first"),) if side and isinstance(side[0], Borne) else None


def units_of_kind(kind: Topic, scope: Conditions | None = None, what: Wanted = "unit") -> Question:
    """The units of a kind that bear the tasks in scope."""
    return Question(what, all_of(scope), kinds=kind.refs)


def to_reach(*scopes: Conditions | None) -> Question | None:
    """The targets of the tasks in scope; a year alone is no scope."""
    scope = all_of(*scopes)
    return Question("target", scope) if any(not isinstance(each, InYear) for each in scope) and not of_words(scope) else None


def _follows() -> Mapping[str, Callable[..., Hashable]]:
    def follow(what: Wanted, form: Any, *scopes: Conditions | None) -> Follow:
        return Follow(Question(what, all_of(*scopes), form))

    def only_column(column: Column) -> Follow | None:
        return Follow(Question("task"), column=alone) if (alone := only(column)) else None

    def side(what: Wanted, column: Column) -> Follow | None:
        named = between_columns(what, only(column), (InYear(0),))
        return Follow(Question(what, column=named.column)) if named else None

    def like(first: str, how: Any, form: Any) -> Follow:
        return Follow(Question("task", conditions.borne_like(None, first, how), form))

    return {
        "follow": follow,
        "follow_like": like,
        "follow_side_of_same": lambda column: Follow(Question("thing", column=alone), same=True) if (alone := only(column)) else None,
        "follow_whether": lambda mention, several: follow("task", "boolean", made) if (made := involves(mention, several)) else None,
        "follow_led": lambda units: follow("task", "boolean", made) if (made := borne(units, "first")) else None,
        "follow_column": lambda column: Follow(Question("task"), column=column),
        "follow_only_column": only_column,
        "follow_one_side": side,
    }
