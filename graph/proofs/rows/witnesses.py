"""A plan and rows of its query, turned into the sets of facts that make each of them a row: its witnesses.

A row of a plain SELECT has a witness for each solution that it stands for; a row of a grouped one has one, the facts of all solutions of
its group. The rows of a sub-select are asked for once, all that were joined together.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, QuerySolutions, Triple

from graph.errors import NoEvidenceError
from graph.proofs.rows.facts import Fact, Facts
from graph.proofs.rows.path_witnesses import shortest
from graph.proofs.rows.plans import Chain, Place, Scope, Slot
from graph.store.embedded_store import DatasetOf, Store, Term, translated

Values = tuple[Term | None, ...]
Witness = frozenset[Fact]
Mention = tuple[Term, NamedNode | BlankNode | None]


@dataclass(frozen=True, slots=True)
class RowLimits:
    """How much evidence is sought: rows, the solutions behind them, facts of one row, witnesses of it, notes in all, and seconds."""

    rows: int = 500
    solutions: int = 50_000
    facts: int = 5_000
    witnesses: int = 5
    notes: int = 3_000
    seconds: float = 10.0


LIMITS = RowLimits()
"""Those that hold where nobody sets others."""


class OutOfTimeError(Exception):
    """The seconds for evidence are over."""


@dataclass(slots=True)
class Witnesses:
    """Finds witnesses over one store. ``cut`` tells whether some solutions were left unread, so that a group may lack facts."""

    store: Store
    dataset: DatasetOf
    limits: RowLimits
    until: float = 0.0
    cut: bool = False
    facts: Facts = field(init=False)
    _chains: dict[tuple[Chain, Term, Term, NamedNode | BlankNode | None], tuple[Fact, ...] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = Facts(self.store.engine, self.dataset)
        self.until = self.until or time.monotonic() + self.limits.seconds

    def of(self, scope: Scope, rows: Sequence[Values]) -> list[list[Witness]]:
        """The witnesses of each row of a scope, the smallest first; none where its facts could not be found."""
        if not rows:
            return []
        by = scope.columns if scope.keys is None else scope.keys
        keys = self._keys(scope, rows)
        wanted = list(dict.fromkeys(key for of_row in keys for key in of_row))
        names, solutions = self._solutions(self._restricted(scope, by, wanted))
        nested = [self._nested(inner, marks, names, solutions) for inner, marks in scope.nested]
        found: defaultdict[Values, list[Witness]] = defaultdict(list)
        for solution in solutions:
            key = tuple(solution[names[name]] if name in names else None for name in by)
            witness = self._witness(scope, names, solution, nested)
            if witness is not None:
                found[key].append(witness)
        if scope.keys is None:
            return [sorted(dict.fromkeys(self._fitting(found, key)), key=_size) for (key,) in keys]
        groups = {key: frozenset().union(*witnesses) for key, witnesses in found.items()}
        # A row that several groups have alike rests on any of them.
        return [sorted((groups.get(key, frozenset()) for key in of_row), key=_size) for of_row in keys]

    def _keys(self, scope: Scope, rows: Sequence[Values]) -> list[list[Values]]:
        """What the body of a scope is restricted by for each row: the row itself, or its groups."""
        if scope.keys is None:
            return [[row] for row in rows]
        if not scope.keyed:
            places = [scope.columns.index(key) for key in scope.keys]
            return [[tuple(row[place] for place in places)] for row in rows]
        names, solutions = self._solutions(scope.keyed)
        groups: defaultdict[Values, list[Values]] = defaultdict(list)
        for solution in solutions:
            row = tuple(solution[names[name]] if name in names else None for name in scope.columns)
            groups[row].append(tuple(solution[names[name]] if name in names else None for name in scope.keys))
        return [groups.get(row, []) for row in rows]

    def _restricted(self, scope: Scope, by: Sequence[str], wanted: Sequence[Values]) -> str:
        """The query that shows everything, restricted to those values. Blank nodes cannot be written: they are compared afterwards."""
        if self.store.elsewhere and len(wanted) <= self.limits.rows:
            by, wanted = _plain(by, wanted)
        if not by or not wanted or len(wanted) > self.limits.rows:
            return f"SELECT * WHERE {{ {scope.body}}}"
        rows = " ".join(f"({' '.join(map(_written, values))})" for values in wanted)
        return f"SELECT * WHERE {{ {{ VALUES ({' '.join(f'?{name}' for name in by)}) {{ {rows} }} }} {{ {scope.body}}} }}"

    def _solutions(self, query: str) -> tuple[dict[str, int], list[Values]]:
        answer = self.store.answer(query, self.dataset)
        assert isinstance(answer, QuerySolutions)
        names = {variable.value: place for place, variable in enumerate(answer.variables)}
        solutions: list[Values] = []
        with translated():
            for solution in answer:
                if len(solutions) == self.limits.solutions:
                    self.cut = True
                    break
                solutions.append(tuple(solution))
                if len(solutions) % 256 == 0:
                    self.check_time()
        self.check_time()
        return names, solutions

    def check_time(self) -> None:
        """Raises OutOfTimeError when the time is over."""
        if time.monotonic() > self.until:
            raise OutOfTimeError

    def _nested(self, scope: Scope, marks: tuple[str, ...], names: dict[str, int], solutions: Iterable[Values]) -> _Joined:
        """For each solution, the smallest witness of the row of a sub-select that it was joined with."""
        places = [names.get(name) for name in scope.columns]
        rows = list(
            dict.fromkeys(
                tuple(None if place is None else solution[place] for place in places)
                for solution in solutions
                if _all_bound(marks, names, solution)
            )
        )
        found = self.of(scope, rows)
        return _Joined(marks, places, {row: witnesses[0] if witnesses else None for row, witnesses in zip(rows, found, strict=True)})

    def _fitting(self, found: dict[Values, list[Witness]], key: Values) -> list[Witness]:
        """The witnesses of a row; of a sub-select's row too what it leaves open and the solution outside has bound."""
        if key in found:
            return found[key]
        return [
            witness
            for other, witnesses in found.items()
            if None in other and all(theirs is None or theirs == ours for ours, theirs in zip(key, other, strict=True))
            for witness in witnesses
        ]

    def _witness(self, scope: Scope, names: dict[str, int], solution: Values, nested: Sequence[_Joined]) -> Witness | None:
        """The facts of one solution; None where one of them cannot be found."""
        facts: set[Fact] = set()
        still: list[Mention] = []
        for slot in scope.slots:
            if not _all_bound(slot.marks, names, solution):
                continue
            matched = self._matched(slot, names, solution)
            if matched is None:
                return None
            facts.update(matched)
            if not matched:
                still.append(self._end(slot, names, solution))
        for joined in nested:
            if _all_bound(joined.marks, names, solution):
                witness = joined.witnesses[tuple(None if place is None else solution[place] for place in joined.places)]
                if witness is None:
                    return None
                facts |= witness
        for term, graph in still:
            if not any(term in {fact.subject, fact.object} for fact in facts) and (found := self.facts.mention(term, graph)):
                facts.add(found)
        return frozenset(facts)

    def _end(self, slot: Slot, names: dict[str, int], solution: Values) -> Mention:
        """Where a path of no links begins and ends."""
        end = _value(slot.subject, names, solution)
        graph = None if slot.graph is None else _value(slot.graph, names, solution)
        assert end is not None
        return end, graph if isinstance(graph, NamedNode | BlankNode) else None

    def _matched(self, slot: Slot, names: dict[str, int], solution: Values) -> tuple[Fact, ...] | None:
        """The fact that a pattern matched, or those of a chain; None where there is none."""
        subject, object_ = _value(slot.subject, names, solution), _value(slot.object, names, solution)
        graph = None if slot.graph is None else _value(slot.graph, names, solution)
        if subject is None or object_ is None or isinstance(graph, Triple) or (slot.graph is not None and graph is None):
            return None
        inside = graph if isinstance(graph, NamedNode | BlankNode) else None
        if isinstance(slot.predicate, Chain):
            wanted = (slot.predicate, subject, object_, inside)
            if wanted not in self._chains:
                self.check_time()
                self._chains[wanted] = shortest(self.facts, slot.predicate, (subject, object_), inside)
            return self._chains[wanted]
        predicate = _value(slot.predicate, names, solution)
        if not isinstance(subject, NamedNode | BlankNode) or not isinstance(predicate, NamedNode):
            return None
        return (Fact(subject, predicate, object_, inside),)


