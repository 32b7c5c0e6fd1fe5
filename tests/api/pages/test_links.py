"""No IRI of a graph becomes a link to a script or to data."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Literal, NamedNode, Quad, Store

from api.pages.wording import link
from ontology.names import DEF, GRAPH, ID, SKOS, TYPE

BAD = ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank"]
GOOD = ["https://example.org/a", "http://example.org/b", "mailto:a@example.org"]


@pytest.mark.parametrize("iri", BAD)
def test_what_a_browser_should_not_follow_is_no_link(iri: str) -> None:
    assert link("zh", iri) == ""


@pytest.mark.parametrize("iri", GOOD)
def test_what_it_may_follow_is_one(iri: str) -> None:
    assert link("zh", iri) == iri


def test_no_page_links_to_them(show: Callable[[Store], AbstractContextManager[TestClient]], dataset: Store) -> None:
    store = Store()
    store.extend(dataset)
    thing = ID["industry/low-altitude-aviation"]
    store.extend(Quad(thing, DEF["seeAlso"], NamedNode(iri), GRAPH["other"]) for iri in (*BAD, *GOOD))
    for iri in BAD:
        store.add(Quad(NamedNode(iri), SKOS["broader"], thing, GRAPH["other"]))
        store.add(Quad(NamedNode(iri), TYPE, DEF["Industry"], GRAPH["other"]))
        store.add(Quad(NamedNode(iri), SKOS["prefLabel"], Literal("坏", language="zh"), GRAPH["other"]))
    with show(store) as client:
        for path in (
            "/id/industry/low-altitude-aviation",
            "/queries/about-thing?thing=low-altitude-aviation",
            "/queries/task-as-graph",
            "/industries",
        ):
            for language in ("", "en"):
                page = client.get(path, params={"lang": language} if language and "?" not in path else None).text
                assert not re.search(r'(?:href|src|action)="\s*(?:javascript|data|vbscript|file|blob|about):', page, re.IGNORECASE), path
