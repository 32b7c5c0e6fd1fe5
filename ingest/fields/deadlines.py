"""Printed time limits -> the dates, the years or the kinds of endurance they mean, each with its own characters.

A year that is not printed is supplied by an :class:`ElidedYear`, and the limit then names the rule by which it was read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ingest.fields.dates import PLAN_START
from ingest.fields.folding import bare, fold, pieces, squeeze
from ingest.fields.numerals import number
from ingest.model.document import Text
from ingest.model.records import Deadline, Horizon

_YEAR = (
    r"(?:(?P<year>20\d\d|(?<!\d)2\d(?=年(?:1?\d月|[底末上下]|第?[一二三四1-4]季))|[二〇○零一三四五六七八九]{4})年"
    r"|(?P<this>当年|本年|今年|明年|次年|翌年|(?<![每去上前明次翌后])年)?)"
)
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])月"
_POINT = re.compile(
    rf"{_YEAR}(?:"
    rf"{_MONTH}(?:(?P<day>[12]\d|3[01]|0?[1-9])[日号]|(?P<part>上旬|中旬|下旬|初|中)|(?P<monthend>底|末))?"
    r"|(?:第?(?P<quarter>[一二三四1-4])季度)(?P<qend>[末底])?"
    r"|(?P<half>[上下])半年(?P<hend>[末底])?"
    r"|(?P<yearend>[底末终])"
    r")(?:之?前|以前|完成)?"
)
_DOTTED = re.compile(r"(?<!\d)(?P<year>20\d\d)[./-](?P<month>1[0-2]|0?[1-9])(?:[./-](?P<day>[12]\d|3[01]|0?[1-9]))?(?![\d年])")
_FROM = re.compile(
    r"(?:(?P<fyear>20\d\d)年)?(?P<fmonth>1[0-2]|0?[1-9])(?:月(?:(?P<fday>[12]\d|3[01]|0?[1-9])[日号])?)?(?:起)?[-~至到]"
    r"(?=(?:20\d\d年|当年|本年)?(?:1[0-2]|0?[1-9])月)"
)
_SINCE = re.compile(r"(?:从|自)?(?P<y>20\d\d)年(?:(?P<m>1[0-2]|0?[1-9])月)?(?:(?P<d>[12]\d|3[01]|0?[1-9])[日号])?起(?![-~至到])")
_RECURRING = re.compile(r"每(?:半?年|季度?|两?个?月|周|两年|学期)")
_ONGOING = re.compile("持续|常态|全年推进|滚动|不断|实时|按月|按季|每月|每季|每年|每周|每半年|每学期|定期|适时|贯穿|随时|经常")
_LONG = re.compile("长期|坚持")
# 年内, and none of 三年内 or 5年内, which say how long and not until when.
_IN_YEAR = "(?<![\\d〇零一二三四五六七八九十两几数多])年内"
_WHOLE = re.compile(
    rf"(?:(?P<year>20\d\d)年?(?:度|内|全年)?|{_IN_YEAR}|全年|年度内?|当年(?:度|内)?|本年度?内?|今年(?:内)?)(?:完成|实现|推进|落实|前)?"
)
_DONE = re.compile(rf"(?:{_IN_YEAR}|全年|当年|本年度?内?|年度内?)(?:全部|基本|全面)?(?:完成|实现|建成|落实)")
_YEARS = re.compile(r"(?P<a>20\d\d)年?(?:-|~|至|到)(?P<b>20\d\d|\d\d(?=年))年?(?P<end>[底末])?")
_UNTIL = re.compile(r"(?<!截)(?:到|至)(?P<y>20\d\d)年(?!\d|以?来|[上下]半年|第?[一二三四]季度)")
_PLAN_END = re.compile(r"[“\"]?(?P<n>十[一二三四五六])[“”\"]?五[”\"]?(?:规划|时期|计划)?(?P<end>末|期末|时期末|(?:时期|期间)?结束时)")
HINT = re.compile(
    r"\d+月|季度|半年|年底|年末|年内|全年|持续|长期|常态|20\d\d年|当年|[一二三四五六七八九十]月底?前|十[一二三四五六]”?五”?期?末"
)


@dataclass(frozen=True, slots=True)
class ElidedYear:
    """The year that limits without one mean, by which rule; ``not_before`` is the day before which none can lie."""

    year: int
    rule: str
    not_before: date | None = None


def elided_year(horizon: Horizon | None, written: date | None) -> ElidedYear | None:
    """The one year of a document: that its title prints, else that of the day it was made, else none.

    >>> elided_year(None, date(2024, 3, 1))
    ElidedYear(year=2024, rule='year-of-notice-date', not_before=datetime.date(2024, 3, 1))
    """
    if horizon is not None:
        return ElidedYear(horizon.end.year, "year-of-period") if horizon.start.year == horizon.end.year else None
    return ElidedYear(written.year, "year-of-notice-date", written) if written is not None else None


def _plain(pattern: re.Pattern[str]) -> str:
    """The pattern without the names of its groups."""
    return re.sub(r"[?]P<[a-z]+>", "?:", pattern.pattern)


def deadline(text: Text, year: ElidedYear | None) -> Deadline | None:
    """What a printed time limit means as a whole: of several dates the last.

    >>> deadline(Text.at_offset("2025年6月底前", 0), None).date
    datetime.date(2025, 6, 30)
    """
    clean = squeeze(text)
    value = bare(clean.value)
    if not value or value in ("-", "/", "无"):
        return None
    dates = list(_dates(value, year))
    if dates:
        due, rule = max(dates, key=lambda one: one[0])
        return Deadline(clean, "by", due, *_period(value, due), rule=rule)
    limit = _stretch(clean, value, year)
    if limit is not None:
        return limit
    if any(match.group() for match in _POINT.finditer(value)):
        return Deadline(clean, "by")  # a month of a year that nothing prints
    return Deadline(clean, "unknown")


def _stretch(clean: Text, value: str, year: ElidedYear | None) -> Deadline | None:
    """A limit that is no day: a span of years, a whole year, or no end at all."""
    span = _YEARS.search(value)
    if span is not None:
        last = int(span["b"]) if len(span["b"]) == 4 else int(span["a"]) // 100 * 100 + int(span["b"])
        return Deadline(clean, "year", None, date(int(span["a"]), 1, 1), date(last, 12, 31)) if last >= int(span["a"]) else None
    if _DONE.search(value) is not None:
        return _within_year(clean, year)
    if _LONG.search(value):
        return Deadline(clean, "long_term")
    if _ONGOING.search(value) or _RECURRING.search(value):
        return Deadline(clean, "ongoing")
    since = _SINCE.search(value)
    if since is not None:
        return Deadline(clean, "ongoing", None, date(int(since["y"]), int(since["m"] or 1), min(int(since["d"] or 1), 28)))
    whole = _WHOLE.fullmatch(value) or _WHOLE.search(value)
    if whole is not None and whole["year"]:
        return Deadline(clean, "year", None, date(int(whole["year"]), 1, 1), date(int(whole["year"]), 12, 31))
    return _within_year(clean, year) if whole is not None else None


def _within_year(clean: Text, year: ElidedYear | None) -> Deadline:
    if year is None:
        return Deadline(clean, "year")
    return Deadline(clean, "year", None, date(year.year, 1, 1), date(year.year, 12, 31), rule=year.rule)


def limits(text: Text, year: ElidedYear | None) -> tuple[Deadline, ...]:
    """The time limits of one phrase, each with its own characters; a year printed in the phrase holds for what follows it.

    >>> [(d.text.value, str(d.date)) for d in limits(Text.at_offset("2025年6月底前出台方案，12月底前建成", 0), None)]
    [('2025年6月底前出台方案', '2025-06-30'), ('12月底前建成', '2025-12-31')]
    """
    clean = squeeze(text)
    parts = list(_parted(clean))
    if len(parts) < 2:
        one = deadline(clean, year)
        return (one,) if one is not None else ()
    found: list[Deadline] = []
    known = year
    for part in parts:
        one = deadline(part, known)
        if one is not None:
            found.append(one)
        printed = re.search(r"(20\d\d)年", fold(part.value))
        known = ElidedYear(int(printed[1]), "") if printed is not None else known
    return tuple(replace(one, rule=one.rule or None) for one in found)


_EXPRESSION = re.compile(
    rf"{_plain(_FROM)}{_plain(_POINT)}|{_plain(_YEARS)}"
    rf"|{_plain(_POINT)}|{_plain(_DOTTED)}|{_IN_YEAR}|全年|长期|持续|常态化?|{_RECURRING.pattern}"
)


def _parted(clean: Text) -> Iterator[Text]:
    """The phrase cut so that each part has one expression of time; what follows an expression stays with it."""
    folded = fold(clean.value)
    starts = [match.start() for match in _EXPRESSION.finditer(folded) if match.group()]
    cuts = [0]
    for before, start in pairwise(starts):
        if _RECURRING.match(folded[before:]) and not re.search("[,;、。]", folded[before:start]):
            continue
        between = folded[before:start]
        stop = max(between.rfind(mark) for mark in ",;、。和及")
        if stop >= 0:
            cuts.append(before + stop + 1)
        elif re.match(r"20\d\d年", folded[start:]) and not re.search(r"[-~至到起]$", between):
            cuts.append(start)
    for start, end in pairwise((*cuts, len(clean))):
        part = clean[start:end].strip(" ,;、。和及，；")
        if part:
            yield part


_MARKED = re.compile(
    rf"(?P<range>{_plain(_FROM)})?(?P<point>{_plain(_POINT)})"
    rf"|(?P<until>{_plain(_UNTIL)})|(?P<plan>{_plain(_PLAN_END)})|(?P<within>20\d\d年内|{_IN_YEAR})"
)
_BOUND = re.compile(r"(?:前|[底末])(?:完成)?$")
_OPENS = re.compile(r"(?:^|[,。;:!、\s(]|力争|争取|确保|计划|拟|预计|于|在|并|到|至)$")
_ACTS = re.compile(
    r"(?:力争|争取|确保|计划|要|实现|完成|建成|出台|印发|制定|启动|开工|竣工|投产|上线|发布|举办|开展|组织|推出|编制|基本|全面|全部|初步|形成)"
)
_PAST = re.compile(r"(?:截至|去|上|前|截止|比|较|以|自|从|同比|现有|现状|基准|由)$")


def stated_limits(text: Text, part: str, year: ElidedYear | None) -> Iterator[Deadline]:
    """The time limits that the words of a commitment state: 到2025年, 2026年6月底前, 年内, 第三季度完成.

    >>> [(d.text.value, str(d.date)) for d in stated_limits(Text.at_offset("到2025年，建成3个；2026年6月底前验收。", 0), "text", None)]
    [('到2025年', '2025-12-31'), ('2026年6月底前', '2026-06-30')]
    >>> list(stated_limits(Text.at_offset("落实《2025年底前工作安排》，截至2024年底已建成5个。", 0), "text", None))
    []
    """
    folded = _without_titles(fold(text.value))
    for match in _MARKED.finditer(folded):
        if not match.group():
            continue
        before, after = folded[: match.start()], folded[match.end() :]
        printed = text[match.start() : match.end()]
        if (
            _PAST.search(before)
            or after.startswith(("以来", "起", "相比", "的", "数据", "水平"))
            or _RECURRING.search(folded[max(0, match.start() - 2) : match.end()])
        ):
            continue
        if match["plan"] and (end := _plan_end(match["plan"])) is not None:
            yield Deadline(printed, "by", end, part=part)
        elif match["until"]:
            ends = re.search(r"20\d\d", match["until"])
            assert ends is not None
            yield Deadline(printed, "by", date(int(ends.group()), 12, 31), part=part)
        elif match["within"] or _bounds(match, before, after):
            one = deadline(printed, _nearest_year(before) or year)
            if one is not None and one.type in ("by", "year"):
                yield replace(one, part=part, rule=one.rule or None)


def _bounds(match: re.Match[str], before: str, after: str) -> bool:
    """Whether a point in time bounds what is promised: it ends in 前, 底 or 末, or opens a clause and a deed follows."""
    point = match["point"]
    if "已" in re.split("[,。;]", after)[0]:
        return False
    if _BOUND.search(point):
        return point not in ("终", "末", "底", "底前", "末前")
    return (
        bool(_OPENS.search(before)) and (point.endswith("完成") or bool(_ACTS.match(after.lstrip(",")))) and point not in ("终", "底", "末")
    )


def _nearest_year(before: str) -> ElidedYear | None:
    """The year printed earlier in the same sentence."""
    years = re.findall(r"(20\d\d)年", re.split("[。;]", before)[-1])
    return ElidedYear(int(years[-1]), "") if years else None


def _without_titles(folded: str) -> str:
    return re.sub(r"《[^》]*》", lambda match: "\0" * len(match.group()), folded)


def _plan_end(printed: str) -> date | None:
    match = _PLAN_END.search(printed)
    return date(PLAN_START[match["n"]] + 4, 12, 31) if match is not None else None


def _dates(value: str, year: ElidedYear | None) -> Iterator[tuple[date, str | None]]:
    """The dates printed in a phrase, each with the rule that supplied its year, if one did."""
    plan = _plan_end(value)
    if plan is not None:
        yield plan, None
    until = _UNTIL.search(value)
    if until is not None:
        yield date(int(until["y"]), 12, 31), None
    since = _SINCE.search(value)
    for match in (*_POINT.finditer(value), *_DOTTED.finditer(value)):
        opened = re.split("[,;、。]", value[: match.start()])[-1]
        if not match.group() or _RECURRING.search(opened + match.group()[:1]) or (since and since.start() <= match.start() < since.end()):
            continue
        printed = _year(match.groupdict().get("year"))
        if printed is not None:
            yield _date(match, printed), None
        elif year is not None and not value[: match.start()].endswith(("每", "每年", "去年", "上年", "前年", "后年")):
            due = _date(match, year.year + (match.groupdict().get("this") in ("明年", "次年", "翌年")))
            if year.not_before is None or due >= year.not_before:
                yield due, year.rule


def _date(match: re.Match[str], year: int) -> date:
    groups = match.groupdict()
    if groups.get("month"):
        month = int(number(groups["month"]) or 0)
        last = monthrange(year, month)[1]
        day = int(groups["day"]) if groups.get("day") else {"上": 10, "初": 10, "中": 20}.get((groups.get("part") or "末")[0], last)
        return date(year, month, min(day, last))
    if groups.get("quarter"):
        month = 3 * int(number(groups["quarter"]) or 0)
        return date(year, month, monthrange(year, month)[1])
    return date(year, 6, 30) if groups.get("half") == "上" else date(year, 12, 31)


def _period(value: str, end: date) -> tuple[date | None, date | None]:
    """The period that a quarter, a half-year or a span of months names without 前."""
    if re.fullmatch(r"(?:20\d\d年)?第?[一二三四1-4]季度(?:内|完成)?", value):
        return date(end.year, end.month - 2, 1), end
    if re.fullmatch(r"(?:20\d\d年)?[上下]半年(?:内|完成)?", value):
        return date(end.year, 1 if end.month == 6 else 7, 1), end
    span = _FROM.search(value)
    if span is not None:
        first = date(int(span["fyear"] or end.year), int(span["fmonth"]), min(int(span["fday"] or 1), 28))
        return (first, end) if first <= end else (None, None)
    return None, None


def _year(written: str | None) -> int | None:
    value = number(written) if written else None
    return None if value is None else int(value) + (2000 if value < 100 else 0)


def phrases(text: Text) -> Iterator[Text]:
    """The lines and sentences of a cell of time limits."""
    for part in pieces(text, re.compile(r"[\n。;]")):
        clean = part.strip()
        if clean:
            yield clean
