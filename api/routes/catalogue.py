"""The catalogue over HTTP: a question's name and what is typed for its parameters, turned into an answer as JSON, CSV, Turtle or a page.

The router evaluates nothing itself: it is given a function that answers the text of a query with the bytes of a format.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal as Choice
from typing import Protocol
from urllib.parse import urljoin

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple, serialize

from api.answers import tables as rows
from api.answers.row_evidence import EvidenceOf
from api.http import negotiation
from api.http.errors import NotFoundError
from graph.proofs.rows.answer import EvidencedRows
from graph.proofs.rows.formats import evidence_json, table_in_markdown, to_csv, to_markdown
from queries import TERMS, THINGS, BadValueError, Parameter, Query, UnknownParameterError, catalogue, columns, named, query_triples

Answer = Callable[[str, QueryResultsFormat | RdfFormat], Awaitable[bytes]]
"""The bytes, in a format, of the answer to a query."""
Kind = Choice["json", "csv", "md", "ttl", "html"]

JSON = "application/json"
CSV = "text/csv; charset=utf-8"
TURTLE = "text/turtle; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
_MEDIA: Mapping[str, Kind] = {
    "application/json": "json",
    "text/csv": "csv",
    "text/turtle": "ttl",
    "text/html": "html",
    "text/markdown": "md",
}
_SUFFIXES: Mapping[str, Kind] = {".json": "json", ".csv": "csv", ".ttl": "ttl", ".md": "md"}
OPTIONS = ("bom", "headings", "lang", "evidence")
"""What the address may say beside the parameters: ``bom=1`` for Excel, ``headings=zh`` or ``en`` for CSV, ``lang``, ``evidence=1``."""
_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "zc": "https://w3id.org/zhengce/def#",
}


@dataclass(frozen=True, slots=True)
class CatalogueRequest:
    """A question with what was asked of it: the values as typed, the text that runs."""

    query: Query
    values: Mapping[str, tuple[str, ...]]
    text: str


class CataloguePages(Protocol):
    """Who shows the catalogue to people."""

    async def listing(self, request: Request) -> Response:
        """All questions."""

    async def question(self, request: Request, query: Query, values: Mapping[str, tuple[str, ...]]) -> Response:
        """One question with its answer."""


def create_router(answer: Answer, endpoint: str, pages: CataloguePages | None = None, evidence: EvidenceOf | None = None) -> APIRouter:
    """The addresses ``/queries`` and ``/queries/{name}``, each with ``.json``, ``.csv`` or ``.ttl`` or by Accept.

    ``endpoint`` is the address of the SPARQL endpoint; a path alone means the host that is asked. With ``evidence``, which gives the rows
    of a query with what they rest on, answers have it where it is asked for, and ``.md`` always.
    """
    router = APIRouter(tags=["queries"])
    questions = catalogue()
    headings = columns()

    @router.get("/queries", summary="The catalogue of questions · 查询目录")
    @router.get("/queries.{suffix}", include_in_schema=False)
    async def listing(request: Request, suffix: str = "") -> Response:
        kind = chosen(f".{suffix}" if suffix else "", request)
        if kind == "html" and pages:
            return await pages.listing(request)
        return list_questions(questions, kind, urljoin(str(request.base_url), endpoint))

    @router.get("/.well-known/sparql-examples", summary="The catalogue as RDF · 查询目录（RDF）")
    async def examples(request: Request) -> Response:
        return list_questions(questions, "ttl", urljoin(str(request.base_url), endpoint))

    @router.get("/queries/{name}", summary="The answer to a question · 问题的答案")
    async def question(request: Request, name: str) -> Response:
        stem, suffix = split(name)
        options = {option: request.query_params.get(option, "") for option in OPTIONS}
        values = {key: tuple(request.query_params.getlist(key)) for key in request.query_params if key not in OPTIONS}
        kind = chosen(suffix, request)
        if kind == "html" and pages:
            return await pages.question(request, named(questions, stem), values)
        asked = await ask(named(questions, stem), values, answer)
        if kind == "ttl":
            return Response(await turtle(asked, answer), media_type=TURTLE)
        if evidence and (kind == "md" or options["evidence"] in {"1", "true"}):
            return with_evidence(asked, await evidence(asked.text), kind, options, headings)
        if kind == "md":
            raise NotFoundError(request.url.path)
        table = await tabulate(asked, answer)
        if kind != "csv":
            return Response(rows.to_json(table, about(asked), headings), media_type=JSON)
        heads = [headings[column][options["headings"]] for column in table.columns] if options["headings"] in {"zh", "en"} else []
        content = rows.to_csv(table, heads, excel=options["bom"] == "1")
        return Response(content, media_type=CSV, headers={"Content-Disposition": f'inline; filename="{stem}.csv"'})

    return router


def with_evidence(
    asked: CatalogueRequest, found: EvidencedRows, kind: Kind, options: Mapping[str, str], headings: Mapping[str, Mapping[str, str]]
) -> Response:
    """An answer whose rows come with what they rest on, as JSON, CSV or Markdown."""
    if kind not in {"csv", "md"}:
        said = {**about(asked), "evidence": evidence_json(found)}
        return Response(rows.to_json(rows.ResultTable(found.columns, found.rows), said, headings), media_type=JSON)
    spoken = options["headings"] if options["headings"] in {"zh", "en"} else options["lang"]
    language = "en" if spoken == "en" else "zh"
    named_ = kind == "md" or options["headings"] in {"zh", "en"}
    heads = [headings[column][language] for column in found.columns] if named_ else []
    if kind == "md":
        return Response(to_markdown(found, language, heads), media_type=MARKDOWN)
    excel = options["bom"] == "1"
    content = to_csv(found, language, heads, partial(rows.cell, excel=excel))
    name = f'inline; filename="{asked.query.name}.csv"'
    return Response(b"\xef\xbb\xbf" * excel + content, media_type=CSV, headers={"Content-Disposition": name})


async def ask(query: Query, values: Mapping[str, Sequence[str]], answer: Answer) -> CatalogueRequest:
    """The question with its parameters bound; names and keys of things are looked up first."""
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            raise UnknownParameterError(query.name, name, tuple(known))
    things: dict[tuple[tuple[str, ...], str], NamedNode] = {}
    for name, texts in values.items():
        for text in _names(known[name], texts):
            found = await thing_named(known[name].kinds, text, answer)
            if found:
                things[known[name].kinds, text] = found
        for text in texts:
            if candidates := known[name].candidates(text.strip()):
                things[known[name].kinds, text.strip()] = await thing_keyed(known[name], text.strip(), candidates, answer)
    text = query.bind({name: tuple(texts) for name, texts in values.items()}, lambda kinds, name: things.get((kinds, name)))
    return CatalogueRequest(query, {name: tuple(texts) for name, texts in values.items()}, text)


async def thing_named(kinds: Sequence[str], name: str, answer: Answer) -> NamedNode | None:
    """The thing of one of these kinds that has the name; the earlier kinds win."""
    text = catalogue()["thing-by-name"].bound({"name": [Literal(name)]})
    found = {row[0] for row in rows.from_results(await answer(text, QueryResultsFormat.JSON)).rows}
    things = sorted((term for term in found if isinstance(term, NamedNode)), key=str)
    return next((thing for kind in kinds for thing in things if is_of(kind, thing)), None)


async def thing_keyed(parameter: Parameter, key: str, candidates: Sequence[NamedNode], answer: Answer) -> NamedNode:
    """The first of the things that a key may stand for which the graph holds; refuses a key that stands for none."""
    text = catalogue()["things-known"].bound({"thing": candidates})
    held = {row[0] for row in rows.from_results(await answer(text, QueryResultsFormat.JSON)).rows}
    found = next((candidate for candidate in candidates if candidate in held), None)
    if found is None:
        raise BadValueError(parameter.name, key, *parameter.expected)
    return found


def is_of(kind: str, thing: NamedNode) -> bool:
    """Whether the IRI of a thing is of that kind: its last part but one names it.

    >>> is_of("group", NamedNode("https://w3id.org/zhengce/id/notice/huzhiban-2026-2/group/3"))
    True
    """
    if kind == "class":
        return thing.value.startswith(TERMS)
    return thing.value.startswith(THINGS) and thing.value.split("/")[-2] == kind


async def tabulate(asked: CatalogueRequest, answer: Answer) -> rows.ResultTable:
    """The answer as rows; a graph as its triples."""
    if asked.query.form in {"SELECT", "ASK"}:
        return rows.from_results(await answer(asked.text, QueryResultsFormat.JSON))
    return rows.from_triples(await answer(asked.text, RdfFormat.N_TRIPLES))


async def turtle(asked: CatalogueRequest, answer: Answer) -> bytes:
    """The answer as Turtle: the graph itself, or the rows as an RDF result set."""
    if asked.query.form in {"SELECT", "ASK"}:
        return rows.to_turtle(rows.from_results(await answer(asked.text, QueryResultsFormat.JSON)))
    return await answer(asked.text, RdfFormat.TURTLE)


def about(asked: CatalogueRequest) -> dict[str, object]:
    """What JSON says of the question beside its answer."""
    return {**describe(asked.query), "values": {name: list(texts) for name, texts in asked.values.items()}, "query": asked.text}


def describe(query: Query) -> dict[str, object]:
    """A question as JSON has it."""
    return {
        "name": query.name,
        "title": dict(query.titles),
        "description": dict(query.descriptions),
        "tags": list(query.tags),
        "answer": query.answer,
        "parameters": [_described(parameter) for parameter in query.parameters],
    }


def list_questions(questions: Mapping[str, Query], kind: Kind, endpoint: str) -> Response:
    """All questions in one of the formats."""
    if kind == "ttl":
        triples: Iterator[Triple] = (triple for query in questions.values() for triple in query_triples(query, NamedNode(endpoint)))
        return Response(serialize(triples, format=RdfFormat.TURTLE, prefixes=_PREFIXES), media_type=TURTLE)
    if kind not in {"csv", "md"}:
        content = json.dumps({"queries": [describe(query) for query in questions.values()]}, ensure_ascii=False, indent=1)
        return Response(content, media_type=JSON)
    columns_ = ("name", "zh", "en", "tags", "parameters")
    listed = tuple(
        tuple(
            Literal(cell)
            for cell in (
                query.name,
                query.titles["zh"],
                query.titles["en"],
                ", ".join(query.tags),
                ", ".join(parameter.name for parameter in query.parameters),
            )
        )
        for query in questions.values()
    )
    table = rows.ResultTable(columns_, listed)
    if kind == "md":
        return Response(table_in_markdown(columns_, listed), media_type=MARKDOWN)
    return Response(rows.to_csv(table), media_type=CSV)


def split(name: str) -> tuple[str, str]:
    """The name of a question and the suffix of the format, if it has one.

    >>> split("tasks-by-industry.csv")
    ('tasks-by-industry', '.csv')
    """
    suffix = next((suffix for suffix in _SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix), suffix


def chosen(suffix: str, request: Request) -> Kind:
    """The format that the suffix, or else the Accept header, asks for; JSON if neither says.

    Raises NotFoundError for a suffix of no format, NotAcceptableError where nothing is accepted that there is.
    """
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix:
        raise NotFoundError(request.url.path)
    return _MEDIA[negotiation.preferred(request.headers.get("accept"), tuple(_MEDIA))]


def _described(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "kinds": list(parameter.kinds),
        "optional": parameter.optional,
        "label": dict(parameter.labels),
        "sample": [term.value for term in parameter.sample],
    }


def _names(parameter: Parameter, texts: Sequence[str]) -> Iterator[str]:
    """What was typed that is neither an IRI nor a key."""
    for text in texts:
        if parameter.type == "iri" and text.strip() and not parameter.is_key(text.strip()):
            yield text.strip()
