"""A number and the format code of its cell -> the characters that the sheet shows: ``0.85`` as ``0%`` is 85%.

Codes are those of Excel's and WPS's number formats (ECMA-376, part 1, 18.8.30 and 18.8.31). What is not understood is None: the caller
prints the plain number and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from ingest.fields.numerals import han

_YMD, _YM, _MD = 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', 'm"月"d"日"'
_HM, _HMS = 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
BUILT_IN = {
    **{0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **{14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss"},
    **{22: "yyyy/m/d h:mm", 27: _YM, 28: _MD, 29: _MD, 30: "m-d-yy", 31: _YMD, 32: _HM, 33: _HMS, 34: f"上午/下午{_HM}", 36: _YM},
    **{35: f"上午/下午{_HMS}", 37: "#,##0_);(#,##0)", 38: "#,##0_);(#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);(#,##0.00)"},
    **{45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: _YM, 51: _MD, 52: _YM, 53: _MD, 54: _MD},
    **{55: f"上午/下午{_HM}", 56: f"上午/下午{_HMS}", 57: _YM, 58: _MD},
}
"""The codes that a file names by number alone, as a Chinese system shows them."""

_SYSTEM = {"$-F800": _YMD, "$-F400": "h:mm:ss"}
"""Codes that stand for the long date and the time of the system."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<half>上午/下午|AM/PM|A/P)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|a{3,4}|e+(?![+-]))|(?P<power>E[+-])|(?P<digit>[0#?])"
    r"|(?P<sign>[.,%/@])|(?P<other>.)",
    re.S | re.I,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_LONGEST = 255
_WEEK = "一二三四五六日"
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str


def printed(value: float, code: str, base_1904: bool = False) -> str | None:
    """The characters shown for a number under a code; None where the code is not understood.

    >>> printed(0.85, "0%"), printed(1234.5, "#,##0.00"), printed(45809, 'yyyy"年"m"月"'), printed(3, '0"家"'), printed(-2, "0.0;(0.0)")
    ('85%', '1,234.50', '2025年6月', '3家', '(2.0)')
    >>> printed(0.1 + 0.2, "General"), printed(46023, '[DBNum1][$-804]yyyy"年"m"月"d"日"'), printed(5, ";;;"), printed(0.5, "# ?/8")
    ('0.3', '二〇二六年一月一日', '', None)
    """
    if len(code) > _LONGEST:
        return None
    try:
        section, number = _chosen(_sections(code), Decimal(repr(value)))
        return _shown(section, number, base_1904)
    except (InvalidOperation, OverflowError, ValueError):
        return None


def plain(value: float) -> str:
    """A number without any format."""
    return printed(value, "General") or str(value)


def printed_text(value: str, code: str) -> str:
    """The characters shown for a text under a code: those of the section with @, else the text itself.

    >>> printed_text("市科委", '@"（盖章）"'), printed_text("市科委", "0.00"), printed_text("市科委", ";;;")
    ('市科委（盖章）', '市科委', '')
    """
    if "@" not in code and ";" not in code:
        return value
    sections = _sections(code[:_LONGEST])
    if len(sections) == 4 or (sections and any(token == _Token("sign", "@") for token in sections[-1])):
        return "".join(value if token == _Token("sign", "@") else _literal(token) for token in sections[-1])
    return value


def general(number: Decimal) -> str:
    """A number as a cell without a format shows it.

    >>> general(Decimal("1234567")), general(Decimal("0.30000000000000004")), general(Decimal("-2.50"))
    ('1234567', '0.3', '-2.5')
    """
    whole = number.to_integral_value()
    if number == whole and abs(number) < Decimal(10) ** 15:
        return str(int(whole))
    short = Decimal(f"{number:.11g}")
    if not Decimal("1e-9") <= abs(short) < Decimal(10) ** 15:
        return f"{short:.6g}".replace("e", "E")
    return f"{short.normalize():f}"


def _sections(code: str) -> list[list[_Token]]:
    """The tokens of a code, in the parts that semicolons divide."""
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "quoted"
        value = match.group(kind) or ""
        if kind == "other" and value == ";":
            sections.append([])
        else:
            sections[-1].append(_Token(kind, value))
    return sections


