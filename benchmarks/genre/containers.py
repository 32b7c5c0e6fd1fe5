"""A composed document -> the bytes of a file, with the noise of its combination."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from itertools import groupby
from random import Random
from unicodedata import east_asian_width

from benchmarks.generate import packed
from benchmarks.genre.documents import Composed, RightTask, cells, heads, paragraphs
from benchmarks.genre.tables import STORED, body, page

_WIDTH = 60
_ROW = tuple[tuple[str, int], ...]
"""Cells with the number of rows that each spans; 0 where the one above goes on."""


def written(document: Composed) -> bytes:
    """The file."""
    if document.made.layout in STORED:
        return _stored(document)
    return {"txt": _text, "html": _page, "docx": _word}[document.made.container](document)


def _stored(document: Composed) -> bytes:
    """A file whose table is as the web stores it."""
    if document.made.layout == "page":
        before, after = ("".join(f"<p>{escape(line)}</p>" for line in lines) for lines in (document.front, document.back))
        return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{before}{page(document)}{after}</body></html>".encode()
    return ("\n".join((*document.front, "", *body(document), "", *document.back)) + "\n").encode()


def printed(document: Composed, said: str) -> str:
    """A string of the right reading as this document prints it."""
    return traditional(said) if document.made.noise == "traditional" else said


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    return OpenCC("s2t").convert


def traditional(said: str) -> str:
    """The string in traditional script, by OpenCC's data."""
    return _converter()(said)


def _noisy(document: Composed, lines: Sequence[str]) -> list[str]:
    """The lines with the noise that touches characters."""
    noise, random = document.made.noise, Random(document.name)
    if noise == "traditional":
        return [traditional(line) for line in lines]
    if noise == "wide":
        return ["".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in line) for line in lines]
    if noise == "half":
        return [line.translate(_HALF) for line in lines]
    if noise == "small":
        return [line.translate(_SMALL) for line in lines]
    if noise == "invisible":
        return ["".join(c + ("\u200b" if random.random() < 0.05 else "") for c in line) for line in lines]
    if noise == "nbsp":
        return [_spread(line, random) for line in lines]
    return list(lines)


_HALF = str.maketrans("，；：（）％", ",;:()%")
_SMALL = str.maketrans({".": "﹒", "；": "﹔", "：": "﹕"})


def _spread(line: str, random: Random) -> str:
    """The line with a hard blank here and there after a comma."""
    return "".join(c + ("\u00a0" if c in "，、" and random.random() < 0.3 else "") for c in line)


def _text(document: Composed) -> bytes:
    made = document.made
    if made.layout in ("brackets", "labels", "sentence"):
        body = _noisy(document, list(paragraphs(document)))
        if made.noise in ("wrapped", "pages"):
            body = [part for line in body for part in _wrapped(line)]
        if made.noise == "pages":
            body = [part for i, line in enumerate(body, 1) for part in ((line, "", f"— {i // 12} —", "") if i % 12 == 0 else (line,))]
    elif made.layout in ("bars", "box"):
        body = list(_bars(document) if made.layout == "bars" else _box(document))
    else:
        body = list(_one_cell_a_line(document) if made.layout != "flat-rows" else _tabbed(document))
    return ("\n".join((*_noisy(document, document.front), "", *body, *_noisy(document, document.back))) + "\n").encode()


def _wrapped(line: str) -> Iterator[str]:
    """A paragraph broken at a width, as a hard wrap prints it."""
    row, width = "", 0
    for c in line:
        step = 2 if east_asian_width(c) in "WFA" else 1
        if width + step > _WIDTH:
            yield row
            row, width = "", 0
        row, width = row + c, width + step
    yield row


def _table(document: Composed) -> Iterator[_ROW]:
    """The rows with spans: a group stands once, or again on each row."""
    made = document.made
    merged = made.noise == "merged"
    columns = len(heads(document))
    for n, (group, members) in enumerate(groupby(document.tasks, key=lambda task: task.group), 1):
        tasks = list(members)
        if made.layout == "sections":
            yield ((f"{'一二三四五六七八九十'[n - 1]}、{group}", -columns),)
        for i, task in enumerate(tasks):
            row = _noisy(document, cells(document, task))
            spans = [1] * len(row)
            if made.layout != "sections" and merged:
                spans[1] = len(tasks) if i == 0 else 0
            elif made.layout != "sections" and i and made.container == "txt" and made.layout == "table":
                row[1] = ""
            yield tuple(zip(row, spans, strict=True))
            if made.noise == "repeated-heads" and task.no.isdigit() and int(task.no) % 4 == 0:
                yield tuple((head, 1) for head in heads(document))


