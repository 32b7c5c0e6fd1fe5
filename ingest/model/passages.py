"""Parts of a document's text -> passages that know line, column, heading and page, and the evidence nodes that point into them.

A passage is a run of the document's own characters; evidence gives offsets in code points of the passage, so that
``text(passage)[start:end]`` is the quote and ``offset(passage) + start`` its place in the document.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from pyoxigraph import Literal, NamedNode, Triple

from ingest.model.document import Document, Table, Text
from ontology import terms
from ontology.names import DCTERMS, TYPE, XSD

_WIDEST_CELL = 600
"""Units further apart than this do not stand in one cell."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The characters of a document from ``start`` to ``end``."""

    node: NamedNode
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of one document, each once. ``met`` has the printed head of the column, where there is one."""

    document: Document
    base: str
    lines: Sequence[int]
    pages: Sequence[tuple[int, int]]
    met: dict[Passage, str | None] = field(default_factory=dict)

    def of(self, text: Text, heading: str | None = None) -> Passage:
        """The passage in which a text stands, from its first character to its last."""
        passage = Passage(NamedNode(f"{self.base}/passage/{min(text.at)}-{max(text.at) + 1}"), min(text.at), max(text.at) + 1)
        if heading is not None or passage not in self.met:
            self.met[passage] = heading or self.met.get(passage)
        return passage

    def around(self, texts: Sequence[Text], heading: str | None) -> list[Passage]:
        """For each text the passage of its cell: all of them where they stand close together, else its own."""
        if not texts:
            return []
        start, end = min(text.start for text in texts), max(text.end for text in texts)
        if end - start > _WIDEST_CELL:
            return [self.of(text, heading) for text in texts]
        cell = self.of(Text(self.document.text[start:end], range(start, end)), heading)
        return [cell] * len(texts)

    def triples(self, notice: NamedNode) -> Iterator[Triple]:
        """What the graph says about the passages met."""
        for passage, heading in self.met.items():
            line = bisect_right(self.lines, passage.start)
            yield Triple(passage.node, TYPE, terms.Passage)
            yield Triple(passage.node, terms.text, Literal(self.document.text[passage.start : passage.end]))
            yield Triple(passage.node, terms.offset, integer(passage.start))
            yield Triple(passage.node, terms.line, integer(line))
            yield Triple(passage.node, terms.column, integer(passage.start - self.lines[line - 1] + 1))
            yield Triple(passage.node, DCTERMS["isPartOf"], notice)
            if heading:
                yield Triple(passage.node, terms.heading, Literal(heading, language="zh"))
            page = bisect_right(self.pages, (passage.start, 10**9))
            if page:
                yield Triple(passage.node, terms.page, integer(self.pages[page - 1][1]))
            yield from self._recognised(passage)

    def _recognised(self, passage: Passage) -> Iterator[Triple]:
        """Where on its pages a passage stands that was recognised, and how sure that was."""
        found = self.document.places
        first = bisect_right(found, passage.start, key=lambda place: place.end)
        met = list(takewhile(lambda place: place.start < passage.end, found[first:]))
        for place in met:
            yield Triple(passage.node, terms.pageFragment, Literal(place.fragment))
        if met:
            least = min(place.sure for place in met)
            yield Triple(passage.node, terms.recognitionConfidence, Literal(f"{least:.2f}", datatype=XSD["decimal"]))


def passages(document: Document, base: str) -> Passages:
    """The passages of a document, none met yet; ``base`` is the IRI of its notice."""
    known = places(document)
    return Passages(document, base, known.lines, known.pages)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the lines and the pages of a document begin."""

    lines: Sequence[int]
    pages: Sequence[tuple[int, int]]

    def line(self, offset: int) -> int:
        """The line, from 1, on which a character stands."""
        return bisect_right(self.lines, offset)

    def page(self, offset: int) -> int | None:
        """The page on which a character stands, where the format has pages."""
        place = bisect_right(self.pages, (offset, 10**9))
        return self.pages[place - 1][1] if place else None


def places(document: Document) -> Places:
    """Where the lines and the pages of a document begin."""
    return Places([0, *(i + 1 for i, character in enumerate(document.text) if character == "\n")], _pages(document))


def _pages(document: Document) -> list[tuple[int, int]]:
    """Where the blocks begin whose page is known, and that page."""
    pages: list[tuple[int, int]] = []
    for block in document.blocks:
        text = next((p for cell in block.cells for p in cell.paragraphs if p), None) if isinstance(block, Table) else block.text
        if block.page is not None and text:
            pages.append((text.start, block.page))
    return sorted(pages)


def evidence(node: NamedNode, class_: NamedNode, passage: Passage, text: Text, known: Passages) -> Iterator[Triple]:
    """A node of a class of ``zc:Evidence``: which characters of which passage."""
    start, end = min(text.at), max(text.at) + 1
    yield Triple(node, TYPE, class_)
    yield Triple(node, terms.passage, passage.node)
    yield Triple(node, terms.start, integer(start - passage.start))
    yield Triple(node, terms.end, integer(end - passage.start))
    yield Triple(node, terms.quote, Literal(known.document.text[start:end]))


def integer(value: int) -> Literal:
    """The number as xsd:integer."""
    return Literal(str(value), datatype=XSD["integer"])
