"""GROUP_CONCAT in a query for an engine elsewhere, turned into one that all engines answer alike, and its answer back.

The standard gives a joined list no order (SPARQL 1.1 Query, 18.5.1.7), and engines differ: some write a separator beyond ASCII as ``?``,
some sort what DISTINCT leaves. So each list is asked for with a separator of its own and without DISTINCT, in which all keep the order of
the rows; here what comes twice is left out and the separator of the query put in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal

from graph.sparql.tokens import Token, tokens

_MARK = re.compile("\x1e(\\d+)\x1e")
_QUOTES = re.compile(r"\"{3}|'{3}|[\"']")


@dataclass(frozen=True, slots=True)
class JoinedList:
    """How a list of a query is to be joined."""

    separator: str
    distinct: bool


def separated(text: str) -> tuple[str, tuple[JoinedList, ...]]:
    r"""The query for an engine elsewhere, and its lists in the order of their numbers.

    >>> separated('SELECT (GROUP_CONCAT(DISTINCT ?a; SEPARATOR="、") AS ?b) {}')
    ('SELECT (GROUP_CONCAT( ?a; SEPARATOR="\\u001E0\\u001E") AS ?b) {}', (JoinedList(separator='、', distinct=True),))
    """
    read = list(tokens(text))
    lists: list[JoinedList] = []
    parts: list[str] = []
    done = 0
    for place, token in enumerate(read):
        separator = _separator(read, place) if token.keyword == "GROUP_CONCAT" else None
        if separator is None:
            continue
        distinct = read[place + 2].keyword == "DISTINCT"
        if distinct:
            parts.append(text[done : read[place + 2].start])
            done = read[place + 2].end
        parts += [text[done : separator.start], f'"\\u001E{len(lists)}\\u001E"']
        done = separator.end
        lists.append(JoinedList(_value(separator.text), distinct))
    return "".join(parts) + text[done:], tuple(lists)


def rejoined(results: bytes, lists: Sequence[JoinedList]) -> bytes:
    """SPARQL JSON results with the lists as the query wanted them."""
    if not lists or (b"\\u001" not in results and b"\x1e" not in results):
        return results
    read: dict[str, Any] = json.loads(results)
    for row in read.get("results", {}).get("bindings", ()):
        for term in row.values():
            if isinstance(term.get("value"), str):
                term["value"] = _rejoined(term["value"], lists)
    return json.dumps(read, ensure_ascii=False).encode()


def _rejoined(value: str, lists: Sequence[JoinedList]) -> str:
    mark = _MARK.search(value)
    if mark is None or int(mark[1]) >= len(lists):
        return value
    one = lists[int(mark[1])]
    items = [_rejoined(item, lists) for item in value.split(mark[0])]
    return one.separator.join(dict.fromkeys(items) if one.distinct else items)


def _separator(read: Sequence[Token], place: int) -> Token | None:
    """The token of the separator in a GROUP_CONCAT that begins at a place; None where it has none."""
    depth = 0
    for at in range(place + 1, len(read) - 2):
        depth += (read[at].text == "(") - (read[at].text == ")")
        if depth == 0:
            return None
        if depth == 1 and read[at].keyword == "SEPARATOR" and read[at + 1].text == "=" and read[at + 2].kind == "string":
            return read[at + 2]
    return None


def _value(written: str) -> str:
    """The text of a string as SPARQL writes it."""
    quotes = _QUOTES.match(written)
    inner = written[len(quotes[0]) : -len(quotes[0])] if quotes else written
    return Literal(re.sub(r"\\(.)", _escaped, inner)).value


def _escaped(escape: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(escape[1], escape[1])
