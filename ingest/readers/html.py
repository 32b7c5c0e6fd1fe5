"""A web page -> Document: paragraphs by block elements, tables with their spans, by the parsing rules of HTML5."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.errors import TooLargeError, WrongTypeError
from ingest.fields.folding import bare, fold
from ingest.fields.numerals import CIRCLED
from ingest.layouts.headings import is_marked
from ingest.limits import ReadLimits
from ingest.model.document import Block, Code, Document, Paragraph, Table
from ingest.readers.addresses import stated_address
from ingest.readers.encoding import decoded
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.spans import Loose, placed
from ingest.readers.text import blocks as text_blocks
from ingest.readers.writing import BlockWriter

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.I)
_SKIPPED = frozenset(
    (
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
        "select",
        "textarea",
        "button",
        "input",
        "#comment",
        "-comment",
    )
)
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "o:p",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "st1",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "-text",
    )
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_PLAIN_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*none", re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LONG_TAG = re.compile(r"<[^<>]{20000,}")
_ATTRIBUTES = 1_000
_DEEPEST = 2_000
_NEVER_CLOSED = (
    "p|li|td|th|tr|thead|tbody|tfoot|dt|dd|option|optgroup|rp|rt|colgroup|col|br|hr|img|input|meta|link|area|base|embed|source|track|wbr"
)
_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|table|div|p|span|meta)\b", re.I)


def read_html(name: str, data: bytes, sha256: str, limits: ReadLimits) -> Document:
    """The blocks of a page; layout tables are opened, data tables kept."""
    declared = _CHARSET.search(data[:4096])
    text, encoding, guessed = decoded(name, data, declared.group(1).decode("ascii") if declared else None)
    if not _MARKUP.search(text[:200_000]):
        raise WrongTypeError(name, "名称像网页，但没有标记", "it is named like a web page but has no markup")
    _guarded(name, text, limits)
    body = LexborHTMLParser(text).body
    page = _Page(name, limits)
    blocks = tuple(page.blocks(body, 0)) if body is not None else ()
    notes: tuple[tuple[Code, str], ...] = (("encoding-guessed", f"字符编码按 {encoding} 读取 / read as {encoding}"),) if guessed else ()
    return Document(name, "text/html", sha256, page.writer.text, blocks, encoding, notes, stated_address(text))


def _guarded(name: str, text: str, limits: ReadLimits) -> None:
    """Refuses a page whose tree would be too deep or too large, before it is built."""
    if text.count("<") > limits.elements:
        raise TooLargeError(name, f"标签超过可读的 {limits.elements:,} 个", f"it has more than the {limits.elements:,} tags that are read")
    if _depth(text, "table") > limits.nesting * 3:
        raise TooLargeError(name, f"表格嵌套超过 {limits.nesting} 层", f"its tables are nested deeper than {limits.nesting}")
    if _depth(text, rf"(?!(?:{_NEVER_CLOSED})\b)[a-z][a-z0-9:-]*") > _DEEPEST:
        raise TooLargeError(name, f"元素嵌套超过 {_DEEPEST:,} 层", f"its elements are nested deeper than {_DEEPEST:,}")
    for tag in _LONG_TAG.finditer(text):
        if len(tag.group().split()) > _ATTRIBUTES:
            raise TooLargeError(
                name, f"有一个标签的属性超过 {_ATTRIBUTES:,} 个", f"one of its tags has more than {_ATTRIBUTES:,} attributes"
            )


def _depth(text: str, tags: str) -> int:
    """How deep these elements are opened inside one another, counted over the tags alone."""
    depth = deepest = 0
    for match in re.finditer(rf"<(/?)(?:{tags})\b", text, re.I):
        depth = max(0, depth + (-1 if match.group(1) else 1))
        deepest = max(deepest, depth)
    return deepest


class _Page:
    """One page while its nodes are walked."""

    def __init__(self, name: str, limits: ReadLimits) -> None:
        self.writer = BlockWriter()
        self.name, self.limits, self.cells = name, limits, limits.cells
        self.number = ""
        self.counts: dict[int, int] = {}

    def blocks(self, root: LexborNode, depth: int) -> Iterator[Block]:
        """The blocks below a node, in document order."""
        if depth > self.limits.nesting:
            raise TooLargeError(
                self.name, f"表格嵌套超过 {self.limits.nesting} 层", f"its tables are nested deeper than {self.limits.nesting}"
            )
        line: list[str] = []
        for kind, node in _events(root):
            if kind == "text":
                line.append(node.text_content or "")
            elif kind == "item":
                yield from self._paragraph(line, 0)
                line = []
                self.number = self._item(node)
            elif kind == "pre":
                yield from self._paragraph(line, 0)
                line = []
                written = self.writer.write(node.text(deep=True))
                yield from text_blocks(written.value, written.start if written else 0)
            elif kind == "break":
                yield from self._paragraph(line, 0)
                line = []
            elif kind == "heading":
                yield from self._paragraph(line, int((node.tag or "h1")[1]))
                line = []
            elif kind == "table":
                yield from self._paragraph(line, 0)
                line = []
                yield from self._table(node, depth)
        yield from self._paragraph(line, 0)

    def _paragraph(self, parts: list[str], level: int) -> Iterator[Paragraph]:
        value = _SPACES.sub(" ", "".join(parts))
        if value.strip():
            value = value if is_marked(fold(value)) else self.number + value
            self.number = ""
        for text in self.writer.paragraphs([value]):
            if text and not PAGE_MARK.fullmatch(bare(text.value)):
                yield Paragraph(text, level)

    def _item(self, node: LexborNode) -> str:
        """The number that a browser prints before an item of an ordered list; one of a list inside a list a rung below."""
        parent = node.parent
        if parent is None or parent.tag != "ol" or _PLAIN_LIST.search(f"{parent.attributes.get('style')};{node.attributes.get('style')}"):
            return ""
        start = _whole(parent.attributes.get("start"), 1) - 1
        count = _whole(node.attributes.get("value"), self.counts.get(parent.mem_id, start) + 1)
        self.counts[parent.mem_id] = count
        depth, above = 0, parent.parent
        while above is not None and depth < 2:
            depth, above = depth + (above.tag == "ol"), above.parent
        return (f"{count}.", f"({count})", CIRCLED[count - 1] if 0 < count <= len(CIRCLED) else f"({count})")[depth]

    def _table(self, node: LexborNode, depth: int) -> Iterator[Block]:
        for caption in _children(node):
            if caption.tag == "caption":
                yield from self.blocks(caption, depth + 1)
        rows = [[cell for cell in _children(row) if cell.tag in ("td", "th")] for row in _rows(node)]
        if _is_layout(rows):
            for row in rows:
                for cell in row:
                    yield from self.blocks(cell, depth + 1)
            return
        self._measured(rows)
        yield Table(tuple(placed([[self._cell(cell, depth) for cell in row] for row in rows])))

    def _measured(self, rows: list[list[LexborNode]]) -> None:
        """Refuses a table with more columns, or more places under its spans, than are read."""
        for r, row in enumerate(rows):
            widths = [_width(cell) for cell in row]
            if sum(widths) > self.limits.columns:
                raise TooLargeError(
                    self.name,
                    f"有一张表超过 {self.limits.columns:,} 列",
                    f"one of its tables has more than {self.limits.columns:,} columns",
                )
            left = len(rows) - r
            self.cells -= sum(width * min(_height(cell) or left, left) for cell, width in zip(row, widths, strict=True))
        if self.cells < 0:
            raise TooLargeError(
                self.name,
                f"表格的单元格超过可读的 {self.limits.cells:,} 个",
                f"its tables have more than the {self.limits.cells:,} cells that are read",
            )

    def _cell(self, node: LexborNode, depth: int) -> Loose:
        paragraphs = []
        for block in self.blocks(node, depth + 1):
            if isinstance(block, Paragraph):
                paragraphs.append(block.text)
            else:
                paragraphs.extend(text for cell in block.cells for text in cell.paragraphs)
        return Loose(tuple(paragraphs), _height(node), _width(node))


def _events(root: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """Text, breaks, ends of headings and tables below a node, without going into the tables."""
    stack: list[tuple[LexborNode, bool]] = [(child, False) for child in reversed(list(_children(root, True)))]
    while stack:
        node, closing = stack.pop()
        tag = node.tag or ""
        if closing:
            yield ("heading" if re.fullmatch("h[1-6]", tag) else "break"), node
        elif tag == "-text":
            yield "text", node
        elif tag in _SKIPPED or _HIDDEN.search(node.attributes.get("style") or ""):
            continue
        elif tag == "br":
            yield "break", node
        elif tag == "table":
            yield "table", node
        else:
            if tag in ("pre", "listing", "xmp"):
                yield "pre", node
                continue
            if tag not in _INLINE:
                yield ("item" if tag == "li" else "break"), node
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(_children(node, True))))


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,4}", value.strip()) else default


def _children(node: LexborNode, text: bool = False) -> Iterator[LexborNode]:
    return node.iter(include_text=text)


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in _children(child) if row.tag == "tr")


def _is_layout(rows: list[list[LexborNode]]) -> bool:
    """Whether a table only arranges the page: it holds tables, or one column or one row of long text."""
    if any(cell.css_first("table") is not None for row in rows for cell in row):
        return True
    return all(len(row) <= 1 for row in rows)


def _height(cell: LexborNode) -> int:
    return _span(cell, "rowspan", 2_000)


def _width(cell: LexborNode) -> int:
    return max(1, _span(cell, "colspan", 1_000))


def _span(node: LexborNode, name: str, most: int) -> int:
    match = re.match(r"\s*(\d{1,6})", node.attributes.get(name) or "1")
    return min(int(match.group(1)), most) if match else 1
