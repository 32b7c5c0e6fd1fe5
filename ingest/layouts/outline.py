"""Paragraphs -> a tree of numbered items, each with its sentence, what follows it and its duties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from ingest.fields.dates import DATE
from ingest.fields.folding import bare, fold, healed, stacked, unglossed
from ingest.fields.responsible_units import is_unit
from ingest.layouts.acting import acting, named_in
from ingest.layouts.brackets import Cut, DutyLine, cut, labelled
from ingest.layouts.headings import mark
from ingest.layouts.runon import parted
from ingest.model.document import Paragraph, Text
from ingest.model.drafts import Duty

_CLOSING = re.compile(
    r"(?:抄送|抄报|主送|附件\d*[:：]|附[:：]|联系人|联系电话|\(联系|\(此件|信息公开选项|责任编辑|分享到|打印|关闭窗口|上一篇|下一篇|版权所有).*|.*(?:网站标识码|ICP备|公网安备|技术支持).*|.{4,40}\d日印发|\(?完\)?"
)
_MOST_LINES = 6
_WIDEST_LINE = 200
# A short first sentence with more after it: 保护水源，防止湿地退化。建立补水机制。
_HEADING = re.compile(r"\s*[^。;!:()0-9]{4,30}。(?=.)")


@dataclass
class Node:
    """One item of the outline; ``rung`` is the kind of its number, '' for the root and for items without one."""

    rung: str = ""
    no: str = ""
    number: Text | None = None
    title: Text = field(default_factory=lambda: Text("", ()))
    body: list[Text] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    lines: list[DutyLine] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    index: int = 0
    last: int = 0
    closed: bool = False
    parted: bool = False
    """Whether its sentences after the first were made an item of their own."""

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def owns(self) -> bool:
        """Whether duties are printed with this very item."""
        return bool(self.duties) or any(line.kind == "duty" for line in self.lines)

    @property
    def holds(self) -> bool:
        """Whether duties are printed with it or anywhere below."""
        return any(node.owns for node in self.walk())

    def path(self) -> list[Node]:
        """The items above, from the top, without the root."""
        return [*self.parent.path(), self.parent] if self.parent is not None and self.parent.parent is not None else []


def mended(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs, one that breaks off inside a bracket joined with the lines up to the bracket's end, one that holds many parted."""
    paragraphs = list(parted([replace(paragraph, text=unglossed(paragraph.text)) for paragraph in paragraphs]))
    whole: list[Paragraph] = []
    i = 0
    while i < len(paragraphs):
        lines = 1 + _lines_to_close([fold(p.text.value) for p in paragraphs[i : i + _MOST_LINES]])
        text = healed(p.text.strip() for p in paragraphs[i : i + lines])
        whole.append(paragraphs[i] if lines == 1 else replace(paragraphs[i], text=text))
        i += lines
    return whole


def _lines_to_close(lines: Sequence[str]) -> int:
    """How many lines after the first close a bracket that it leaves open; 0 where none does.

    >>> _lines_to_close(["恢复植被。(", "负责部门:市林业局)"]), _lines_to_close(["恢复植被。(", "1.清淤。(市水利局)"])
    (1, 0)
    """
    depth = _open(lines[0], 0)
    if depth != 1:
        return 0
    for n, line in enumerate(lines[1:], 1):
        if mark(line) is not None or len(line) > _WIDEST_LINE:
            return 0
        depth = _open(line, depth)
        if depth == 0:
            return n
    return 0


def _open(line: str, depth: int) -> int:
    for character in line:
        depth = depth + 1 if character in "([" else max(0, depth - 1) if character in ")]" else depth
    return depth


