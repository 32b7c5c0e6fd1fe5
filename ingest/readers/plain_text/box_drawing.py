"""Lines of a table drawn with box characters (┌─┬│├┤) -> its cells: a cell goes on until a rule ends it, over lines and columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from unicodedata import east_asian_width

from ingest.fields.folding import fold, healed
from ingest.layouts.headings import is_marked
from ingest.model.document import Cell, Table, Text

_TOP = re.compile(r"\s*[┌┏╔╒╓][─━═┄┈┬┳╦╤╥]+[┐┓╗╕╖]?\s*")
_BAR = "│┃║┆┊|"
_CROSS = "├┤┼┬┴┌┐└┘┝┥┠┨┯┷┿╂╪╫╬╠╣╦╩╔╗╚╝┏┓┗┛┣┫┳┻╋"
_RULE = "─━═┄┈-"
_DRAWN = _BAR + _CROSS + _RULE


def begins_box(line: str) -> bool:
    """Whether a line is the upper edge of a drawn table.

    >>> begins_box("┌───┬──┐"), begins_box("│任务│单位│")
    (True, False)
    """
    return _TOP.fullmatch(line) is not None


def box(lines: Sequence[Text], start: int) -> tuple[Table | None, int]:
    """The table whose upper edge is the line at ``start``, and the line after its last; None where its lines do not fit."""
    end = start
    while end < len(lines) and lines[end].value.strip()[:1] in _DRAWN and lines[end].value.strip():
        end += 1
    drawn = lines[start:end]
    for unit in (2, 1):
        edges = _edges(drawn, unit)
        if edges is not None:
            return _read(drawn, edges, unit), end
    return None, start


def _columns(line: str, unit: int) -> list[int]:
    """The column on the page in which each character begins; a character of a box is ``unit`` columns wide."""
    at, found = 0, []
    for character in line:
        found.append(at)
        at += unit if character in _DRAWN and character not in "|-" else 2 if east_asian_width(character) in "WFA" else 1
    return found


def _edges(drawn: Sequence[Text], unit: int) -> list[int] | None:
    """The columns in which bars stand, where all lines agree on the outer ones."""
    places: set[int] = set()
    outer: set[tuple[int, int]] = set()
    for line in drawn:
        at = [c for c, character in zip(_columns(line.value, unit), line.value, strict=True) if character in _BAR + _CROSS]
        if len(at) < 2:
            return None
        outer.add((at[0], at[-1]))
        places.update(at)
    return sorted(places) if len(outer) == 1 and len(places) > 2 else None


@dataclass
class _Open:
    """A cell that no rule has ended yet."""

    row: int
    width: int
    lines: list[Text] = field(default_factory=list)


def _read(drawn: Sequence[Text], edges: list[int], unit: int) -> Table:
    cells: list[Cell] = []
    open_: dict[int, _Open] = {}
    row = -1
    for line in drawn:
        at = _columns(line.value, unit)
        ruled = _ruled(line.value, at, edges, unit)
        if any(ruled):
            for i in [i for i in open_ if ruled[i]]:
                cells.append(_cell(open_.pop(i), i, row))
            row += 1
        bars = {c for c, character in zip(at, line.value, strict=True) if character in _BAR + _CROSS}
        i = 0
        while i < len(edges) - 1:
            width = next(n for n in range(1, len(edges) - i) if edges[i + n] in bars or i + n == len(edges) - 1)
            if not any(ruled[i : i + width]):
                state = open_.setdefault(i, _Open(row, width))
                state.lines.append(_between(line, at, edges[i] + unit, edges[i + width]))
            i += width
    cells.extend(_cell(state, i, row) for i, state in open_.items())
    return Table(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def _ruled(line: str, at: Sequence[int], edges: Sequence[int], unit: int) -> list[bool]:
    """For each column whether a rule runs through it in this line."""
    inked = [c for c, character in zip(at, line, strict=True) if character in _RULE]
    return [sum(unit for c in inked if a < c < b) * 2 > b - a - unit for a, b in pairwise(edges)]


def _between(line: Text, at: Sequence[int], start: int, end: int) -> Text:
    return Text(
        "".join(c for c, x in zip(line.value, at, strict=True) if start <= x < end),
        tuple(offset for offset, x in zip(line.at, at, strict=True) if start <= x < end),
    ).strip()


def _cell(state: _Open, column: int, last: int) -> Cell:
    """The cell; its wrapped lines are one paragraph, a numbered line begins another."""
    paragraphs: list[list[Text]] = []
    for line in state.lines:
        if line and (not paragraphs or is_marked(fold(line.value))):
            paragraphs.append([line])
        elif line:
            paragraphs[-1].append(line)
    return Cell(tuple(healed(lines) for lines in paragraphs), max(0, state.row), column, max(1, last - state.row + 1), state.width)
