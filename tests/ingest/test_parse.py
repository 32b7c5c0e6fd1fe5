"""The shipped notice's records equal the adjudicated answers."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import IngestError
from ingest.model.records import Notice, Task
from ingest.parse import parse
from ingest.read import read, read_bytes

ROOT = Path(__file__).parents[2]


@cache
def notice() -> Notice:
    return parse(read(ROOT / "ingest/notices/huzhiban-2026-2.txt"))


@cache
def gold() -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((ROOT / "tests/data/gold/notice.json").read_text(encoding="utf-8"))
    return answers


def number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def pairs() -> list[tuple[Task, dict[str, Any]]]:
    assert len(notice().tasks) == len(gold()["tasks"]) == 74
    return list(zip(notice().tasks, gold()["tasks"], strict=True))


def test_number_group_and_text_of_every_task() -> None:
    for task, answer in pairs():
        assert (task.no, task.group and task.group.value, task.text.value) == (answer["no"], answer["group"], answer["text"])
    assert len({task.group.value for task, _ in pairs() if task.group}) == 20


def test_targets_of_every_task() -> None:
    for task, answer in pairs():
        assert [target.value for target in task.targets] == answer["targets"], task.no
    assert sum(len(task.targets) for task, _ in pairs()) == 115


def test_units_in_printed_order() -> None:
    for task, answer in pairs():
        found = [(unit.surface.value, unit.role, unit.order, unit.collective) for unit in task.units]
        assert found == [(u["surface"], u["role"], u["order"], u.get("collective", False)) for u in answer["units"]], task.no


def test_districts_by_full_name() -> None:
    for task, answer in pairs():
        assert sorted({place.name for place in task.places}) == sorted(answer["districts"]), task.no
    assert {place.code for task, _ in pairs() for place in task.places if place.name == "静安区"} == {"310106"}


def test_ten_quantities_and_no_trap() -> None:
    found = [(t.no, q.surface.value, q.minimum, q.maximum, q.comparator, q.measure, q.part) for t, _ in pairs() for q in t.quantities]
    wanted = [
        (a["no"], q["surface"], number(q["min"]), number(q["max"]), q["comparator"], q["unit"], q["in"])
        for _, a in pairs()
        for q in a["quantities"]
    ]
    assert found == wanted
    assert len(found) == 10


def test_what_is_counted() -> None:
    found = [q.counted for t, _ in pairs() for q in t.quantities]
    wanted = [q["object"].split("（")[0] for _, a in pairs() for q in a["quantities"]]
    assert found == wanted


def test_document_fields() -> None:
    document, answer = notice(), gold()["document"]
    for field in ("title", "notice_title", "number", "date"):
        assert str(getattr(document, field)) == answer[field]
    assert [issuer.value for issuer in document.issuers] == answer["issuers"]
    for found, name in ((document.horizon, "horizon"), (document.plan_period, "plan_period")):
        assert found
        assert (found.start.isoformat(), found.end.isoformat(), found.label) == tuple(
            answer[name][key] for key in ("start", "end", "label")
        )
    assert [title.value for title in document.implements] == answer["implements"]
    assert [addressee.value for addressee in document.addressees] == answer["addressees"]
    assert document.warnings == ()


def test_every_text_stands_where_it_says() -> None:
    source = notice().document.text
    for task, _ in pairs():
        for text in (task.text, *task.targets, *(unit.surface for unit in task.units), *(q.surface for q in task.quantities)):
            assert source[text.start : text.end] == text.value
        for quantity in task.quantities:
            part = dict(task.parts())[quantity.part]
            assert part.value[quantity.start : quantity.end] == quantity.surface.value


def test_coverage_adds_up_to_the_text() -> None:
    assert sum(notice().coverage.values()) == len(notice().document.text)
    assert notice().coverage["fields"] > 0.85 * len(notice().document.text)


def test_headings_are_the_printed_column_heads() -> None:
    assert dict(notice().tasks[0].headings) == {
        "number": "序号",
        "group": "重点任务",
        "text": "具体任务",
        "targets": "2026年工作目标",
        "units": "责任单位",
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (bytes(range(256)) * 20, "not text"),
        (b"abc\x00\x01\x02" * 20, "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "its content is not one"),
        ("关于召开会议的通知\n各单位：\n请准时参加。\n".encode(), "no task table"),
        ("序号\t任务\t完成时限\n1\t建设平台\t6月底前\n".encode(), "no column"),
    ],
)
def test_refuses_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(IngestError) as refused:
        parse(read_bytes("x.txt", data))
    sentence = refused.value.en
    assert sentence.startswith("x.txt: ")
    assert sentence.endswith(".")
    assert sentence.count("\n") == 0
    assert words in sentence
