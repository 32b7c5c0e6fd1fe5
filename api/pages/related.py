"""What tasks share, one a row, turned into the tasks nearest to one, each with the reasons, the most specific first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from api.pages.labels import Labels
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


def related(rows: Iterable[Mapping[str, object]], labels: Labels, most: int = 8) -> tuple[Related, ...]:
    """The nearest tasks. What few tasks share weighs more; a name counts once, however it is shared."""
    found = list(rows)
    counts = Counter((str(row["property"]), str(row["shared"])) for row in found)
    total = len({str(row["other"]) for row in found}) + 1
    reasons: dict[str, dict[str, Reason]] = {}
    about: dict[str, tuple[str, str]] = {}
    grouped: set[str] = set()
    for row in found:
        other, property, shared = str(row["other"]), str(row["property"]), str(row["shared"])
        about[other] = (str(row["number"]), str(row["text"]))
        if property not in _ORDER:
            grouped.add(other)
            continue
        reason = Reason(property, shared, counts[property, shared] + 1)
        known = reasons.setdefault(other, {}).get(labels.name(shared))
        if known is None or _key(reason) < _key(known):
            reasons[other][labels.name(shared)] = reason
    nearest = [
        (sum(log((total + 1) / reason.tasks) for reason in of.values()), other, tuple(sorted(of.values(), key=_key)))
        for other, of in reasons.items()
    ]
    ranked = sorted(nearest, key=lambda each: (-each[0], each[1]))[:most]
    return tuple(Related(other, *about[other], why, other in grouped) for weight, other, why in ranked if weight > 0)


def _key(reason: Reason) -> tuple[int, int, str]:
    return reason.tasks, _ORDER[reason.property], reason.shared
