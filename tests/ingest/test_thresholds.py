"""Numbers that decide what we believe: what is just within each, and what is just beyond."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from ingest.fields.bodies import body
from ingest.fields.naming import name_key
from ingest.fields.quantities import quantities
from ingest.layouts.columns import is_head
from ingest.model.document import Text
from ingest.readers.plain_text.flattened_tables import is_heading
from ingest.readers.plain_text.row_fitting import kind_of
from tests.ingest.test_patterns import MODULES, ROOT

THRESHOLDS = {
    "layouts.acting._NEAR": 2,
    "layouts.runon._LONG": 250,
    "topics.ASIDE": 0.5,
    "topics._NEAR": 0.75,
    "fields.bodies._LONGEST": 45,
    "fields.naming._LONGEST": 40,
    "fields.quantities._NEAR": 80,
    "fields.responsible_units._LONGEST": 60,
    "layouts.outline._MOST_LINES": 6,
    "layouts.outline._WIDEST_LINE": 200,
    "readers.plain_text.aligned_rows._LEAST": -4,
    "readers.plain_text.aligned_rows._NO_ROW": -60,
    "readers.plain_text.aligned_rows._SECTION": 3,
    "readers.plain_text.barred_tables._WITHIN": 6,
    "readers.plain_text.row_fitting._LONGEST_LIMIT": 24,
    "readers.plain_text.row_fitting._LONGEST_LIST": 200,
    "readers.plain_text.row_fitting._LONGEST_NAME": 30,
    "readers.plain_text.row_fitting._MOST_CELLS": 60,
    "readers.plain_text.flattened_heads.LONGEST_HEAD": 8,
    "readers.plain_text.flattened_tables._HEADS_WITHIN": 60,
    "readers.plain_text.flattened_heads._LONGEST_PART": 5,
    "readers.plain_text.flattened_heads._LONGEST_UNKNOWN": 16,
    "readers.plain_text.flattened_tables._LONGEST_HEADING": 30,
    "readers.plain_text.flattened_tables._WITHIN": 6,
    "readers.plain_text.unnumbered_rows._HEADS_WITHIN": 12,
    "readers.fixed_layout.ofd_page._ABOVE": 0.86,
    "readers.fixed_layout.ofd_page._STRAIGHT": 0.5,
    "readers.fixed_layout.page_layout._BANDS": 200,
    "readers.fixed_layout.page_layout._CLOSE": 3,
    "readers.paragraphs._CENTRED": 8,
    "readers.word_processing.row_cells._ALIKE": 30,
    "readers.fixed_layout.scan.UNSURE": 0.8,
    "readers.fixed_layout.scan_page.LONG_SIDE": 842.0,
    "readers.fixed_layout.scan_page._DARK": 128,
    "readers.fixed_layout.scan_page._RULED": 5,
    "readers.fixed_layout.scan_page._SHORTEST": 60,
    "readers.fixed_layout.scan_page._SIDEWAYS": 1.5,
    "readers.fixed_layout.scan_page._SPECKS": 20,
    "readers.fixed_layout.scan_page._SURE_ALONE": 0.8,
    "readers.fixed_layout.scan_page._TILT": 3.0,
    "readers.spreadsheets.sheet_rows._LONGEST_HEAD": 40,
    "readers.plain_text.txt._DAMAGED": 8,
    "readers.plain_text.txt._WIDEST": 200,
    "milestones._SHORTEST_OBJECT": 2,
    "coverage._SHORT": 40,
}
"""In characters, columns, lines or points of a fit; on drawn pages in points and parts of a height, in rows of Word in their units.
Whoever changes one looks at the examples below and at the samples of tests/data first."""
GUARDS = {
    "readers.web.page_address._HEAD",
    "readers.plain_text.encoding._LONGEST",
    "readers.web.html._ATTRIBUTES",
    "readers.web.html._DEEPEST",
    "readers.archives.container_kinds._HEAD",
    "readers.plain_text.txt._LONGEST_LINE",
    "readers.spreadsheets.number_formats._LONGEST",
    "readers.spreadsheets.ods._WIDEST",
    "readers.fixed_layout.ofd_page._DEEPEST",
    "readers.fixed_layout.ofd_page._FARTHEST",
    "readers.fixed_layout.ofd_page._MOST_CHARACTERS",
    "readers.word_processing.odt._MOST_BLANKS",
    "readers.archives.zip_parts._PARTS",
    "readers.archives.zip_parts._SMALL",
    "readers.word_processing.rtf._DEEPEST",
    "readers.word_processing.rtf._PACE",
    "readers.fixed_layout.scan._APART",
    "readers.fixed_layout.scan_process.DOTS",
    "readers.fixed_layout.scan_process._WIDEST",
    "readers.spreadsheets.workbook._PACE",
    "readers.word_processing.doc_lists._DEEPEST",
    "readers.spreadsheets.xlsx._WIDEST",
}
"""What bounds the work on one file and decides nothing of what it says: docs/limits.md, tests/ingest/readers/test_bad_input.py."""

TOLD = {
    "readers.web.linked_files._LONGEST",
    "readers.web.linked_files._SHOWN",
    "readers.web.html._SHOWN",
    "readers.fixed_layout.scan._MOST_UNSURE",
    "readers.spreadsheets.workbook._SHOWN",
}
"""How much a warning quotes."""
CODES = {
    "readers.archives.zip_bundle._ENCRYPTED",
    "readers.archives.zip_bundle._UTF_8",
    "readers.fixed_layout.ofd_page._POINTS",
    "readers.word_processing.doc._ANCHORS",
    "readers.word_processing.doc._EDGES",
    "readers.word_processing.doc._IN_TABLE",
    "readers.word_processing.doc_file.HIDDEN",
    "readers.word_processing.doc_file._DELETED",
    "readers.word_processing.doc_file._OLDEST",
    "readers.word_processing.doc_file._PAGE",
    "readers.word_processing.doc_file._WORD97",
    "readers.word_processing.doc_lists._LEVEL",
    "readers.word_processing.doc_lists._STYLES",
    "readers.spreadsheets.xls_text_boxes._BOF",
    "readers.spreadsheets.xls_text_boxes._WORKSHEET",
}
"""What file formats write for something, as their specifications say."""


def numbers() -> dict[str, float]:
    """The numbers that the modules of readers, layouts and fields give a name."""
    found: dict[str, float] = {}
    for module in MODULES:
        source = (ROOT / "ingest" / f"{module.replace('.', '/')}.py").read_text("utf-8")
        for name, value in vars(import_module(f"ingest.{module}")).items():
            if isinstance(value, int | float) and not isinstance(value, bool) and re.search(rf"^{name}\b.* = ", source, re.MULTILINE):
                found[f"{module}.{name}"] = value
    return found


def test_every_threshold_is_one_that_was_decided() -> None:
    found = numbers()
    assert {name: value for name, value in found.items() if name not in GUARDS | TOLD | CODES} == THRESHOLDS
    assert set(found) >= GUARDS | TOLD | CODES


@pytest.mark.parametrize(("length", "believed"), [(45, True), (46, False)])
def test_the_longest_name_of_a_body(length: int, believed: bool) -> None:
    name = "上海市" + "甲乙" * 30
    assert (body(f"{name[: length - 3]}管理局") is not None) is believed


@pytest.mark.parametrize(("length", "name"), [(30, True), (31, False)])
def test_the_longest_name_of_a_group(length: int, name: bool) -> None:
    said = Text.at_offset(("提升城乡公共服务" * 5)[:length], 0)
    assert (kind_of([said]) == "text") is name


@pytest.mark.parametrize(("length", "heading"), [(30, True), (31, False)])
def test_the_longest_heading_among_cells(length: int, heading: bool) -> None:
    assert is_heading([Text.at_offset(f"2.{'甲' * (length - 2)}", 0)]) is heading


@pytest.mark.parametrize(("length", "kind"), [(200, "units"), (201, "sentence")])
def test_the_longest_list_of_bodies_that_a_full_stop_ends(length: int, kind: str) -> None:
    names = "、".join(["县委组织部" if length == 201 else "县水利局", *["县水利局"] * 39])
    assert len(names) == length - 1
    assert kind_of([Text.at_offset(f"{names}。", 0)]) == kind


def test_keys_are_cut_between_syllables() -> None:
    key = name_key("市" * 20).rpartition("-")[0]
    assert len(key) <= 40
    assert set(key.split("-")) == {"shi"}
    assert name_key("市" * 10).rpartition("-")[0] == "-".join(["shi"] * 10)


@pytest.mark.parametrize(("between", "total"), [(12, True), (13, False)])
def test_how_far_before_a_figure_a_total_is_said(between: int, total: bool) -> None:
    (found,) = quantities(Text.at_offset(f"累计{'甲' * between}3个", 0), "text")
    assert ("total" in found.tags) is total


@pytest.mark.parametrize(("between", "hedged"), [(16, True), (17, False)])
def test_how_far_before_a_figure_a_hedge_is_said(between: int, hedged: bool) -> None:
    (found,) = quantities(Text.at_offset(f"力争{'甲' * between}3个", 0), "text")
    assert ("hedge" in found.tags) is hedged


@pytest.mark.parametrize(("between", "counted"), [(2, "甲甲"), (30, "甲" * 30), (31, "甲" * 30), (1, None)])
def test_how_long_what_is_counted_may_be(between: int, counted: str | None) -> None:
    (found,) = quantities(Text.at_offset(f"{'甲' * between}3个", 0), "text")
    assert found.counted == counted


def test_a_head_of_a_column_is_short() -> None:
    assert is_head("市" * 20 + "完成时限") == "deadline"
    assert is_head("市" * 21 + "完成时限") is None
