"""The rules, the words and the chart: what is declared fits together, and a question is read whole or not at all."""

from __future__ import annotations

import csv
import inspect
import time
from collections.abc import Hashable
from importlib.resources import files

import pytest

from queries.ask.actions import actions
from queries.ask.chart import Edge, Rule, TooLongError, grammar, readings
from queries.ask.folding import folded
from queries.ask.lattice import number_of
from queries.ask.lexicon import Names, lexicon
from queries.ask.model import Borne, Involves, Question
from queries.ask.understand import understand

NAMES_AND_FIGURES = {
    *(
        "TOPIC",
        "AREA",
        "UNIT",
        "STATUS",
        "ACTION",
        "AGENCYKIND",
        "PLATFORMKIND",
        "GROUPNAME",
        "FORCE",
        "NOVEL",
        "PARTY",
        "NOTICENAME",
        "COUNTED",
        "DOCTYPE",
    ),
    *("QUOTED", "OPEN", "CLOSE", "NUMBER", "YEAR", "YEARTARGETS", "TASKNUMBER", "DUE"),
}
ID = "https://w3id.org/zhengce/id/"
NAMES = [
    (f"{ID}industry/low-altitude-aviation", "低空航空"),
    (f"{ID}industry/low-altitude-aviation", "低空"),
    (f"{ID}industry/robotics", "机器人"),
    (f"{ID}agency/a", "市科委"),
    (f"{ID}agency/b", "市市场监管局"),
    (f"{ID}district/jingan", "静安区"),
    (f"{ID}agency/jingan-government", "静安区"),
]
LEXICON = lexicon(Names(NAMES), "zh")


def read(text: str) -> tuple[tuple[Question, ...], ...]:
    return understand(text, LEXICON, "zh").readings


def lines_of(language: str) -> list[str]:
    text = (files("queries.ask") / f"questions.{language}.grammar").read_text("utf-8")
    return [line for line in text.splitlines() if line and line[0] != "#"]


def test_each_rule_has_an_action_of_its_length_and_each_action_a_rule() -> None:
    known, used = actions(), set()
    for line in (*lines_of("zh"), *lines_of("en")):
        _, _, rest = line.partition(":")
        body, _, tail = rest.partition("->")
        name, *given = tail.partition("@")[0].split()
        used.add(name)
        inspect.signature(known[name]).bind(*[None] * len(given))
        parts = ["0", *(part.removesuffix("?") for part in body.split())]
        for place in (int(each) for each in given if not each.startswith("=")):
            # What is but a word has no value to give to an action; of the tasks themselves it counts that they were said.
            assert all(each.islower() or each in NAMES_AND_FIGURES | {"TASK", "0"} for each in parts[place].split("|")), line
    assert used == set(known)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_symbol_of_a_rule_can_be_made(language: str) -> None:
    with (files("queries.ask") / "words.csv").open(encoding="utf-8") as source:
        words = {row["category"] for row in csv.DictReader(source) if row["language"] == language}
    lines = lines_of(language)
    made = {line.partition(":")[0] for line in lines} | words | NAMES_AND_FIGURES
    for line in lines:
        body = line.partition(":")[2].partition("->")[0]
        for part in body.split():
            assert set(part.removesuffix("?").split("|")) <= made, line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_word_has_one_category(language: str) -> None:
    with (files("queries.ask") / "words.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["language"] == language]
    assert rows
    for row in rows:
        forms = row["forms"].split("|")
        assert all(forms), row["category"]


@pytest.mark.parametrize(
    "text",
    [
        "哪些任务涉及低空航空？",
        "涉及低空航空的任务有哪些",
        "请问低空航空出现在哪项任务里呢",
        "低空航空",
        "哪些任務涉及低空航空",
        "哪些任务涉及「低空航空」",
    ],
)
def test_one_question_in_many_words(text: str) -> None:
    ((question,),) = read(text)
    assert question.wanted == "task"
    (condition,) = question.conditions
    assert isinstance(condition, Involves)
    assert [ref.iri for ref in condition.topics[0].refs] == [f"{ID}industry/low-altitude-aviation"]


@pytest.mark.parametrize(
    ("text", "negated", "how"),
    [
        ("市科委负责哪些任务", False, "any"),
        ("哪些任务不由市科委负责", True, "any"),
        ("市科委牵头哪些任务", False, "first"),
        ("市科委独自负责的任务有哪些", False, "alone"),
        ("市科委不排首位的任务有哪些", False, "later"),
    ],
)
def test_an_operator_changes_the_question(text: str, negated: bool, how: str) -> None:
    ((question,),) = read(text)
    (condition,) = question.conditions
    assert isinstance(condition, Borne)
    assert (condition.negated, condition.how) == (negated, how)


@pytest.mark.parametrize("word", ["火星", "昨天", "优秀的", "xyz", "三倍"])
def test_a_word_that_is_not_read_declines_the_question(word: str) -> None:
    for text in (
        "哪些任务涉及{}低空航空",
        "哪些{}任务涉及低空航空",
        "市科委{}牵头哪些任务",
        "{}市科委负责哪些任务",
        "哪些任务涉及低空航空{}",
    ):
        assert read(text.format(word)) == (), text.format(word)


def test_a_name_of_two_things_gives_two_readings() -> None:
    kinds = {type(question.conditions[0]) for (question,) in read("静安区的任务")}
    assert kinds == {Involves, Borne}


def test_what_follows_takes_the_conditions_of_the_clause_before() -> None:
    ((first, second),) = read("哪些任务涉及机器人？由谁负责？")
    assert second.wanted == "unit"
    assert second.conditions == first.conditions


def test_text_is_folded_in_place() -> None:
    text = "ＥＳＧ與質檢中心“低空”〔2026〕"
    assert len(folded(text)) == len(text)
    assert folded(text) == 'esg与质检中心"低空"[2026]'


@pytest.mark.parametrize(("text", "number"), [("17", 17), ("十", 10), ("十二", 12), ("二十", 20), ("三十四", 34), ("两", 2)])
def test_numerals(text: str, number: int) -> None:
    assert number_of(text) == number


def test_chart_gives_the_cheapest_reading_first_and_stops_at_its_limit() -> None:
    def joined(*parts: Hashable) -> Hashable:
        return parts

    rules = grammar([Rule("s", ("a", "b"), (0, 1), 2, joined, 0.0), Rule("s", ("c",), (0,), 1, joined, 0.0)])
    edges = [(Edge("a", 0, 1, "x"), 1.0), (Edge("b", 1, 2, "y"), 1.0), (Edge("c", 0, 2, "z"), 1.5)]
    assert readings(edges, rules, {"s"}, {0: 0.0}, 2, margin=1.0, most=100) == [(1.5, ("z",)), (2.0, ("x", "y"))]
    assert readings(edges, rules, {"s"}, {0: 0.0}, 2, margin=0.1, most=100) == [(1.5, ("z",))]
    with pytest.raises(TooLongError):
        readings(edges, rules, {"s"}, {0: 0.0}, 2, margin=1.0, most=2)


@pytest.mark.parametrize("text", ["“低空”" * 24, "低空市科委" * 19, "不" * 99, "（低空）" * 24, "1 2 " * 24, "的和或" * 33])
def test_a_question_of_repeated_pieces_is_given_up_soon(text: str) -> None:
    began = time.process_time()
    understand(text, LEXICON, "zh")
    assert time.process_time() - began < 3
