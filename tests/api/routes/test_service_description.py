"""What the endpoint says of itself, and only where it is true."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from api.http import negotiation
from api.routes.service_description import SD, describe, triples
from ontology.names import TYPE

ENDPOINT = NamedNode("http://e/sparql")


def features(**asked: Any) -> set[str]:
    return {
        str(getattr(each.object, "value", "")).removeprefix(SD)
        for each in triples(ENDPOINT.value, **asked)
        if each.predicate == SD["feature"]
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"union": True}, {"UnionDefaultGraph", "EmptyGraphs"}),
        ({"union": False}, {"EmptyGraphs"}),
        ({"union": True, "federated": True}, {"UnionDefaultGraph", "BasicFederatedQuery", "EmptyGraphs"}),
    ],
)
def test_features_are_those_of_the_settings(asked: dict[str, bool], expected: set[str]) -> None:
    assert features(**asked) == expected


def test_every_format_that_is_offered_is_named() -> None:
    said = list(triples(ENDPOINT.value, union=True))
    formats = {each.object for each in said if each.predicate == SD["resultFormat"]}
    offered = {offer.format.iri for offer in (*negotiation.results(), *negotiation.graphs()) if hasattr(offer.format, "iri")}
    assert {getattr(each, "value", "") for each in formats} == offered
    assert len(offered) > 8


def test_graphs_and_updates_are_named_where_they_are_there() -> None:
    plain = list(triples(ENDPOINT.value, union=True))
    assert [each.subject for each in plain if each.object == SD["Service"]] == [ENDPOINT]
    assert not any(each.predicate == SD["namedGraph"] for each in plain)
    full = list(triples(ENDPOINT.value, union=True, update="http://e/update", graphs=("http://e/g", "http://e/h")))
    updates = NamedNode("http://e/update")
    languages = {each.subject: each.object for each in full if each.predicate == SD["supportedLanguage"]}
    assert languages == {ENDPOINT: SD["SPARQL11Query"], updates: SD["SPARQL11Update"]}
    assert {each.object for each in full if each.predicate == SD["name"]} == {NamedNode("http://e/g"), NamedNode("http://e/h")}
    assert sum(each.object == SD["NamedGraph"] and each.predicate == TYPE for each in full) == 2
    endpoints = {each.subject: each.object for each in full if each.predicate == SD["endpoint"]}
    assert endpoints == {ENDPOINT: ENDPOINT, updates: updates}


def test_it_is_written_in_formats_of_graphs_alone() -> None:
    written = describe(ENDPOINT.value, RdfFormat.TURTLE, union=True)
    assert b"sd:Service" in written
    assert len(list(parse(written, RdfFormat.TURTLE))) == len(list(triples(ENDPOINT.value, union=True)))
    with pytest.raises(TypeError):
        describe(ENDPOINT.value, "table", union=True)  # type: ignore[arg-type]
