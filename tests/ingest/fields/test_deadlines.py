"""Printed time limits, and what looks like one."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.fields.deadlines import ElidedYear, deadline, elided_year, limits, stated_limits
from ingest.model.document import Text
from ingest.model.records import Horizon

YEAR = ElidedYear(2025, "year-of-period")


def told(said: str, year: ElidedYear | None = YEAR) -> list[tuple[str, str, str]]:
    found = limits(Text.at_offset(said, 7), year)
    for one in found:
        assert said[one.text.start - 7 : one.text.end - 7].replace("\n", "") == one.text.value
    return [(one.text.value, one.type, str(one.date or one.end or "")) for one in found]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("2025年6月底前", [("2025年6月底前", "by", "2025-06-30")]),
        ("１２月底前", [("１２月底前", "by", "2025-12-31")]),
        ("3月底前出台方案，年内持续推进", [("3月底前出台方案", "by", "2025-03-31"), ("年内持续推进", "ongoing", "")]),
        (
            "2025年6月底前完成一期，2026年底前完成二期",
            [("2025年6月底前完成一期", "by", "2025-06-30"), ("2026年底前完成二期", "by", "2026-12-31")],
        ),
        ("2024年6月底前、12月底前各报一次", [("2024年6月底前", "by", "2024-06-30"), ("12月底前各报一次", "by", "2024-12-31")]),
        (
            "2025年6月底前完成一期\n2026年底前完成二期",
            [("2025年6月底前完成一期", "by", "2025-06-30"), ("2026年底前完成二期", "by", "2026-12-31")],
        ),
        ("每季度调度，年底前完成", [("每季度调度", "ongoing", ""), ("年底前完成", "by", "2025-12-31")]),
        ("每年12月底前", [("每年12月底前", "ongoing", "")]),
        ("3—11月", [("3—11月", "by", "2025-11-30")]),
        ("2023-2025年", [("2023-2025年", "year", "2025-12-31")]),
        ("“十四五”末", [("“十四五”末", "by", "2025-12-31")]),
        ("二〇二六年三月底前", [("二〇二六年三月底前", "by", "2026-03-31")]),
        ("25年9月底前", [("25年9月底前", "by", "2025-09-30")]),
        ("明年6月底前", [("明年6月底前", "by", "2026-06-30")]),
        ("长期坚持", [("长期坚持", "long_term", "")]),
        ("自2025年7月起", [("自2025年7月起", "ongoing", "")]),
        ("印发后3个月内", [("印发后3个月内", "unknown", "")]),
    ],
)
def test_each_limit_of_a_phrase(said: str, answer: list[tuple[str, str, str]]) -> None:
    assert told(said) == answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("到2025年，建成3个；2026年6月底前验收。", [("到2025年", "2025-12-31", None), ("2026年6月底前", "2026-06-30", None)]),
        ("年底前完成改造", [("年底前", "2025-12-31", "year-of-period")]),
        ("第三季度完成编制", [("第三季度完成", "2025-09-30", "year-of-period")]),
        ("到“十四五”末，达到80%", [("“十四五”末", "2025-12-31", None)]),
        ("2026年建成一期，12月底前投用", [("12月底前", "2026-12-31", None)]),
        ("确保年内开工", [("年内", "2025-12-31", "year-of-period")]),
    ],
)
def test_limits_in_the_words_of_a_task(said: str, answer: list[tuple[str, str, str | None]]) -> None:
    found = stated_limits(Text.at_offset(said, 0), "text", YEAR)
    assert [(one.text.value, str(one.date or one.end), one.rule) for one in found] == answer


@pytest.mark.parametrize(
    "said",
    [
        "截至2024年底已建成5个",
        "较2020年底提高5%",
        "2025年新增就业2000人",
        "全年召开4次",
        "每年6月底前公布",
        "落实《2025年底前工作安排》",
        "去年底启动的项目",
        "自2023年起实施",
        "上半年的数据",
        "5月的活动",
        "建成2025年示范点",
    ],
)
def test_no_limit_is_made_of_other_dates(said: str) -> None:
    assert list(stated_limits(Text.at_offset(said, 0), "text", YEAR)) == []


def test_a_year_that_nothing_prints_is_not_invented() -> None:
    one = deadline(Text.at_offset("6月底前", 0), None)
    assert one is not None
    assert (one.type, one.date) == ("by", None)


def test_the_year_of_signature_counts_only_after_the_day_of_signature() -> None:
    year = elided_year(None, date(2018, 10, 21))
    assert year is not None
    before, after = (deadline(Text.at_offset(said, 0), year) for said in ("6月底前", "12月底前"))
    assert before is not None
    assert after is not None
    assert (before.date, after.date, after.rule) == (None, date(2018, 12, 31), "year-of-notice-date")


def test_a_period_of_several_years_supplies_no_year() -> None:
    printed = Text.at_offset("2023—2025年", 0)
    assert elided_year(Horizon(date(2023, 1, 1), date(2025, 12, 31), printed.value, printed), date(2023, 1, 5)) is None