def outline(paragraphs: Sequence[Paragraph], offset: int = 0, subjects: bool = False) -> Node:
    """The tree of the paragraphs; a kind of number seen for the first time is one rung deeper than the item above it.

    ``subjects`` also reads the body that a paragraph begins with as its unit: 1.县公安局负责道路交通。 县教育局：组织家访。
    """
    root = Node()
    current = root
    bare_lists = _bare_lists(paragraphs, offset)
    signed = _signatures(paragraphs, offset)
    headless = _labelled_items(paragraphs, offset)
    acts = acting(paragraphs, offset) if subjects else {}
    for i, paragraph in enumerate(paragraphs, start=offset):
        folded = fold(paragraph.text.value)
        line = labelled(paragraph.text)
        found = mark(folded)
        if _CLOSING.fullmatch(bare(folded)) or DATE.fullmatch(folded.strip()):
            current.closed = True
        elif i in signed and current is not root:
            current.closed = True
            current = _prose(current, root, paragraph.text, i)
        elif line is not None and current is not root and found is None:
            if not (line.kind == "duty" and current.duties):
                _add_line(current, line)
                current.last = i
        elif i in bare_lists and current is not root:
            _add_line(current, DutyLine("duty", paragraph.text.strip(" 　。；;"), Text("", ())))
            current.last = i
        elif found is None and _goes_on(current, folded):
            current.lines[-1] = replace(current.lines[-1], text=stacked((current.lines[-1].text, paragraph.text.strip())))
            current.last = i
        elif found is not None:
            current = _under(current, root, found.rung)
            current.no, current.index, current.last = found.no, i, i
            current.number = paragraph.text[found.start : found.end][: len(found.no)]
            _fill(current, acts.get(i) or cut(paragraph.text[found.end : len(paragraph.text)]), title=True)
        elif i in acts:
            beside = current.owns and i > offset and paragraphs[i - offset - 1].text.end == paragraph.text.start
            current = _beside(current, root, i, below=bool(current.rung) and not beside)
            _fill(current, acts[i], title=True)
        elif i in headless and (current is root or current.closed):
            current = _beside(current, root, i)
            _fill(current, cut(paragraph.text), title=True)
        elif paragraph.level:
            current = _under(current, root, f"h{paragraph.level}")
            current.index = current.last = i
            _fill(current, cut(paragraph.text), title=True)
        else:
            current = _prose(current, root, paragraph.text, i)
    _part_alike(root)
    _share(root, subjects)
    return root


def _share(root: Node, subjects: bool) -> None:
    """Gives each item below a heading that says whose work it is that body as its unit: 一、县茶业局牵头工作（8项）. With ``subjects``
    a heading may be that body and nothing else, and what stands under it without a number its task."""
    for node in list(root.walk()):
        plain = not node.owns and (node.children or node.body)
        name = named_in(node.title, subjects) if plain and (subjects or not node.body) else None
        if name is None:
            continue
        for child in node.children:
            child.duties.insert(0, Duty("responsible", name))
        if not node.children:
            node.title, node.body = node.body[0], node.body[1:]
            node.duties.append(Duty("responsible", name))


def _part_alike(root: Node) -> None:
    """Parts the items beside one whose heading sentence was made a heading, where they begin with such a sentence too."""
    for node in root.walk():
        if any(child.parted for child in node.children):
            for child in node.children:
                if not child.parted and not child.children and child.owns and _heading_end(child):
                    _part(child)


def _heading_end(node: Node) -> int:
    """Where the first sentence of an item ends, if it is short and more follows it: a heading, and what stands under it."""
    match = _HEADING.match(fold(node.title.value))
    return match.end() if match is not None else 0


def _part(node: Node) -> None:
    """Makes of the sentences after the heading the first item under it, the duties with them."""
    end = _heading_end(node)
    first = Node(
        parent=node,
        title=node.title[end : len(node.title)].strip(),
        body=node.body,
        duties=node.duties,
        lines=node.lines,
        index=node.index,
        last=node.index,
        closed=True,
    )
    node.title, node.body, node.duties, node.lines, node.parted = node.title[:end].strip(), [], [], [], True
    node.children.insert(0, first)


def _goes_on(node: Node, folded: str) -> bool:
    """Whether a paragraph continues the labelled line above it, which ends in the middle of a list."""
    if node.lines and node.lines[-1].kind == "duty" and _only_units(folded):
        return True
    above = fold(node.lines[-1].text.value).rstrip()[-1:] if node.lines else ""
    return above in ("、", ",") and 0 < len(folded.strip()) <= 80 and "。" not in folded.rstrip(" 。")


def _bare_lists(paragraphs: Sequence[Paragraph], offset: int) -> frozenset[int]:
    """The lines below numbered items that are names of units and nothing else, where a document prints its units so."""
    lines = [fold(paragraph.text.value) for paragraph in paragraphs]
    at = [i for i in range(1, len(lines)) if mark(lines[i - 1]) is not None and mark(lines[i]) is None and _only_units(lines[i])]
    several = sum(1 for i in at if re.search("[、,]", lines[i]))
    return frozenset(i + offset for i in at) if len(at) > 1 and several * 2 > len(at) else frozenset()


