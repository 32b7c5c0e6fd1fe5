"""Words that documents print and no vocabulary has; ranks, ranges, the units of other tasks, where a thing stands, what is made."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.answers.questions import Questions


def ask(box: Questions, text: str) -> dict[str, Any]:
    return asyncio.run(box.ask(text))


TASKS: dict[str, list[int]] = {
    # words of no vocabulary, in Chinese
    "哪些任务提到宣传周？": [69],
    "研讨班在哪项任务里？": [32],
    "提到论坛或者研讨班的任务有哪些？": [32, 69],
    "提到培训但没有提到绿色的任务": [55],
    "哪些任务的目标提到租赁？": [],
    "白皮书在第几项任务里": [64],
    "市市场监管局牵头的培训任务有哪些？": [34, 36, 55, 57],
    # of a word a light verb says nothing: what is carried out may be held as well
    "哪些任务要求开展培训？": [34, 36, 55, 57],
    "Which tasks must carry out training?": [34, 36, 55, 57],
    "Which tasks call for training?": [34, 36, 55, 57],
    # what a unit does, and then what the tasks are about
    "市科委牵头的低空任务有哪些": [17],
    "不由市科委牵头的低空任务": [9, 49, 61],
    "没有市科委参与的低空任务": [9, 49, 61],
    "市科委牵头了哪些低空任务": [17],
    # the thing before the question
    "digital PCR what task": [11],
    "What task is digital PCR in?": [11],
    # English words for words that are printed
    "Which tasks mention forums?": [69],
    "Which tasks mention a seminar or a forum?": [32, 69],
    "Which tasks mention training but not catering?": [34, 36, 55],
    "Which tasks are about acquisitions?": [3, 40],
    "any tasks on homestays?": [57],
    "Where are exhibitions mentioned?": [41, 45, 57, 69],
    # what is quoted is its letters
    "Where does it say “Agent”?": [12],
    # the first tasks, and those from one to another
    "前20项任务中哪些由市商务委负责？": [5],
    "Which of the first 10 tasks are led by the science commission?": [],
    "Which tasks have between 5 and 6 units?": [2, 18, 34, 60, 72],
    # the units of other tasks
    "任务11的牵头部门还牵头哪些任务？": [],
    "任务43的责任单位还负责哪些任务？": [45],
    "What other tasks does the lead unit of task 43 lead?": [],
    # what is to be made
    "哪些任务要修订《上海市检验检测机构资质认定告知承诺管理办法》？": [70],
    "Which tasks must publish a white paper?": [64],
}
THINGS: dict[str, set[str]] = {
    "哪家单位的任务第二多？": {"市经济信息化委"},
    "Which unit has the third most tasks?": {"市科委"},
    "防雷写在哪一节？": {"营造良好环境"},
    "Which section mentions seminars?": {"推动智能化跃升"},
    "Which section is the largest?": {"加强关键核心技术攻关"},
    "最小的分组是哪些？": {"做强龙头企业", "加快数字化转型", "加强宣传引导"},
    "任务63由谁牵头？谁配合？": {"市人力资源社会保障局", "市市场监管局"},
    "谁配合任务70？": set(),
    "谁修订《上海市检验检测机构资质认定告知承诺管理办法》？": {"市市场监管局"},
    "How many industrial parks are planned?": {"3—5个"},
}
NUMBERS = {"提到宣传周的任务有多少项？": 1, "任务43的牵头单位负责多少项任务？": 1, "How many tasks mention forums?": 1}


@pytest.mark.parametrize("text", TASKS)
def test_tasks(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert not told["declined"], told["reason"]
    assert sorted(told["answer"]["tasks"]) == TASKS[text], told["understood"]


@pytest.mark.parametrize("text", THINGS)
def test_things(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert not told["declined"], told["reason"]
    assert set(told["answer"]["things"]) == THINGS[text], told["understood"]


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert not told["declined"], told["reason"]
    assert told["answer"]["number"] == NUMBERS[text]


@pytest.mark.parametrize(
    "text",
    [
        # one word more than is understood, or than is printed
        "哪些任务提到火星培训？",
        "提到培训教材的任务有哪些？",
        "哪些任务提到海底机器人？",
        "有多少家检测机构？",
        "白皮书有多少页？",
        "2026年的培训发布了吗？",
        "静安区通过“各区”承担哪些任务？",
        "小微企业质量管理体系提升出现在哪些任务？",
        "任务64正文说的白皮书，目标里是什么？",
        "Which tasks mention brand training?",
        "How many certification companies are there in Shanghai?",
        "How many laboratories are there?",
        # an operator that no rule reads with these words
        "只提到培训的任务有哪些？",
        "哪一节没有提到培训？",
        "哪些任务不发布白皮书？",
        "任务25的牵头部门不牵头哪些任务？",
        "任务25以外的牵头部门还牵头哪些任务？",
        "后20项里哪些涉及机器人？",
        "前5项之外的任务哪些涉及机器人？",
        "What tasks does the lead unit of task 25 not lead?",
        "Which of the last 20 tasks mention robots?",
        "Which section does not mention training?",
        # what was done
        "谁发布了白皮书？",
        "Who published the white paper?",
        # ranks that are shared before
        "责任单位第二多的任务是哪项？",
        "Which unit has the second fewest tasks?",
    ],
)
def test_what_is_not_wholly_read_is_declined(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert told["declined"], told["understood"]
    assert told["answer"] is None


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("哪些任务提到论坛？", "哪些任务没有提到论坛？"),
        ("哪些任务提到论坛？", "哪些任务提到研讨班？"),
        ("哪些任务提到论坛或者培训？", "哪些任务提到论坛和培训？"),
        ("任务25的牵头部门牵头哪些任务？", "任务25的牵头部门还牵头哪些任务？"),
        ("任务25的牵头部门牵头哪些任务？", "任务25的责任单位牵头哪些任务？"),
        ("任务25的牵头部门牵头哪些任务？", "任务25的牵头部门负责哪些任务？"),
        ("哪家单位的任务第二多？", "哪家单位的任务第三多？"),
        ("前10项任务里哪些由市科委负责？", "前11项任务里哪些由市科委负责？"),
        ("哪些任务要发布手册？", "哪些任务要编制手册？"),
    ],
)
def test_another_word_or_operator_asks_something_else(box: Questions, text: str, other: str) -> None:
    told, changed = ask(box, text), ask(box, other)
    assert not told["declined"]
    assert changed["declined"] or changed["query"] != told["query"] or changed["understood"] != told["understood"]


def test_the_reading_of_a_printed_word_is_told_with_the_word_as_evidence(box: Questions) -> None:
    told = ask(box, "Which tasks mention forums?")
    assert told["understood"] == {"zh": "列出=任务 · 涉及=“论坛”", "en": "list=tasks · involves=“论坛”"}
    assert told["assumed"] == [{"typed": "forums", "read": "论坛"}]
    assert {(each["row"], each["quote"]) for each in told["evidence"]} == {(69, "论坛")}
    assert all(each["line"] > 0 and each["heading"] for each in told["evidence"])


@pytest.mark.parametrize(
    "text",
    [
        "任务25的牵头部门还牵头哪些任务？",
        "提到CNAS的任务的牵头单位独自负责多少项任务？",
        "哪家单位的任务第二多？",
        "谁修订《上海市检验检测机构资质认定告知承诺管理办法》？",
        "哪些任务要发布白皮书？",
        "How many industrial parks are planned?",
        "Which tasks mention testing?",
    ],
)
def test_the_parts_are_the_same_question_again(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert not told["declined"]
    for language in ("zh", "en"):
        again = ask(box, told["understood"][language])
        assert not again["declined"], again["reason"]
        assert again["understood"] == told["understood"]
        assert again["answer"]["tasks"] == told["answer"]["tasks"]
        assert again["answer"]["things"] == told["answer"]["things"]
