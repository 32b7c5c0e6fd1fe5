"""The links to other open graphs: each with its source, and no stronger than it was seen to be."""

from collections import defaultdict
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
DIRECT = (SAME_AS, SEE_ALSO, f"{SKOS}exactMatch", f"{SKOS}closeMatch", f"{SKOS}broadMatch")
THESAURI = {"EuroVoc", "UNBIS Thesaurus", "STW", "YSO", "GND", "LCSH"}

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
    assert {kind(node) for node in nodes} == {"exact", "close", "broad", "rejected"}


def test_every_direct_statement_has_a_link_of_its_strength(
    nodes: list[dict[str, list[str]]], statements: set[tuple[str, str, str]]
) -> None:
    allowed = set()
    for node in nodes:
        for to in node.get(f"{ZC}to", ()):
            thing, match, scheme = node[f"{ZC}from"][0], kind(node), node[f"{ZC}scheme"][0]
            names = {
                "exact": [f"{SKOS}closeMatch", SEE_ALSO],
                "close": [f"{SKOS}closeMatch", SEE_ALSO],
                "broad": [f"{SKOS}broadMatch", SEE_ALSO],
                "rejected": [],
            }[match]
            if match == "exact":
                names.append(f"{SKOS}exactMatch" if scheme in THESAURI else SAME_AS)
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


def test_a_seat_is_close_to_its_district_and_no_more(statements: set[tuple[str, str, str]]) -> None:
    assert (f"{ID}district/pudong", f"{SKOS}closeMatch", "https://sws.geonames.org/1798524/") in statements
    assert (f"{ID}district/pudong", SAME_AS, "http://www.wikidata.org/entity/Q125378") in statements


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 1500
