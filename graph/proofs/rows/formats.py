"""Rows with evidence, turned into SPARQL JSON with one more member, into CSV with more columns, or into Markdown with numbered notes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from graph.proofs.rows.answer import EvidencedRows, RowEvidence
from graph.proofs.rows.footnotes import footnotes
from graph.store.embedded_store import Term
from ontology.names import shortened

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
Cell = Callable[[Term | None], str]
Value = TypeVar("Value")
_CSV_COLUMNS = ("evidence", "evidence_quotes", "evidence_missing")
_IRI = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*)>")
_MOST_IN_CELL = 50
"""Quotes in one cell of a spreadsheet; how many more there are is told."""


def to_json(found: EvidencedRows) -> bytes:
    """SPARQL 1.1 Query Results JSON with one more member, ``evidence``: clients that do not know it pass it by.

    It stands before ``results``, where those that read a document as it comes do so too; within a binding it would be a variable to them.
    """
    said = {
        "head": {"vars": list(found.columns)},
        "evidence": evidence_json(found),
        "results": {
            "bindings": [
                {name: json_term(term) for name, term in zip(found.columns, row, strict=True) if term is not None} for row in found.rows
            ]
        },
    }
    return json.dumps(said, ensure_ascii=False).encode()


def table_in_markdown(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> bytes:
    """A table alone."""
    lines = [_line(columns), _line(["---"] * len(columns)), *(_line([_escaped(_shown(term)) for term in row]) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def from_json(content: bytes) -> EvidencedRows:
    """What ``to_json`` wrote, read again."""
    read = parse_query_results(content, QueryResultsFormat.JSON)
    assert isinstance(read, QuerySolutions)
    rows = tuple(tuple(row) for row in read)
    said = json.loads(content)["evidence"]
    evidence = (
        RowEvidence(why_not=(each["reason"]["zh"], each["reason"]["en"]))
        if each["notes"] is None
        else RowEvidence(tuple(each["notes"]), tuple(map(tuple, each["others"])), each["more"])
        for each in said["rows"]
    )
    examined = tuple(each["pattern"] for each in said["examined"])
    return EvidencedRows(tuple(variable.value for variable in read.variables), rows, tuple(evidence), tuple(said["notes"]), examined)


def evidence_json(found: EvidencedRows) -> dict[str, Any]:
    """The member ``evidence``: of each row the numbers of its notes, in the order of the rows; the notes; what was examined."""
    return {
        "shown": found.shown,
        "rows": [_row_json(each) for each in found.evidence],
        "notes": list(found.notes),
        "examined": [{"pattern": pattern, "short": short(pattern)} for pattern in found.examined],
    }


def to_csv(found: EvidencedRows, language: str = "zh", heads: Sequence[str] = (), cell: Cell | None = None) -> bytes:
    """CSV with three more columns: how a row's facts are stated, their quotes with places, and why a row has none."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([*row, *said] for row, said in cells(found, language, heads, cell or _plain))
    return out.getvalue().encode()


def cells(
    found: EvidencedRows, language: str, heads: Sequence[str], cell: Callable[[Term | None], Value]
) -> Iterator[tuple[list[Value | str], list[str]]]:
    """The heads, then each row, with the three more columns beside it."""
    own = [name if name not in found.columns else f"{name}_" for name in _CSV_COLUMNS]
    yield [*(heads or found.columns)], own
    notes = footnotes(found)
    for index, (row, evidence) in enumerate(zip(found.rows, found.evidence, strict=True)):
        of_row = list(notes.of(index))
        statuses = dict.fromkeys(note.status for note in of_row)
        lines = list(dict.fromkeys(line for note in of_row for line in note.places(language)))
        more = f"… +{len(lines) - _MOST_IN_CELL}" if len(lines) > _MOST_IN_CELL else ""
        why = evidence.why_not[language == "en"] if evidence.why_not else ""
        yield [*map(cell, row)], [" ".join(statuses), "\n".join([*lines[:_MOST_IN_CELL], more]).rstrip(), why]


def to_markdown(found: EvidencedRows, language: str = "zh", heads: Sequence[str] = ()) -> bytes:
    """A table in Markdown whose rows point to numbered notes below it."""
    word = 1 if language == "en" else 0
    notes = footnotes(found)
    head = [*(heads or found.columns), ("证据", "evidence")[word]]
    lines = [_line(head), _line(["---"] * len(head))]
    for row, evidence, numbers in zip(found.rows, found.evidence, notes.rows, strict=True):
        marks = " ".join(f"[^{number}]" for number in numbers) if evidence.why_not is None else f"— {evidence.why_not[word]}"
        lines.append(_line([*(_escaped(_shown(term)) for term in row), marks]))
    if found.examined:
        lines += ["", ("已查，没有：", "Examined and not there:")[word], *(f"- `{short(pattern)}`" for pattern in found.examined)]
    lines += ["", *(f"[^{note.number}]: {_escaped(note.sentence(language))}" for note in notes.notes)]
    return ("\n".join(lines) + "\n").encode()


def _row_json(evidence: RowEvidence) -> dict[str, Any]:
    if evidence.why_not is not None:
        return {"notes": None, "reason": {"zh": evidence.why_not[0], "en": evidence.why_not[1]}}
    return {"notes": list(evidence.notes), "others": list(map(list, evidence.others)), "more": evidence.more}


def json_term(term: Term) -> Mapping[str, Any]:
    """A term as the JSON of SPARQL has it."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        kind = {"type": "literal", "value": term.value}
        if term.language:
            return {**kind, "xml:lang": term.language}
        return kind if term.datatype.value in {_XSD_STRING, _LANG_STRING} else {**kind, "datatype": term.datatype.value}
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    return {"type": "triple", "value": {name: json_term(part) for name, part in parts.items()}}


def _plain(term: Term | None) -> str:
    """A term as CSV of SPARQL has it."""
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value if isinstance(term, NamedNode | Literal) else str(term)


def _shown(term: Term | None) -> str:
    return shortened(term) if isinstance(term, NamedNode) else _plain(term)


def short(pattern: str) -> str:
    """A pattern with prefixes in the place of long IRIs."""
    return _IRI.sub(lambda found: shortened(NamedNode(found[1])), pattern)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Text that Markdown takes as it is, on one line."""
    said = "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in text)
    return said.replace("\n", "<br>")
