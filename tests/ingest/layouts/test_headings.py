"""The number that a paragraph begins with, its rung and where it ends; and what only looks like one."""

from __future__ import annotations

import pytest

from ingest.layouts.headings import RUNGS, is_marked, mark, unmarked
from ingest.model.document import Text


@pytest.mark.parametrize(
    ("text", "rung", "no", "position", "rest"),
    [
        ("第一章 总则", "第一章", "一", 1, "总则"),
        ("第12部分:目标", "第一章", "12", 12, "目标"),
        ("第三节推进", "第一章", "三", 3, "推进"),
        ("一、总体要求", "一、", "一", 1, "总体要求"),
        ("十二. 保障", "一、", "十二", 12, "保障"),
        ("(二)汇聚", "(一)", "二", 2, "汇聚"),
        ("[三] 汇聚", "(一)", "三", 3, "汇聚"),
        ("〔四〕、汇聚", "(一)", "四", 4, "汇聚"),
        ("12.丰富", "1.", "12", 12, "丰富"),
        ("3、丰富", "1.", "3", 3, "丰富"),
        ("3)丰富", "1.", "3", 3, "丰富"),
        ("3:丰富", "1.", "3", 3, "丰富"),
        ("3*.丰富", "1.", "3", 3, "丰富"),
        ("2.6月底前", "1.", "2", 2, "6月底前"),
        ("2.2026年", "1.", "2", 2, "2026年"),
        ("9999.丰富", "1.", "9999", 9999, "丰富"),
        ("1.2 丰富", "1.1", "1.2", 2, "丰富"),
        ("1.2、丰富", "1.1", "1.2", 2, "丰富"),
        ("(12)丰富", "(1)", "12", 12, "丰富"),
        ("③丰富", "①", "③", 3, "丰富"),
        ("一是加强", "一是", "一", 1, "加强"),
        ("  一、总体", "一、", "一", 1, "总体"),
    ],
)
def test_mark(text: str, rung: str, no: str, position: int, rest: str) -> None:
    found = mark(text)
    assert found is not None
    assert (found.rung, found.no, found.position) == (rung, no, position)
    assert text[found.start : found.start + len(no)] == no
    assert text[found.end :].strip() == rest
    assert unmarked(Text.at_offset(text, 5)).value == rest
    assert is_marked(text)
    assert [each for each in RUNGS if is_marked(text, each)] == [rung]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "总体要求",
        "2025年底前",
        "3.5亿元",
        "1.5 万个",
        "1.5 %",
        "12345.丰富",
        "一.5亿元",
        "3:30 开始",
        "0.丰富",
        "(0)丰富",
        "十一是加强",
        "一二三四五、丰富",
        "(1234)丰富",
        "第一个",
        "123.4 丰富",
    ],
)
def test_no_mark(text: str) -> None:
    assert mark(text) is None
    assert not is_marked(text)
    assert unmarked(Text.at_offset(text, 0)).value == text
