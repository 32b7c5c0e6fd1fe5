"""A notice -> where its characters went: into fields, into furniture (numbers, labels, punctuation), or nowhere.

In the part of the document that holds tasks every character is in a field, is known furniture, or is a loss that
:mod:`ingest.findings` warns of with its place. What is furniture is decided by form alone and never by where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.fields.dates import DATE
from ingest.fields.folding import bare, fold
from ingest.layouts.columns import is_head, is_role
from ingest.layouts.grid import label, rows
from ingest.layouts.headings import mark
from ingest.model.document import Block, Paragraph, Table, Text
from ingest.model.records import Notice, Task

_ROLE = (
    "牵头|主责|主办|主要责任|主要负责|首要责任|第一责任|总责|汇总|责任|负责|承办|承担|配合|协办|协同|协作|协助|会办|支持|参与|参加|业务指导|指导|落实|实施|"
    "完成|推进|推动|具体|共同|联合|分别|分头|各自|统筹|协调|督导|督促|督办|抓总|总抓|抓好|做好|组织|开展|全力|积极"
)
_BODY = "单位|部门|科室|处室|主体|分工|领导|负责人|责任人|人|方|机构"
FURNITURE = re.compile(
    r"(?:[\s\W_]"  # punctuation, rules, brackets, arrows
    r"|第?[一二三四五六七八九十百]{1,4}[章节条部]?[、.,]|[(\[]\s*(?:[一二三四五六七八九十百]{1,4}|\d{1,3})\s*[)\]]|(?<!\d)\d{1,3}[.、)](?!\d)|[①-⑳]"
    r"|[(\[]共?\d{1,3}[项条个件][)\]]|[(\[]?(?:续表?|接上[页表])[)\]]?"
    r"|小计|合计|总计|共计|附件\d{0,2}[:：]?|-?第?\d{1,4}页(?:共\d{1,4}页)?|[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}(?=\))|[-—·]\d{1,4}[-—·]"
    rf"|(?:[省市区县]级?|区县|主要|分管|包保|联系|主管|挂帅)?(?:区|市|县|省|政府|委)?(?:{_ROLE}){{1,4}}(?:{_BODY})?(?:[省市区县]?领导)?"
    rf"|(?:[省市区县]级?)?(?:牵头|分管|包保|责任|联系|主管|主管区)?(?:[省市区县]?领导)(?=[:])|(?:部门|任务|职责|责任)分工(?=:)|(?:{_BODY})(?=[:)])"
    r"|(?:完成|办结|推进|落实|时间)?(?:时限|时间|期限|节点|进度)(?:要求|安排|节点)?(?=[:：])"
    r"|(?:工作|年度|预期|主要|具体|任务|阶段性){0,3}(?:目标|成果|成效|任务|内容|举措|措施)(?=[:：])"
    r"|按(?:照)?(?:各自)?(?:职责|职能|任务)(?:分工)?|依(?:据)?职责(?:分工)?|根据职责(?:分工)?|结合职责"
    r"|(?:有关|相关|其他)?(?:部门|单位)|(?<=单位)为|(?<=部门)为|等(?:\d{0,2}个?)?(?:有关|相关|其他)?(?:部门|单位|企业)?|由|和|及|与|并|以及|会同|另|其中|商)+"
)
"""A stretch that says nothing of its own: see the examples in tests/ingest/test_coverage.py."""
_GENERAL = re.compile("总体要求|指导思想|基本原则|工作要求|组织领导|组织实施|保障措施|组织保障|有关要求|(?:主要|总体|工作|发展)目标")
"""Titles of sections that hold no tasks."""


_CLOSING = re.compile(
    r"抄送|抄报|主送|附件|联系|电话|\(此|公开|印发|打印|关闭|上一篇|下一篇|版权|主办|承办|网站|来源|责任编辑|分享|备案|^\(?完\)?$|^注"
)
"""What may follow the last task and belongs to none."""
_NUMERAL = re.compile(r"[(\[]?[一二三四五六七八九十]{1,3}[)\]]?[.、]?")  # of a section, in the column of numbers
_SHORT = 40
_EDGE = re.compile(r"[\s)）】\]、，,。；;：:]")


@dataclass(frozen=True, slots=True)
class Loss:
    """Characters of the task part that are in no field and no furniture: from ``start`` to ``end`` of the document's text.

    ``head`` is the printed head of the table column they stand in, ``task`` the key of the task they stand with.
    """

    start: int
    end: int
    head: str | None = None
    task: str | None = None


def coverage(notice: Notice) -> dict[str, int]:
    """Characters as ``fields``, ``unread`` (in the task part, each in a warning), ``prose`` and ``nothing`` (blanks); they add up to
    the length of the text."""
    text, used = notice.document.text, covered(notice)
    fields = sum(used)
    nothing = sum(1 for i, character in enumerate(text) if not used[i] and character.isspace())
    unread = sum(1 for loss in losses(notice) for i in range(loss.start, loss.end) if not used[i] and not text[i].isspace())
    return {"fields": fields, "unread": unread, "prose": len(text) - fields - nothing - unread, "nothing": nothing}


def by_task(notice: Notice) -> dict[str, dict[str, int]]:
    """For each task by its key, from its first character to that of the next: characters in ``fields``, ``furniture`` and ``unread``."""
    used, text = covered(notice), notice.document.text
    lost = bytearray(len(text))
    for loss in losses(notice):
        lost[loss.start : loss.end] = b"\1" * (loss.end - loss.start)
    counted: dict[str, dict[str, int]] = {}
    for key, (start, end) in _stretches(notice).items():
        kinds = ["fields" if used[i] else "unread" if lost[i] else "furniture" for i in range(start, end) if not text[i].isspace()]
        counted[key] = {kind: kinds.count(kind) for kind in ("fields", "furniture", "unread")}
    return counted


def covered(notice: Notice) -> bytearray:
    """For each character of the document's text, 1 where it stands in a field."""
    used = bytearray(len(notice.document.text))
    for part in _texts(notice):
        for i in part.at:
            used[i] = 1
    return used


