"""Characters with their places on a page -> lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

_LATIN = re.compile(r"[A-Za-z0-9]")


class PageBox(NamedTuple):
    """A rectangle of a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class Character(NamedTuple):
    """One printed character: its edges on the page, the size of its type."""

    value: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line: its characters, its edges, the size of its type."""

    value: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    characters: Sequence[Character] = ()


def drawn_once(marks: Sequence[tuple[object, float, float]]) -> list[int]:
    """Which of the characters stay when those are left out that are drawn again less than a point aside, as bold type often is.

    Each is what it looks like, its top and its left edge; the answer are places in their order. The library's own way to do so
    compares each character with all of its page.
    """
    kept: dict[object, dict[int, dict[int, tuple[float, float]]]] = {}
    dropped: set[int] = set()
    for y, x, place in sorted((mark[1], mark[2], i) for i, mark in enumerate(marks)):
        rows, row, column = kept.setdefault(marks[place][0], {}), round(y), round(x)
        if rows and any(_is_near(rows[near], column, x, y) for near in (row - 1, row, row + 1) if near in rows):
            dropped.add(place)
        else:
            rows.setdefault(row, {})[column] = (y, x)
    return [place for place in range(len(marks)) if place not in dropped]


def _is_near(row: dict[int, tuple[float, float]], column: int, x: float, y: float) -> bool:
    near = (row.get(column - 1), row.get(column), row.get(column + 1))
    return any(abs(other[0] - y) <= 1 and abs(other[1] - x) <= 1 for other in near if other is not None)


def lines_of(characters: Sequence[Character]) -> Iterator[TextLine]:
    """The lines that characters form, from top to bottom, each from left to right."""
    rows: list[list[Character]] = []
    first = size = 0.0
    for middle, _, character in sorted(((c.top + c.bottom) / 2, i, c) for i, c in enumerate(characters)):
        if rows and abs(middle - first) < 0.5 * max(character.size, size):
            rows[-1].append(character)
        else:
            rows.append([character])
            first, size = middle, character.size
    for row in rows:
        line = _line(sorted(row, key=_left))
        if line.value.strip():
            yield line


_left = attrgetter("x0")


def _line(row: Sequence[Character]) -> TextLine:
    parts: list[str] = []
    end = row[0].x1
    for i, character in enumerate(row):
        value, x0, _, x1, _, size = character
        if i and x0 - end > 0.7 * size and parts[-1] != " ":
            parts.append("  " if x0 - end > 1.6 * size else " ")
        parts.append(value)
        end = x1
    printed = [c for c in row if c.value.strip()] or row
    return TextLine(
        "".join(parts).strip(),
        printed[0].x0,
        printed[-1].x1,
        min(c.top for c in row),
        max(c.bottom for c in row),
        max(c.size for c in row),
        row,
    )


def merged_words(lines: Iterable[str]) -> str:
    """Wrapped lines as one string: a blank only between Latin words."""
    parts: list[str] = []
    last = ""
    for line in lines:
        value = line.strip()
        if last and value and _LATIN.match(last) and _LATIN.match(value[0]) and not (last.isdigit() and value[0].isdigit()):
            parts.append(" ")
        parts.append(value)
        last = value[-1:] or last
    return "".join(parts)
