"""A file's bytes, read: the document as blocks of text that know where they stand.

``Document.text`` is the whole text of the document in reading order: for a .txt file the decoded file itself, for the other
formats the text that the reader wrote down block after block. Every :class:`Text` is a clean string (layout breaks inside a
sentence removed) that keeps, for each of its characters, the offset of that character in ``Document.text``. All offsets are in
Unicode code points, from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Code = Literal[
    "cell-unread",
    "column-unknown",
    "column-unread",
    "date-missing",
    "deadline-unread",
    "document-number-missing",
    "elsewhere",
    "encoding-guessed",
    "format-unread",
    "formula-unread",
    "hidden",
    "issuer-missing",
    "number-double",
    "number-gap",
    "number-missing",
    "page-unread",
    "recognised",
    "recognised-unsure",
    "text-missing",
    "title-missing",
    "unit-unread",
    "units-missing",
    "units-unparted",
    "unread",
]
"""What a warning is about; docs/ingest.md explains each."""


@dataclass(frozen=True, slots=True)
class Text:
    """A clean string and, per character, its offset in the document's text.

    >>> Text.at_offset("责任单位", 10)[2:]
    Text(value='单位', at=range(12, 14))
    """

    value: str
    at: Sequence[int]

    @classmethod
    def at_offset(cls, value: str, offset: int) -> Text:
        """A text printed without a break, its first character at ``offset``."""
        return cls(value, range(offset, offset + len(value)))

    def __post_init__(self) -> None:
        if len(self.value) != len(self.at):
            raise ValueError(f"{len(self.value)} characters but {len(self.at)} offsets")

    def __getitem__(self, part: slice) -> Text:
        return Text(self.value[part], self.at[part])

    def __add__(self, other: Text) -> Text:
        return Text(self.value + other.value, (*self.at, *other.at))

    def __bool__(self) -> bool:
        return bool(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __str__(self) -> str:
        return self.value

    @property
    def start(self) -> int:
        """Offset in the document of the first character."""
        return self.at[0]

    @property
    def end(self) -> int:
        """Offset in the document just after the last character."""
        return self.at[-1] + 1

    def strip(self, characters: str | None = None) -> Text:
        """The text without blanks (or the given characters) at its ends."""
        left = len(self.value) - len(self.value.lstrip(characters))
        return self[left : max(left, len(self.value.rstrip(characters)))]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph or heading; ``level`` is 1 to 6 where the format marks a heading, else 0."""

    text: Text
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell at its top left place (row and column from 0), its paragraphs in order."""

    paragraphs: tuple[Text, ...]
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its cells with real spans; a spanned place holds no cell of its own."""

    cells: tuple[Cell, ...]
    page: int | None = None
    begins: bool = False
    """Whether the format says that a list of its own begins here: a further sheet of a workbook."""


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Place:
    """Where the characters from ``start`` to ``end`` were recognised: the page, from 1, the edges as shares of the page, how sure it was.

    >>> Place(0, 4, 3, 0.1, 0.25, 0.5, 0.27, 0.98).fragment
    'page=3&xywh=percent:10.00,25.00,40.00,2.00'
    """

    start: int
    end: int
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    sure: float

    @property
    def fragment(self) -> str:
        """The place as the fragment of an address: the page by RFC 8118, the rectangle by W3C Media Fragments 4.2.2."""
        shares = (self.x0, self.top, self.x1 - self.x0, self.bottom - self.top)
        return f"page={self.page}&xywh=percent:{','.join(f'{100 * share:.2f}' for share in shares)}"


def texts_of(blocks: Iterable[Block]) -> tuple[Text, ...]:
    """The texts of blocks that stand in a cell, those of tables in it cell by cell."""
    return tuple(
        text
        for block in blocks
        for text in ([block.text] if isinstance(block, Paragraph) else (inner for cell in block.cells for inner in cell.paragraphs))
    )


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, before anybody asks what it means."""

    name: str
    media_type: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    encoding: str | None = None
    notes: tuple[tuple[Code, str], ...] = field(default=())
    """What the reader had to guess or leave out: (code, sentence)."""
    source: str | None = None
    """The address that the file itself says it was taken from, or that the caller gave."""
    places: tuple[Place, ...] = ()
    """Where on the page characters stand that were recognised, line by line, in the order of the text."""
    recognition: str | None = None
    """What recognised them, with its version."""

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs outside tables, in order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def tables(self) -> Iterator[Table]:
        """The tables, in order."""
        return (block for block in self.blocks if isinstance(block, Table))
