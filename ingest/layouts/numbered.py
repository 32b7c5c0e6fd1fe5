"""Numbered paragraphs with brackets, labelled lines or sentences of duties -> drafts, one a task."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.fields.dates import DATE
from ingest.fields.folding import bare, fold, squeeze, stacked
from ingest.layouts.acting import acting, apart
from ingest.layouts.items import listed
from ingest.layouts.outline import Node, outline
from ingest.layouts.tables import named
from ingest.model.document import Paragraph, Text
from ingest.model.drafts import Draft, Duty

_SENTENCE = re.compile(r"[。;!]")


def numbered_drafts(paragraphs: Sequence[Paragraph]) -> tuple[list[Draft], list[Text], list[Text]]:
    """The tasks among the paragraphs, and the paragraphs before and after them."""
    start = _start(paragraphs)
    root = outline(paragraphs[start:], start)
    if not root.holds or sum(node.owns for node in root.walk()) < len(acting(paragraphs[start:])):
        paragraphs = [*paragraphs[:start], *apart(paragraphs[start:])]
        root = outline(paragraphs[start:], start, subjects=True)
    if not root.holds:
        return [], [], []
    level = _task_rung(root)
    drafts: list[Draft] = []
    first, last = len(paragraphs), 0
    _untitled(root)
    for list_no, node, items, closing in _tasks(root, level):
        drafts.append(_draft(node, items, closing, list_no))
        first = min(first, *(above.index for above in (node, *node.path())))
        last = max(last, *(below.last for below in node.walk()))
    return drafts, [p.text for p in paragraphs[:first]], [p.text for p in paragraphs[last + 1 :]]


def _untitled(root: Node) -> None:
    """Takes the document's title, a heading above all the tasks, out of the headings."""
    while True:
        holders = [child for child in root.children if child.holds]
        top = holders[0] if len(holders) == 1 else None
        if (
            top is None
            or not top.rung.startswith("h")
            or top.owns
            or not top.children
            or not all(c.rung.startswith("h") or c.no for c in top.children)
        ):
            return
        for child in top.children:
            child.parent = root
        root.children = top.children


def _start(paragraphs: Sequence[Paragraph]) -> int:
    """Where the covering notice ends: after its date, or where the annex begins."""
    for i, paragraph in enumerate(paragraphs):
        folded = fold(paragraph.text.value)
        date = DATE.search(bare(folded))
        if (
            date is not None
            and date.end() == len(bare(folded))
            and len(bare(folded)) < 50
            and i + 3 < len(paragraphs)
            and "《" not in folded
        ):
            below = paragraphs[i + 1 :]
            if outline(below).holds and i > 2:
                return i + 1
        if re.fullmatch(r"附件\d*[:：]?", bare(folded)) and outline(paragraphs[i + 1 :]).holds:
            return i + 1
    return 0


def _task_rung(root: Node) -> str:
    """The kind of number that most items with duties have."""
    counted = Counter(node.rung for node in root.walk() if node.owns and not any(child.holds for child in node.children))
    return counted.most_common(1)[0][0]


def _tasks(root: Node, level: str) -> Iterator[tuple[int, Node, list[Node], list[Node]]]:
    """Each task: its list, its node, the nodes of its items, the nodes whose duties are its own."""
    list_no = 1
    previous = 0
    for node, items, closing in _below(root, level):
        top = (node.path() or [node])[0]
        position = _position(top)
        if top.rung == "一、" and position == 1 and previous > 1:
            list_no += 1
        previous = position
        yield list_no, node, items, closing


def _position(node: Node) -> int:
    from ingest.fields.numerals import ordinal

    return ordinal(node.no) or 0


def _below(node: Node, level: str) -> Iterator[tuple[Node, list[Node], list[Node]]]:
    owners = [child for child in node.children if child.holds]
    for child in node.children:
        below = [c for c in child.children if c.holds]
        if not below:
            if (child.owns and not _HOSTS.fullmatch(fold(child.title.value).strip())) or (
                child.rung == level and any(one.rung == level for one in owners) and not _is_prose(child)
            ):
                yield child, child.children, [child]
        elif _closes(child, below, level):
            yield child, child.children, [child, below[0]]
        else:
            if child.owns:
                yield child, [], [child]  # it has duties of its own besides the items below it
            yield from _below(child, level)


def _closes(node: Node, below: list[Node], level: str) -> bool:
    """Whether one bracket after the last item speaks for the whole block."""
    if _is_prose(node) or below != [node.children[-1]] or not below[0].owns or below[0].children:
        return False
    if below[0].rung == level != node.rung:
        return _is_below(below[0]) and _speak_for_blocks((node.path() or [node])[0].parent or node, level)
    return len(node.children) > 1


def _speak_for_blocks(root: Node, level: str) -> bool:
    """Whether no item of this rung has duties but the last of its block, and those of blocks of several stand on lines of their own."""
    blocks = [items for node in root.walk() if len(items := [child for child in node.children if child.rung == level]) > 1]
    held = [items for items in blocks if any(item.owns for item in items)]
    return bool(held) and all(not any(item.owns for item in items[:-1]) and _is_below(items[-1]) for items in held)


def _is_below(item: Node) -> bool:
    """Whether an item's duties stand on a line of their own below it."""
    return item.last > item.index and not item.children


# A heading that only introduces who holds an event: 主办、承办单位.
_HOSTS = re.compile(r"(?:主办|承办|协办|支持|指导|组织)(?:[、和及](?:主办|承办|协办|支持|指导|组织))*(?:单位|部门|机构|方)[:。]?")


def _is_prose(node: Node) -> bool:
    return bool(_HOSTS.fullmatch(fold(node.title.value).strip())) or bool(
        re.search("总体要求|指导思想|基本原则|工作要求|组织领导|组织实施|保障措施|有关要求|主要目标", node.title.value[:20])
    )


def _draft(node: Node, items: list[Node], closing: list[Node], list_no: int) -> Draft:
    lines = [line for owner in closing for line in owner.lines]
    contents = [line.text for line in lines if line.kind == "text"]
    text = squeeze(stacked([node.title, *node.body, *contents]))
    targets = [squeeze(stacked([item.title, *item.body, *(sub.title for sub in item.walk() if sub is not item)])) for item in items]
    targets.extend(target for line in lines if line.kind == "targets" for target in listed(line.text))
    duties = [duty for owner in closing for duty in owner.duties]
    duties.extend(Duty("responsible", line.text) for line in lines if line.kind == "duty")
    return Draft(
        number=node.number,
        no=node.no,
        text=text,
        groups=tuple(name for above in node.path() if (name := _name(above))),
        targets=tuple(target for target in targets if target),
        duties=tuple(duties),
        deadline=next((line.text for line in lines if line.kind == "deadline"), None),
        leaders=tuple(line.text for line in lines if line.kind == "leader"),
        headings={},
        list_no=list_no,
    )


def _name(node: Node) -> Text | None:
    """The name of a heading: its first sentence without its number."""
    title = squeeze(node.title)
    stop = _SENTENCE.search(fold(title.value))
    name = named(title[: stop.start()] if stop is not None else title)
    return name if name else None
