"""Records are values, save those that tests/test_house.py names with their reasons."""

from __future__ import annotations

import queries
from tests.test_house import MUTABLE
from tests.values import changeable


def test_records_are_values() -> None:
    unfrozen, open_, number = changeable(queries)
    assert unfrozen == {name for name in MUTABLE if name.startswith("queries.")}
    assert open_ == set()
    assert number > 25
