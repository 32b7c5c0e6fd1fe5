"""Pieces that a question may be made of, overlapping, and rules -> the values of all readings of the whole, cheapest first.

A question is a lattice, not a line of tokens: 静安区 is a place or a government, 市场监管 a body or a subject. The chart holds
every reading of every stretch once, by its cost, so that no segmentation is chosen before the grammar has seen it (best-first
parsing; Knuth 1977, "A generalization of Dijkstra's algorithm"). A reading counts only where it covers every character that is not
blank or a filler.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product

Action = Callable[..., Hashable]
"""From the values of the parts of a rule (None for an optional part left out) to the value of the whole; None: this cannot be said."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``whole`` may be made of ``parts``; ``kept`` says which places of the rule as written these are, ``arity`` how many places it has."""

    whole: str
    parts: tuple[str, ...]
    kept: tuple[int, ...]
    arity: int
    action: Action
    cost: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A symbol over a stretch of the question with its value."""

    symbol: str
    start: int
    end: int
    value: Hashable


class TooLongError(Exception):
    """The question has more readings than are looked at."""


def rules(text: str, actions: Mapping[str, Action]) -> Iterator[Rule]:
    """The rules written one a line: ``whole: PART PART? ... -> action 2 =word @cost``; ``#`` begins a line about what follows.

    ``PART?`` may be left out, ``A|B`` is one of both. The action is given the parts whose places are named, counted
    from 1 (0: none), and words after ``=`` as they are. Raises KeyError for an action that is not there.
    """
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        head, _, rest = line.partition(":")
        body, _, tail = rest.partition("->")
        call, _, cost = tail.partition("@")
        name, *given = call.split()
        action = _given(actions[name], tuple(given))
        written = body.split()
        choices = [[*part.removesuffix("?").split("|"), *([""] if part.endswith("?") else [])] for part in written]
        for chosen in product(*choices):
            kept = tuple(place for place, part in enumerate(chosen) if part)
            if kept:
                parts = tuple(chosen[place] for place in kept)
                yield Rule(head.strip(), parts, kept, len(written), action, float(cost or 0))


def _given(action: Action, given: tuple[str, ...]) -> Action:
    """The action with the parts at the places named and with the words written after ``=``."""

    def chosen(*parts: Hashable) -> Hashable:
        return action(*(each[1:] if each.startswith("=") else parts[int(each) - 1] if int(each) else None for each in given))

    return chosen


def readings(
    edges: Sequence[tuple[Edge, float]], grammar: Sequence[Rule], goal: str, start: int, end: int, *, margin: float, most: int
) -> list[tuple[float, Hashable]]:
    """The values of ``goal`` over the whole stretch with their costs, cheapest first, as far as ``margin`` above the cheapest.

    Raises TooLongError after ``most`` steps.
    """
    beginning: dict[str, list[Rule]] = defaultdict(list)
    for rule in grammar:
        beginning[rule.parts[0]].append(rule)
    agenda: list[tuple[float, int, Edge]] = []
    order = count()
    done: dict[Edge, float] = {}
    at: dict[tuple[str, int], list[tuple[Edge, float]]] = defaultdict(list)
    waiting: dict[tuple[str, int], list[tuple[Rule, int, int, tuple[Hashable, ...], float]]] = defaultdict(list)
    for edge, cost in edges:
        heapq.heappush(agenda, (cost, next(order), edge))
    best: list[tuple[float, Hashable]] = []

    def advance(  # noqa: PLR0917
        rule: Rule, place: int, begun: int, values: tuple[Hashable, ...], cost: float, edge: Edge, more: float
    ) -> None:
        values, cost, place = (*values, edge.value), cost + more, place + 1
        if place < len(rule.parts):
            waiting[rule.parts[place], edge.end].append((rule, place, begun, values, cost))
            for other, price in at[rule.parts[place], edge.end]:
                advance(rule, place, begun, values, cost, other, price)
            return
        given: list[Hashable] = [None] * rule.arity
        for where, value in zip(rule.kept, values, strict=True):
            given[where] = value
        made = rule.action(*given)
        if made is not None:
            heapq.heappush(agenda, (cost + rule.cost, next(order), Edge(rule.whole, begun, edge.end, made)))

    for _ in range(most):
        if not agenda or (best and agenda[0][0] > best[0][0] + margin):
            return best
        cost, _, edge = heapq.heappop(agenda)
        if edge in done:
            continue
        done[edge] = cost
        if edge.symbol == goal and (edge.start, edge.end) == (start, end):
            best.append((cost, edge.value))
        at[edge.symbol, edge.start].append((edge, cost))
        for rule, place, begun, values, price in tuple(waiting[edge.symbol, edge.start]):
            advance(rule, place, begun, values, price, edge, cost)
        for rule in beginning[edge.symbol]:
            advance(rule, 0, edge.start, (), 0.0, edge, cost)
    raise TooLongError
