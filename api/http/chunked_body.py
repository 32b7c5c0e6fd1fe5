"""The bytes of a body that comes in chunks -> its content, as long as its frames are within bounds.

https://www.rfc-editor.org/rfc/rfc9112#name-chunked-transfer-coding. Nobody else reads these frames: the parser of the server gets the
content in frames of ours, so that there is one reading of where a body ends. Extensions and trailers are dropped (RFC 9112, 7.1.1 and
7.1.2), since a field that comes after the content was decided upon must change nothing.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n")
_FIELD = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n")
_SPARE = 128 << 10
"""Frames take so many bytes at most, and beyond them"""
_SHARE = 4
"""one for so many of content: chunks of single bytes are work without content, and so are endless extensions and trailers."""


class _Expected(Enum):
    SIZE = auto()
    CONTENT = auto()
    END_OF_CHUNK = auto()
    TRAILER = auto()
    NOTHING = auto()


class Chunks:
    """One body. Its bytes are read as they come, in pieces of any length.

    >>> chunks = Chunks()
    >>> chunks.read(b"4\\r\\nread\\r\\n3;a=b"), chunks.read(b"\\r\\nall\\r\\n0\\r\\nName: dropped\\r\\n\\r\\nGET /"), chunks.done
    ((b'read', b''), (b'all', b'GET /'), True)
    """

    def __init__(self) -> None:
        self._expected = _Expected.SIZE
        self._line = bytearray()
        self._left = 0
        self._content = self._frames = 0
        """The bytes so far of either."""

    @property
    def done(self) -> bool:
        """Whether the body has ended."""
        return self._expected is _Expected.NOTHING

    def read(self, data: bytes) -> tuple[bytes, bytes]:
        """The content in these bytes, and what follows the body; raises ValueError where they are no chunks, or too small ones."""
        parts: list[bytes] = []
        at = 0
        while at < len(data) and not self.done:
            if self._expected is _Expected.CONTENT:
                part = data[at : at + self._left]
                parts.append(part)
                self._take(len(part))
                at += len(part)
                continue
            end = data.find(b"\n", at) + 1
            piece = data[at : end or len(data)]
            at += len(piece)
            self._line += piece
            self._frames += len(piece)
            if self._frames > _SPARE + self._content // _SHARE:
                raise ValueError("the frames of the body are larger than its content warrants")
            if end:
                line = bytes(self._line)
                self._line.clear()
                self._end(line)
        return b"".join(parts), data[at:]

    def _take(self, size: int) -> None:
        self._content += size
        self._left -= size
        if not self._left:
            self._expected = _Expected.END_OF_CHUNK

    def _end(self, line: bytes) -> None:
        """One line of a frame is here."""
        if self._expected is _Expected.SIZE:
            size = _SIZE.fullmatch(line)
            if not size:
                raise ValueError("a chunk has no size")
            self._left = int(size[1], 16)
            self._expected = _Expected.CONTENT if self._left else _Expected.TRAILER
        elif line == b"\r\n":
            self._expected = _Expected.SIZE if self._expected is _Expected.END_OF_CHUNK else _Expected.NOTHING
        elif self._expected is _Expected.END_OF_CHUNK or not _FIELD.fullmatch(line):
            raise ValueError("a chunk is longer than it says, or what follows the last one is no field")


def framed(content: bytes, *, last: bool) -> bytes:
    """The content as one chunk, with the end of the body where it is the last.

    >>> framed(b"all", last=True), framed(b"", last=False)
    (b'3\\r\\nall\\r\\n0\\r\\n\\r\\n', b'')
    """
    return (b"%x\r\n%b\r\n" % (len(content), content) if content else b"") + (b"0\r\n\r\n" if last else b"")
