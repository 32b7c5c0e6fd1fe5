"""The codes of Word for kinds of numbers, as [MS-OSHARED] 2.2.1.3 has them, are those that counters write."""

from __future__ import annotations

import pytest

from ingest.readers.list_counters import ListCounters, ListLevel
from ingest.readers.word_processing.number_kinds import kind_of, pattern_of


@pytest.mark.parametrize(
    ("code", "third"),
    [
        (0, "3."),
        (1, "III."),
        (2, "iii."),
        (3, "C."),
        (4, "c."),
        (11, "三."),
        (14, "３."),
        (18, "③."),
        (19, "３."),
        (22, "03."),
        (26, "⒊."),
        (27, "⑶."),
        (28, "③."),
        (30, "丙."),
        (37, "三."),
        (38, "叁."),
        (39, "三."),
        (99, "3."),
    ],
)
def test_kind_is_written_by_the_counters(code: int, third: str) -> None:
    counters, levels = ListCounters(), {0: ListLevel(kind_of(code), pattern_of("\x00."), 1)}
    assert [counters.label("1", 0, levels, None) for _ in range(3)][2] == third


def test_bullets_and_no_numbers_are_known_as_such() -> None:
    assert (kind_of(23), kind_of(255)) == ("bullet", "none")


@pytest.mark.parametrize(("text", "pattern"), [("\x08", "%9"), ("\x09", "\x09"), ("第\x00章", "第%1章")])
def test_pattern(text: str, pattern: str) -> None:
    assert pattern_of(text) == pattern
