"""The first characters of a paragraph -> its number and its rung on the ladder 一、（一）1.（1）①."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.fields.folding import fold
from ingest.fields.numerals import CIRCLED, ordinal
from ingest.model.document import Text

_CHINESE = "[一二三四五六七八九十百零〇]{1,4}"
_RUNGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("第一章", re.compile(rf"第\s*(?P<no>{_CHINESE}|\d{{1,3}})\s*[章节篇编部]分?(?:\s+|[,、:])?")),
    ("一、", re.compile(rf"(?P<no>{_CHINESE})\s*(?:、|[.,](?!\d))\s*")),
    ("(一)", re.compile(rf"[(\[〔]\s*(?P<no>{_CHINESE})\s*[)\]〕]\s*[、.]?\s*")),
    ("1.", re.compile(r"(?P<no>\d{1,4})\*?\s*(?:、|\.(?!\d)|\.(?=20\d\d年|(?:1[0-2]|[1-9])月)|\)|:(?!\d))\*?\s*")),
    ("1.1", re.compile(r"(?P<no>\d{1,2}\.\d{1,2})(?:\s+(?![万亿%个倍])|、|\.(?!\d))")),
    ("(1)", re.compile(r"[(\[]\s*(?P<no>\d{1,3})\s*[)\]]\s*[、.]?\s*")),
    ("①", re.compile(rf"(?P<no>[{CIRCLED}])\s*[、.]?\s*")),
    ("一是", re.compile(r"(?P<no>[一二三四五六七八九十])是")),
)
RUNGS = tuple(name for name, _ in _RUNGS)


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """A printed number: which rung, which position, where its characters end."""

    rung: str
    no: str
    position: int
    start: int
    end: int


def mark(folded: str) -> HeadingMark | None:
    """The number a folded paragraph begins with, or None.

    >>> mark("(二)汇聚高质量数据").rung, mark("12.丰富").no, mark("2.6月底前").no, mark("2025年底前"), mark("3.5亿元")
    ('(一)', '12', '2', None, None)
    """
    lead = len(folded) - len(folded.lstrip())
    for rung, pattern in _RUNGS:
        match = pattern.match(folded, lead)
        if match is None:
            continue
        position = ordinal(match["no"].rpartition(".")[2])
        if position is None or position == 0:
            continue
        return HeadingMark(rung, match["no"], position, match.start("no"), match.end())
    return None


def is_marked(folded: str, rung: str | None = None) -> bool:
    """Whether a folded paragraph begins with a number, of a given rung if one is named."""
    found = mark(folded)
    return found is not None and (rung is None or found.rung == rung)


def unmarked(text: Text) -> Text:
    """The text without the number it begins with."""
    found = mark(fold(text.value))
    return text if found is None else text[found.end : len(text)].strip()
