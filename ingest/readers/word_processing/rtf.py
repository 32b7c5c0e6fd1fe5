"""An .rtf file -> Document: paragraphs with their printed numbers, tables with merged cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ingest.errors import TooLargeError
from ingest.fields.folding import bare
from ingest.limits import ReadLimits
from ingest.model.document import Block, Document, Paragraph
from ingest.readers.block_writer import BlockWriter
from ingest.readers.paragraphs import PAGE_MARK
from ingest.readers.table_sizes import TableSizes
from ingest.readers.word_processing.rtf_lists import RtfLists
from ingest.readers.word_processing.rtf_rows import RtfRows
from ingest.readers.word_processing.rtf_tokens import (
    Token,
    characters,
    characters_by_number,
    encoding_of_charset,
    encoding_of_page,
    single,
    tokens,
)
from ingest.readers.word_processing.utf16 import whole_characters

_PACE = 200_000  # tokens that give a file one second more
_DEEPEST = 2_000  # groups in groups
_SPOKEN = {
    b"line": "\n",
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"emspace": "\u2003",
    b"enspace": "\u2002",
    b"qmspace": "\u2005",
}
_SYMBOLS = {b"~": "\u00a0", b"_": "-"}
_SKIPPED = frozenset(
    b"colortbl info pict header headerl headerr headerf footer footerl footerr footerf footnote annotation xe tc txe rxe nonshppict "
    b"shprslt sp fldinst private filetbl revtbl template objdata bkmkstart bkmkend pn nonesttables atnid atnauthor".split()
)
"""Groups whose words are not printed in the text."""
_SINKS = {
    b"fonttbl": "fonts",
    b"stylesheet": "styles",
    b"listtable": "lists",
    b"listoverridetable": "overrides",
    b"listtext": "label",
    b"pntext": "label",
    b"upr": "twin",
    b"ud": "body",
    b"shpinst": "body",
    b"shptxt": "box",
    b"dptxbxtext": "box",
    b"do": "body",
}
"""Groups whose words go somewhere."""
_STARRED = frozenset(b"ud shpinst listtable listoverridetable do".split())
"""Those of them that a reader may pass over."""
_PRINTED = frozenset(("body", "box"))


@dataclass(slots=True)
class _State:
    """What holds inside a group until it ends."""

    sink: str = "body"
    font: int | None = None
    far: int | None = None
    is_far: bool = False
    hidden: bool = False
    deleted: bool = False
    behind: int = 1
    in_table: bool = False
    list: int = 0
    depth: int = 0
    style: int = 0

    @property
    def is_seen(self) -> bool:
        """Whether what stands here is printed."""
        return self.sink in _PRINTED and not self.hidden and not self.deleted


def read_rtf(name: str, data: bytes, sha256: str, limits: ReadLimits, more: Callable[[float], None]) -> Document:
    """The blocks of an RTF file; deleted and hidden text is left out. ``more`` is told what each part has earned in seconds.

    Raises :class:`~ingest.errors.TooLargeError` where it passes a limit.
    """
    words = data.count(b"\\") - data.count(b"\\'") - data.count(b"\\u")
    if words > limits.elements:
        raise TooLargeError(name, f"标记超过可读的 {limits.elements:,} 个", f"it has more than the {limits.elements:,} tags that are read")
    walk = _Walk(name, limits)
    for i, token in enumerate(tokens(data)):
        walk.token(token)
        if i % _PACE == _PACE - 1:
            more(1.0)
    blocks = tuple(walk.finished())
    return Document(name, "application/rtf", sha256, walk.writer.text, blocks)


class _Walk:
    """One RTF file while its tokens pass by."""

    def __init__(self, name: str, limits: ReadLimits) -> None:
        self.name = name
        self.writer = BlockWriter()
        self.lists = RtfLists()
        self.rows = RtfRows(TableSizes(name, limits))
        self.state = _State()
        self.page, self.default = "cp1252", 0
        self.fonts: dict[int, str | None] = {}
        self.symbols: set[int] = set()
        self._above: list[_State] = []
        self._levels: dict[int, int] = {}
        self._blocks: list[Block] = []
        self._bytes = bytearray()
        self._said: dict[str, list[str]] = {"body": [], "box": [], "label": [], "styles": []}
        self._boxed: list[str] = []
        self._starred, self._passed = False, 0
        self._left = limits.characters
        self._too_long = (
            f"它超过可读的 {limits.characters:,} 个字符",
            f"it has more than the {limits.characters:,} characters that are read",
        )

    def token(self, token: Token) -> None:
        """Takes one token in."""
        if token.kind == "word":
            self._word(token.value, token.number)
        elif token.kind == "group":
            self._passed = 0
            self._flush()
            self._group(token.value == b"{")
        elif token.kind == "symbol":
            self._symbol(token.value)
        elif token.kind == "units":
            self._units(token.value)
        else:
            self._take(bytes.fromhex(token.value.replace(b"\\'", b"").decode("ascii")) if token.kind == "hex" else token.value)

    def finished(self) -> list[Block]:
        """All blocks, when the last token has passed."""
        self._flush()
        self.state = _State(in_table=self.rows.is_open)
        self._paragraph(ends=False)
        self.rows.end_row()
        self._end_table()
        return self._blocks

    def _group(self, opens: bool) -> None:
        if opens:
            if len(self._above) >= _DEEPEST:
                raise TooLargeError(self.name, f"元素嵌套超过 {_DEEPEST:,} 层", f"its elements are nested deeper than {_DEEPEST:,}")
            self._above.append(replace(self.state))
        elif self._above:
            if self.state.sink == "styles":
                self._name_style()
            if self.state.sink == "box" != self._above[-1].sink:
                self._end_box()
            self.state = self._above.pop()
        self._starred = False

    def _symbol(self, value: bytes) -> None:
        if value == b"*":
            self._starred = True
        elif self._passed:
            self._passed -= 1
        elif value in b"\\{}":
            self._take(value)
        elif value in _SYMBOLS:
            self._flush()
            self._say(_SYMBOLS[value])
        elif value in (b"\r", b"\n"):
            self._word(b"par", None)
        elif value == b"\t":
            self._word(b"tab", None)

    def _units(self, value: bytes) -> None:
        if self._passed or self.state.behind != 1 or self._starred:
            for token in single(value):
                self.token(token)
        elif self.state.sink != "none":
            self._flush()
            self._say(characters_by_number(value))

    def _take(self, content: bytes) -> None:
        passed = min(self._passed, len(content))
        self._passed -= passed
        if self.state.sink != "none":
            self._bytes += content[passed:]

    def _word(self, word: bytes, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if self._passed and word != b"u":
            self._passed -= 1
            return
        if self.state.sink == "none":
            return
        self._flush()
        if word in _SPOKEN:
            self._say(_SPOKEN[word])
        elif word in _SINKS and (not starred or word in _STARRED):
            self._enter(word)
        elif starred or word in _SKIPPED:
            self.state.sink = "none"
        elif self.state.sink in ("lists", "overrides") and word not in (b"u", b"uc", b"f"):
            self.lists.word(self.state.sink, word, number)
        elif word in _WORDS:
            _WORDS[word](self, number)

    def _enter(self, word: bytes) -> None:
        """Turns to another destination; of two twins the one in Unicode is read."""
        if word != b"ud" or self.state.sink == "twin":
            self.state.sink = _SINKS[word]

    def _flush(self) -> None:
        """The bytes that were gathered, as characters of the font that holds."""
        if not self._bytes:
            return
        state, content = self.state, bytes(self._bytes)
        self._bytes.clear()
        font = self.default if state.font is None else state.font
        if state.sink != "label" or font not in self.symbols:
            far = None if state.far is None else self.fonts.get(state.far)
            self._say(characters(content, self.fonts.get(font), far, self.page))

    def _say(self, value: str) -> None:
        sink = self.state.sink
        if sink == "lists":
            self.lists.text(value)
        elif sink in self._said and (self.state.is_seen or sink not in _PRINTED) and not self.state.deleted:
            self._said[sink].append(value)
            self._left -= len(value)
            if self._left < 0:
                raise TooLargeError(self.name, *self._too_long)

    def _heard(self, sink: str) -> str:
        """What was said there since it was asked last; two halves of a character are made whole."""
        value = "".join(self._said[sink])
        self._said[sink].clear()
        return whole_characters(value)

    def _name_style(self) -> None:
        match = re.search(r"(?:^|[;,\s])(?:heading|标题)\s*([1-6])\s*(?:[;,]|$)", self._heard("styles"), re.I)
        if match:
            self._levels[self.state.style] = int(match.group(1))

    def unicode(self, number: int | None) -> None:
        """A character by its number, and that so many behind it stand for the same."""
        self._say(chr((number or 0) % 0x10000))
        self._passed = self.state.behind

    def _paragraph(self, in_cell: bool = False, ends: bool = True) -> None:
        """Ends the paragraph: into the cell that is open, or as a block; the boxes anchored in it follow it."""
        value, label = self._heard("body"), self._heard("label").strip()
        if value.strip() or ends:
            label = label or self.lists.label(self.state.list, self.state.depth)
            value = (label if any(c.isalnum() for c in label) else "") + value.strip()
        inside = in_cell or self.state.in_table or self.rows.is_open
        if not inside:
            self._end_table()
        boxed, self._boxed = self._boxed, []
        for text in self.writer.paragraphs([*value.split("\n"), *boxed]):
            if inside:
                self.rows.add(text)
            elif not PAGE_MARK.fullmatch(bare(text.value)):
                self._blocks.append(Paragraph(text, self._levels.get(self.state.style, 0)))

    def _end_box(self) -> None:
        value = self._heard("label").strip() + self._heard("box")
        self._boxed.extend(value.split("\n"))

    def end_paragraph(self, _: int | None) -> None:
        """A paragraph ends, unless its end is hidden or deleted: then it goes on."""
        if self.state.is_seen:
            self._end_box() if self.state.sink == "box" else self._paragraph()

    def end_cell(self, _: int | None) -> None:
        """A cell ends."""
        if self.state.sink == "body":
            self._paragraph(in_cell=True)
            self.rows.end_cell()
        else:
            self.end_paragraph(_)

    def end_inner_cell(self, _: int | None) -> None:
        """A cell of a table inside a cell ends, whose text belongs to the outer cell."""
        if self.state.sink == "body":
            self._paragraph(in_cell=True)

    def end_row(self, _: int | None) -> None:
        """A row ends."""
        if self.state.sink == "body":
            self.rows.end_row(hidden=not self.state.is_seen)

    def _end_table(self) -> None:
        table = self.rows.table()
        if table is not None and len(table.cells) == 1:
            self._blocks.extend(Paragraph(text) for text in table.cells[0].paragraphs)
        elif table is not None:
            self._blocks.append(table)

    def plain(self, _: int | None) -> None:
        """Characters are as if nothing had been said of them."""
        self.state.font = self.state.far = None
        self.state.hidden = self.state.deleted = False

    def begin_paragraph(self, _: int | None) -> None:
        """Paragraphs are as if nothing had been said of them."""
        state = self.state
        state.in_table, state.list, state.depth, state.style = False, 0, 0, 0

    def associated(self, number: int | None) -> None:
        """The font of Chinese characters, where it is these that are spoken of."""
        if self.state.is_far:
            self.state.far = number

    def charset(self, number: int | None) -> None:
        """The charset of a font."""
        if self.state.sink == "fonts" and self.state.font is not None:
            self.fonts[self.state.font] = encoding_of_charset(number or 0)
            if number == 2:
                self.symbols.add(self.state.font)

    def page_of_font(self, number: int | None) -> None:
        """The code page of a font."""
        if self.state.sink == "fonts" and self.state.font is not None and number:
            self.fonts[self.state.font] = encoding_of_page(number)

    def page_of_file(self, number: int | None) -> None:
        """The code page of the file."""
        self.page = encoding_of_page(number or 1252)

    def default_font(self, number: int | None) -> None:
        """The font of all that names none."""
        self.default = number or 0


_Heard = Callable[[_Walk, "int | None"], None]


def _holds(field: str, value: int | bool) -> _Heard:
    """Sets a property of the group, to the number that the word bears or else to ``value``."""

    def heard(walk: _Walk, number: int | None) -> None:
        said = value if number is None else number
        setattr(walk.state, field, bool(said) if isinstance(value, bool) else said)

    return heard


def _joins(above: bool) -> _Heard:
    return lambda walk, number: walk.rows.joins(above)


_WORDS: Mapping[bytes, _Heard] = {
    b"u": _Walk.unicode,
    b"uc": _holds("behind", 1),
    b"par": _Walk.end_paragraph,
    b"sect": _Walk.end_paragraph,
    b"pard": _Walk.begin_paragraph,
    b"plain": _Walk.plain,
    b"v": _holds("hidden", True),
    b"deleted": _holds("deleted", True),
    b"f": _holds("font", 0),
    b"af": _Walk.associated,
    b"dbch": _holds("is_far", True),
    b"loch": _holds("is_far", False),
    b"hich": _holds("is_far", False),
    b"fcharset": _Walk.charset,
    b"cpg": _Walk.page_of_font,
    b"ansicpg": _Walk.page_of_file,
    b"mac": lambda walk, number: walk.page_of_file(10000),
    b"deff": _Walk.default_font,
    b"s": _holds("style", 0),
    b"ls": _holds("list", 0),
    b"ilvl": _holds("depth", 0),
    b"intbl": _holds("in_table", True),
    b"itap": _holds("in_table", True),
    b"trowd": lambda walk, number: walk.rows.define(),
    b"trleft": lambda walk, number: walk.rows.begins_at(number or 0),
    b"clmrg": _joins(False),
    b"clvmrg": _joins(True),
    b"cellx": lambda walk, number: walk.rows.edge(number or 0),
    b"cell": _Walk.end_cell,
    b"nestcell": _Walk.end_inner_cell,
    b"row": _Walk.end_row,
}
