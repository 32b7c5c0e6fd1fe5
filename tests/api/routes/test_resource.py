"""Things by their address."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from ontology.names import DEF, ID, SKOS, TYPE

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PUDONG = {(str(TYPE), str(DEF["District"])), (str(SKOS["prefLabel"]), '"浦东新区"@zh')}


def said(body: bytes, format: RdfFormat) -> set[tuple[str, str]]:
    quads = list(parse(body, format))
    assert {quad.subject for quad in quads} == {ID["district/pudong"]}
    return {(str(quad.predicate), str(quad.object)) for quad in quads}


@pytest.mark.parametrize(
    ("suffix", "format"),
    [
        (".ttl", RdfFormat.TURTLE),
        (".nt", RdfFormat.N_TRIPLES),
        (".rdf", RdfFormat.RDF_XML),
        (".jsonld", RdfFormat.JSON_LD),
        (".trig", RdfFormat.TRIG),
    ],
)
def test_suffix_and_accept_give_the_same(service: Any, suffix: str, format: RdfFormat) -> None:
    by_suffix = service.get(f"/id/district/pudong{suffix}")
    by_accept = service.get("/id/district/pudong", Accept=format.media_type)
    assert by_suffix.headers["content-type"].split(";")[0] == by_accept.headers["content-type"].split(";")[0] == format.media_type
    assert said(by_suffix.body, format) == said(by_accept.body, format) == PUDONG


def test_turtle_is_what_programs_get(service: Any) -> None:
    reply = service.get("/id/district/pudong")
    assert reply.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "accept" in reply.headers["vary"].lower()


def test_turtle_names_only_the_prefixes_it_uses(service: Any) -> None:
    body = service.get("/id/district/pudong.ttl").body.decode()
    assert body.count("@prefix") == 4
    assert "zc:District" in body


def test_head_has_the_type_and_no_body(service: Any) -> None:
    reply = service.send("HEAD", "/id/district/pudong.ttl")
    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, b"", "text/turtle; charset=utf-8")


@pytest.mark.parametrize("path", ["district/nowhere", "district/nowhere.ttl", "a%20b", "%3Cx%3E", "", "%F0%9F", "a%00b", "%22%7D"])
def test_what_is_not_there_is_404(service: Any, path: str) -> None:
    reply = service.get(f"/id/{path}", Accept="text/turtle")
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json; charset=utf-8"


def test_no_acceptable_format_is_406(service: Any) -> None:
    assert service.get("/id/district/pudong", Accept="image/png").status == 406


def test_etag_follows_format(service: Any) -> None:
    first = service.get("/id/district/pudong.ttl")
    assert service.get("/id/district/pudong.ttl", If_None_Match=first.headers["etag"]).status == 304
    assert service.get("/id/district/pudong.nt").headers["etag"] != first.headers["etag"]


def test_ontology_answers_as_rdf(service: Any) -> None:
    reply = service.get("/def", Accept="application/n-triples")
    assert any(quad.subject == DEF["Task"] for quad in parse(reply.body, RdfFormat.N_TRIPLES))
    assert service.get("/def.ttl").headers["content-type"].startswith("text/turtle")


def test_browser_gets_a_page_or_at_least_the_facts(service: Any) -> None:
    assert service.get("/id/district/pudong", Accept=BROWSER).status == 200


@pytest.mark.parametrize(("suffix", "format"), [(".ttl", RdfFormat.TURTLE), (".nt", RdfFormat.N_TRIPLES)])
def test_rdf_1_2_is_given_on_request_alone(service: Any, suffix: str, format: RdfFormat) -> None:
    plain = service.get(f"/id/district/pudong{suffix}")
    assert "version" not in plain.headers["content-type"]
    by_parameter = service.get(f"/id/district/pudong{suffix}?version=1.2")
    by_type = service.get("/id/district/pudong", Accept=f"{format.media_type}; version=1.2")
    for reply in (by_parameter, by_type):
        assert reply.headers["content-type"].endswith("; version=1.2")
        assert said(reply.body, format) == PUDONG
    older = service.get("/id/district/pudong?version=1.1", Accept=f"{format.media_type}; version=1.2")
    assert "version" not in older.headers["content-type"]


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [("pudong.rdf?version=1.2", "*/*", 406), ("pudong?version=1.2", "application/ld+json", 406), ("pudong?version=2", "*/*", 422)],
)
def test_other_formats_and_versions_are_refused(service: Any, path: str, accept: str, status: int) -> None:
    assert service.get(f"/id/district/{path}", Accept=accept).status == status
