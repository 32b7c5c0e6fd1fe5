"""HermiT's verdict: the ontology is consistent, a contradiction is found, and it derives on the notice what our inference derives."""

from __future__ import annotations

import pytest
from pyoxigraph import Triple

import ontology
from api.publication.publish import Built, Knowledge
from ontology import terms
from ontology.names import GRAPH, ID, TYPE
from ontology.reasoning import InconsistentError, consistent, entailments

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
