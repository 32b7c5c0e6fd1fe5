"""Written numbers, Arabic or Chinese, -> Decimal, and back to the ordinals that headings use."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "O": 0,
    "o": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "俩": 2,
}
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
CHINESE = "零〇○一二两三四五六七八九十百千"
HAN = "零一二三四五六七八九"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def number(written: str) -> Decimal | None:
    """The value of a written number (folded), or None.

    >>> number("1,200.5"), number("二十一"), number("两"), number("二〇二六"), number("百")
    (Decimal('1200.5'), Decimal('21'), Decimal('2'), Decimal('2026'), Decimal('100'))
    """
    plain = written.replace(",", "")
    if plain and all(c.isascii() and (c.isdigit() or c == ".") for c in plain) and plain.count(".") <= 1 and plain != ".":
        return Decimal(plain)
    value = _chinese(written)
    return None if value is None else Decimal(value)


def _chinese(written: str) -> int | None:
    if not written or any(c not in DIGITS and c not in _PLACES and c not in _MYRIADS for c in written):
        return None
    if all(c in DIGITS for c in written):
        return int("".join(str(DIGITS[c]) for c in written))
    total = section = digit = 0
    for c in written:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in _PLACES:
            section += (digit or 1) * _PLACES[c]
            digit = 0
        else:
            total += (section + digit or 1) * _MYRIADS[c]
            section = digit = 0
    return total + section + digit


def ordinal(written: str) -> int | None:
    """The position a heading number stands for: ``3``, ``十二``, ``③``.

    >>> ordinal("③"), ordinal("十二"), ordinal("7")
    (3, 12, 7)
    """
    if len(written) == 1 and written in CIRCLED:
        return CIRCLED.index(written) + 1
    value = number(written)
    return None if value is None else int(value)


def han(value: int) -> str:
    """The Chinese numeral of a number; figures beyond 9999.

    >>> han(3), han(12), han(20), han(21), han(100), han(103), han(110)
    ('三', '十二', '二十', '二十一', '一百', '一百零三', '一百一十')
    """
    if not 0 <= value < 10_000:
        return str(value)
    if value < 20:
        return HAN[value] if value < 10 else "十" + (HAN[value - 10] if value > 10 else "")
    whole = "".join(HAN[int(digit)] + place for digit, place in zip(f"{value:04}", "千百十 ", strict=True)).strip()
    return re.sub("零+", "零", re.sub("零[千百十]", "零", whole)).strip("零")