@dataclass(frozen=True, slots=True)
class _Joined:
    """A sub-select within a scope: where its columns stand in a solution, and the witness of each of its rows."""

    marks: tuple[str, ...]
    places: list[int | None]
    witnesses: dict[Values, Witness | None]


def _value(place: Place, names: dict[str, int], solution: Values) -> Term | None:
    """The term at a place of a pattern, in one solution."""
    if not isinstance(place, str):
        return place
    return solution[names[place]] if place in names else None


def _plain(by: Sequence[str], wanted: Sequence[Values]) -> tuple[Sequence[str], Sequence[Values]]:
    """One column of IRIs alone, that of the most, or none: what engines elsewhere join alike. More solutions than are wanted do no harm."""
    columns = [(name, list(dict.fromkeys(values[place] for values in wanted))) for place, name in enumerate(by)]
    whole = [(name, terms) for name, terms in columns if all(isinstance(term, NamedNode) for term in terms)]
    name, terms = max(whole, key=lambda column: len(column[1]), default=("", []))
    return ((name,), [(term,) for term in terms]) if name else ((), ())


def _all_bound(marks: Iterable[str], names: dict[str, int], solution: Values) -> bool:
    return all(mark in names and solution[names[mark]] is not None for mark in marks)


def _size(witness: Witness) -> tuple[int, list[str]]:
    return len(witness), sorted(map(str, witness))


def _written(term: Term | None) -> str:
    if isinstance(term, Triple):
        raise NoEvidenceError("引号三元组", "a quoted triple")
    return "UNDEF" if term is None or isinstance(term, BlankNode) else str(term)
