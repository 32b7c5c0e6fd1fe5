"""A document whose paragraphs all stand in one -> its paragraphs: parted before numbers, 一、…（一）…1.…, and bodies that act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.fields.folding import fold
from ingest.fields.numerals import ordinal
from ingest.fields.roles import all_bodies
from ingest.layouts.headings import mark
from ingest.model.document import Paragraph, Text

_LONG = 250
_HAN = "[一二三四五六七八九十]{1,3}"
_TOP = re.compile(rf"(?:(?<=[。;!?:)”])|(?<=[。;!?:)”]\s)|^)(?P<no>{_HAN})、")
_SECTION = re.compile(rf"\((?P<no>{_HAN})\)(?=[\u4e00-\u9fff“《])")
_ITEM = re.compile(r"(?:(?<=[\u4e00-\u9fff。;:!)”])|(?<=[。;:]\s)|^)(?P<no>\d{1,2})(?:、|\.)(?=\s?[\u4e00-\u9fff“《])")
# A body set apart from what it has to do, after the end of a sentence: …。县教育局。负责…
_BODY = re.compile(r"(?<=[。;:])(?P<names>[^,。;:()]{3,40})[。:](?=负责|牵头|配合|协助|组织|做好|加强|承担)")
# Duties printed with the items of a paragraph that holds several: （责任单位：…）, （…负责）.
_DUTIES = re.compile(r"(?:责任|牵头|配合|承办)(?:单位|部门|科室):|(?:负责|牵头|配合|落实)\)")
_PAGE = re.compile(r"第\d{1,4}页,?共\d{1,4}页")


def parted(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs; one that holds two or more numbered sections is parted into them and their items.

    >>> text = "某县方案。一、宣传(一)张贴标语。(二)入户走访。二、巡查1.设点。2.建账。" + "说明。" * 80
    >>> [str(p.text)[:8] for p in parted([Paragraph(Text.at_offset(text, 0))])]
    ['某县方案。', '一、宣传', '(一)张贴标语。', '(二)入户走访。', '二、巡查', '1.设点。', '2.建账。说明。']
    """
    for paragraph in paragraphs:
        text = _unpaged(paragraph.text) if len(paragraph.text) >= _LONG else None
        cuts = _cuts(fold(text.value)) if text is not None else []
        if text is None or not cuts:
            yield paragraph
            continue
        edges = sorted({0, *cuts, len(text)})
        yield from (replace(paragraph, text=piece) for a, b in pairwise(edges) if (piece := text[a:b].strip()))


def _unpaged(text: Text) -> Text:
    """The text without the marks of pages that stand inside its sentences."""
    kept, at = Text("", ()), 0
    for match in _PAGE.finditer(fold(text.value)):
        kept, at = kept + text[at : match.start()], match.end()
    return kept + text[at : len(text)] if at else text


def _cuts(folded: str) -> list[int]:
    """Where the sections and items of a run-on paragraph begin; none where it holds fewer than two sections and no list of duties."""
    begins = mark(folded)
    top, sections, items = (_counted(pattern, folded) for pattern in (_TOP, _SECTION, _ITEM))
    listed = len(items) > 2 and len(_DUTIES.findall(folded)) > 1
    if (begins is not None and begins.rung != "一、") or (max(len(top), len(sections)) < 2 and not listed):
        return []
    acts = [match.start() for match in _BODY.finditer(folded) if all_bodies(match["names"])]
    return [*top, *sections, *items, *(acts if len(acts) > 1 else [])]


def _counted(pattern: re.Pattern[str], folded: str) -> list[int]:
    """The places of numbers that count 1, 2, 3 …, series after series; a 1 that no 2 follows is none."""
    series: list[list[int]] = []
    for match in pattern.finditer(folded):
        position = ordinal(match["no"])
        if series and position == len(series[-1]) + 1:
            series[-1].append(match.start())
        elif position == 1:
            series.append([match.start()])
    return [place for one in series if len(one) > 1 for place in one]
