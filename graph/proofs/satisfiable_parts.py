"""Parts of a pattern, turned into those that hold together and those that do not: a largest set that can be satisfied, found one by one.

A part that shares variables with what holds already is tried before one that does not, so that each question to the engine is a small one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from graph.proofs.rows.parts import LATER, Part
from graph.store.engine import DatasetOf, Row, Store

MOST = 60
"""Parts that are looked at."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of one store, with a variable bound to the thing that is missing; without one there is nothing to bind."""

    store: Store
    dataset: DatasetOf
    variable: str = ""
    thing: NamedNode | None = None

    def body(self, parts: Sequence[Part]) -> str:
        """The parts as the body of a query."""
        text = f"VALUES ?{self.variable} {{ {self.thing} }} " if self.thing else ""
        bound = {self.variable}
        for part in sorted(parts, key=_place):
            if part.kind == "bind":
                # A variable that is bound already is compared.
                text += f"FILTER({part.text} = ?{part.target}) " if part.target in bound else f"BIND({part.text} AS ?{part.target}) "
            else:
                text += part.text
            bound |= part.names
        return text

    def holds(self, parts: Sequence[Part]) -> bool:
        """Whether something satisfies all of them."""
        return self.store.ask(f"ASK {{ {self.body(parts)}}}", self.dataset)

    def rows(self, names: Sequence[str], parts: Sequence[Part], more: str = "", limit: int = 5) -> list[Row]:
        """Some values of variables where all of them hold."""
        heads = " ".join(f"?{name}" for name in names) or "*"
        query = f"SELECT DISTINCT {heads} {{ {self.body([part for part in parts if part.kind not in ('filter', 'absent')])}{more}"
        last = "".join(part.text for part in parts if part.kind in ("filter", "absent"))
        return list(self.store.select(f"{query} {last}}} LIMIT {limit}", self.dataset))


@dataclass(frozen=True, slots=True)
class Climbed:
    """What holds, what does not, and what was not looked at, as it needs what does not hold."""

    held: list[Part] = field(default_factory=list)
    failed: list[Part] = field(default_factory=list)
    unreached: list[Part] = field(default_factory=list)


def climb(asking: Asking, parts: Sequence[Part], base: Sequence[Part] = ()) -> Climbed:
    """A largest set of the parts that holds beside the base."""
    done = Climbed(list(base))
    bound = {asking.variable}.union(*(part.names for part in base))
    lost: set[str] = set()
    left = list(parts[:MOST])
    while left:
        part = _next(left, bound)
        left.remove(part)
        if (part.names - bound) & lost:
            done.unreached.append(part)
        elif asking.holds([*done.held, part]):
            done.held.append(part)
            bound |= part.names
        else:
            done.failed.append(part)
            lost |= part.names - bound
    done.unreached.extend(parts[MOST:])
    del done.held[: len(base)]
    return done


def conflicts(asking: Asking, part: Part, held: Sequence[Part]) -> list[Part]:
    """The smallest set, by leaving out one after another, of what holds with which a part does not; none where it holds for nothing."""
    left = list(held)
    for each in reversed(held):
        without = [other for other in left if other is not each]
        if not asking.holds([*without, part]):
            left = without
    return left


def _next(left: Sequence[Part], bound: set[str]) -> Part:
    """The part to be tried next: data first, then what is joined to what holds, patterns before what looks at them."""
    early = [part for part in left if part.kind not in LATER]
    for part in early:
        if part.kind == "values" or not part.names:
            return part
    near = [part for part in early if part.names & bound]
    return (near or early or sorted(left, key=_place))[0]


def _place(part: Part) -> int:
    return 0 if part.kind not in LATER else 2 if part.kind in ("filter", "absent") else 1
