"""A document in which no task was found -> the line that came nearest to being one, and what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.fields.folding import bare, fold
from ingest.layouts.columns import UNITS, is_head
from ingest.layouts.grid import rows
from ingest.layouts.headings import mark
from ingest.model.document import Document, Paragraph, Table, Text

_BRACKET = re.compile(r"[(\[〔](?P<inner>[^()\[\]〔〕]{2,80})[)\]〕][。.;\s]*$")
_LONGEST = 30
_CONTENT = ("group", "work", "text", "text-or-target", "targets")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A line (from 1), its first words, how near it came, and what is missing, in Chinese and English."""

    line: int
    words: str
    score: int
    zh: str
    en: str

    @property
    def sentences(self) -> tuple[str, str]:
        """What is said of it in Chinese and in English."""
        return f"最接近的是第{self.line}行“{self.words}”：{self.zh}", f"the nearest is line {self.line}: {self.en}"


def nearest(document: Document) -> NearMiss | None:
    """The line that came nearest, or None where none is numbered and no row holds a head of a column.

    Of two that came as near the first counts.
    """
    return max(_misses(document), key=lambda miss: miss.score, default=None)


def _misses(document: Document) -> Iterator[NearMiss]:
    for block in document.blocks:
        found = _row(document, block) if isinstance(block, Table) else _paragraph(document, block)
        if found is not None:
            yield found


def _row(document: Document, table: Table) -> NearMiss | None:
    """The first row of a table that holds heads of columns, and the column that is missing."""
    for row in rows(table)[:5]:
        kinds = [is_head(bare(place.text.value)) for place in row if place.first]
        known = [kind for kind in kinds if kind is not None]
        if not known:
            continue
        text = next(place.text for place in row if place.first and is_head(bare(place.text.value)))
        if not any(kind in _CONTENT for kind in known):
            return _miss(document, text, 2 + len(known), "表头没有任务一栏", "no column of the table holds tasks")
        if not any(kind in UNITS for kind in known):
            return _miss(document, text, 3 + len(known), "表头没有责任单位一栏", "no column of the table holds responsible units")
        return _miss(document, text, 1 + len(known), "表头多半不认识", "most heads of the table are of unknown meaning")
    return None


def _paragraph(document: Document, block: Paragraph) -> NearMiss | None:
    """A numbered paragraph: one with a bracket at its end came nearer than one without."""
    folded = fold(block.text.value)
    if mark(folded) is None:
        return None
    bracket = _BRACKET.search(folded)
    if bracket is None:
        return _miss(document, block.text, 1, "后面没有写明责任单位的括号或标签", "no bracket or label of responsible units follows it")
    said = f"括号里的“{bracket['inner'][:_LONGEST]}”没有认出责任单位"
    return _miss(document, block.text, 4, said, f"no responsible unit was recognised in its bracket “{bracket['inner'][:_LONGEST]}”")


def _miss(document: Document, text: Text, score: int, zh: str, en: str) -> NearMiss:
    line = document.text.count("\n", 0, text.start) + 1
    return NearMiss(line, " ".join(text.value.split())[:_LONGEST], score, zh, en)
