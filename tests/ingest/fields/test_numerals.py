"""Written numbers in every way that notices write them, and what is no number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.fields.numerals import CIRCLED, number, ordinal


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("二〇二六", "2026"),
        ("二零二六", "2026"),
        ("二○二六", "2026"),
        ("二O二六", "2026"),
        ("二OO八", "2008"),
        ("二o一o", "2010"),
        ("一九九O", "1990"),
        ("二十", "20"),
        ("十二", "12"),
        ("一百零五", "105"),
        ("一百O五", "105"),
        ("两千三百", "2300"),
        ("三万二千", "32000"),
        ("一亿零五万", "100050000"),
        ("壹佰贰拾", "120"),
        ("俩", "2"),
        ("1,200.5", "1200.5"),
        ("0.5", "0.5"),
        ("007", "7"),
    ],
)
def test_number(written: str, value: str) -> None:
    assert number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", ".", "1.2.3", "Q", "二Q二六", "O.5", "2O26", "十x", "-1", "¹", "٣"])
def test_what_is_no_number(written: str) -> None:
    assert number(written) is None


def test_ordinals() -> None:
    assert [ordinal(written) for written in CIRCLED] == list(range(1, 21))
    assert [ordinal(written) for written in ("1", "十一", "二十O", "")] == [1, 11, 20, None]
