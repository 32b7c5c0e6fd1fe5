"""The results of a query, turned into the JSON, CSV and Turtle that people and spreadsheets read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

Term = NamedNode | BlankNode | Literal | Triple
Plain = str | int | float | bool | None

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Rows under named columns; a boolean answer has no column and ``boolean`` set."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    boolean: bool | None = None


def from_results(results: bytes) -> ResultTable:
    """The table in a SPARQL JSON results document."""
    read = parse_query_results(results, QueryResultsFormat.JSON)
    if isinstance(read, QueryBoolean):
        return ResultTable((), (), bool(read))
    return ResultTable(tuple(variable.value for variable in read.variables), tuple(tuple(row) for row in read))


def from_triples(triples: bytes) -> ResultTable:
    """The table of subjects, predicates and objects in an N-Triples document."""
    found = sorted(((quad.subject, quad.predicate, quad.object) for quad in parse(triples, RdfFormat.N_TRIPLES)), key=str)
    return ResultTable(("subject", "predicate", "object"), tuple(found))


def plain(term: Term | None) -> Plain:
    """The value of a term as JSON has it: numbers and booleans as such, all else as text."""
    if term is None:
        return None
    if not isinstance(term, Literal):
        return term.value if isinstance(term, NamedNode) else str(term)
    match term.datatype.value.removeprefix(_XSD):
        case "boolean":
            return term.value in {"true", "1"}
        case "integer":
            return int(term.value)
        case "decimal" | "double" | "float":
            return float(term.value)
    return term.value


def to_json(table: ResultTable, about: Mapping[str, object], headings: Mapping[str, Mapping[str, str]]) -> bytes:
    """One JSON object: what the question is, its columns with headings in zh and en, its rows."""
    answer: dict[str, object] = dict(about)
    if table.boolean is None:
        answer["columns"] = [{"name": column, **headings.get(column, {})} for column in table.columns]
        answer["rows"] = [dict(zip(table.columns, map(plain, row), strict=True)) for row in table.rows]
    else:
        answer["boolean"] = table.boolean
    return json.dumps(answer, ensure_ascii=False, indent=1).encode()


def to_csv(table: ResultTable, headings: Sequence[str] = (), *, excel: bool = False) -> bytes:
    """CSV, under the given headings or the column names. For Excel it starts with a byte order mark, and no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if table.boolean is None:
        writer.writerow(headings or table.columns)
        writer.writerows([cell(term, excel=excel) for term in row] for row in table.rows)
    else:
        writer.writerows([headings or ["boolean"], [str(table.boolean).lower()]])
    return out.getvalue().encode("utf-8-sig" if excel else "utf-8")


def to_turtle(table: ResultTable) -> bytes:
    """The table as an RDF result set (https://www.w3.org/2001/sw/DataAccess/tests/result-set)."""
    prefixes = {"rs": _RESULT_SET, "xsd": _XSD}
    return serialize(_result_set(table), format=RdfFormat.TURTLE, prefixes=prefixes) or b""


def cell(term: Term | None, *, excel: bool = False) -> str:
    """What stands in a cell of a spreadsheet; for Excel no formula."""
    value = plain(term)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(value).removesuffix(".0")
    text = "" if value is None else str(value)
    return f"'{text}" if excel and isinstance(value, str) and text.startswith(_FORMULA) else text


def _result_set(table: ResultTable) -> Iterator[Triple]:
    def rs(name: str) -> NamedNode:
        return NamedNode(_RESULT_SET + name)

    results = BlankNode("results")
    yield Triple(results, _RDF_TYPE, rs("ResultSet"))
    if table.boolean is not None:
        yield Triple(results, rs("boolean"), Literal(table.boolean))
    for column in table.columns:
        yield Triple(results, rs("resultVariable"), Literal(column))
    for index, row in enumerate(table.rows, 1):
        solution = BlankNode(f"row{index}")
        yield Triple(results, rs("solution"), solution)
        yield Triple(solution, rs("index"), Literal(index))
        for place, (column, term) in enumerate(zip(table.columns, row, strict=True), 1):
            if term is not None:
                binding = BlankNode(f"row{index}column{place}")
                yield Triple(solution, rs("binding"), binding)
                yield Triple(binding, rs("variable"), Literal(column))
                yield Triple(binding, rs("value"), term)
