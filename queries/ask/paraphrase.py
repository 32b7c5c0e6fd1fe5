"""What a question was understood to ask -> its parts in Chinese and in English, each of which the asker can check and change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.ask.model import (
    Borne,
    Condition,
    Counted,
    Due,
    Has,
    InGroup,
    Involves,
    InYear,
    Measured,
    NamedDistrictsListed,
    Numbered,
    OfKind,
    Question,
    Topic,
)

_WANTED = {
    "task": ("任务", "tasks"),
    "unit": ("责任单位", "responsible units"),
    "first-unit": ("首位或牵头单位", "first or lead units"),
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
}
_FORMS = {
    "list": ("列出", "list"),
    "number": ("数目", "number of"),
    "boolean": ("是否有", "whether there are"),
    "each": ("分别列出", "for each"),
    "top": ("最多的", "most"),
    "absent": ("没有这样任务的", "without such a task:"),
}
_COLUMNS = {
    "": ("", ""),
    "text": ("正文", "text"),
    "target": ("目标", "targets"),
    "text-only": ("只在正文", "text only"),
    "target-only": ("只在目标", "targets only"),
    "both": ("正文和目标都", "both columns"),
}
_HOW = {
    "any": ("单位", "unit"),
    "first": ("首位或牵头", "first or lead"),
    "later": ("不在首位", "not first"),
    "alone": ("独自负责", "alone"),
    "before": ("排在前面", "before"),
    "cooperate": ("配合", "cooperating"),
}
_PARTS = {
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


def paraphrase(questions: Sequence[Question]) -> dict[str, str]:
    """The parts of all clauses, joined: ``列出=任务 · 涉及=低空航空`` and the same in English."""
    return {
        language: " ； ".join(" · ".join(f"{name}={value}" for name, value in parts(question, place)) for question in questions)
        for place, language in enumerate(("zh", "en"))
    }


def assumed(questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    """What was written and the name as which it was read, where that is an assumption."""
    for question in questions:
        for condition in question.conditions:
            topics = condition.topics if isinstance(condition, Involves) else condition.units if isinstance(condition, Borne) else ()
            yield from ((topic.typed, topic.surface) for topic in topics if topic.typed)
            if isinstance(condition, Borne) and condition.other is not None and condition.other.typed:
                yield condition.other.typed, condition.other.surface


def parts(question: Question, place: int) -> Iterator[tuple[str, str]]:
    """The parts of one clause as names and values; ``place`` is 0 for Chinese, 1 for English."""
    top = f" {question.top}" if question.form == "top" and question.top > 1 else ""
    yield _FORMS[question.form][place], _WANTED[question.wanted][place] + top
    if question.actions:
        yield ("动作", "action")[place], _last(question.actions[0].iri)
    if question.only:
        yield ("仅限", "only")[place], ("只负责这些任务", "bear no other task")[place]
    if question.column:
        yield ("出现在", "found in")[place], _column(question.column, place)
    if question.bearing is not None:
        yield ("负责任务数", "tasks borne")[place], f"{question.bearing[0]}{question.bearing[1]}"
    for condition in question.conditions:
        yield from _condition(condition, place)


def _column(column: str, place: int) -> str:
    name, _, year = column.partition("@")
    return f"{_COLUMNS[name][place]}{' ' + year if year else ''}"


def _condition(condition: Condition, place: int) -> Iterator[tuple[str, str]]:
    negated = ("不", "not ")[place] if getattr(condition, "negated", False) else ""
    match condition:
        case Involves(topics, every, column):
            name = f"{negated}{('涉及', 'involves')[place]}"
            where = _column(column, place)
            yield f"{name}({where})" if where else name, _names(topics, every, place)
        case Borne(units, how, other, every):
            behind = f"{('，在', ', before ')[place]}{other.surface}{('之前', '')[place]}" if other else ""
            yield f"{negated}{_HOW[how][place]}", _names(units, every, place) + behind
        case Has(part, year=year):
            yield f"{negated}{('有', 'has')[place]}", _PARTS[part][place] + (f" {year}" if year else "")
        case InGroup(groups):
            yield ("分组", "group")[place], "、".join(_last(ref.iri) for ref in groups)
        case Measured(comparator, number):
            value = ("区间", "range")[place] if comparator == "range" else f"{comparator}{number}"
            yield ("指标数值", "value of the figure")[place], value
        case NamedDistrictsListed():
            yield f"{negated}{('列为单位', 'listed as unit')[place]}", ("文字中点名的区", "the districts that the wording names")[place]
        case Counted(part, comparator, number):
            yield _PARTS[part][place], f"{comparator}{number}"
        case OfKind(concepts, only=only):
            name = ("只有这些类别", "only of kind")[place] if only else ("类别", "kind")[place]
            yield f"{negated}{name}", "、".join(_last(ref.iri) for ref in concepts)
        case Numbered(numbers):
            yield f"{negated}{('任务号', 'task number')[place]}", "、".join(numbers)
        case InYear(year):
            yield ("年份", "year")[place], str(year)
        case Due(date):
            yield ("时限不晚于", "due by")[place], date


def _names(topics: Sequence[Topic], every: bool, place: int) -> str:
    return (("、", " and ")[place] if every else (" 或 ", " or ")[place]).join(
        topic.surface if topic.refs else f"“{topic.surface}”" for topic in topics
    )


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]
