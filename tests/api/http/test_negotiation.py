"""Which format a client gets."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from api.http.errors import NotAcceptableError
from api.http.negotiation import by_suffix, choose, graphs, prefers_html, results

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "text/turtle, application/rdf+xml, application/n-triples;q=0.5"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("text/*", "text/xml"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;q=0.3, text/tab-separated-values;q=0.31", "text/tab-separated-values"),
        ("*/*;q=0.1, text/csv", "text/csv"),
        ("application/sparql-results+json;q=0, */*;q=0.5", "application/json"),
        ("text/csv; charset=utf-8; q=0.9, application/sparql-results+xml; q = 0.8", "text/csv"),
        ("text/csv;q=2, application/sparql-results+xml", "application/sparql-results+xml"),
        ("nonsense, ;;, text/csv", "text/csv"),
    ],
)
def test_highest_quality_wins(accept: str | None, expected: str) -> None:
    assert choose(accept, results()).types[0] == expected


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "application/*;q=0, text/*;q=0", "text/csv;q=none"])
def test_nothing_that_fits_is_an_error_with_the_offers(accept: str) -> None:
    with pytest.raises(NotAcceptableError) as caught:
        choose(accept, results())
    assert caught.value.offered == tuple(offer.types[0] for offer in results())


def test_graph_formats() -> None:
    assert choose(None, graphs()).format == RdfFormat.TURTLE
    assert choose(RDFLIB, graphs()).format == RdfFormat.TURTLE
    assert choose("application/ld+json", graphs()).format == RdfFormat.JSON_LD


def test_text_says_its_encoding() -> None:
    assert choose("text/csv", results()).media_type == "text/csv; charset=utf-8"
    assert choose("application/n-triples", graphs()).media_type == "application/n-triples"


@pytest.mark.parametrize(
    ("path", "stem", "format"),
    [
        ("district/pudong.ttl", "district/pudong", RdfFormat.TURTLE),
        ("district/pudong.jsonld", "district/pudong", RdfFormat.JSON_LD),
        ("district/pudong.rdf", "district/pudong", RdfFormat.RDF_XML),
        ("district/pudong.nt", "district/pudong", RdfFormat.N_TRIPLES),
        ("district/pudong", "district/pudong", None),
        ("district/v1.2", "district/v1.2", None),
    ],
)
def test_suffix_names_the_format(path: str, stem: str, format: RdfFormat | None) -> None:
    found, offer = by_suffix(path, graphs())
    assert (found, offer and offer.format) == (stem, format)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(BROWSER, True), ("text/html", True), (None, False), ("*/*", False), (RDFLIB, False), (f"text/turtle, {BROWSER}", False)],
)
def test_only_browsers_prefer_pages(accept: str | None, expected: bool) -> None:
    assert prefers_html(accept, graphs()) is expected


def test_every_format_has_one_suffix_and_type_of_its_own() -> None:
    for offers in (results(), graphs()):
        assert len({offer.suffix for offer in offers}) == len({offer.types[0] for offer in offers}) == len(offers)
    assert QueryResultsFormat.JSON in {offer.format for offer in results()}
