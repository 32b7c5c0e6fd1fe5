"""Records are values, save what is under way."""

from __future__ import annotations

import api
from tests.values import changeable

CHANGEABLE = {"api.fast_path.PendingQuery", "api.http.protocol.Connections"}


def test_records_are_values() -> None:
    unfrozen, open_, number = changeable(api)
    assert unfrozen == CHANGEABLE
    assert open_ == set()
    assert number > 70
