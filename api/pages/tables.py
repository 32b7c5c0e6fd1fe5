"""The rows of an answer, turned into what a page shows: cells with text, address and kind, and a chart where the rows have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from pyoxigraph import Literal, NamedNode

from api.answers.tables import Plain, ResultTable, Term, plain
from api.pages.labels import LabelIndex
from api.pages.neighbourhood import brief
from api.pages.wording import kind_of, link

_QUOTES = frozenset({"quote", "quotes", "printed"})
_NO_COUNTS = frozenset({"position", "line", "column", "at", "start", "end", "otherPosition", "order", "number", "minimum", "maximum"})
_NAMES = frozenset({"group", "comparator", "grade", "status", "horizon", "measure"})
"""Columns that name things in words."""
_BARS = 30
_HEAT = (40, 30)
_SQUARE = 40
_BRIEF = 34
_ALIKE = {"unit": frozenset({"agency", "collective"}), "industry": frozenset({"industry"}), "theme": frozenset({"theme"})}
"""Columns of things that a column ``other`` may pair with others of their kind."""


@dataclass(frozen=True, slots=True)
class CellValue:
    """What stands in one place of a table. ``quotes`` are the characters of a notice, ``href`` is where it leads."""

    text: str
    href: str = ""
    quotes: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as a page shows it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def shown(table: ResultTable, labels: LabelIndex, language: str, most: int) -> ShownTable:
    """The first rows with names for IRIs; a column that only repeats the name of the one before it is left out."""
    kept = [place for place in range(len(table.columns)) if not _repeats(table, place, labels)]
    task = table.columns.index("task") if "task" in table.columns else None
    rows = []
    for row in table.rows[:most]:
        behind = _address(row[task], language) if task is not None else ""
        rows.append(tuple(_cell(table.columns[place], row[place], behind, labels, language) for place in kept))
    return ShownTable(tuple(table.columns[place] for place in kept), tuple(rows))


def chart_of(
    table: ResultTable, name: str, headings: Mapping[str, Mapping[str, str]], labels: LabelIndex, language: str
) -> dict[str, object] | None:
    """Bars of the first count by the first thing, a heat map of a count by two things; nothing where the rows are no such thing."""
    counts = [place for place, column in enumerate(table.columns) if _counts(table, place, column)]
    things = [place for place, column in enumerate(table.columns) if column in _NAMES or _all_things(table, place)]
    if not counts or not things or len(table.rows) < 2:
        return None
    unit = headings.get(table.columns[counts[0]], {}).get(language, table.columns[counts[0]])
    firsts = [_key(row[things[0]]) for row in table.rows]
    named = partial(labels.name, language=language)
    if len(things) > 1 and _pairs(table, things[0], things[1]):
        return {"kind": "heatmap", "name": name, "unit": unit, **_matrix(table, (things[0], things[1], counts[0]), named)}
    if len(things) > 1 and len(set(firsts)) < len(firsts):
        return {"kind": "heatmap", "name": name, "unit": unit, **_heat(table, (things[0], things[1], counts[0]), named)}
    if len(set(firsts)) < len(firsts):
        return None
    bars = table.rows[:_BARS]
    values = [{"value": plain(row[counts[0]]), "href": _address(row[things[0]], language)} for row in bars]
    categories = [labels.name(_key(row[things[0]]), language) for row in bars]
    series = [{"name": unit, "values": values}]
    return {"kind": "bar", "name": name, "unit": unit, "horizontal": True, "categories": categories, "series": series}


def _pairs(table: ResultTable, one: int, other: int) -> bool:
    """Whether each row is of two things of one kind, and what it says holds of them either way: the second column is ``other``."""
    kinds = {kind_of(_iri(row[place])) for row in table.rows for place in (one, other)}
    return table.columns[other] == "other" and kinds <= _ALIKE.get(table.columns[one], frozenset())


def _matrix(table: ResultTable, places: tuple[int, int, int], named: Callable[[str], str]) -> dict[str, object]:
    """Pairs as a square, whole on both sides of its diagonal: rows and columns are the same things in the same order, most first."""
    one, other, count = places
    both: Counter[tuple[str, str]] = Counter()
    for row in table.rows:
        for pair in {(_key(row[one]), _key(row[other])), (_key(row[other]), _key(row[one]))}:
            both[pair] += int(str(plain(row[count])))
    totals: Counter[str] = Counter()
    for (down, _), value in both.items():
        totals[down] += value
    ranked = [thing for thing, _ in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))]
    kept = {thing: place for place, thing in enumerate(ranked[:_SQUARE])}
    cells = [
        {"row": kept[down], "column": kept[across], "value": value}
        for (down, across), value in both.items()
        if {down, across} <= kept.keys()
    ]
    labels = [brief(named(thing), _BRIEF) for thing in kept]
    return {"rows": labels, "columns": labels, "cells": cells, "left": len(ranked) - len(kept)}


def _heat(table: ResultTable, places: tuple[int, int, int], named: Callable[[str], str]) -> dict[str, object]:
    """Rows, columns and cells; those that come first in the answer are shown. Pairs, each answered once, stand on both sides."""
    down, across, count = places
    counts = {(_key(row[down]), _key(row[across])): plain(row[count]) for row in table.rows}
    rows = list(dict.fromkeys(one for one, _ in counts))[: _HEAT[0]]
    columns = list(dict.fromkeys(other for _, other in counts))[: _HEAT[1]]
    if table.columns[across] == "other":
        rows = columns = list(dict.fromkeys(key for pair in counts for key in pair))[: min(_HEAT)]
        counts |= {(other, one): value for (one, other), value in counts.items()}
    down_at, across_at = ({key: place for place, key in enumerate(keys)} for keys in (rows, columns))
    cells = [
        {"row": down_at[one], "column": across_at[other], "value": value}
        for (one, other), value in counts.items()
        if one in down_at and other in across_at
    ]
    return {"rows": list(map(named, rows)), "columns": list(map(named, columns)), "cells": cells}


def _cell(column: str, term: Term | None, behind: str, labels: LabelIndex, language: str) -> CellValue:
    value = plain(term)
    if value is None:
        return CellValue("")
    if isinstance(term, NamedNode):
        return CellValue(labels.name(term.value, language), _address(term, language))
    if column in _QUOTES:
        return CellValue("", behind, tuple(quote for quote in str(value).split("；") if quote))
    if column == "number":
        return CellValue(str(value), behind)
    return CellValue(_written(value, language), number=isinstance(value, int | float) and not isinstance(value, bool))


def _written(value: Plain, language: str) -> str:
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[language]
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _repeats(table: ResultTable, place: int, labels: LabelIndex) -> bool:
    """Whether the column says in every row what the name of an IRI in the row says already, or is the task of a number."""
    column = table.columns[place]
    if column == "task":
        return "number" in table.columns
    if column not in {"zh", "en", "otherZh", "named"} or not table.rows:
        return False
    return all(
        isinstance(row[place], Literal)
        and str(plain(row[place])) in {name for term in row for name in labels.names.get(_iri(term), {}).values()}
        for row in table.rows
    )


def _counts(table: ResultTable, place: int, column: str) -> bool:
    values = [plain(row[place]) for row in table.rows]
    return column not in _NO_COUNTS and bool(values) and all(isinstance(value, int) and not isinstance(value, bool) for value in values)


def _all_things(table: ResultTable, place: int) -> bool:
    return bool(table.rows) and all(isinstance(row[place], NamedNode) and kind_of(_iri(row[place])) for row in table.rows)


def _key(term: Term | None) -> str:
    """What a mark of a chart stands for: an IRI, or a name as it is printed."""
    return str(plain(term))


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _address(term: Term | None, language: str) -> str:
    iri = _iri(term)
    return link(language, iri)
