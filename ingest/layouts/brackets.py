"""A paragraph -> its sentence and the duties printed in it: in brackets, after a label, or as a line of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.fields.deadlines import HINT
from ingest.fields.folding import fold
from ingest.fields.places import all_short_names
from ingest.fields.roles import is_duty
from ingest.fields.units import is_unit
from ingest.model.document import Text
from ingest.model.drafts import Duty

_ROLE = (
    "牵头|主责|主办|主要责任|主要负责|责任|负责|承办|配合|协办|协同|协作|协助|参与|参加|"
    "指导|汇总|落实|实施|共同责任|协同责任|主要参与|部门|任务|职责|具体"
)
_NOUN = "单位|部门|科室|处室|主体|分工|单位及分工"
_DUTY = re.compile(rf"(?:[省市区县]级?|区县)?(?:{_ROLE}){{1,4}}(?:{_NOUN})\s*[:：]")
_LIMIT = re.compile(r"(?:完成|办结|推进|落实|时间)?(?:时限|时间|期限|节点|进度)(?:要求|安排|节点)?\s*[:：]")
_LEADER = re.compile(
    r"(?:[省市区县]?(?:政府|委)?)(?:牵头|分管|包保|责任|联系|挂帅|主管|负责){1,2}(?:的)?(?:[省市区县]?领导(?:同志)?|负责人|副[省市区县]长|[省市区县]长|责任人)\s*[:：]"
)
_TARGET = re.compile(r"(?:20\d\d年|年度|工作|预期|主要|具体|阶段性|任务){0,4}(?:目标|指标|成果|成效|要求)\s*[:：]")
_CONTENT = re.compile(r"(?:主要|工作|任务|重点|具体|建设){0,4}(?:任务|内容|举措|措施)\s*[:：]")
_SHARE = re.compile(
    r"[局委办厅部院会府处司行县区市团企门室科心所站队校社](?:等[^,;]{0,8})?(?:按[^,;]{0,8})?(?:分别|共同|具体)?(?:牵头|负责|配合|落实|主办|协办|参与|参加|指导|实施)?(?:负责|落实)?$"
    r"|^\s*(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日)?|第?[一二三四]季度|[上下]半年|年)?[底末初]?(?:[上中下]旬)?(?:之?前|内)?(?:(?<=[前内])[^,;]{2,14}|完成|实现)?$"
    r"|^\s*(?:持续推进|长期坚持|常态化推进|全年推进)$"
)
_TAIL = re.compile(rf"(?:(?<=[。;!])|(?<=[。;!] ))\s*(?:[省市区县]级?)?(?:{_ROLE}){{1,4}}(?:{_NOUN})\s*[:：]")


@dataclass(frozen=True, slots=True)
class Cut:
    """A paragraph without its duties, and the duties."""

    sentence: Text
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A labelled line below a task: ``duty``, ``leader``, ``deadline``, ``targets`` or ``text``, and what follows the label."""

    kind: str
    text: Text
    label: Text


def labelled(text: Text) -> DutyLine | None:
    """The labelled line that a paragraph is, or None.

    >>> labelled(Text.at_offset("完成时限：12月底前", 0)).kind
    'deadline'
    """
    folded = fold(text.value)
    start = len(folded) - len(folded.lstrip())
    whole = folded[start:].startswith(("(", "[")) and folded.rstrip().endswith((")", "]"))
    start += 1 if whole else 0
    for kind, pattern in (("leader", _LEADER), ("duty", _DUTY), ("deadline", _LIMIT), ("targets", _TARGET), ("text", _CONTENT)):
        match = pattern.match(folded, start)
        if match is not None:
            stop = len(folded.rstrip()) - 1 if whole else len(folded)
            content = text[start:stop] if kind == "duty" else text[match.end() : stop]
            return DutyLine(kind, content.strip(" 　。；;"), text[match.start() : match.end()].strip(":： "))
    return None


def cut(text: Text) -> Cut:
    """The sentence of a paragraph and the duties in its brackets or after its last full stop."""
    folded = fold(text.value)
    spans: list[tuple[int, int, int, int]] = []
    for start, end in _brackets(folded):
        inner = folded[start + 1 : end - 1]
        closing = not folded[end:].strip(" 。.;\n")
        follows = spans and spans[-1][1] == start
        if _DUTY.match(inner.strip()) or (closing and _names_units(inner)) or ((closing or follows) and _LIMIT.match(inner.strip())):
            spans.append((start, end, start + 1, end - 1))
    tail = next((m for m in _TAIL.finditer(folded) if not any(a <= m.start() < b for a, b, _, _ in spans)), None)
    if tail is not None and (not spans or spans[0][0] > tail.start()):
        spans = [span for span in spans if span[0] < tail.start()]
        spans.append((tail.start(), len(folded), tail.start(), len(folded)))
    if not spans:
        spans.extend(_last_sentence(folded))
    duties = tuple(Duty("responsible", text[a:b].strip()) for _, _, a, b in spans)
    sentence = Text("", ())
    at = 0
    for start, end, _, _ in spans:
        sentence = _plus(sentence, text[at:start])
        at = end
    rest = text[at : len(text)]
    if spans and not rest.value.strip(" 　。.；;\n"):
        rest = Text("", ()) if sentence.value.rstrip()[-1:] in "。.；;!！" else rest
    return Cut(_plus(sentence, rest).strip(), duties)


def _last_sentence(folded: str) -> Iterator[tuple[int, int, int, int]]:
    """The last sentence of a paragraph, where it does nothing but share out duties: A牵头，B、C配合。"""
    end = len(folded.rstrip(" 。"))
    start = max(folded.rfind(mark, 0, end) for mark in "。;!") + 1
    sentence = folded[start:end]
    if start and all(_SHARE.search(clause) for clause in re.split("[,;]", sentence)) and is_duty(sentence) and _names_units(sentence):
        yield start, len(folded), start, end


def _plus(left: Text, right: Text) -> Text:
    return left + right if left and right else left or right


def _brackets(folded: str) -> Iterator[tuple[int, int]]:
    """Start and end of each outermost bracket pair."""
    depth = start = 0
    for i, character in enumerate(folded):
        if character in "([〔":
            if depth == 0:
                start = i
            depth += 1
        elif character in ")]〕" and depth:
            depth -= 1
            if depth == 0:
                yield start, i + 1


def _names_units(inner: str) -> bool:
    """Whether an unlabelled bracket at the end of a paragraph holds units: a role word after them, or names alone."""
    if len(inner) < 3 or re.search("简称|下同$|附后|见附件|含|不含|联系", inner):
        return False
    plain = re.sub(r"\([^()]*\)", "", inner)
    parts = [part.strip() for part in re.split(r"[、,;。\s]|和|及", plain) if part.strip()]
    named = [part for part in parts if is_unit(part) or part in all_short_names()]
    if is_duty(inner) and re.search(r"[局委办厅部院会府处司区县市团心位门]", plain):
        return bool(named) or bool(re.search(r"[局委办厅部院会府处].{0,12}(?:牵头|负责|配合|落实|主办|协办)", plain))
    without = [part for part in parts if not HINT.search(part)]
    if len(without) == 1:
        return bool(
            re.search(r"^(?:[省市区县州]|国家|各|团).*[局委办厅部院会府处校司]$|.{3,}(?:局|委员会|委|厅|办|管委会|政府)$", without[0])
        )
    return len(named) * 10 >= len(without) * 6 and bool(without) and is_unit(without[0])
