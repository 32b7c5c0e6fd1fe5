"""Numbers of lists are those that a word processor prints: by level, restarted below a higher one, in any of its styles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.list_counters import ListCounters, ListLevel, printed, roman

LEVELS = {0: ListLevel("chineseCounting", "%1、"), 1: ListLevel("decimal", "（%2）"), 2: ListLevel("decimal", "%1.%2.%3", 1)}


def labels(*depths: int) -> list[str]:
    counters = ListCounters()
    return [counters.label("list", depth, LEVELS) for depth in depths]


def test_lower_levels_begin_anew_below_a_higher_one() -> None:
    assert labels(0, 1, 1, 0, 1) == ["一、", "（1）", "（2）", "二、", "（1）"]


def test_a_pattern_may_name_the_levels_above() -> None:
    assert labels(0, 1, 2, 2, 1, 2)[2:] == ["一.1.1", "一.1.2", "（2）", "一.2.1"]


def test_lists_do_not_count_each_other_and_a_start_is_kept() -> None:
    counters = ListCounters()
    assert [counters.label(key, 1, LEVELS) for key in ("a", "b", "a")] == ["（1）", "（1）", "（2）"]
    assert [counters.label("a", 1, LEVELS, start) for start in (7, None)] == ["（7）", "（8）"]
    assert ListCounters().label("a", 0, {0: ListLevel("decimal", "%1.", 5)}) == "5."


@pytest.mark.parametrize("level", [ListLevel("bullet", "•"), ListLevel("none", "%1"), ListLevel("decimal", "")])
def test_what_prints_no_number_prints_none(level: ListLevel) -> None:
    assert ListCounters().label("a", 0, {0: level}) == ""
    assert ListCounters().label("a", 3, {0: level}) == ""


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("upperLetter", 28, "BB"),
        ("upperRoman", 1949, "MCMXLIX"),
        ("decimalFullWidth", 12, "１２"),
        ("ideographTraditional", 3, "丙"),
        ("ideographTraditional", 11, "11"),
        ("decimalEnclosedFullstop", 20, "⒛"),
        ("decimalEnclosedCircle", 200, "200"),
        ("chineseLegalSimplified", 10, "壹拾"),
        ("noSuchKind", 7, "7"),
    ],
)
def test_a_number_is_printed_as_its_kind_prints_it(kind: str, value: int, shown: str) -> None:
    assert printed(kind, value) == shown


@given(st.integers(min_value=1, max_value=3999))
def test_roman_figures_add_up(value: int) -> None:
    worth = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    digits = [worth[letter] for letter in roman(value)]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    assert sum(-digit if digit < after else digit for digit, after in pairs) == value
