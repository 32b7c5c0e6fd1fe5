"""The main classes and the properties between them, turned into a drawing: boxes at fixed places, lines as the axioms say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ontology.names import DEF

_PLACES = {
    "Plan": (0, 0),
    "Notice": (0, 1),
    "TaskGroup": (0, 2),
    "Target": (0, 3.4),
    "Responsibility": (1, 0),
    "Task": (1, 1),
    "Commitment": (1, 2.2),
    "Passage": (1, 3.8),
    "Evidence": (1, 5),
    "Role": (2, 0),
    "Deadline": (2, 1),
    "Quantity": (2, 3.2),
    "Milestone": (2, 4.1),
    "Mention": (2, 5),
    "Industry": (3, 1.1),
    "Theme": (3, 2),
    "Place": (3, 2.9),
    "Action": (3, 4.1),
    "Grade": (0, 4.6),
}
"""Columns and rows."""
_ACROSS, _DOWN, _WIDTH, _HEIGHT, _EDGE = 250, 92, 150, 44, 12


@dataclass(frozen=True, slots=True)
class DiagramBox:
    """A class: where its box is, what it says."""

    key: str
    label: str
    x: float
    y: float
    width: int = _WIDTH
    height: int = _HEIGHT


@dataclass(frozen=True, slots=True)
class DiagramLine:
    """Properties from one box to another, or (``broader``) a class below another."""

    label: str
    x1: float
    y1: float
    x2: float
    y2: float
    broader: bool
    inferred: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """All boxes and lines."""

    width: int
    height: int
    boxes: tuple[DiagramBox, ...]
    lines: tuple[DiagramLine, ...]


class Drawn(Protocol):
    """What is drawn of a class or a property."""

    @property
    def iri(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def labels(self) -> Mapping[str, str]: ...
    @property
    def broader(self) -> tuple[str, ...]: ...
    @property
    def domain(self) -> tuple[str, ...]: ...
    @property
    def range(self) -> tuple[str, ...]: ...
    @property
    def chains(self) -> tuple[tuple[str, ...], ...]: ...


def diagram(found: Iterable[Drawn], language: str) -> Diagram:
    """The drawing of the classes that have a place, and of what lies between two of them."""
    entries = tuple(found)
    boxes = {
        entry.key: DiagramBox(entry.key, entry.labels.get(language, entry.key), _EDGE + column * _ACROSS, _EDGE + row * _DOWN)
        for entry in entries
        if entry.key in _PLACES
        for column, row in (_PLACES[entry.key],)
    }
    width = max(int(box.x) + _WIDTH for box in boxes.values()) + _EDGE
    height = max(int(box.y) + _HEIGHT for box in boxes.values()) + _EDGE
    return Diagram(width, height, tuple(boxes.values()), tuple(_lines(entries, boxes, language)))


def _lines(entries: tuple[Drawn, ...], boxes: dict[str, DiagramBox], language: str) -> Iterator[DiagramLine]:
    between: dict[tuple[str, str, bool], list[str]] = {}
    for entry in entries:
        for start in map(_key, entry.domain):
            for end in map(_key, entry.range):
                if start in boxes and end in boxes and start != end:
                    between.setdefault((start, end, bool(entry.chains)), []).append(entry.labels.get(language, entry.key))
        for end in map(_key, entry.broader if entry.kind == "class" else ()):
            if entry.key in boxes and end in boxes:
                yield _line("", boxes[entry.key], boxes[end], broader=True)
    for (start, end, inferred), labels in between.items():
        yield _line(" / ".join(labels), boxes[start], boxes[end], inferred=inferred)


def _line(label: str, start: DiagramBox, end: DiagramBox, *, broader: bool = False, inferred: bool = False) -> DiagramLine:
    x1, y1 = _edge(start, end)
    x2, y2 = _edge(end, start)
    return DiagramLine(label, x1, y1, x2, y2, broader, inferred)


def _edge(box: DiagramBox, towards: DiagramBox) -> tuple[float, float]:
    """Where the line from the middle of a box to that of another leaves the box."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    dx, dy = towards.x + towards.width / 2 - x, towards.y + towards.height / 2 - y
    scale = min(box.width / 2 / abs(dx) if dx else 9, box.height / 2 / abs(dy) if dy else 9)
    return round(x + dx * scale, 1), round(y + dy * scale, 1)


def _key(iri: str) -> str:
    return iri.removeprefix(DEF)
