"""The invented vocabulary of the generator: what is done in each field, who does it at each level, until when, and with which figures.

Every phrase is our own; each comes with what a careful reader takes from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

Figure = tuple[str, str, str | None, str | None, str]
"""Surface, comparator, minimum, maximum, measure word."""
Limit = tuple[str, str, str | None]
"""Printed words, type, date."""

FIELDS: dict[str, tuple[Sequence[str], str]] = {
    "education": (("普惠幼儿园", "寄宿制学校", "乡村教学点", "校园图书角", "学生食堂"), "所"),
    "health": (("社区卫生服务站", "托育机构", "中医馆", "胸痛救治单元", "家庭医生团队"), "个"),
    "agriculture": (("高标准农田", "设施蔬菜大棚", "水稻育秧点", "村级冷库", "良种繁育田"), "处"),
    "water": (("病险水库", "农村供水工程", "河道清淤段", "灌区节水闸口", "雨量监测点"), "座"),
    "transport": (("农村公路危桥", "公交候车亭", "充电停车场", "货运中转站", "过街天桥"), "座"),
    "environment": (("入河排污口", "空气监测点", "污水处理站", "垃圾分类亭", "矿山修复点"), "处"),
    "housing": (("老旧小区", "保障性住房", "既有住宅电梯", "口袋公园", "排水管网段"), "个"),
    "culture": (("文化驿站", "非遗工坊", "乡村戏台", "公共书屋", "红色展馆"), "家"),
    "elderly": (("老年食堂", "日间照料点", "护理型床位", "适老化家庭", "康复辅具站"), "个"),
    "emergency": (("微型消防站", "避险场所", "应急广播点", "森林防火卡口", "救援队伍"), "支"),
    "market": (("放心消费门店", "计量惠民站", "食品快检室", "标准化菜市场", "质量服务站"), "家"),
    "labour": (("零工市场", "技能大师室", "就业帮扶车间", "劳动调解室", "创业孵化园"), "家"),
}
"""By field: things that are built or mended, and their measure word."""

_VERBS = ("新建", "改造", "建成", "完善", "整治", "培育", "提升", "布局")
_AIMS = ("健全长效管护机制", "推动服务向基层延伸", "完善监测评估办法", "加强日常巡查", "落实专人管护", "开展群众满意度回访")

OFFICES: dict[str, Sequence[str]] = {
    "national": (
        "教育部",
        "财政部",
        "水利部",
        "交通运输部",
        "国家卫生健康委",
        "农业农村部",
        "生态环境部",
        "市场监管总局",
        "应急管理部",
        "民政部",
    ),
    "province": (
        "省教育厅",
        "省财政厅",
        "省水利厅",
        "省交通运输厅",
        "省卫生健康委",
        "省农业农村厅",
        "省生态环境厅",
        "省市场监管局",
        "省民政厅",
    ),
    "city": (
        "市教育局",
        "市财政局",
        "市水利局",
        "市交通运输局",
        "市卫生健康委",
        "市农业农村局",
        "市生态环境局",
        "市市场监管局",
        "市民政局",
        "市城管局",
    ),
    "county": (
        "县教育局",
        "县财政局",
        "县水利局",
        "县交通运输局",
        "县卫生健康局",
        "县农业农村局",
        "县市场监管局",
        "县民政局",
        "县应急管理局",
    ),
    "bureau": ("办公室", "规划科", "财务科", "基建科", "法规科", "监测中心", "信息中心", "人事科"),
    "town": ("党政办公室", "农业农村办公室", "社会事务办公室", "综治中心", "农业服务中心", "财政所", "应急管理站"),
}
COLLECTIVES: dict[str, Sequence[str]] = {
    "national": ("各省级人民政府",),
    "province": ("各市人民政府",),
    "city": ("各区县人民政府", "各县（市、区）人民政府"),
    "county": ("各乡镇人民政府",),
    "bureau": ("各科室",),
    "town": ("各村委会",),
}
PLACES = {"national": "", "province": "江苏省", "city": "湖州市", "county": "德清县", "bureau": "湖州市", "town": "德清县"}
ISSUERS = {
    "national": "国务院办公厅",
    "province": "江苏省人民政府办公厅",
    "city": "湖州市人民政府办公室",
    "county": "德清县人民政府办公室",
    "bureau": "湖州市水利局",
    "town": "德清县武康街道办事处",
}
NUMBERS = {"national": "国办发", "province": "苏政办发", "city": "湖政办发", "county": "德政办发", "bureau": "湖水发", "town": "武办发"}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the figures that a reader takes from it."""

    words: str
    figures: tuple[Figure, ...] = ()
    limits: tuple[tuple[str, str | None], ...] = ()
    places: tuple[str, ...] = ()
    """Time limits that the words state: type and date."""


