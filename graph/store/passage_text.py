"""A text that is searched for, turned into its places in a passage: exact code points, however marks and script are written.

Chinese characters are looked for one by one, letters and digits as whole runs: ``ESG`` does not stand in ``esgrow``. Full width, case,
traditional characters, blanks, quotation marks, the kind of a dash and of a bracket make no difference. Other marks inside a text do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ontology.folding import folded

_TOKEN = re.compile(r"[㐀-鿿豈-﫿𠀀-𲎯]|\d+|[^\W\d_㐀-鿿豈-﫿𠀀-𲎯]+")
_IGNORED = re.compile(r"[\s\"'“”‘’·・•]+")
_DASHES = re.compile(r"[-‐‑‒–—―−~～〜]+")
_OPENING, _CLOSING = re.compile(r"[(（\[<〈{〔【]"), re.compile(r"[)）\]>〉}〕】]")


@dataclass(frozen=True, slots=True)
class TokenList:
    """The characters and runs of a text, with the marks before each of them and the place of each in the text as it was."""

    tokens: tuple[str, ...]
    gaps: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


def tokens(text: str) -> TokenList:
    """The tokens of a text.

    >>> tokens("促進 2025—2027年ＥＳＧ").tokens
    ('促', '进', '2025', '2027', '年', 'esg')
    """
    # One character for one, so that places stay.
    plain = folded(text)
    words: list[str] = []
    gaps: list[str] = []
    places: list[tuple[int, int]] = []
    end = 0
    for found in _TOKEN.finditer(plain):
        between_numbers = bool(words) and words[-1].isdigit() and found[0].isdigit()
        gaps.append(_gap(plain[end : found.start()], between_numbers=between_numbers))
        words.append(found[0])
        places.append(found.span())
        end = found.end()
    return TokenList(tuple(words), tuple(gaps), tuple(places))


def parts(text: str) -> list[TokenList]:
    """What is looked for: the parts of a text between blanks, each of which a passage must hold; empty where it holds no character."""
    return [each for each in map(tokens, text.split()) if each.tokens]


def occurrences(part: TokenList, passage: TokenList) -> Iterator[tuple[int, int]]:
    """The places of a part in a passage, from the first code point to the one after the last, none overlapping the one before."""
    size, start = len(part.tokens), 0
    while 0 < size <= len(passage.tokens) - start:
        try:
            start = passage.tokens.index(part.tokens[0], start)
        except ValueError:
            return
        if passage.tokens[start : start + size] == part.tokens and passage.gaps[start + 1 : start + size] == part.gaps[1:]:
            yield passage.places[start][0], passage.places[start + size - 1][1]
            start += size
        else:
            start += 1


def places(wanted: Sequence[TokenList], text: str) -> list[tuple[int, int]]:
    """The places of all parts in a text, in order; empty where it lacks one of them.

    >>> places(parts("質檢 esg"), "质检中心（ESG）")
    [(0, 2), (5, 8)]
    >>> places(parts("SG"), "ESG"), places(parts("2025-2027"), "2025—2027年"), places(parts("认证检验"), "认证。检验")
    ([], [(0, 9)], [])
    """
    passage = tokens(text)
    found = [list(occurrences(part, passage)) for part in wanted]
    return sorted({place for each in found for place in each}) if all(found) else []


def _gap(marks: str, *, between_numbers: bool) -> str:
    """The marks between two tokens as they are compared; a dash counts between two numbers alone."""
    marks = _DASHES.sub("-", _IGNORED.sub("", marks))
    marks = _CLOSING.sub("]", _OPENING.sub("[", marks))
    return marks if between_numbers else marks.replace("-", "")
