"""Which clauses promise a milestone, with which action and object."""

from __future__ import annotations

import pytest

from api.publication.publish import Knowledge
from ingest.fields.quantities import quantities
from ingest.milestones import milestones
from ingest.model.document import Text


def promised(said: str, known: Knowledge) -> list[tuple[str, str]]:
    text = Text.at_offset(said, 0)
    found = milestones(text, "targets[0]", known.vocabulary, tuple(quantities(text, "targets[0]")))
    return [(milestone.label, milestone.object) for milestone in found]


@pytest.mark.parametrize(
    ("said", "promises"),
    [
        ("发布重点出口产品国际认证手册。", [("发布", "重点出口产品国际认证手册")]),
        ("完成《测试与示范实施办法》4.0版发布。", [("发布", "《测试与示范实施办法》4.0版")]),
        ("支持金山区建设适航审定检测能力，完成CNAS资质申请。", [("完成", "CNAS资质申请")]),
        ("根据要求，结合许可工作实际，修订《告知承诺管理办法》。", [("修订", "《告知承诺管理办法》")]),
        ("组织开展第二批本市产品碳足迹标识认证试点。", [("开展试点", "第二批本市产品碳足迹标识认证试点")]),
        ("在氢能领域布局申请筹建技术创新中心。", [("申报", "筹建技术创新中心")]),
        ("发起设立民非组织作为国际合作交流平台，促进交流。", [("成立", "民非组织")]),
        ("12月底前完成碳标识标准立项9项，并发布应用指南。", [("完成", "碳标识标准立项9项"), ("发布", "应用指南")]),
        ("第三季度发布运行报告，2026年6月底前出台实施细则。", [("发布", "运行报告"), ("发布", "实施细则")]),
        ("新建改建幼儿园5所；新建和提升便民网点40个。", [("搭建", "幼儿园5所"), ("搭建", "便民网点40个")]),
        ("上半年开展供需对接活动7—20场。", [("开展", "供需对接活动7—20场")]),
        ("加快空间能源等市级产业计量测试中心完成建设。", [("完成", "空间能源等市级产业计量测试中心建设")]),
        ("推动数据平台完成验收。", [("完成", "数据平台验收")]),
        ("将检验检测认证行业纳入《服务贸易促进指导目录》，对符合规定的企业予以支持。", [("纳入", "检验检测认证行业")]),
        ("把低空装备列入重点产品名单。", [("纳入", "低空装备")]),
        ("面向新型储能、集成电路等重点产业链推动实施100个协同技术攻关项目。", [("实施", "100个协同技术攻关项目")]),
        ("加强行业政策研究，定期发布行业发展白皮书。", [("发布", "行业发展白皮书")]),
        ("新增布局一批上海市级质检中心。", [("新增", "一批上海市级质检中心")]),
        ("培育创建3—5个认证产业园区，形成功能齐全的空间载体。", [("搭建", "3—5个认证产业园区")]),
        ("建立实施智能机器人分级、分类评价体系。", [("建立", "智能机器人分级、分类评价体系")]),
        ("浦东新区认定一批战略合作伙伴，徐汇区推出一批服务商。", [("认定", "一批战略合作伙伴"), ("推出", "一批服务商")]),
    ],
)
def test_deliverables(said: str, promises: list[tuple[str, str]], known: Knowledge) -> None:
    assert promised(said, known) == promises


@pytest.mark.parametrize(
    "said",
    [
        "优化服务功能，提升平台专业供给能力。",
        "持续开展科技创新券兑付工作。",
        "持续推进“一次检测、多国认可”试点工作。",
        "鼓励认证机构、龙头企业围绕建设要求，开展“上海品牌”认证。",
        "支持检验检测机构构建智能体，研发智能体测评技术与工具。",
        "开展基于AI的动力电池健康状态评估等前沿课题研究。",
        "培育优质企业，研发投入占比提高到3.5%，开发者社区注册用户突破10万人。",
        "加强供需对接，做好精准服务。",
        "推动检验检测国企完成从“物理整合”到“化学融合”的转变。",
        "支持符合条件的机构，将其纳入人才引进重点机构名单。",
        "将低空经济纳入日常工作。",
        "推动实施一次检测、多国认可的“一测多证”工作。",
        "实施容缺容错受理。",
    ],
)
def test_what_only_continues_improves_or_supports_promises_nothing(said: str, known: Knowledge) -> None:
    assert promised(said, known) == []


def test_what_continues_with_a_figure_is_a_milestone(known: Knowledge) -> None:
    assert promised("持续推动实施30项协同技术攻关项目。", known) == [("实施", "30项协同技术攻关项目")]


def test_figure_alone_is_completed_by_what_it_counts(known: Knowledge) -> None:
    said = "鼓励全市各区新引进或培育高成长性检验检测认证机构，其中静安区计划新引进或培育3—5家。"
    assert promised(said, known) == [("引进或培育", "3—5家高成长性检验检测认证机构")]


def test_series_of_events_is_several(known: Knowledge) -> None:
    said = "组织检验检测机构开放日、有机产品认证宣传周、“一带一路”质量认证合作等系列活动。"
    assert [thing for _, thing in promised(said, known)] == ["检验检测机构开放日", "有机产品认证宣传周", "“一带一路”质量认证合作等系列活动"]


def test_what_is_not_a_series_of_events_stays_whole(known: Knowledge) -> None:
    said = "发布适用不同场景的本市电力、热力等公共服务领域碳排放因子。"
    assert promised(said, known) == [("发布", "适用不同场景的本市电力、热力等公共服务领域碳排放因子")]


def test_evidence_is_the_clause_with_who_acts(known: Knowledge) -> None:
    said = "鼓励各区规划特色检验检测认证服务基地建设，其中静安区计划规划1—2个。"
    text = Text.at_offset(said, 100)
    (found,) = milestones(text, "targets[1]", known.vocabulary, tuple(quantities(text, "targets[1]")))
    assert found.text.value == said[found.start : found.end] == "其中静安区计划规划1—2个"
    assert found.text.start == 100 + found.start
