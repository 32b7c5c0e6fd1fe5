"""A notice's records -> warnings: what is missing, double, unknown or was left unread, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypedDict

from ingest.coverage import Loss, covered, losses
from ingest.fields.folding import bare
from ingest.fields.numerals import ordinal
from ingest.layouts.acting import named_inside
from ingest.layouts.brackets import left_over
from ingest.layouts.columns import is_head
from ingest.model import records
from ingest.model.document import Text
from ingest.model.drafts import Draft
from ingest.model.passages import Places, places
from ingest.model.records import Notice


def findings(notice: Notice, drafts: Sequence[Draft], strange: Sequence[tuple[str, Text]]) -> Iterator[records.Warning]:
    """Everything a reader of the records should be told."""
    for code, message in notice.document.notes:
        yield records.Warning(code, message)
    known = places(notice.document)
    yield from _numbers(notice, drafts)
    yield from _unread(notice, list(dict.fromkeys(head for draft in drafts for head in draft.unknown)), known)
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
                yield records.Warning("units-unparted", said, task.no, **_stands(known, unit.surface))
        yield from _named_inside(task, known)
        if not task.text:
            yield records.Warning("text-missing", f"任务{task.no}没有任务内容 / task {task.no} has no text", task.no)
        if task.deadline is not None and task.deadline.type == "unknown":
            printed = task.deadline.text.value
            yield records.Warning(
                "deadline-unread",
                f"任务{task.no}的时限未能理解：{printed} / the time limit of task {task.no} was not understood",
                task.no,
                **_stands(known, task.deadline.text),
            )
    for no, text in strange:
        yield records.Warning(
            "unit-unread",
            f"任务{no}责任单位栏中的“{text.value}”不像单位名称 / “{text.value}” among the units of task {no} is no unit name",
            no,
            **_stands(known, text),
        )
    yield from _document(notice)


def _named_inside(task: records.Task, known: Places) -> Iterator[records.Warning]:
    """Units in the words of a task: in its brackets, and those said to do something of it that are not among its units."""
    units = [unit.surface.value for unit in task.units]
    left = list(left_over(task.text))
    named = [found for _, text in task.parts() for found in named_inside(text) if not any(name in found.value for name in units)]
    for found in [*left, *named]:
        said = f"任务{task.no}的正文中有单位，未读取：{found} / task {task.no} has units in its text that were not read: {found}"
        yield records.Warning("unread", said, task.no, **_stands(known, found))


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


def _unread(notice: Notice, unknown: Sequence[str], known: Places) -> Iterator[records.Warning]:
    """What stands among the tasks and is in no field: a column at a time, else a line at a time."""
    columns: dict[str, list[Loss]] = {head: [] for head in unknown}
    strange = {bare(head) for head in unknown}
    lines: list[list[Loss]] = []
    used = covered(notice)
    for loss in losses(notice):
        head = next((name for name in unknown if bare(name) == loss.head), loss.head)
        if head and (loss.head in strange or is_head(head) in _UNREAD_KINDS):
            columns.setdefault(head, []).append(loss)
        else:
            above = lines[-1][-1] if lines else None
            near = above is not None and (known.line(above.end) == known.line(loss.start) or used.find(1, above.end, loss.start) < 0)
            lines[-1].append(loss) if near else lines.append([loss])
    for head, lost in columns.items():
        place = _place(known, lost)
        cells = f"（{len(lost)}处，首见第{place['line']}行）" if lost else ""
        cells_en = f" ({len(lost)} places, the first at line {place['line']})" if lost else ""
        if bare(head) in strange:
            said = f"栏目“{head}”含义不明，未读取{cells} / the column “{head}” is of unknown meaning and was not read{cells_en}"
            yield records.Warning("column-unknown", said, **place)
        else:
            said = f"栏目“{head}”不是任务的字段，未读取{cells} / the column “{head}” is no field of a task and was not read{cells_en}"
            yield records.Warning("column-unread", said, **place)
    numbers = {task.key: task.no for task in notice.tasks}
    for lost in lines:
        place, last = _place(known, lost), known.line(lost[-1].end - 1)
        where = f"{place['line']}" if last == place["line"] else f"{place['line']}—{last}"
        text = "…".join(" ".join(notice.document.text[loss.start : loss.end].split()) for loss in lost)
        short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        page = (f"第{place['page']}页", f"page {place['page']}, ") if place["page"] else ("", "")
        said = f"{page[0]}第{where}行未读取：{short} / {page[1]}line {where} was not read: {short}"
        yield records.Warning("unread", said, numbers.get(lost[0].task or ""), **place)


_UNREAD_KINDS = ("remark", "progress", "number")
_LONGEST = 60  # characters of unread text that a sentence shows


class _Placed(TypedDict):
    spans: tuple[tuple[int, int], ...]
    line: int | None
    page: int | None


def _place(known: Places, lost: Sequence[Loss]) -> _Placed:
    if not lost:
        return {"spans": (), "line": None, "page": None}
    spans = tuple((loss.start, loss.end) for loss in lost)
    return {"spans": spans, "line": known.line(lost[0].start), "page": known.page(lost[0].start)}


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


def _stands(known: Places, text: Text) -> _Placed:
    """The place of characters that were read as something, though not as what stands there."""
    start, end = min(text.at), max(text.at) + 1
    return {"spans": ((start, end),), "line": known.line(start), "page": known.page(start)}
