"""The catalogue over HTTP: a question's name and what is typed for its parameters, turned into an answer in a format, or a page.

The router evaluates nothing itself: it is given a function that answers the text of a query with the bytes of a format.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Protocol
from urllib.parse import urljoin

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple, parse, serialize

from api.answers import tables as rows
from api.answers.catalogue import Answer, CatalogueRequest, ask, tabulate
from api.answers.row_evidence import EvidenceOf
from api.answers.workbooks import MEDIA_TYPE as XLSX
from api.answers.workbooks import to_xlsx
from api.routes.catalogue_formats import (
    CSV,
    JSON,
    MARKDOWN,
    OPTIONS,
    SPARQL,
    TURTLE,
    Kind,
    answer_with_evidence,
    chosen,
    options_of,
    page_of_evidence,
    page_of_table,
    plain_answer,
    split,
)
from graph.proofs.rows.formats import table_in_markdown
from queries import (
    Parameter,
    Query,
    catalogue,
    columns,
    named,
    query_triples,
)

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


class CataloguePages(Protocol):
    """Who shows the catalogue to people."""

    async def listing(self, request: Request) -> Response:
        """All questions."""

    async def question(self, request: Request, query: Query, values: Mapping[str, tuple[str, ...]]) -> Response:
        """One question with its answer."""


def create_router(answer: Answer, endpoint: str, pages: CataloguePages | None = None, evidence: EvidenceOf | None = None) -> APIRouter:
    """The addresses ``/queries`` and ``/queries/{name}``, each with the suffix of a format, or with ``format`` or by Accept.

    ``endpoint`` is the address of the SPARQL endpoint; a path alone means the host that is asked. With ``evidence``, which gives the rows
    of a query with what they rest on, answers have it where it is asked for, and ``.md`` of rows always.
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
        query = named(questions, stem)
        options = options_of(request, query, suffix)
        values = {key: tuple(request.query_params.getlist(key)) for key in request.query_params if key not in OPTIONS}
        if options.kind == "html" and pages:
            return await pages.question(request, query, values)
        asked = await ask(query, values, answer)
        address = urljoin(str(request.base_url), endpoint)
        if options.kind == "rq":
            return Response(query.file(asked.terms, address), media_type=SPARQL)
        if options.kind == "ttl":
            content = await turtle(asked, answer) if options.named else await described(asked, answer, address)
            return Response(content, media_type=TURTLE)
        if evidence and query.form == "SELECT" and (options.kind == "md" or options.evidence):
            found, said, headers = page_of_evidence(request, options, await evidence(asked.text))
            made = await asyncio.to_thread(answer_with_evidence, query, options, found, {**about(asked), **said}, headings)
        else:
            table, said, headers = page_of_table(request, options, await tabulate(asked, answer))
            made = await asyncio.to_thread(plain_answer, query, options, table, {**about(asked), **said}, headings)
        made.headers.update(headers)
        return made

    return router


async def turtle(asked: CatalogueRequest, answer: Answer) -> bytes:
    """The answer as Turtle: the graph itself, or the rows as an RDF result set."""
    if asked.query.form in {"SELECT", "ASK"}:
        return rows.to_turtle(rows.from_results(await answer(asked.text, QueryResultsFormat.JSON)))
    return await answer(asked.text, RdfFormat.TURTLE)


async def described(asked: CatalogueRequest, answer: Answer, endpoint: str) -> bytes:
    """What the IRI of the question names, as Turtle: the question as an executable query with its parameters, and its answer."""
    said = parse(await turtle(asked, answer), RdfFormat.TURTLE)
    triples = chain(query_triples(asked.query, NamedNode(endpoint)), (quad.triple for quad in said))
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=_PREFIXES) or b""


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
    if kind not in {"csv", "md", "xlsx"}:
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
    if kind == "xlsx":
        return Response(to_xlsx(columns_, (list(map(rows.plain, row)) for row in listed), ()), media_type=XLSX)
    return Response(rows.to_csv(table), media_type=CSV)


def _described(parameter: Parameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "kinds": list(parameter.kinds),
        "optional": parameter.optional,
        "label": dict(parameter.labels),
        "sample": [term.value for term in parameter.sample],
    }
