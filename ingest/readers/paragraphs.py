"""Lines of prose -> paragraphs: hard breaks inside sentences are healed, page marks dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from ingest.fields.document_numbers import NUMBER
from ingest.fields.folding import bare, fold, healed
from ingest.layouts.headings import is_marked
from ingest.model.document import Paragraph, Text

PAGE_MARK = re.compile(r"[-—·]*\d{1,4}[-—·]+|[-—·]+\d{1,4}|\(?第\d+页[,，]?共?\d*页?\)?|\(?共\d+页\)?|\d{1,3}/\d{1,3}")
_HEAD = rf".{{4,40}}文件|{NUMBER.pattern}|附件\d*:?"
_ALONE = re.compile(_HEAD)
_BEGINS = re.compile(rf"{_HEAD}|.{{0,8}}(?:单位|领导|部门|时限|时间|分工):.*")
_END = re.compile(r"[。；：！？.;:!?)）】\]》”]$")
_CENTRED = 8


def joined(lines: Sequence[Text]) -> Iterator[Paragraph]:
    """The paragraphs of consecutive lines; a text whose lines all break at one width is unwrapped."""
    kept = list(_unpaged(lines))
    width = wrap_width([columns(line.value) for line in kept if line.value.strip()])
    paragraph: list[Text] = []
    for line in kept:
        stripped = line.strip()
        if paragraph and not (width and stripped and _wrapped(paragraph[-1], line, width)):
            yield Paragraph(_whole(paragraph))
            paragraph = []
        if stripped:
            paragraph.append(line)
    if paragraph:
        yield Paragraph(_whole(paragraph))


def _whole(paragraph: Sequence[Text]) -> Text:
    return healed(line.strip() for line in paragraph)


def _unpaged(lines: Sequence[Text]) -> Iterator[Text]:
    """The lines without page marks and without the empty lines around these."""
    marks = {i for i, line in enumerate(lines) if PAGE_MARK.fullmatch(bare(line.value))}
    skipped = set(marks)
    for i in marks:
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(lines) and not lines[j].value.strip():
                skipped.add(j)
                j += step
    return (line for i, line in enumerate(lines) if i not in skipped)


def columns(value: str) -> int:
    """The width of a line on a page: two columns for a Chinese character, one for a Latin one."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in value.rstrip())


def wrap_width(widths: Sequence[int]) -> int:
    """The width at which a text was broken by hand or by export, or 0 where lines are whole paragraphs.

    >>> wrap_width([60, 60, 58, 60, 24, 60, 60, 16]), wrap_width([400, 24, 160, 90])
    (60, 0)
    """
    if len(widths) < 4:
        return 0
    width = sorted(widths)[int(len(widths) * 0.95) - 1]
    full = sum(1 for found in widths if abs(found - width) <= 6)
    return width if 24 <= width <= 120 and full * 4 >= len(widths) and full >= 4 else 0


def _wrapped(above: Text, line: Text, width: int) -> bool:
    """Whether a line continues the one above it."""
    value = fold(line.value)
    if value.startswith("  ") or is_marked(value.strip()) or _BEGINS.fullmatch(bare(value)) or _ALONE.fullmatch(bare(above.value)):
        return False
    indent = len(above.value) - len(above.value.lstrip())
    reach = columns(above.value)
    if reach < width - 6 or indent >= _CENTRED:
        return False
    return not (reach < width - 1 and _END.search(above.value.rstrip()) is not None)
