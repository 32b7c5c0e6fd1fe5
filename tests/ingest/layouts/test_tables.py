"""What a table says by its cells: heads over two rows, columns without heads, sections, spans, notes and totals."""

from __future__ import annotations

import pytest

from ingest.errors import NoTasksError
from ingest.model.records import Notice, Task
from ingest.parse import parse
from ingest.read import read_bytes

Cell = str | tuple[str, int, int]
"""What a cell says; with it how many columns and rows it spans."""
HEAD: tuple[Cell, ...] = ("序号", "任务", "责任单位")


def notice(*rows: tuple[Cell, ...]) -> Notice:
    def cell(said: Cell) -> str:
        text, across, down = (said, 1, 1) if isinstance(said, str) else said
        return f'<td colspan="{across}" rowspan="{down}">{text}</td>'

    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
    return parse(read_bytes("a.html", f"<p>某市2026年重点任务分工方案</p><table>{body}</table>".encode()))


def told(task: Task) -> str:
    """``number group/group text [target|target] unit:role``."""
    groups = "/".join(map(str, task.group_path)) or "-"
    targets = "|".join(map(str, task.targets))
    return f"{task.no} {groups} {task.text} [{targets}] {' '.join(f'{unit.surface}:{unit.role}' for unit in task.units)}"


PLATFORM, REFORM = "1 - 建设平台 [] 市商务局:responsible", "2 - 推进改革 [] 市财政局:responsible"
FIRST: tuple[Cell, ...] = ("1", "建设平台", "市商务局")
SECOND: tuple[Cell, ...] = ("2", "推进改革", "市财政局")


@pytest.mark.parametrize(
    "rows",
    [
        (HEAD, FIRST, SECOND),
        (("任务", "责任单位", "序号"), ("建设平台", "市商务局", "1"), ("推进改革", "市财政局", "2")),
        # A column of numbers under no head, or under one that spans it and the texts.
        (("", "任务", "责任单位"), FIRST, ("2.", "推进改革", "市财政局")),
        ((("任务", 2, 1), "责任单位"), ("1、", "建设平台", "市商务局"), ("2、", "推进改革", "市财政局")),
        # The heads once more, as after the end of a page.
        (HEAD, FIRST, HEAD, SECOND),
        # Marks before a text and behind a number.
        (HEAD, ("1", "△建设平台", "市商务局"), ("2*", "●推进改革", "市财政局")),
        (HEAD, ("（1）", "建设平台", "市商务局"), ("2、", "推进改革", "市财政局")),
        # A row of blanks, and one that adds up.
        (HEAD, FIRST, ("", "", ""), SECOND, ("合计", "2", "")),
    ],
)
def test_the_same_two_tasks(rows: tuple[tuple[Cell, ...], ...]) -> None:
    assert [told(task) for task in notice(*rows).tasks] == [PLATFORM, REFORM]


@pytest.mark.parametrize(
    "heads",
    [
        ((("序号", 1, 2), ("任务", 1, 2), ("责任分工", 2, 1)), ("牵头单位", "配合单位")),
        (("序号", "任务", "责任分工", ""), ("", "", "牵头单位", "配合单位")),
    ],
)
def test_heads_over_two_rows_name_the_columns_below_them(heads: tuple[tuple[Cell, ...], ...]) -> None:
    found = notice(*heads, ("1", "建设平台", "市商务局", "市财政局"))
    assert [told(task) for task in found.tasks] == ["1 - 建设平台 [] 市商务局:lead 市财政局:cooperate"]
    assert found.tasks[0].headings == {"number": "序号", "text": "任务", "units": "牵头单位、配合单位"}


