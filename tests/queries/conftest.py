"""What a query answers on the dataset of the shipped notice."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryTriples, Store

from queries import catalogue

Answer = tuple[list[str], list[list[str]]]
"""Column names and rows of values, as in a CSV file."""
Ask = Callable[[str], Answer]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/queries --accept`` writes the answers of today into the expected files."""
    parser.addoption("--accept", action="store_true", default=False)


@pytest.fixture(scope="session")
def ask(dataset: Store) -> Ask:
    """What the dataset answers to the text of a query. Nobody writes to it: each text is evaluated once."""

    @cache
    def asked(text: str) -> Answer:
        return answer(dataset, text)

    return asked


def answer(store: Store, text: str) -> Answer:
    result = store.query(text, use_default_graph_as_union=True)
    if isinstance(result, QueryBoolean):
        return ["boolean"], [[str(bool(result)).lower()]]
    if isinstance(result, QueryTriples):
        return ["subject", "predicate", "object"], sorted(
            [str(triple.subject), str(triple.predicate), str(triple.object)] for triple in result
        )
    columns = [variable.value for variable in result.variables]
    return columns, [["" if term is None else str(getattr(term, "value", term)) for term in row] for row in result]


@pytest.fixture(scope="session")
def resolve(ask: Ask) -> Callable[[tuple[str, ...], str], NamedNode | None]:
    """Finds the thing of one of these kinds that has a name."""

    def find(kinds: tuple[str, ...], name: str) -> NamedNode | None:
        """The earlier kinds win, as over HTTP."""
        _, rows = ask(catalogue()["thing-by-name"].bound({"name": [Literal(name)]}))
        things = sorted({row[0] for row in rows})
        return next((NamedNode(thing) for kind in kinds for thing in things if thing.split("/")[-2] == kind), None)

    return find
