"""Invented documents, one a layout or trap of the genre, against their answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import IngestError
from ingest.model.records import Notice, Quantity, Task, Unit
from ingest.parse import parse
from ingest.read import read

LAYOUTS = Path(__file__).parents[2] / "data/layouts"
SOURCES = sorted(path for path in LAYOUTS.iterdir() if path.suffix != ".json")


def unit(found: Unit) -> str:
    """``surface:role=canonical(alias)*``, the last three where there are any."""
    canonical = f"={found.canonical}" if found.canonical else ""
    alias = f"({found.alias})" if found.alias else ""
    return f"{found.surface}:{found.role}{canonical}{alias}{'*' if found.collective else ''}"


def quantity(found: Quantity) -> str:
    """``surface:comparator:minimum:maximum:measure``."""
    low, high = ("" if value is None else str(value) for value in (found.minimum, found.maximum))
    return f"{found.surface}:{found.comparator}:{low}:{high}:{found.measure}"


def task(found: Task) -> dict[str, Any]:
    due = found.deadline
    said: dict[str, Any] = {
        "key": found.key,
        "path": [str(group) for group in found.group_path],
        "text": str(found.text),
        "targets": [str(target) for target in found.targets],
        "units": [unit(one) for one in found.units],
        "leaders": [str(leader) for leader in found.leaders],
        "deadline": f"{due.text}:{due.type}:{due.date or due.start or ''}" if due else None,
        "quantities": [quantity(one) for one in found.quantities],
        "places": sorted({place.name for place in found.places}),
        "references": [str(reference.title) for reference in found.references],
        "schedule": [f"{head}:{text}" for head, text in found.schedule],
    }
    return {key: value for key, value in said.items() if value or key in ("path", "units")}


def document(found: Notice) -> dict[str, Any]:
    return {
        "title": found.title and str(found.title),
        "notice_title": found.notice_title and str(found.notice_title),
        "number": found.number and str(found.number),
        "issuers": [str(issuer) for issuer in found.issuers],
        "date": found.date and found.date.isoformat(),
        "horizon": found.horizon and found.horizon.label,
        "role_rule": found.role_rule and str(found.role_rule),
        "default_units": [f"{one.surface}:{one.role}" for one in found.default_units],
        "warnings": [warning.code + (f":{warning.task}" if warning.task else "") for warning in found.warnings],
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_says_what_its_answer_says(source: Path) -> None:
    answer = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
    if "refused" in answer:
        with pytest.raises(IngestError) as refused:
            parse(read(source))
        assert refused.value.en == answer["refused"]
        return
    notice = parse(read(source))
    assert document(notice) == answer["document"]
    assert [task(one) for one in notice.tasks] == answer["tasks"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_character_is_where_it_says(source: Path) -> None:
    if "refused" in source.with_suffix(".json").read_text(encoding="utf-8")[:20]:
        return
    notice = parse(read(source))
    for one in notice.tasks:
        for text in (one.text, *one.targets, *one.group_path, *(u.surface for u in one.units), *(q.surface for q in one.quantities)):
            assert "".join(notice.document.text[i] for i in text.at) == text.value


def test_every_layout_has_an_answer() -> None:
    assert {path.stem for path in SOURCES} == {path.stem for path in LAYOUTS.glob("*.json")}
    assert len(SOURCES) >= 16
