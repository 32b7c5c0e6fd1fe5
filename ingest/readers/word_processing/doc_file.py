"""The streams of a Word 97 document -> its characters, and what holds of them and of its paragraphs; by [MS-DOC]."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import unpack_from

from ingest.errors import TooLargeError, UnreadableError, WrongTypeError
from ingest.limits import ReadLimits
from ingest.readers.archives.ole_streams import Streams, damaged
from ingest.readers.archives.zip_parts import encrypted

HIDDEN, SPECIAL, SHOWN = 1, 2, 4
"""What is known of a character: it is not printed, it is none of the text, it is printed whatever its style says."""
_WORD97, _WORD6 = 0xA5EC, (0xA5DB, 0xA5DC)
_OLDEST = 0xC0  # version of the file format below which it is that of Word 6 or 95
_PAGE = 512
_LENGTHS = (1, 1, 2, 4, 2, 2, 0, 3)
_SINGLE = {
    0x0C: 0x260A,
    0x18: 0x2416,
    0x19: 0x2417,
    0x41: 0x0800,
    0x5C: 0x083C,
    0x75: 0x0855,
}
"""Properties that a piece states by a short code ([MS-DOC] 2.9.215), as far as they are read here."""
_DELETED, _VANISH, _SPEC, _SYMBOL = 0x0800, 0x083C, 0x0855, 0x6A09
_ELSEWHERE = (0x6645, 0x6646, 0x646B)
"""Properties that are kept in the stream of data."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters that stand together in the file: from ``start`` to ``end`` of the text, at ``place`` of the stream."""

    start: int
    end: int
    place: int
    width: int
    properties: bytes


@dataclass(frozen=True, slots=True)
class _Run:
    """Bytes of the stream of one kind, and their properties."""

    start: int
    end: int
    style: int
    properties: bytes


