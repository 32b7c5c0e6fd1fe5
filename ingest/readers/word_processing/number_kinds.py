"""The codes of Word for kinds of numbers and the text of a list's level -> those that counters know."""

from __future__ import annotations

_KINDS = {
    0: "decimal",
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    10: "ideographDigital",
    11: "japaneseCounting",
    14: "decimalFullWidth",
    16: "japaneseLegal",
    17: "japaneseDigitalTenThousand",
    18: "decimalEnclosedCircle",
    19: "decimalFullWidth2",
    22: "decimalZero",
    23: "bullet",
    26: "decimalEnclosedFullstop",
    27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese",
    30: "ideographTraditional",
    33: "taiwaneseCounting",
    34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand",
    36: "taiwaneseDigital",
    37: "chineseCounting",
    38: "chineseLegalSimplified",
    39: "chineseCountingThousand",
    255: "none",
}
"""MSONFC of [MS-OSHARED] 2.2.1.3, which .doc and RTF share."""


def kind_of(code: int) -> str:
    """The kind of a number, figures where the code is not known."""
    return _KINDS.get(code, "decimal")


def pattern_of(text: str) -> str:
    r"""The pattern of a level whose text holds the number of a level as that level, counted from 0.

    >>> pattern_of("第\x00章"), pattern_of("\x00.\x01"), pattern_of("100%")
    ('第%1章', '%1.%2', '100%')
    """
    return "".join(f"%{ord(c) + 1}" if ord(c) < 9 else c for c in text)
