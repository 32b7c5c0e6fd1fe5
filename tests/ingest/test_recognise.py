"""Which nodes the words of a notice refer to, at home and in the notices of other places."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.publication.publish import Built, Knowledge
from ingest.parse import parse
from ingest.read import read_bytes
from ingest.recognise import Reading, recognise
from ontology import terms
from ontology.names import ID

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
NOTICE = """{issuer}文件

{number}

关于印发《{place}2026年重点任务安排》的通知

各有关单位：
现将《{place}2026年重点任务安排》印发给你们，请认真落实。

{issuer}
2026年3月1日

{place}2026年重点任务安排

	序号
	重点任务
	责任单位

	1
	{text}
	{units}
"""


def reading(known: Knowledge, text: str, units: str = "市市场监管局", place: str = "苏州市", number: str = "苏质办〔2026〕5号") -> Reading:
    said = NOTICE.format(issuer=f"{place}质量工作领导小组办公室", place=place, number=number, text=text, units=units)
    return recognise(parse(read_bytes("notice.txt", said.encode())), known.vocabulary)


def mentioned(found: Reading) -> list[tuple[str, str]]:
    return [(mention.text.value, ID.local(mention.thing)) for task in found.tasks for mention in task.mentions]


def bearers(found: Reading) -> list[str]:
    return [ID.local(bearer.node) for task in found.tasks for bearer in task.bearers]


def sample(name: str, known: Knowledge) -> Reading:
    (path,) = SAMPLES.glob(f"{name}*")
    return recognise(parse(read_bytes(path.name, path.read_bytes())), known.vocabulary)


def test_short_unit_names_are_bodies_of_shanghai_at_home_only(known: Knowledge) -> None:
    at_home = reading(known, "推进检验检测。", "市科委、静安区", "上海市", "沪质办〔2026〕9号")
    assert bearers(at_home) == ["agency/shanghai-science-technology", "agency/jingan-government"]
    elsewhere = reading(known, "推进检验检测。", "市科委、市市场监管局")
    assert len(elsewhere.tasks) == 1
    assert not any("shanghai" in bearer for bearer in bearers(elsewhere))
    assert {"苏州市科委", "苏州市市场监管局"} < {found.name for found in elsewhere.uncurated}


@pytest.mark.parametrize("name", ["H01", "H07", "H09", "H11"])
def test_no_agency_or_district_of_shanghai_is_claimed_elsewhere(name: str, known: Knowledge) -> None:
    found = sample(name, known)
    local = {terms.Agency, terms.CollectiveUnit, terms.District, terms.DistrictGovernment}
    things = known.vocabulary.things
    assert len(found.tasks) >= 12
    assert not [node for node in bearers(found) if ID[node] in things]
    assert not [thing for _, thing in mentioned(found) if ID[thing] in things and things[ID[thing]].class_ in local]


def test_programmes_and_districts_of_shanghai_need_its_name_elsewhere(known: Knowledge) -> None:
    said = "支持企业申报促进产业高质量发展专项资金，学习金山、张江经验，对接上海市东方英才计划。"
    away = {thing for _, thing in mentioned(reading(known, said))}
    assert "programme/oriental-talent" in away
    assert not away & {"programme/industry-development-fund", "district/jinshan", "place/zhangjiang"}
    assert ("促进产业高质量发展专项资金", "programme/industry-development-fund") in mentioned(
        reading(known, said, place="上海市", number="沪质办〔2026〕9号")
    )


def test_forms_of_one_notice_are_not_read_in_another(known: Knowledge, notice: Built) -> None:
    said = "依托信息化监管平台加强备案管理，发布行业发展报告，落实总局要求。"
    generic = {"信息化监管平台", "备案管理", "行业发展报告", "总局"}
    assert not generic & {words for words, _ in mentioned(reading(known, said, place="上海市", number="沪质办〔2027〕1号"))}
    assert generic <= {words for words, _ in mentioned(reading(known, said, place="上海市", number="沪质办〔2026〕2号"))}
    assert {"信息化监管平台", "备案管理", "总局"} <= {words for words, _ in mentioned(notice.reading)}


def test_all_names_of_a_thing_of_one_notice_hold_there_only(known: Knowledge, notice: Built) -> None:
    said = "推动具身智能深入人工智能小镇。"
    assert ("人工智能小镇", "platform/ai-town") in mentioned(notice.reading)
    assert ("人工智能", "industry/artificial-intelligence") in mentioned(reading(known, said))


def test_form_of_another_notice_leaves_the_words_inside_it(known: Knowledge) -> None:
    said = "筹建国家市场监督管理总局技术创新中心。"
    assert ("国家市场监督管理总局", "organisation/samr") in mentioned(reading(known, said))


def test_divisions_have_one_node_each_and_lie_in_wider_ones(known: Knowledge) -> None:
    found = reading(known, "在昆山市和上海市开展试点。")
    assert sorted(set(mentioned(found))) == [("上海市", "place/shanghai"), ("昆山市", "place/cn-320583")]
    within = {ID.local(one.node): ID.local(one.within) for one in found.uncurated if one.within}
    assert within == {"place/cn-320583": "place/cn-320500", "place/cn-320500": "place/jiangsu"}


def test_same_name_in_two_places_is_two_bodies(known: Knowledge) -> None:
    one, other = (
        bearers(reading(known, "推进检验检测。")),
        bearers(reading(known, "推进检验检测。", place="合肥市", number="合质办〔2026〕1号")),
    )
    assert one != other