def test_a_column_without_a_head_that_holds_other_than_numbers_is_not_read_as_numbers() -> None:
    found = notice(("", "任务", "责任单位"), FIRST, ("甲", "推进改革", "市财政局"))
    assert [warning.code for warning in found.warnings if warning.code.startswith(("number", "column"))] == [
        "number-missing",
        "number-missing",
        "column-unknown",
    ]


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (
            ("1.建成甲平台。2.建成乙平台。", "1.改革甲制。2.改革乙制。"),
            [
                "1 - 建设平台 [建成甲平台。|建成乙平台。] 市商务局:responsible",
                "2 - 推进改革 [改革甲制。|改革乙制。] 市财政局:responsible",
            ],
        ),
        (
            ("建成甲平台。", "改革甲制。"),
            ["1 建设平台 建成甲平台。 [] 市商务局:responsible", "2 推进改革 改革甲制。 [] 市财政局:responsible"],
        ),
    ],
)
def test_a_heading_of_its_own_beside_a_numbered_list_is_the_task(details: tuple[str, str], expected: list[str]) -> None:
    rows = [("1", "建设平台", details[0], "市商务局"), ("2", "推进改革", details[1], "市财政局")]
    assert [told(task) for task in notice(("序号", "类别", "具体任务", "责任单位"), *rows).tasks] == expected


def test_rows_across_the_table_are_sections_at_their_rung_and_notes_are_none() -> None:
    found = notice(
        HEAD,
        (("一、经济（共2项）", 3, 1),),
        FIRST,
        (("（一）财政（续）", 3, 1),),
        SECOND,
        (("二、社会", 3, 1),),
        ("3", "扩大开放", "市民政局"),
        (("注：以上任务按月报送", 3, 1),),
        ("4", "安排就业", "市民政局"),
        ((f"{'很长的一句说明' * 9}", 3, 1),),
        ("5", "安排住房", "市民政局"),
    )
    assert [told(task).split(" ")[1] for task in found.tasks] == ["经济", "经济/财政", "社会", "社会", "社会"]


def test_a_group_holds_for_the_rows_that_its_cell_spans() -> None:
    found = notice(("类别", "序号", "任务", "责任单位"), (("经济", 1, 2), *FIRST), SECOND, ("社会", "3", "扩大开放", "市民政局"))
    assert [told(task).split(" ")[1] for task in found.tasks] == ["经济", "经济", "社会"]


def test_rows_of_one_task_are_one_task() -> None:
    found = notice(
        ("序号", "任务", "目标", "责任单位"),
        (("1", 1, 2), ("建设平台", 1, 2), "建成甲", "市商务局"),
        ("建成乙", "市财政局"),
        ("2", "推进改革", "改完", "市财政局"),
    )
    assert [told(task) for task in found.tasks] == [
        "1 - 建设平台 [建成甲|建成乙] 市商务局:responsible 市财政局:responsible",
        "2 - 推进改革 [改完] 市财政局:responsible",
    ]


def test_numbered_items_of_a_cell_are_targets_where_no_column_holds_targets() -> None:
    (task,) = notice(HEAD, ("1", "建设平台：1.建成甲平台。2.建成乙平台。", "市商务局")).tasks
    assert told(task) == "1 - 建设平台： [建成甲平台。|建成乙平台。] 市商务局:responsible"


def test_units_in_a_bracket_where_no_column_holds_units() -> None:
    (task,) = notice(("序号", "任务"), ("1", "建设平台。（市商务局）")).tasks
    assert told(task) == "1 - 建设平台。 [] 市商务局:responsible"
    assert "units" not in task.headings


def test_strokes_say_nothing() -> None:
    tasks = notice(("序号", "任务", "责任单位", "完成时限", "一季度目标"), (*FIRST, "/", "-"), (*SECOND, "2026年底", "启动")).tasks
    assert [task.deadline and task.deadline.text.value for task in tasks] == [None, "2026年底"]
    assert [[(head, text.value) for head, text in task.schedule] for task in tasks] == [[], [("一季度目标", "启动")]]


def test_a_table_with_other_heads_holds_no_tasks() -> None:
    with pytest.raises(NoTasksError):
        notice(("甲", "乙"), ("1", "建设平台"))
