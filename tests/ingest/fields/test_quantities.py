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