def _values(document: Composed) -> Iterator[list[str]]:
    yield _noisy(document, heads(document))
    for row in _table(document):
        yield [value if document.made.noise != "traditional" else traditional(value) for value, _ in row]


def _one_cell_a_line(document: Composed) -> Iterator[str]:
    for row in _values(document):
        yield from ("\t" + value for value in row)
        yield ""


def _tabbed(document: Composed) -> Iterator[str]:
    return ("\t".join(row) for row in _values(document))


def _bars(document: Composed) -> Iterator[str]:
    return (f"| {' | '.join(row)} |" for row in _values(document))


def _box(document: Composed) -> Iterator[str]:
    """A table drawn with lines, cells going on over several lines."""
    rows = list(_values(document))
    widths = [min(12, max(len(row[i]) for row in rows if len(row) > i)) for i in range(len(rows[0]))]
    bar = {k: f"{a}{b.join('─' * w * 2 for w in widths)}{c}".replace("─" * 2, "──") for k, (a, b, c) in _CORNERS.items()}
    yield bar["top"]
    for n, row in enumerate(rows):
        parts = [[value[i : i + w] for i in range(0, len(value), w)] or [""] for value, w in zip(row, widths, strict=True)]
        for line in range(max(map(len, parts))):
            shown = [part[line] if line < len(part) else "" for part in parts]
            yield "│" + "│".join(_padded(value, w) for value, w in zip(shown, widths, strict=True)) + "│"
        yield bar["bottom" if n == len(rows) - 1 else "middle"]


_CORNERS = {"top": ("┌", "┬", "┐"), "middle": ("├", "┼", "┤"), "bottom": ("└", "┴", "┘")}


def _padded(value: str, width: int) -> str:
    return value + " " * (2 * width - sum(2 if east_asian_width(c) in "WFA" else 1 for c in value))


def _page(document: Composed) -> bytes:
    made = document.made
    body = [f"<p>{escape(line)}</p>" for line in _noisy(document, document.front)]
    if made.layout in ("brackets", "labels", "sentence"):
        body += [f"<p>{escape(line)}</p>" for line in _noisy(document, list(paragraphs(document)))]
    else:
        rows = ["<tr>" + "".join(f"<th>{escape(head)}</th>" for head in _noisy(document, heads(document))) + "</tr>"]
        rows += ["<tr>" + "".join(_html_cell(document, value, span) for value, span in row if span) + "</tr>" for row in _table(document)]
        body.append(f"<table>{''.join(rows)}</table>")
    body += [f"<p>{escape(line)}</p>" for line in _noisy(document, document.back)]
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{''.join(body)}</body></html>".encode()


def _html_cell(document: Composed, value: str, span: int) -> str:
    said = escape(traditional(value) if document.made.noise == "traditional" else value)
    spans = f" colspan='{-span}'" if span < 0 else f" rowspan='{span}'" if span > 1 else ""
    return f"<td{spans}>{said}</td>"


def _word(document: Composed) -> bytes:
    made = document.made
    body = [_word_paragraph(line) for line in _noisy(document, document.front)]
    if made.layout in ("brackets", "labels", "sentence"):
        body += [_word_paragraph(line) for line in _noisy(document, list(paragraphs(document)))]
    else:
        rows = ["".join(_word_cell(head) for head in _noisy(document, heads(document)))]
        rows += [
            "".join(_word_cell(traditional(v) if made.noise == "traditional" else v, span) for v, span in row) for row in _table(document)
        ]
        body.append("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")
    body += [_word_paragraph(line) for line in _noisy(document, document.back)]
    return packed("".join(body))


def _word_paragraph(said: str) -> str:
    return f"<w:p><w:r><w:t xml:space='preserve'>{escape(said)}</w:t></w:r></w:p>"


def _word_cell(said: str, span: int = 1) -> str:
    merge = (
        f"<w:gridSpan w:val='{-span}'/>" if span < 0 else "<w:vMerge/>" if span == 0 else "<w:vMerge w:val='restart'/>" if span > 1 else ""
    )
    return f"<w:tc><w:tcPr>{merge}</w:tcPr>{_word_paragraph(said)}</w:tc>"


def right(document: Composed) -> tuple[RightTask, ...]:
    """The right reading as the document prints it."""
    return tuple(
        replace(
            task,
            no=printed(document, task.no),
            group=printed(document, task.group),
            text=printed(document, task.text),
            units=tuple((printed(document, name), role) for name, role in task.units),
        )
        for task in document.tasks
    )
