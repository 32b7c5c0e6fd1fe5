"""Words of an automaton in a text: from left to right, the longest first, Latin ones alone only."""

from __future__ import annotations

import pytest
from ahocorasick_rs import AhoCorasick

from ingest.dictionary_matcher import comparable, spans

WORDS = ["ai", "人工智能", "智能", "5g", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ai", [(0, 2, "ai")]),
        ("用ai做", [(1, 3, "ai")]),
        ("aigc", []),
        ("xai", []),
        ("ai5g", []),
        ("ai、5g", [(0, 2, "ai"), (3, 5, "5g")]),
        ("5g网", [(0, 2, "5g")]),
        ("15g", []),
        ("5gb", []),
        ("人工智能", [(0, 4, "人工智能"), (2, 4, "智能")]),
        ("智能a", [(0, 2, "智能"), (2, 3, "a")]),
        ("a智能", [(0, 1, "a"), (1, 3, "智能")]),
        ("无", []),
    ],
)
def test_words_are_found_where_they_stand_alone(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert [(start, end, WORDS[index]) for start, end, index in spans(AhoCorasick(WORDS), text)] == expected


def test_of_words_at_one_place_the_longest_comes_first() -> None:
    assert [text[1] for text in spans(AhoCorasick(["国", "国家", "国家级"]), "国家级")] == [3, 2, 1]


@pytest.mark.parametrize(("text", "expected"), [("ＡＩ", "ai"), ("É", "É"), ("Ａ４ 纸", "a4 纸"), ("", "")])
def test_width_and_case_of_ascii_make_no_difference(text: str, expected: str) -> None:
    assert comparable(text) == expected
    assert len(comparable(text)) == len(text)
