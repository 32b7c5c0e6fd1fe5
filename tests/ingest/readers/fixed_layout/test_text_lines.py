"""Wrapped lines as one string."""

from __future__ import annotations

import pytest

from ingest.readers.fixed_layout.text_lines import merged_words


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("to test", "and certify"), "to test and certify"),
        (("by 2026", "at the latest"), "by 2026 at the latest"),
        (("at least", "20 bodies"), "at least 20 bodies"),
        (("20", "26年"), "2026年"),
        (("检验", "检测"), "检验检测"),
        (("eVTOL", "检测"), "eVTOL检测"),
        (("a", "", "b"), "a b"),
    ],
)
def test_only_latin_words_are_parted_by_a_blank(lines: tuple[str, ...], whole: str) -> None:
    assert merged_words(lines) == whole
