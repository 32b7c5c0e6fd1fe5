"""The text of an update, turned into the text that runs: on the dataset that the request names, without addresses that it may not load.

https://www.w3.org/TR/sparql11-protocol/#update-operation
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pyoxigraph import NamedNode

from graph.errors import BadQueryError, ForbiddenError
from graph.tokens import Token, place, tokens, unescaped


def on_dataset(text: str, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> str:
    """The update with every WHERE read over these graphs; the engine takes a dataset from the text alone.

    >>> print(on_dataset("DELETE {?a ?b 1} WHERE {?a ?b 1}", [NamedNode("http://example.org/g")], []))
    DELETE {?a ?b 1} USING <http://example.org/g> WHERE {?a ?b 1}
    """
    if not default and not named:
        return text
    using = "".join(f"USING {graph} " for graph in default) + "".join(f"USING NAMED {graph} " for graph in named)
    outside = [token for token in tokens(text) if token.depth == 0]
    for token in outside:
        if token.keyword in {"USING", "WITH"}:
            line, column = place(text, token.start)
            raise BadQueryError(f"{token.keyword} and using-graph-uri parameters exclude each other", line, column)
    done = 0
    parts: list[str] = []
    for before, token, pattern in _wheres(text, outside):
        parts += [text[done : token.start], f"{pattern} " if before == "DELETE" else "", using]
        done = token.start
    return "".join(parts) + text[done:]


def refuse_addresses(text: str, allowed: Sequence[str] = ()) -> None:
    """Raises where the update would load from, or ask, an address that is not allowed; LOAD as well as SERVICE."""
    for form in {text, unescaped(text)}:
        for token, after in _followed(form):
            what = token.keyword
            if what == "SERVICE" or (what == "LOAD" and token.depth == 0):
                address = _address(form, after)
                if address not in allowed:
                    raise ForbiddenError(what, address, "此服务不读取其他地址的数据", "this service reads no data from other addresses")


def _wheres(text: str, outside: Sequence[Token]) -> Iterator[tuple[str, Token, str]]:
    """Each WHERE outside braces, with the keyword before it and the text of the group after it."""
    for index, token in enumerate(outside):
        if token.keyword != "WHERE":
            continue
        before = outside[index - 1].keyword if index else ""
        braces = [brace for brace in outside[index + 1 : index + 3] if brace.text in {"{", "}"}]
        group = text[braces[0].start : braces[1].end] if len(braces) == 2 else ""
        yield before, token, group


def _followed(text: str) -> Iterator[tuple[Token, int]]:
    """Each token with the place where the next but SILENT begins."""
    found = [token for token in tokens(text) if token.keyword != "SILENT"]
    yield from ((token, after.start) for token, after in pairwise(found))


def _address(text: str, start: int) -> str:
    token = next(tokens(text[start:]), None)
    return token.text.strip("<>") if token else ""
