"""The text of a query, turned into what each place in it may be: all readings that a parser could take, followed at once.

The engine's parser reads characters, not tokens, and tries one way after another: a keyword needs no blank before it, a name may end
before a dot or after it, ``<`` compares or begins an IRI, three quotes begin a long string or an empty one and another. Instead of knowing
which way it takes, this takes every way: outside strings, IRIs, comments and variables a keyword may begin at any character. One step a
character, so the time is linear (https://www.w3.org/TR/sparql11-query/#sparqlGrammar, productions [139] to [173]).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntFlag, auto
from functools import lru_cache


class Reading(IntFlag):
    """What may come next, as one reading has it; a set of readings is their union."""

    CODE = auto()
    SLASH = auto()
    """Code after a ``/``: another one is no SPARQL, so the ``<`` of ``<http://a`` was no operator."""
    ESCAPED = auto()
    """In a name, after a backslash."""
    MARK = auto()
    """After ``?`` or ``$``: the name of a variable, or the mark was of a path."""
    VARIABLE = auto()
    IRI = auto()
    COMMENT = auto()
    SINGLE_OPENED = auto()
    SINGLE_TWICE = auto()
    """After two quotes: an empty string was, or a long one begins."""
    SINGLE = auto()
    SINGLE_ESCAPED = auto()
    SINGLE_LONG = auto()
    SINGLE_LONG_ESCAPED = auto()
    SINGLE_LONG_ONE = auto()
    SINGLE_LONG_TWO = auto()
    DOUBLE_OPENED = auto()
    DOUBLE_TWICE = auto()
    DOUBLE = auto()
    DOUBLE_ESCAPED = auto()
    DOUBLE_LONG = auto()
    DOUBLE_LONG_ESCAPED = auto()
    DOUBLE_LONG_ONE = auto()
    DOUBLE_LONG_TWO = auto()


CODE = int(Reading.CODE | Reading.SLASH | Reading.SINGLE_TWICE | Reading.DOUBLE_TWICE)
"""Readings in which a keyword may begin."""

_WORD, _NOT_ASCII, _OTHER, _NO_IRI, _LINE, _ANY_MARK = b"a", b"\x80", b".", b" ", b"\n", b"?"
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_EMPTY = Reading(0)


def _classes() -> bytes:
    """For each character up to \\x80 the one that stands for all that are read as it is."""
    table = bytearray(_OTHER * 256)
    table[0x80] = 0x80
    for code in range(0x80):
        character = chr(code)
        if character.isalnum() or character == "_":
            table[code] = _WORD[0]
        elif character in "'\"/\\<>#":
            table[code] = code
        elif character in "?$":
            table[code] = _ANY_MARK[0]
        elif character in "\r\n":
            table[code] = _LINE[0]
        elif code <= 0x20 or character in "{}|^`":
            table[code] = _NO_IRI[0]
    return bytes(table)


_TABLE = _classes()


def readings(text: str, places: Sequence[int]) -> Iterator[int]:
    """The set of readings before the character at each place; the places ascend.

    >>> text = "ASK { ?s ?p 'a' } # b"
    >>> [Reading(found).name for found in readings(text, [0, 13, 20])]
    ['CODE', 'SINGLE_OPENED', 'COMMENT']
    """
    classes = _FOREIGN.sub("\x80", text).encode("latin-1").translate(_TABLE)
    states, done = int(Reading.CODE), 0
    for place in places:
        for character in classes[done:place]:
            states = _step(states, character)
        done = place
        yield states


@lru_cache(maxsize=1 << 16)
def _step(states: int, code: int) -> int:
    """The readings after a character of this class."""
    after = _EMPTY
    character = bytes([code])
    for reading in Reading:
        if states & reading:
            after |= _next(reading, character)
    return int(after)


def _next(reading: Reading, character: bytes) -> Reading:
    if reading is Reading.ESCAPED:
        return Reading.CODE
    if reading is Reading.IRI:
        return Reading.CODE if character == b">" else _EMPTY if character in b'<"\n ' else Reading.IRI
    if reading is Reading.COMMENT:
        return Reading.CODE if character == _LINE else Reading.COMMENT
    if reading in (Reading.MARK, Reading.VARIABLE) and character in (_WORD, _NOT_ASCII):
        # Which letters beyond ASCII a name of a variable may hold is left open.
        return Reading.VARIABLE if character == _WORD else Reading.VARIABLE | Reading.CODE
    if reading & (CODE | Reading.MARK | Reading.VARIABLE):
        return _in_code(reading, character)
    if reading.name and reading.name.startswith("SINGLE"):
        return _in_string(reading, character, "SINGLE", b"'")
    return _in_string(reading, character, "DOUBLE", b'"')


def _in_code(reading: Reading, character: bytes) -> Reading:
    match character:
        case b"/":
            return _EMPTY if reading is Reading.SLASH else Reading.SLASH
        case b"\\":
            return Reading.ESCAPED
        case b"?":
            return Reading.MARK
        case b"<":
            return Reading.CODE | Reading.IRI
        case b"#":
            return Reading.COMMENT
        case b"'":
            return Reading.SINGLE_OPENED | (Reading.SINGLE_LONG if reading is Reading.SINGLE_TWICE else _EMPTY)
        case b'"':
            return Reading.DOUBLE_OPENED | (Reading.DOUBLE_LONG if reading is Reading.DOUBLE_TWICE else _EMPTY)
        case _:
            return Reading.CODE


def _in_string(reading: Reading, character: bytes, kind: str, quote: bytes) -> Reading:
    part = (reading.name or "").removeprefix(kind)
    if "LONG" in part:
        if character == quote:
            part = {"_LONG": "_LONG_ONE", "_LONG_ONE": "_LONG_TWO", "_LONG_TWO": "", "_LONG_ESCAPED": "_LONG"}[part]
            return Reading[kind + part] if part else Reading.CODE
        return Reading[kind + ("_LONG_ESCAPED" if character == b"\\" and part != "_LONG_ESCAPED" else "_LONG")]
    if part == "_ESCAPED":
        return Reading[kind]
    if character == quote:
        return Reading[kind + "_TWICE"] if part == "_OPENED" else Reading.CODE
    if character == _LINE:
        return _EMPTY
    return Reading[kind + ("_ESCAPED" if character == b"\\" else "")]
