"""What a column holds by the words of its head, whatever its place; and which heads are those of a task table at all."""

from __future__ import annotations

from itertools import permutations

import pytest

from ingest.layouts.columns import columns, is_head, is_role, known_heads


def kinds(*heads: str | tuple[str, ...]) -> tuple[str, ...] | None:
    paths = [(head,) if isinstance(head, str) else head for head in heads]
    found = columns(paths, [path[-1] for path in paths])
    return found.kinds if found else None


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("任务编号", "number"),
        ("主办单位", "lead"),
        ("协办部门", "cooperate"),
        ("责任处室", "responsible"),
        ("业务指导部门", "guide"),
        ("分管领导", "leader"),
        ("完成时间", "deadline"),
        ("第一季度", "schedule"),
        ("1-3月", "schedule"),
        ("工作进展", "progress"),
        ("任务来源", "remark"),
        ("预期成果", "targets"),
        ("具体措施", "text"),
        ("任务类别", "group"),
        ("金额", None),
        ("", None),
        ("推进检验检测认证行业高质量发展，全面提升服务能力", None),
    ],
)
def test_the_words_of_a_head_say_what_its_column_holds(head: str, kind: str | None) -> None:
    assert is_head(head) == kind


def test_the_place_of_a_column_does_not_matter() -> None:
    expected = {"序号": "number", "重点任务": "group", "具体任务": "text", "工作目标": "targets", "责任单位": "responsible"}
    for order in permutations(expected):
        # Save for one of two that may both be the task: to the right of it, it says more of it.
        said = {**expected, "重点任务": "group" if order.index("重点任务") < order.index("具体任务") else "targets"}
        assert kinds(*order) == tuple(said[head] for head in order)


def test_the_task_is_the_column_that_says_most() -> None:
    assert kinds("序号", "工作任务", "责任单位") == ("number", "text", "responsible")
    assert kinds("序号", "重点工作", "主要内容", "责任单位") == ("number", "group", "text", "responsible")
    assert kinds("序号", "目标任务", "责任单位") == ("number", "text", "responsible")


def test_a_head_over_others_lends_them_its_meaning() -> None:
    assert kinds("序号", "工作任务", ("责任单位", "牵头"), ("责任单位", "配合")) == ("number", "text", "lead", "cooperate")
    assert kinds("序号", "工作任务", ("责任单位", "市级"), ("责任单位", "区级")) == ("number", "text", "responsible", "responsible")


@pytest.mark.parametrize("heads", [("姓名", "年龄", "工作"), ("项目", "金额", "面积", "单价"), ("序号", "责任单位"), ("任务", "内容")])
def test_heads_of_another_table_are_none_of_ours(heads: tuple[str, ...]) -> None:
    assert kinds(*heads) is None


def test_roles_alone_and_runs_of_heads() -> None:
    assert [is_role(head) for head in ("牵头", "责任", "市科委", "牵头单位")] == [True, True, False, False]
    assert known_heads(["序号", "任务", "市科委", "责任单位"]) == 2
    assert known_heads([]) == 0
