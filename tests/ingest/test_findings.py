"""What a reader of the records is told: each warning with its words in both languages and its place."""

from __future__ import annotations

import pytest

from ingest.model import records
from ingest.parse import parse
from ingest.read import read_bytes

HEAD = "某市2026年重点工作任务分工方案\n\n"


def warnings(said: str, *codes: str) -> list[records.Warning]:
    """The warnings of a document that begins with a title, those of some codes alone."""
    notice = parse(read_bytes("a.txt", f"{HEAD}{said}".encode()))
    return [warning for warning in notice.warnings if warning.code in codes]


def told(said: str, *codes: str) -> list[tuple[str, str | None]]:
    return [(warning.message, warning.task) for warning in warnings(said, *codes)]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ("123", []),
        ("124", [("序号3缺失 / number 3 is missing", "4")]),
        ("125", [("序号3—4缺失 / number 3—4 is missing", "5")]),
        ("135", [("序号2缺失 / number 2 is missing", "3"), ("序号4缺失 / number 4 is missing", "5")]),
        ("122", [("序号2重复 / number 2 is printed twice", "2")]),
        ("1 2", [("第1.1项任务没有序号 / task 1.1 has no printed number", "1.1")]),
        ("1 3", [("第2项任务没有序号 / task 2 has no printed number", "2"), ("序号2缺失 / number 2 is missing", "3")]),
        ("321", []),
    ],
)
def test_numbers_missing_double_and_left_out(numbers: str, expected: list[tuple[str, str]]) -> None:
    rows = "".join(f"{number.strip()}\t推进第{place}项改革\t市商务局\n" for place, number in enumerate(numbers))
    assert told(f"序号\t任务\t责任单位\n{rows}", "number-missing", "number-double", "number-gap") == expected


def test_what_a_task_lacks() -> None:
    said = "1. 建设平台。（市发展改革委）\n2. 推进改革。\n3. 扩大开放。（市商务局）\n"
    assert told(said, "units-missing") == [("任务2没有责任单位 / task 2 has no responsible unit of its own", "2")]


def test_units_that_run_together_and_words_that_are_no_unit() -> None:
    rows = "1\t建设平台\t市商务局市财政局\n2\t推进改革\t市商务局\n3\t扩大开放\t适当安排好相关后续工作的推进落实\n"
    found = told(f"序号\t任务\t责任单位\n{rows}", "unit-unread")
    assert [task for _, task in found] == ["3"]
    assert found[0][0] == (
        "任务3责任单位栏中的“适当安排好相关后续工作的”不像单位名称 / “适当安排好相关后续工作的” among the units of task 3 is no unit name"
    )


def test_a_time_limit_that_is_none() -> None:
    rows = "1\t建设平台\t市商务局\t视情况而定吧\n2\t推进改革\t市商务局\t2026年底\n"
    found = told(f"序号\t任务\t责任单位\t完成时限\n{rows}", "deadline-unread")
    assert found == [("任务1的时限未能理解：视情况而定吧 / the time limit of task 1 was not understood", "1")]


def test_columns_that_hold_no_field_are_told_once_with_their_cells() -> None:
    rows = "1\t建设平台\t市商务局\t甲甲甲\t说明文字\n2\t推进改革\t市商务局\t乙乙乙\t\n"
    said = f"序号\t任务\t责任单位\t神秘栏\t备注\n{rows}"
    unknown, unread = warnings(said, "column-unknown", "column-unread")
    assert unknown.message == (
        "栏目“神秘栏”含义不明，未读取（2处，首见第4行） / "
        "the column “神秘栏” is of unknown meaning and was not read (2 places, the first at line 4)"
    )
    assert unread.message == (
        "栏目“备注”不是任务的字段，未读取（1处，首见第4行） / "
        "the column “备注” is no field of a task and was not read (1 places, the first at line 4)"
    )
    text = parse(read_bytes("a.txt", f"{HEAD}{said}".encode())).document.text
    assert [text[start:end] for start, end in (*unknown.spans, *unread.spans)] == ["甲甲甲", "乙乙乙", "说明文字"]
    assert (unknown.line, unread.line, unknown.page) == (4, 4, None)


def test_an_unknown_column_without_words_is_told_without_places() -> None:
    (found,) = warnings("序号\t任务\t责任单位\t神秘栏\n1\t建设平台\t市商务局\t\n2\t推进改革\t市商务局\t\n", "column-unknown")
    assert found.message == "栏目“神秘栏”含义不明，未读取 / the column “神秘栏” is of unknown meaning and was not read"
    assert (found.spans, found.line) == ((), None)


@pytest.mark.parametrize(("length", "shown"), [(60, "甲" * 60), (61, "甲" * 60 + "…")])
def test_a_line_that_was_not_read_is_quoted_and_cut(length: int, shown: str) -> None:
    rows = f"1\t建设平台\t市商务局\n{'甲' * length}\n2\t推进改革\t市商务局\n"
    found = warnings(f"序号\t任务\t责任单位\n{rows}", "unread")
    assert [(warning.message, warning.line, warning.task) for warning in found] == [
        (f"第5行未读取：{shown} / line 5 was not read: {shown}", 5, "1")
    ]


def test_lines_with_something_read_between_them_are_told_apart() -> None:
    said = (
        "1. 建设平台。（市发展改革委）\n这一句属于任务。\n甲句无人认领。\n乙句无人认领。\n2. 推进改革。（市商务局）\n"
        "丙句无人认领。\n3. 扩大开放。（市商务局）\n"
    )
    found = warnings(said, "unread")
    assert [warning.message.partition(" / ")[0] for warning in found] == [
        "第5—6行未读取：甲句无人认领。 乙句无人认领。",
        "第8行未读取：丙句无人认领。",
    ]
    assert [(warning.task, warning.line) for warning in found] == [("1", 5), ("2", 8)]


def test_what_the_document_does_not_say_of_itself() -> None:
    codes = ("document-number-missing", "title-missing", "date-missing", "issuer-missing")
    bare = [message for message, _ in told("序号\t任务\t责任单位\n1\t建设平台\t市商务局\n", *codes)]
    assert bare == [
        "未找到文件的文号 / no number was found in the document",
        "未找到文件的日期 / no date was found in the document",
        "未找到发文机关 / no issuer was found in the document",
    ]
    untitled = parse(read_bytes("a.txt", "序号\t任务\t责任单位\n1\t建设平台\t市商务局\n".encode())).warnings
    assert "未找到文件的标题 / no title was found in the document" in [warning.message for warning in untitled]
