"""The text of a query, turned into its calls of the search: ``SERVICE zc:search { ?hit zc:query "低空" ; zc:score ?score }``.

The search is no endpoint: nothing is contacted. Whoever evaluates a query looks for the hits himself and puts them, as inline data, in the
place of the call (``graph.sparql.search_hits``); what is left is checked by the guard like any other query, so that a call that is not
read here is refused there. The call is evaluated once, wherever it stands, and its rows are joined with what stands beside it, as SPARQL
1.1 Federated Query has it (https://www.w3.org/TR/sparql11-federated-query/#fedSemantics).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as Choice

from pyoxigraph import QuerySolutions, Store

from graph.errors import BadQueryError, SearchError
from graph.sparql.service_guard import calls
from graph.sparql.tokens import Token, place, tokens
from ontology.names import DEF, TYPE

SERVICE = DEF["search"].value
MOST = 10_000
"""The hits of a call that give no limit of its own, and of one that does, at most."""
MOST_CALLS = 20
LONGEST = 300
"""The characters of a text that is looked for."""

ELSEWHERE = (
    "数据在别处的引擎里，此服务没有它的索引，请用 CONTAINS",
    "the data is in an engine elsewhere, of which this service has no index; use CONTAINS",
)
"""Why there is no search over an engine elsewhere."""
Kind = Choice["passage", "task", "name"]
WORDS, NAME, LIMIT = (DEF[each].value for each in ("query", "name", "limit"))
_SHOWN: Mapping[Kind, frozenset[str]] = {
    "passage": frozenset(("score", "text", "task", "start", "end", "offsets", "highlight", "count")),
    "task": frozenset(("score", "text", "passage", "start", "end", "offsets", "highlight", "count")),
    "name": frozenset(("score", "label", "near", "count")),
}
"""What a hit of each kind has."""
_KINDS: Mapping[str, Kind] = {DEF["Passage"].value: "passage", DEF["Task"].value: "task"}
_NUMBER = re.compile(r"\d{1,9}")
_VARIABLE = re.compile(r"[?$]\w+")


@dataclass(frozen=True, slots=True)
class SearchCall:
    """A call: what kind of hit is looked for by what text, under which variables it is shown, and where the call stands."""

    kind: Kind
    text: str
    hit: str
    """The variable that stands for a hit,"""
    shown: tuple[tuple[str, str], ...]
    """and those that stand for what it has: the local name of the property, the variable."""
    of_class: str
    """The class of the things that are looked for by name; empty for any."""
    limit: int | None
    start: int
    end: int

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables, that of the hit first."""
        return (self.hit, *(variable for _, variable in self.shown))


@dataclass(frozen=True, slots=True)
class Replaced:
    """A query with other text in the place of its calls, and where what follows each of them stood."""

    text: str
    shifts: tuple[tuple[int, int], ...] = ()
    """From this place on, a character stood so much further to the left or right."""

    def moved(self, error: BadQueryError, original: str) -> BadQueryError:
        """An error of this text, at its place in the original one."""
        if error.line is None or not self.shifts:
            return error
        lines = self.text.split("\n")
        at = sum(len(line) + 1 for line in lines[: error.line - 1]) + (error.column or 1) - 1
        shift = next((by for start, by in reversed(self.shifts) if at >= start), 0)
        return BadQueryError(error.reason, *place(original, max(0, min(len(original), at + shift))))


def mentions_search(text: str) -> bool:
    """Whether a text may have a call; also where it only looks like one.

    >>> mentions_search("ASK { SERVICE zc:search { ?a zc:query 'b' } }"), mentions_search("ASK { ?a ?b 'research' }")
    (True, False)
    """
    return "search" in text and re.search("service", text, re.IGNORECASE) is not None


def searches(text: str) -> tuple[SearchCall, ...]:
    """The calls of a query, in order; raises SearchError for one that says what a call cannot.

    Only what every reading of the text has is a call.
    """
    read = _tokens(text)
    names = _prefixes(read)
    starts = list(_starts(text, read, names))
    if len(starts) > MOST_CALLS:
        raise SearchError(
            f"一个查询至多 {MOST_CALLS} 处", f"{MOST_CALLS} in one query at most", *place(text, read[starts[MOST_CALLS]].start)
        )
    return tuple(_Reader(text, read, names, index).call() for index in starts)


def replaced(text: str, hits: Callable[[SearchCall], str]) -> Replaced:
    """The query with what ``hits`` gives in the place of each call."""
    calls_ = searches(text)
    edits = [*_unions(text), *((call.start, call.end, hits(call)) for call in calls_)] if calls_ else []
    parts, shifts, done, length = list[str](), list[tuple[int, int]](), 0, 0
    for start, end, written in sorted(edits):
        # The lines stay where they are, so that an error is told at its line.
        inside = written + "\n" * text.count("\n", start, end)
        parts += [text[done:start], inside]
        length += start - done + len(inside)
        done = end
        shifts.append((length, done - length))
    return Replaced("".join(parts) + text[done:], tuple(shifts)) if parts else Replaced(text)