def losses(notice: Notice) -> Iterator[Loss]:
    """The losses of a notice, in reading order."""
    text, used = notice.document.text, covered(notice)
    spans, heads, furniture = _task_part(notice)
    for i in furniture:
        used[i] = 1
    stretches = sorted((start, key) for key, (start, _) in _stretches(notice).items())
    known = {task.key: "|".join(re.escape(bare(unit.surface.value)) for unit in task.units) or "(?!)" for task in notice.tasks}
    aliases = {bare(unit.alias) for task in notice.tasks for unit in task.units if unit.alias}
    for start, end in spans:
        for run in _runs(text, used, start, end, heads):
            value = bare("".join(text[i] for i in run))
            inner = value.strip("()（）、，,。;: ")
            numeral = is_head(heads.get(run[0], "")) == "number" and _NUMERAL.fullmatch(value) is not None
            place = bisect_right(stretches, (run[0], "\uffff"))
            task = stretches[place - 1][1] if place else None
            again = re.sub(known.get(task or "", "(?!)"), "", value)  # a unit that a further bracket names again
            if not again or inner in aliases or numeral or FURNITURE.fullmatch(again):
                continue
            while len(run) > 1 and _EDGE.match(text[run[0]]):
                del run[0]
            yield Loss(run[0], run[-1] + 1, heads.get(run[0]), task)


def _runs(text: str, used: bytearray, start: int, end: int, heads: dict[int, str]) -> Iterator[list[int]]:
    """Characters in no field that follow one another within one cell or line."""
    run: list[int] = []
    for i in range(start, end):
        breaks = used[i] or (text[i] == "\n" and heads.get(i + 1) != heads.get(i - 1)) or (run and heads.get(i) != heads.get(run[-1]))
        if breaks and run and not (text[i].isspace() and not used[i] and text[i] != "\n"):
            yield run
            run = []
        if not used[i] and not text[i].isspace():
            run.append(i)
    if run:
        yield run