def _signatures(paragraphs: Sequence[Paragraph], offset: int) -> frozenset[int]:
    """The lines of names of units that a date follows: who signs is not the rest of a list above."""
    signed: set[int] = set()
    lines = [fold(paragraph.text.value).strip() for paragraph in paragraphs]
    for i, line in enumerate(lines):
        if DATE.fullmatch(line):
            at = i - 1
            while at >= 0 and lines[at] and _only_units(lines[at]):
                signed.add(at + offset)
                at -= 1
    return frozenset(signed)


def _labelled_items(paragraphs: Sequence[Paragraph], offset: int) -> frozenset[int]:
    """The lines without a number that labelled lines of duties stand below, where a document prints its tasks so."""
    kinds = [line.kind if (line := labelled(paragraph.text)) is not None else "" for paragraph in paragraphs]
    at: list[int] = []
    for i in range(len(paragraphs) - 1):
        below = list(takewhile(bool, kinds[i + 1 : i + 6]))
        if not kinds[i] and "duty" in below and mark(fold(paragraphs[i].text.value)) is None and not paragraphs[i].level:
            at.append(i + offset)
    return frozenset(at) if len(at) > 1 else frozenset()


def _beside(current: Node, root: Node, i: int, below: bool = False) -> Node:
    """A new item without a number, beside the one above it or ``below`` it."""
    parent = current.parent if current is not root and current.parent is not None and not below else current
    node = Node(parent=parent, index=i, last=i)
    parent.children.append(node)
    return node


def _only_units(folded: str) -> bool:
    """Whether a line is names of units and nothing else: the rest of the list above it."""
    parts = [part.strip() for part in re.split(r"[、,;\s]", folded.strip(" 。")) if part.strip()]
    return bool(parts) and all(is_unit(part) for part in parts)


def _add_line(node: Node, line: DutyLine) -> None:
    node.lines.append(line)
    node.closed = True


def _under(current: Node, root: Node, rung: str) -> Node:
    """A new node for a number of this kind: beside the nearest open item of its kind, else below the current one."""
    above: Node | None = current
    while above is not None and above.rung != rung:
        above = above.parent
    if above is not None and above.parent is not None:
        parent = above.parent
    elif rung == "一、" and (top := next((n for n in (*current.path(), current) if n.rung == "(一)"), None)) is not None:
        parent = top.parent or root  # a part of a document that begins at （十九）: 三、 stands above it
    else:
        parent = current
        if rung.startswith("h"):
            while parent.parent is not None and not (parent.rung.startswith("h") and parent.rung < rung):
                parent = parent.parent
        elif not current.rung and current is not root and current.parent is not None:
            parent = current.parent
    node = Node(rung=rung, parent=parent)
    parent.children.append(node)
    return node


def _fill(node: Node, found: Cut, title: bool) -> None:
    if title:
        node.title = found.sentence
    elif found.sentence:
        node.body.append(found.sentence)
    node.duties.extend(found.duties)
    node.closed = node.closed or bool(found.duties)


def _prose(current: Node, root: Node, text: Text, i: int) -> Node:
    """A paragraph without number: it belongs to the item above, or is an item itself where that one is complete."""
    found = cut(text)
    if not found.duties:
        if current is not root and not current.closed:
            _fill(current, found, title=False)
            current.last = i
        return current
    if not found.sentence and current is not root:
        _fill(current, found, title=False)
        current.last = i
        return current
    if current is root or current.closed:
        parent = current if current is root else current.parent or root
        if current.rung and current.owns and current.body:
            parent = current
            current.children.insert(0, _moved(current))
        elif current.rung and current.owns and not current.children and _heading_end(current):
            parent = current
            _part(current)
        node = Node(parent=parent, index=i, last=i)
        _fill(node, found, title=True)
        parent.children.append(node)
        return node
    _fill(current, found, title=False)
    current.last = i
    return current


def _moved(node: Node) -> Node:
    """The first paragraph below a heading as an item of its own, its duties with it."""
    first = Node(parent=node, title=node.body[0], body=node.body[1:], duties=node.duties, index=node.index, last=node.last, closed=True)
    node.body, node.duties = [], []
    return first
