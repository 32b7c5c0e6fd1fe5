"""Records are what they were made as, and say where each part of them stands."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from ingest.model.records import Identity, Notice
from ingest.parse import parse
from ingest.read import read_bytes

SAID = (
    "某市2026年重点工作任务分工方案\n\n序号\t任务\t目标\t责任单位\t完成时限\n"
    "1\t建成平台3个，2026年6月底前完成。\t服务企业50家。\t市商务局\t2026年12月底\n2\t推进改革\t\t市财政局\t持续推进\n"
)


@pytest.fixture(scope="module")
def notice() -> Notice:
    return parse(read_bytes("a.txt", SAID.encode()))


def test_limits_say_whether_a_column_or_the_words_state_them(notice: Notice) -> None:
    one, other = notice.tasks
    assert [(limit.part, limit.type, str(limit.date)) for limit in one.deadlines] == [
        ("deadline", "by", "2026-12-31"),
        ("text", "by", "2026-06-30"),
    ]
    assert [(limit.part, limit.type) for limit in other.deadlines] == [("deadline", "ongoing")]


def test_quantities_say_in_which_part_they_stand(notice: Notice) -> None:
    parts = dict(notice.tasks[0].parts())
    assert list(parts) == ["text", "targets[0]"]
    for quantity in notice.tasks[0].quantities:
        assert parts[quantity.part].value[quantity.start : quantity.end] == quantity.surface.value
    assert {quantity.part for quantity in notice.tasks[0].quantities} == {"text", "targets[0]"}


def test_a_notice_holds_what_its_document_says_it_is(notice: Notice) -> None:
    assert set(notice.fields()) == {each.name for each in fields(Identity)}
    assert notice.fields()["title"] is notice.title
    assert {each.name for each in fields(Identity)} < {each.name for each in fields(Notice)}


def test_records_do_not_change(notice: Notice) -> None:
    for record, name in ((notice, "title"), (notice.tasks[0], "no"), (notice.tasks[0].units[0], "order"), (notice.document, "text")):
        with pytest.raises(FrozenInstanceError):
            setattr(record, name, None)
