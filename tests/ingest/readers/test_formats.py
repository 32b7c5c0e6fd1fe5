"""The shipped notice, written again in every format and in archives, gives the same records as the text."""

from __future__ import annotations

import html
from collections.abc import Callable
from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from functools import cache, partial
from io import BytesIO
from itertools import groupby
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from reportlab.lib import colors, pagesizes  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.platypus import LongTable, SimpleDocTemplate, TableStyle  # type: ignore[import-untyped]
from reportlab.platypus import Paragraph as Flowing

from ingest.model.document import Paragraph
from ingest.model.records import Notice, Task
from ingest.parse import parse
from ingest.read import read, read_bytes, unbundled_bytes
from tests.ingest.readers.workbooks import WRITERS, Value, zipped
from tests.ingest.readers.written import Box, odt, odt_table, ofd_of_pdf, rtf, rtf_table

NOTICE = Path(__file__).parents[3] / "ingest/notices/huzhiban-2026-2.txt"


@cache
def original() -> Notice:
    return parse(read(NOTICE))


def front() -> list[str]:
    """The paragraphs above the table."""
    return [block.text.value for block in original().document.blocks if isinstance(block, Paragraph)]


def head() -> list[str]:
    return list(original().tasks[0].headings.values())


def numbered(task: Task) -> list[str]:
    targets = [target.value for target in task.targets]
    return targets if len(targets) == 1 else [f"{i}.{target}" for i, target in enumerate(targets, start=1)]


def cells(task: Task) -> tuple[str, list[str], str]:
    return task.text.value, numbered(task), "、".join(unit.surface.value for unit in task.units)


def as_word() -> bytes:
    word = docx.Document()
    for line in front():
        word.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = word.add_table(rows=1, cols=5)
    for cell, name in zip(table.rows[0].cells, head(), strict=True):
        cell.text = name
    for _, group in groupby(original().tasks, lambda task: task.group.value if task.group else ""):
        first = None
        for task in group:
            row = table.add_row().cells
            text, targets, units = cells(task)
            row[0].text, row[2].text, row[4].text = task.no, text, units
            row[3].text = targets[0]
            for target in targets[1:]:
                row[3].add_paragraph(target)
            if first is None:
                first = row[1]
                first.text = task.group.value if task.group else ""
            else:
                first = first.merge(row[1])
    stored = BytesIO()
    word.save(stored)
    return stored.getvalue()


def as_page() -> bytes:
    rows = ["<tr>" + "".join(f"<th>{name}</th>" for name in head())]
    for name, group in groupby(original().tasks, lambda task: task.group.value if task.group else ""):
        tasks = list(group)
        for i, task in enumerate(tasks):
            text, targets, units = cells(task)
            merged = f"<td rowspan={len(tasks)}>{name}</td>" if i == 0 else ""
            items = "<br>&nbsp;".join(html.escape(target) for target in targets)
            rows.append(f"<tr><td>{task.no}</td>{merged}<td>{html.escape(text)}</td><td>{items}</td><td>{html.escape(units)}")
    body = "".join(f"<p>{html.escape(line)}" for line in front())
    return f"<html><head><meta charset=gbk></head><body>{body}<table>{''.join(rows)}</table></body></html>".encode("gb18030")


