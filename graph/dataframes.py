"""The rows of a SELECT, turned into a frame of pandas or polars whose columns have the types that the terms in them have.

A column is of whole numbers, numbers, truth values, dates or times where all its terms are; else it is of text, each term as it is written
(an IRI, the characters of a literal). What is unbound is missing. Datatypes are those of https://www.w3.org/TR/xmlschema11-2/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from pyoxigraph import BlankNode, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results
from pyoxigraph import Literal as Value

from graph.errors import BadQueryError
from graph.store.embedded_store import DatasetOf, Store
from ontology.names import XSD

Library = Literal["pandas", "polars"]
Source = str | Path | Store
Term = NamedNode | BlankNode | Value | Triple

_INTEGERS = "integer byte short int long unsignedByte unsignedShort unsignedInt unsignedLong nonNegativeInteger positiveInteger"
_WHOLE = frozenset(XSD[name] for name in (*_INTEGERS.split(), "nonPositiveInteger", "negativeInteger"))
_NUMBERS = _WHOLE | {XSD[name] for name in ("decimal", "double", "float")}
_LARGEST = 2**63
_FIGURES = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN|true|false")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")
"""What the literals of these types look like."""
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_DTYPES = {
    "whole": ("Int64", "Int64"),
    "number": ("Float64", "Float64"),
    "boolean": ("boolean", "Boolean"),
    "date": ("datetime64[s]", "Date"),
    "time": ("datetime64[us]", "Datetime"),
    "instant": ("datetime64[us, UTC]", "Datetime"),
    "text": ("string", "String"),
}
"""For each kind of column what pandas calls it, and polars."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer."""

    name: str
    kind: str
    values: tuple[Any, ...]


def framed(query: str, source: Source, library: Library, seconds: float) -> Any:
    """The frame; see ``graph.frame``."""
    module = _library(library)
    with _solutions(query, source, seconds) as answer:
        names = [variable.value for variable in answer.variables]
        rows = [tuple(solution) for solution in answer]
    columns = [column(name, [row[place] for row in rows]) for place, name in enumerate(names)]
    return _pandas(module, columns, len(rows)) if library == "pandas" else _polars(module, columns)


def column(name: str, terms: Sequence[Term | None]) -> Column:
    """The terms of a column as values of one kind.

    >>> column("n", [Value("1", datatype=XSD["integer"]), None]).values, column("n", [Value("1"), Value(1)]).values
    ((1, None), ('1', '1'))
    """
    there = [term for term in terms if term is not None]
    for kind, read in _READ.items():
        try:
            if there:
                return Column(name, kind, tuple(None if term is None else read(term) for term in terms))
        except ValueError:
            continue
    return Column(name, "text", tuple(None if term is None else _text(term) for term in terms))


def _literal(term: Term, looks: re.Pattern[str], *datatypes: NamedNode) -> str:
    """The characters of a literal of one of these types; raises ValueError for any other term, and for what Python alone reads as one."""
    if not isinstance(term, Value) or term.datatype not in datatypes or not looks.fullmatch(term.value.strip(" \t\r\n")):
        raise ValueError
    return term.value.strip(" \t\r\n")


def _whole(term: Term) -> int:
    number = int(_literal(term, _FIGURES, *_WHOLE))
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError
    return number


def _number(term: Term) -> float:
    return float(_literal(term, _FIGURES, *_NUMBERS))


def _boolean(term: Term) -> bool:
    text = _literal(term, _FIGURES, XSD["boolean"])
    if text not in _BOOLEANS:
        raise ValueError
    return _BOOLEANS[text]


def _date(term: Term) -> date:
    return date.fromisoformat(_literal(term, _MOMENT, XSD["date"]))


def _time(term: Term) -> datetime:
    moment = datetime.fromisoformat(_literal(term, _MOMENT, XSD["dateTime"]))
    if moment.tzinfo is not None:
        raise ValueError
    return moment


def _instant(term: Term) -> datetime:
    moment = datetime.fromisoformat(_literal(term, _MOMENT, XSD["dateTime"], XSD["dateTimeStamp"]))
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Value) else str(term)


_READ: Mapping[str, Callable[[Term], Any]] = {
    "whole": _whole,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "instant": _instant,
}
"""The kinds of columns that are no text, the narrowest first, each with what reads a term of it or raises ValueError."""


def _library(name: Library) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        error.add_note('pip install "zhengce[frames]"')
        raise


def _pandas(module: Any, columns: Sequence[Column], count: int) -> Any:
    series = {each.name: module.Series(list(each.values), dtype=_DTYPES[each.kind][0]) for each in columns}
    return module.DataFrame(series, index=module.RangeIndex(count))


def _polars(module: Any, columns: Sequence[Column]) -> Any:
    def dtype(each: Column) -> Any:
        kind = getattr(module, _DTYPES[each.kind][1])
        return kind("us", "UTC" if each.kind == "instant" else None) if kind is module.Datetime else kind

    return module.DataFrame([module.Series(each.name, list(each.values), dtype=dtype(each)) for each in columns])


@contextmanager
def _solutions(query: str, source: Source, seconds: float) -> Iterator[QuerySolutions]:
    """The solutions of a query, while they may be drawn."""
    if isinstance(source, Store):
        yield _selected(source.answer(query))
    elif isinstance(source, str) and source.startswith(("http://", "https://")):
        from graph.query.endpoint import Endpoint
        from graph.query.framing import QueryRequest

        question = QueryRequest(query, QueryResultsFormat.JSON, DatasetOf(), None)
        yield _selected(parse_query_results(Endpoint((source,)).read(question, query, seconds), QueryResultsFormat.JSON))
    else:
        import graph

        with graph.open_snapshot(Path(source)) as store:
            yield _selected(store.answer(query))


def _selected(answer: object) -> QuerySolutions:
    if not isinstance(answer, QuerySolutions):
        raise BadQueryError("SELECT was expected")
    return answer
