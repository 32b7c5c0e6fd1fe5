"""Codes and identifiers of others' registers, written one way."""

from __future__ import annotations

import re

from pyoxigraph import Literal

_MARKS = re.compile(r"[\s.\-]+")


def code(scheme: str, text: str) -> str:
    """A code as it is compared. GB/T 2260 has six digits, of which a data set may leave out the zeros at the end.

    >>> code("GB/T 2260", "31 01 10"), code("GB/T 2260", "31"), code("ISNI", "0000 0001 2353 2331"), code("YSO", "p5622")
    ('310110', '310000', '0000000123532331', '5622')
    """
    text = _MARKS.sub("", text).upper()
    if scheme == "GB/T 2260":
        return text.ljust(6, "0") if text.isdigit() and len(text) in (2, 4, 6) else text
    if scheme == "YSO":
        return text.removeprefix("P")
    return text


def ways(scheme: str, text: str) -> tuple[Literal, ...]:
    """The literals that a code may be elsewhere.

    >>> [literal.value for literal in ways("GB/T 2260", "310000")]
    ['31', '310000']
    """
    forms = {text, _MARKS.sub("", text)}
    if scheme == "GB/T 2260" and len(text) == 6 and text.isdigit():
        pairs = [text[:2], text[2:4], text[4:]]
        while len(pairs) > 1 and pairs[-1] == "00":
            pairs.pop()
        forms |= {"".join(pairs), " ".join(pairs)}
    if scheme == "ISNI" and len(forms) and len(_MARKS.sub("", text)) == 16:
        plain = _MARKS.sub("", text)
        forms.add(" ".join(plain[start : start + 4] for start in range(0, 16, 4)))
    if scheme == "YSO":
        forms.add(text.removeprefix("p"))
    return tuple(Literal(form) for form in sorted(forms))
