"""The text of a target -> the milestones it promises: a checkable action and its object (发布《…》, 完成…申请, 开展…试点).

A clause promises a milestone when it begins with an action of the vocabulary, after words that only say who acts and how
(静安区计划, 持续推动, 在…领域). Support for what others do (支持, 鼓励, 引导) promises nothing checkable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ingest.document import Text
from ingest.folding import fold
from ingest.vocabulary import Action, Vocabulary

_END = re.compile(r"[,。;!?\n]|(?<=[^、])并(?=[^行且入购存列网发])")
_PAIRS = {"“": "”", "《": "》", "(": ")", "〔": "〕", "「": "」", "『": "』"}
_LEAD = re.compile(
    r"(?:(?:持续|继续|加快|积极|全面|进一步|深入|着力|稳步|有序|及时|适时|努力|力争|计划|拟|争取|确保|年内|全年|今年|202\d年"
    r"|推动|推进|组织|联合|牵头|会同|协同|共同|并|同时|新|再|率先|延续|发起|筹备|布局|落实|强化|做好|主动|高质量|高水平|探索)"
    r"|在[^,。;]{1,30}?(?:领域|行业|区域|方面|基础上|过程中|等地|范围内)"
    r"|(?:结合|根据|按照|依托|围绕|通过|面向|针对|聚焦)[^,。;]{2,30}?(?:领域|要求|基础|需求|平台|工作|重点)"
    r"|向[一-龥]{2,12}(?=推荐|报送|申报|申请)"
    r"|[一-龥、]{1,12}?(?:区|市|县|委|局|办|厅)(?=在|计划|拟|力争|组织|开展|认定|推出|出台|发布|制定|印发|修订|规划|建成|成立|新))"
)
_SHORTEST_OBJECT = 2


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is to be done to what. ``start`` and ``end`` are offsets of ``text`` in the clean value of the part."""

    action: NamedNode
    label: str
    object: str
    part: str
    start: int
    end: int
    text: Text


def milestones(text: Text, part: str, known: Vocabulary) -> Iterator[Milestone]:
    """The milestones of one target, in order."""
    folded = fold(text.value)
    for start, end in _clauses(folded):
        found = _milestone(folded[start:end], known.actions)
        if found is None:
            continue
        action, verb_start, object_start, object_end = found
        a, b = start + verb_start, end
        yield Milestone(
            action=action.node,
            label=action.label,
            object=text.value[start + object_start : start + object_end],
            part=part,
            start=a,
            end=b,
            text=text[a:b],
        )


def _clauses(folded: str) -> Iterator[tuple[int, int]]:
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


def _milestone(clause: str, actions: Sequence[Action]) -> tuple[Action, int, int, int] | None:
    """The action of a clause, where its verb begins, where its object begins and ends."""
    place = 0
    while True:
        found = next((hit for action in actions if (hit := _verb(clause, place, action)) is not None), None)
        if found is not None:
            return _finished(clause, found, actions)
        lead = _LEAD.match(clause, place)
        if lead is None or lead.end() == place:
            return None
        place = lead.end()


def _verb(clause: str, place: int, action: Action) -> tuple[Action, int, int, int] | None:
    head, _, tail = action.verb.partition("…")
    if not clause.startswith(head, place) or not head:
        return None
    begin = place + len(head)
    if not tail:
        return (action, place, begin, len(clause)) if len(clause) - begin >= _SHORTEST_OBJECT else None
    # The object keeps the second half of the verb: 开展…试点 promises 第二批…试点.
    at = clause.find(tail, begin)
    return (action, place, begin, at + len(tail)) if at > begin else None


def _finished(clause: str, found: tuple[Action, int, int, int], actions: Sequence[Action]) -> tuple[Action, int, int, int]:
    """完成…发布 is a publication: the verb that closes the object of 完成 is the action."""
    action, verb, start, end = found
    if action.verb != "完成":
        return found
    for other in actions:
        if other.verb == other.label and clause.endswith(other.verb, start, end) and end - len(other.verb) - start >= _SHORTEST_OBJECT:
            return other, verb, start, end - len(other.verb)
    return found
