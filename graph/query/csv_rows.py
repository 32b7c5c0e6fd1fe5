r"""Solutions, turned into CSV with every field quoted that must be (https://www.w3.org/TR/sparql11-results-csv-tsv/, RFC 4180).

The engine's CSV leaves IRIs bare, and an IRI may hold commas. Its TSV says of every field what it is, so the CSV is made of that: only rows
with commas, quotes or line ends in a term are taken apart term by term.

>>> rows(b'<http://a/b,c>\t"a"@en\n_:b\t12\n')
b'"http://a/b,c",a\r\n_:b,12\r\n'
"""

from __future__ import annotations

import io
import re
from typing import IO, Protocol, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions

_CLOSING = re.compile(rb'"(?:@[\w-]++|\^\^<[^"\t\n]*+)?(?=[\t\n])')
"""The end of a literal with its language or its type, from which the last character has been taken."""
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_MUST_BE_QUOTED = re.compile(rb'[",\r\n]')
_MEANS = {b"t": b"\t", b"n": b"\n", b"r": b"\r", b"b": b"\b", b"f": b"\f"}
"""What an escape stands for; any other is the character itself."""


class Writable(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Takes them all."""
        ...


class _Rows(io.RawIOBase):
    """Takes TSV, gives CSV on, whole rows at a time."""

    def __init__(self, sink: Writable) -> None:
        self._sink = sink
        self._header = True
        self._held = b""
        """The header, until the first rows: a small answer is one write."""
        self._rest = b""

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        end = data.rfind(b"\n") + 1
        if not end:
            self._rest += data
            return len(data)
        whole, self._rest = self._rest + data[:end], data[end:]
        if self._header:
            first, _, whole = whole.partition(b"\n")
            self._held = first.replace(b"?", b"").replace(b"\t", b",") + b"\r\n"
            self._header = False
        if whole:
            self._sink.write(self._held + rows(whole))
            self._held = b""
        return len(data)

    def end(self) -> None:
        """Writes the header of an answer without rows."""
        if self._held:
            self._sink.write(self._held)
            self._held = b""


def write_csv(solutions: QuerySolutions, sink: Writable) -> None:
    """Writes the solutions to the sink as CSV, while they are computed."""
    made = _Rows(sink)
    solutions.serialize(cast(IO[bytes], made), QueryResultsFormat.TSV)
    made.end()


def rows(tsv: bytes) -> bytes:
    """Whole rows of TSV as rows of CSV. A triple term, for which CSV has no form, is the text that it has in TSV."""
    if b"," not in tsv and b"\\" not in tsv and b"<<(" not in tsv:
        return _plain(tsv)
    every = tsv.split(b"\n")
    marked = [b"," in row or b"\\" in row or b"<<(" in row for row in every]
    # An empty line stands for each row that is written on its own.
    plain = _plain(b"\n".join([b"" if mark else row for row, mark in zip(every, marked, strict=True)])).split(b"\r\n")
    return b"\r\n".join([_marked(row) if mark else done for row, done, mark in zip(every, plain, marked, strict=True)])


def _plain(tsv: bytes) -> bytes:
    """Rows in which no term has to be quoted: what tells the kinds of terms apart falls away, first of IRIs, then of literals."""
    if b"<" in tsv:
        tsv = (b"\n" + tsv).replace(b"\n<", b"\n").replace(b"\t<", b"\t").replace(b">\n", b"\n").replace(b">\t", b"\t")[1:]
    if b'"' in tsv:
        tsv = (b"\n" + _CLOSING.sub(b"", tsv)).replace(b'\n"', b"\n").replace(b'\t"', b"\t")[1:]
    return tsv.replace(b"\t", b",").replace(b"\n", b"\r\n")


def _marked(row: bytes) -> bytes:
    # Tabs and line ends in a term are escaped.
    return b",".join([_field(term) for term in row.split(b"\t")])


def _field(term: bytes) -> bytes:
    first = term[:1]
    if first == b"<":
        if term[:3] != b"<<(":
            iri = term[1:-1]
            return b'"' + iri + b'"' if b"," in iri else iri
    elif first == b'"':
        # What may follow the string, a language or a type, holds no quote.
        term = term[1 : term.rindex(b'"')]
        if b"\\" in term:
            term = _ESCAPE.sub(_meaning, term)
        elif b"," not in term and b"\r" not in term:
            return term
    else:
        return term
    return b'"' + term.replace(b'"', b'""') + b'"' if _MUST_BE_QUOTED.search(term) else term


def _meaning(escape: re.Match[bytes]) -> bytes:
    return _MEANS.get(escape[1], escape[1])
