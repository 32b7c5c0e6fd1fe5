"""The tasks of a notice, turned into those nearest to one of them, each with the reasons, the most specific first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from pyoxigraph import NamedNode

from api.pages.labels import LabelIndex
from ontology import terms

_ORDER = {
    property.value: place for place, property in enumerate((terms.mentions, terms.involvesIndustry, terms.hasTheme, terms.concernsPlace))
}
"""A thing named in both is a better reason than the industry it belongs to."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that both tasks have; ``tasks`` is how many tasks of the notice have it."""

    property: str
    shared: str
    tasks: int


@dataclass(frozen=True, slots=True)
class Related:
    """Another task and what it shares."""

    task: str
    number: str
    text: str
    reasons: tuple[Reason, ...]
    group: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """The tasks of one notice, by IRI the values of each property."""

    tasks: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]]) -> Beside:
        """From rows with ``other``, ``property``, ``value``."""
        found: dict[str, dict[str, list[str]]] = {}
        for row in rows:
            found.setdefault(str(row["other"]), {}).setdefault(str(row["property"]), []).append(str(row["value"]))
        return cls({task: {name: tuple(values) for name, values in of.items()} for task, of in found.items()})

    def first(self, task: str, property: NamedNode) -> str:
        """The first value of a property of a task."""
        return next(iter(self.tasks[task].get(property.value, ())), "")

    def next(self, task: str, step: int) -> str:
        """The task that stands so many places after it, or before it."""
        ordered = sorted(self.tasks, key=lambda other: int(self.first(other, terms.position) or 0))
        place = ordered.index(task) + step
        return ordered[place] if 0 <= place < len(ordered) else ""


def related(task: str, beside: Beside, labels: LabelIndex, most: int = 8) -> tuple[Related, ...]:
    """The nearest tasks. What few tasks share weighs more; a name counts once, however it is shared."""
    own = {property: set(beside.tasks[task].get(property, ())) for property in _ORDER}
    counts = Counter((property, value) for of in beside.tasks.values() for property in _ORDER for value in set(of.get(property, ())))
    nearest = []
    for other, of in beside.tasks.items():
        shared = (
            Reason(property, value, counts[property, value])
            for property, values in own.items()
            for value in values & set(of.get(property, ()))
        )
        reasons: dict[str, Reason] = {}
        for reason in sorted(shared, key=_key):
            reasons.setdefault(labels.name(reason.shared), reason)
        weight = sum(log((len(beside.tasks) + 1) / reason.tasks) for reason in reasons.values())
        if other != task and weight > 0:
            nearest.append((-weight, other, tuple(sorted(reasons.values(), key=_key))))
    group = beside.first(task, terms.inGroup)
    return tuple(
        Related(
            other,
            beside.first(other, terms.number),
            beside.first(other, terms.text),
            why,
            beside.first(other, terms.inGroup) == group != "",
        )
        for _, other, why in sorted(nearest)[:most]
    )


def _key(reason: Reason) -> tuple[int, int, str]:
    return reason.tasks, _ORDER[reason.property], reason.shared
