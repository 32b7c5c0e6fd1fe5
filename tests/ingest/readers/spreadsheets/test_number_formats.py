"""A number of a sheet is read as the sheet shows it; a format that is not understood is None and never a wrong figure."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.spreadsheets.number_formats import BUILT_IN, general, plain, printed, printed_text

DAY = datetime(1899, 12, 30)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.855, "0.0%", "85.5%"),
        (0.855, "0%", "86%"),
        (1234567.5, "#,##0", "1,234,568"),
        (1234567, "#,##0,", "1,235"),
        (-5, '0"家"', "-5家"),
        (-0.2, "0", "0"),
        (0, '0;-0;"无"', "无"),
        (5, '[>=10]"多";"少"', "少"),
        (12, '[>=10]"多";"少"', "多"),
        (7, "000", "007"),
        (1.5, "0.##", "1.5"),
        (2, "0.##", "2."),
        (45809.5, "yyyy/m/d h:mm", "2025/6/1 12:00"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
        (1.25, "[h]:mm", "30:00"),
        (46023, "aaaa", "星期四"),
        (12, "[DBNum1]0", "十二"),
        (12, "[DBNum2]0", None),
        (0.5, "# ?/?", None),
        (-1, "yyyy/m/d", None),
        (1, "0" * 300, None),
    ],
)
def test_a_number_is_shown_as_its_sheet_shows_it(value: float, code: str, shown: str | None) -> None:
    assert printed(value, code) == shown


@given(st.integers(min_value=61, max_value=2_958_465))
def test_any_day_is_the_day_that_it_stands_for(days: int) -> None:
    day = DAY + timedelta(days=days)
    assert printed(days, 'yyyy"年"m"月"d"日"') == f"{day.year}年{day.month}月{day.day}日"
    assert printed(days - 1462, "yyyy-mm-dd", base_1904=True) in (f"{day:%Y-%m-%d}", None)


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_any_whole_number_keeps_its_digits(number: int) -> None:
    assert plain(number) == general(Decimal(number)) == str(number)
    assert str(printed(number, "#,##0")).replace(",", "") == str(number)


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=40))
def test_no_code_breaks_it(number: float, code: str) -> None:
    assert isinstance(printed(number, code), str | None)
    assert isinstance(printed_text("市科委", code), str)


def test_codes_that_a_file_names_by_number_are_understood_or_known_not_to_be() -> None:
    refused = {number for number, code in BUILT_IN.items() if printed(45809.5, code) is None}
    assert refused == {12, 13, 48}
