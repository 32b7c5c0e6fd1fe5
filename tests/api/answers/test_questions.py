"""The questions that were answered by hand, asked as they are written: right, or declined aloud, and never answered as another question."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store

from api.answers.questions import Questions

DATA = Path(__file__).parents[2] / "data"
GOLD = json.loads((DATA / "gold" / "questions.json").read_text("utf-8"))
MORE = json.loads((DATA / "questions" / "analyst.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def box(dataset: Store) -> Questions:
    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        assert isinstance(format, QueryResultsFormat)
        found = dataset.query(text, use_default_graph_as_union=True)
        assert not isinstance(found, QueryTriples)
        return found.serialize(format=format) or b""

    return Questions(answer, lambda: "1")


def ask(box: Questions, text: str) -> dict[str, Any]:
    return asyncio.run(_asked(box, text))


async def _asked(box: Questions, text: str) -> dict[str, Any]:
    return await Questions(box._answer, lambda: "1").ask(text)


def right(answer: Mapping[str, Any], question: Mapping[str, Any]) -> bool | None:
    """Whether an answer is that of the gold; None where the gold says more than an answer of this kind holds."""
    kind, gold, may = question.get("answer_kind") or question["take"], question["answer"], set(question.get("may", ()))
    if kind == "tasks":
        return set(answer["tasks"]) - may == set(gold) - may
    if kind == "count":
        return bool((answer["number"] if answer["number"] is not None else len(answer["tasks"])) == gold)
    if kind == "boolean":
        return bool(answer["boolean"] == gold)
    if kind in {"agencies", "units", "column:printed"}:
        return set(answer["things"]) == set(gold)
    if kind == "map" and "任务" in gold:
        return set(answer["tasks"]) == set(gold["任务"]) and set(gold.get("责任单位", answer["things"])) == set(answer["things"])
    return None


def test_no_question_is_answered_wrong(box: Questions) -> None:
    async def all_of(questions: list[dict[str, Any]]) -> list[tuple[str, bool | None]]:
        mine = Questions(box._answer, lambda: "1")
        told = [(question, await mine.ask(question["zh"])) for question in questions]
        return [(question["id"], right(answer["answer"], question)) for question, answer in told if not answer["declined"]]

    gold, more = asyncio.run(all_of(GOLD)), asyncio.run(all_of(MORE))
    assert [name for name, held in (*gold, *more) if held is False] == []
    assert sum(held is True for _, held in gold) >= 17
    assert sum(held is True for _, held in (*gold, *more)) >= 78


def test_answer_has_its_words_and_what_was_examined(box: Questions, dataset: Store) -> None:
    told = ask(box, "哪些任务涉及低空航空？")
    assert told["answer"]["tasks"] == [9, 17, 49, 61]
    assert told["understood"] == {"zh": "列出=任务 · 涉及=低空航空", "en": "list=tasks · involves=低空航空"}
    assert told["coverage"]["examined"] == 74
    assert {piece["row"] for piece in told["evidence"]} == {9, 17, 49, 61}
    for piece in told["evidence"]:
        query = f"SELECT ?text {{ <{piece['passage']}> <https://w3id.org/zhengce/def#text> ?text }}"
        found = dataset.query(query, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        ((text,),) = found
        assert text.value[piece["start"] : piece["end"]] == piece["quote"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("市科委的负责人是谁", "不记录个人"),
        ("这些任务的预算是多少", "金额"),
        ("低空航空的任务完成了吗", "做了没有"),
        ("哪些任务涉及火星采矿", "火星采矿"),
        ("今天天气怎么样", "无关"),
        ("", "请输入"),
        ("哪" * 400, "300"),
    ],
)
def test_what_cannot_be_answered_is_declined_with_the_reason(box: Questions, text: str, reason: str) -> None:
    told = ask(box, text)
    assert told["declined"]
    assert told["answer"] is None
    assert reason in told["reason"]["zh"]


def test_two_readings_with_two_answers_are_given_back(box: Questions) -> None:
    told = ask(box, "静安区的任务")
    assert told["declined"]
    assert len(told["alternatives"]) == 2
    assert all(each["understood"]["zh"] and each["query"] for each in told["alternatives"])


def test_nothing_typed_gets_into_the_query(box: Questions) -> None:
    for text in ('哪些任务提到“x") } DROP ALL #”', "哪些任务提到“\\u0022) . ?s ?p ?o”"):
        told = ask(box, text)
        assert told["declined"] or told["answer"]["tasks"] == []


def test_two_readings_with_two_truth_values_are_given_back(box: Questions) -> None:
    # Task 25 names the district; its government bears task 18 and not this one.
    told = ask(box, "有没有任务徐汇区任务25")
    assert told["declined"]
    assert [each["understood"]["en"] for each in told["alternatives"]] == [
        "whether there are=tasks · involves=徐汇区 · task number=25",
        "whether there are=tasks · unit=徐汇区 · task number=25",
    ]
