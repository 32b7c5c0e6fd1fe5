"""The thirty adjudicated questions, each answered by queries of the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from queries import catalogue

Row = Mapping[str, str]
Rows = Callable[..., list[Row]]
"""The rows of a query, given its name and the values of its parameters."""
Reading = Callable[[Rows], object]
"""How rows become the answer to a question."""

QUESTIONS = json.loads((Path(__file__).parents[1] / "data" / "gold" / "questions.json").read_text("utf-8"))
CHIP_CENTRE = "国家汽车芯片质检中心"


def numbers(rows: Sequence[Row]) -> list[int]:
    return sorted({int(row["number"]) for row in rows})


def units(rows: Sequence[Row]) -> list[str]:
    return sorted({name for row in rows for name in row["units"].split("、")})


def tasks(name: str, **values: str | list[str]) -> Reading:
    return lambda rows: numbers(rows(name, **values))


def printed(name: str, **values: str | list[str]) -> Reading:
    return lambda rows: sorted(row["printed"] for row in rows(name, **values))


def count(name: str, **values: str) -> Reading:
    return lambda rows: len(rows(name, **values))


def task_and_units(thing: str) -> Reading:
    def read(rows: Rows) -> object:
        found = rows("tasks-by-thing", thing=thing)
        return {"任务": numbers(found), "责任单位": units(found)}

    return read


def stage_of_chip_centre(rows: Rows) -> str:
    """The words of the gold answer that the rows hold, in the order of the gold answer."""
    found = rows("platform", platform="国家汽车芯片质检中心")
    assert {row["status"] for row in found} == {"在建"}
    said = " ".join(row["text"].replace(CHIP_CENTRE, "") for row in found if row["end"] == "2026-12-31")
    phrases = ["筹建期", "落实筹建期工作计划", "加快建设", "申报验收"]
    return "{}；2026年{}、{}并{}".format(*(phrase for phrase in phrases if phrase in said))


def appearances(words: list[str]) -> Reading:
    def read(rows: Rows) -> object:
        found = rows("tasks-by-text", words=words)
        return {word: numbers([row for row in found if row["words"] == word]) for word in words}

    return read


def batteries(rows: Rows) -> object:
    makers = rows("things-by-industry", **{"industry": "power-batteries", "class": "Organisation"})
    return {"任务": numbers(rows("tasks-by-industry", industry="power-batteries")), "提到电池企业": bool(makers)}


def districts(rows: Rows) -> object:
    found = rows("districts-named")
    return {name: numbers([row for row in found if row["zh"] == name]) for name in {row["zh"] for row in found}}


def belt_and_road(rows: Rows) -> object:
    found = rows("theme-in-text-and-targets", theme="belt-and-road")
    return {"全部": numbers(found), "两栏都提到": numbers([row for row in found if row["side"] == "正文和目标"])}


def quantified(rows: Rows) -> object:
    found = rows("quantities")
    return {"个数": len(found), "任务": numbers(found)}


def figures_for_jingan(rows: Rows) -> object:
    return {row["action"] + row["counts"]: row["quote"] for row in rows("quantities-by-place", place="jingan")}


def citations(rows: Rows) -> object:
    return {row["number"]: f"《{row['title']}》" for row in rows("cited-documents")}


def chains_of_49(rows: Rows) -> object:
    found = rows("industries-in-text-and-targets", task="49")

    def side(name: str) -> list[str]:
        return sorted({quote for row in found if row["side"] == name for quote in row["quotes"].split("；")})

    return {"交集": side("正文和目标"), "只在目标中": side("只在目标")}


ANSWERS: dict[str, Reading] = {
    "Q01": tasks("tasks-by-industry", industry="low-altitude-aviation"),
    "Q04": printed("units-by-industry", industry="low-altitude-aviation"),
    "Q06": task_and_units("智能驾驶L3测试"),
    "Q07": stage_of_chip_centre,
    "Q08": tasks("tasks-by-industry-other-than-thing", industry="automotive-chips", thing=CHIP_CENTRE),
    "Q09": tasks("tasks-by-industry", industry="integrated-circuits"),
    "Q11": tasks("tasks-by-industry", industry="robotics"),
    "Q14": tasks("tasks-of-theme-only-as", theme="ai", narrower="ai-as-means"),
    "Q15": appearances(["产业互联网", "工业互联网"]),
    "Q16": task_and_units("CBAM"),
    "Q17": lambda rows: rows("thing-in-targets", thing=["CBAM", "ESG"]) == [{"boolean": "true"}],
    "Q20": tasks("tasks-by-industry", industry="chemicals"),
    "Q22": batteries,
    "Q24": tasks("tasks-by-theme", theme="metrology"),
    "Q26": lambda rows: {row["printed"]: int(row["tasks"]) for row in rows("load-per-unit")[:3]},
    "Q27": tasks("tasks-without-unit", unit="市市场监管局"),
    "Q29": count("tasks-by-number-of-units", count="1"),
    "Q32": printed("units-only-in-tasks", task=["73", "74"]),
    "Q36": tasks("tasks-shared-by-units", unit="市市场监管局", other="市科委"),
    "Q37": tasks("unit-before-unit", unit="市经济信息化委", other="市市场监管局"),
    "Q38": tasks("tasks-without-agency-kind", kind="municipal-department"),
    "Q42": districts,
    "Q43": tasks("districts-named-not-units"),
    "Q46": belt_and_road,
    "Q48": quantified,
    "Q52": figures_for_jingan,
    "Q53": count("tasks-without-quantity"),
    "Q56": citations,
    "Q58": chains_of_49,
    "Q60": tasks("tasks-by-platform-status", status="under-construction"),
}


@pytest.fixture(scope="session")
def rows(ask: Callable[[str], tuple[list[str], list[list[str]]]], resolve: Callable[..., object]) -> Rows:
    questions = catalogue()

    def run(name: str, **values: str | list[str]) -> list[Row]:
        columns, found = ask(questions[name].bind(values, resolve))  # type: ignore[arg-type]
        return [dict(zip(columns, row, strict=True)) for row in found]

    return run


def normal(answer: object) -> object:
    """An answer whose lists do not depend on their order."""
    if isinstance(answer, dict):
        return {str(key): normal(value) for key, value in answer.items()}
    return sorted(answer) if isinstance(answer, list) else answer


def test_every_question_is_answered_by_the_catalogue() -> None:
    assert len(QUESTIONS) == 30
    assert {question["id"] for question in QUESTIONS} == set(ANSWERS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_answer_equals_the_gold_answer(question: dict[str, object], rows: Rows) -> None:
    answer = ANSWERS[str(question["id"])](rows)
    free = question.get("may", [])
    if free and isinstance(answer, list) and isinstance(free, list):
        answer = [item for item in answer if item not in free]
    assert normal(answer) == normal(question["answer"])


def test_phrases_of_the_stage_are_those_of_the_gold_answer() -> None:
    gold = next(question["answer"] for question in QUESTIONS if question["id"] == "Q07")
    assert [part for part in re.split("；2026年|、|并", gold) if part] == ["筹建期", "落实筹建期工作计划", "加快建设", "申报验收"]