def _task_part(notice: Notice) -> tuple[list[tuple[int, int]], dict[int, str], frozenset[int]]:
    """Where the tasks stand, the column head of each character of a table, and the characters of head rows."""
    blocks = notice.document.blocks
    own = [i for task in notice.tasks for text in _of(task) if text for i in (text.start, text.end - 1)]
    if not own:
        return [], {}, frozenset()
    extents = [_extent(block) for block in blocks]
    opens, closes = min(own), max(own)
    inside = [n for n, extent in enumerate(extents) if extent and extent[0] <= closes and extent[1] > opens]
    first, last = _widened(blocks, inside[0], inside[-1], notice) if inside else (0, -1)
    heads: dict[int, str] = {}
    furniture: set[int] = set()
    for block in blocks[first : last + 1]:
        if isinstance(block, Table):
            _headed(block, heads, furniture)
    spans = [extent for extent in extents[first : last + 1] if extent]
    # What no block holds, since no column of the table could, is lost as well, also behind its last cell.
    below = next((extent[0] for extent in extents[last + 1 :] if extent), len(notice.document.text))
    end = max(spans[-1][1], below) if spans and isinstance(blocks[last], Table) else spans[-1][1] if spans else 0
    return ([(spans[0][0], end)] if spans else []), heads, frozenset(furniture)


def _widened(blocks: Sequence[Block], first: int, last: int, notice: Notice) -> tuple[int, int]:
    """The blocks from the first task to the last, with the items numbered like them on both sides and the tables after them."""
    found = mark(fold(_value(blocks[first])))
    while found is not None and found.position > 1 and first:
        above = next(
            (n for n in range(first - 1, -1, -1) if (m := mark(fold(_value(blocks[n])))) is not None and m.rung == found.rung), None
        )
        if above is None or (before := mark(fold(_value(blocks[above])))) is None or before.position >= found.position:
            break
        if any((m := mark(fold(_value(block)))) is not None and m.rung != found.rung for block in blocks[above + 1 : first]):
            break
        if _GENERAL.search(_value(blocks[above])[:20]):
            break
        first, found = above, before
    if any(isinstance(block, Table) for block in blocks[first : last + 1]):
        last = max((n for n, block in enumerate(blocks) if isinstance(block, Table) and n > last), default=last)
    below = mark(fold(_value(blocks[last])))
    while below is not None and last + 1 < len(blocks):
        after = mark(fold(_value(blocks[last + 1])))
        if after is None or after.rung != below.rung or after.position != below.position + 1:
            break
        last, below = last + 1, after
    last = _sections_after(blocks, first, last)
    if last + 1 < len(blocks) and (_goes_on if isinstance(blocks[last], Paragraph) else _breaks_off)(blocks[last + 1], notice):
        last += 1
    return first, last


def _sections_after(blocks: Sequence[Block], first: int, last: int) -> int:
    """The last block of the sections that follow the last task under the same part: （二）乡镇职责 after （一）部门职责."""
    marks = [mark(fold(_value(block))) for block in blocks]
    after = marks[last + 1] if last + 1 < len(blocks) else None
    below = marks[last]
    if after is None or below is None or after.rung in (below.rung, "一、", "第一章"):
        return last
    above = next((m for m in reversed(marks[first if marks[first] != below else 0 : last]) if m is not None and m.rung == after.rung), None)
    end = last + 1
    while above is not None and after.position == above.position + 1 and end < len(blocks):
        found = marks[end]
        if (found is not None and found.rung in ("一、", "第一章")) or _GENERAL.search(_value(blocks[end])[:20]):
            break
        if found is None and (_CLOSING.search(fold(_value(blocks[end]))) or DATE.search(fold(_value(blocks[end])))):
            break
        end += 1
    return max(last, end - 1)


