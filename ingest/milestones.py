"""The text of a commitment -> the milestones it promises: a checkable action and its object (发布《…》, 完成…申请, 开展…试点).

A clause promises a milestone when it begins with an action of the vocabulary, after words that only say who acts and how
(静安区计划, 推动, 在…领域). Three things promise nothing checkable: support for what others do (支持, 鼓励, 引导), with all that
such a sentence goes on to wish; what is merely continued (持续开展, 继续推进), unless it has a figure; and a bare verb
whose deliverables the vocabulary lists with their objects (开展…培训, 优化…方案: 优化服务功能 is none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import NamedNode

from ingest.fields.folding import fold
from ingest.model.document import Text
from ingest.model.records import Quantity
from ingest.vocabulary import Action, Vocabulary

_END = re.compile(r"[,。;:!?\n]|(?<=[^、])并(?=[^行且入购存列网发])")
_STOPS = "。;!?\n"
_PAIRS = {"“": "”", "《": "》", "(": ")", "〔": "〕", "「": "」", "『": "』"}
_ACTOR = re.compile(
    r"(?:其中)?[一-龥、]{1,12}?(?:区|市|县|委|局|办|厅)(?:在[^,。;]{1,30}?(?:领域|行业|区域|方面))?"
    r"(?=计划|拟|力争|组织|开展|认定|推出|出台|发布|制定|印发|修订|规划|建成|成立|新|推进|推动)"
)
_HOW = re.compile(
    r"(?:持续|继续|加快|积极|全面|进一步|深入|着力|稳步|有序|及时|适时|努力|力争|计划|拟|争取|确保|年内|全年|今年|年底前?|年中前?|[上下]半年"
    r"|(?:20\d\d年)?(?:第?[一二三四]季度[末前]?|\d{1,2}月(?:[底末]|[上中下]旬|\d{1,2}日)?之?前?)|20\d\d年(?:底前?)?"
    r"|推动|推进|组织|联合|牵头|会同|协同|共同|并|同时|新|再|率先|延续|发起|筹备|布局|落实|强化|做好|主动|高质量|高水平|探索|其中"
    r"|在[^,。;]{1,30}?(?:领域|行业|区域|方面|基础上|过程中|等地|范围内)"
    r"|(?:结合|根据|按照|依托|围绕|通过|面向|针对|聚焦)[^,。;]{2,60}?(?:领域|要求|基础|需求|平台|工作|重点(?!产业)|产业链|行业|类别)"
    r"|定期|向[一-龥]{2,12}(?=推荐|报送|申报|申请))"
)
_SUPPORT = re.compile(r"(?:持续|继续|积极|进一步|主动)*(?:鼓励|支持|引导|倡导|帮助|助力)")
_CONTINUED = re.compile(r"持续|继续|常态化")
_RESULTS = frozenset({"完成", "发布", "修订"})
"""Labels of actions that report a result, whoever is supported in reaching it."""
_THINGS = {
    "引进或培育": re.compile(r"(?!)"),
    "形成": re.compile(
        r"(?:成果|报告|方案|清单|名单|目录|标准|规范|文件|案例|机制|制度|指南|手册|办法|示范|产品|项目|协议|数据库|意见|图谱)$"
    ),
    "实施": re.compile(r"(?:项目|工程|计划|行动|方案|规划|办法|条例|细则|试点|改革|制度|政策|任务|标准)(?:”|》)?$"),
}
"""Actions that are checkable only in number (培育一批…, 引进3—5家…) or where their object is one of these things."""
_NUMBER = re.compile(r"一批|\d|首[个家批座]")
_NOUN = re.compile(
    r"开发[者区]|研发(?:投入|中心|机构|人员|团队|经费|平台|费用)|组织(?:领导|架构|机构|体系|保障)|开放[性型度]|规划(?:纲要|编制)"
)
"""Nouns that begin like a verb."""
_ORGANISE = "组织"
"""The verb that another may follow: 组织申报 applies, 组织开展…培训 trains."""
_AFTER_TAIL = re.compile(r"(?:工作)?(?:等(?:系列)?(?:活动|工作)?)?(?:[、和与及]|$)")
_SECOND = re.compile(r"[和及与或、](?:提升|改造|改建|扩建|完善|培育|引进|修订|实施|发布|建成|打造)")
"""A second verb beside the first: 新建和提升…."""
_FIGURE = re.compile(r"(?:不少于|不低于|至少|超过|约|近)?\d[^,。;]*$")
"""A figure that follows the second half of a verb: 开展…活动7—20场."""
_SERIES = re.compile(r"(?:日|周|月|节|会|展|赛|论坛|培训|活动)$")
_SHORTEST_OBJECT = 2
_BEFORE_VERB = re.compile(
    r"(?:加快|推动|推进|确保|力争|争取|将|把)(?P<object>[^,。;“”《》]{2,60}?)(?:(?P<verb>纳入|列入)"
    r"(?=《[^》]+》|[^,。;]{0,30}(?:目录|名单|清单|名录|计划|规划|体系|范围|库)$)"
    r"|(?<=中心|平台|基地|园区|项目|工程|设施|系统|装置)(?P<done>完成)(?P<rest>[^,。;]{2,8})$)"
)
"""A clause whose object stands before its verb: 将…行业纳入《…目录》, 加快…中心完成建设."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is to be done to what. ``start`` and ``end`` are offsets of ``text``, the clause, in the clean value of the part."""

    action: NamedNode
    label: str
    object: str
    part: str
    start: int
    end: int
    text: Text


