"""An answer and the file of the expected one, turned into whether they are the same, whatever blank nodes are called."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from ontology.names import TYPE, XSD, Namespace

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
_ROW = Namespace("urn:row:")
_RDF = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES, ".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS}
_RESULTS = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON, ".csv": QueryResultsFormat.CSV, ".tsv": QueryResultsFormat.TSV}

Term = NamedNode | BlankNode | Literal | Triple
Row = dict[str, Term]


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions; ``ordered`` where the file numbers them."""

    variables: frozenset[str]
    rows: tuple[Row, ...]
    ordered: bool = False


Answer = bool | Table | frozenset[Quad]


def wanted(path: Path) -> str:
    """The media type to ask for, so that the answer can be compared with the file."""
    if path.suffix in _RESULTS:
        return _RESULTS[path.suffix].media_type
    return f"{QueryResultsFormat.XML.media_type}, {RdfFormat.N_TRIPLES.media_type}"


def expected(path: Path, base: str) -> Answer:
    """What the file says: a result set as RDF, a graph, or one of the formats of results."""
    if path.suffix in _RDF:
        quads = frozenset(parse(path=path, format=_RDF[path.suffix], base_iri=base))
        return _from_rdf(quads) if any(quad.object == RS["ResultSet"] for quad in quads) else quads
    return _read(path.read_bytes(), _RESULTS[path.suffix])


def answered(content: bytes, media_type: str) -> Answer:
    """What a response says."""
    results = QueryResultsFormat.from_media_type(media_type)
    if results:
        return _read(content, results)
    graph = RdfFormat.from_media_type(media_type)
    if graph is None:
        raise ValueError(media_type)
    return frozenset(parse(content, graph))


def same(found: Answer, due: Answer, *, lax: bool = False) -> bool:
    """Whether an answer is what is due. ``lax``: duplicates may be left out (REDUCED)."""
    if isinstance(due, Table) and isinstance(found, Table):
        if found.variables != due.variables and (found.rows or due.rows):
            return False
        if lax:
            found, due = (Table(table.variables, tuple(_without_repeats(table.rows))) for table in (found, due))
        return len(found.rows) == len(due.rows) and isomorphic(_quads(found, due.ordered), _quads(due, due.ordered))
    if isinstance(due, frozenset) and isinstance(found, frozenset):
        return isomorphic(found, due)
    return type(found) is type(due) and found == due


def same_csv(content: bytes, path: Path) -> bool:
    """Whether two CSV files have the same rows; they hold no types, so the text of each cell counts."""
    found, due = (list(csv.DictReader(io.StringIO(text.decode()))) for text in (content, path.read_bytes()))
    return Counter(map(_cells, found)) == Counter(map(_cells, due))


def isomorphic(left: Iterable[Quad], right: Iterable[Quad]) -> bool:
    """Whether the quads are the same but for the names of blank nodes; numbers are compared by value within their type."""
    datasets = [Dataset(_valued(quad) for quad in quads) for quads in (left, right)]
    for dataset in datasets:
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return datasets[0] == datasets[1]


def _read(content: bytes, format: QueryResultsFormat) -> Answer:
    if format == QueryResultsFormat.CSV:
        raise ValueError("CSV holds no terms")
    results = parse_query_results(content, format)
    if isinstance(results, QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    rows = tuple({name: term for name, term in zip(names, row, strict=True) if term is not None} for row in results)
    return Table(frozenset(names), rows)


def _from_rdf(quads: frozenset[Quad]) -> Answer:
    def of(subject: object, predicate: NamedNode) -> list[Term]:
        return [quad.object for quad in quads if quad.subject == subject and quad.predicate == predicate]

    (results,) = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object == RS["ResultSet"]}
    if truth := of(results, RS["boolean"]):
        return str(truth[0].value if isinstance(truth[0], Literal) else "") == "true"
    rows: list[tuple[int, Row]] = []
    for solution in of(results, RS["solution"]):
        bindings = of(solution, RS["binding"])
        index = of(solution, RS["index"])
        row = {_text(of(binding, RS["variable"])[0]): of(binding, RS["value"])[0] for binding in bindings}
        rows.append((int(_text(index[0])) if index else 0, row))
    variables = frozenset(_text(variable) for variable in of(results, RS["resultVariable"]))
    ordered = sorted(rows, key=lambda pair: pair[0])
    return Table(variables, tuple(row for _, row in ordered), ordered=any(index for index, _ in rows))


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal) else ""


def _quads(table: Table, ordered: bool) -> Iterator[Quad]:
    """The rows as quads, each row a node of its own."""
    for number, row in enumerate(table.rows):
        node = BlankNode()
        yield Quad(node, _ROW["row"], Literal(number if ordered else 0))
        for name, term in row.items():
            yield Quad(node, _ROW[f"of:{name}"], term)


def _without_repeats(rows: Sequence[Row]) -> Iterator[Row]:
    seen: list[Row] = []
    for row in rows:
        if row not in seen:
            seen.append(row)
            yield row


def _cells(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, "_:" if cell.startswith("_:") else cell) for name, cell in row.items()))


def _valued(quad: Quad) -> Quad:
    graph = quad.graph_name
    return Quad(quad.subject, quad.predicate, _value(quad.object), graph if not isinstance(graph, Triple) else DefaultGraph())


def _value(term: Term) -> Term:
    """The literal in one spelling of its value, where its type has several."""
    if isinstance(term, Triple):
        return Triple(term.subject, term.predicate, _value(term.object))
    if not isinstance(term, Literal):
        return term
    try:
        match XSD.local(term.datatype):
            case "integer":
                return Literal(str(int(term.value)), datatype=term.datatype)
            case "decimal":
                return Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
            case "boolean":
                return Literal({"1": "true", "0": "false"}.get(term.value, term.value), datatype=term.datatype)
            case "double" | "float":
                return Literal(repr(float(term.value)), datatype=term.datatype)
            case "dateTime" | "date" | "time":
                return Literal(term.value.replace("+00:00", "Z"), datatype=term.datatype)
    except (ValueError, ArithmeticError):
        return term
    return term
