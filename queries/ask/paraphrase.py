"""What a question was understood to ask -> its parts in Chinese and in English, each of which the asker can check and change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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

_HAN = re.compile(r"[㐀-鿿]")
WANTED = {
    "task": ("任务", "tasks"),
    "unit": ("责任单位", "responsible units"),
    "first-unit": ("首位或牵头单位", "first or lead units"),
    "later-unit": ("首位或牵头以外的单位", "units other than the first or lead"),
    "industry": ("行业", "industries"),
    "theme": ("主题", "themes"),
    "district": ("区", "districts"),
    "place": ("地点", "places"),
    "quantity": ("量化指标", "figures"),
    "milestone": ("里程碑", "milestones"),
    "platform": ("平台", "platforms"),
    "document": ("引用的文件", "cited documents"),
    "deadline": ("时限", "time limits"),
    "group": ("分组", "groups"),
    "target": ("工作目标", "targets"),
    "stage": ("建设状态", "status"),
    "technology": ("技术", "technologies"),
    "instrument": ("制度与文件", "instruments"),
    "thing": ("事物", "things"),
    "pair": ("共同负责任务最多的两家单位", "the units that share most tasks"),
    "notice-number": ("文号", "document number"),
    "notice-issuer": ("印发机关", "issuer"),
    "notice-date": ("印发日期", "date of issue"),
    "notice-plan": ("落实的规划", "plan carried out"),
    "notice-title": ("标题", "title"),
    "text": ("任务文字", "text of the task"),
    "gloss": ("括号里的说明", "gloss in brackets"),
    "notice": ("文件", "documents"),
    "city": ("城市", "cities"),
    "province": ("省", "provinces"),
}
FORMS = {
    "list": ("列出", "list"),
    "number": ("数目", "number of"),
    "boolean": ("是否有", "whether there are"),
    "each": ("分别列出", "for each"),
    "top": ("最多的", "most"),
    "bottom": ("最少的", "fewest"),
    "absent": ("没有这样任务的", "without such a task:"),
}
COLUMNS = {
    "": ("", ""),
    "text": ("正文", "text"),
    "target": ("目标", "targets"),
    "text-only": ("只在正文", "text only"),
    "target-only": ("只在目标", "targets only"),
    "both": ("正文和目标都", "both columns"),
    "named": ("文字或责任单位栏", "wording or units"),
}
HOW = {
    "any": ("单位", "unit"),
    "first": ("首位或牵头", "first or lead"),
    "later": ("不在首位", "not first"),
    "alone": ("独自负责", "alone"),
    "before": ("排在前面", "before"),
    "cooperate": ("配合", "cooperating"),
}
PARTS = {
    "quantity": ("量化指标", "figures"),
    "milestone": ("里程碑", "milestones"),
    "target": ("目标", "targets"),
    "deadline": ("时限", "time limits"),
    "industry": ("行业", "industries"),
    "theme": ("主题", "themes"),
    "unit": ("责任单位", "units"),
    "platform": ("平台", "platforms"),
    "district": ("区（文字中）", "districts in the wording"),
    "place": ("地点", "places"),
}


OF_QUESTION = {
    "action": ("动作", "action"),
    "only": ("仅限", "only"),
    "column": ("出现在", "found in"),
    "bearing": ("负责任务数", "tasks borne"),
    "besides": ("除外", "besides"),
    "kinds": ("单位类别", "units of kind"),
    "compared": ("比较", "compared"),
    "said": ("名称中有", "named"),
    "rank": ("只取位次", "rank alone"),
}
OF_CONDITION = {
    "involves": ("涉及", "involves"),
    "has": ("有", "has"),
    "group": ("分组", "group"),
    "measured": ("指标数值", "value of the figure"),
    "listed": ("列为单位", "listed as unit"),
    "kind": ("类别", "kind"),
    "only-kind": ("只有这些类别", "only of kind"),
    "number": ("任务号", "task number"),
    "year": ("年份", "year"),
    "due": ("时限不晚于", "due by"),
    "marked": ("措辞或对象", "wording or party"),
    "notice": ("文件", "document"),
    "counts": ("所计", "counting"),
    "doing": ("要做", "to be done"),
}
LIKE = {
    (False, False): ("责任单位", "units"),
    (True, False): ("首位或牵头单位", "first or lead unit"),
    (False, True): ("责任单位，这些任务除外", "units, other tasks"),
    (True, True): ("首位或牵头单位，这些任务除外", "first or lead unit, other tasks"),
}
"""Which units of the tasks in brackets before it bear a task: the first of them, and whether these tasks are meant as well."""
LIKE_JOINT = (" & ", "：")
NOT = ("不", "not ")
ONLY_THESE = ("只负责这些任务", "bear no other task")
NAMED_DISTRICTS = ("文字中点名的区", "the districts that the wording names")
RANGE = ("区间", "range")
BEFORE = (("，在", "之前"), (", before ", ""))


@dataclass(frozen=True, slots=True)
class Names:
    """The preferred names of things by IRI and language, and by language and IRI those that are names of nothing else."""

    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unique: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def paraphrase(questions: Sequence[Question], names: Names | None = None) -> dict[str, str]:
    """The parts of all clauses, joined: ``列出=任务 · 涉及=低空航空`` and the same in English."""
    return {
        language: " ； ".join(" · ".join(f"{name}={value}" for name, value in parts(question, place, names)) for question in questions)
        for place, language in enumerate(("zh", "en"))
    }


def assumed(questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    """What was written and the name as which it was read, where that is an assumption."""
    for question in questions:
        for condition in (*question.conditions, *question.compared):
            for topic in _topics(condition):
                if topic.typed:
                    yield topic.typed, topic.surface
        yield from ((topic.typed, topic.surface) for topic in question.besides if topic.typed)


def guessed(questions: Sequence[Question]) -> list[tuple[str, str]]:
    """The assumptions that a word names a thing; that an English word stands for printed ones is known."""
    conditions = (condition for question in questions for condition in (*question.conditions, *question.compared))
    besides = (topic for question in questions for topic in question.besides)
    topics = (*(topic for condition in conditions for topic in _topics(condition)), *besides)
    return [(topic.typed, topic.surface) for topic in topics if topic.typed and topic.refs]


def _topics(condition: Condition) -> tuple[Topic, ...]:
    match condition:
        case Involves(topics) | Marked(topics) | InNotice(topics) | CountsOf(topics) | Doing(topics=topics):
            return topics
        case Borne(units, other=other):
            return (*units, other) if other else units
        case BorneLike(scope):
            return tuple(topic for each in scope for topic in _topics(each))
        case _:
            return ()


def parts(question: Question, place: int, names: Names | None = None) -> Iterator[tuple[str, str]]:
    """The parts of one clause as names and values; ``place`` is 0 for Chinese, 1 for English."""
    names = names or Names()
    top = f" {question.top}" if question.form == "top" and question.top > 1 else ""
    yield FORMS[question.form][place], WANTED[question.wanted][place] + top
    if question.rank:
        yield OF_QUESTION["rank"][place], str(question.rank)
    if question.actions:
        yield OF_QUESTION["action"][place], _concept(question.actions[0], place, names)
    if question.said:
        yield OF_QUESTION["said"][place], question.said
    if question.only:
        yield OF_QUESTION["only"][place], ONLY_THESE[place]
    if question.column:
        yield OF_QUESTION["column"][place], _column(question.column, place)
    if question.bearing is not None:
        yield OF_QUESTION["bearing"][place], f"{question.bearing[0]}{question.bearing[1]}"
    if question.besides:
        yield OF_QUESTION["besides"][place], _names(question.besides, True, place, names)
    if question.kinds:
        yield OF_QUESTION["kinds"][place], "、".join(_concept(ref, place, names) for ref in question.kinds)
    for condition in question.compared:
        for name, value in _condition(condition, place, names):
            yield f"{OF_QUESTION['compared'][place]} {name}", value
    for condition in question.conditions:
        yield from _condition(condition, place, names)


def condition_parts(condition: Condition, place: int, names: Names | None = None) -> Iterator[tuple[str, str]]:
    """The part of one condition."""
    yield from _condition(condition, place, names or Names())


def _column(column: str, place: int) -> str:
    name, _, year = column.partition("@")
    return f"{COLUMNS[name][place]}{' ' + year if year else ''}"


def _condition(condition: Condition, place: int, names: Names) -> Iterator[tuple[str, str]]:
    negated = NOT[place] if getattr(condition, "negated", False) else ""
    match condition:
        case Involves(topics, every, column):
            name = f"{negated}{OF_CONDITION['involves'][place]}"
            where = _column(column, place)
            yield f"{name}({where})" if where else name, _names(topics, every, place, names)
        case Borne(units, how, other, every):
            before, after = BEFORE[place]
            behind = f"{before}{_name(other, place, names)}{after}" if other else ""
            yield f"{negated}{HOW[how][place]}", _names(units, every, place, names) + behind
        case BorneLike(scope, first, how, others):
            joint, says = LIKE_JOINT
            inside = joint.join(f"{name}{says}{value}" for each in scope for name, value in _condition(each, place, names))
            yield HOW[how][place], f"（{inside}）{LIKE[first, others][place]}"
        case Marked(concepts):
            yield f"{negated}{OF_CONDITION['marked'][place]}", _names(concepts, True, place, names)
        case Doing(actions, topics):
            action = "、".join(_concept(ref, place, names) for ref in actions)
            yield OF_CONDITION["doing"][place], f"{action} {_names(topics, False, place, names)}"
        case CountsOf(things):
            yield OF_CONDITION["counts"][place], _names(things, True, place, names)
        case InNotice(notices):
            yield f"{negated}{OF_CONDITION['notice'][place]}", _names(notices, False, place, names)
        case _:
            name, value = _plain(condition, place, names)
            yield f"{negated}{name}", value


def _plain(condition: Condition, place: int, names: Names) -> tuple[str, str]:
    """A condition without names of things."""
    match condition:
        case Has(part, year=year):
            return OF_CONDITION["has"][place], PARTS[part][place] + (f" {year}" if year else "")
        case InGroup(groups):
            return OF_CONDITION["group"][place], _names(groups, False, place, names)
        case Measured(comparator, number):
            return OF_CONDITION["measured"][place], RANGE[place] if comparator == "range" else f"{comparator}{number}"
        case NamedDistrictsListed():
            return OF_CONDITION["listed"][place], NAMED_DISTRICTS[place]
        case Counted(part, comparator, number):
            return PARTS[part][place], f"{comparator}{number}"
        case OfKind(concepts, only=only):
            return OF_CONDITION["only-kind" if only else "kind"][place], "、".join(_concept(ref, place, names) for ref in concepts)
        case Numbered(numbers):
            return OF_CONDITION["number"][place], "、".join(numbers)
        case InYear(year):
            return OF_CONDITION["year"][place], str(year)
        case Due(date):
            return OF_CONDITION["due"][place], date
        case _:
            raise AssertionError(condition)


def _names(topics: Sequence[Topic], every: bool, place: int, names: Names) -> str:
    return (("、", " and ")[place] if every else (" 或 ", " or ")[place]).join(_name(topic, place, names) for topic in topics)


def _name(topic: Topic, place: int, names: Names) -> str:
    if not topic.refs:
        return f"“{topic.surface}”"
    # A name of words that are printed is asked for by these words: another name asks for others.
    if len(topic.refs) > 1 or topic.words or bool(_HAN.search(topic.surface)) is not bool(place):
        return topic.surface
    return names.unique.get(("zh", "en")[place], {}).get(topic.refs[0].iri, topic.surface)


def _concept(ref: Ref, place: int, names: Names) -> str:
    return names.labels.get(ref.iri, {}).get(("zh", "en")[place]) or ref.iri.rpartition("/")[2]
