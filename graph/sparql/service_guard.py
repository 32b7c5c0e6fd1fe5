"""The text of a query or update, turned into its form and into the addresses that it would make the engine contact (SERVICE, LOAD).

The engine contacts whatever it is told to, so nothing may be overlooked, and it hands out no parsed query. This reads the text as the
engine's parser does, token by token, and wherever that parser could take more than one way (``<`` begins an IRI or compares, quotes are
short or long) it takes all of them: what it finds holds every SERVICE and LOAD that any reading of the text has. The price is a refusal
of rare harmless texts, such as ``GRAPH service:x {``, which could be read as ``SERVICE :x {``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.errors import BadQueryError, ForbiddenError
from graph.sparql.service_proxy import permitted, through
from graph.sparql.tokens import tokens

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_GAP = r"(?:[ \t\r\n]|#[^\r\n]*+)*+"
_IRI = r"<[^<>\"{}|^`\x00-\x20]*+>"
_NAME = r"(?:[A-Za-z_](?:[\w.\-]|[^\x00-\x7f])*+|[^\x00-\x7f](?:[\w.\-]|[^\x00-\x7f])*+)?+:(?:[\w.\-:%]|[^\x00-\x7f]|\\.)*+"
_TARGET = rf"(?P<target>{_IRI}|[?$]\w++|{_NAME})"
_FLAGS = re.IGNORECASE | re.ASCII | re.DOTALL

_PROLOGUE = re.compile(
    rf"{_GAP}(?:(?:BASE{_GAP}{_IRI}|PREFIX{_GAP}[^\s:<]*+:{_GAP}{_IRI}|VERSION{_GAP}(?:\"[^\"\r\n]*+\"|'[^'\r\n]*+')){_GAP})*+", _FLAGS
)
_FORM = re.compile(r"SELECT|ASK|CONSTRUCT|DESCRIBE", _FLAGS)
_SERVICE = re.compile(rf"SERVICE{_GAP}(?P<silent>SILENT{_GAP})?{_TARGET}{_GAP}(?P<open>\{{)", _FLAGS)
_LOAD = re.compile(rf"LOAD{_GAP}(?P<silent>SILENT{_GAP})?{_TARGET}", _FLAGS)
_KEYWORD = re.compile(r"SERVICE|LOAD", _FLAGS)
_FROM = re.compile(rf"FROM{_GAP}(?:NAMED{_GAP})?(?:{_IRI}|{_NAME})", _FLAGS)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")

_IRI_TOKEN = re.compile(_IRI)
_STRINGS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"\"(?:[^\"\\\r\n]|\\.)*+\"",
        r"'(?:[^'\\\r\n]|\\.)*+'",
        r'"""(?:[^"\\]|\\.|"(?!""))*+"""',
        r"'''(?:[^'\\]|\\.|'(?!''))*+'''",
    )
)
_WHOLE = re.compile(r"[?$]\w++|@[A-Za-z0-9\-]++|#[^\r\n]*+|\\.|[\s{}()\[\].,;:*/|^!=&+\->]++", re.ASCII | re.DOTALL)
"""Tokens that the engine reads in one piece, and runs of marks in which nothing begins."""
_WORD = re.compile(r"[0-9]++|(?:\w|[^\x00-\x7f])++", re.ASCII)
_RUN = re.compile(r"(?:[\w.\-]|[^\x00-\x7f])*+", re.ASCII)
_NAME_TOKEN = re.compile(_NAME, re.ASCII | re.DOTALL)
_OPEN = re.compile(rf"{_GAP}\{{", _FLAGS)


@dataclass(frozen=True, slots=True)
class Call:
    """A SERVICE or LOAD in a text: what it names, as written, and where that stands."""

    keyword: Literal["SERVICE", "LOAD"]
    target: str
    start: int
    end: int
    silent: bool = False

    @property
    def address(self) -> str | None:
        """The IRI, where it is written in full and without escapes."""
        return self.target[1:-1] if self.target.startswith("<") and "\\" not in self.target and ":" in self.target else None


def form(text: str) -> Form | None:
    """The form of a query, None where the text begins as no query does.

    >>> form("# one\\nPREFIX a: <http://a#> select * {}")
    'SELECT'
    """
    prologue = _PROLOGUE.match(text)
    found = _FORM.match(text, prologue.end() if prologue else 0)
    match found[0].upper() if found else "":
        case "SELECT" | "ASK" | "CONSTRUCT" | "DESCRIBE" as known:
            return known
    return None


def calls(text: str) -> tuple[Call, ...]:
    """Every SERVICE and LOAD that any reading of the text has, in order.

    >>> [call.target for call in calls("SELECT * { SERVICE ?where { ?s ?p 'SERVICE <http://a> {' } }")]
    ['?where']
    """
    lowered = text.lower()
    if "service" not in lowered and "load" not in lowered:
        return ()
    found: dict[int, Call] = {}
    reached = bytearray(len(text) + 1)
    reached[0] = 1
    nameless = 0
    position = 0
    while (position := reached.find(1, position)) >= 0 and position < len(text):
        if word := _WORD.match(text, position):
            end = word.end()
            # A run without a colon holds no name, wherever one begins to read it: known once, known for all of it.
            name = _NAME_TOKEN.match(text, position) if position >= nameless else None
            if name:
                end = name.end()
            elif position >= nameless:
                run = _RUN.match(text, position)
                nameless = run.end() if run and not text.startswith(":", run.end()) else nameless
            reached[end] = 1
            found.update((call.start, call) for call in _inside(text, position, end, named=name is not None))
        else:
            for end in _ends(text, position):
                reached[end] = 1
        position += 1
    return tuple(found[start] for start in sorted(found))


def outside(text: str) -> tuple[Call, ...]:
    """The calls of a text as it stands; refused where escapes would make other calls of it, should a parser resolve them first."""
    plain = calls(text)
    if "\\u" in text or "\\U" in text:
        resolved = _ESCAPE.sub(lambda escape: _character(int(escape[1] or escape[2], 16)), text)
        for call in calls(resolved):
            if call.target not in {known.target for known in plain}:
                raise ForbiddenError(call.keyword, call.target, "地址以转义字符写成", "it is written with escapes")
    return plain


def relayed(text: str, allowed: Sequence[str] = (), relay: str = "") -> str:
    """The text with every endpoint that SERVICE may ask behind the relay; raises where it asks any other, or LOADs."""
    found = outside(text)
    for call in found:
        if call.keyword == "LOAD" or not allowed or not relay:
            raise ForbiddenError(call.keyword, call.target, "此服务不访问其他地址", "this service contacts no other address")
        if not permitted(call.address, allowed):
            zh, en = "不在允许之列，或未写成完整的 IRI", "it is not on the list, or not written as a full IRI"
            raise ForbiddenError(call.keyword, call.target, zh, en)
        if not any((token.start, token.end) == (call.start, call.end) for token in tokens(text)):
            raise ForbiddenError(call.keyword, call.target, "查询有两种读法", "the query can be read in two ways")
    for call in reversed(found):
        text = text[: call.start] + through(relay, call.target[1:-1]) + text[call.end :]
    return text


def names_graphs(text: str) -> bool:
    """Whether a query says itself which graphs it reads (FROM, FROM NAMED).

    >>> names_graphs("SELECT * FROM <http://a> { ?s ?p 'FROM <b>' }"), names_graphs("ASK { ?from ?p ?o }")
    (True, False)
    """
    if not _FROM.search(text):
        return False
    try:
        return any(token.depth == 0 and token.keyword in {"FROM", "FROMNAMED"} for token in tokens(text))
    except BadQueryError:
        # Read in one way only, where the engine may know another: it says what is wrong, if anything is.
        return False


def check_depth(text: str, most: int = 2000) -> None:
    """Raises where brackets nest deeper than the engine's parser, which is recursive, can go."""
    if text.count("{") + text.count("(") + text.count("[") <= most:
        return
    depth = 0
    for character in re.findall(r"[{}()\[\]]", text):
        depth += 1 if character in "{([" else -1
        if depth > most:
            raise BadQueryError(f"brackets nest deeper than {most} levels")


def _ends(text: str, start: int) -> Iterator[int]:
    """Where a token that begins here, and is no word or name, may end."""
    character = text[start]
    if character == "<":
        yield start + 1
        if iri := _IRI_TOKEN.match(text, start):
            yield iri.end()
    elif character in "\"'":
        yield from (string.end() for pattern in _STRINGS if (string := pattern.match(text, start)))
    else:
        whole = _WHOLE.match(text, start)
        yield whole.end() if whole else start + 1


def _inside(text: str, start: int, end: int, *, named: bool) -> Iterator[Call]:
    """The calls whose keyword stands in this token; the engine wants no blank before or after a keyword."""
    colon = text.index(":", start, end) if named else end
    for keyword in _KEYWORD.finditer(text, start, colon):
        service = keyword[0].upper() == "SERVICE"
        if not service and keyword.start() > start:
            # LOAD begins an operation: no letter can stand before it.
            continue
        if named:
            if not service or _OPEN.match(text, end):
                yield Call("SERVICE" if service else "LOAD", text[keyword.end() : end], keyword.end(), end)
                return
        elif end - keyword.end() <= len("SILENT") and text[keyword.end() : end].upper() in {"", "SILENT"}:
            call = (_SERVICE if service else _LOAD).match(text, keyword.start())
            if call:
                yield Call("SERVICE" if service else "LOAD", call["target"], *call.span("target"), bool(call["silent"]))


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else "\ufffd"
