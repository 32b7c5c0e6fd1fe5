"""The tasks of a list, counted and placed: bars of units, a grid of groups by industries, a network of units that share tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import sqrt

from api.pages.labels import LabelIndex
from api.pages.neighbourhood import brief
from api.pages.task_filters import TaskLine, short
from api.pages.wording import address
from ontology.names import ID

_COLUMNS = 26
_ROWS = 40
_NODES = 30
_WIDTH, _HEIGHT = 1000, 660


@dataclass(frozen=True, slots=True)
class Bar:
    """A unit with the number of its tasks, and of those where it is listed first."""

    thing: str
    label: str
    title: str
    tasks: int
    first: int
    href: str


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of the grid, by the numbers of its row and its column."""

    row: int
    column: int
    tasks: int
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Groups by industries; ``rows`` and ``columns`` are (thing, name)."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    squares: tuple[Square, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A unit in the network."""

    thing: str
    label: str
    title: str
    tasks: int
    x: float
    y: float
    radius: float
    anchor: str
    href: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Two units that share tasks."""

    one: Spot
    other: Spot
    tasks: int
    path: str
    href: str


@dataclass(frozen=True, slots=True)
class Network:
    """Units and what ties them; ``left_out`` units with few tasks are not drawn."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    ties: tuple[Tie, ...]
    left_out: int


def load(tasks: Sequence[TaskLine], labels: LabelIndex, language: str) -> tuple[Bar, ...]:
    """The units, most tasks first."""
    counts = Counter(unit for line in tasks for unit in line.units)
    firsts = Counter(line.units[0] for line in tasks if line.units)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], -firsts[pair[0]], pair[0]))
    return tuple(
        Bar(
            unit, brief(labels.name(unit, language), 44), labels.name(unit, language), count, firsts[unit], _tasks(language, ("unit", unit))
        )
        for unit, count in ranked
    )


def heat(tasks: Sequence[TaskLine], top: Iterable[str], labels: LabelIndex, language: str) -> Heat:
    """Groups in their order by the ``top`` industries, most tasks first."""
    wanted = set(top)
    groups = list(dict.fromkeys(group for line in tasks for group in sorted(line.values["group"])))
    if len(groups) > _ROWS:
        involved = [line for line in tasks if line.values["industry"] & wanted]
        groups = list(dict.fromkeys(group for line in involved for group in sorted(line.values["group"])))[:_ROWS]
    totals = Counter(industry for line in tasks for industry in line.values["industry"] if industry in wanted)
    columns = [industry for industry, _ in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:_COLUMNS]]
    kept = (set(groups), set(columns))
    counts = Counter(pair for line in tasks for pair in product(line.values["group"] & kept[0], line.values["industry"] & kept[1]))
    squares = tuple(
        Square(
            groups.index(group),
            columns.index(industry),
            count,
            _tasks(language, ("group", group), ("industry", industry)),
            f"{labels.name(group, language)} · {labels.name(industry, language)}",
        )
        for (group, industry), count in sorted(counts.items())
    )
    named = [tuple((thing, labels.name(thing, language)) for thing in things) for things in (groups, columns)]
    return Heat(named[0], named[1], squares, max([square.tasks for square in squares] or [1]))


def network(tasks: Sequence[TaskLine], labels: LabelIndex, language: str) -> Network:
    """The busiest units and the tasks that they share, in a ring where those with much in common stand near each other."""
    counts = Counter(unit for line in tasks for unit in set(line.units))
    units = [unit for unit, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
    shown = units[:_NODES]
    pairs = Counter(pair for line in tasks for pair in combinations(sorted(set(line.units) & set(shown)), 2))
    shown = around([unit for unit in shown if any(unit in pair for pair in pairs)], pairs)
    most = max(counts.values(), default=1)
    spots = {}
    for place, unit in enumerate(shown):
        name = labels.name(unit, language)
        x, y, anchor = _place(place, len(shown))
        radius = round(4 + 12 * sqrt(counts[unit] / most), 1)
        spots[unit] = Spot(unit, brief(name, 40), name, counts[unit], x, y, radius, anchor, _tasks(language, ("unit", unit)))
    ties = [
        Tie(spots[one], spots[other], count, _bend(spots[one], spots[other]), _shared(language, one, other))
        for (one, other), count in sorted(pairs.items(), key=lambda pair: pair[1])
    ]
    return Network(_WIDTH, _HEIGHT, tuple(spots.values()), tuple(ties), len(units) - len(shown))


def around(units: Sequence[str], pairs: Counter[tuple[str, str]]) -> list[str]:
    """The units in a ring, each beside one with which it shares much; the same tasks give the same ring."""
    left = list(units)
    ring = [left.pop(0)] if left else []
    while left:
        last = ring[-1]
        ring.append(max(left, key=lambda unit: (pairs[min(unit, last), max(unit, last)], -units.index(unit))))
        left.remove(ring[-1])
    return ring


def _place(place: int, count: int) -> tuple[float, float, str]:
    """Where the unit at a place of the ring is, and to which side its name goes: evenly spread downwards, so that no names overlap."""
    half = -(-count // 2)
    right = place < half
    step = place if right else count - 1 - place
    rise = 2 * (step + 0.5) / (half if right else max(1, count - half)) - 1
    reach = 60 + 150 * sqrt(max(0.0, 1 - rise**2))
    return (
        round(_WIDTH / 2 + (reach if right else -reach), 1),
        round(_HEIGHT / 2 + rise * (_HEIGHT / 2 - 8), 1),
        "start" if right else "end",
    )


def _bend(one: Spot, other: Spot) -> str:
    """A curve from one to the other that leans to the middle."""
    x, y = ((one.x + other.x) / 2 + _WIDTH / 2) / 2, ((one.y + other.y) / 2 + _HEIGHT / 2) / 2
    return f"M{one.x:g} {one.y:g}Q{x:.1f} {y:.1f} {other.x:g} {other.y:g}"


def _tasks(language: str, *pairs: tuple[str, str]) -> str:
    return address(language, "/tasks", [(facet, short(facet, value)) for facet, value in pairs])


def _shared(language: str, one: str, other: str) -> str:
    return address(language, "/queries/tasks-shared-by-units", [("unit", one.removeprefix(ID)), ("other", other.removeprefix(ID))])
