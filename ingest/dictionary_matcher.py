"""Words in a text: where those of an automaton stand, compared without width and case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick

from ingest.fields.folding import fold

_LATIN = re.compile(r"[0-9A-Za-z]")


def comparable(text: str) -> str:
    """The text in the form in which words are compared, character by character: half-width, small Latin letters.

    >>> comparable("ｅVTOL认证")
    'evtol认证'
    """
    return "".join(character.lower() if character.isascii() else character for character in fold(text))


def spans(automaton: AhoCorasick, text: str) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of each word of the automaton in a comparable text, from left to right, the longest first.

    A word that begins or ends with a Latin letter or digit is not found inside a longer Latin word: AI is not in AIGC.
    """
    found = ((start, -end, index) for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True))
    return ((start, -minus, index) for start, minus, index in sorted(each for each in found if _stands_alone(text, each[0], -each[1])))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = start > 0 and _LATIN.match(text[start]) and _LATIN.match(text[start - 1])
    after = end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end])
    return not before and not after
