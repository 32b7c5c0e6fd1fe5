"""Figures that measure, and figures that do not."""

from __future__ import annotations

import pytest

from ingest.fields.quantities import quantities
from ingest.model.document import Text


def told(said: str) -> list[str]:
    return [
        f"{q.surface.value} {q.comparator} {q.minimum if q.minimum is not None else q.maximum} {q.measure}"
        for q in quantities(Text.at_offset(said, 0), "text")
    ]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("三分之二以上的乡镇建成示范点", ["三分之二以上 >= 66.6667 %"]),
        ("覆盖率达到四分之三", ["四分之三 = 75 %"]),
        ("覆盖2/3以上的县", ["2/3以上 >= 66.6667 %"]),
        ("超过半数的村", ["超过半数 > 50 %"]),
        ("一半以上的村", ["一半以上 >= 50 %"]),
        ("增长百分之十二点五", ["增长百分之十二点五 = 12.5 %"]),
        ("规模翻一番", ["翻一番 = 2 倍"]),
        ("新增学位一万二千个", ["一万二千个 = 12000 个"]),
        ("改造管网一百二十公里", ["一百二十公里 = 120 公里"]),
        ("亿元以上项目开工30个", ["30个 = 30 个"]),
        ("新增规上工业企业50家", ["50家 = 50 家"]),
        ("30万吨级码头1座", ["1座 = 1 座"]),
        ("粮食总产稳定在1.2亿斤", ["1.2亿斤 = 1.2 亿斤"]),
        ("达标率≥95%，漏损率≤9%，增速＞2%", ["≥95% >= 95 %", "≤9% <= 9 %", "增速＞2% > 2 %"]),
        ("占比提高到三成", ["三成 = 3 成"]),
    ],
)
def test_a_figure_is_read(said: str, answer: list[str]) -> None:
    assert told(said) == answer


@pytest.mark.parametrize(
    "said",
    [
        "专精特新企业倍增",
        "产值倍增计划",
        "第15届运动会",
        "第3批示范县",
        "引进10亿元以上项目",
        "打造千亿级产业集群",
        "“百千万工程”",
        "3+2模式",
        "十大行动",
        "2025/6/30",
    ],
)
def test_what_measures_nothing_is_no_quantity(said: str) -> None:
    assert told(said) == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        # A bound before or after the figure is that of the figure; the figure holds the words of the bound.
        ("新建5G基站2000个以上", "2000个以上 >= 2000.. 个"),
        ("培育企业约20家", "约20家 ~ 20..20 家"),
        ("近30家企业", "近30家 ~ 30..30 家"),
        ("10余家企业", "10余家 ~ 10..10 家"),
        ("百余家", "百余家 ~ 100..100 家"),
        ("投资50亿元左右", "50亿元左右 ~ 50..50 亿元"),
        ("控制在10天以内", "控制在10天以内 <= ..10 天"),
        ("失业率控制在5%左右", "5%左右 ~ 5..5 %"),
        ("压缩至不超过3个工作日", "压缩至不超过3个工作日 <= ..3 个工作日"),
        ("3日内办结", "3日内 <= ..3 日"),
        ("30天（含）以内办结", "30天（含）以内 <= ..30 天"),
        ("不到3家", "不到3家 < ..3 家"),
        ("低于百分之五", "低于百分之五 < ..5 %"),
        ("超3家", "超3家 > 3.. 家"),
        ("一倍以上", "一倍以上 >= 1.. 倍"),
        ("引进3—5家企业", "3—5家 range 3..5 家"),
        ("5家至8家", "5家至8家 range 5..8 家"),
        ("翻两番", "翻两番 = 4..4 倍"),
        ("百分之三十五", "百分之三十五 = 35..35 %"),
        ("十二分之五", "十二分之五 = 41.6667..41.6667 %"),
        # What stands before a figure and is no part of a longer number, or of a name.
        ("目前3家企业入选", "3家 = 3..3 家"),
        ("近3个月", "近3个月 ~ 3..3 个月"),
        ("1/3个", "1/3 = 33.3333..33.3333 %"),
        ("GDP/人均5万元", "5万元 = 5..5 万元"),
        ("5家级医院", "5家 = 5..5 家"),
        # 期, 批, 类 and their like count where a verb or a total says so.
        ("举办活动共3期", "共3期 = 3..3 期"),
        ("开展培训5期", "5期 = 5..5 期"),
        ("形成3批成果", "3批 = 3..3 批"),
        ("新增2类", "2类 = 2..2 类"),
        ("两种模式", "两种 = 2..2 种"),
        ("三处", "三处 = 3..3 处"),
        ("至三成", "三成 = 3..3 成"),
        ("每年3场", "3场 = 3..3 场"),
        ("3家以上的项目", "3家以上 >= 3.. 家"),
        ("2000平方米以上厂房", "2000平方米以上 >= 2000.. 平方米"),
        ("500人以上", "500人以上 >= 500.. 人"),
    ],
)
def test_a_figure_has_its_bounds(said: str, answer: str) -> None:
    (q,) = quantities(Text.at_offset(said, 0), "text")
    low, high = ("" if bound is None else f"{bound}" for bound in (q.minimum, q.maximum))
    assert f"{q.surface.value} {q.comparator} {low}..{high} {q.measure}" == answer


