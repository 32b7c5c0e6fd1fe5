"""The text of a query or update, turned into the addresses that it would make the engine contact (SERVICE, LOAD).

The engine contacts whatever it is told to, so nothing may be overlooked, and it hands out no parsed query. Every place where a keyword
stands with its arguments counts, unless it is surely in a string, an IRI, a comment or the name of a variable (``ambiguous_tokens``): what
is found holds every SERVICE and LOAD that any reading of the text has. The price is a refusal of rare harmless texts, such as ``GRAPH
service:x {``, which could be read as ``SERVICE :x {``. The time is linear in the length of the text. Behind this stands a barrier that
reads no SPARQL (``graph.query.confinement``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from graph.errors import ForbiddenError
from graph.sparql.ambiguous_tokens import CODE, readings
from graph.sparql.query_form import form

ANY = "*"
"""In a list of allowed endpoints: all that have a public address."""

_IRI = r"<[^<>\"{}|^`\x00-\x20]*+>"
_FLAGS = re.IGNORECASE | re.ASCII | re.DOTALL

_KEYWORD = re.compile(r"SERVICE|LOAD", _FLAGS)
_GRAPH = re.compile(r"GRAPH", _FLAGS)
_SILENT = re.compile(r"SILENT", _FLAGS)
_BLANK = re.compile(r"[ \t\r\n]*+")
_LINE_END = re.compile(r"[\r\n]")
_IRI_TARGET = re.compile(_IRI)
_VARIABLE = re.compile(r"[?$](?:\w|[^\x00-\x7f])++", re.ASCII)
_RUN = re.compile(r"(?:[\w.\-:%]|[^\x00-\x7f]|\\.)*+", re.ASCII | re.DOTALL)
"""All characters that a prefixed name may hold: where it is the whole target, it ends where they do."""
_IN_A_NAME = re.compile(r"[\w.\-:%\\]|[^\x00-\x7f]", re.ASCII)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


@dataclass(frozen=True, slots=True)
class Call:
    """A SERVICE or LOAD in a text: what it names, as written, and where that stands."""

    keyword: Literal["SERVICE", "LOAD"]
    target: str
    start: int
    end: int
    silent: bool = False
    sure: bool = True
    """Whether every reading has it."""

    @property
    def address(self) -> str | None:
        """The IRI, where it is written in full and without escapes."""
        return self.target[1:-1] if self.target.startswith("<") and "\\" not in self.target and ":" in self.target else None


def calls(text: str) -> tuple[Call, ...]:
    """Every SERVICE and LOAD that any reading of the text has, in order.

    >>> [call.target for call in calls("SELECT * { SERVICE ?where { ?s ?p 'SERVICE <http://a> {' } }")]
    ['?where']
    """
    arguments = _Arguments(text)
    candidates = [(keyword.start(), call) for keyword in _KEYWORD.finditer(text) for call in arguments.after(keyword)]
    places = sorted({start for start, _ in candidates})
    ways = dict(zip(places, readings(text, places), strict=True))
    return tuple(
        Call(call.keyword, call.target, call.start, call.end, call.silent, sure=bool(ways[start]) and not ways[start] & ~CODE)
        for start, call in candidates
        # Where no reading is left the text is no SPARQL as it is known here, which is no reason to trust it.
        if ways[start] & CODE or not ways[start]
    )


class _Arguments:
    """What follows the keywords of one text. They are asked about from left to right, and no stretch of the text is gone over twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[int] | None = None
        self._gaps: dict[int, int] = {}
        self._run = (0, 0, -1)

    def after(self, keyword: re.Match[str]) -> Iterator[Call]:
        """The call that the keyword begins, if what follows it is what belongs to one; two where SILENT may also begin a name."""
        text = self._text
        service = keyword[0].upper() == "SERVICE"
        if not service and keyword.start() and _IN_A_NAME.match(text, keyword.start() - 1):
            # LOAD begins an operation: no letter can stand before it.
            return
        begin = self._gap(keyword.end())
        silent = _SILENT.match(text, begin)
        for start in (self._gap(silent.end()), begin) if silent else (begin,):
            end = self._target(start, variable=service)
            if end is not None and (not service or text.startswith("{", self._gap(end))):
                yield Call("SERVICE" if service else "LOAD", text[start:end], start, end, silent=silent is not None and start > begin)
                return

    def graph(self, keyword: re.Match[str]) -> bool:
        """Whether the keyword GRAPH has what belongs to it."""
        end = self._target(self._gap(keyword.end()), variable=True)
        return end is not None and self._text.startswith("{", self._gap(end))

    def _gap(self, start: int) -> int:
        """Where blanks and comments end that begin here."""
        passed = list[int]()
        while True:
            blank = _BLANK.match(self._text, start)
            start = blank.end() if blank else start
            if not self._text.startswith("#", start):
                break
            start = self._line_end(start)
            if (known := self._gaps.get(start)) is not None:
                start = known
                break
            passed.append(start)
        self._gaps.update(dict.fromkeys(passed, start))
        return start

    def _line_end(self, start: int) -> int:
        if self._lines is None:
            self._lines = [end.start() for end in _LINE_END.finditer(self._text)]
        index = bisect_left(self._lines, start)
        return self._lines[index] if index < len(self._lines) else len(self._text)

    def _target(self, start: int, *, variable: bool) -> int | None:
        """Where an IRI, a prefixed name or a variable ends that begins here."""
        target = _IRI_TARGET.match(self._text, start) or (_VARIABLE.match(self._text, start) if variable else None)
        if target:
            return target.end()
        first, end, colon = self._run
        if not first <= start < end:
            run = _RUN.match(self._text, start)
            end = run.end() if run else start
            colon = self._text.rfind(":", start, end)
            self._run = (start, end, colon)
        return end if colon >= start else None


