"""A web page -> Document: paragraphs by block elements, tables with their spans, by the parsing rules of HTML5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.errors import TooLargeError, UnreadableError, WrongTypeError
from ingest.fields.folding import bare, fold
from ingest.layouts.headings import is_marked
from ingest.limits import ReadLimits
from ingest.model.document import Block, Code, Document, Paragraph, Table
from ingest.readers.block_writer import BlockWriter
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.plain_text.encoding import decoded
from ingest.readers.plain_text.txt import blocks as text_blocks
from ingest.readers.web.cell_spans import Loose, placed
from ingest.readers.web.linked_files import HIDDEN, elsewhere, framed
from ingest.readers.web.list_numbers import ListNumbers
from ingest.readers.web.page_address import stated_address

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.I)
_SKIPPED = frozenset(
    (
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "iframe",
        "noframes",
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
        "samp",
        "small",
        "span",
        "st1",
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
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_DELETED = ("del", "s", "strike")
_SECTIONS = ("thead", "tbody", "tfoot")
_SHOWN, _LONGEST = 6, 40  # texts that a note quotes, and the characters of each
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
    parser = LexborHTMLParser(text)
    body, source = parser.body, stated_address(text)
    page = _Page(name, limits)
    blocks = tuple(page.blocks(body, 0)) if body is not None else ()
    if not blocks and (frames := framed(parser, source)):
        raise UnreadableError(name, f"它的内容在别的文件里：{frames}", f"its content is in other files: {frames}")
    notes: tuple[tuple[Code, str], ...] = (("encoding-guessed", f"字符编码按 {encoding} 读取 / read as {encoding}"),) if guessed else ()
    notes = (*notes, *page.notes(), *elsewhere(parser, source))
    return Document(name, "text/html", sha256, page.writer.text, blocks, encoding, notes, source)


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
        self.numbers = ListNumbers()
        self.struck: list[str] = []
        self.hidden: list[str] = []

    def blocks(self, root: LexborNode, depth: int) -> Iterator[Block]:
        """The blocks below a node, in document order."""
        if depth > self.limits.nesting:
            raise TooLargeError(
                self.name, f"表格嵌套超过 {self.limits.nesting} 层", f"its tables are nested deeper than {self.limits.nesting}"
            )
        line: list[str] = []
        for kind, node in _events(root, self.struck):
            if kind == "text":
                line.append(node.text_content or "")
            elif kind == "item":
                yield from self._paragraph(line, 0)
                line = []
                self.number = self.numbers.label(node)
            elif kind == "pre":
                yield from self._paragraph(line, 0)
                line = []
                written = self.writer.write("".join(_preformatted(node, self.struck)))
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

    def _table(self, node: LexborNode, depth: int) -> Iterator[Block]:
        for caption in _children(node):
            if caption.tag == "caption":
                yield from self.blocks(caption, depth + 1)
        rows = [self._shown(row) for row in _rows(node) if not self._is_hidden(row)]
        if _is_layout(rows):
            for row in rows:
                for cell in row:
                    yield from self.blocks(cell, depth + 1)
            return
        self._measured(rows)
        yield Table(tuple(placed([[self._cell(cell, depth) for cell in row] for row in rows])))

    def _shown(self, row: LexborNode) -> list[LexborNode]:
        """The cells of a row that a browser shows; the others take no place in it."""
        cells = (cell for cell in _children(row) if cell.tag in ("td", "th"))
        return [cell for cell in cells if _has_place(cell) or not self._is_hidden(cell)]

    def _is_hidden(self, node: LexborNode) -> bool:
        """Whether a row or a cell is not shown; what it says is kept for the note on it."""
        if not _is_gone(node) and not (node.parent is not None and node.parent.tag in _SECTIONS and _is_gone(node.parent)):
            return False
        self.hidden.append(" ".join(node.text(deep=True).split()))
        return True

    def notes(self) -> Iterator[tuple[Code, str]]:
        """What was left out because nobody is shown it."""
        hidden, struck = ([text for text in texts if text] for texts in (self.hidden, self.struck))
        if hidden:
            said = _quoted(hidden)
            yield "hidden", f"表格中隐藏的行或单元格未读取：{said} / hidden rows or cells of tables were not read: {said}"
        if struck:
            said = _quoted(struck)
            yield "hidden", f"划去的文字未读取：{said} / text that is struck out was not read: {said}"

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
        if _has_place(node) and self._is_hidden(node):
            return Loose((), _height(node), _width(node))
        if _keeps_lines(node):
            lines = "".join(_preformatted(node, self.struck)).split("\n")
            return Loose(tuple(self.writer.paragraphs(lines)), _height(node), _width(node))
        for block in self.blocks(node, depth + 1):
            if isinstance(block, Paragraph):
                paragraphs.append(block.text)
            else:
                paragraphs.extend(text for cell in block.cells for text in cell.paragraphs)
        return Loose(tuple(paragraphs), _height(node), _width(node))


def _events(root: LexborNode, struck: list[str]) -> Iterator[tuple[str, LexborNode]]:
    """Text, breaks, ends of headings and tables below a node, without going into the tables; what is struck out goes to ``struck``."""
    stack: list[tuple[LexborNode, bool]] = [(child, False) for child in reversed(list(_children(root, True)))]
    while stack:
        node, closing = stack.pop()
        tag = node.tag or ""
        if closing:
            yield ("heading" if re.fullmatch("h[1-6]", tag) else "break"), node
        elif tag == "-text":
            yield "text", node
        elif tag in _SKIPPED or _is_gone(node):
            continue
        elif _is_struck(node):
            struck.append(" ".join(node.text(deep=True).split()))
        elif tag == "br":
            yield "break", node
        elif tag == "table":
            yield "table", node
        elif tag in ("pre", "listing", "xmp") or _keeps_lines(node):
            yield "pre", node
        else:
            if tag not in _INLINE:
                yield ("item" if tag == "li" else "break"), node
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(_children(node, True))))


def _preformatted(root: LexborNode, struck: list[str]) -> Iterator[str]:
    """The characters of an element whose lines are kept, without what is hidden or struck out."""
    stack = list(reversed(list(_children(root, True))))
    while stack:
        node = stack.pop()
        if node.tag == "-text":
            yield node.text_content or ""
        elif node.tag in _SKIPPED or _is_gone(node):
            continue
        elif _is_struck(node):
            struck.append(" ".join(node.text(deep=True).split()))
        elif node.tag == "br":
            yield "\n"
        else:
            stack.extend(reversed(list(_children(node, True))))


def _is_gone(node: LexborNode) -> bool:
    """Whether an element says that it is not shown."""
    return "hidden" in node.attributes or HIDDEN.search(node.attributes.get("style") or "") is not None


def _has_place(cell: LexborNode) -> bool:
    """Whether a cell that is not shown still takes its place in the row."""
    return "hidden" not in cell.attributes and re.search(r"visibility\s*:\s*hidden", cell.attributes.get("style") or "", re.I) is not None


def _is_struck(node: LexborNode) -> bool:
    return node.tag in _DELETED or _STRUCK.search(node.attributes.get("style") or "") is not None


def _keeps_lines(node: LexborNode) -> bool:
    """Whether the lines of an element's source are lines of print: a block by its style, with text and inline elements alone in it."""
    styled = node.tag not in _INLINE and _KEEPS_LINES.search(node.attributes.get("style") or "") is not None
    return styled and all(child.tag in _INLINE or child.tag == "br" or child.tag in _DELETED for child in _children(node))


def _quoted(texts: Sequence[str]) -> str:
    rest = len(texts) - _SHOWN
    return "、".join(f"“{text[:_LONGEST]}”" for text in texts[:_SHOWN]) + (f" … (+{rest:,})" if rest > 0 else "")


def _children(node: LexborNode, text: bool = False) -> Iterator[LexborNode]:
    return node.iter(include_text=text)


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in _SECTIONS:
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
