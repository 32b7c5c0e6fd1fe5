"""Records are values, save what a file or a page has come to while it is read."""

from __future__ import annotations

import ingest
from tests.values import changeable

CHANGEABLE = {
    "ingest.layouts.outline.Node",
    "ingest.layouts.tables._State",
    "ingest.readers.boxes._Open",
    "ingest.readers.rtf._State",
    "ingest.readers.rtf_lists._Level",
    "ingest.readers.rtf_rows._Definition",
    "ingest.readers.scan.Recognition",
    "ingest.readers.sheet_rows.Line",
    "ingest.readers.sheet_rows.Part",
    "ingest.readers.sheets.Workbook",
    "ingest.readers.word97._Open",
    "ingest.readers.word97._Row",
    "ingest.readers.word97_lists._Instance",
}
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
"""Those that have a dictionary, for a cached property or since they are few."""


def test_records_are_values() -> None:
    unfrozen, open_, number = changeable(ingest)
    assert unfrozen == CHANGEABLE
    assert open_ == OPEN
    assert number > 80
