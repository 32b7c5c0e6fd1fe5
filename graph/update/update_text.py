"""The text of an update, turned into the text that runs: on the dataset that the request names, without addresses that it may not load.

https://www.w3.org/TR/sparql11-protocol/#update-operation
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode, Store

from graph.errors import BadQueryError, ForbiddenError
from graph.sparql.service_guard import outside
from graph.sparql.tokens import Token, place, tokens
from graph.store.embedded_store import bad_query

_OPERATIONS = frozenset({"LOAD", "CLEAR", "DROP", "ADD", "MOVE", "COPY", "CREATE", "INSERT", "DELETE", "WITH"})
"""The words that an operation begins with."""


def on_dataset(text: str, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> str:
    """The update with every WHERE read over these graphs; the engine takes a dataset from the text alone.

    >>> print(on_dataset("DELETE {?a ?b 1} WHERE {?a ?b 1}", [NamedNode("http://example.org/g")], []))
    DELETE {?a ?b 1} USING <http://example.org/g> WHERE {?a ?b 1}
    """
    if not default and not named:
        return text
    using = "".join(f"USING {graph} " for graph in default) + "".join(f"USING NAMED {graph} " for graph in named)
    plain = [token for token in tokens(text) if token.depth == 0]
    for token in plain:
        if token.keyword in {"USING", "WITH"}:
            line, column = place(text, token.start)
            raise BadQueryError(f"{token.keyword} and using-graph-uri parameters exclude each other", line, column)
    done = 0
    parts: list[str] = []
    for before, token, pattern in _wheres(text, plain):
        parts += [text[done : token.start], f"{pattern} " if before == "DELETE" else "", using]
        done = token.start
    return "".join(parts) + text[done:]


def without_silent_loads(text: str) -> str:
    """The update without what it would load and does not mind to miss: no address may be loaded, and SILENT says that this is no error.

    >>> without_silent_loads("LOAD SILENT <http://a> INTO GRAPH <http://b>; CLEAR DEFAULT")
    'INSERT DATA {}; CLEAR DEFAULT'
    """
    if not re.search("load", text, re.IGNORECASE):
        return text
    plain = [token for token in tokens(text) if token.depth == 0]
    done = 0
    parts: list[str] = []
    for index, token in enumerate(plain[:-1]):
        if token.start >= done and token.keyword == "LOAD" and plain[index + 1].keyword == "SILENT":
            end = next((plain[after].start for after in range(index, len(plain)) if plain[after].text == ";"), len(text))
            parts += [text[done : token.start], "INSERT DATA {}"]
            done = end
    return "".join(parts) + text[done:]


def refuse_addresses(text: str) -> None:
    """Raises where the update would load from another address, or ask it."""
    for call in outside(text):
        refuse_malformed(text)
        raise ForbiddenError(call.keyword, call.target, "此服务不读取其他地址的数据", "this service reads no data from other addresses")


def refuse_malformed(text: str) -> None:
    """Raises where the text is no update at all.

    The engine has no parser apart, so the text gets a first operation that fails: all of it is parsed, and none of it is carried out.
    """
    start = next((token.start for token in tokens(text) if token.keyword in _OPERATIONS), len(text))
    failing = "DROP GRAPH <urn:none> ;"
    try:
        Store().update(f"{text[:start]}{failing}{text[start:]}", base_iri="http://localhost/")
    except SyntaxError as error:
        fault = bad_query(str(error))
        line, column = place(text, start)
        moved = len(failing) if fault.line == line and fault.column and fault.column > column else 0
        raise BadQueryError(fault.reason, fault.line, fault.column - moved if fault.column else None) from error
    except RuntimeError:
        return


def _wheres(text: str, plain: Sequence[Token]) -> Iterator[tuple[str, Token, str]]:
    """Each WHERE outside braces, with the keyword before it and the text of the group after it."""
    for index, token in enumerate(plain):
        if token.keyword != "WHERE":
            continue
        before = plain[index - 1].keyword if index else ""
        braces = [brace for brace in plain[index + 1 : index + 3] if brace.text in {"{", "}"}]
        group = text[braces[0].start : braces[1].end] if len(braces) == 2 else ""
        yield before, token, group
