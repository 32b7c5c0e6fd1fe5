"""Files -> one page that shows each as it was read: fields in colour, what was not read and why, with line and page.

The page stands alone: no script, nothing loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from pathlib import Path

from ingest.coverage import by_task
from ingest.errors import IngestError
from ingest.limits import DEFAULTS, ReadLimits
from ingest.model import records
from ingest.model.document import Text
from ingest.model.records import Notice
from ingest.parse import parse
from ingest.read import named, read

_KINDS = {
    "title": ("标题、文号、机关、日期", "title, number, issuer, date"),
    "group": ("分组", "group"),
    "number": ("序号", "number"),
    "text": ("任务", "task"),
    "target": ("目标", "target"),
    "unit": ("责任单位", "unit"),
    "role": ("角色用语", "role word"),
    "limit": ("时限", "deadline"),
    "figure": ("数量", "quantity"),
    "cited": ("引用的文件", "document cited"),
    "unread": ("没有读", "not read"),
}


def report(paths: Iterable[Path], limits: ReadLimits = DEFAULTS) -> Iterator[str]:
    """The page piece by piece, one file after the other, so that many files need no more memory than one."""
    style = files("api.publication").joinpath("reading_report.css").read_text(encoding="utf-8")
    yield "<!DOCTYPE html>\n<html lang='zh-Hans'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    yield f"<title>读入报告 Report of what was read</title><style>{style}</style></head><body>"
    yield f"<h1>读入报告 {_en('Report of what was read')}</h1><p>"
    yield " ".join(f"<span class='{kind}'>{zh} {_en(en)}</span>" for kind, (zh, en) in _KINDS.items())
    yield "</p>\n"
    for place, path in enumerate(paths, 1):
        try:
            notice = parse(read(path, limits), limits)
        except IngestError as error:
            yield f"<section class='refused'><h2>{escape(named(path))}</h2>"
            yield f"<p>没有读入 {_en('refused')}: {escape(str(error))}</p></section>\n"
            continue
        yield from _section(notice, place)
    yield "</body></html>\n"


def _section(notice: Notice, place: int) -> Iterator[str]:
    """One document: its figures, its warnings with links to the lines, its text."""
    title, number = notice.title or notice.notice_title, notice.number
    counts, tasks = notice.coverage, by_task(notice)
    yield f"<section><h2>{escape(notice.document.name)}</h2>"
    yield f"<p>{escape(str(title or ''))} {escape(str(number or ''))}</p>"
    yield f"<p>任务 tasks {len(notice.tasks)} · 字段 in fields {counts['fields']:,} · 未读 unread {counts['unread']:,}"
    yield f" · 正文 prose {counts['prose']:,}</p>"
    short = {key: kinds for key, kinds in tasks.items() if kinds["unread"]}
    if short:
        unread = "；".join(f"{escape(key)}: {kinds['unread']}" for key, kinds in short.items())
        yield f"<p>有未读字的任务 {_en('tasks with unread characters')}: {unread}</p>"
    if notice.warnings:
        yield "<table><tr><th>行 line</th><th>页 page</th><th>任务 task</th><th>代码 code</th><th>说明</th></tr>"
        yield from (_warned(warning, place) for warning in notice.warnings)
        yield "</table>"
    yield f"<details open><summary>全文 {_en('the document as read')}</summary><pre>"
    yield from _coloured(notice, place)
    yield "</pre></details></section>\n"


def _en(message: str) -> str:
    return f"<span lang='en'>{message}</span>"


def _warned(warning: records.Warning, place: int) -> str:
    line = f"<a href='#d{place}l{warning.line}'>{warning.line}</a>" if warning.line else ""
    cells = (line, str(warning.page or ""), escape(warning.task or ""), f"<code>{warning.code}</code>", escape(warning.message))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _coloured(notice: Notice, place: int) -> Iterator[str]:
    """The text, each run of one kind in a span, each line with its number."""
    kinds = _kinds(notice)
    yield _numbered(1, place)
    opened, line = "", 1
    for i, character in enumerate(notice.document.text):
        kind = kinds[i] if character != "\n" else ""
        if kind != opened:
            yield ("</span>" if opened else "") + (f"<span class='{kind}' title='{_KINDS[kind][0]} {_KINDS[kind][1]}'>" if kind else "")
            opened = kind
        yield escape(character)
        if character == "\n":
            line += 1
            yield _numbered(line, place)
    yield "</span>" if opened else ""


def _numbered(line: int, place: int) -> str:
    return f"<span class='n' id='d{place}l{line}'>{line}</span>"


def _kinds(notice: Notice) -> list[str]:
    """The kind of each character: the narrowest field that holds it."""
    kinds = [""] * len(notice.document.text)
    for kind, text in _texts(notice):
        for i in text.at:
            kinds[i] = kind
    for warning in notice.warnings:
        for start, end in warning.spans:
            kinds[start:end] = [kind or "unread" for kind in kinds[start:end]]
    return kinds


def _texts(notice: Notice) -> Iterator[tuple[str, Text]]:
    """The fields, the wide before the narrow."""
    whole = (notice.title, notice.notice_title, notice.number, notice.date_text, notice.publicity, notice.index_number, notice.subject)
    yield from (("title", text) for text in (*whole, *notice.issuers) if text is not None)
    yield from (("cited", cited.title) for cited in notice.citations)
    for task in notice.tasks:
        yield from (("group", text) for text in task.group_path)
        yield from (("number", text) for text in (task.number,) if text is not None)
        yield "text", task.text
        yield from (("target", text) for text in task.targets)
        yield from (("unit", text) for text in task.leaders)
        for unit in task.units:
            yield "unit", unit.surface
            if unit.role_word is not None:
                yield "role", unit.role_word
        yield from (("limit", limit.text) for limit in task.deadlines)
        yield from (("limit", text) for _, text in task.schedule)
        yield from (("figure", quantity.surface) for quantity in task.quantities)
        yield from (("cited", reference.title) for reference in task.references)
