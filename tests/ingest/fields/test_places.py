"""The official divisions: their codes, their names long and short, what lies in what, and whose place an issuer's name says."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from ingest.fields.places import Division, divisions, gazetteer, jurisdiction, lineage, places_here, places_in, subordinates
from ingest.model.document import Text


def named(name: str) -> Division:
    (found,) = (division for division in divisions().values() if division.name == name)
    return found


def test_the_whole_country_by_code() -> None:
    table = divisions()
    assert len(table) > 3200
    assert sum(division.level == "province" for division in table.values()) == 34
    assert all(re.fullmatch(r"\d{6}", code) and division.name for code, division in table.items())
    assert list(table) == sorted(table)


def test_the_source_and_its_licence_are_stated() -> None:
    said = files("ingest.divisions").joinpath("LICENSE").read_text(encoding="utf-8")
    assert "GB/T 2260" in said
    assert "MIT License" in said


def test_every_division_lies_in_a_province() -> None:
    for division in divisions().values():
        above = lineage(division)
        assert above[0].level == "province"
        assert above[-1] == division


def test_namesakes_are_told_apart_by_what_they_lie_in() -> None:
    namesakes = ["".join(d.name for d in lineage(division)) for division in divisions().values() if division.name == "鼓楼区"]
    assert sorted(namesakes) == ["江苏省南京市鼓楼区", "江苏省徐州市鼓楼区", "河南省开封市鼓楼区", "福建省福州市鼓楼区"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("恩施土家族苗族自治州", "恩施"),
        ("巴音郭楞蒙古自治州", "巴音郭楞"),
        ("长白朝鲜族自治县", "长白"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("三都水族自治县", "三都"),
        ("隆林各族自治县", "隆林"),
        ("广西壮族自治区", "广西"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("东乡族自治县", "东乡"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("浦东新区", "浦东"),
        ("神农架林区", "神农架"),
        ("阿拉善盟", "阿拉善"),
        ("仙桃市", "仙桃"),
        ("泾县", "泾县"),
    ],
)
def test_short_name(name: str, short: str) -> None:
    assert named(name).short == short


def test_no_short_name_holds_a_people_or_what_it_governs_itself_as() -> None:
    assert [d.name for d in divisions().values() if "自治" in d.short] == []


@pytest.mark.parametrize(
    ("issuer", "code"),
    [
        ("恩施州人民政府", "422800"),
        ("凉山州政府", "513400"),
        ("内蒙古自治区人民政府", "150000"),
        ("中共深圳市委办公厅", "440300"),
        ("北京市朝阳区人民政府", "110105"),
        ("吉林省吉林市人民政府", "220200"),
        ("仙桃市人民政府", "429004"),
        ("长阳县人民政府", "420528"),
        ("国务院办公厅", None),
        ("朝阳区人民政府办公室", None),
    ],
)
def test_whose_place_the_name_of_an_issuer_says(issuer: str, code: str | None) -> None:
    found = jurisdiction(issuer)
    assert (found and found.code) == code


def test_a_namesake_is_chosen_by_the_city_that_the_document_names() -> None:
    found = jurisdiction("鼓楼区人民政府", "各有关单位：根据徐州市的部署")
    assert found is not None
    assert found.code == "320302"


def test_the_next_level_down() -> None:
    assert {d.name for d in subordinates(named("苏州市"))} >= {"昆山市", "姑苏区", "吴江区"}
    assert {d.name for d in subordinates(named("湖北省"))} >= {"武汉市", "仙桃市", "恩施土家族苗族自治州"}
    assert len(subordinates(named("上海市"))) == 16
    assert all(d.level != "county" for d in subordinates(None))


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("办好赢在广州创业大赛", []),
        ("支持“爱购深圳”活动", []),
        ("推广佛山模式", []),
        ("建设珠海格力电器公司二期", []),
        ("与深圳大学共建实验室", []),
        ("由广州市教育局组织", []),
        ("落实《深圳市条例》", []),
        ("改造广州市第一人民医院", []),
        ("在广州建设国家医学中心", ["广州市"]),
        ("推动深圳、佛山等市发展公司债", ["深圳市", "佛山市"]),
        ("支持深圳市开展试点", ["深圳市"]),
        ("东莞新增学校5所", ["东莞市"]),
    ],
)
def test_a_place_inside_another_name_is_none(said: str, places: list[str]) -> None:
    found = places_in(Text.at_offset(said, 0), "text", gazetteer(named("广东省")))
    assert [place.name for place in found] == places


@pytest.mark.parametrize(
    ("code", "said", "found"),
    [
        ("310000", "在本市范围内征集", ["本市"]),
        ("310000", "支持全市各区，深化我市改革", ["全市", "我市"]),
        ("310000", "支持国际组织来沪落地，在沪深化交流", ["沪", "沪"]),
        ("320500", "全市推进，在苏企业", ["全市", "苏"]),
        ("310115", "推进本区建设，覆盖全区", ["本区", "全区"]),
        ("310000", "完全市场化，基本市情，成本市场", []),
        ("310000", "全市场推广，安全区域，全省推广，本区", []),
        ("320500", "复苏，在苏剧团", []),
    ],
)
def test_where_the_words_say_the_place_that_issued_them(code: str, said: str, found: list[str]) -> None:
    assert [place.surface.value for place in places_here(Text.at_offset(said, 0), "text", divisions()[code])] == found


def test_without_a_place_nothing_is_said_of_it() -> None:
    assert list(places_here(Text.at_offset("在本市范围内", 0), "text", None)) == []
