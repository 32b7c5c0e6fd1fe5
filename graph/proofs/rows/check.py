"""A row and its evidence, turned into whether the query gives that row over a graph that holds nothing but the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, Quad, QuerySolutions
from pyoxigraph import Store as Engine

from graph.proofs.rows.plans import Plan
from graph.proofs.rows.witnesses import Values
from graph.store.embedded_store import DatasetOf, Store, Term, translated
from ontology.names import XSD

_NUMBERS = frozenset(XSD[name] for name in ("integer", "decimal"))


def gives(plan: Plan, row: Mapping[str, Term | None], quads: Iterable[Quad], dataset: DatasetOf, base: str | None = None) -> bool:
    """Whether the query gives the row again.

    Values that were joined in no order are compared without it; any one of several values is as good as another.
    """
    engine = Engine()
    engine.extend(quads)
    columns = tuple(row)
    wanted = comparable(plan, columns, tuple(row.values()))
    answer = Store(engine).answer(plan.again, dataset, base)
    assert isinstance(answer, QuerySolutions)
    names = {variable.value: place for place, variable in enumerate(answer.variables)}
    with translated():
        for solution in answer:
            found = tuple(solution[names[column]] if column in names else None for column in columns)
            if comparable(plan, columns, found) == wanted:
                return True
    return False


def comparable(plan: Plan, columns: tuple[str, ...], row: Values) -> tuple[object, ...]:
    """A row as it is compared."""
    joined = dict(plan.joined)
    return tuple(
        None if column in plan.free else _parts(term, joined[column]) if column in joined else _value(term)
        for column, term in zip(columns, row, strict=True)
    )


def _parts(term: Term | None, separator: str) -> object:
    """The pieces of what was joined, in an order of their own; where the separator is not known, its characters.

    By the standard they have no language; some engines keep that of the pieces.
    """
    if not isinstance(term, Literal):
        return term
    return sorted(term.value.split(separator) if separator else term.value)


def _value(term: Term | None) -> object:
    """A term as it is compared: engines write one number in several ways."""
    if isinstance(term, Literal) and term.datatype in _NUMBERS:
        with suppress(InvalidOperation):
            return Decimal(term.value)
    return term
