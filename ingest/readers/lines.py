"""Characters with their places on a page -> lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

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


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line: its characters, its edges, the size of its type."""

    value: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


def printed_once(characters: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The characters without those that are drawn again less than a point aside, as bold type often is, in their order.

    The library's own way to do so compares each character with all of its page.
    """
    kept: dict[tuple[object, ...], tuple[float, float]] = {}
    places = []
    for place in sorted(range(len(characters)), key=lambda i: (characters[i]["doctop"], characters[i]["x0"])):
        character = characters[place]
        kind = (character["upright"], character["text"], character["fontname"], character["size"])
        y, x = character["doctop"], character["x0"]
        near = (kept.get((*kind, round(y) + down, round(x) + right)) for down in (-1, 0, 1) for right in (-1, 0, 1))
        if not any(abs(other[0] - y) <= 1 and abs(other[1] - x) <= 1 for other in near if other is not None):
            kept[*kind, round(y), round(x)] = (y, x)
            places.append(place)
    yield from (characters[place] for place in sorted(places))


def lines_of(characters: Sequence[Mapping[str, object]]) -> Iterator[TextLine]:
    """The lines that characters form, from top to bottom, each from left to right."""
    rows: list[list[Mapping[str, object]]] = []
    for character in sorted(characters, key=lambda c: (_at(c, "top") + _at(c, "bottom")) / 2):
        middle = (_at(character, "top") + _at(character, "bottom")) / 2
        if rows and abs(middle - (_at(rows[-1][0], "top") + _at(rows[-1][0], "bottom")) / 2) < 0.5 * max(
            _at(character, "size"), _at(rows[-1][0], "size")
        ):
            rows[-1].append(character)
        else:
            rows.append([character])
    for row in rows:
        line = _line(sorted(row, key=lambda c: _at(c, "x0")))
        if line.value.strip():
            yield line


def _line(row: Sequence[Mapping[str, object]]) -> TextLine:
    parts: list[str] = []
    printed = [c for c in row if str(c["text"]).strip()] or list(row)
    for i, character in enumerate(row):
        if i and parts and parts[-1] != " ":
            gap = _at(character, "x0") - _at(row[i - 1], "x1")
            if gap > 0.7 * _at(character, "size"):
                parts.append("  " if gap > 1.6 * _at(character, "size") else " ")
        parts.append(str(character["text"]))
    return TextLine(
        "".join(parts).strip(),
        _at(printed[0], "x0"),
        _at(printed[-1], "x1"),
        min(_at(c, "top") for c in row),
        max(_at(c, "bottom") for c in row),
        max(_at(c, "size") for c in row),
    )


def _at(character: Mapping[str, object], key: str) -> float:
    return float(cast(float, character[key]))


def merged_words(lines: Iterable[str]) -> str:
    """Wrapped lines as one string: a blank only between Latin words."""
    whole = ""
    for line in lines:
        value = line.strip()
        if whole and value and _LATIN.match(whole[-1]) and _LATIN.match(value[0]) and not (whole[-1].isdigit() and value[0].isdigit()):
            whole += " "
        whole += value
    return whole
