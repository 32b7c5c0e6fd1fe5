"""What a reader judged holds of the graph of today, precision by property; what was read by hand in twelve tasks is there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from api.publication.publish import Built
from benchmarks.audit import PROPERTIES, VERDICTS, Fact, facts, judged, precision, sample

GOLD = Path(__file__).parents[1] / "data" / "gold" / "twelve_tasks.tsv"
EACH = 25
PRECISION = 0.98
"""Strict: what is arguable counts as wrong."""


@pytest.fixture(scope="module")
def every(notice: Built) -> list[Fact]:
    return list(facts(notice))


@pytest.fixture(scope="module")
def verdicts() -> dict[Fact, str]:
    return judged()


def test_verdicts_are_of_the_known_kinds(verdicts: dict[Fact, str]) -> None:
    assert set(verdicts.values()) <= set(VERDICTS)
    assert len(verdicts) > 300


@pytest.mark.parametrize("property_", PROPERTIES)
def test_a_seed_draws_the_same_and_a_lost_statement_moves_no_other(property_: str, every: list[Fact]) -> None:
    drawn = sample(every, property_, EACH, 1)
    assert drawn == sample(every, property_, EACH, 1)
    if drawn:
        without = [fact for fact in every if fact != drawn[0]]
        assert set(drawn[1:]) <= set(sample(without, property_, EACH, 1))


def test_precision_is_what_was_judged(every: list[Fact], verdicts: dict[Fact, str]) -> None:
    """Where too few are judged: python -m benchmarks.audit --unjudged, read, and add the verdicts to benchmarks/audit.tsv."""
    counts = precision(every, verdicts)
    for property_, found in counts.items():
        known = sum(found[verdict] for verdict in VERDICTS)
        assert known >= min(EACH, found.total())
        assert found["wrong"] == 0, property_
        assert found["right"] / known >= PRECISION, property_


def test_a_changed_fact_asks_for_a_verdict(every: list[Fact], verdicts: dict[Fact, str]) -> None:
    fact = next(fact for fact in every if fact in verdicts)
    changed = Fact(fact.property, fact.where, fact.value, fact.words + "等")
    assert precision([changed], verdicts)[fact.property] == {"unjudged": 1}


def test_what_a_reader_found_in_twelve_tasks_is_in_the_graph(every: list[Fact]) -> None:
    with GOLD.open(encoding="utf-8", newline="") as file:
        read = [(row["property"], row["where"], row["value"]) for row in csv.DictReader(file, delimiter="\t")]
    assert len({where.partition(".")[0] for _, where, _ in read}) == 12
    missed = [row for row in read if not any(holds(fact, *row) for fact in every)]
    assert len(missed) / len(read) <= 0.05, missed


def holds(fact: Fact, property_: str, where: str, value: str) -> bool:
    """Of a milestone the reader wrote the action and how its object begins; of a figure its words."""
    if (fact.property, fact.where) != (property_, where):
        return False
    if property_ == "action":
        action, _, thing = value.partition(" ")
        return fact.value.startswith(f"{action} ") and thing in fact.value
    return value == (fact.words if property_ == "quantity" else fact.value)
