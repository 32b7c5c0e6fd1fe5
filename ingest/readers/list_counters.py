"""The levels of numbered lists and where they have got to -> the characters printed before a paragraph."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from ingest.fields.numerals import CIRCLED, HAN, han

_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"))
_ROMAN_SMALL = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_COUNTED = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting")
)
_DIGITS = frozenset(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"))
_LEGALS = frozenset(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"))
UNNUMBERED = frozenset(("bullet", "none"))
"""Kinds of a level that print no number."""


@dataclass(frozen=True, slots=True)
class ListLevel:
    """One level of a list: ``kind`` as Office Open XML names it, ``pattern`` with %1 to %9 for the numbers of the levels."""

    kind: str = "decimal"
    pattern: str = ""
    start: int = 1


class ListCounters:
    """Where the lists of a document have got to while its paragraphs pass by."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Hashable, int], int] = {}

    def label(self, key: Hashable, depth: int, levels: Mapping[int, ListLevel], start: int | None = None) -> str:
        """What is printed before the next paragraph of a list at this depth (from 0), which counts it; ``start`` sets its number."""
        level = levels.get(depth)
        if level is None or level.kind in UNNUMBERED or not level.pattern:
            return ""
        count = self._counts.get((key, depth), level.start - 1) + 1 if start is None else start
        self._counts[key, depth] = count
        for deeper in range(depth + 1, 10):
            self._counts.pop((key, deeper), None)
        return re.sub(r"%(\d)", lambda match: self._number(key, int(match.group(1)) - 1, levels), level.pattern)

    def _number(self, key: Hashable, depth: int, levels: Mapping[int, ListLevel]) -> str:
        level = levels.get(depth, ListLevel())
        return printed(level.kind, self._counts.get((key, depth), level.start))


def printed(kind: str, value: int) -> str:
    """A number as a list of this kind prints it; a kind that is not known prints figures.

    >>> [printed(kind, 12) for kind in ("decimal", "chineseCounting", "ideographDigital", "chineseLegalSimplified", "lowerRoman")]
    ['12', '十二', '一二', '壹拾贰', 'xii']
    >>> [printed(f"decimal{kind}", 3) for kind in ("EnclosedCircle", "EnclosedParen", "Zero")]
    ['③', '⑶', '03']
    """
    if kind in _COUNTED:
        return han(value)
    if kind in _DIGITS:
        return "".join("〇" if digit == "0" else HAN[int(digit)] for digit in str(max(0, value)))
    if kind in _LEGALS:
        return "".join(_LEGAL[HAN.index(c)] if c in HAN else "拾" for c in ("一" if 10 <= value < 20 else "") + han(value))
    if kind.startswith("decimalEnclosedCircle") and 1 <= value <= len(CIRCLED):
        return CIRCLED[value - 1]
    if kind in ("decimalEnclosedParen", "decimalEnclosedFullstop") and 1 <= value <= 20:
        return chr((0x2474 if kind == "decimalEnclosedParen" else 0x2488) + value - 1)
    if kind == "ideographTraditional" and 1 <= value <= len(_STEMS):
        return _STEMS[value - 1]
    return _latin(kind, value)


def _latin(kind: str, value: int) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 % 9 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        return roman(value).upper() if kind == "upperRoman" else roman(value)
    if kind in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
    return f"{value:02}" if kind == "decimalZero" else str(value)


def roman(value: int) -> str:
    """A number below 4000 in small Roman figures.

    >>> roman(4), roman(1994)
    ('iv', 'mcmxciv')
    """
    parts = []
    for size, letters in _ROMAN:
        parts.append(letters * (value // size))
        value %= size
    return "".join(parts) + _ROMAN_SMALL[value]
