"""The links to other open graphs: each with its source, and no stronger than it was seen to be."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "ontology" / "links").glob("*.ttl"))
ID = "https://w3id.org/zhengce/id/"
ZC = "https://w3id.org/zhengce/def#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
SOURCE = "http://purl.org/dc/terms/source"
MATCHES = ("exact", "close", "broad", "narrow", "related")
DIRECT = (SAME_AS, SEE_ALSO, *(f"{SKOS}{kind}Match" for kind in MATCHES))
THESAURI = {"EuroVoc", "UNBIS Thesaurus", "STW", "YSO", "GND", "LCSH", "EU Publications Office country"}
CLASSIFICATIONS = {"GB/T 4754-2017", "ISIC Rev.4", "NACE Rev.2"}
BODIES = {"ROR", "ISNI", "Crossref Funder Registry"}
"""Registers of organisations: what stands there is no place."""
PAGES = {"Wikipedia (en)", "Data Commons", "Who's On First", "EUR-Lex ELI page", "ISO catalogue", "SAE catalogue", "ELI", "CELEX"}
"""Pages and documents: about a thing, and not the thing."""
PUBLISHERS = {"ROR": "ror-community/"}
"""Whose own record of an identifier is enough to say what it stands for."""

Graph = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def graph() -> Graph:
    subjects: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in FILES:
        for triple in parse(path=path, format=RdfFormat.TURTLE):
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, NamedNode | Literal)
            subjects[triple.subject.value][triple.predicate.value].append(triple.object.value)
    return {subject: dict(found) for subject, found in subjects.items()}


@pytest.fixture(scope="module")
def nodes(graph: Graph) -> list[dict[str, list[str]]]:
    return [found for found in graph.values() if f"{ZC}from" in found]


@pytest.fixture(scope="module")
def statements(graph: Graph) -> set[tuple[str, str, str]]:
    return {(s, p, o) for s, found in graph.items() for p in DIRECT for o in found.get(p, ())}


def kind(node: dict[str, list[str]]) -> str:
    return node[f"{ZC}matchKind"][0].removeprefix(f"{ID}match/")


def test_every_link_says_what_it_joins_how_and_where_it_was_seen(nodes: list[dict[str, list[str]]]) -> None:
    needed = (f"{ZC}from", f"{ZC}scheme", f"{ZC}identifier", f"{ZC}matchKind", SOURCE)
    assert len(nodes) > 400
    assert all(len(node[name]) == 1 for node in nodes for name in needed)
    assert {kind(node) for node in nodes} == {*MATCHES, "rejected"}


def test_every_direct_statement_has_a_link_of_its_strength(
    nodes: list[dict[str, list[str]]], statements: set[tuple[str, str, str]]
) -> None:
    allowed = set()
    for node in nodes:
        for to in node.get(f"{ZC}to", ()):
            thing, match, scheme = node[f"{ZC}from"][0], kind(node), node[f"{ZC}scheme"][0]
            names = {
                "exact": [f"{SKOS}closeMatch"],
                "rejected": [],
            }.get(match, [f"{SKOS}{match}Match"])
            if match == "exact":
                names.append(f"{SKOS}exactMatch" if scheme in THESAURI else SAME_AS)
            if scheme in PAGES:
                names = [SEE_ALSO]
            allowed |= {(thing, name, to) for name in names}
    assert statements
    assert statements <= allowed


def test_a_rejected_pair_is_kept_and_not_stated(nodes: list[dict[str, list[str]]], statements: set[tuple[str, str, str]]) -> None:
    rejected = {(node[f"{ZC}from"][0], node[f"{ZC}to"][0]) for node in nodes if kind(node) == "rejected"}
    assert (f"{ID}agency/shanghai-drug-administration", "https://ror.org/002k3wk88") in rejected
    assert rejected.isdisjoint({(s, o) for s, _, o in statements})


def test_only_places_and_bodies_are_the_same_as_something_elsewhere(statements: set[tuple[str, str, str]]) -> None:
    same = {s.removeprefix(ID).partition("/")[0] for s, p, _ in statements if p == SAME_AS}
    assert same == {"agency", "district", "organisation", "place"}


def test_only_two_sources_or_the_publisher_make_two_things_the_same(
    nodes: list[dict[str, list[str]]], statements: set[tuple[str, str, str]]
) -> None:
    same = {(s, o) for s, p, o in statements if p == SAME_AS}
    told = [node for node in nodes if (node[f"{ZC}from"][0], node.get(f"{ZC}to", [""])[0]) in same]
    assert len(told) == len(same) > 10
    assert [node for node in told if not sourced(node)] == []


def sourced(node: dict[str, list[str]]) -> bool:
    """Whether two sources say so (or several files, each of which says it), or the publisher of the identifier."""
    source, comment = node[SOURCE][0], node.get("http://www.w3.org/2000/01/rdf-schema#comment", [""])[0]
    publisher = PUBLISHERS.get(node[f"{ZC}scheme"][0])
    return "; " in source or "everal independent files" in comment or bool(publisher and source.startswith(publisher))


def test_a_place_is_no_organisation_and_nothing_is_its_page(
    nodes: list[dict[str, list[str]]], statements: set[tuple[str, str, str]]
) -> None:
    scheme = {node[f"{ZC}to"][0]: node[f"{ZC}scheme"][0] for node in nodes if f"{ZC}to" in node}
    places = [(s, o) for s, p, o in statements if p == SAME_AS and s.startswith((f"{ID}place/", f"{ID}district/"))]
    assert places
    assert [(s, o) for s, o in places if scheme[o] in BODIES] == []
    assert [(s, p, o) for s, p, o in statements if p != SEE_ALSO and scheme[o] in PAGES] == []


def test_a_thing_is_exactly_one_concept_of_a_scheme(nodes: list[dict[str, list[str]]]) -> None:
    exact: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for node in nodes:
        if kind(node) == "exact":
            exact[node[f"{ZC}from"][0], node[f"{ZC}scheme"][0]] += node[f"{ZC}identifier"]
    assert {pair: codes for pair, codes in exact.items() if len(codes) > 1} == {}


def test_the_broader_classes_of_a_thing_lie_on_one_branch(nodes: list[dict[str, list[str]]]) -> None:
    broader: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for node in nodes:
        if kind(node) in ("broad", "exact") and node[f"{ZC}scheme"][0] in CLASSIFICATIONS:
            broader[node[f"{ZC}from"][0], node[f"{ZC}scheme"][0]].append(node[f"{ZC}identifier"][0].replace(".", ""))
    apart = {pair: codes for pair, codes in broader.items() if any(not long.startswith(short) for short, long in pairwise(sorted(codes)))}
    assert broader
    assert apart == {}


def test_one_code_has_one_strength_in_nace_and_in_isic(nodes: list[dict[str, list[str]]]) -> None:
    strength = {(n[f"{ZC}from"][0], n[f"{ZC}scheme"][0], n[f"{ZC}identifier"][0].replace(".", "")): kind(n) for n in nodes}
    pairs = [
        (strength[t, "NACE Rev.2", c], k) for (t, s, c), k in strength.items() if s == "ISIC Rev.4" and (t, "NACE Rev.2", c) in strength
    ]
    assert len(pairs) > 20
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_no_identifier_stands_for_two_of_our_things(nodes: list[dict[str, list[str]]]) -> None:
    ours: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for node in nodes:
        if kind(node) == "exact":
            ours[node[f"{ZC}scheme"][0], node[f"{ZC}identifier"][0]].add(node[f"{ZC}from"][0])
    assert {pair: things for pair, things in ours.items() if len(things) > 1} == {}


def test_an_act_is_not_the_mechanism_it_sets_up(statements: set[tuple[str, str, str]]) -> None:
    assert {p for s, p, _ in statements if s == f"{ID}instrument/cbam"} == {SEE_ALSO}


def test_a_seat_is_close_to_its_district_and_no_more(statements: set[tuple[str, str, str]]) -> None:
    assert (f"{ID}district/pudong", f"{SKOS}closeMatch", "https://sws.geonames.org/1798524/") in statements
    assert (f"{ID}district/pudong", SAME_AS, "http://www.wikidata.org/entity/Q125378") in statements
    assert (f"{ID}district/songjiang", SAME_AS, "http://www.wikidata.org/entity/Q662380") in statements


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 1500