def outside(text: str) -> tuple[Call, ...]:
    """The calls of a text as it stands; refused where escapes would make other calls of it, should a parser resolve them first."""
    plain = calls(text)
    if "\\u" in text or "\\U" in text:
        known = {call.target for call in plain}
        resolved = _ESCAPE.sub(lambda escape: _character(int(escape[1] or escape[2], 16)), text)
        for call in calls(resolved):
            if call.target not in known:
                raise ForbiddenError(call.keyword, call.target, "地址以转义字符写成", "it is written with escapes")
    return plain


def relayed(text: str, allowed: Sequence[str] = (), relay: str = "") -> str:
    """The query with every endpoint that SERVICE may ask behind the relay; raises where it asks any other, or is a LOAD."""
    query = form(text) is not None
    done = 0
    parts: list[str] = []
    for call in outside(text):
        if call.keyword == "LOAD" and query:
            # Nothing in a query loads: it is a name, such as the prefix of load:x.
            continue
        if call.keyword == "LOAD" or not allowed or not relay:
            raise ForbiddenError(call.keyword, call.target, "此服务不访问其他地址", "this service contacts no other address")
        if not permitted(call.address, allowed):
            zh, en = "不在允许之列，或未写成完整的 IRI", "it is not on the list, or not written as a full IRI"
            raise ForbiddenError(call.keyword, call.target, zh, en)
        if not call.sure:
            raise ForbiddenError(call.keyword, call.target, "查询有两种读法", "the query can be read in two ways")
        parts += [text[done : call.start], through(relay, call.target[1:-1])]
        done = call.end
    return "".join(parts) + text[done:] if parts else text


def permitted(address: str | None, allowed: Sequence[str]) -> bool:
    """Whether the list names the address, or all of the web's."""
    return address is not None and (address in allowed or (ANY in allowed and address.lower().startswith(("http://", "https://"))))


def through(relay: str, address: str) -> str:
    """The IRI that stands for an endpoint behind the relay."""
    return f"<{relay}{quote(address, safe='')}>"


def mentions_graphs(text: str) -> bool:
    """Whether a query may have a GRAPH pattern; also where it only looks like one, in a string for example.

    >>> mentions_graphs("ASK { GRAPH ?g { ?s ?p ?o } }"), mentions_graphs("ASK { ?s <http://a/graph> ?graph }")
    (True, False)
    """
    arguments = _Arguments(text)
    return any(arguments.graph(keyword) for keyword in _GRAPH.finditer(text))


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else "\ufffd"
