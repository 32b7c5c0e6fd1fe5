"""The text of a query, turned into the dataset that it says it reads (https://www.w3.org/TR/sparql11-query/#specifyingDataset)."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions
from pyoxigraph import Store as Engine

from graph.errors import BadQueryError
from graph.sparql.query_form import names_graphs
from graph.sparql.service_guard import mentions_graphs
from graph.sparql.tokens import Token, tokens
from graph.store.embedded_store import DatasetOf

_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


def stated(query: str, base: str | None = None) -> tuple[tuple[NamedNode, ...], tuple[NamedNode, ...]] | None:
    """The graphs after FROM and after FROM NAMED; None where there are none, or where they are not surely known.

    >>> default, named = stated("PREFIX e: <http://e/> SELECT * FROM e:a FROM <b> FROM NAMED <c> { ?s ?p ?o }", "http://b/")
    >>> [graph.value for graph in default], [graph.value for graph in named]
    (['http://e/a', 'http://b/b'], ['http://b/c'])
    """
    if "from" not in query.lower():
        return None
    plain: list[Token] = []
    try:
        for token in tokens(query):
            if token.depth == 0 and token.text == "{" and not _is_template(plain):
                break
            plain.append(token)
    except BadQueryError:
        return None
    default, named = [], []
    for index, token in enumerate(plain[:-1]):
        after = plain[index + 1]
        if token.depth or token.keyword not in {"FROM", "FROMNAMED"}:
            continue
        if token.keyword == "FROMNAMED":
            named.append(after.text)
        elif after.keyword == "NAMED" and index + 2 < len(plain):
            named.append(plain[index + 2].text)
        else:
            default.append(after.text)
    if not default and not named:
        return None
    begin = next((token.start for token in plain if token.keyword in _FORMS), 0)
    return _resolved(query[:begin], default, named, base)


def dataset_read(query: str, dataset: DatasetOf, base: str | None = None) -> DatasetOf:
    """The dataset that is read: what the request names, else what the query names, else the store's own."""
    if dataset.default is not None or dataset.named is not None:
        return dataset
    if names_graphs(query):
        # The engine would let the union win over the FROM of the query.
        default, named = stated(query, base) or ((), ())
        return DatasetOf(default, named, union=False) if len(default) > 1 else replace(dataset, union=False)
    return replace(dataset, alone=dataset.union and not mentions_graphs(query))


def _is_template(before: list[Token]) -> bool:
    """Whether the brace that comes now begins the template of a CONSTRUCT, after which FROM may follow."""
    return bool(before) and before[-1].keyword == "CONSTRUCT"


def _resolved(
    prologue: str, default: list[str], named: list[str], base: str | None
) -> tuple[tuple[NamedNode, ...], tuple[NamedNode, ...]] | None:
    asked = " ".join(f"({name} AS ?name{number})" for number, name in enumerate((*default, *named)))
    try:
        rows = cast(QuerySolutions, Engine().query(f"{prologue} SELECT {asked} {{}}", base_iri=base))
    except SyntaxError:
        # The query itself says what is wrong with it.
        return None
    known = [term for row in rows for term in row]
    graphs = [term for term in known if isinstance(term, NamedNode)]
    if len(graphs) != len(default) + len(named):
        return None
    return tuple(dict.fromkeys(graphs[: len(default)])), tuple(dict.fromkeys(graphs[len(default) :]))
