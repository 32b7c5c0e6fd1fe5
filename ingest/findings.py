"""A notice's records -> warnings: what is missing, double, unknown or was left unread, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.coverage import covered
from ingest.fields.numerals import ordinal
from ingest.layouts.brackets import left_over
from ingest.model import records
from ingest.model.document import Text
from ingest.model.drafts import Draft
from ingest.model.records import Notice


def findings(notice: Notice, drafts: Sequence[Draft], strange: Sequence[tuple[str, Text]]) -> Iterator[records.Warning]:
    """Everything a reader of the records should be told."""
    for code, message in notice.document.notes:
        yield records.Warning(code, message)
    yield from _numbers(notice, drafts)
    for head in dict.fromkeys(head for draft in drafts for head in draft.unknown):
        yield records.Warning(
            "column-unknown", f"栏目“{head}”含义不明，未读取 / the column “{head}” is of unknown meaning and was not read"
        )
    yield from _unread(notice)
    for task in notice.tasks:
        if not task.units:
            only = "，仅适用统一责任条款 / none of its own, only the default clause applies" if notice.default_units else ""
            yield records.Warning(
                "units-missing", f"任务{task.no}没有责任单位{only} / task {task.no} has no responsible unit of its own", task.no
            )
        for unit in task.units:
            if _RUN_TOGETHER.search(unit.surface.value):
                said = (
                    f"任务{task.no}的“{unit.surface.value}”可能是多个单位 / “{unit.surface.value}” of task {task.no} may be several units"
                )
                yield records.Warning("units-unparted", said, task.no)
        for left in left_over(task.text):
            said = f"任务{task.no}的正文中有单位，未读取：{left} / task {task.no} has units in its text that were not read: {left}"
            yield records.Warning("unread", said, task.no)
        if not task.text:
            yield records.Warning("text-missing", f"任务{task.no}没有任务内容 / task {task.no} has no text", task.no)
        if task.deadline is not None and task.deadline.type == "unknown":
            printed = task.deadline.text.value
            yield records.Warning(
                "deadline-unread", f"任务{task.no}的时限未能理解：{printed} / the time limit of task {task.no} was not understood", task.no
            )
    for no, text in strange:
        yield records.Warning(
            "unit-unread",
            f"任务{no}责任单位栏中的“{text.value}”不像单位名称 / “{text.value}” among the units of task {no} is no unit name",
            no,
        )
    yield from _document(notice)


def _document(notice: Notice) -> Iterator[records.Warning]:
    """What the document does not say of itself."""
    if notice.number is None:
        yield records.Warning("document-number-missing", "未找到文件的文号 / no number was found in the document")
    if notice.title is None:
        yield records.Warning("title-missing", "未找到文件的标题 / no title was found in the document")
    if notice.date is None:
        yield records.Warning("date-missing", "未找到文件的日期 / no date was found in the document")
    if not notice.issuers:
        yield records.Warning("issuer-missing", "未找到发文机关 / no issuer was found in the document")


def _unread(notice: Notice) -> Iterator[records.Warning]:
    """Paragraphs among the tasks that are in no field."""
    first = min(task.text.start for task in notice.tasks if task.text) if any(task.text for task in notice.tasks) else 0
    last = max((task.text.end for task in notice.tasks if task.text), default=0)
    used = covered(notice)
    for block in notice.document.paragraphs():
        text = block.text
        if first <= text.start < last and re.search("[。；;，,、]", text.value) and not any(used[i] for i in text.at):
            line = notice.document.text.count("\n", 0, text.start) + 1
            short = text.value[:20]
            yield records.Warning("unread", f"第{line}行未读取：{short} / line {line} was not read: {short}")


_RUN_TOGETHER = re.compile(r"[局委办厅](?=[市区县省](?!场|政|容|域)[^、()（）]{2,}[局委办厅司府院])|各街道.{2,}公司")


def _numbers(notice: Notice, drafts: Sequence[Draft]) -> Iterator[records.Warning]:
    """Numbers printed twice, left out or missing, per list and section."""
    previous: tuple[int, int] | None = None
    above: Text | None = None
    seen: set[tuple[int, tuple[str, ...], str]] = set()
    for task, draft in zip(notice.tasks, drafts, strict=True):
        if not draft.no:
            yield records.Warning("number-missing", f"第{task.key}项任务没有序号 / task {task.key} has no printed number", task.no)
            continue
        if draft.number is not None and above is not None and draft.number.at == above.at:
            continue
        above = draft.number
        here = (draft.list_no, tuple(g.value for g in draft.groups), draft.no)
        if here in seen:
            yield records.Warning("number-double", f"序号{draft.no}重复 / number {draft.no} is printed twice", task.no)
        seen.add(here)
        value = ordinal(draft.no)
        if value is not None and previous is not None and previous[0] == draft.list_no and value > previous[1] + 1:
            missed = f"{previous[1] + 1}" if value == previous[1] + 2 else f"{previous[1] + 1}—{value - 1}"
            yield records.Warning("number-gap", f"序号{missed}缺失 / number {missed} is missing", task.no)
        if value is not None:
            previous = (draft.list_no, value)
