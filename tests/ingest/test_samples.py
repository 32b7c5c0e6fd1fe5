"""The sample documents, in four formats, against their answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.score_samples import FIELDS, Tally, score

SAMPLES = Path(__file__).parents[1] / "data/samples"


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return score(SAMPLES)


def test_finds_all_four_documents(tallies: dict[str, Tally]) -> None:
    assert tallies["title"].gold == 4
    assert tallies["tasks"].gold == 58


@pytest.mark.parametrize("field", FIELDS)
def test_field_reaches_the_mark(tallies: dict[str, Tally], field: str) -> None:
    assert tallies[field].f1 >= 0.97, tallies[field].wrong


def test_macro_mean_reaches_the_mark(tallies: dict[str, Tally]) -> None:
    assert sum(tally.f1 for tally in tallies.values()) / len(tallies) >= 0.97
