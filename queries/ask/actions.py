"""The values of the parts of a rule -> the value of the whole; ``None`` where the rule does not hold for these values.

One function for each name behind ``->`` in ``questions.grammar``. Conditions come and go as tuples.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from queries.ask.model import (
    Borne,
    Column,
    Condition,
    Counted,
    Due,
    Has,
    Involves,
    InYear,
    Numbered,
    OfKind,
    Question,
    Ref,
    Topic,
    Wanted,
)

Conditions = tuple[Condition, ...]
_STATUS = "https://w3id.org/zhengce/id/status/"


@dataclass(frozen=True, slots=True)
class Several:
    """Names joined by and (``every``) or by or; ``listed`` where they were."""

    topics: tuple[Topic, ...]
    every: bool = True


@dataclass(frozen=True, slots=True)
class Follow:
    """What a clause asks on the strength of the one before it."""

    question: Question
    column: Column = ""
    """The column in which the topic of the clause before is asked for now."""


def _joined(left: Several, right: Several, *, every: bool) -> Several | None:
    same = len(right.topics) == 1 or right.every == every
    return Several((*left.topics, *right.topics), every) if same else None


def _same_thing(topic: Topic, other: Topic) -> Topic | None:
    """A name with another name of the same thing in brackets behind it."""
    shared = tuple(ref for ref in topic.refs if ref in other.refs)
    return Topic(topic.surface, shared) if shared else None


def _involves(several: Several, column: Column = "", *, negated: bool = False) -> Conditions | None:
    if negated and len(several.topics) > 1:
        # "Neither A nor B": none of both.
        return (Involves(several.topics, False, column, True),)
    return (Involves(several.topics, several.every, column, negated),)


def _borne(several: Several, how: Any = "any", *, negated: bool = False) -> Conditions | None:
    if how in {"first", "later", "alone"} and len(several.topics) > 1 and several.every:
        return None
    every = several.every and not (negated and len(several.topics) > 1)
    return (Borne(several.topics, how, None, every, negated),)


def _counted(part: Any, comparator: Any, number: Any) -> Conditions:
    return (Counted(part, comparator, int(number)),)


def _list(wanted: Wanted, conditions: Conditions | None, form: Any = "list", **more: Any) -> Question:
    return Question(wanted, conditions or (), form, **more)


def _things(scope: Conditions | None, wanted: Wanted, form: Any = "list", *, of_tasks: bool = True) -> Question | None:
    """Parts of the tasks in scope. Platforms that concern a topic are not the platforms of tasks that do: that takes the word task."""
    if not of_tasks and wanted in {"platform", "technology", "document"} and any(isinstance(each, Involves) for each in scope or ()):
        return None
    return Question(wanted, scope or (), form)


def _to_do(action: Topic, scope: Conditions | None) -> Question:
    return Question("milestone", scope or (), actions=action.refs)


def _unit_topics(units: Several) -> Conditions | None:
    return _borne(units)


def _follow(wanted: Wanted, conditions: Conditions = (), form: Any = "list") -> Follow:
    return Follow(Question(wanted, conditions, form))


def _concepts(kinds: Topic, *, negated: bool = False) -> Conditions:
    return (OfKind(kinds.refs, negated),)


def _status(name: str) -> Topic:
    return Topic(name, (Ref(_STATUS + name, "status"),))


def _in_one(several: Several, column: str) -> Conditions | None:
    """The topics stand in that column alone."""
    columns: Mapping[str, Column] = {"text": "text-only", "target": "target-only"}
    return _involves(several, columns[column]) if column in columns else None


def _topics_with_column(conditions: Conditions, column: Column) -> Conditions | None:
    """The conditions, the last of which speaks of topics, with a column for it."""
    last = conditions[-1]
    return (*conditions[:-1], replace(last, column=column)) if isinstance(last, Involves) and not last.column else None


def actions() -> Mapping[str, Callable[..., Hashable]]:
    """All actions by their names."""
    return {
        **_words(),
        **_topic_conditions(),
        **_unit_conditions(),
        **_part_conditions(),
        **_scopes(),
        **_questions(),
        **_units_wanted(),
        **_things_wanted(),
        **_booleans(),
        **_follows(),
    }


def _words() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "same": lambda value: value,
        "none": lambda *_: None,
        "word": lambda _: "word",
        "together": lambda *_: "together",
        "printed": lambda *_: "printed",
        "anywhere": lambda *_: "",
        "same_thing": lambda topic, _open, other, _close: _same_thing(topic, other),
        "one": lambda value: Several((value,)) if isinstance(value, Topic) else value,
        "every": lambda left, _with, right: _joined(Several((left,)) if isinstance(left, Topic) else left, right, every=True),
        "either": lambda left, _or, right: _joined(Several((left,)) if isinstance(left, Topic) else left, right, every=False),
        "either_of": lambda whole, _open, _word, parts, _close: Several((*whole.topics, *parts.topics), False),
        "number": lambda number: (str(number),),
        "more_numbers": lambda numbers, _with, number: (*numbers, str(number)),
        "column_target": lambda *_: "target",
        "column_text": lambda *_: "text",
        "column_target_of": lambda *_: "target",
        "under_construction": lambda _: _status("under-construction"),
        "operating": lambda _: _status("operating"),
        "status": lambda topic: topic,
        **{f"part_{part}": _always(part) for part in _PARTS},
        "part_document_2": lambda *_: "document",
    }


_PARTS = (
    "quantity",
    "milestone",
    "platform",
    "deadline",
    "industry",
    "theme",
    "district",
    "place",
    "group",
    "document",
    "technology",
    "target",
    "task",
)


def _always(value: str) -> Callable[..., Hashable]:
    """The action that gives one value whatever its parts are."""
    return lambda *_: value


def _is_theme(topic: Topic) -> bool:
    return bool(topic.refs) and all(ref.kind == "theme" for ref in topic.refs)


def _kept(mention: str, several: Several) -> Several | None:
    """The topics as a verb takes them: ``同时涉及`` joins by and; who asks for what is printed asks for words."""
    if mention == "together":
        return several if several.every and len(several.topics) > 1 else None
    if mention == "printed":
        # A theme is a heading over many words, and who quotes a name means its letters.
        topics = tuple(Topic(topic.surface) if topic.quoted or _is_theme(topic) else topic for topic in several.topics)
        return Several(topics, several.every)
    return several


def _said(mention: str, several: Several, column: Column = "", *, negated: bool = False) -> Conditions | None:
    """The task speaks of the topics, as the verb takes them."""
    kept = _kept(mention, several)
    return _involves(kept, column, negated=negated) if kept else None


def _topic_conditions() -> Mapping[str, Callable[..., Hashable]]:
    def but_not(several: Several, others: Several) -> Conditions:
        return (Involves(several.topics, several.every), Involves(others.topics, False, "", True))

    return {
        "involves": lambda mention, several, *_: _said(mention, several),
        "not_involves": lambda _not, mention, several, *_: _said(mention, several, negated=True),
        "not_involves_bare": lambda _none, several: _involves(several, negated=True),
        "involves_related": lambda several, *_: _involves(several),
        "involves_with": lambda _with, several, _related: _involves(several),
        "involves_first": lambda several, *_: _involves(several),
        "not_involves_first": lambda several, *_: _involves(several, negated=True),
        "involves_bare": _involves,
        "column_involves": lambda column, _in, mention, several: _said(mention, several, column),
        "column_involves_bare": lambda _in0, column, _in, several, _appear: _involves(several, column),
        "column_not_involves": lambda column, _in, _not, mention, several: _said(mention, several, column, negated=True),
        "column_appears": lambda several, _appear, _in, column, _in2: _involves(several, column),
        "column_not_appears": lambda several, _not, _appear, _in, column, _in2: _involves(several, column, negated=True),
        "only_column": lambda _only, _in, _appear, column, _in2, _mention, several: _in_one(several, column),
        "only_column_in": lambda _only, _appear, column, _mention, several: _in_one(several, column),
        "only_column_of": lambda several, _only, _appear, _in, column, _in2: _in_one(several, column),
        "both_columns": lambda _both, _in, _both2, mention, several: _said(mention, several, "both"),
        "text_not_but_target": lambda column, _in, _not, _mention, several, _but, other, _mention2: (
            _in_one(several, other) if column != other else None
        ),
        "both_columns_of": lambda several, _both, _appear, _columns: _involves(several, "both"),
        "involves_but_not": lambda _mention, several, _open, _not, _word, others, _close: but_not(several, others),
        "except_topics": lambda _except, several, *_: _involves(several, negated=True),
        "except_numbers": lambda _except, numbers, *_: (Numbered(numbers, True),),
    }


def _unit_conditions() -> Mapping[str, Callable[..., Hashable]]:
    def both(units: Several, others: Several) -> Conditions | None:
        first, second = _borne(units), _borne(others, negated=True)
        return (*first, *second) if first and second else None

    def before(units: Several, others: Several) -> Conditions | None:
        single = len(units.topics) == len(others.topics) == 1
        return (Borne(units.topics, "before", others.topics[0]),) if single else None

    return {
        "borne": lambda _by, units, *_: _borne(units),
        "not_borne": lambda units, *_: _borne(units, negated=True),
        "not_borne_by": lambda _not, _by, units, _bear: _borne(units, negated=True),
        "led": lambda _by, units, _lead: _borne(units, "first"),
        "not_led": lambda units, *_: _borne(units, "first", negated=True),
        "not_led_by": lambda _not, _by, units, _lead: _borne(units, "first", negated=True),
        "led_is": lambda _lead, _is, units: _borne(units, "first"),
        "led_is_bare": lambda _lead, _is, units: _borne(units, "first"),
        "unit_is": lambda units, _is, _units: None,
        "later": lambda units, *_: _borne(units, "later"),
        "later_borne": lambda units, *_: _borne(units, "later"),
        "cooperates": lambda units, *_: _borne(units, "cooperate"),
        "alone": lambda _by, units, *_: _borne(units, "alone"),
        "alone_only": lambda _only, _by, units, _bear: _borne(units, "alone"),
        "borne_not_borne": lambda units, _bear, _but, others, *_: both(units, others),
        "units_include": lambda _units, _in, _include, units: _borne(units),
        "units_exclude": lambda _units, _in, _not, _include, units: _borne(units, negated=True),
        "units_is": lambda _units, _is, units: _borne(units),
        "before": lambda units, _before, others, *_: before(units, others),
        "before_word": lambda units, _before, others: before(units, others),
        "borne_in": lambda units, _in, several, *_: (
            (*borne, *involved) if (borne := _borne(units)) and (involved := _involves(several)) else None
        ),
        "units_bare": lambda _by, units: _borne(units),
        "no_kind": lambda _none, kinds, *_: _concepts(kinds, negated=True),
        "no_kind_by": lambda _not, _by, kinds, *_: _concepts(kinds, negated=True),
        "of_kind": lambda kinds, *_: _concepts(kinds),
    }


def _part_conditions() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "so_many_units": lambda _word, number, *_: _counted("unit", "=", number),
        "units_at_least": lambda _some, _least, number, *_: _counted("unit", ">=", number),
        "units_at_least_after": lambda _some, number, *_: _counted("unit", ">=", number),
        "units_over": lambda _units, _over, number, *_: _counted("unit", ">", number),
        "units_over_first": lambda _some, _over, number, *_: _counted("unit", ">", number),
        "one_unit": lambda *_: _counted("unit", "=", 1),
        "so_many_targets": lambda _word, number, *_: _counted("target", "=", number),
        "has": lambda _some, part: (Has(part),),
        "has_not": lambda _none, part: (Has(part, True),),
        "building_platform": lambda _word, status, *_: _concepts(status),
        "numbered": lambda numbers: (Numbered(numbers),),
        "due": lambda date: (Due(date),),
        "in_year": lambda year: (InYear(year),),
    }


def _scopes() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "both_conditions": lambda first, _with, rest: (*first, *rest),
        "narrowed": lambda first, _task, _in, rest: (*first, *rest),
        "narrowed_task": lambda first, _task, rest: (*first, *rest),
        "second": lambda _both, conditions: conditions,
        "both_second": lambda _both, first, _with, rest: (*first, *rest),
    }


def _questions() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "tasks_1": lambda scope, *_: _list("task", scope),
        "tasks_2": lambda _which, scope, _task, more: _list("task", (*scope, *(more or ()))),
        "tasks_3": lambda _which, _task, _in, scope: _list("task", scope),
        "tasks_in_column": lambda scope, _which, _task, _in, column: (
            _list("task", wider) if (wider := _topics_with_column(scope, column)) else None
        ),
        "tasks_both": lambda scope, _task, _in, _which, more: _list("task", (*scope, *more)),
        "tasks_both_task": lambda scope, _task, _in, _which, _task2, more: _list("task", (*scope, *more)),
        "tasks_split": lambda scope, _which, _task, more: _list("task", (*scope, *more)),
        "topics_where": lambda several, *_: _list("task", (Involves(several.topics),)),
        "to_reach": lambda _year, scope, _do: _list("target", scope),
        "to_reach_after": lambda scope, *_: _list("target", scope),
        "all_tasks": lambda *_: _list("task", ()),
        "count_1": lambda scope, *_: _list("task", scope, "number"),
        "count_3": lambda _many, _task, scope: _list("task", scope, "number"),
        "count_of": lambda _some, _many, _task, scope: _list("task", scope, "number"),
        "count_all": lambda *_: _list("task", (), "number"),
        "each_topic": lambda several, *_: _list("task", (Involves(several.topics, False),), "each"),
        "notice_number": lambda *_: _list("notice-number", ()),
        "notice_issuer": lambda *_: _list("notice-issuer", ()),
        "notice_date": lambda *_: _list("notice-date", ()),
        "notice_title": lambda *_: _list("notice-title", ()),
        "notice_plan": lambda *_: _list("notice-plan", ()),
        "notice_plan_of": lambda *_: _list("notice-plan", ()),
        "about_task": lambda numbers, *_: _list("text", (Numbered(numbers),)),
    }


def _units_wanted() -> Mapping[str, Callable[..., Hashable]]:
    def most(number: Any = None) -> Question:
        return _list("unit", (), "top", top=int(number or 1))

    return {
        "who": lambda scope, *_: _list("unit", scope),
        "who_first": lambda scope, *_: _list("first-unit", scope),
        "who_last": lambda _who, _bear, scope, *_: _list("unit", scope),
        "who_first_last": lambda _who, _lead, scope, *_: _list("first-unit", scope),
        "units_bearing": lambda _which, _units, _bear, scope, *_: _list("unit", scope),
        "units_leading": lambda _which, _units, _lead, scope, *_: _list("first-unit", scope),
        "how_many_units": lambda scope, *_: _list("unit", scope, "number"),
        "each_first": lambda scope, *_: _list("first-unit", scope, "each"),
        "each_units": lambda scope, *_: _list("unit", scope, "each"),
        "units_only_in": lambda _which, _units, _only, _word, numbers, *_: _list("unit", (Numbered(numbers),), only=True),
        "all_units": lambda *_: _list("unit", ()),
        "count_units": lambda *_: _list("unit", (), "number"),
        "top_units": lambda *_: most(),
        "top_units_n": lambda _units, _in, _total, _most, number, *_: most(number),
        "top_units_bearing": lambda _bear, _task, _most, number, *_: most(number),
        "top_units_short": lambda _units, _total, _most, number, *_: most(number),
        "top_first_units": lambda *_: _list("first-unit", (), "top"),
        "pairs": lambda *_: _list("pair", (), "top"),
        "top_industries": lambda *_: _list("industry", (), "top"),
        "top_themes": lambda *_: _list("theme", (), "top"),
        "tasks_most_units": lambda *_: _list("task", (Has("unit"),), "top"),
        "tasks_most_targets": lambda *_: _list("task", (Has("target"),), "top"),
    }


def _things_wanted() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "things": lambda scope, task, _some, _which, wanted: _things(scope, wanted, of_tasks=task is not None),
        "things_after": lambda scope, task, wanted, *_: _things(scope, wanted, of_tasks=task is not None),
        "things_after_bare": lambda scope, wanted: _things(scope, wanted, of_tasks=False),
        "platforms_in_state": lambda scope, _task, _in, _some, _which, status, _platform: _things(
            (*(scope or ()), *_concepts(status)), "platform"
        ),
        "platforms_in_state_after": lambda scope, _task, _in, status, *_: _things((*scope, *_concepts(status)), "platform"),
        "things_all": lambda wanted, *_: _things((), wanted),
        "count_things": lambda scope, _task, _some, _many, wanted: _things(scope, wanted, "number"),
        "count_things_after": lambda scope, _task, wanted, *_: _things(scope, wanted, "number"),
        "has_things": lambda scope, _task, _whether, _some, wanted: _things(scope, wanted, "boolean"),
        "has_things_asked": lambda scope, _task, _some, wanted, _isit: _things(scope, wanted, "boolean"),
        "things_of_year": lambda year, _which, wanted: _things((InYear(year),), wanted),
        "to_do": lambda _bear, action, *_: _to_do(action, ()),
        "to_do_of_year": lambda year, _bear, action, *_: _to_do(action, (InYear(year),)),
        "to_do_scope": lambda scope, _task, _bear, action, *_: _to_do(action, scope),
        "documents": lambda *_: _things((), "document"),
        "documents_of": lambda scope, *_: _things(scope, "document"),
        "named_things": lambda _mention, _which, wanted: _things((), wanted) if wanted in {"district", "place", "platform"} else None,
        "not_named": lambda *_: None,
        "stage": lambda several, *_: _list("stage", (Involves(several.topics, several.every),)),
        "deadline_of": lambda scope, *_: _list("deadline", scope),
        "deadline_of_asked": lambda scope, *_: _list("deadline", scope),
        "targets_of": lambda numbers, *_: _list("target", (Numbered(numbers),)),
        "targets_of_asked": lambda numbers, *_: _list("target", (Numbered(numbers),)),
    }


def _booleans() -> Mapping[str, Callable[..., Hashable]]:
    def asked(conditions: Conditions | None) -> Question | None:
        return _list("task", conditions, "boolean") if conditions else None

    def two(scope: Conditions, more: Conditions | None) -> Question | None:
        return asked((*scope, *more)) if more else None

    return {
        "whether_column": lambda several, _whether, _appear, _appear2, column, *_: asked(_involves(several, column)),
        "whether_column_asked": lambda several, _appear, column, *_: asked(_involves(several, column)),
        "whether_in_column": lambda column, _in, _whether, _mention, several: asked(_involves(several, column)),
        "whether_involves": lambda scope, _task, _whether, _mention, several: two(scope, _involves(several)),
        "asked_involves": lambda scope, _task, _mention, several, *_: two(scope, _involves(several)),
        "whether_any": lambda _whether, _task, _mention, several: asked(_involves(several)),
        "whether_any_some": lambda _whether, _some, _task, _mention, several: asked(_involves(several)),
        "whether_scope": lambda _whether, _task, scope: asked(scope),
        "asked_any": lambda _mention, several, _isit: asked(_involves(several)),
        "whether_borne": lambda units, _whether, _bear, scope, *_: two(scope, _borne(units)),
        "asked_borne": lambda units, _bear, scope, *_: two(scope, _borne(units)),
        "whether_by": lambda scope, _task, _whether, _by, units, _bear: two(scope, _borne(units)),
        "whether_led": lambda scope, _task, _whether, _by, units, _lead: two(scope, _borne(units, "first")),
        "asked_by": lambda scope, _task, _by, units, *_: two(scope, _borne(units)),
    }


def _follows() -> Mapping[str, Callable[..., Hashable]]:
    return {
        "follow_who": lambda *_: _follow("unit"),
        "follow_who_first": lambda *_: _follow("first-unit"),
        "follow_tasks": lambda _in, _which, _task, scope: _follow("task", scope),
        "follow_tasks_1": lambda _in, scope, *_: _follow("task", scope),
        "follow_whether": lambda _in, _whether, _mention, several: (
            _follow("task", made, "boolean") if (made := _involves(several)) else None
        ),
        "follow_things": lambda _in, _which, wanted: _follow(wanted),
        "follow_count": lambda *_: _follow("task", (), "number"),
        "follow_where": lambda *_: _follow("task"),
        "follow_where_tasks": lambda *_: _follow("task"),
        "follow_each": lambda *_: Follow(Question("task", (), "number")),
        "follow_to_reach": lambda *_: _follow("target"),
        "follow_count_bare": lambda *_: _follow("task", (), "number"),
        "follow_both_columns": lambda *_: Follow(Question("task"), column="both"),
        "follow_whether_led": lambda *given: _follow("task", _borne(given[-1], "first") or (), "boolean"),
        "follow_stage": lambda *_: _follow("platform"),
    }
