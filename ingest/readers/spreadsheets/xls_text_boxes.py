"""The records of an .xls workbook -> the texts of the boxes over its sheets, which xlrd does not give."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ingest.readers.archives.ole_streams import opened

_BOF, _OBJECT, _DRAWING, _TEXT, _CONTINUE = 0x809, 0x5D, 0xEC, 0x1B6, 0x3C
_WORKSHEET, _COMMENT = 0x10, 0x19
_ANCHOR = b"\x00\x00\x10\xf0\x12\x00\x00\x00"


def boxes(name: str, data: bytes) -> list[list[tuple[int, str]]]:
    """For each worksheet, in the order of the stream, its boxes: the row of the upper edge and the text. Comments are none."""
    found: list[list[tuple[int, str]]] = []
    row = kind = length = 0
    waiting = False
    for number, content in _records(name, data):
        if number == _BOF and len(content) >= 4 and struct.unpack_from("<H", content, 2)[0] == _WORKSHEET:
            found.append([])
        elif number == _DRAWING and (at := content.find(_ANCHOR)) >= 0 and len(content) >= at + 16:
            (row,) = struct.unpack_from("<H", content, at + 14)
        elif number == _OBJECT and len(content) >= 6:
            (kind,) = struct.unpack_from("<H", content, 4)
        elif number == _TEXT and len(content) >= 12:
            (length,) = struct.unpack_from("<H", content, 10)
            waiting = kind != _COMMENT and length > 0
        elif number == _CONTINUE and waiting and content and found:
            text = content[1:].decode("utf-16-le" if content[0] & 1 else "latin-1", errors="replace")[:length]
            found[-1].append((row, text.replace("\r\n", "\n").replace("\r", "\n")))
            waiting = False
    return found


def _records(name: str, data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the stream of the workbook, each with its number."""
    stream, at = opened(name, data).read("Workbook"), 0
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        yield number, stream[at + 4 : at + 4 + length]
        at += 4 + length
