"""The OpenAPI document of the service: the addresses of the routers, and each question of the catalogue with typed parameters.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode, QueryResultsFormat

from api.answers import tables
from api.answers.catalogue import Answer
from api.answers.workbooks import MEDIA_TYPE as XLSX
from graph.errors import BusyError, GraphError
from queries import THINGS, Parameter, Query, Term, catalogue

CLOSED = ("action", "agency-kind", "beneficiary", "comparator", "district", "grade", "modality", "novelty", "status")
"""Kinds whose things the vocabulary lists all: their keys are named as values."""
_KEYS = f"""SELECT DISTINCT ?thing {{ ?thing a ?class
  FILTER(REGEX(STR(?thing), "^{THINGS}({"|".join(CLOSED)})/[^/]+$")) }} ORDER BY ?thing LIMIT 1000"""
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "iri": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
}
_EVERY = ("json", "csv", "md", "xlsx", "ttl", "rq")
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "format": {
        "description": "格式，胜过 Accept；与后缀相同。 The format; it wins over Accept and is the same as the suffix.",
        "schema": {"type": "string", "enum": list(_EVERY)},
    },
    "headings": {
        "description": "列标题的语言；不给则为列名。 The language of the headings; the names of columns without it.",
        "schema": {"type": "string", "enum": ["zh", "en"]},
    },
    "lang": {"description": "注和网页的语言。 The language of notes and of the page.", "schema": {"type": "string", "enum": ["zh", "en"]}},
    "evidence": {
        "description": "1：每行带证据；Markdown 总是带。 1: the evidence of each row; Markdown always has it.",
        "schema": {"type": "string", "enum": ["0", "1"]},
    },
    "bom": {
        "description": "1：CSV 供 Excel 打开。 1: CSV for Excel, with a byte order mark and no formula.",
        "schema": {"type": "string", "enum": ["0", "1"]},
    },
    "page": {
        "description": "第几页，从 1 数起；不给则为全部。Link 指向其他页。 Which page, from 1; all without it. Link has the others.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "per_page": {"description": "每页几行。 Rows of a page.", "schema": {"type": "integer", "minimum": 1, "maximum": 10_000}},
}
_COLUMN = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "zh": {"type": "string"}, "en": {"type": "string"}},
    "required": ["name"],
}


def create_router(base: Callable[[], dict[str, Any]], answer: Answer) -> APIRouter:
    """The address ``/openapi.json``. ``base`` describes the addresses of the routers; values of closed kinds are asked of the graph."""
    router = APIRouter()

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> Response:
        try:
            keys = await _keys(answer)
        except BusyError:
            # What is asked again soon is not said to have no values until the next snapshot.
            raise
        except GraphError:
            # The addresses are the same where there is nothing to ask.
            keys = {}
        content = await asyncio.to_thread(_written, base, keys)
        return Response(content, media_type="application/json")

    return router


def described(base: Mapping[str, Any], queries: Mapping[str, Query], keys: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The document with a path for each question; ``keys`` are those of the things of each closed kind."""
    components = {**base.get("components", {})}
    components["parameters"] = {
        **components.get("parameters", {}),
        **{f"option_{name}": {"name": name, "in": "query", "required": False, **said} for name, said in _OPTIONS.items()},
    }
    components["responses"] = {**components.get("responses", {}), "Problem": _PROBLEM}
    paths = {f"/queries/{query.name}": {"get": operation(query, keys)} for query in queries.values()}
    return {**base, "components": components, "paths": {**base["paths"], **paths}}


def operation(query: Query, keys: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What is to be known to ask a question over HTTP."""
    options = [name for name in _OPTIONS if name != "evidence" or query.form == "SELECT"]
    return {
        "tags": ["queries"],
        "operationId": "query_" + query.name.replace("-", "_"),
        "summary": f"{query.titles['en']} · {query.titles['zh']}",
        "description": f"{query.descriptions['zh']}\n\n{query.descriptions['en']}",
        "x-tags": list(query.tags),
        "x-answer": query.answer,
        "parameters": [
            *(_parameter(parameter, keys) for parameter in query.parameters),
            *({"$ref": f"#/components/parameters/option_{name}"} for name in options),
        ],
        "responses": {
            "200": {
                "description": "答案。 The answer.",
                "headers": {"Link": {"description": "其他页。 Other pages.", "schema": {"type": "string"}}},
                "content": _content(query),
            },
            **{code: {"$ref": "#/components/responses/Problem"} for code in ("404", "406", "422", "503", "504")},
        },
    }


def _parameter(parameter: Parameter, keys: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    zh, en = parameter.expected
    empty = ("留空表示不限。", " Left empty it restricts nothing.") if parameter.optional else ("", "")
    said = f"{parameter.labels['zh']}：{zh}；多个值为任一。{empty[0]} {parameter.labels['en']}: {en}; of several values any.{empty[1]}"
    samples = [_typed(term) for term in parameter.sample]
    about: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        # Without a value the question is asked with its sample.
        "required": False,
        "description": said,
        "style": "form",
        "explode": True,
        "schema": {"type": "array", "items": _items(parameter, keys), **({"default": samples} if samples else {})},
    }
    if parameter.optional:
        about["allowEmptyValue"] = True
    if samples:
        about["example"] = samples
    if parameter.kinds:
        about["x-kinds"] = list(parameter.kinds)
    return about


def _items(parameter: Parameter, keys: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema of one value. Beside the keys of a closed kind, names and whole IRIs are taken."""
    schema: dict[str, Any] = dict(_SCHEMAS[parameter.type])
    known = [key for kind in parameter.kinds for key in keys.get(kind, ())]
    if parameter.type == "iri" and known and all(kind in CLOSED for kind in parameter.kinds):
        return {"anyOf": [{"type": "string", "enum": known}, schema]}
    return schema


def _typed(term: Term) -> object:
    """A sample as an address has it: of a thing its key under its kind."""
    if isinstance(term, NamedNode):
        return term.value.removeprefix(THINGS) if term.value.startswith(THINGS) else term.value
    assert isinstance(term, Literal)
    return tables.plain(term)


def _content(query: Query) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    rows = {"type": "array", "items": {"type": "object"}}
    answer = {"boolean": {"type": "boolean"}} if query.form == "ASK" else {"columns": {"type": "array", "items": _COLUMN}, "rows": rows}
    whole = {
        "type": "object",
        "properties": {"name": {"const": query.name}, "values": {"type": "object"}, "query": {"type": "string"}, **answer},
        "required": ["name", "query", *answer],
    }
    return {
        "application/json": {"schema": whole},
        "text/csv": text,
        "text/markdown": text,
        XLSX: {"schema": {"type": "string", "format": "binary"}},
        "text/turtle": text,
        "application/sparql-query": text,
        "text/html": text,
    }


_PROBLEM = {
    "description": "错误（RFC 9457）。 A problem (RFC 9457).",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "properties": {"type": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}},
                "required": ["type", "status"],
            }
        }
    },
}


def _written(base: Callable[[], dict[str, Any]], keys: Mapping[str, Sequence[str]]) -> bytes:
    return json.dumps(described(base(), catalogue(), keys), ensure_ascii=False, separators=(",", ":")).encode()


async def _keys(answer: Answer) -> Mapping[str, Sequence[str]]:
    """The keys of the things of each closed kind."""
    found: dict[str, list[str]] = {}
    for (thing,) in tables.from_results(await answer(_KEYS, QueryResultsFormat.JSON)).rows:
        assert isinstance(thing, NamedNode)
        kind, _, key = thing.value.removeprefix(THINGS).partition("/")
        found.setdefault(kind, []).append(key)
    return found
