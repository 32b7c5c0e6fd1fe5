"""What is numbered in a cell, and what only looks so."""

from __future__ import annotations

import pytest

from ingest.layouts.items import items, listed
from ingest.model.document import Text


@pytest.mark.parametrize(
    ("cell", "opening", "numbered"),
    [
        ("建设：1.甲。2.乙。", "建设：", ["甲。", "乙。"]),
        ("1.甲；2.乙；", "", ["甲", "乙"]),
        ("（1）甲。（2）乙", "", ["甲。", "乙"]),
        ("①甲②乙", "", ["甲", "乙"]),
        ("1、甲\n2、乙\n3、丙", "", ["甲", "乙", "丙"]),
        ("一是甲。二是乙。", "一是甲。二是乙。", []),
        ("1.甲。3.乙。", "1.甲。3.乙。", []),
        ("甲（1.乙）", "甲（1.乙）", []),
        ("《1.甲》2.乙", "《1.甲》2.乙", []),
        ("开头1.甲", "开头1.甲", []),
        ("1.5亿元", "1.5亿元", []),
        ("", "", []),
    ],
)
def test_items_of_a_cell(cell: str, opening: str, numbered: list[str]) -> None:
    found, parts = items(Text.at_offset(cell, 0))
    assert (found.value, [part.value for part in parts]) == (opening, numbered)


@pytest.mark.parametrize(
    ("cell", "targets"),
    [
        ("1.甲；2.乙；", ["甲", "乙"]),
        ("建设：1.甲。2.乙。", ["建设：", "甲。", "乙。"]),
        ("甲。\n乙。", ["甲。", "乙。"]),
        ("甲。\n乙", ["甲。", "乙"]),
        ("甲\n乙", ["甲乙"]),
        ("甲。乙。", ["甲。乙。"]),
        ("", []),
    ],
)
def test_targets_of_a_cell(cell: str, targets: list[str]) -> None:
    assert [target.value for target in listed(Text.at_offset(cell, 0))] == targets


def test_every_item_stands_where_it_says() -> None:
    cell = "建设：\n1.甲 平台。\n2.乙平台；"
    for part in listed(Text.at_offset(cell, 5)):
        assert "".join(cell[i - 5] for i in part.at) == part.value or " " not in part.value
        assert cell[part.start - 5] == part.value[0]