def _goes_on(block: Block, notice: Notice) -> bool:
    """Whether the paragraph after the last task may be the rest of it: a short one that is no heading, no date, no issuer, no closing."""
    value = _value(block).strip()
    known = {text.value for text in (*notice.issuers, notice.date_text) if text is not None}
    plain = not mark(fold(value)) and not _CLOSING.search(fold(value)) and not DATE.search(fold(value)) and value not in known
    return 0 < len(value) <= _SHORT and plain


def _breaks_off(block: Block, notice: Notice) -> bool:
    """Whether the paragraph below the last table may be a row of it that was cut off: one with a bar, or the last of the document, which
    ends in the middle of a sentence."""
    value = _value(block).strip()
    last = block is notice.document.blocks[-1] and not re.search(r"[。;；！!）)》”]$|\d$", value)
    plain = not _CLOSING.search(fold(value)) and not DATE.search(fold(value)) and value not in {text.value for text in notice.issuers}
    return bool(value) and plain and ("|" in value or (last and len(value) > 8))


def _headed(table: Table, heads: dict[int, str], furniture: set[int]) -> None:
    """The characters of the table by the head of their column; those of head rows are furniture."""
    above: list[str] = []
    for r, row in enumerate(rows(table)):
        values = [bare(place.text.value) for place in row]
        filled = [value for value in values if value]
        named = sum(1 for value in filled if is_head(value) or is_role(value))
        if (
            filled
            and label(row) is None
            and named * 2 > len(filled)
            and (r < 5 or values == above)
            and not any(v.isdigit() for v in values)
        ):
            above = [value or (above[c] if c < len(above) else "") for c, value in enumerate(values)]
            furniture.update(i for place in row if place.first for i in place.text.at)
            continue
        for c, place in enumerate(row):
            if place.first:
                heads.update(dict.fromkeys(place.text.at, above[c] if c < len(above) else ""))


def _extent(block: Block) -> tuple[int, int] | None:
    texts = [block.text] if isinstance(block, Paragraph) else [text for cell in block.cells for text in cell.paragraphs]
    at = [i for text in texts if text for i in (text.start, text.end)]
    return (min(at), max(at)) if at else None


def _value(block: Block) -> str:
    return block.text.value if isinstance(block, Paragraph) else ""


def _stretches(notice: Notice) -> dict[str, tuple[int, int]]:
    """Where each task begins and the next one does."""
    starts: list[tuple[int, str]] = []
    ends: list[int] = []
    for task in notice.tasks:
        own = [text for text in (task.number, task.text, *task.targets) if text]
        if own:
            starts.append((min(text.start for text in own), task.key))
            ends.extend(text.end for text in _of(task) if text)
    starts.sort()
    edges = [*starts, (max(ends), "")] if starts else []
    return {key: (start, max(start, end)) for (start, key), (end, _) in pairwise(edges)}


def _texts(notice: Notice) -> Iterator[Text]:
    for found in (notice.title, notice.notice_title, notice.number, notice.date_text, notice.role_rule, notice.default_clause):
        if found is not None:
            yield found
    yield from (text for text in (notice.publicity, notice.index_number, notice.subject) if text is not None)
    for cited in notice.citations:
        yield cited.title
        if cited.number is not None:
            yield cited.number
    yield from (*notice.issuers, *notice.implements, *notice.addressees)
    for task in notice.tasks:
        yield from _of(task)


def _of(task: Task) -> Iterator[Text]:
    yield from (text for text in (task.number, task.text, task.group, task.role_rule) if text is not None)
    yield from (*task.open_list, *task.targets, *task.group_path, *task.leaders)
    yield from (text for _, text in task.schedule)
    yield from (limit.text for limit in task.deadlines)
    for unit in task.units:
        yield unit.surface
        if unit.role_word is not None:
            yield unit.role_word
