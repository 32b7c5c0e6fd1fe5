"""The page on ingest names every warning, every limit with its default, and every suffix, in both languages."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from ingest.limits import ReadLimits
from ingest.model.document import Code
from ingest.read import IMAGES, SUFFIXES

CHINESE, ENGLISH = (Path(__file__).parents[2] / "docs/ingest.md").read_text("utf-8").split("\n## What is read\n")


@pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_warning_and_no_other_is_explained(page: str) -> None:
    section = re.split(r"\n## (?:警告|Warnings)\n", page)[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE) == sorted(get_args(Code))


def test_every_limit_stands_with_its_default() -> None:
    named = dict(re.findall(r"^\| `(\w+)` .*?\| ([\d.]+) \|", CHINESE, re.MULTILINE))
    assert named == {limit.name: str(limit.default) for limit in fields(ReadLimits)}
    assert all(f"`{limit.name}`" in ENGLISH for limit in fields(ReadLimits))


@pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_suffix_is_named(page: str) -> None:
    assert {suffix for suffix in re.findall(r"`(\.\w+)`", page) if suffix not in (".json",)} - {".txt"} == (SUFFIXES | IMAGES) - {".txt"}