def _chosen(sections: Sequence[Sequence[_Token]], number: Decimal) -> tuple[Sequence[_Token], Decimal]:
    """The section for a number, by its condition or its sign, and the number that it shows, without a sign where the section has one."""
    numeric = [section for section in sections[:3] if _Token("sign", "@") not in section] or [[_Token("general", "")]]
    conditions = [_condition(section) for section in numeric]
    if any(conditions):
        for section, condition in zip(numeric, conditions, strict=True):
            if condition is None or _holds(number, *condition):
                return section, number
        return numeric[-1], number
    if number < 0 and len(numeric) > 1:
        return numeric[1], -number
    return (numeric[2] if number == 0 and len(numeric) > 2 else numeric[0]), number


def _condition(section: Sequence[_Token]) -> tuple[str, Decimal] | None:
    found = (_CONDITION.fullmatch(token.value.strip()) for token in section if token.kind == "bracket")
    return next(((match[1], Decimal(match[2])) for match in found if match is not None), None)


def _holds(number: Decimal, sign: str, bound: Decimal) -> bool:
    return {"<": number < bound, ">": number > bound, "=": number == bound, "<>": number != bound}.get(sign[:2].rstrip("="), False) or (
        "=" in sign and number == bound
    )


def _literal(token: _Token) -> str:
    """What a token shows of itself."""
    if token.kind in ("quoted", "escaped", "other"):
        return token.value
    if token.kind == "bracket" and token.value.startswith("$"):
        return token.value[1:].partition("-")[0]
    return " " if token.kind == "blank" else "/" if token == _Token("sign", "/") else ""


def _shown(section: Sequence[_Token], number: Decimal, base_1904: bool) -> str | None:
    kinds = {token.kind for token in section}
    brackets = [token.value.upper() for token in section if token.kind == "bracket"]
    chinese = "DBNUM1" in brackets
    if any(value.startswith("DBNUM") and value != "DBNUM1" for value in brackets):
        return None
    if system := next((_SYSTEM[value] for value in brackets if value in _SYSTEM), None):
        section, brackets, kinds = _sections(system)[0], [], {"date"}
    elapsed = any(_ELAPSED.fullmatch(value) for value in brackets)
    if ("date" in kinds or elapsed) and "digit" not in kinds and "general" not in kinds:
        return _dated(section, number, base_1904, chinese).strip() if 0 <= number < 2958466 else None
    if "general" in kinds and not chinese:
        return "".join(general(number) if token.kind == "general" else _literal(token) for token in section).strip()
    if chinese or "power" in kinds:
        return _counted(section, number, chinese)
    if "digit" in kinds and _Token("sign", "/") in section:
        return None
    sign = "-" if number < 0 else ""
    shown = _figured(section, abs(number)).strip()
    return sign + shown if "digit" in kinds and re.search("[1-9]", shown) else shown


def _counted(section: Sequence[_Token], number: Decimal, chinese: bool) -> str | None:
    """Chinese numerals of small whole numbers, and powers of ten with one digit before the point."""
    if chinese:
        small = number == number.to_integral_value() and 0 <= number < 100
        return "".join(_literal(token) for token in section) + han(int(number)) if small else None
    digits = "".join(token.value for token in section if token.kind in ("digit", "power") or token == _Token("sign", "."))
    match = re.fullmatch(r"0(?:\.(0+))?E[+-](0+)", digits, re.I)
    if match is None or any(token.kind not in ("digit", "power", "sign") for token in section):
        return None
    mantissa, _, power = f"{number:.{len(match[1] or '')}E}".partition("E")
    return f"{mantissa}E{power[0]}{power[1:].zfill(len(match[2]))}"


def _figured(section: Sequence[_Token], number: Decimal) -> str:
    """A number laid over the places for its digits."""
    digits = [i for i, token in enumerate(section) if token.kind == "digit"]
    if not digits:
        return "".join("%" if token == _Token("sign", "%") else _literal(token) for token in section)
    point = next((i for i, token in enumerate(section) if token == _Token("sign", ".")), len(section))
    whole = [i for i in digits if i < point]
    after = [i for i in digits if i > point]
    last = whole[-1] if whole else -1
    scale = max(_commas(section, end) for end in (last, digits[-1]) if end >= 0)
    grouped = any(token == _Token("sign", ",") for token in section[whole[0] : last]) if whole else False
    number = number.scaleb(2 * sum(token == _Token("sign", "%") for token in section) - 3 * scale)
    rounded = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    before, _, fraction = f"{rounded:f}".partition(".")
    laid = _laid([section[i].value for i in whole], before.lstrip("0"), grouped)
    shown = dict(zip(whole, laid, strict=True))
    for place in reversed(range(len(after))):
        optional = section[after[place]].value != "0"
        fraction = fraction[:place] if optional and len(fraction) == place + 1 and fraction[place] == "0" else fraction
    shown.update((i, fraction[place] if place < len(fraction) else "") for place, i in enumerate(after))
    start = "" if whole else before.lstrip("0")
    marks = dict.fromkeys((point,), start + ".") | {i: "%" for i, token in enumerate(section) if token == _Token("sign", "%")}
    return "".join(shown[i] if i in shown else marks.get(i) or _literal(token) for i, token in enumerate(section))


