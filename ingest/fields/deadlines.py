"""Printed time limits -> the date, the year or the kind of endurance they mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from ingest.fields.folding import bare, squeeze
from ingest.fields.numerals import number
from ingest.model.document import Text
from ingest.model.records import Deadline, Horizon

_YEAR = r"(?:(?P<year>20\d\d|[二〇○零一三四五六七八九]{4})年|(?P<this>当年|本年|今年|年)?)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])月"
_DATE = re.compile(
    rf"{_YEAR}(?:"
    rf"{_MONTH}(?:(?P<day>[12]\d|3[01]|0?[1-9])[日号]|(?P<part>上旬|中旬|下旬|初|中)|(?P<monthend>底|末))?"
    r"|(?:第?(?P<quarter>[一二三四1-4])季度)(?P<qend>[末底])?"
    r"|(?P<half>[上下])半年(?P<hend>[末底])?"
    r"|(?P<yearend>[底末终])"
    r")(?:之?前|以前|完成)?"
)
_DOTTED = re.compile(r"(?P<year>20\d\d)[./-](?P<month>1[0-2]|0?[1-9])(?:[./-](?P<day>[12]\d|3[01]|0?[1-9]))?(?!\d)")
_ONGOING = re.compile("持续|常态|全年推进|滚动|不断|实时|按月|按季|每月|每季|每年|定期|适时|贯穿|随时|经常")
_LONG = re.compile("长期|坚持")
_WHOLE = re.compile(
    r"(?:(?P<year>20\d\d)年?(?:度|内|全年)?|年内|全年|年度内?|当年(?:度|内)?|本年度?内?|今年(?:内)?)(?:完成|实现|推进|落实|前)?"
)
_DONE = re.compile(r"(?:年内|全年|当年|本年度?内?|年度内?)(?:全部|基本|全面)?(?:完成|实现|建成|落实)")
_PLAIN_YEAR = re.compile(r"(?P<a>20\d\d)年?(?:-|~|至|到)(?P<b>20\d\d)年?")
HINT = re.compile(r"\d+月|季度|半年|年底|年末|年内|全年|持续|长期|常态|20\d\d年|当年")


def deadline(text: Text, horizon: Horizon | None) -> Deadline | None:
    """What a printed time limit means; a year that is not printed is the year of the horizon.

    >>> deadline(Text.at_offset("2025年6月底前", 0), None).date
    datetime.date(2025, 6, 30)
    """
    clean = squeeze(text)
    value = bare(clean.value)
    if not value or value in ("-", "/", "无"):
        return None
    base = horizon.end.year if horizon is not None else None
    dates = [
        found for match in (*_DATE.finditer(value), *_DOTTED.finditer(value)) if match.group() and (found := _date(match, base)) is not None
    ]
    if dates:
        return Deadline(clean, "by", max(dates), *_period(value, max(dates)))
    span = _PLAIN_YEAR.search(value)
    if span is not None:
        return Deadline(clean, "year", None, date(int(span["a"]), 1, 1), date(int(span["b"]), 12, 31))
    done = _DONE.search(value)
    if done is not None and base is not None:
        return Deadline(clean, "year", None, date(base, 1, 1), date(base, 12, 31))
    if _LONG.search(value):
        return Deadline(clean, "long_term")
    if _ONGOING.search(value):
        return Deadline(clean, "ongoing")
    whole = _WHOLE.fullmatch(value) or _WHOLE.search(value)
    year = int(whole["year"]) if whole is not None and whole["year"] else base
    if whole is not None and year is not None:
        return Deadline(clean, "year", None, date(year, 1, 1), date(year, 12, 31))
    return Deadline(clean, "unknown")


def _date(match: re.Match[str], base: int | None) -> date | None:
    groups = match.groupdict()
    year = _year(groups.get("year")) or base
    if year is None:
        return None
    if groups.get("month"):
        month = int(number(groups["month"]) or 0)
        day = groups.get("day")
        part = groups.get("part")
        if day is not None:
            last = min(int(day), monthrange(year, month)[1])
        elif part in ("上旬", "初"):
            last = 10
        elif part in ("中旬", "中"):
            last = 20
        else:
            last = monthrange(year, month)[1]
        return date(year, month, last)
    if groups.get("quarter"):
        month = 3 * int(number(groups["quarter"]) or 0)
        return date(year, month, monthrange(year, month)[1])
    if groups.get("half"):
        return date(year, 6, 30) if groups["half"] == "上" else date(year, 12, 31)
    if groups.get("yearend"):
        return date(year, 12, 31)
    return None


def _period(value: str, end: date) -> tuple[date | None, date | None]:
    """The period a quarter or a half-year names without 前."""
    if re.fullmatch(r"(?:20\d\d年)?第?[一二三四1-4]季度(?:内|完成)?", value):
        return date(end.year, end.month - 2, 1), end
    if re.fullmatch(r"(?:20\d\d年)?[上下]半年(?:内|完成)?", value):
        return date(end.year, 1 if end.month == 6 else 7, 1), end
    return None, None


def _year(written: str | None) -> int | None:
    if not written:
        return None
    value = number(written)
    return None if value is None else int(value)