def _tokens(text: str) -> list[Token]:
    """The tokens of a text that may have a call; none of any other."""
    try:
        return list(tokens(text)) if mentions_search(text) else []
    except BadQueryError:
        # The engine says what is wrong.
        return []


def _unions(text: str) -> Iterator[tuple[int, int, str]]:
    """What makes each UNION beside a call a sub-select of all its variables.

    It means the same, and the engine evaluates it once: as it stands, it would for each hit
    (https://github.com/oxigraph/oxigraph/issues/1951). Where EXISTS or GRAPH hand something in, it is left alone.
    """
    read = _tokens(text)
    if any(token.keyword in {"EXISTS", "GRAPH"} for token in read):
        return
    chains = set[tuple[int, int]]()
    for index in _starts(text, read, _prefixes(read)):
        depth = read[index].depth
        first = next(place for place in range(index, -1, -1) if read[place].text == "{" and read[place].depth == depth - 1)
        last = next((place for place in range(index, len(read)) if read[place].text == "}" and read[place].depth == depth - 1), first)
        chains.update(_chains(read, first + 1, last, depth))
    for start, end in chains:
        yield start, start, "{ SELECT * WHERE { "
        yield end, end, " } }"


def _chains(read: Sequence[Token], first: int, last: int, depth: int) -> Iterator[tuple[int, int]]:
    """Where the groups that UNION joins begin and end, within a group."""
    opened, start, joined = 0, -1, False
    for index in range(first, last):
        token = read[index]
        if token.depth != depth:
            continue
        if token.text == "{":
            opened = token.start
            start = start if joined else opened
            joined = False
        elif token.keyword == "UNION":
            joined = True
        elif token.text == "}" and not (index + 1 < last and read[index + 1].keyword == "UNION") and start != opened:
            yield start, token.end


def refuse_searches(text: str, zh: str, en: str) -> None:
    """Raises SearchError with a reason where a text has a call."""
    if searches(text):
        raise SearchError(zh, en)


