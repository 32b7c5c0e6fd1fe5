"""Who has which role by the words of a column: labels, role words at the end of a clause, 会同, shares, leaders, time limits, defaults."""

from __future__ import annotations

import pytest

from ingest.fields.folding import fold
from ingest.fields.roles import duties, is_duty, role_of
from ingest.model.document import Text
from ingest.model.drafts import Duty


def duty(words: str, role: str = "responsible") -> Duty:
    return Duty(role, Text.at_offset(words, 100))


def runs(words: str, role: str = "responsible") -> list[tuple[str, str]]:
    return [(run.text.value, run.role) for run in duties(duty(words, role)).runs]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("市科委、市经信委", [("市科委、市经信委", "responsible")]),
        ("牵头单位：市科委；配合单位：市财政局、各区", [("市科委", "lead"), ("市财政局、各区", "cooperate")]),
        ("责任单位：市科委", [("市科委", "responsible")]),
        ("市科委牵头，市财政局、市税务局配合", [("市科委", "lead"), ("市财政局、市税务局", "cooperate")]),
        ("市科委会同市财政局", [("市科委", "responsible"), ("市财政局", "cooperate")]),
        ("由市科委牵头负责", [("由市科委", "lead")]),
        ("市科委、市财政局按职责分工负责", [("市科委、市财政局", "responsible")]),
        ("指导单位：市市场监管局", [("市市场监管局", "guide")]),
        ("市发展改革委参与", [("市发展改革委", "participate")]),
    ],
)
def test_names_have_the_role_that_the_words_give(words: str, expected: list[tuple[str, str]]) -> None:
    assert runs(words) == expected


def test_the_role_of_the_column_holds_where_no_word_says_another() -> None:
    assert runs("市科委、市财政局", "lead") == [("市科委、市财政局", "lead")]


def test_a_union_is_no_union_of_units() -> None:
    """联合会 holds 联合, and 商务委 holds 商: neither parts two names."""
    assert runs("市残疾人联合会") == [("市残疾人联合会", "responsible")]
    assert runs("区商务委、市工商联") == [("区商务委、市工商联", "responsible")]


def test_every_printed_character_of_a_name_is_the_texts_own() -> None:
    words = "牵头单位： 市科委 ；配合单位：市财政局"
    found = [run.text for run in duties(duty(words)).runs]
    assert len(found) == 2
    assert [[words[place - 100] for place in each.at] for each in found] == [list(each.value) for each in found]


def test_time_limits_leaders_and_shares_stand_apart() -> None:
    found = duties(duty("责任单位：市科委；完成时限：2026年12月底；责任领导：张三"))
    assert [each.value for each in found.deadlines] == ["2026年12月底"]
    assert [each.value for each in found.leaders] == ["张三"]
    assert [run.text.value for run in found.runs] == ["市科委"]
    shared = duties(duty("市科委牵头；市财政局负责资金保障"))
    assert [each.value for each in shared.shares] == ["资金保障"]
    assert ("市财政局", "responsible") in [(run.text.value, run.role) for run in shared.runs]


def test_a_rule_about_the_first_of_the_list_is_no_unit() -> None:
    found = duties(duty("（列第一位者为牵头单位，下同）市科委、市财政局"))
    assert found.rule is not None
    assert "牵头" in found.rule.value
    assert "市科委" in "".join(run.text.value for run in found.runs)
    assert "列第一位" not in "".join(run.text.value for run in found.runs)


@pytest.mark.parametrize("words", ["牵头单位：市科委", "市科委牵头", "市科委、市财政局按职责分工负责", "列首位的为牵头单位"])
def test_what_reads_like_duties_does(words: str) -> None:
    assert is_duty(fold(words))


@pytest.mark.parametrize("words", ["推进智能机器人中试验证平台建设", "2026年12月底", "新增检测机构30家"])
def test_what_does_not_does_not(words: str) -> None:
    assert not is_duty(fold(words))


@pytest.mark.parametrize(
    ("word", "role"),
    [("主办", "lead"), ("会办", "cooperate"), ("参加", "participate"), ("业务指导", "guide"), ("督办", "responsible"), ("备注", None)],
)
def test_role_of_a_printed_word(word: str, role: str | None) -> None:
    assert role_of(word) == role


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("市科委，配合单位：市教委", [("responsible", "市科委"), ("cooperate", "市教委")]),
        ("配合单位：市教委", [("cooperate", "市教委")]),
        ("牵头单位：市科委；配合单位：市教委、市卫生健康委", [("lead", "市科委"), ("cooperate", "市教委、市卫生健康委")]),
        ("市科委、市教委", [("responsible", "市科委、市教委")]),
    ],
)
def test_labels_are_no_names(printed: str, expected: list[tuple[str, str]]) -> None:
    found = duties(duty(printed))
    assert [(run.role, run.text.value.strip("，,")) for run in found.runs] == expected
