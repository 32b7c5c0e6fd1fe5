"""Printed column heads -> what each column holds, by the meaning of the words and never by position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.layouts.headings import mark

# Order decides: the first pattern that fits names the column. Heads are compared without blanks, folded.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"(?:任务|项目|工作|事项|问题|措施|总)?(?:序号|编号|号码|序次|序)|No\.?|NO\.?|号|项次")),
    ("leader", re.compile(r".*(?:领导|负责同志|(?:分管|包保|联系)?副?[省市县区州镇乡]长|牵头人|责任人姓名|包保人|领衔人).*")),
    ("progress", re.compile(r".*(?:进展|完成情况|推进情况|落实情况|工作动态|完成进度|存在问题|目前状态|取得的?(?:成效|成果|成绩)).*")),
    ("remark", re.compile(r"备注|说明|附注|注|备考|联系人.*|联系电话|电话|来源|任务来源|出处|依据")),
    (
        "guide",
        re.compile(r"(?:上级|省级?|市级?|国家)?(?:对口)?(?:业务)?指导(?:单位|部门|处室)?|(?:省|市)(?:级|直)?(?:牵头|对口)(?:单位|部门)"),
    ),
    (
        "lead",
        re.compile(
            r"(?:.*(?:牵头|主责|主办|主要责任|主要负责|首要责任|总责|汇总|第一责任).*|主体责任)(?:单位|部门|科室|处室|股室|部室|站所|方|主体)?.*"
        ),
    ),
    ("cooperate", re.compile(r".*(?:配合|协办|协同|协作|协助|支持)(?:责任)?(?:单位|部门|科室|处室|股室|部室|站所|方)?.*|会办单位")),
    ("participate", re.compile(r".*(?:参与|参加)(?:责任)?(?:单位|部门|方)?.*")),
    ("deadline", re.compile(r".*(?:时限|期限|时间|时间节点|节点|日期|完成时点|时间表|办结时).*|何时完成")),
    (
        "schedule",
        re.compile(
            r"(?:20\d\d年)?(?:第?[一二三四1-4]季度|Q[1-4]|[上下]半年|\d{1,2}(?:-\d{1,2})?月份?)(?:末|底|底前|前)?(?:工作)?(?:目标|进度|计划|安排|任务|节点|形象进度|要求)?"
        ),
    ),
    (
        "periods",
        re.compile(
            r".*(?:季度|分季|分月|月度|阶段|序时)(?:工作)?(?:进度|目标|安排|计划|任务|节点|要求).*|进度(?:安排|计划|目标|要求)|推进计划|进度"
        ),
    ),
    (
        "responsible",
        re.compile(
            r".*(?:责任|承办|落实|实施|负责|承担|任务|部门|职责|具体)(?:单位|部门|科室|处室|股室|部室|站所|主体|分工|方|机构|人)|部门|单位|分工|任务分工|职责分工|.*责任分工.*|责任制"
        ),
    ),
    ("responsible", re.compile(r".*(?:责任|承办|落实|实施).*(?:单位|部门|科室|处室|股室|部室|站所).*")),
    ("group", re.compile(r".*(?:类别|分类|领域|板块|类型|大类|大项|章节|工程名称|专项|方面|方向|维度|维|一级.*)|目标类型")),
    (
        "text-or-target",
        re.compile(
            r".*(?:目标任务|任务目标|目标要求|目标及任务|任务及目标)|(?:20\d\d年|年度|全年|当年|今年)(?:度)?(?:重点|主要|工作|具体)*任务|工作要求|任务要求|有关要求"
        ),
    ),
    (
        "targets",
        re.compile(
            r".*(?:目标|指标值|成果|成效|产出|量化要求|目标值|指标|指标要求|考核要求|验收标准|完成标准|达到效果|预期效果|预期.*)(?:\(.*\))?"
        ),
    ),
    (
        "text",
        re.compile(
            r"(?:具体|主要|工作|任务|重点|建设|实施|改革|整治|细化|重点工作|年度)*(?:内容|举措|措施|做法|路径|抓手)|具体(?:任务|工作|事项|要求|目标任务|工作任务|分工)|细化(?:分工|任务|工作|事项)|(?:具体)?(?:任务|工作)(?:描述|细项|分解|清单|明细|内容(?:及|和)要求)|二级任务|子任务|三级.*|二级.*|工作举措|任务举措"
        ),
    ),
    ("work", re.compile(r".*(?:任务|工作|事项|实事|项目|名称|重点|行动|要点|工程|举措|措施|内容|议题|改革|条目)(?:名称|清单|安排)?")),
)
_ROLE_ALONE = re.compile(r"牵头|主责|主办|配合|协办|协同|协作|协助|参与|参加|责任|指导")
_OF_A_YEAR = re.compile(r"(?:20)?\d{2}年(?:度|末|底|值|数|实际|现状|基期|目标|计划)*值?")
"""Heads of what is measured in a year; they say nothing of whether a table is one of tasks. Examples: 2023年, 2025年目标值; none:
2026年底前."""
UNITS = ("lead", "responsible", "cooperate", "participate", "guide")
_CONTENT = ("group", "work", "text", "text-or-target", "targets")


@lru_cache(maxsize=4096)
def is_head(bare: str) -> str | None:
    """What a column with this head (folded, without blanks) holds; None for a head of unknown meaning.

    >>> is_head("序号"), is_head("责任单位"), is_head("完成时限"), is_head("2026年工作目标"), is_head("面积")
    ('number', 'responsible', 'deadline', 'targets', None)
    """
    head = re.sub(r"\([^()]*\)", "", bare) or bare
    if not head or len(head) > 24 or re.search("[。;,]", head) or mark(head) is not None:
        return None
    for kind, pattern in _KINDS:
        if pattern.fullmatch(head):
            return kind
    return None


def is_role(bare: str) -> bool:
    """Whether a head is a role alone, as below 责任单位: 牵头, 配合.

    >>> is_role("牵头"), is_role("协同"), is_role("市科委")
    (True, True, False)
    """
    return _ROLE_ALONE.fullmatch(bare) is not None


def known_heads(values: Sequence[str]) -> int:
    """How many of the first values are column heads, one after the other."""
    count = 0
    for value in values:
        if is_head(value) is None:
            break
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column holds: ``number``, ``group``, ``text``, ``targets``, a role, ``leader``, ``deadline``, ``schedule``,
    ``progress``, ``remark`` or ``unknown``; and the printed head of each."""

    kinds: tuple[str, ...]
    heads: tuple[str, ...]

    def of(self, *kinds: str) -> list[int]:
        """The columns of these kinds, from left to right."""
        return [i for i, kind in enumerate(self.kinds) if kind in kinds]

    def head(self, kind: str) -> str | None:
        """The printed head of the first column of a kind."""
        found = self.of(kind)
        return self.heads[found[0]] if found else None