def _prefixes(read: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query declares before it begins."""
    found: dict[str, str] = {}
    for token, name, iri in zip(read, read[1:], read[2:], strict=False):
        if token.depth == 0 and token.keyword == "PREFIX" and name.kind == "name" and name.text.endswith(":") and iri.kind == "iri":
            found[name.text[:-1]] = iri.text[1:-1]
    return found


def _starts(text: str, read: Sequence[Token], names: Mapping[str, str]) -> Iterator[int]:
    """Where SERVICE stands before the address of the search, in every reading."""
    sure = {(call.start, call.end) for call in calls(text) if call.keyword == "SERVICE" and call.sure} if read else ()
    for index, token in enumerate(read):
        if token.keyword == "SERVICE":
            silent = index + 1 < len(read) and read[index + 1].keyword == "SILENT"
            target = read[index + 1 + silent] if index + 1 + silent < len(read) else None
            if target and (target.start, target.end) in sure and _resolved(target, names) == SERVICE:
                yield index


def _resolved(token: Token, names: Mapping[str, str]) -> str:
    """The IRI that a token stands for, as far as it is written plainly; empty for anything else."""
    if token.kind == "iri":
        return token.text[1:-1] if "\\" not in token.text else ""
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return f"{names[prefix]}{local}" if prefix in names and "\\" not in local and "%" not in local else ""
    return TYPE.value if token.text == "a" else ""


class _Reader:
    """Reads the braces after one SERVICE."""

    def __init__(self, text: str, read: Sequence[Token], names: Mapping[str, str], index: int) -> None:
        self._text = text
        self._read = read
        self._names = names
        self._first = read[index]
        self._next = index + 1

    def call(self) -> SearchCall:
        """The call; raises SearchError where it is none."""
        if self._take().keyword == "SILENT":
            self._take()
        if self._take().text != "{":
            raise self._wrong(self._first, "“{”", "“{”")
        hit, said = "", dict[str, Token | str]()
        while (token := self._take()).text != "}":
            if not _is_variable(token) or (hit and token.text[1:] != hit):
                raise self._wrong(
                    token, f"变量 ?{hit}" if hit else "代表结果的变量", f"the variable ?{hit}" if hit else "a variable for the hit"
                )
            hit = token.text[1:]
            self._properties(said)
        return self._made(hit, said, self._read[self._next - 1].end)

    def _properties(self, said: dict[str, Token | str]) -> None:
        """What is said of the hit up to a full stop or the closing brace."""
        while True:
            property_ = self._take()
            iri = _resolved(property_, self._names)
            if not iri:
                raise self._wrong(property_, "zc: 的属性", "a property of zc:")
            if iri in said:
                raise self._wrong(property_, "每个属性一次", "each property once")
            said[iri] = self._object(iri)
            if self._peek() == ";":
                while self._peek() == ";":
                    self._take()
                if self._peek() not in {".", "}"}:
                    continue
            if self._peek() == ".":
                self._take()
            elif self._peek() != "}":
                raise self._wrong(self._take(), "“;”“.” 或 “}”", "“;”, “.” or “}”")
            return

    def _object(self, property_: str) -> Token | str:
        """The text or number that a property is given, a class, or a variable."""
        token = self._take()
        if property_ in {WORDS, NAME}:
            if token.kind != "string":
                raise self._wrong(token, "一个字符串（不能是变量）", "a string, no variable")
            following = self._read[self._next] if self._next < len(self._read) else None
            if following and following.text.startswith("@") and following.start == token.end:
                self._take()
            return _unquoted(token.text)
        if property_ == LIMIT:
            return self._number(token)
        if property_ == TYPE.value:
            return _resolved(token, self._names) or self._refused(token, "一个类", "a class")
        return token if _is_variable(token) else self._refused(token, "一个变量", "a variable")

    def _number(self, token: Token) -> str:
        found = _NUMBER.match(self._text, token.start)
        if not found:
            raise self._wrong(token, f"1 至 {MOST} 的整数", f"an integer from 1 to {MOST}")
        while self._read[self._next].start < found.end():
            self._take()
        if not 1 <= int(found[0]) <= MOST:
            raise self._wrong(token, f"1 至 {MOST} 的整数", f"an integer from 1 to {MOST}")
        return found[0]

    def _made(self, hit: str, said: Mapping[str, Token | str], end: int) -> SearchCall:
        """The call that was read."""
        asked = [each for each in (WORDS, NAME) if each in said]
        if len(asked) != 1:
            raise self._wrong(self._first, "zc:query 或 zc:name 之一", "zc:query or zc:name, one of them")
        text = str(said[asked[0]])
        if len(text) > LONGEST or not any(map(str.isalnum, text)):
            raise self._wrong(self._first, f"有字的文字，至多 {LONGEST} 字", f"a text with letters, {LONGEST} characters at most")
        class_ = str(said.get(TYPE.value, ""))
        kind: Kind = "name" if asked[0] == NAME else self._kind(hit, class_)
        shown = list[tuple[str, str]]()
        for iri, given in said.items():
            if isinstance(given, Token):
                local = iri.removeprefix(DEF)
                if local not in _SHOWN[kind]:
                    known = " ".join(f"zc:{each}" for each in sorted(_SHOWN[kind]))
                    raise self._wrong(given, f"{known} 之一", f"one of {known}", f"zc:{local}" if iri.startswith(DEF) else f"<{iri}>")
                shown.append((local, given.text[1:]))
        variables = [hit, *(variable for _, variable in shown)]
        if len(set(variables)) < len(variables):
            raise self._wrong(self._first, "每个变量一次", "each variable once")
        limit = int(str(said[LIMIT])) if LIMIT in said else None
        return SearchCall(kind, text, hit, tuple(shown), class_ if kind == "name" else "", limit, self._first.start, end)

    def _kind(self, hit: str, class_: str) -> Kind:
        """What is looked for: of the class that the call gives to the hit, or else the query; passages where neither says."""
        if class_:
            if class_ not in _KINDS:
                raise self._wrong(self._first, "zc:Passage 或 zc:Task", "zc:Passage or zc:Task", f"<{class_}>")
            return _KINDS[class_]
        triples = zip(self._read, self._read[1:], self._read[2:], strict=False)
        found = {
            _KINDS[iri]
            for subject, predicate, object_ in triples
            if _is_variable(subject) and subject.text[1:] == hit and _resolved(predicate, self._names) == TYPE.value
            for iri in (_resolved(object_, self._names),)
            if iri in _KINDS
        }
        if len(found) > 1:
            raise self._wrong(self._first, "在花括号里写明 a zc:Passage 或 a zc:Task", "a zc:Passage or a zc:Task within the braces")
        return found.pop() if found else "passage"

    def _take(self) -> Token:
        if self._next >= len(self._read):
            raise self._wrong(self._first, "“}”", "“}”")
        self._next += 1
        return self._read[self._next - 1]

    def _peek(self) -> str:
        return self._read[self._next].text if self._next < len(self._read) else ""

    def _refused(self, token: Token, zh: str, en: str) -> str:
        raise self._wrong(token, zh, en)

    def _wrong(self, token: Token, zh: str, en: str, said: str = "") -> SearchError:
        line, column = place(self._text, token.start)
        written = said or token.text[:60]
        return SearchError(f"此处应为{zh}，而不是 {written}", f"{en} was expected, not {written}", line, column)


def _is_variable(token: Token) -> bool:
    return token.kind == "variable" and _VARIABLE.fullmatch(token.text) is not None


def _unquoted(written: str) -> str:
    """The text of a string as a query writes it; raises BadQueryError where it is not well written."""
    try:
        answer = Store().query(f"SELECT ?text {{ VALUES ?text {{ {written} }} }}")
    except SyntaxError as error:
        raise BadQueryError(" ".join(str(error).split())[:300]) from error
    assert isinstance(answer, QuerySolutions)
    return str(next(answer)["text"].value)
