"""Records are values."""

from __future__ import annotations

import queries
from tests.values import changeable


def test_records_are_values() -> None:
    unfrozen, open_, number = changeable(queries)
    assert unfrozen == set()
    assert open_ == set()
    assert number > 25
