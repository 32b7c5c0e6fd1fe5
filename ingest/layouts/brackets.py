"""A paragraph -> its sentence and the duties printed in it: in brackets, after a label, or as a line of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.fields.bodies import has_function
from ingest.fields.folding import fold, stopped
from ingest.fields.responsible_units import is_unit, units
from ingest.fields.roles import deed, duties, is_duty, role_of
from ingest.model.document import Text
from ingest.model.drafts import Duty

_ROLE = (
    "牵头|主责|主办|主要责任|主要负责|责任|负责|承办|配合|协办|协同|协作|协助|参与|参加|"
    "指导|汇总|落实|实施|共同责任|协同责任|主要参与|部门|任务|职责|具体"
)
_NOUN = "单位|部门|科室|处室|股室|部室|办所|站所|主体|分工|单位及分工"
_DUTY = re.compile(rf"(?:[省市区县]级?|区县)?(?:主要|其他|相关|有关)?(?:{_ROLE}){{1,4}}(?:{_NOUN})\s*[:：]")
_LIMIT = re.compile(r"(?:完成|办结|推进|落实|时间)?(?:时限|时间|期限|节点|进度)(?:要求|安排|节点)?\s*[:：]")
_LEADER = re.compile(
    r"(?:[省市区县]?(?:政府|委)?)(?:牵头|分管|包保|责任|联系|挂帅|主管|负责){1,2}(?:的)?(?:[省市区县]?领导(?:同志)?|负责人|副[省市区县]长|[省市区县]长|责任人)\s*[:：]"
    r"|(?:主要|第一|具体|直接|项目|工作)?(?:责任人|负责人|负责同志)\s*[:：]"
)
_TARGET = re.compile(r"(?:20\d\d年|年度|工作|预期|主要|具体|阶段性|任务){0,4}(?:目标|指标|成果|成效|要求)\s*[:：]")
_CONTENT = re.compile(r"(?:主要|工作|任务|重点|具体|建设){0,4}(?:任务|内容|举措|措施)\s*[:：]")
_SHARE = re.compile(
    r"[局委办厅部院会府处司行县区市团企门室科心所站队校社](?:等[^,;]{0,8})?(?:按[^,;]{0,8})?(?:分别|共同|具体)?(?:牵头|负责|配合|落实|主办|协办|参与|参加|指导|实施)?(?:负责|落实)?$"
    r"|^\s*(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日)?|第?[一二三四]季度|[上下]半年|年)?[底末初]?(?:[上中下]旬)?(?:之?前|内)?(?:(?<=[前内])[^,;]{2,14}|完成|实现)?$"
    r"|^\s*(?:持续推进|长期坚持|常态化推进|全年推进)$"
)
# A name that is no second name of a thing in the sentence before it.
_SINGLE = re.compile(r"^(?:[省市区县州]|国家|各|团).*[局委办厅部院会府处校司署]$|.{3,}(?:局|委员会|委|厅|办|管委会|政府)$")
_TAIL = re.compile(rf"(?:(?<=[。;!,])|(?<=[。;!,] ))\s*(?:[省市区县]级?)?(?:{_ROLE}){{1,4}}(?:{_NOUN}|领导|负责人|责任人|人)\s*[:：]")


_INSIDE = re.compile(rf"(?<=[\u4e00-\u9fff0-9。;,!(\[〔])\s*(?P<label>(?:{_ROLE}){{1,4}}(?:{_NOUN})\s*[:：])")
_SAID_OF = re.compile(
    rf",\s*(?P<label>(?:{_ROLE}){{1,4}}(?:单位|部门|科室|处室)为(?!牵头|主责|责任|第一|配合|该))(?P<names>[^,。;]{{2,60}})(?=[;。]|$)"
)


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
    folded = stopped(fold(text.value))
    spans: list[tuple[int, int, int, int]] = []
    for start, end in _brackets(folded):
        inner = folded[start + 1 : end - 1]
        after = folded[end:].lstrip()
        closing = not after.strip(" 。.;\n")
        stops = folded[:start].rstrip()[-1:] in ("。", ";", "!", "?") or after[:1] in ("。", ";", "(", "[")
        follows = spans and spans[-1][1] == start
        if (
            _DUTY.match(inner.strip())
            or ((closing or stops) and _names_units(inner, stops))
            or (after[:1] == "," and is_duty(inner) and _names_units(inner, False))
            or ((closing or follows) and _LIMIT.match(inner.strip()))
        ):
            spans.append((start, end, start + 1, end - 1))
    spans.extend(_said_of(folded, spans))
    tail = next((m for m in _TAIL.finditer(folded) if not any(a <= m.start() < b for a, b, _, _ in spans)), None)
    if tail is not None and (not spans or spans[0][0] > tail.start()):
        spans = [span for span in spans if span[0] < tail.start()]
        stop = _tail_end(folded, tail.end())
        # The comma before it goes with it; the full stop after it ends the sentence that it stands in.
        comma = folded[: tail.start()].endswith(",")
        spans.append((tail.start() - comma, stop - (comma and stop < len(folded)), tail.start(), stop))
    if not spans:
        spans.extend(_last_sentence(folded))
    if not spans and (done := _done_by(folded)) is not None:
        return Cut(text.strip(), (Duty("responsible", text[done[0] : done[1]]),))
    printed = tuple(Duty("responsible", text[a:b].strip()) for _, _, a, b in spans)
    sentence = Text("", ())
    at = 0
    for start, end, _, _ in spans:
        sentence = _plus(sentence, text[at:start])
        at = end
    rest = text[at : len(text)]
    if spans and not rest.value.strip(" 　。.；;\n"):
        rest = Text("", ()) if sentence.value.rstrip()[-1:] in "。.；;!！" else rest
    whole = _plus(sentence, rest).strip()
    return Cut(_unhung(whole) if spans else whole, printed)


def _said_of(folded: str, taken: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """The clauses that say whose a figure is: 增加值增长7%,责任单位为区经信局;"""
    for match in _SAID_OF.finditer(folded):
        if not any(a <= match.start() < b for a, b, *_ in taken) and _names_units(match["names"], True):
            yield match.start(), match.end(), match.start("label"), match.end()


def _unhung(sentence: Text) -> Text:
    """The sentence without the comma that stood before the duties cut off its end."""
    return sentence.strip("，, ") if sentence.value.endswith(("，", ",")) else sentence


def _tail_end(folded: str, start: int) -> int:
    """Where the duties after a label end: at a full stop, unless more duties follow it."""
    at = start
    while (stop := folded.find("。", at)) >= 0:
        rest = folded[stop + 1 :].strip()
        if not rest:
            break
        sentence = rest.split("。", 1)[0]
        if not (_DUTY.match(rest) or _LIMIT.match(rest) or _LEADER.match(rest) or _names_units(sentence, True)):
            return stop + 1
        at = stop + 1
    return len(folded)


def _last_sentence(folded: str) -> Iterator[tuple[int, int, int, int]]:
    """The last sentence of a paragraph, where it does nothing but share out duties: A牵头，B、C配合。"""
    end = len(folded.rstrip(" 。"))
    start = max(folded.rfind(mark, 0, end) for mark in "。;!") + 1
    sentence = folded[start:end]
    shared = all(_SHARE.search(clause) for clause in re.split("[,;]", sentence)) and is_duty(sentence)
    if shared and (start or sentence.lstrip().startswith("由")) and _names_units(sentence, True):
        yield start, len(folded), start, end
        return
    # The clauses from 由 on: 由县应急局牵头，县人武部配合。
    for match in reversed(list(re.finditer("[,。;]\\s*(?=由)", folded[:end]))):
        clauses = re.split("[,;]", folded[match.end() : end])
        if "。" not in folded[match.end() : end] and all(is_duty(clause) and _names_units(clause, False) for clause in clauses):
            yield match.end(), len(folded), match.end(), end
            return


def _done_by(folded: str) -> tuple[int, int] | None:
    """Where the last clause of a paragraph says by whom its matter is dealt with: 有关问题,由县水利局会同县林业局等部门提出意见。"""
    end = len(folded.rstrip(" 。;"))
    start = max(max(folded.rfind(mark, 0, end) for mark in "。;,") + 1, folded.rfind("由", 0, end))
    found = deed(folded[start:end]) if start else None
    if found is None:
        return None
    return start + found.start(), start + found.end("word" if role_of(found["word"]) else "names")


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


def left_over(text: Text) -> Iterator[Text]:
    """The brackets that still hold units in a sentence after its duties were cut out, and labels of duties inside it.

    >>> [str(left) for left in left_over(Text.at_offset("种茶1万亩（县林业局、县水利局），建库3座（容量500吨）", 0))]
    ['（县林业局、县水利局）']
    """
    for start, end in _brackets(fold(text.value)):
        inner = fold(text.value)[start + 1 : end - 1]
        if _names_units(inner, True) and (has_function(inner) or re.search("[、,;]", inner) or is_duty(inner)):
            yield text[start:end]
    for match in _INSIDE.finditer(fold(text.value)):
        yield text[match.start("label") : min(len(text), match.end() + 20)]


def _names_units(inner: str, apart: bool) -> bool:
    """Whether an unlabelled bracket holds units: a role word after them, or names alone; ``apart`` where a full stop stands
    between it and the sentence, so that it cannot be a second name of something in it.

    >>> _names_units("审计署负责", False), _names_units("湿地科", True), _names_units("湿地科", False), _names_units("含县城", True)
    (True, True, False, False)
    """
    if len(inner) < 2 or re.search("简称|附后|见附件|^含|不含|联系人", inner):
        return False
    found = duties(Duty("responsible", Text.at_offset(inner, 0)))
    names = units(found.runs)
    if found.rule is not None or found.default is not None:
        return True
    if is_duty(inner):
        return bool(names.units)
    if not names.units or len(names.strange) * 10 > (len(names.units) + len(names.strange)) * 4 or not is_unit(_first(inner)):
        return False
    return apart or len(names.units) > 1 or bool(_SINGLE.search(_first(inner)))


def _first(inner: str) -> str:
    return re.split("[、,;。\\s]", inner.strip(), maxsplit=1)[0]
