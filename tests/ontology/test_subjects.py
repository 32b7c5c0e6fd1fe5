"""The tables of subjects: whole, without doubles, tied to what is there; one scheme each, with its sources."""

from __future__ import annotations

from collections import Counter

from pyoxigraph import Literal, NamedNode, Triple

import ontology
from ontology import terms
from ontology.names import DCTERMS, ID, SKOS, TYPE
from ontology.subjects import rows, topic_node, topics, values

VOCABULARY = tuple(ontology.triples())
PUBLISHED = tuple(ontology.classifications())
EVERY = (*VOCABULARY, *PUBLISHED)
SCHEMES = {
    "topics": 295,
    "subject-classes": 143,
    "gbt4754-2017": 1972,
    "strategic-2018": 53,
    "digital-economy-2021": 36,
    "high-tech-manufacturing-2017": 6,
    "high-tech-services-2018": 9,
}


def of(predicate: NamedNode) -> list[Triple]:
    return [triple for triple in EVERY if triple.predicate == predicate]


def test_each_scheme_is_whole_and_says_where_it_is_from() -> None:
    inside = Counter(triple.object for triple in of(SKOS["inScheme"]))
    assert {key: inside[ID[f"scheme/{key}"]] for key in SCHEMES} == SCHEMES
    sources = {triple.subject for triple in of(DCTERMS["source"])}
    assert {ID[f"scheme/{key}"] for key in SCHEMES} <= sources
    tops = {triple.subject for triple in of(SKOS["hasTopConcept"])}
    assert {ID[f"scheme/{key}"] for key in SCHEMES} <= tops


def test_gbt4754_has_four_levels() -> None:
    levels = Counter(row["level"] for row in rows("gbt4754.csv"))
    assert levels == {"section": 20, "division": 97, "group": 473, "class": 1382}


def test_a_class_has_one_notation_in_its_scheme() -> None:
    kinds = {triple.subject: triple.object for triple in of(TYPE) if triple.object in {terms.SubjectClass, terms.IndustryClass}}
    schemes = {triple.subject: triple.object for triple in of(SKOS["inScheme"])}
    codes = [(schemes[triple.subject], triple.object) for triple in of(SKOS["notation"]) if triple.subject in kinds]
    assert len(codes) == len(set(codes)) == len(kinds)


def test_what_is_broader_stands_in_the_same_scheme() -> None:
    schemes = {triple.subject: triple.object for triple in of(SKOS["inScheme"])}
    assert [triple for triple in of(SKOS["broader"]) if schemes[triple.subject] != schemes.get(_node(triple))] == []


def _node(triple: Triple) -> NamedNode:
    assert isinstance(triple.object, NamedNode)
    return triple.object


def test_a_word_belongs_to_one_topic_and_none_guards_against_its_own() -> None:
    words = Counter(word for row in topics() for word in {row["zh"], *values(row, "aliases")})
    guards = {phrase for row in topics() for phrase in values(row, "guard_phrases")}
    assert len(words) > 4000
    assert [word for word, count in words.items() if count > 1 or len(word) < 2 or word != word.strip()] == []
    assert guards
    assert [row["key"] for row in topics() if {row["zh"], *values(row, "aliases")} & set(values(row, "guard_phrases"))] == []


def test_a_guard_holds_a_word_of_some_topic() -> None:
    words = {word for row in topics() for word in (row["zh"], *values(row, "aliases"))}
    idle = [phrase for row in topics() for phrase in values(row, "guard_phrases") if not any(word in phrase for word in words)]
    assert idle == []


def test_what_a_topic_points_to_is_there() -> None:
    known = {triple.subject for triple in of(TYPE)}
    named = {triple.object for triple in EVERY if triple.predicate in {terms.broaderTopic, *(SKOS[f"{m}Match"] for m in MATCHES)}}
    ours = {node for node in named if isinstance(node, NamedNode) and ID.local(node)}
    assert len(ours) > 300
    assert ours - known == set()


MATCHES = ("exact", "broad", "narrow", "related")


def test_a_topic_that_is_a_concept_of_ours_is_not_doubled() -> None:
    merged = [row for row in topics() if row["concept"]]
    named = {
        triple.object.value
        for triple in of(SKOS["prefLabel"])
        if isinstance(triple.object, Literal)
        and triple.object.language == "zh"
        and ID.local(triple.subject).startswith(("industry/", "theme/"))
    }
    assert len(merged) == len({row["concept"] for row in merged}) == 100
    assert not {ID[f"topic/{row['key']}"] for row in merged} & {triple.subject for triple in EVERY}
    assert [row["zh"] for row in topics() if not row["concept"] and row["zh"] in named] == []
    alternative = {triple.subject for triple in PUBLISHED if triple.predicate == SKOS["altLabel"]}
    assert alternative & {topic_node(row) for row in merged} == set()


def test_topics_have_no_circle() -> None:
    above = {triple.subject: triple.object for triple in of(terms.broaderTopic)}
    assert len(above) > 200
    for start in above:
        path = [start]
        while isinstance(broader := above.get(path[-1]), NamedNode):
            assert broader not in path
            path.append(broader)
