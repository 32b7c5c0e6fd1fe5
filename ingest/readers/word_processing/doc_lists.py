"""The styles and lists of a Word 97 document -> the number before a paragraph, its level as a heading, and whether it is hidden."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from struct import unpack_from
from typing import TypeVar

from ingest.readers.list_counters import ListCounters, ListLevel
from ingest.readers.word_processing.doc_file import Word97File, modifiers
from ingest.readers.word_processing.number_kinds import kind_of, pattern_of

_STYLES, _LISTS, _OVERRIDES = 1, 73, 74
_Item = TypeVar("_Item")
_DEEPEST = 20  # styles made from styles
_LEVEL, _LIST, _VANISH = 0x260A, 0x460B, 0x083C


@dataclass(frozen=True, slots=True)
class _Style:
    """One style: what it is built in as, what it is made from, what it says of paragraphs and characters."""

    built_in: int
    base: int
    paragraph: bytes = b""
    character: bytes = b""


@dataclass(slots=True)
class _Instance:
    """One use of a list: the list, and the numbers that some of its levels start with anew."""

    number: int
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, ListLevel] = field(default_factory=dict)


class Word97Lists:
    """The styles and lists of a document, and where the lists have got to."""

    def __init__(self, file: Word97File) -> None:
        self._counters = ListCounters()
        self._styles = dict(_whole(_styles(file.structure(_STYLES))))
        lists = file.behind(_LISTS) if file.structure(_LISTS) else b""
        self._lists = dict(_whole(_lists(lists)))
        self._instances = [instance for _, instance in _whole(_instances(file.structure(_OVERRIDES)))]

    def heading(self, style: int) -> int:
        """1 to 6 for the style of a heading, else 0."""
        found = self._styles.get(style)
        return found.built_in if found is not None and 1 <= found.built_in <= 6 else 0

    def hides(self, style: int) -> bool:
        """Whether a style of paragraphs hides them."""
        hidden = False
        for above in self._chain(style):
            for code, operand in modifiers(above.character):
                if code == _VANISH:
                    hidden = operand == b"\1"
        return hidden

    def label(self, style: int, properties: bytes) -> str:
        """What is printed before the next paragraph with this style and these properties, which counts it."""
        which = depth = 0
        for source in (*(above.paragraph for above in self._chain(style)), properties):
            for code, operand in modifiers(source):
                if code == _LIST:
                    which = int.from_bytes(operand, "little")
                elif code == _LEVEL and operand:
                    depth = operand[0]
        if not 1 <= which <= len(self._instances):
            return ""
        instance = self._instances[which - 1]
        levels = {**self._lists.get(instance.number, {}), **instance.levels}
        return self._counters.label(instance.number, depth, levels, instance.starts.pop(depth, None))

    def _chain(self, style: int) -> list[_Style]:
        """A style behind those that it is made from."""
        found: list[_Style] = []
        while style in self._styles and len(found) < _DEEPEST:
            found.insert(0, self._styles[style])
            style = found[0].base
        return found


def _whole(items: Iterator[_Item]) -> Iterator[_Item]:
    """The items up to the first that is damaged: a list that cannot be read numbers nothing, and the text is read without it."""
    try:
        yield from items
    except (struct.error, IndexError):
        return


def _styles(content: bytes) -> Iterator[tuple[int, _Style]]:
    """The styles by their numbers ([MS-DOC] 2.9.271)."""
    (header,) = unpack_from("<H", content, 0)
    count, base = unpack_from("<HH", content, 2)
    at = 2 + header
    for number in range(count):
        (size,) = unpack_from("<H", content, at)
        if size >= base:
            yield number, _style(content[at + 2 : at + 2 + size], base)
        at += 2 + size


def _style(content: bytes, base: int) -> _Style:
    first, second, third = unpack_from("<3H", content, 0)
    (length,) = unpack_from("<H", content, base)
    at = base + 2 + 2 * length + 2
    parts = []
    for _ in range(third & 0xF):
        at += at & 1
        if at + 2 > len(content):
            break
        (size,) = unpack_from("<H", content, at)
        parts.append(content[at + 2 : at + 2 + size])
        at += 2 + size
    kind = second & 0xF
    paragraph = parts[0][2:] if kind == 1 and parts else b""
    character = parts[1] if kind == 1 and len(parts) > 1 else parts[0] if kind == 2 and parts else b""
    return _Style(first & 0xFFF, second >> 4, paragraph, character)


def _lists(content: bytes) -> Iterator[tuple[int, Mapping[int, ListLevel]]]:
    """The levels of the lists by their numbers ([MS-DOC] 2.9.147)."""
    if not content:
        return
    (count,) = unpack_from("<H", content, 0)
    at = 2 + 28 * count
    for i in range(count):
        number, simple = unpack_from("<i", content, 2 + 28 * i)[0], content[2 + 28 * i + 26] & 1
        levels = {}
        for depth in range(1 if simple else 9):
            levels[depth], at = _level(content, at)
        yield number, levels


def _level(content: bytes, at: int) -> tuple[ListLevel, int]:
    """A level of a list that begins at ``at``, and where it ends ([MS-DOC] 2.9.150)."""
    start, kind = unpack_from("<iB", content, at)
    at += 28 + content[at + 25] + content[at + 24]
    (length,) = unpack_from("<H", content, at)
    text = content[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    return ListLevel(kind_of(kind), pattern_of(text), start), at + 2 + 2 * length


def _instances(content: bytes) -> Iterator[tuple[int, _Instance]]:
    """The uses of lists in the order of their numbers, from 1 ([MS-DOC] 2.9.186)."""
    if not content:
        return
    (count,) = unpack_from("<I", content, 0)
    at = 4 + 16 * count
    for i in range(count):
        (number,) = unpack_from("<i", content, 4 + 16 * i)
        instance = _Instance(number)
        yield i + 1, instance
        at += 4
        for _ in range(content[4 + 16 * i + 12]):
            start, which = unpack_from("<iI", content, at)
            at += 8
            if which & 0x20:
                instance.levels[which & 0xF], at = _level(content, at)
            if which & 0x10:
                instance.starts[which & 0xF] = instance.levels[which & 0xF].start if which & 0x20 else start
