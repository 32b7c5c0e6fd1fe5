"""The text of one cell or paragraph -> its opening words and its numbered items."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.fields.folding import fold, lines, squeeze
from ingest.layouts.headings import RUNGS, HeadingMark, mark
from ingest.model.document import Text

_IN_CELLS = ("(一)", "1.", "(1)", "①")
_TIGHT = re.compile(r"\s*(?P<no>\d{1,2})\.(?=\d)")
_INLINE = {
    "1.": re.compile(r"(?:(?<=[。;:!?\s])|^)(?P<no>\d{1,2})(?:、|\.(?!\d)|\.(?=20\d\d年|(?:1[0-2]|[1-9])月))"),
    "(1)": re.compile(r"(?:(?<=[。;:!?,\s])|^)\((?P<no>\d{1,2})\)"),
    "(一)": re.compile(r"(?:(?<=[。;:!?\s])|^)\((?P<no>[一二三四五六七八九十]{1,3})\)"),
    "①": re.compile(r"(?P<no>[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])"),
}


def items(text: Text) -> tuple[Text, tuple[Text, ...]]:
    """The words before the first number, and the numbered items without their numbers; whole when nothing is numbered."""
    cuts = _cuts(fold(text.value))
    if not cuts:
        return squeeze(text), ()
    edges = [*cuts, (len(text), len(text))]
    found = tuple(squeeze(text[end : nxt[0]]).strip() for (_, end), nxt in pairwise(edges))
    return squeeze(text[: cuts[0][0]]), tuple(ended for item in found if (ended := item.strip("；;")))


def listed(text: Text) -> tuple[Text, ...]:
    """The items of a target cell: numbered ones, else sentences on lines of their own, else the whole cell as one."""
    opening, numbered = items(text)
    if numbered:
        return (opening, *numbered) if opening else numbered
    rows = list(lines(text))
    if len(rows) > 1 and all(row.value[-1] in "。；;.！" for row in rows[:-1]):
        return tuple(squeeze(row) for row in rows)
    return (opening,) if opening else ()


def _cuts(folded: str) -> list[tuple[int, int]]:
    """Start and end of each number of the first counted series 1, 2, 3 ... in a folded text, outside brackets and 《》."""
    series: list[HeadingMark] = []
    offset = 0
    for line in folded.splitlines(keepends=True):
        found = mark(line) or _next(line, series)
        if found is not None and found.rung in _IN_CELLS:
            series.append(HeadingMark(found.rung, found.no, found.position, offset + found.start, offset + found.end))
        offset += len(line)
    for rung in RUNGS:
        of_rung = [m for m in series if m.rung == rung]
        if len(of_rung) > 1 and [m.position for m in of_rung] == list(range(1, len(of_rung) + 1)):
            return _widened(folded, of_rung)
    for pattern in _INLINE.values():
        counted: list[tuple[int, int]] = []
        for match in pattern.finditer(folded):
            if _position(match["no"]) == len(counted) + 1:
                counted.append((match.start(), match.end()))
        if len(counted) > 1:
            return counted
    return []


def _next(line: str, series: list[HeadingMark]) -> HeadingMark | None:
    """A number with a figure right after it (2.100家企业), read as such only where it is the next of the series."""
    found = _TIGHT.match(line)
    if found is None or int(found["no"]) != (series[-1].position + 1 if series and series[-1].rung == "1." else 1):
        return None
    return HeadingMark("1.", found["no"], int(found["no"]), found.start("no"), found.end())


def _widened(folded: str, marks: list[HeadingMark]) -> list[tuple[int, int]]:
    return [(max(folded.rfind("\n", 0, m.start) + 1, 0), m.end) for m in marks]


def _position(no: str) -> int:
    found = mark(f"({no})") or mark(no)
    return found.position if found is not None else 0
