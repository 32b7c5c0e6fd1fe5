"""What an address of the catalogue says beside the parameters, and an answer in the format that it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, TypeVar
from typing import Literal as Choice

from fastapi import Request, Response
from pyoxigraph import Literal

from api.answers import tables
from api.answers.tables import ResultTable
from api.answers.workbooks import MEDIA_TYPE as XLSX
from api.answers.workbooks import to_xlsx
from api.http import negotiation
from api.http.errors import NotFoundError
from graph.proofs.rows.answer import EvidencedRows
from graph.proofs.rows.formats import cells, evidence_json, table_in_markdown, to_csv, to_markdown
from queries import BadValueError, Query

Kind = Choice["json", "csv", "md", "xlsx", "ttl", "rq", "html"]
Headings = Mapping[str, Mapping[str, str]]

JSON = "application/json"
CSV = "text/csv; charset=utf-8"
TURTLE = "text/turtle; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
SPARQL = "application/sparql-query; charset=utf-8"
MEDIA: Mapping[str, Kind] = {
    "application/json": "json",
    "text/csv": "csv",
    "text/turtle": "ttl",
    "text/html": "html",
    "text/markdown": "md",
    XLSX: "xlsx",
    "application/sparql-query": "rq",
}
"""The types that Accept may name, the first without a wish."""
SUFFIXES: Mapping[str, Kind] = {".json": "json", ".csv": "csv", ".ttl": "ttl", ".md": "md", ".xlsx": "xlsx", ".rq": "rq"}
OPTIONS = ("format", "headings", "lang", "evidence", "bom", "page", "per_page")
"""What the address may say beside the parameters."""
_ROWS = 100
_MOST_ROWS = 10_000
"""Rows of a page: where none is said, and at most."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Options:
    """What an address says: ``headings`` and ``language`` are zh or en, or empty; ``page`` counts from 1, 0 is the whole answer."""

    kind: Kind
    named: bool
    """Whether a suffix or ``format`` says it; else Accept does."""
    headings: str
    language: str
    evidence: bool
    excel: bool
    page: int
    size: int

    def heads(self, columns: Sequence[str], headings: Headings, *, always: bool = False) -> list[str]:
        """The headings of the columns, where they are asked for or always."""
        spoken = self.headings or ("en" if self.language == "en" else "zh")
        return [headings[column][spoken] for column in columns] if self.headings or always else []

    @property
    def spoken(self) -> str:
        """The language of notes."""
        return "en" if (self.headings or self.language) == "en" else "zh"


def options_of(request: Request, query: Query, suffix: str) -> Options:
    """What a request asks; raises NotFoundError for a format that is none, BadValueError for a page that is none, NotAcceptableError."""
    given = {name: request.query_params.get(name, "") for name in OPTIONS}
    language = {name: given[name] if given[name] in {"zh", "en"} else "" for name in ("headings", "lang")}
    kind = chosen(suffix or (f".{given['format']}" if given["format"] else ""), request)
    return Options(
        kind=kind,
        named=bool(suffix or given["format"]),
        headings=language["headings"],
        language=language["lang"],
        evidence=given["evidence"] in {"1", "true"},
        excel=given["bom"] == "1",
        page=_whole("page", given["page"] or ("1" if given["per_page"] else "0"), 10**9),
        size=_whole("per_page", given["per_page"] or str(query.pagination or _ROWS), _MOST_ROWS) or _ROWS,
    )


def split(name: str) -> tuple[str, str]:
    """The name of a question and the suffix of the format, if it has one.

    >>> split("tasks-by-industry.csv")
    ('tasks-by-industry', '.csv')
    """
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix), suffix


def chosen(suffix: str, request: Request) -> Kind:
    """The format that the suffix, or else the Accept header, asks for; JSON if neither says.

    Raises NotFoundError for a suffix of no format, NotAcceptableError where nothing is accepted that there is.
    """
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix:
        raise NotFoundError(request.url.path)
    return MEDIA[negotiation.preferred(request.headers.get("accept"), tuple(MEDIA))]


