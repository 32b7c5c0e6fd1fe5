"""Documents that were once misread, and others of the same kinds in other containers, against what a reader says they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.model.records import Task
from ingest.parse import parse
from ingest.read import read

CASES = Path(__file__).parents[2] / "data/cases"
SOURCES = sorted(path for path in CASES.iterdir() if path.suffix in (".txt", ".html", ".docx") and path.name[:2] != "11")
_COLLECTIVE_TOO = ("有关部门", "有关部门和单位", "相关部门", "有关单位")
"""Collective names beside the units that are named: right to have, and not asked for."""


def answer(source: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(source.with_suffix(".expected.json").read_text(encoding="utf-8"))
    return told


def units(task: Task) -> list[tuple[str, str]]:
    return [(unit.role, unit.surface.value) for unit in task.units if unit.surface.value not in _COLLECTIVE_TOO]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_tasks_and_units_are_those_of_the_page(source: Path) -> None:
    notice, told = parse(read(source)), answer(source)
    assert len(notice.tasks) == len(told["tasks"])
    for task, expected in zip(notice.tasks, told["tasks"], strict=True):
        assert (task.no if task.number else None) == expected["no"]
        assert task.text.value == expected["text"]
        assert units(task) == [(unit["role"], unit["surface"]) for unit in expected["units"]]
        if "group" in expected:
            assert task.group is not None
            assert task.group.value == expected["group"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_document_is_what_the_page_says(source: Path) -> None:
    notice, told = parse(read(source)), answer(source).get("document", {})
    found = {
        "title": notice.title and notice.title.value,
        "number": notice.number and notice.number.value,
        "issuers": [issuer.value for issuer in notice.issuers],
        "date": notice.date and notice.date.isoformat(),
        "role_rule": notice.role_rule and notice.role_rule.value,
        "default_units": [{"role": unit.role, "surface": unit.surface.value} for unit in notice.default_units],
    }
    for key, value in told.items():
        if key in found:
            assert found[key] == value, key


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_unit_is_printed_where_it_says(source: Path) -> None:
    notice = parse(read(source))
    for task in notice.tasks:
        for unit in task.units:
            assert "".join(notice.document.text[i] for i in unit.surface.at) == unit.surface.value


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_words_that_are_no_unit_are_a_warning(source: Path) -> None:
    notice = parse(read(source))
    unread = [warning.message for warning in notice.warnings if warning.code == "unit-unread"]
    for words in answer(source).get("unread", []):
        assert any(words in message for message in unread), words
