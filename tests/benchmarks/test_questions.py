"""Generated questions are answered as plain sets answer them, or asked back; with a word that nobody knows they are declined."""

from __future__ import annotations

import asyncio
from collections import Counter

from pyoxigraph import Store

from benchmarks.frames import BY_NAME, FRAMES
from benchmarks.questions import run


def test_generated_questions_are_right_or_asked_back_and_mutants_are_not_the_same(dataset: Store) -> None:
    found = asyncio.run(run(dataset, 300, seed=7))
    assert [each for each in found if each[2]] == []
    counts = Counter(case for case, _, _ in found)
    assert counts["right"] >= 290
    assert counts["unknown word"] == 300
    assert counts["operator"] >= 200


def test_each_frame_has_both_languages_and_a_frame_that_its_operator_makes_of_it() -> None:
    assert len(BY_NAME) == len(FRAMES) >= 30
    for frame in FRAMES:
        assert frame.zh, frame.name
        assert frame.en, frame.name
        assert not frame.swapped or frame.swapped in BY_NAME
