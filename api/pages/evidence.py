"""Passages and the evidence in them, turned into text cut at the marks: each cut knows the evidence that covers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import NamedNode

from api.pages.wording import kind_of
from ontology import terms
from ontology.names import TYPE

Rows = Iterable[Mapping[str, object]]

_KINDS = {
    terms.Mention: "mention",
    terms.Quantity: "quantity",
    terms.Milestone: "milestone",
    terms.Responsibility: "unit",
    terms.Deadline: "deadline",
    terms.Reference: "reference",
    terms.Statement: "statement",
}


@dataclass(frozen=True, slots=True)
class TextPiece:
    """One piece of evidence: characters of a passage and what they are read as."""

    node: str
    kind: str
    passage: str
    start: int
    end: int
    quote: str
    values: Mapping[str, tuple[str, ...]]

    def first(self, property: NamedNode) -> str:
        """The first value of a property; nothing where it has none."""
        return next(iter(self.values.get(property.value, ())), "")

    @property
    def thing(self) -> str:
        """What the characters refer to, or the unit they name."""
        return self.first(terms.refersTo) or self.first(terms.bearer)

    @property
    def look(self) -> str:
        """The kind that decides how it is marked: of a mention the kind of its thing."""
        return kind_of(self.thing) if self.kind == "mention" else self.kind


@dataclass(frozen=True, slots=True)
class TextCut:
    """Some characters of a passage and the evidence that covers all of them, the shortest first."""

    text: str
    start: int
    pieces: tuple[TextPiece, ...] = ()


def pieces(rows: Rows) -> tuple[TextPiece, ...]:
    """The evidence in reading order, from rows with ``evidence``, ``property``, ``value``; statements are left out."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        values = found.setdefault(str(row["evidence"]), {}).setdefault(str(row["property"]), [])
        if str(row["value"]) not in values:
            values.append(str(row["value"]))
    made = (_piece(node, {name: tuple(values) for name, values in of.items()}) for node, of in found.items())
    return tuple(
        sorted((piece for piece in made if piece.kind not in {"", "statement"}), key=lambda p: (p.passage, p.start, p.end, p.node))
    )


def _piece(node: str, values: Mapping[str, tuple[str, ...]]) -> TextPiece:
    types = set(values.get(TYPE.value, ()))
    kind = next((kind for term, kind in _KINDS.items() if term.value in types), "")

    def one(property: NamedNode) -> str:
        return next(iter(values.get(property.value, ())), "")

    return TextPiece(node, kind, one(terms.passage), int(one(terms.start) or 0), int(one(terms.end) or 0), one(terms.quote), values)


def cuts(text: str, marks: Sequence[TextPiece], start: int = 0) -> Iterator[TextCut]:
    """The text cut wherever a mark begins or ends; ``start`` is where the text begins in the passage.

    >>> [cut.text for cut in cuts("推进低空航空", ())]
    ['推进低空航空']
    """
    end = start + len(text)
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    places = sorted({start, end, *(min(max(place, start), end) for mark in inside for place in (mark.start, mark.end))})
    for left, right in pairwise(places):
        over = sorted((mark for mark in inside if mark.start <= left and right <= mark.end), key=lambda mark: mark.end - mark.start)
        yield TextCut(text[left - start : right - start], left, tuple(over))
