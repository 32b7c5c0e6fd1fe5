"""The questions that were answered by hand, asked as they are written: right, or declined aloud, and never answered as another question."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions, Store

from api.answers.questions import Questions
from benchmarks.ask import report
from queries.ask.model import Language

DATA = Path(__file__).parents[2] / "data"
GOLD = json.loads((DATA / "gold" / "questions.json").read_text("utf-8"))
MORE = json.loads((DATA / "questions" / "analyst.json").read_text("utf-8"))


def ask(box: Questions, text: str) -> dict[str, Any]:
    return asyncio.run(box.ask(text))


@pytest.mark.parametrize(("language", "gold", "all_of_them"), [("zh", 28, 120), ("en", 28, 117)])
def test_no_question_is_answered_wrong(box: Questions, language: Language, gold: int, all_of_them: int) -> None:
    mine, more = asyncio.run(report(box, language, GOLD)), asyncio.run(report(box, language, MORE))
    assert [each for each in (*mine, *more) if each[1] == "wrong"] == []
    assert sum(each[1] == "right" for each in mine) >= gold
    assert sum(each[1] == "right" for each in (*mine, *more)) >= all_of_them


def test_each_row_of_an_answer_has_its_words(box: Questions, dataset: Store) -> None:
    async def all_of() -> list[dict[str, Any]]:
        return [await box.ask(question["zh"]) for question in GOLD]

    answers = [told for told in asyncio.run(all_of()) if not told["declined"]]
    assert len(answers) >= 28
    for told in answers:
        rows = {piece["row"] for piece in told["evidence"]}
        assert set(told["answer"]["tasks"]) <= rows, told["question"]
        assert rows or told["answer"]["boolean"] is False, told["question"]
        for piece in told["evidence"][:40]:
            assert text_of(dataset, piece["passage"])[piece["start"] : piece["end"]] == piece["quote"]


def text_of(dataset: Store, passage: str) -> str:
    query = f"SELECT ?text {{ <{passage}> <https://w3id.org/zhengce/def#text> ?text }}"
    found = dataset.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    ((text,),) = found
    return str(text.value)


@pytest.mark.parametrize(
    ("text", "typed", "read"),
    [
        ("底空航空的任务有哪些", "底空航空", "低空航空"),
        ("Which units serve the low-altitude tasks?", "low-altitude", "Low-altitude aviation"),
        ("Which tasks involve embodeid intelligence?", "embodeid intelligence", "Embodied intelligence"),
        ("哪些任务涉及智能網聯汽車", "", ""),
        ("Which tasks involve low altitude aviation?", "", ""),
    ],
)
def test_words_near_a_name_are_read_as_it_and_this_is_said(box: Questions, text: str, typed: str, read: str) -> None:
    told = ask(box, text)
    assert not told["declined"]
    assert told["assumed"] == ([{"typed": typed, "read": read}] if typed else [])


@pytest.mark.parametrize("text", ["哪些任务涉及创新联盟", "哪些任务涉及質檢中心", "小微企业质量管理体系提升出现在哪些任务？"])
def test_words_near_several_names_and_parts_of_names_are_asked_back(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert told["declined"]
    assert told["alternatives"]
    assert all(each["assumed"] for each in told["alternatives"])


@pytest.mark.parametrize("text", ["哪些任务涉及高空航空", "火低空航空的任务有哪些", "Which tasks involve Martian mining?"])
def test_another_meaning_is_not_near(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert told["declined"]
    assert told["alternatives"] == []


def test_answer_has_its_words_and_what_was_examined(box: Questions, dataset: Store) -> None:
    told = ask(box, "哪些任务涉及低空航空？")
    assert told["answer"]["tasks"] == [9, 17, 49, 61]
    assert told["understood"] == {"zh": "列出=任务 · 涉及=低空航空", "en": "list=tasks · involves=Low-altitude aviation"}
    assert told["coverage"]["examined"] == 74
    assert {piece["row"] for piece in told["evidence"]} == {9, 17, 49, 61}
    for piece in told["evidence"]:
        assert text_of(dataset, piece["passage"])[piece["start"] : piece["end"]] == piece["quote"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("市科委的负责人是谁", "不记录个人"),
        ("这些任务的预算是多少", "金额"),
        ("低空航空的任务完成了吗", "做了没有"),
        ("哪些任务涉及火星采矿", "“火星”"),
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
        "whether there are=tasks · unit=People's Government of Xuhui District, Shanghai · task number=25",
    ]


ASKED = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((DATA / "asked").glob("*.json"))}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(ASKED))
def test_questions_as_people_type_them(box: Questions, name: str, language: Language) -> None:
    """None is answered wrong; of ten more than eight are right, or asked back with the right reading among the choices."""
    told = asyncio.run(report(box, language, ASKED[name]))
    assert [each for each in told if each[1] == "wrong"] == []
    assert sum(each[1] in {"right", "back"} for each in told) >= 0.85 * len(told)


def test_what_was_understood_can_be_asked_again_as_its_parts(box: Questions) -> None:
    """The parts of an answer, in either language, are the same question again; a name that one language alone has may be declined."""

    async def all_of() -> list[tuple[str, str]]:
        found = []
        for question in (*GOLD, *ASKED["colloquial"]):
            told = await box.ask(question.get("zh") or question["en"])
            if not told["declined"]:
                for language in ("zh", "en"):
                    found.append((told["understood"][language], _again(told, await box.ask(told["understood"][language]), language)))
        return found

    found = asyncio.run(all_of())
    assert len(found) > 150
    assert [said for said, became in found if became == "another"] == []
    assert sum(became == "declined" for _, became in found) <= len(found) / 100


def _again(told: dict[str, Any], again: dict[str, Any], language: str) -> str:
    if again["declined"]:
        return "same" if told["understood"][language] in [each["understood"][language] for each in again["alternatives"]] else "declined"
    same = again["query"] == told["query"] or again["understood"] == told["understood"] or _rows(again) == _rows(told)
    return "same" if same else "another"


def _rows(told: dict[str, Any]) -> dict[str, Any]:
    """An answer without the text of its queries, in which a thing may stand under any of its names."""
    answer = told["answer"]
    return {**answer, "parts": [{name: value for name, value in part.items() if name != "query"} for part in answer["parts"]]}


@pytest.mark.parametrize(
    ("text", "things", "number", "boolean"),
    [
        ("市科委和市商务委谁的任务多", ["市科委"], None, None),
        ("市科委和市商务委谁的任务少", ["市商务委"], None, None),
        ("市科委比市商务委多几项任务", [], 10, None),
        ("市科委的任务比市商务委多吗", [], None, True),
        ("Are there more tasks on robots than on artificial intelligence?", [], None, False),
    ],
)
def test_two_things_are_compared(box: Questions, text: str, things: list[str], number: int | None, boolean: bool | None) -> None:
    answer = ask(box, text)["answer"]
    assert (answer["things"], answer["number"], answer["boolean"]) == (things, number, boolean)


@pytest.mark.parametrize(
    "text", ["哪些任务涉及人工智能餐饮", "哪些任务涉及地下机器人", "Which tasks involve space tourism?", "哪些任务涉及月球采矿"]
)
def test_a_longer_compound_is_not_read_as_the_name_in_it(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert told["declined"]
    assert told["answer"] is None


@pytest.mark.parametrize("text", ["市科委做了哪些工作", "2025年完成了哪些任务", "今年已经发布了哪些文件"])
def test_what_was_done_is_not_what_is_to_be_done(box: Questions, text: str) -> None:
    told = ask(box, text)
    assert told["declined"]
    assert "做了没有" in told["reason"]["zh"]


def test_one_of_the_readings_can_be_chosen(box: Questions) -> None:
    async def chosen() -> tuple[dict[str, Any], dict[str, Any]]:
        back = await box.ask("静安区的任务")
        return back, await box.ask("静安区的任务", reading=back["alternatives"][1]["understood"]["zh"])

    back, told = asyncio.run(chosen())
    assert back["declined"]
    assert not told["declined"]
    assert told["understood"] == back["alternatives"][1]["understood"]
