"""Pieces that a question may be made of, overlapping, and rules -> the values of all readings of the whole, cheapest first.

A question is a lattice, not a line of tokens: 静安区 is a place or a government, 市场监管 a body or a subject. The chart holds
every reading of every stretch once, by its cost, so that no segmentation is chosen before the grammar has seen it (best-first
parsing; Knuth 1977, "A generalization of Dijkstra's algorithm"). A reading counts only where it covers every character that is not
blank or a filler.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, product

_PER_STEP = 8
"""Pieces that repeat make more rows of parts with each step than the one before; questions make less than two a step."""
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


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules that begin alike, as a tree: what may come next, and the rules that end here."""

    further: dict[str, Grammar]
    ended: list[Rule]


def grammar(rules: Iterable[Rule]) -> Grammar:
    """The rules as a tree, so that what several of them begin with is looked for once."""
    root = Grammar({}, [])
    for rule in rules:
        node = root
        for part in rule.parts:
            node = node.further.setdefault(part, Grammar({}, []))
        node.ended.append(rule)
    return root


def readings(
    edges: Sequence[tuple[Edge, float]],
    tree: Grammar,
    goals: Collection[str],
    starts: Mapping[int, float],
    end: int,
    *,
    margin: float,
    most: int,
) -> list[tuple[float, Hashable]]:
    """The values of ``goals`` from one of the ``starts`` to the end with their costs, cheapest first, up to ``margin`` above the cheapest.

    What a start costs is added. Raises TooLongError after ``most`` steps, or ``_PER_STEP`` times as many rows of parts.
    """
    agenda: list[tuple[float, int, Edge]] = []
    order = count()
    done: dict[Edge, float] = {}
    at: dict[int, dict[str, list[tuple[Edge, float]]]] = defaultdict(dict)
    waiting: dict[int, list[tuple[Grammar, int, tuple[Hashable, ...], float]]] = defaultdict(list)
    for edge, cost in edges:
        heapq.heappush(agenda, (cost, next(order), edge))
    best: list[tuple[float, Hashable]] = []
    left = most * _PER_STEP

    def advance(node: Grammar, begun: int, values: tuple[Hashable, ...], cost: float, end: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise TooLongError
        for rule in node.ended:
            made = _made(rule, values)
            if made is not None:
                heapq.heappush(agenda, (cost + rule.cost, next(order), Edge(rule.whole, begun, end, made)))
        if node.further:
            waiting[end].append((node, begun, values, cost))
            for symbol in at[end].keys() & node.further.keys():
                for edge, price in tuple(at[end][symbol]):
                    advance(node.further[symbol], begun, (*values, edge.value), cost + price, edge.end)

    for _ in range(most):
        if not agenda or (best and agenda[0][0] > min(each[0] for each in best) + margin):
            return sorted(best, key=lambda each: each[0])
        cost, _, edge = heapq.heappop(agenda)
        if edge in done:
            continue
        done[edge] = cost
        if edge.symbol in goals and edge.start in starts and edge.end == end:
            best.append((cost + starts[edge.start], edge.value))
        at[edge.start].setdefault(edge.symbol, []).append((edge, cost))
        for node, begun, values, price in tuple(waiting[edge.start]):
            if edge.symbol in node.further:
                advance(node.further[edge.symbol], begun, (*values, edge.value), price + cost, edge.end)
        if edge.symbol in tree.further:
            advance(tree.further[edge.symbol], edge.start, (edge.value,), cost, edge.end)
    raise TooLongError


def _made(rule: Rule, values: tuple[Hashable, ...]) -> Hashable:
    given: list[Hashable] = [None] * rule.arity
    for where, value in zip(rule.kept, values, strict=True):
        given[where] = value
    return rule.action(*given)