@dataclass(frozen=True, slots=True)
class _Hit:
    """An action in a clause: where its verb begins, where its object begins and ends."""

    action: Action
    verb: int
    start: int
    end: int


def milestones(text: Text, part: str, known: Vocabulary, figures: Sequence[Quantity] = ()) -> Iterator[Milestone]:
    """The milestones of one commitment, in order; ``figures`` are its quantities.

    A figure alone is completed by what it counts: 规划1—2个 plans 1—2个…基地.
    """
    folded, actions = fold(text.value), _counting(known.actions)
    supported = False
    for start, end in clauses(folded):
        clause = folded[start:end]
        supported = supported and not (start and folded[start - 1] in _STOPS) and not _ACTOR.match(clause)
        supported = supported or _SUPPORT.match(clause) is not None
        turned = None if supported else _turned(clause, known.actions)
        if turned is not None:
            action, spans = turned
            promised = "".join(text.value[start + a : start + b] for a, b in spans)
            yield Milestone(action.node, action.label, promised, part, start, end, text[start:end])
            continue
        hit = _hit(clause, actions)
        if hit is None or (supported and hit.action.label not in _RESULTS):
            continue
        counted = [figure for figure in figures if start + hit.start <= figure.start < start + hit.end]
        if not counted and (_CONTINUED.search(clause[: hit.start]) or not _checkable(clause, hit)):
            continue
        for a, b, said in _objects(clause, hit):
            promised = text.value[start + a : start + b]
            if len(counted) == 1 and counted[0].surface.value == promised and counted[0].counted:
                promised += counted[0].counted
            evidence = start + (0 if a == hit.start else a), start + (said if b != hit.end else len(clause))
            yield Milestone(hit.action.node, hit.action.label, promised, part, *evidence, text[evidence[0] : evidence[1]])


def _turned(clause: str, actions: Sequence[Action]) -> tuple[Action, list[tuple[int, int]]] | None:
    """The action of a clause whose object stands before its verb, and where the words of the object stand.

    What is included is what goes in; what is completed has the noun after the verb: 加快…中心完成建设 completes …中心建设.
    """
    found = _BEFORE_VERB.match(clause)
    action = next((one for one in actions if found and one.verb == (found["verb"] or found["done"])), None)
    if found is None or action is None:
        return None
    return action, [found.span(name) for name in ("object", "rest") if found[name]]


def _checkable(clause: str, hit: _Hit) -> bool:
    """Whether one can check that it was done: a number, or a thing that is there or is not; 形成…的空间载体 is a wish."""
    things = _THINGS.get(hit.action.label)
    return (
        things is None or _NUMBER.search(clause, hit.start, hit.end) is not None or things.search(clause[hit.start : hit.end]) is not None
    )


