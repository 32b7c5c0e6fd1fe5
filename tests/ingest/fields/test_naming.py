"""Keys of IRIs: ASCII, readable, the same for the same name."""

from __future__ import annotations

import re

import pytest

from ingest.fields.naming import document_key, name_key


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("沪质办〔2026〕2号", "huzhiban-2026-2"),
        ("沪质办[2026]2号", "huzhiban-2026-2"),
        ("沪质办（2026）2号", "huzhiban-2026-2"),
        ("京兴政办发〔2023〕1 号", "jingxingzhengbanfa-2023-1-c647"),
        ("武政办〔2020〕01号", "wuzhengban-2020-1-0654"),
        ("沪质办〔二〇二六〕2号", "huzhiban-2026-2"),
        ("沪质办〔2026年〕2号", "huzhiban-2026-2"),
        ("沪质办<2026>2号", "huzhiban-2026-2"),
        ("沪质办【2026】2-1号", "huzhiban-2026-2-1"),
        ("沪某局公告2024年第12号", "humoujugonggao-2024-12"),
        ("沪某局令第 12 号", "humoujuling-12"),
    ],
)
def test_notice_is_named_by_its_number(number: str, key: str) -> None:
    assert document_key(number, "任何标题", "00") == key


def test_letters_that_sound_alike_are_two_notices() -> None:
    assert document_key("沪政办〔2026〕2号", "", "") != document_key("湖政办〔2026〕2号", "", "")


def test_notice_without_number_is_named_by_its_title_and_then_by_its_bytes() -> None:
    assert document_key(None, "某市重点任务", "ab" * 32) == name_key("某市重点任务")
    assert document_key(None, "", "ab" * 32) == "sha256-abababababab"


def test_names_are_ascii_and_short() -> None:
    key = name_key("上海市促进检验检测认证行业高质量发展行动方案（2025—2027年）")
    assert re.fullmatch(r"[0-9a-z]+(?:-[0-9a-z]+)*-[0-9a-f]{8}", key)
    assert len(key) < 60


def test_same_name_gives_the_same_key_whatever_its_spaces() -> None:
    assert name_key("市 科 技 局", "320500") == name_key("市科技局", "320500")


def test_namesakes_of_two_places_are_two() -> None:
    assert name_key("市科技局", "320500") != name_key("市科技局", "320100")


def test_names_with_the_same_pinyin_are_two() -> None:
    assert name_key("市质检所") != name_key("市质鉴所")
