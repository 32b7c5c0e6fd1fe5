"""The same question in other words is answered the same; what resembles a question that can be answered, and is another, is declined."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pyoxigraph import Store

from api.answers.questions import Questions
from benchmarks.ask import box as box_of

SAME: dict[str, tuple[str, ...]] = {
    "市科委负责哪些任务？": (
        "市科委，它负责哪些任务？",
        "市科委都领了哪些活？",
        "市科委被安排了哪些任务？",
        "哪些任务被分给了市科委？",
        "哪些任务交给市科委负责？",
        "哪些任务把市科委列为责任单位？",
        "市科委列为责任单位的任务",
        "劳烦查询市科委负责的任务",
        "市科委在哪些任务里是责任单位",
        "責任單位含市科委的任務有哪些",
        "Which tasks have been entrusted to the science commission?",
        "What are the responsibilities of the science commission?",
        "What is the science commission supposed to do?",
        "Which tasks have the science commission among the responsible units?",
    ),
    "市科委牵头哪些任务？": (
        "哪些任务交由市科委牵头？",
        "把市科委列为首位的任务有哪些？",
        "哪些任务把市科委放在第一位？",
        "市科委 牵头",
        "牵头单位是市科委的任务",
        "In which tasks is the science commission the first responsible unit?",
        "Which tasks have the science commission as lead unit?",
    ),
    "市科委牵头多少项任务？": ("市科委牵头数", "市科委作为牵头单位的任务有多少？", "How many tasks are led by the science commission?"),
    "哪些任务涉及低空航空？": (
        "低空航空，涉及的任务是哪几项？",
        "把低空航空写进去的任务有哪些？",
        "低空航空被写进了哪些任务？",
        "哪些任務涉及低空航空？",
        "Is it possible to list the tasks on low-altitude aviation?",
    ),
    "涉及低空航空的任务由谁牵头？": (
        "低空航空的任务谁在牵头？",
        "低空航空 牵头单位",
        "低空 任务 牵头",
        "lead units of tasks on low-altitude aviation",
        "low-altitude aviation lead unit",
    ),
    "任务9由谁负责？": (
        "任务9交给了谁？",
        "任务9落在谁头上？",
        "任务9被哪些单位负责？",
        "任务9 责任单位",
        "Who has been put in charge of task 9?",
        "Which units are named as responsible for task 9?",
        "task 9 units",
    ),
    "任务9由谁牵头？": ("9号任务由谁牵头", "任务9第一责任单位是谁", "By whom is task 9 led?"),
    "市科委参与但不牵头的任务有多少项？": (
        "市科委不是第一责任单位但参与的任务有多少项？",
        "How many tasks does the science commission take part in but not lead?",
    ),
    "哪些任务的责任单位少于3家？": ("不到三家单位负责的任务", "责任单位不超过两家的任务", "Which tasks have at most two units?"),
    "哪些任务的责任单位至少有5家？": ("责任单位达到5家及以上的任务", "5家以上单位共同负责的任务", "责任单位不少于五家的任务"),
    "哪些任务只在目标中涉及人工智能？": (
        "目标中提到人工智能但正文没提到的任务",
        "Which tasks mention artificial intelligence in the targets but not in the text?",
    ),
    "任务9有几家责任单位？": ("任务9有几家", "the number of units in charge of task 9"),
    "市科委和市商务委各负责多少项任务？": (
        "How many tasks do the science commission and the commerce commission bear respectively?",
        "Compare the science commission and the commerce commission",
    ),
    "推行涉碳类认证这一组有哪些任务": ("推行涉碳类认证包括哪些任务", "属于推行涉碳类认证的任务", "推行涉碳类认证这一类包括第几项"),
}
"""A question, and what says the same."""
OTHERS = (
    *("上海现在有多少家检验检测机构", "上海有多少检验检测机构", "检验检测机构有哪些", "哪些检验检测机构在上海", "什么是人工智能"),
    *("人工智能是什么", "人工智能有多少家企业", "哪家涉及人工智能", "国家汽车芯片质检中心在哪里", "涉及人工智能的有多少家"),
    *("芯片的总数是多少", "有多少芯片", "有哪些芯片", "机器人有几个", "上海有几个区", "“相关区”包含哪些区？", "市科委在哪里办公"),
    *("谁批准了这个文件", "任务9和任务17有什么关系", "市科委占多少比例", "哪个区的人工智能企业最多", "市科委下属单位有哪些"),
    *("所有任务都有量化指标吗", "市科委的任务都涉及人工智能吗", "任务9和任务17都涉及人工智能吗", "Do all tasks involve AI?"),
    *("What is artificial intelligence?", "Where is the national automotive chip centre?", "How many AI companies are there?"),
    *("Which units lead AI tasks and hydrogen tasks?", "Which tasks are completed?", "How is task 9 funded?"),
)
"""What every word of is known, or nearly, and what no notice says, or no frame asks."""


@pytest.fixture(scope="module")
def box(dataset: Store) -> Questions:
    """The question box; it reads the names of the graph once."""
    return box_of(dataset)


def ask(box: Questions, text: str) -> dict[str, Any]:
    return asyncio.run(box.ask(text))


def said(told: dict[str, Any]) -> tuple[object, ...]:
    """What an answer says, whatever names the asker used."""
    answer = told["answer"]
    rows = [row[-1] for row in answer["rows"]] if answer["kind"] == "compared" else answer["things"]
    return answer["kind"], answer["tasks"], answer["number"], answer["boolean"], sorted(map(str, rows))


@pytest.mark.parametrize("text", SAME)
def test_other_words_for_a_question_are_answered_the_same(box: Questions, text: str) -> None:
    first = ask(box, text)
    assert not first["declined"], text
    for other in SAME[text]:
        told = ask(box, other)
        assert not told["declined"], (other, told["reason"])
        assert said(told) == said(first), other


@pytest.mark.parametrize("text", OTHERS)
def test_another_question_is_declined(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert told["declined"], told["understood"]
