"""The text of a query, turned into its form, whether it names its graphs, and how deep its brackets nest."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Literal

from graph.errors import BadQueryError
from graph.sparql.tokens import tokens

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_GAP = r"(?:[ \t\r\n]|#[^\r\n]*+)*+"
_IRI = r"<[^<>\"{}|^`\x00-\x20]*+>"
_FLAGS = re.IGNORECASE | re.ASCII | re.DOTALL

_PROLOGUE = re.compile(
    rf"{_GAP}(?:(?:BASE{_GAP}{_IRI}|PREFIX{_GAP}[^\s:<]*+:{_GAP}{_IRI}|VERSION{_GAP}(?:\"[^\"\r\n]*+\"|'[^'\r\n]*+')){_GAP})*+", _FLAGS
)
_FORM = re.compile(r"SELECT|ASK|CONSTRUCT|DESCRIBE", _FLAGS)


def form(text: str) -> Form | None:
    """The form of a query, None where the text begins as no query does.

    >>> form("# one\\nPREFIX a: <http://a#> select * {}")
    'SELECT'
    """
    prologue = _PROLOGUE.match(text)
    keyword = _FORM.match(text, prologue.end() if prologue else 0)
    match keyword[0].upper() if keyword else "":
        case "SELECT" | "ASK" | "CONSTRUCT" | "DESCRIBE" as known:
            return known
    return None


def names_graphs(text: str) -> bool:
    """Whether a query says itself which graphs it reads (FROM, FROM NAMED).

    >>> names_graphs("SELECT * FROM <http://a> { ?s ?p 'FROM <b>' }"), names_graphs("ASK { ?from ?p ?o }")
    (True, False)
    """
    if "from" not in text.lower():
        return False
    try:
        return any(token.depth == 0 and token.keyword in {"FROM", "FROMNAMED"} for token in tokens(text))
    except BadQueryError:
        # Read in one way only, where the engine may know another: it says what is wrong, if anything is.
        return False


_STEPS = bytes.maketrans(b"{([})]", b"\x01\x01\x01\xff\xff\xff")
"""What a bracket adds to the depth, as signed bytes;"""
_OTHERS = bytes(set(range(256)) - set(b"{([})]"))
"""and what is no bracket."""


def check_depth(text: str, most: int = 2000) -> None:
    """Raises where brackets nest deeper than the engine's parser, which is recursive, can go."""
    if text.count("{") + text.count("(") + text.count("[") <= most:
        return
    brackets = text.encode("utf-8", "replace").translate(_STEPS, _OTHERS)
    if max(accumulate(memoryview(brackets).cast("b")), default=0) > most:
        raise BadQueryError(f"brackets nest deeper than {most} levels")
