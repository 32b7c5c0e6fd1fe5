"""Dates and periods in every way that titles print them, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.fields.dates import day, periods
from ingest.fields.folding import fold
from ingest.model.document import Text


def text(printed: str) -> Text:
    """A text that stands at the beginning of a document."""
    return Text(printed, tuple(range(len(printed))))


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("“十一五”规划", 2006, 2010),
        ("“十二五”规划", 2011, 2015),
        ("“十三五”规划", 2016, 2020),
        ("“十四五”规划", 2021, 2025),
        ("“十五五”规划", 2026, 2030),
        ("“十六五”规划", 2031, 2035),
        ("十二五期间重点任务", 2011, 2015),
        ("2026—2030年行动方案", 2026, 2030),
        ("2024-26年行动方案", 2024, 2026),
        ("2026年至2030年行动方案", 2026, 2030),
    ],
)
def test_a_longer_period(printed: str, first: int, last: int) -> None:
    _, longer = periods(text(printed))
    assert longer is not None
    assert (longer.start, longer.end) == (date(first, 1, 1), date(last, 12, 31))


@pytest.mark.parametrize("printed", ["工作要点", "“十七五”规划", "2030—2026年", "2000—2090年", "十五项任务"])
def test_no_longer_period(printed: str) -> None:
    assert periods(text(printed))[1] is None


@pytest.mark.parametrize(
    ("printed", "year"), [("2026年工作要点", 2026), ("“十五五”开局 2026年度任务", 2026), ("2024—2026年行动方案2025年任务", 2025)]
)
def test_a_single_year(printed: str, year: int) -> None:
    single, _ = periods(text(printed))
    assert single is not None
    assert (single.start, single.end, single.label) == (date(year, 1, 1), date(year, 12, 31), f"{year}年")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2026年5月15日", date(2026, 5, 15)),
        ("2026.05.15", date(2026, 5, 15)),
        ("2026-5-5", date(2026, 5, 5)),
        ("2026/12/31", date(2026, 12, 31)),
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        ("二OO八年八月八日", date(2008, 8, 8)),
        ("一九九O年十月廿五日", date(1990, 10, 25)),
        ("2026年2月30日", None),
        ("2026年13月1日", None),
        ("第2026号", None),
    ],
)
def test_day(printed: str, expected: date | None) -> None:
    assert day(fold(printed)) == expected
