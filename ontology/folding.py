"""Text that is typed -> text as it is compared, of the same length in characters: simplified, half-width, lower case."""

from __future__ import annotations

import unicodedata
from functools import cache

from opencc import OpenCC

_SAME = str.maketrans("“”「」『』‘’〔〕【】﹝﹞", '""""""\'\'[][][]')


def folded(text: str) -> str:
    """The text with one character for each character of it: NFKC where that is one character, simplified, without case.

    >>> folded("ＥＳＧ與質檢中心？")
    'esg与质检中心?'
    >>> len(folded("①㎡ﬁ")) == 3
    True
    """
    return "".join(map(_character, text)).translate(_SAME)


@cache
def _character(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    lowered = (normal if len(normal) == 1 else character).lower()
    simple = _simplifier().convert(lowered if len(lowered) == 1 else character)
    return simple if len(simple) == 1 else character


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
