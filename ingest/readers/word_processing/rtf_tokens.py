r"""The bytes of an RTF file -> its groups, control words and characters; and which characters its bytes stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WORD = rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?"
_UNITS = rb"((?:\\u-?\d{1,5} ?(?:\\'[0-9a-fA-F]{2}|\?)){2,4096}+)"
_HEX = rb"((?:\\'[0-9a-fA-F]{2}){1,4096}+)"
_REST = rb"\\(.)|([{}])|[\r\n\0]+"
_PARTS = b"|".join((_UNITS, _WORD, _HEX, _REST))
_TOKEN = re.compile(rb"%s|([^\\{}\r\n\0]{1,4096}+)" % _PARTS, re.S)
_TOKEN_OF_PAIRS = re.compile(rb"%s|((?:[\x81-\xfe][\x40-\x7e\x80-\xfe]|[^\\{}\r\n\0]){1,4096}+)" % _PARTS, re.S)
"""The same where bytes beyond 127 stand in pairs, whose second may be a brace."""
_UNIT = re.compile(rb"\\u(-?\d+)")
_PAIRS = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
PAGES = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5", 1361: "johab", 10000: "mac_roman", 10008: "gb18030", 54936: "gb18030"}
"""The encodings of code pages that are not called after their number."""
_CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_DOUBLE = frozenset(("gb18030", "big5", "cp932", "cp949", "johab"))


class Token(NamedTuple):
    """``kind`` is one of units, word, hex, symbol, group, text; ``value`` its bytes, ``number`` the figure after a word."""

    kind: str
    value: bytes
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens of a file in order; binary data is passed over.

    Characters by number that are each followed by one in their stead come together as units.
    """
    page = re.search(rb"\\ansicpg(\d{1,5})", data[:4096])
    match = (_TOKEN_OF_PAIRS if page is not None and encoding_of_page(int(page.group(1))) in _DOUBLE else _TOKEN).match
    at = 0
    while (found := match(data, at)) is not None:
        at = found.end()
        which = found.lastindex
        if which in (2, 3):
            word = found.group(2)
            number = int(found.group(3)) if found.group(3) is not None else None
            if word == b"bin" and number is not None:
                at += max(0, number)
            else:
                yield Token("word", word, number)
        elif which is not None:
            yield Token(("units", "", "", "hex", "symbol", "group", "text")[which - 1], found.group(which))


def characters_by_number(units: bytes) -> str:
    r"""The characters of a token of units.

    >>> characters_by_number(rb"\u25919?\u-31000\'3f")
    '政蛨'
    """
    return "".join(chr(int(number) % 0x10000) for number in _UNIT.findall(units))


def single(units: bytes) -> Iterator[Token]:
    """The words and characters of a token of units, one by one."""
    for part in re.finditer(rb"\\u(-?\d+) ?|(?:\\'([0-9a-fA-F]{2})|(\?))", units):
        if part.group(1):
            yield Token("word", b"u", int(part.group(1)))
        else:
            yield Token("hex", part.group()) if part.group(2) else Token("text", b"?")


def encoding_of_page(page: int) -> str:
    """The encoding of a code page; western where nobody knows it."""
    if page == 65001:
        return "utf-8"
    return PAGES.get(page) or (f"cp{page}" if page in (437, 850, 852, 866, 874, *range(1250, 1259)) else "cp1252")


def encoding_of_charset(charset: int) -> str | None:
    """The encoding of a font's charset; None where it is that of the file."""
    return _CHARSETS.get(charset)


def characters(content: bytes, font: str | None, far: str | None, page: str) -> str:
    """What bytes stand for in a font with an encoding, beside a font for Chinese characters, in a file of a code page.

    A western font may be named where a Chinese one draws: pairs of bytes that are such in the others are read as pairs.

    >>> characters(b"\\xd5\\xfe", None, "gb18030", "cp1252"), characters(b"M\\xfcller", None, "gb18030", "cp1252")
    ('政', 'Müller')
    """
    if content.isascii():
        return content.decode("ascii")
    first = font or page
    if first not in _DOUBLE and _PAIRS.fullmatch(content):
        first = next((encoding for encoding in (far, page) if encoding in _DOUBLE), first) or first
    for encoding in (first, page):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(first, errors="replace")
