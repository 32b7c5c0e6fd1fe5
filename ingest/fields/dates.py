"""Printed dates and periods -> dates, horizons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.fields.folding import fold
from ingest.fields.numerals import number
from ingest.model.document import Text
from ingest.model.records import Horizon

_Y = r"(?P<y>(?:19|20)\d\d|[一二三四五六七八九〇○零Oo]{4})"
DATE = re.compile(
    rf"{_Y}\s*(?:年|[./-])\s*(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*(?:月|[./-])\s*(?P<d>3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])\s*日?"
)
_RANGE = re.compile(r"(?P<a>20\d\d)\s*年?\s*(?:-|~|至|到)\s*(?P<b>20\d\d|\d\d(?!\d))\s*(?P<y>年)?")
_YEAR = re.compile(r"(?P<a>20\d\d)\s*年(?!\d)(?:度)?")
_PLAN = re.compile(r"[“\"]?(?P<n>十[一二三四五六])[“\"”]?\s*五|[“\"]?(?P<m>十[一二三四五六])五[”\"]?")
PLAN_START = {"十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031}


def day(folded: str) -> date | None:
    """The first date in a folded text.

    >>> day("二○一二年一月二十九日"), day("2026年5月15日")
    (datetime.date(2012, 1, 29), datetime.date(2026, 5, 15))
    """
    match = DATE.search(folded)
    if match is None:
        return None
    y, m, d = (number(match[part].replace("廿", "二十")) for part in ("y", "m", "d"))
    try:
        return date(int(y or 0), int(m or 0), int(d or 0))
    except ValueError:
        return None


def periods(text: Text) -> tuple[Horizon | None, Horizon | None]:
    """The single year and the longer period that a title names."""
    folded = fold(text.value)
    longer: Horizon | None = None
    span = _RANGE.search(folded)
    if span is not None:
        first = int(span["a"])
        last = int(span["b"]) if len(span["b"]) == 4 else first // 100 * 100 + int(span["b"])
        if last >= first and last - first < 30:
            printed = text[span.start() : span.end()]
            longer = Horizon(date(first, 1, 1), date(last, 12, 31), printed.value, printed)
    plan = _PLAN.search(folded)
    if longer is None and plan is not None:
        start = PLAN_START[plan["n"] or plan["m"]]
        printed = text[plan.start() : plan.end()].strip('“”"')
        longer = Horizon(date(start, 1, 1), date(start + 4, 12, 31), printed.value, printed)
    year = next((m for m in _YEAR.finditer(folded) if span is None or not span.start() <= m.start() < span.end()), None)
    if year is None:
        return None, longer
    printed = text[year.start() : year.end()]
    label = year["a"] + "年"
    return Horizon(date(int(year["a"]), 1, 1), date(int(year["a"]), 12, 31), label, printed), longer


_YEARLY = re.compile(
    r"(?:规划|纲要|计划|行动|方案)[^,。]{0,12}年度(?:推进|实施|工作|行动|任务|重点|落实)*(?:计划|方案|任务|要点|安排|清单|分工)"
)


def horizon_of(
    title: Text | None, notice: Text | None, named: Sequence[Text], heads: Sequence[Text]
) -> tuple[Horizon | None, Horizon | None]:
    """The period that a title or a column head prints, and that of the plan carried out; never one made of the day of signature."""
    year, longer = periods(title) if title is not None else (None, None)
    if title is not None and year is None and _YEARLY.search(fold(title.value)):
        longer = None  # “十四五”规划实施年度计划 is of one of those years
    elif year is None and longer is None and notice is not None:
        year, longer = periods(notice)
    if year is None and longer is not None:
        return longer, None
    if year is None:
        year = next((found for head in heads if (found := periods(head)[0]) is not None), None)
    if longer is None and year is not None:
        for name in named:
            period = periods(name)[1]
            if period is not None and period.start <= year.start and year.end <= period.end:
                return year, period
    return year, longer
