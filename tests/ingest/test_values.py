"""Records are values, save those that tests/test_house.py names with their reasons."""

from __future__ import annotations

import ingest
from tests.test_house import MUTABLE
from tests.values import changeable

OPEN = {
    "ingest.layouts.outline.Node",
    "ingest.layouts.tables._State",
    "ingest.readers.boxes._Open",
    "ingest.readers.scan.Recognition",
    "ingest.readers.sheet_rows.Line",
    "ingest.readers.sheet_rows.Part",
    "ingest.readers.sheets.Sheet",
    "ingest.readers.sheets.Workbook",
}
"""Those without slots: for a cached property, or since there are few of them."""


def test_records_are_values() -> None:
    unfrozen, open_, number = changeable(ingest)
    assert unfrozen == {name for name in MUTABLE if name.startswith("ingest.")}
    assert open_ == OPEN
    assert number > 80