@pytest.mark.parametrize(
    "said",
    [
        "举办前10强企业评选",
        "前三名",
        "过去5天",
        "第2期",
        "第十条",
        "推动20级",
        "每季度1次",
        "每月开展2次",
        "一期",
        "三点",
        "百家",
        "千家企业",
        "几百家",
        "2类产品",
        "500人以上的企业",
        "+5%",
        "-5%",
        "A3个",
        "x3家",
        "1.5×3个",
    ],
)
def test_ordinals_names_frequencies_and_thresholds_are_no_quantities(said: str) -> None:
    assert told(said) == []


@pytest.mark.parametrize(
    ("said", "surface", "counted", "tags"),
    [
        ("力争新增企业20家", "20家", "企业", ("hedge",)),
        ("亩均税收增长8%", "增长8%", "亩均税收", ("growth",)),
        ("产值同比增长约8%", "同比增长约8%", "产值", ("growth",)),
        ("缩短3天", "缩短3天", "缩短", ("reduction",)),
        ("提升5个百分点", "提升5个百分点", None, ("change",)),
        ("共20家", "共20家", None, ("total",)),
        ("累计建成充电桩1.5万个", "1.5万个", "充电桩", ("total",)),
        ("各3家", "各3家", None, ("each",)),
        ("每区3家", "3家", "每区", ("each",)),
        ("占比达到30%", "30%", None, ("share",)),
        ("力争占比达到30%", "30%", None, ("hedge", "share")),
        ("产值翻番", "翻番", "产值", ("multiple",)),
        ("总投资100亿元", "100亿元", "总投资", ("total",)),
        ("建成智能工厂、数字化车间30家", "30家", "数字化车间", ()),
        ("其中，国家级5家", "5家", "国家级", ()),
        ("2000万元以上项目10个", "10个", "2000万元以上项目", ()),
        ("三级医院2家", "2家", "三级医院", ()),
        # A mark after the measure word begins no noun: what is counted stands before, or is not said.
        ("新增企业30家、不断壮大队伍", "30家", "企业", ()),
        ("30家、不断壮大队伍", "30家", None, ()),
        # 公共 adds nothing up.
        ("新增公共3个", "3个", "公共", ()),
    ],
)
def test_what_a_figure_counts_and_how(said: str, surface: str, counted: str | None, tags: tuple[str, ...]) -> None:
    (q,) = quantities(Text.at_offset(said, 0), "text")
    assert (q.surface.value, q.counted, q.tags) == (surface, counted, tags)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("分别不低于90%、80%", ["不低于90% >= 90 %", "80% >= 80 %"]),
        ("分别增长8%和9%以上", ["增长8% >= 8 %", "9%以上 >= 9 %"]),
        ("分别控制在90%、80%以下", ["控制在90% <= 90 %", "80%以下 <= 80 %"]),
        ("分别高于90%、80%", ["高于90% > 90 %", "80% > 80 %"]),
        ("分别低于9%、8%", ["低于9% < 9 %", "8% < 8 %"]),
        ("分别达到90%、80%", ["90% = 90 %", "80% = 80 %"]),
        # Not a list that 分别 opens: each figure has its own bound.
        ("不低于90%、80%", ["不低于90% >= 90 %", "80% = 80 %"]),
        ("分别不低于90%，另有80%", ["不低于90% >= 90 %", "80% = 80 %"]),
    ],
)
def test_a_list_of_figures_shares_its_bound(said: str, answer: list[str]) -> None:
    assert told(said) == answer


def test_a_shared_bound_leaves_the_other_side_open() -> None:
    pairs = [(q.minimum, q.maximum) for said in ("分别高于9%、8%", "分别低于9%、8%") for q in quantities(Text.at_offset(said, 0), "text")]
    assert pairs == [(9, None), (8, None), (None, 9), (None, 8)]


def test_a_baseline_is_not_what_is_promised() -> None:
    found = [(q.surface.value, q.tags, q.counted) for q in quantities(Text.at_offset("增加值由100亿元提高到120亿元", 0), "text")]
    assert found == [("100亿元", ("baseline",), "增加值"), ("120亿元", (), "增加值")]
