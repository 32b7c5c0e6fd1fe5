"""Lists of units as they are printed: where one ends, what is left out, what is none."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.fields.responsible_units import Names, people, units
from ingest.fields.roles import RoleRun
from ingest.model.document import Text


def read(said: str, prefix: str = "", known: Mapping[str, str] | None = None) -> Names:
    return units([RoleRun(Text.at_offset(said, 0), "responsible")], prefix, known or {})


def told(names: Names) -> list[str]:
    """``surface:role=canonical(alias)*``, the role where it is not that of the run."""
    return [
        f"{unit.surface}{'' if unit.role == 'responsible' else ':' + unit.role}{'=' + unit.canonical if unit.canonical else ''}"
        f"{'(' + unit.alias + ')' if unit.alias else ''}{'*' if unit.collective else ''}"
        for unit in names.units
    ]


TWO = ["市商务局", "市财政局"]


@pytest.mark.parametrize(
    "said",
    [
        "市商务局、市财政局",
        "市商务局,市财政局",
        "市商务局；市财政局",
        "市商务局/市财政局",
        "市商务局 市财政局",
        "市商务局\n市财政局",
        "市商务局和市财政局",
        "市商务局及市财政局",
        "市商务局以及市财政局",
        "市商务局与市财政局",
        "市商务局市财政局",
        "由市商务局、市财政局",
        "市商务局、市财政局、",
        "市 商 务 局、市财政局",
    ],
)
def test_two_units(said: str) -> None:
    names = read(said)
    assert told(names) == TWO
    assert [unit.order for unit in names.units] == [1, 2]
    assert (names.strange, names.people, names.open) == ((), (), ())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("各区政府", ["各区政府*"]),
        ("各区、县政府", ["各区、县政府*"]),
        ("有关单位", ["有关单位*"]),
        ("市商务局及各区政府", ["市商务局", "各区政府*"]),
        ("市商务局各区政府", ["市商务局", "各区政府*"]),
        ("市商务局（牵头）、市财政局", ["市商务局:lead", "市财政局"]),
        ("★市商务局、市财政局", ["市商务局:lead", "市财政局"]),
        ("市商务局、市财政局（配合单位）", ["市商务局", "市财政局:cooperate"]),
        ("市发展改革委（市能源局）", ["市发展改革委(市能源局)"]),
        ("国家税务总局上海市税务局", ["国家税务总局上海市税务局"]),
        # What a list leaves out: the prefix of the one before, the ending of those behind.
        ("市商务局、财政局、水利局", ["市商务局", "财政局=市财政局", "水利局=市水利局"]),
        ("黄浦、徐汇区政府", ["黄浦=黄浦区政府", "徐汇区政府"]),
        ("青浦等5个区政府", ["青浦=青浦区政府"]),
        # 和 that begins the name of a place parts nothing.
        ("市公安局和平分局", ["市公安局和平分局"]),
        ("河西区和和平区", ["河西区", "和平区"]),
        ("河西区、和平区", ["河西区", "和平区"]),
        ("和平区政府、和田地区行署", ["和平区政府", "和田地区行署"]),
        ("市商务局，和市财政局", ["市商务局", "市财政局"]),
        ("市商务局和平安办", ["市商务局", "平安办=市平安办"]),
        # Offices of one kind without a mark between them; an office of another is one name.
        ("派出所司法所", ["派出所", "司法所"]),
        ("文化站农机站", ["文化站", "农机站"]),
        ("云溪派出所户籍科", ["云溪派出所户籍科"]),
        ("宣传处会办公室", ["宣传处", "办公室"]),
        ("市总工会办公室", ["市总工会办公室"]),
    ],
)
def test_a_list_of_units(said: str, expected: list[str]) -> None:
    assert told(read(said)) == expected


def test_offices_without_a_prefix_are_those_of_the_issuer_and_others_are_not() -> None:
    names = read("商务局、财政局、海关、科技部、电力公司", "市")
    assert told(names)[:3] == ["商务局=市商务局", "财政局=市财政局", "科技部"]
    assert "海关" in [text.value for text in names.strange]


def test_short_places_have_their_full_names() -> None:
    assert told(read("浦东、徐汇区政府", known={"浦东": "浦东新区"})) == ["浦东=浦东新区政府", "徐汇区政府"]


@pytest.mark.parametrize("said", ["市商务局等", "市商务局等单位", "市商务局等5个部门", "市商务局等有关部门"])
def test_a_list_that_stays_open_says_so(said: str) -> None:
    names = read(said)
    assert names.units[0].surface.value == "市商务局"
    assert [text.value for text in names.open] == ["等"]
    assert [unit.surface.value for unit in names.units[1:]] == (["有关部门"] if said.endswith("有关部门") else [])


@pytest.mark.parametrize("said", ["提高质量水平", "海关", "按时完成"])
def test_words_that_are_no_unit_are_quoted_and_are_none(said: str) -> None:
    names = read(f"市商务局、{said}")
    assert told(names) == ["市商务局"]
    assert said in [text.value for text in names.strange]


@pytest.mark.parametrize("said", ["无", "-", "/", "", "等", "单位"])
def test_nothing_is_no_unit_and_not_strange(said: str) -> None:
    names = read(said)
    assert (names.units, names.strange) == ((), ())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("张三 李四", ["张三", "李四"]),
        ("张三、李四（副市长）", ["张三", "李四"]),
        ("张 三", ["张三"]),
        ("张三\n李四", ["张三", "李四"]),
        ("-", []),
        ("无", []),
    ],
)
def test_leaders(said: str, expected: list[str]) -> None:
    assert [name.value for name in people(Text.at_offset(said, 0))] == expected


@pytest.mark.parametrize("said", ["林站", "田所"])
def test_an_office_named_in_two_characters_is_no_person(said: str) -> None:
    names = read(said)
    assert (told(names), names.people, [text.value for text in names.strange]) == ([], (), [said])


def test_people_among_units_are_people() -> None:
    names = read("张三、李四")
    assert (told(names), [name.value for name in names.people]) == ([], ["张三", "李四"])
