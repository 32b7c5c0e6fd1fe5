"""A notice -> how many characters of its document are in fields, are prose, are nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model.document import Text
from ingest.model.records import Notice, Task


def coverage(notice: Notice) -> dict[str, int]:
    """Characters as ``fields``, ``prose`` and ``nothing`` (blanks); the three add up to the text's length."""
    text, used = notice.document.text, covered(notice)
    fields = sum(used)
    nothing = sum(1 for i, character in enumerate(text) if not used[i] and character.isspace())
    return {"fields": fields, "prose": len(text) - fields - nothing, "nothing": nothing}


def covered(notice: Notice) -> bytearray:
    """For each character of the document's text, 1 where it stands in a field."""
    used = bytearray(len(notice.document.text))
    for part in _texts(notice):
        for i in part.at:
            used[i] = 1
    return used


def _texts(notice: Notice) -> Iterator[Text]:
    for found in (notice.title, notice.notice_title, notice.number, notice.date_text, notice.role_rule, notice.default_clause):
        if found is not None:
            yield found
    yield from (*notice.issuers, *notice.implements, *notice.addressees)
    for task in notice.tasks:
        yield from _of(task)


def _of(task: Task) -> Iterator[Text]:
    yield from (text for text in (task.number, task.text, task.group, task.role_rule) if text is not None)
    yield from (*task.open_list, *task.targets, *task.group_path, *task.leaders)
    yield from (text for _, text in task.schedule)
    if task.deadline is not None:
        yield task.deadline.text
    for unit in task.units:
        yield unit.surface
        if unit.role_word is not None:
            yield unit.role_word
