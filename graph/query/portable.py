"""A query of the service's own for an engine elsewhere, turned into one that all engines answer alike, and the answer back.

Besides lists (``joined_lists``) engines differ in two things. Some refuse to order more than ten thousand rows where the query has a
LIMIT, so that a large one is left out of the text and the rows beyond it out of the answer. Some name blank nodes as no parser of RDF
reads them (``nodeID://b1``, which SPARQL 1.1 Query Results JSON, 3.2.2, allows): each gets a label that says the same in letters.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from graph.query.group_concat import JoinedList, rejoined, separated
from graph.sparql.tokens import tokens

_SORTED = 10_000
"""So many rows every known engine orders under a LIMIT."""
_LABEL = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class PortableQuery:
    """A query as it is sent, with what its answer still needs."""

    text: str
    lists: tuple[JoinedList, ...] = ()
    most: int | None = None
    """The rows that are kept; None for all."""

    def answer(self, results: bytes) -> bytes:
        """The SPARQL JSON results of ``text`` as those of the query that it was made from."""
        return rejoined(self._kept(results), self.lists)

    def _kept(self, results: bytes) -> bytes:
        """The rows that are kept, with blank nodes that can be read."""
        if self.most is None and b'"bnode"' not in results:
            return results
        read: dict[str, Any] = json.loads(results)
        rows = read.get("results", {}).get("bindings", [])[: self.most]
        for row in rows:
            for term in row.values():
                if term.get("type") == "bnode":
                    term["value"] = _label(term["value"])
        if "results" in read:
            read["results"]["bindings"] = rows
        return json.dumps(read, ensure_ascii=False).encode()


def portable(text: str) -> PortableQuery:
    """The query for an engine elsewhere.

    >>> portable("SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 20000").text
    'SELECT ?s { ?s ?p ?o } ORDER BY ?s '
    """
    asked, lists = separated(text)
    outer = [token for token in tokens(asked) if token.depth == 0 and token.keyword in {"ORDER", "LIMIT", "OFFSET"}]
    written = asked[outer[-1].end :].strip() if outer else ""
    if [token.keyword for token in outer] == ["ORDER", "LIMIT"] and written.isascii() and written.isdigit() and int(written) > _SORTED:
        return PortableQuery(asked[: outer[-1].start], lists, int(written))
    return PortableQuery(asked, lists)


def _label(value: str) -> str:
    """A label of a blank node that RDF's syntaxes can write; two that differ become two that differ.

    >>> _label("b1"), _label("nodeID://b1")
    ('b1', 'x_6e6f646549443a2f2f6231')
    """
    return value if _LABEL.fullmatch(value) else f"x_{value.encode().hex()}"