def sentence(random: Random, field: str, kind: str, level: str = "city") -> Said:
    """A sentence of a task; ``kind`` says what sort of figure it holds."""
    things, w = FIELDS[field]
    t, v, n, p = random.choice(things), random.choice(_VERBS), random.randint(2, 90), random.randint(60, 99)
    said: dict[str, Said] = {
        "plain": Said(f"{v}{t}{n}{w}", (_figure(f"{n}{w}", n, w),)),
        "at-least": Said(f"{v}{t}不少于{n}{w}", ((f"不少于{n}{w}", ">=", str(n), None, w),)),
        "above": Said(f"{v}{t}{n}{w}以上", ((f"{n}{w}以上", ">=", str(n), None, w),)),
        "range": Said(f"{v}{t}{n}—{n + 5}{w}", ((f"{n}—{n + 5}{w}", "range", str(n), str(n + 5), w),)),
        "share": Said(f"{t}覆盖率达到{p}%", (_figure(f"{p}%", p, "%"),)),
        "growth": Said(f"{t}服务人次增长{n}%左右", ((f"增长{n}%左右", "~", str(n), str(n), "%"),)),
        "two": Said(f"{v}{t}{n}{w}、培训管护人员{n + 100}人次", (_figure(f"{n}{w}", n, w), _figure(f"{n + 100}人次", n + 100, "人次"))),
        "traps": Said(f"推动第二批{t}试点，接入5G专网，纳入15分钟生活圈，对标《{t}管理办法》2.0版"),
        "fraction": Said(f"三分之二以上的村建有{t}", (("三分之二以上", ">=", "66.6667", None, "%"),)),
        "threshold": Said(f"引进亿元以上{t}项目{n}个", (_figure(f"{n}个", n, "个"),)),
        "until": Said(f"到2030年，{t}达到{n}{w}", (_figure(f"{n}{w}", n, w),), (("by", "2030-12-31"),)),
        "before": Said(f"2029年6月底前，{v}{t}{n}{w}", (_figure(f"{n}{w}", n, w),), (("by", "2029-06-30"),)),
        "past": Said(f"在2020年底已有{t}的基础上，对照2019年水平完善服务，落实《{t}“十四五”规划》"),
        "compound": Said(f"{v}{t}一百二十{w}", (_figure(f"一百二十{w}", 120, w),)),
        "squeezed": Said(f"{t}办理时限由{n + 9}天压减至{n}天", (_figure(f"{n + 9}天", n + 9, "天"), _figure(f"{n}天", n, "天"))),
        "most": Said(f"{t}故障率控制在{p - 55}%以内", ((f"控制在{p - 55}%以内", "<=", None, str(p - 55), "%"),)),
        "name": Said(f"办好赢在湖州创业大赛，推广湖州经验，与湖州学院共建{t}实训基地"),
        "place": _placed(level, t, n, w),
        "doubled": Said(f"{t}服务能力翻一番", (_figure("翻一番", 2, "倍"),)),
        "none": Said(f"{random.choice(_AIMS)}，规范{t}运行"),
    }
    return said[kind]


_BELOW = {"province": ("苏州市", "南通市"), "city": ("德清县", "安吉县"), "bureau": ("德清县", "长兴县"), "national": ("浙江省", "贵州省")}
"""Places one level below the issuer's, by level."""


def _placed(level: str, thing: str, n: int, measure: str) -> Said:
    """A sentence that names places below the issuer's, where there are any."""
    below = _BELOW.get(level, ())
    where = "、".join(below) or "各村"
    return Said(f"支持{where}布局{thing}{n}{measure}", (_figure(f"{n}{measure}", n, measure),), places=below)


def _figure(surface: str, value: int, measure: str) -> Figure:
    """A figure that is exactly so many."""
    return surface, "=", str(value), str(value), measure


FIGURES = (
    "plain",
    "at-least",
    "above",
    "range",
    "share",
    "growth",
    "two",
    "traps",
    "fraction",
    "threshold",
    "doubled",
    "until",
    "before",
    "past",
    "compound",
    "squeezed",
    "most",
    "name",
    "place",
    "none",
)


def limit(random: Random, kind: str, year: int) -> Limit | None:
    """A time limit of a kind."""
    month = random.randint(1, 12)
    last = {2: 29 if year % 4 == 0 else 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
    quarter = random.randint(1, 4)
    table: dict[str, Limit] = {
        "month": (f"{year}年{month}月底前", "by", f"{year}-{month:02}-{last}"),
        "elided": (f"{month}月底前", "by", f"{year}-{month:02}-{last}"),
        "year-end": (f"{year}年底前", "by", f"{year}-12-31"),
        "day": (f"{year}年{month}月15日前", "by", f"{year}-{month:02}-15"),
        "quarter": (f"{year}年第{'一二三四'[quarter - 1]}季度", "by", f"{year}-{quarter * 3:02}-{ {1: 31, 2: 30, 3: 30, 4: 31}[quarter] }"),
        "two": (f"{year}年{month}月底前出台办法，{year + 1}年底前全面完成", "by", f"{year + 1}-12-31"),
        "year": ("年内完成", "year", None),
        "ongoing": ("持续推进", "ongoing", None),
        "long": ("长期坚持", "long_term", None),
    }
    return table.get(kind)


LIMITS = ("month", "two", "elided", "year-end", "day", "quarter", "year", "ongoing", "long", "none")
