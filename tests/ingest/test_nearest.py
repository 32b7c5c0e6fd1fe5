"""What a refused document lacked, and where it came nearest."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import NoTasksError
from ingest.nearest import nearest
from ingest.parse import parse
from ingest.read import read_bytes


@pytest.mark.parametrize(
    ("said", "line", "missing"),
    [
        ("通知\n一、建设学校5所。（按时完成）\n二、其他。\n", 2, "括号里的“按时完成”没有认出责任单位"),
        ("通知\n一、提高认识。\n二、抓好落实。\n", 2, "后面没有写明责任单位的括号或标签"),
        ("通知\n\n序号\t任务\t面积\n1\t建校\t5\n2\t修路\t6\n", 3, "表头没有责任单位一栏"),
    ],
)
def test_the_nearest_line_and_what_it_lacks(said: str, line: int, missing: str) -> None:
    found = nearest(read_bytes("x.txt", said.encode()))
    assert found is not None
    assert (found.line, found.zh) == (line, missing)


def test_nothing_near_is_said_to_be_near() -> None:
    assert nearest(read_bytes("x.txt", "请准时参加会议。\n地点另行通知。\n".encode())) is None


def test_the_refusal_says_it(tmp_path: Path) -> None:
    with pytest.raises(NoTasksError, match="第2行"):
        parse(read_bytes("x.txt", "通知\n一、提高认识。\n二、抓好落实。\n".encode()))
