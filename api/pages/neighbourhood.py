"""What stands near a thing, by its facts and by its tasks, turned into a small drawing of it with its neighbours around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from api.pages.about import About
from api.pages.labels import LabelIndex
from api.pages.task_filters import TaskLine
from api.pages.wording import address, kind_of, local

_FACTS = 8
_TASKS = 9
WIDTH, HEIGHT = 820, 430


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing near by: through a property, or through a number of tasks that both have."""

    thing: str
    property: str
    backwards: bool
    tasks: int


@dataclass(frozen=True, slots=True)
class Node:
    """A neighbour in the drawing: where it is, how it is written, where its words begin."""

    x: float
    y: float
    label: str
    title: str
    href: str
    kind: str
    anchor: str
    dashed: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A thing in the middle and its neighbours around it."""

    width: int
    height: int
    label: str
    nodes: tuple[Node, ...]


def neighbours(thing: str, said: About, tasks: Sequence[TaskLine]) -> tuple[Neighbour, ...]:
    """The things that facts lead to, and those that share most tasks with it; each once."""
    found = list(_by_facts(thing, said))[:_FACTS]
    known = {thing, *(neighbour.thing for neighbour in found)}
    counts = Counter(
        other for line in tasks for facet in ("unit", "industry", "theme", "platform") for other in line.values[facet] if other not in known
    )
    shared = [Neighbour(other, "", backwards=False, tasks=count) for other, count in counts.most_common(_TASKS)]
    return (*found, *shared)


def _by_facts(thing: str, said: About) -> Iterator[Neighbour]:
    seen = {thing}
    for fact in sorted(said.facts, key=lambda fact: (len(fact.values), fact.property)):
        for value in fact.values:
            if kind_of(value.value) not in {"", "term"} and value.value not in seen:
                seen.add(value.value)
                yield Neighbour(value.value, fact.property, fact.backwards, 0)


def drawing(label: str, near: Sequence[Neighbour], labels: LabelIndex, language: str) -> Drawing:
    """The neighbours on two sides, by facts at the right and by tasks at the left, words outwards."""
    most = max([neighbour.tasks for neighbour in near] or [1]) or 1
    sides = ([neighbour for neighbour in near if neighbour.property], [neighbour for neighbour in near if not neighbour.property])
    if not all(sides):
        sides = (list(near[::2]), list(near[1::2]))
    nodes = []
    for side, toward in zip(sides, (1, -1), strict=True):
        for place, neighbour in enumerate(side):
            x, y = _place(place, len(side))
            name = labels.name(neighbour.thing, language)
            relation = labels.name(neighbour.property, language) if neighbour.property else str(neighbour.tasks)
            nodes.append(
                Node(
                    x=round(WIDTH / 2 + toward * x, 1),
                    y=round(HEIGHT / 2 + y, 1),
                    label=brief(name, 30),
                    title=f"{name} · {relation}",
                    href=address(language, local(neighbour.thing)),
                    kind=kind_of(neighbour.thing),
                    anchor="start" if toward > 0 else "end",
                    dashed=not neighbour.property,
                    weight=round(1 + 3 * neighbour.tasks / most, 1),
                )
            )
    return Drawing(WIDTH, HEIGHT, brief(label, 30), tuple(nodes))


def _place(place: int, count: int) -> tuple[float, float]:
    """Where one of ``count`` neighbours is on its side of the middle: evenly spread downwards, so that no words overlap."""
    rise = (2 * (place + 0.5) / count - 1) if count > 1 else 0.0
    return 60 + 130 * sqrt(1 - rise**2), rise * (HEIGHT / 2 - 10)


def shortened(name: str, columns: int = 26) -> str:
    """A name that is not wider than so many columns of Latin letters; a Chinese character takes two.

    >>> shortened("低空航空器适航审定检测中心", 12)
    '低空航空器…'
    """
    width = 0
    for place, character in enumerate(name):
        width += 1 if character.isascii() else 2
        if width > columns:
            return name[: max(1, place - 1)].rstrip() + "…"
    return name


def brief(name: str, columns: int) -> str:
    """The name of a unit as a drawing has room for it.

    >>> brief("上海市经济和信息化委员会", 24), brief("Shanghai Municipal Public Security Bureau", 24)
    ('经济和信息化委员会', 'Public Security Bureau')
    """
    for start in ("上海市", "Shanghai Municipal "):
        name = name.removeprefix(start) or name
    return shortened(name.removesuffix(" of Shanghai Municipality").removesuffix(", Shanghai"), columns)
