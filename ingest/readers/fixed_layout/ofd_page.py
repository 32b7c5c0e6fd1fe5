"""The objects of a page of an OFD file -> characters and ruling lines in points, from the upper left corner of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import hypot
from typing import NamedTuple
from unicodedata import east_asian_width

from ingest.errors import TooLargeError
from ingest.limits import ReadLimits
from ingest.readers.archives.zip_parts import Element
from ingest.readers.fixed_layout.page_layout import Edge, edge_of
from ingest.readers.fixed_layout.text_lines import Character

_POINTS = 72 / 25.4  # in a millimetre
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?")
_STEP = re.compile(r"([SMLQBAC])([^SMLQBAC]*)")
_ABOVE, _BELOW = 0.86, 0.14
"""Of the size of type, how much stands above the line on which it is written and how much below."""
_STRAIGHT = 0.5  # points by which the ends of a ruling line may be out of line
_FARTHEST = 100_000.0  # points; what is drawn farther away is on no page
_DEEPEST = 20
_MOST_CHARACTERS, _MOST_EDGES = 60_000, 20_000


class _Matrix(NamedTuple):
    """Where a point of an object stands on its page: a b c d e f as OFD writes them."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def inside(self, outer: _Matrix) -> _Matrix:
        """This one, then the one around it."""
        return _Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )


def local(root: Element, name: str) -> Iterator[Element]:
    """The elements below a root by their names alone: writers of OFD use several namespaces, or none."""
    return (element for element in root.iter() if _name(element) == name)


def page_box(box: Element) -> tuple[float, float]:
    """The upper left corner of a page."""
    x, y = _numbers(box.text or "")[:2]
    return x, y


class OfdMarks:
    """What is drawn on one page: ``characters``, ``edges``, and how many ``pictures`` and curved ``shapes`` besides."""

    def __init__(self, name: str, units: Mapping[str, Element], corner: tuple[float, float], limits: ReadLimits) -> None:
        self.characters: list[Character] = []
        self.edges: list[Edge] = []
        self.pictures = self.shapes = 0
        self._name, self._units, self._left = name, units, limits.elements
        self._page = _Matrix(_POINTS, 0.0, 0.0, _POINTS, -corner[0] * _POINTS, -corner[1] * _POINTS)

    def add(self, page: Element) -> None:
        """What the layers of a page, or of a template, draw."""
        for layer in local(page, "Layer"):
            self._draw(layer, self._page, 0)

    def _draw(self, parent: Element, matrix: _Matrix, depth: int) -> None:
        if depth > _DEEPEST:
            raise TooLargeError(self._name, "其元素嵌套过深", "its elements are nested deeper than is read")
        for element in parent:
            self._left -= 1
            if self._left < 0:
                raise TooLargeError(self._name, "其 XML 的标签超过可读的数目", "its XML has more tags than are read")
            kind = _name(element)
            if element.get("Visible", "true") == "false":
                continue
            if kind == "TextObject":
                self._text(element, _placed(element, matrix))
            elif kind == "PathObject":
                self._path(element, _placed(element, matrix))
            elif kind == "ImageObject":
                self.pictures += 1
            elif kind == "CompositeObject" and element.get("ResourceID") in self._units:
                for content in local(self._units[element.get("ResourceID")], "Content"):
                    self._draw(content, _placed(element, matrix), depth + 1)
            elif kind == "PageBlock":
                self._draw(element, matrix, depth + 1)

    def _text(self, element: Element, matrix: _Matrix) -> None:
        size = float(element.get("Size") or element.get("size") or 0)
        wide = float(element.get("HScale", "1"))
        height = size * hypot(matrix.c, matrix.d)
        x = y = 0.0
        for code in element:
            if _name(code) != "TextCode":
                continue
            x, y = float(code.get("X", x)), float(code.get("Y", y))
            value = code.text or ""
            across, down = _steps(code.get("DeltaX", ""), len(value)), _steps(code.get("DeltaY", ""), len(value))
            at, under = x, y
            for i, character in enumerate(value):
                width = size * wide * (1.0 if east_asian_width(character) in "WFA" else 0.5)
                self._character(character, matrix.at(at, under), matrix.at(at + width, under), height)
                at += across[i] if i < len(across) else width if not down else 0.0
                under += down[i] if i < len(down) else 0.0
        if len(self.characters) > _MOST_CHARACTERS:
            raise self._too_many()

    def _character(self, value: str, start: tuple[float, float], end: tuple[float, float], height: float) -> None:
        x0, x1 = min(start[0], end[0]), max(start[0], end[0])
        if (value.strip() or value == " ") and _on_page(x0, x1, start[1], height):
            self.characters.append(Character(value, x0, start[1] - _ABOVE * height, x1, start[1] + _BELOW * height, height))

    def _path(self, element: Element, matrix: _Matrix) -> None:
        if element.get("Stroke", "true") == "false" and element.get("Fill", "false") == "false":
            return
        for data in element:
            if _name(data) == "AbbreviatedData":
                self._shape(data.text or "", matrix)

    def _shape(self, data: str, matrix: _Matrix) -> None:
        start = at = (0.0, 0.0)
        for step in _STEP.finditer(data):
            values = _numbers(step.group(2))
            kind = step.group(1)
            if kind == "C":
                to = start
            elif len(values) >= 2:
                to = (values[-2], values[-1])
            else:
                continue
            if kind in "LC":
                self._edge(matrix.at(*at), matrix.at(*to))
            elif kind in "QBA":
                self.shapes += 1
            elif kind in "MS":
                start = to
            at = to

    def _edge(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x0, x1), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        way = "h" if bottom - top < _STRAIGHT <= x1 - x0 else "v" if x1 - x0 < _STRAIGHT <= bottom - top else None
        if way is None or not _on_page(x0, x1, top, bottom):
            return
        if way == "h":
            top = bottom = (top + bottom) / 2
        else:
            x0 = x1 = (x0 + x1) / 2
        self.edges.append(edge_of(way, x0, top, x1, bottom))
        if len(self.edges) > _MOST_EDGES:
            raise self._too_many()

    def _too_many(self) -> TooLargeError:
        return TooLargeError(self._name, "有一页的标记超过可读的数目", "one of its pages holds more marks than are read")


def _name(element: Element) -> str:
    tag: str = element.tag
    return tag.rpartition("}")[2]


def _on_page(*places: float) -> bool:
    """Whether these can be places on a page; what is no number is none."""
    return all(abs(place) < _FARTHEST for place in places)


def _placed(element: Element, matrix: _Matrix) -> _Matrix:
    """Where the points of an object stand: by its own matrix, then from the corner of its boundary."""
    corner = _numbers(element.get("Boundary", "0 0 0 0"))
    own = _numbers(element.get("CTM", ""))
    inner = _Matrix(*own[:6]) if len(own) >= 6 else _Matrix()
    return inner.inside(_Matrix(e=corner[0], f=corner[1])).inside(matrix)


def _numbers(value: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(value)]


def _steps(value: str, most: int) -> Sequence[float]:
    """The distances from each character to the next: as they are, or ``g`` with how often and how far.

    >>> _steps("g 3 2.5 4", 9), _steps("3.5 3", 9)
    ([2.5, 2.5, 2.5, 4.0], [3.5, 3.0])
    """
    steps: list[float] = []
    parts = iter(value.split())
    for part in parts:
        if part == "g":
            times, step = next(parts, "0"), next(parts, "0")
            steps.extend([float(step)] * min(int(float(times)), most))
        else:
            steps.append(float(part))
    return steps