class Word97File:
    """One document: ``text`` holds a character for each position that the format counts, ``flags`` what is known of it."""

    def __init__(self, name: str, streams: Streams, limits: ReadLimits) -> None:
        self._main = streams.read("WordDocument")
        _checked(name, streams, self._main)
        self._table = streams.read("1Table" if unpack_from("<H", self._main, 10)[0] & 0x200 else "0Table")
        self._data: bytes | None = None
        self._streams = streams
        lengths = unpack_from("<8i", self._main, 0x4C)
        if min(lengths) < 0 or sum(lengths) > len(self._main):
            raise damaged(name)
        if sum(lengths) > 4 * limits.characters:
            raise TooLargeError(
                name, f"它超过可读的 {limits.characters:,} 个字符", f"it has more than the {limits.characters:,} characters that are read"
            )
        self.length = lengths[0]
        self.boxes_at = sum(lengths[:6])
        self._pieces = list(self._read_pieces(sum(lengths)))
        self._starts = [piece.start for piece in self._pieces]
        self.text = "".join(self._characters(piece) for piece in self._pieces)
        self.flags = bytearray(len(self.text))
        self.symbols: dict[int, str] = {}
        self._paragraphs = sorted(self._runs(13), key=lambda run: run.start)
        self._paragraph_starts = [run.start for run in self._paragraphs]
        self._mark_characters(sorted(self._runs(12), key=lambda run: run.start))
        self._mark_instructions()

    def structure(self, number: int) -> bytes:
        """A part of the table stream by its place in the list of parts ([MS-DOC] 2.5.6)."""
        return self._table[self._place(number)[0] :][: self._place(number)[1]]

    def behind(self, number: int) -> bytes:
        """What follows in the table stream from where a part begins."""
        return self._table[self._place(number)[0] :]

    def _place(self, number: int) -> tuple[int, int]:
        place, length = unpack_from("<II", self._main, 0x9A + 8 * number)
        return place, length

    def properties_of_paragraph(self, end: int) -> tuple[int, bytes]:
        """The style and the properties of the paragraph whose last character is at ``end``."""
        which = bisect_right(self._starts, end) - 1
        if which < 0:
            return 0, b""
        piece = self._pieces[which]
        place = piece.place + (end - piece.start) * piece.width
        found = bisect_right(self._paragraph_starts, place) - 1
        if found < 0 or place >= self._paragraphs[found].end:
            return 0, piece.properties
        run = self._paragraphs[found]
        return run.style, run.properties + piece.properties

    def elsewhere(self, properties: bytes) -> bytes:
        """The properties, with those that are kept in the stream of data."""
        more = b""
        for code, operand in modifiers(properties):
            if code in _ELSEWHERE:
                if self._data is None:
                    self._data = self._streams.read("Data")
                at = int.from_bytes(operand, "little")
                if at + 2 <= len(self._data):
                    more += self._data[at + 2 : at + 2 + unpack_from("<H", self._data, at)[0]]
        return properties + more

    def _read_pieces(self, length: int) -> Iterator[_Piece]:
        clx, at = self.structure(33), 0
        stated: list[bytes] = []
        while at + 3 <= len(clx) and clx[at] == 1:
            (size,) = unpack_from("<H", clx, at + 1)
            stated.append(clx[at + 3 : at + 3 + size])
            at += 3 + size
        (size,) = unpack_from("<I", clx, at + 1)
        number = (min(size, len(clx) - at - 5) - 4) // 12
        places = unpack_from(f"<{number + 1}I", clx, at + 5)
        end = 0
        for i in range(number):
            _, where, modifier = unpack_from("<HIH", clx, at + 5 + 4 * (number + 1) + 8 * i)
            width = 1 if where & 0x40000000 else 2
            place = (where & 0x3FFFFFFF) // (2 if width == 1 else 1)
            if places[i] != end or places[i + 1] < end:
                return
            end = min(places[i + 1], length, places[i] + (len(self._main) - place) // width)
            if end > places[i]:
                yield _Piece(places[i], end, place, width, _stated(modifier, stated))

    def _characters(self, piece: _Piece) -> str:
        content = self._main[piece.place : piece.place + (piece.end - piece.start) * piece.width]
        if piece.width == 1:
            return content.decode("latin-1").translate(_WESTERN)
        wide = bytearray(2 * len(content))
        wide[0::4], wide[1::4] = content[0::2], content[1::2]
        return wide.decode("utf-32-le", "surrogatepass")

    def _runs(self, number: int) -> Iterator[_Run]:
        """The runs that a list of pages describes, each page read once."""
        listed = self.structure(number)
        count = max(0, (len(listed) - 4) // 8)
        for page in dict.fromkeys(unpack_from(f"<{count}I", listed, 4 * (count + 1))):
            content = self._main[(page & 0x3FFFFF) * _PAGE :][:_PAGE]
            if len(content) == _PAGE:
                yield from _runs_of_page(content, paragraphs=number == 13)

    def _mark_characters(self, runs: Sequence[_Run]) -> None:
        starts = [run.start for run in runs]
        for piece in self._pieces:
            end = piece.place + (piece.end - piece.start) * piece.width
            for run in runs[max(0, bisect_right(starts, piece.place) - 1) :]:
                if run.start >= end:
                    break
                a = piece.start + max(0, run.start - piece.place) // piece.width
                b = piece.start + (min(run.end, end) - piece.place) // piece.width
                if b > a:
                    self._mark(a, b, run.properties + piece.properties)

    def _mark(self, start: int, end: int, properties: bytes) -> None:
        flag = 0
        for code, operand in modifiers(properties):
            if code == _DELETED and operand == b"\1":
                flag |= HIDDEN
            elif code == _VANISH:
                flag = flag | HIDDEN if operand in (b"\1", b"\x81") else (flag & ~HIDDEN) | (SHOWN if operand == b"\0" else 0)
            elif code == _SPEC and operand == b"\1":
                flag |= SPECIAL
            elif code == _SYMBOL and len(operand) == 4:
                self.symbols[start] = chr(unpack_from("<H", operand, 2)[0])
        if flag:
            self.flags[start:end] = bytes([flag]) * (end - start)

    def _mark_instructions(self) -> None:
        """Hides what fields say to the program, up to what they print; a field that never ends hides nothing."""
        open_: list[tuple[int, int]] = []
        for at, character in enumerate(self.text):
            if character == "\x13":
                open_.append((at, -1))
            elif character == "\x14" and open_:
                open_[-1] = (open_[-1][0], at)
            elif character == "\x15" and open_:
                begun, parted = open_.pop()
                end = parted if parted >= 0 else at
                self.flags[begun : end + 1] = bytes([HIDDEN]) * (end + 1 - begun)


_WESTERN = {i: bytes([i]).decode("cp1252") for i in range(0x80, 0xA0) if i not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def _checked(name: str, streams: Streams, main: bytes) -> None:
    """Refuses what is no document of Word 97 to 2003, and says what it is."""
    if "worddocument" not in streams.names:
        if streams.names & {"contents", "mn0", "mm"}:
            raise WrongTypeError(
                name, "它是 Microsoft Works 的文件，不是 WPS 文字的", "it is a Microsoft Works file, not one of WPS Writer"
            )
        raise WrongTypeError(
            name,
            "它是旧的 Office 格式，但不是 Word 或 WPS 文字的文档；请另存为 .docx",
            "it is in an old Office format but no document of Word or WPS Writer; save it as .docx",
        )
    if len(main) < 0x9A + 8 * 75:
        raise damaged(name)
    kind, version = unpack_from("<HH", main, 0)
    if kind in _WORD6 or (kind == _WORD97 and version < _OLDEST):
        raise UnreadableError(name, "它是 Word 6 或 95 的格式；请另存为 .docx", "it is in the format of Word 6 or 95; save it as .docx")
    if kind != _WORD97:
        raise damaged(name)
    if unpack_from("<H", main, 10)[0] & 0x100:
        raise encrypted(name)


def _stated(modifier: int, stated: Sequence[bytes]) -> bytes:
    """The properties that a piece states, by a short code or by their number in a list."""
    if modifier & 1:
        return stated[modifier >> 1] if modifier >> 1 < len(stated) else b""
    code = _SINGLE.get(modifier >> 1 & 0x7F)
    return code.to_bytes(2, "little") + bytes([modifier >> 8]) if code is not None else b""


def _runs_of_page(page: bytes, paragraphs: bool) -> Iterator[_Run]:
    """The runs of one page of properties ([MS-DOC] 2.9.33, 2.9.175)."""
    count = page[-1]
    step = 13 if paragraphs else 1
    if count * (4 + step) + 4 >= _PAGE:
        return
    places = unpack_from(f"<{count + 1}I", page, 0)
    for i in range(count):
        at = page[4 * (count + 1) + step * i] * 2
        if not at:
            yield _Run(places[i], places[i + 1], 0, b"")
            continue
        size = page[at]
        if not paragraphs:
            yield _Run(places[i], places[i + 1], 0, page[at + 1 : at + 1 + size])
            continue
        at, size = (at + 1, 2 * size - 1) if size else (at + 2, 2 * page[min(at + 1, _PAGE - 1)])
        content = page[at : at + size]
        yield _Run(places[i], places[i + 1], int.from_bytes(content[:2], "little"), content[2:])


def modifiers(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """The single properties in a list of them: code and operand ([MS-DOC] 2.2.5.1), the operand without its length."""
    at = 0
    while at + 3 <= len(properties):
        (code,) = unpack_from("<H", properties, at)
        at += 2
        size, skipped = _LENGTHS[code >> 13], 0
        if code == 0xD608:
            skipped = 2
            size = max(0, int.from_bytes(properties[at : at + 2], "little") - 1)
        elif code == 0xC615 and properties[at] == 255:
            gone = properties[at + 1] if at + 1 < len(properties) else 0
            come = at + 2 + 4 * gone
            size = 2 + 4 * gone + 1 + 3 * (properties[come] if come < len(properties) else 0)
        elif code >> 13 == 6:
            skipped, size = 1, properties[at]
        yield code, properties[at + skipped : at + skipped + size]
        at += skipped + size
