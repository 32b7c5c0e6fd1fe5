"""Records are values, save those that tests/test_house.py names with their reasons."""

from __future__ import annotations

import ingest
from tests.test_house import MUTABLE
from tests.values import changeable

OPEN = {
    "ingest.layouts.outline.Node",
    "ingest.layouts.tables._State",
    "ingest.readers.plain_text.box_drawing._Open",
    "ingest.readers.fixed_layout.scan.Recognition",
    "ingest.readers.spreadsheets.sheet_rows.Line",
    "ingest.readers.spreadsheets.sheet_rows.Part",
    "ingest.readers.spreadsheets.workbook.Sheet",
    "ingest.readers.spreadsheets.workbook.Workbook",
}
"""Those without slots: for a cached property, or since there are few of them."""


def test_records_are_values() -> None:
    unfrozen, open_, number = changeable(ingest)
    assert unfrozen == {name for name in MUTABLE if name.startswith("ingest.")}
    assert open_ == OPEN
    assert number > 80
