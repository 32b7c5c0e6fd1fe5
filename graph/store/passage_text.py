"""A text that is searched for, turned into its places in a passage: exact code points, however marks and script are written.

Chinese characters are looked for one by one, letters and digits as whole runs: ``ESG`` does not stand in ``esgrow``. Full width, case,
traditional characters, blanks, quotation marks, the kind of a dash and of a bracket make no difference. Other marks inside a text do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ontology.folding import folded

_HAN = "㐀-鿿豈-﫿𠀀-𲎯"
_LETTER = rf"[^\W\d_{_HAN}]"
_RUN = re.compile(f"{_LETTER}+")
_TOKEN = re.compile(rf"[{_HAN}]|\d+|{_LETTER}+")
_DASH = "[-‐‑‒–—―−~～〜]"
_BLANK = "[\\s\"'“”‘’·・•]*"
_NOTHING = f"(?:{_BLANK[:-1]}|{_DASH})*"
"""What makes no difference between two numbers, and between other tokens."""
_IGNORED, _DASHES = re.compile(_BLANK), re.compile(f"{_DASH}+")
_OPENING, _CLOSING = re.compile(r"[(（\[<〈{〔【]"), re.compile(r"[)）\]>〉}〕】]")


@dataclass(frozen=True, slots=True)
class TokenList:
    """The characters and runs of a text, and the marks before each of them as they are compared."""

    tokens: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def sequence(self) -> tuple[str, ...]:
        """The tokens with the marks between them, each by itself: texts whose sequences hold one another are the same to the search."""
        return tuple(each for gap, token in zip(self.gaps, self.tokens, strict=True) for each in (*gap, token))


@dataclass(frozen=True, slots=True)
class WantedText:
    """A text without blanks that is looked for: its sequence, and what it looks like in a folded passage."""

    sequence: tuple[str, ...]
    pattern: re.Pattern[str]


def tokens(text: str) -> TokenList:
    """The tokens of a text.

    >>> tokens("促進 2025—2027年ＥＳＧ").tokens
    ('促', '进', '2025', '2027', '年', 'esg')
    """
    # One character for one, so that places stay.
    plain = folded(text)
    words: list[str] = []
    gaps: list[str] = []
    end = 0
    for found in _TOKEN.finditer(plain):
        between_numbers = bool(words) and words[-1].isdigit() and found[0].isdigit()
        gaps.append(_gap(plain[end : found.start()], between_numbers=between_numbers))
        words.append(found[0])
        end = found.end()
    return TokenList(tuple(words), tuple(gaps))


def wanted(text: str) -> list[WantedText]:
    """What is looked for: the parts of a text between blanks, each of which a passage must hold; empty where it holds no character."""
    read = (each for each in map(tokens, text.split()) if each.tokens)
    # What stands before the first character is no part of what is looked for.
    return [WantedText(each.sequence[len(each.gaps[0]) :], _pattern(each)) for each in read]


def places(parts: Sequence[WantedText], text: str) -> list[tuple[int, int]]:
    """The places of all parts in a text, in order, from the first code point to the one after the last; empty where it lacks one of them.

    >>> places(wanted("質檢 esg"), "质检中心（ESG）")
    [(0, 2), (5, 8)]
    >>> places(wanted("SG"), "ESG"), places(wanted("2025-2027"), "2025—2027年"), places(wanted("认证检验"), "认证。检验")
    ([], [(0, 9)], [])
    """
    # One character for one, so that places stay.
    plain = folded(text)
    found = [[each.span() for each in part.pattern.finditer(plain)] for part in parts]
    return sorted({place for each in found for place in each}) if all(found) else []


def _pattern(part: TokenList) -> re.Pattern[str]:
    """The tokens as whole runs, with marks between them that are compared as equal."""
    written = []
    for place, (token, gap) in enumerate(zip(part.tokens, part.gaps, strict=True)):
        if place:
            numbers = token.isdigit() and part.tokens[place - 1].isdigit()
            written.append(_marks(gap, _BLANK if numbers else _NOTHING))
        same = r"\d" if token.isdigit() else _LETTER if _RUN.match(token) else ""
        written.append(f"(?<!{same}){re.escape(token)}(?!{same})" if same else re.escape(token))
    return re.compile("".join(written))


def _marks(gap: str, ignored: str) -> str:
    """Marks, each as the class of those that are compared as equal, with ignored ones around them."""
    classes = {"-": f"{_DASH}+", "[": _OPENING.pattern, "]": _CLOSING.pattern}
    return ignored + "".join(classes.get(mark, re.escape(mark)) + ignored for mark in gap)


def _gap(marks: str, *, between_numbers: bool) -> str:
    """The marks between two tokens as they are compared; a dash counts between two numbers alone."""
    marks = _DASHES.sub("-", _IGNORED.sub("", marks))
    marks = _CLOSING.sub("]", _OPENING.sub("[", marks))
    return marks if between_numbers else marks.replace("-", "")
