"""The questions of the catalogue: ``.rq`` files, turned into queries with typed parameters.

``catalogue()`` holds the questions people ask, ``checks()`` the faults a graph may have (no rows: no fault), each by name.

>>> question = named(catalogue(), "tasks-by-industry")
>>> question.titles["en"], [parameter.name for parameter in question.parameters]
('Tasks that involve an industry', ['notice', 'industry'])
>>> "<https://w3id.org/zhengce/id/industry/robotics>" in question.bind({"industry": "https://w3id.org/zhengce/id/industry/robotics"})
True
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pyoxigraph import NamedNode, Triple

from queries.errors import BadValueError, MalformedQueryError, QueryError, UnknownParameterError, UnknownQueryError
from queries.parameters import TERMS, THINGS, Parameter, Resolve, Term
from queries.publication import SITE, query_iri, query_triples
from queries.query import Query, parse

__all__ = [
    "TERMS",
    "THINGS",
    "BadValueError",
    "MalformedQueryError",
    "Parameter",
    "Query",
    "QueryError",
    "Resolve",
    "Term",
    "UnknownParameterError",
    "UnknownQueryError",
    "catalogue",
    "checks",
    "columns",
    "named",
    "parse",
    "query_iri",
    "query_triples",
    "triples",
]


def catalogue() -> Mapping[str, Query]:
    """All questions, by name in alphabetical order."""
    return _folder("catalogue")


def checks() -> Mapping[str, Query]:
    """All faults that a graph may have, by name in alphabetical order."""
    return _folder("checks")


def columns() -> Mapping[str, Mapping[str, str]]:
    """The headings in zh and en of every column that answers have."""
    with (files("queries") / "columns.csv").open(encoding="utf-8") as source:
        return {row["name"]: {"zh": row["zh"], "en": row["en"]} for row in csv.DictReader(source)}


def named(queries: Mapping[str, Query], name: str) -> Query:
    """The query of that name."""
    try:
        return queries[name]
    except KeyError:
        raise UnknownQueryError(name, get_close_matches(name, queries, n=3)) from None


def triples(endpoint: str = f"{SITE}sparql") -> Iterator[Triple]:
    """The catalogue as RDF: every question as an executable query of that SPARQL endpoint."""
    for query in catalogue().values():
        yield from query_triples(query, NamedNode(endpoint))


@cache
def _folder(folder: str) -> Mapping[str, Query]:
    # Kept: pages ask for a question many times a second, and the files of the package do not change.
    found = sorted((file for file in (files("queries") / folder).iterdir() if file.name.endswith(".rq")), key=lambda file: file.name)
    return MappingProxyType({name: parse(name, file.read_text("utf-8")) for file in found for name in (file.name.removesuffix(".rq"),)})
