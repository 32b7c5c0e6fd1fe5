"""The description of a store: what it counts, and that it describes data only."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from graph.store.void import DATASET, void_triples
from ontology import terms
from ontology.names import GRAPH, ID, SKOS, TYPE, VOID

TASK = ID["notice/n/task/1"]


@pytest.fixture
def store() -> Store:
    held = Store()
    held_by: dict[str, list[tuple[NamedNode, NamedNode, NamedNode | Literal]]] = {
        "notice/n": [(TASK, TYPE, terms.Task), (TASK, terms.number, Literal("1")), (ID["notice/n"], terms.hasTask, TASK)],
        "inferred/n": [(TASK, TYPE, terms.Commitment)],
        "catalogue": [(DATASET, TYPE, VOID["Dataset"])],
    }
    for graph, triples in held_by.items():
        held.extend(Quad(subject, predicate, object, GRAPH[graph]) for subject, predicate, object in triples)
    return held


def values(found: list[Triple], kind: str, term: NamedNode, count: str) -> list[str]:
    """What the partition of a term says."""
    nodes = [triple.subject for triple in found if triple.predicate == VOID[kind] and triple.object == term]
    counts = [triple.object for triple in found if triple.subject in nodes and triple.predicate == VOID[count]]
    return [count.value for count in counts if isinstance(count, Literal)]


def test_partitions_count_classes_and_properties_in_all_graphs_but_the_catalogue(store: Store) -> None:
    found = list(void_triples(store))
    assert values(found, "class", terms.Task, "entities") == ["1"]
    assert values(found, "class", terms.Commitment, "entities") == ["1"]
    assert values(found, "property", TYPE, "triples") == ["2"]
    assert values(found, "class", VOID["Dataset"], "entities") == []
    assert Triple(DATASET, VOID["triples"], Literal(4)) in found


def test_description_is_the_same_when_it_stands_in_the_store_already(store: Store) -> None:
    before = list(void_triples(store))
    store.extend(Quad(triple.subject, triple.predicate, triple.object, GRAPH["catalogue"]) for triple in before)
    assert list(void_triples(store)) == before


def test_every_partition_has_a_name_of_its_own(store: Store) -> None:
    store.add(Quad(TASK, NamedNode("https://example.org/a?b=c/d"), Literal("x"), GRAPH["notice/n"]))
    store.add(Quad(TASK, SKOS["note"], Literal("x"), GRAPH["notice/n"]))
    found = list(void_triples(store))
    nodes = [triple.object for triple in found if triple.predicate in {VOID["classPartition"], VOID["propertyPartition"]}]
    assert len(nodes) == len(set(nodes)) == 7
    written = serialize(found, format=RdfFormat.TURTLE)
    assert len(set(parse(written, format=RdfFormat.TURTLE))) == len(set(found))


def test_nodes_are_counted_once_and_only_where_they_are_not_too_many(tmp_path: Path) -> None:
    """Also those that stand in several graphs. A class of too many statements has no count, and nothing else is left out or differs."""
    held = Store(str(tmp_path / "store"))
    nodes = [ID[f"notice/n/task/{n}"] for n in range(200)]
    for graph in ("notice/n", "notice/m", "inferred/n", "catalogue"):
        types = (terms.Task, terms.Commitment) if graph == "inferred/n" else (terms.Task,)
        held.extend(Quad(node, TYPE, type_, GRAPH[graph]) for node in nodes for type_ in types)
    exact, large = set(void_triples(held)), set(void_triples(held, whole=799, class_=599))
    assert values(list(exact), "class", terms.Task, "entities") == ["200"]
    assert values(list(large), "class", terms.Commitment, "entities") == ["200"]
    assert values(list(large), "class", terms.Task, "entities") == []
    assert {triple.predicate for triple in exact - large} == {VOID["distinctSubjects"], VOID["distinctObjects"], VOID["entities"]}
    assert large < exact


def test_an_empty_store_is_described_as_empty() -> None:
    assert Triple(DATASET, VOID["triples"], Literal(0)) in list(void_triples(Store()))
