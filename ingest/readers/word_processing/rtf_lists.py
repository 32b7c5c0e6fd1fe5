"""The list tables of an RTF file -> the number before a paragraph, for files that do not write it out."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.readers.list_counters import ListCounters, ListLevel
from ingest.readers.word_processing.number_kinds import kind_of, pattern_of


@dataclass(slots=True)
class _Level:
    """One level as far as its words were read; its text begins with its own length."""

    kind: int = 0
    start: int = 1
    text: list[str] = field(default_factory=list)


class RtfLists:
    """The lists of a file while their tables pass by, then where they have got to."""

    def __init__(self) -> None:
        self._counters = ListCounters()
        self._open: list[_Level] = []
        self._lists: dict[int, dict[int, ListLevel]] = {}
        self._named: dict[int, int] = {}
        self._starts: dict[tuple[int, int], int] = {}
        self._pending: dict[int, int] = {}
        self._number = 0
        self._collects = False

    def word(self, table: str, word: bytes, number: int | None) -> None:
        """Takes in a control word of the list table or the table of overrides."""
        self._collects = False
        if table == "overrides":
            self._override(word, number or 0)
        elif word == b"list":
            self._open = []
        elif word == b"listlevel":
            self._open.append(_Level())
        elif word == b"listid":
            self._lists[number or 0] = {i: _finished(level) for i, level in enumerate(self._open)}
        elif self._open:
            self._of_level(word, number or 0)

    def _of_level(self, word: bytes, number: int) -> None:
        if word in (b"levelnfc", b"levelnfcn"):
            self._open[-1].kind = number
        elif word == b"levelstartat":
            self._open[-1].start = number
        self._collects = word == b"leveltext"

    def _override(self, word: bytes, number: int) -> None:
        if word == b"listoverride":
            self._pending = {}
        elif word == b"listid":
            self._number = number
        elif word == b"lfolevel":
            self._pending[len(self._pending)] = -1
        elif word == b"levelstartat" and self._pending:
            self._pending[len(self._pending) - 1] = number
        elif word == b"ls":
            self._named[number] = self._number
            self._starts.update({(number, level): start for level, start in self._pending.items() if start >= 0})

    def text(self, value: str) -> None:
        """Takes in characters of the list table: those of the text of a level."""
        if self._collects:
            self._open[-1].text.append(value)

    def label(self, named: int, depth: int) -> str:
        """The number before the next paragraph of the list that is called ``named``, which counts it."""
        if not named:
            return ""
        number = self._named.get(named, 0)
        return self._counters.label(number, depth, self._lists.get(number, {}), self._starts.pop((named, depth), None))


def _finished(level: _Level) -> ListLevel:
    text = "".join(level.text)
    length = ord(text[0]) if text else 0
    return ListLevel(kind_of(level.kind), pattern_of(text[1 : 1 + length]), level.start)