def _counting(actions: Sequence[Action]) -> list[Action]:
    """The actions whose verbs count: not a bare verb beside its own forms with an object (开展 beside 开展…培训)."""
    fixed = {(action.node, action.verb.partition("…")[0]) for action in actions if "…" in action.verb}
    return [action for action in actions if (action.node, action.verb) not in fixed]


def clauses(folded: str) -> Iterator[tuple[int, int]]:
    """The clauses between commas and full stops that stand outside quotation marks and brackets."""
    start, closing = 0, [""]
    cuts = {match.start(): match.end() for match in _END.finditer(folded)}
    for i, character in enumerate(folded):
        if character in _PAIRS:
            closing.append(_PAIRS[character])
        elif character == closing[-1]:
            closing.pop()
        elif i in cuts and len(closing) == 1:
            if i > start:
                yield start, i
            start = cuts[i]
    if start < len(folded):
        yield start, len(folded)


def _hit(clause: str, actions: Sequence[Action]) -> _Hit | None:
    """The action of a clause: the first verb after the words that say who and how."""
    place = 0
    while True:
        found = next((hit for action in actions if (hit := _verb(clause, place, action)) is not None), None)
        if found is not None:
            inner = _hit(clause[found.start :], actions) if found.action.verb == _ORGANISE else None
            if inner is not None and inner.verb == 0:
                return _Hit(inner.action, found.verb, found.start + inner.start, found.start + inner.end)
            return _finished(clause, found, actions)
        lead = _HOW.match(clause, place) or _ACTOR.match(clause, place)
        if lead is None or lead.end() == place:
            return None
        place = lead.end()


def _verb(clause: str, place: int, action: Action) -> _Hit | None:
    head, _, tail = action.verb.partition("…")
    if not head or not clause.startswith(head, place) or _NOUN.match(clause, place):
        return None
    begin = place + len(head)
    if not tail and (second := _SECOND.match(clause, begin)):
        begin = second.end()
    if not tail:
        whole = clause.find("作为", begin)
        end = whole if whole > begin else len(clause)
        return _Hit(action, place, begin, end) if end - begin >= _SHORTEST_OBJECT else None
    # The object keeps the second half of the verb: 开展…试点 promises 第二批…试点.
    at = clause.rfind(tail, begin)
    end = at + len(tail)
    if at >= begin and _FIGURE.match(clause, end):
        return _Hit(action, place, begin, len(clause))
    return _Hit(action, place, begin, end) if at >= begin and _AFTER_TAIL.match(clause, end) else None


def _finished(clause: str, found: _Hit, actions: Sequence[Action]) -> _Hit:
    """完成…发布 is a publication: the verb that closes the object of 完成 is the action."""
    if found.action.verb != "完成":
        return found
    for other in actions:
        end = found.end - len(other.verb)
        if other.verb == other.label and clause.endswith(other.verb, found.start, found.end) and end - found.start >= _SHORTEST_OBJECT:
            return _Hit(other, found.verb, found.start, end)
    return found


def _objects(clause: str, hit: _Hit) -> Iterator[tuple[int, int, int]]:
    """The objects of an action with the end of their words: a series of events is several (…开放日、…宣传周、…体验周)."""
    cuts = [i for i in range(hit.start, hit.end) if clause[i] == "、" and _outside(clause[hit.start : i])]
    bounds = [hit.start, *(cut + 1 for cut in cuts), hit.end]
    items = [(a, b - (b != hit.end)) for a, b in pairwise(bounds)]
    if len(items) > 1 and all(_SERIES.search(clause[a:b]) for a, b in items):
        yield from ((a, b, b) for a, b in items)
    else:
        yield hit.start, hit.end, len(clause)


def _outside(before: str) -> bool:
    """Whether every mark opened in the words before is closed again."""
    return all(before.count(opening) == before.count(closing) for opening, closing in _PAIRS.items())