def plain_answer(query: Query, options: Options, table: ResultTable, said: Mapping[str, object], headings: Headings) -> Response:
    """A table as JSON, CSV, Markdown or a workbook; a graph is its triples."""
    if options.kind == "csv":
        content = tables.to_csv(table, options.heads(table.columns, headings), excel=options.excel)
        return Response(content, media_type=CSV, headers=_file(query, "csv"))
    columns = table.columns if table.boolean is None else ("boolean",)
    terms = table.rows if table.boolean is None else ((Literal(table.boolean),),)
    if options.kind == "xlsx":
        heads = options.heads(table.columns, headings) or list(columns)
        return _workbook(query, to_xlsx(heads, (list(map(tables.plain, row)) for row in terms), _about(query, said)))
    if options.kind == "md":
        return Response(table_in_markdown(options.heads(table.columns, headings) or columns, terms), media_type=MARKDOWN)
    return Response(tables.to_json(table, said, headings), media_type=JSON)


def answer_with_evidence(query: Query, options: Options, found: EvidencedRows, said: Mapping[str, object], headings: Headings) -> Response:
    """An answer whose rows come with what they rest on, as JSON, CSV, Markdown or a workbook."""
    if options.kind == "md":
        heads = options.heads(found.columns, headings, always=True)
        return Response(to_markdown(found, options.spoken, heads), media_type=MARKDOWN)
    heads = options.heads(found.columns, headings)
    if options.kind == "csv":
        content = to_csv(found, options.spoken, heads, partial(tables.cell, excel=options.excel))
        return Response(b"\xef\xbb\xbf" * options.excel + content, media_type=CSV, headers=_file(query, "csv"))
    if options.kind == "xlsx":
        lines = cells(found, options.spoken, heads, tables.plain)
        first = [str(each) for each in chain.from_iterable(next(lines))]
        return _workbook(query, to_xlsx(first, ([*row, *beside] for row, beside in lines), _about(query, said)))
    whole = {**said, "evidence": evidence_json(found)}
    return Response(tables.to_json(ResultTable(found.columns, found.rows), whole, headings), media_type=JSON)


def paged(request: Request, options: Options, items: Sequence[Item]) -> tuple[Sequence[Item], dict[str, object], dict[str, str]]:
    """The items of the page that is asked for, what JSON says of it, and the header that leads to the others (RFC 8288)."""
    if not options.page:
        return items, {}, {}
    last = max(1, -(-len(items) // options.size))
    there = {"first": 1, "prev": options.page - 1, "next": options.page + 1, "last": last}
    links = (
        f'<{request.url.include_query_params(page=number, per_page=options.size)}>; rel="{name}"'
        for name, number in there.items()
        if 1 <= number <= last
    )
    start = (options.page - 1) * options.size
    said = {"page": {"number": options.page, "size": options.size, "pages": last, "rows": len(items)}}
    return items[start : start + options.size], dict(said), {"Link": ", ".join(links)}


def page_of_table(request: Request, options: Options, table: ResultTable) -> tuple[ResultTable, dict[str, object], dict[str, str]]:
    """The page of a table."""
    rows, said, headers = paged(request, options, table.rows)
    return replace(table, rows=tuple(rows)), said, headers


def page_of_evidence(request: Request, options: Options, found: EvidencedRows) -> tuple[EvidencedRows, dict[str, object], dict[str, str]]:
    """The page of rows with their evidence."""
    pairs, said, headers = paged(request, options, tuple(zip(found.rows, found.evidence, strict=True)))
    rows, evidence = tuple(row for row, _ in pairs), tuple(each for _, each in pairs)
    return replace(found, rows=rows, evidence=evidence), said, headers


def _whole(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= most):
        raise BadValueError(name, text[:80], f" 0 到 {most:,} 的整数", f"a whole number up to {most:,}")
    return int(text)


def _about(query: Query, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    values = said.get("values") or {}
    return [
        ("问题", query.titles["zh"]),
        ("question", query.titles["en"]),
        ("说明", query.descriptions["zh"]),
        ("description", query.descriptions["en"]),
        *((name, " | ".join(texts)) for name, texts in values.items()),
        ("SPARQL", str(said.get("query", ""))),
    ]


def _workbook(query: Query, content: bytes) -> Response:
    return Response(content, media_type=XLSX, headers=_file(query, "xlsx"))


def _file(query: Query, suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'inline; filename="{query.name}.{suffix}"'}