def columns(heads: Sequence[tuple[str, ...]], printed: Sequence[str]) -> Columns | None:
    """The columns under these heads (each from the top row to the lowest), or None where they are not heads of a task table."""
    kinds = [_kind(path) for path in heads]
    if any(kind in UNITS and path[-1] != "单位" for kind, path in zip(kinds, heads, strict=True)):
        kinds = [None if path == ("单位",) else kind for kind, path in zip(kinds, heads, strict=True)]  # a measure: 万亩
    if sum(kind == "lead" for kind in kinds) > 1 and any(
        kind == "lead" and "牵头" in path[-1] for kind, path in zip(kinds, heads, strict=True)
    ):
        # 牵头部门 beside 主责单位: one of them leads.
        kinds = ["responsible" if kind == "lead" and "牵头" not in path[-1] else kind for kind, path in zip(kinds, heads, strict=True)]
    known = [kind for kind in kinds if kind is not None]
    unknown = [path[-1] for kind, path in zip(kinds, heads, strict=True) if kind is None and path]
    years = sum(head == "单位" or bool(_OF_A_YEAR.fullmatch(head)) for head in unknown)
    if len(known) * 2 < len(kinds) - years or not any(kind in _CONTENT for kind in known):
        return None
    if not any(kind in (*UNITS, "number", "deadline", "leader", "schedule") for kind in known):
        return None
    return Columns(settled(kinds), tuple(printed))


def _kind(path: tuple[str, ...]) -> str | None:
    """The lowest head decides, unless it says less than the one above it (责任单位 over 市级 and 区级)."""
    kinds = [is_head(f"{head}单位" if i and is_role(head) else head) for i, head in enumerate(path)]
    if (
        len(kinds) > 1
        and kinds[-1] in (None, "text-or-target", "work", "group", "targets")
        and kinds[-2] in (*UNITS, "periods", "deadline")
    ):
        return "schedule" if kinds[-2] == "periods" else kinds[-2]
    if len(kinds) > 1 and kinds[-1] is None:
        return next((kind for kind in reversed(kinds) if kind), None)
    return kinds[-1] if kinds else None


def settled(kinds: Sequence[str | None]) -> tuple[str, ...]:
    """Which of several content columns is the task, its group, its target.

    >>> settled(["number", "work", "text", "responsible"]), settled(["work", "work", None])
    (('number', 'group', 'text', 'responsible'), ('group', 'text', 'unknown'))
    """
    found = [kind or "unknown" for kind in kinds]
    found = ["deadline" if kind == "periods" and "deadline" not in found else "schedule" if kind == "periods" else kind for kind in found]
    texts = [i for i, kind in enumerate(found) if kind == "text"]
    works = [i for i, kind in enumerate(found) if kind == "work"]
    either = [i for i, kind in enumerate(found) if kind == "text-or-target"]
    if texts:
        task = texts[0]
        extra = [*texts[1:], *either, *(i for i in works if i > task)]
    elif works:
        task = works[-1]
        extra = either
    elif either:
        task, extra = either[0], either[1:]
    else:
        task = next(
            (i for i, kind in enumerate(found) if kind == "targets"), next((i for i, kind in enumerate(found) if kind == "group"), 0)
        )
        extra = []
    for i in works:
        found[i] = "group"
    for i in extra:
        found[i] = "targets"
    found[task] = "text"
    return tuple(found)