def _commas(section: Sequence[_Token], end: int) -> int:
    """How many commas follow the last place of a digit: each divides by a thousand."""
    return next((i for i, token in enumerate(section[end + 1 :]) if token != _Token("sign", ",")), len(section) - end - 1)


def _laid(places: Sequence[str], digits: str, grouped: bool) -> list[str]:
    """The digits before the point, one to a place from the right; the leftmost place has the rest."""
    needed = len(places) - places.index("0") if "0" in places else 0
    digits = digits.zfill(needed) if needed else digits
    shown: list[str] = []
    for position in range(len(places)):
        left = len(places) - position
        take = digits[: max(0, len(digits) - left + 1)] if position == 0 else digits[len(digits) - left : len(digits) - left + 1]
        if position and left > len(digits):
            take = ""
        shown.append(take)
    if not grouped:
        return shown
    rest = len(digits)
    for position, take in enumerate(shown):
        marked = ""
        for digit in take:
            marked += digit + ("," if rest > 1 and (rest - 1) % 3 == 0 else "")
            rest -= 1
        shown[position] = marked
    return shown


def _dated(section: Sequence[_Token], number: Decimal, base_1904: bool, chinese: bool) -> str:
    """A number of days as the date and time that it stands for."""
    fine = any(token.kind == "date" and "." in token.value for token in section)
    seconds = (number * 86400).quantize(Decimal("0.001") if fine else Decimal(1), ROUND_HALF_UP)
    start = datetime(1904, 1, 1) if base_1904 else datetime(1899, 12, 30) if number >= 60 else datetime(1899, 12, 31)
    moment = start + timedelta(milliseconds=int(seconds * 1000))
    half = any(token.kind == "half" for token in section)
    shown = []
    for i, token in enumerate(section):
        if token.kind == "date":
            letters = token.value.lower()
            if letters[0] == "m" and len(letters) < 3 and _is_minute(section, i):
                letters = "n" * len(letters)
            shown.append(_part(letters, moment, half, chinese))
        elif token.kind == "bracket" and _ELAPSED.fullmatch(token.value):
            unit = {"h": 3600, "m": 60, "s": 1}[token.value[0].lower()]
            shown.append(str(int(seconds) // unit).zfill(len(token.value)))
        elif token.kind == "half":
            shown.append(token.value.split("/")[moment.hour >= 12])
        else:
            shown.append(token.value if token.kind == "sign" else _literal(token))
    return "".join(shown)


def _is_minute(section: Sequence[_Token], place: int) -> bool:
    """Whether m stands for minutes: right after hours or right before seconds."""
    units = [
        (i, token.value[0].lower())
        for i, token in enumerate(section)
        if token.kind == "date" or (token.kind == "bracket" and _ELAPSED.fullmatch(token.value))
    ]
    order = [i for i, _ in units].index(place)
    return (order > 0 and units[order - 1][1] == "h") or (order + 1 < len(units) and units[order + 1][1] == "s")


def _part(letters: str, moment: datetime, half: bool, chinese: bool) -> str:
    """One part of a date: yyyy, m, dd, aaaa (the day of the week), hh, n (minutes), ss.00."""
    kind, length = letters[0], len(letters)
    if kind in "ye":
        year = f"{moment.year:04}" if length > 2 or kind == "e" else f"{moment.year % 100:02}"
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in year) if chinese else year
    if kind == "a":
        return ("星期" if length > 3 else "") + _WEEK[moment.weekday()]
    if length > 2 and kind in "md":
        name = _MONTHS[moment.month - 1] if kind == "m" else _DAYS[moment.weekday()]
        return name[:3] if length == 3 else name[:1] if length == 5 else name
    hour = moment.hour % 12 or 12 if half else moment.hour
    value = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[kind]
    whole, _, fraction = letters.partition(".")
    tail = "." + f"{moment.microsecond:06}"[: len(fraction)] if fraction else ""
    return han(value) if chinese else str(value).zfill(min(len(whole), 2)) + tail