def as_pdf() -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    rows = [[Flowing(name, style) for name in head()]]
    previous = None
    for task in original().tasks:
        text, targets, units = cells(task)
        name = task.group.value if task.group else ""
        items = "<br/>".join(html.escape(target) for target in targets)
        shown = "" if name == previous else name
        rows.append([Flowing(value, style) for value in (task.no, shown, html.escape(text), items, html.escape(units))])
        previous = name
    table = LongTable(rows, colWidths=[30, 70, 220, 400, 160], repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    stored = BytesIO()
    SimpleDocTemplate(stored, pagesize=pagesizes.landscape(pagesizes.A3)).build(
        [*(Flowing(html.escape(line), style) for line in front()), table]
    )
    return stored.getvalue()


def grid() -> list[list[Box | None]]:
    """The table with its groups merged."""
    rows: list[list[Box | None]] = [[Box([name]) for name in head()]]
    for name, group in groupby(original().tasks, lambda task: task.group.value if task.group else ""):
        tasks = list(group)
        for i, task in enumerate(tasks):
            text, targets, units = cells(task)
            merged = Box([name], rows=len(tasks)) if i == 0 else None
            rows.append([Box([task.no]), merged, Box([text]), Box(targets), Box([units])])
    return rows


def as_odt() -> bytes:
    return odt("".join(f"<text:p>{html.escape(line)}</text:p>" for line in front()) + odt_table(grid()))


def as_rtf() -> bytes:
    return rtf("".join(rf"\pard {line}\par " for line in front()) + rtf_table(grid()))


def as_ofd() -> bytes:
    return ofd_of_pdf(as_pdf())


def as_doc() -> bytes:
    return (NOTICE.parents[2] / "tests/data/words/notice.doc").read_bytes()


def as_archive() -> bytes:
    """The page as a browser saves it with its pictures: quoted-printable in a part of a MIME message."""
    message = MIMEMultipart("related", type="text/html")
    page = Message()
    page["Content-Type"] = 'text/html; charset="utf-8"'
    page["Content-Location"] = "https://www.example.gov.cn/a/1.html"
    page.set_payload(as_page().decode("gb18030").replace("charset=gbk", "charset=utf-8").encode(), "utf-8")
    message.attach(page)
    picture = MIMEImage(b"\x89PNG\r\n\x1a\n", "png")
    message.attach(picture)
    return message.as_bytes()


def as_bundle() -> bytes:
    """An archive with the Word file alone."""
    return zipped({"附件/notice.docx": as_word()})


def as_rows() -> tuple[list[list[Value]], list[tuple[int, int, int, int]]]:
    """The rows of a sheet and its merged ranges."""
    rows: list[list[Value]] = [[line] for line in front()]
    merges = [(r, 0, r, 4) for r in range(len(rows))]
    rows.append([*head()])
    for name, group in groupby(original().tasks, lambda task: task.group.value if task.group else ""):
        start = len(rows)
        for task in group:
            text, targets, units = cells(task)
            rows.append([int(task.no), name if len(rows) == start else None, text, "\n".join(targets), units])
        if len(rows) - 1 > start:
            merges.append((start, 1, len(rows) - 1, 1))
    return rows, merges


def said(task: Task) -> dict[str, object]:
    """What a task says, without where."""
    return {
        "no": task.no,
        "group": task.group and task.group.value,
        "text": task.text.value,
        "targets": [target.value for target in task.targets],
        "units": [(unit.surface.value, unit.role, unit.order, unit.canonical, unit.collective) for unit in task.units],
        "quantities": [(q.surface.value, q.part, q.minimum, q.maximum, q.comparator, q.measure, q.counted) for q in task.quantities],
        "places": [(place.surface.value, place.part, place.code) for place in task.places],
        "references": [reference.title.value for reference in task.references],
        "headings": dict(task.headings),
    }


FORMATS: list[tuple[str, Callable[[], bytes]]] = [
    ("notice.docx", as_word),
    ("notice.html", as_page),
    ("notice.pdf", as_pdf),
    ("notice.odt", as_odt),
    ("notice.rtf", as_rtf),
    ("notice.ofd", as_ofd),
    ("notice.doc", as_doc),
    ("notice.wps", as_doc),
    ("notice.mht", as_archive),
    ("notice.mhtml", as_archive),
    ("notice.zip", as_bundle),
    *((f"notice{suffix}", partial(lambda write: write(*as_rows()), write)) for suffix, write in WRITERS.items()),
]
NAMED_DOC: list[tuple[str, Callable[[], bytes]]] = [
    ("notice.doc", as_word),
    ("notice.doc", as_page),
    ("notice.doc", as_rtf),
    ("notice.doc", as_archive),
    ("notice.wps", as_word),
    ("notice.wps", as_rtf),
]
"""What word processors keep under the suffix of the old format."""


def as_full_bundle() -> bytes:
    """An archive with the notice in every format but its own."""
    return zipped({f"附件/{name}": make() for name, make in FORMATS if name != "notice.zip"})


def test_each_file_of_an_archive_gives_the_same_records() -> None:
    inside = list(unbundled_bytes("通知.zip", as_full_bundle()))
    assert {name for name, _ in inside} == {f"通知.zip/附件/{name}" for name, _ in FORMATS if name != "notice.zip"}
    expected = [said(task) for task in original().tasks]
    for name, data in inside:
        assert [said(task) for task in parse(read_bytes(name, data)).tasks] == expected, name


@pytest.mark.parametrize(("name", "make"), FORMATS + NAMED_DOC)
def test_same_records_in_every_format(name: str, make: Callable[[], bytes]) -> None:
    again = parse(read_bytes(name, make()))
    for mine, theirs in zip(original().tasks, again.tasks, strict=True):
        assert said(mine) == said(theirs)
    for field in ("title", "notice_title", "number", "date_text", "issuers", "addressees", "implements"):
        mine_field, theirs_field = getattr(original(), field), getattr(again, field)
        assert str(mine_field) == str(theirs_field) or [str(m) for m in mine_field] == [str(t) for t in theirs_field], field
    assert (original().date, again.horizon and again.horizon.label) == (again.date, "2026年")
    assert again.plan_period is not None
    assert again.warnings == ()


@pytest.mark.parametrize(("name", "make"), FORMATS)
def test_every_character_stands_in_the_text_of_the_document(name: str, make: Callable[[], bytes]) -> None:
    notice = parse(read_bytes(name, make()))
    for task in notice.tasks:
        for text in (task.text, *task.targets, *(unit.surface for unit in task.units), *(q.surface for q in task.quantities)):
            assert "".join(notice.document.text[i] for i in text.at) == text.value
