"""Lines of prose -> paragraphs: hard breaks inside sentences are healed, page marks dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.document import Paragraph, Text
from ingest.folding import bare, fold, stacked
from ingest.headings import is_marked

PAGE_MARK = re.compile(r"[-—·]*\d{1,4}[-—·]+|[-—·]+\d{1,4}|\(?第\d+页[,，]?共?\d*页?\)?|\(?共\d+页\)?|\d{1,3}/\d{1,3}")
_END = re.compile(r"[。；：！？.;:!?)）】\]》”]$")


def joined(lines: Sequence[Text]) -> Iterator[Paragraph]:
    """The paragraphs of consecutive lines; a text whose lines all break at one width is unwrapped."""
    kept = [line for line in lines if not PAGE_MARK.fullmatch(bare(line.value))]
    width = wrap_width([len(line.value.rstrip()) for line in kept if line.value.strip()])
    paragraph: list[Text] = []
    for line in kept:
        stripped = line.strip()
        if paragraph and not (width and stripped and _wrapped(paragraph[-1], line, width)):
            yield Paragraph(stacked(paragraph).strip())
            paragraph = []
        if stripped:
            paragraph.append(_trimmed(line) if width else stripped)
    if paragraph:
        yield Paragraph(stacked(paragraph).strip())


def _trimmed(line: Text) -> Text:
    return line[: len(line.value.rstrip())]


def wrap_width(lengths: Sequence[int]) -> int:
    """The width at which a text was broken by hand or by export, or 0 where lines are whole paragraphs.

    >>> wrap_width([30, 30, 29, 30, 12, 30, 30, 8]), wrap_width([200, 12, 80, 45])
    (30, 0)
    """
    if len(lengths) < 4:
        return 0
    width = sorted(lengths)[int(len(lengths) * 0.95) - 1]
    full = sum(1 for length in lengths if width - 3 <= length <= width + 3)
    return width if 12 <= width <= 60 and full * 4 >= len(lengths) and full >= 4 else 0


def _wrapped(above: Text, line: Text, width: int) -> bool:
    """Whether a line continues the one above it."""
    value = fold(line.value)
    if value.startswith("  ") or is_marked(value.strip()):
        return False
    full = len(above.value) >= width - 3
    return full and not (len(above.value) < width and _END.search(above.value) is not None)
