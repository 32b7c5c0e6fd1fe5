"""How an axiom is printed beside a proof, and why one becomes no rule."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.proofs.render import KINDS
from graph.reasoning.axioms import rules
from ontology.names import PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + "@prefix : <urn:x:> .\n"


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(f"{HEAD}{turtle} .", RdfFormat.TURTLE)]


def printed(turtle: str) -> set[tuple[str, str]]:
    def word(part: object) -> str:
        return part.value.removeprefix("urn:x:") if isinstance(part, NamedNode) else getattr(part, "value", str(part))

    return {(rule.axiom.kind, "".join(map(word, rule.axiom.words))) for rule in rules(triples(turtle)).rules}


PRINTED = [
    (":A rdfs:subClassOf :B", "subclass", "A ⊑ B"),
    (":A rdfs:subClassOf [ owl:intersectionOf ( :B :C ) ]", "subclass", "A ⊑ (B ⊓ C)"),
    ("[ owl:unionOf ( :A :B ) ] rdfs:subClassOf :C", "subclass", "(A ⊔ B) ⊑ C"),
    (":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasSelf true ]", "subclass", "A ⊑ ∃p.Self"),
    (":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue 1 ]", "subclass", "A ⊑ ∃p.{1}"),
    ("[ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :A", "subclass", "∃p.B ⊑ A"),
    (":A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :p ] ; owl:allValuesFrom :B ]", "subclass", "A ⊑ ∀p⁻.B"),
    (
        ":p a owl:DatatypeProperty . :A rdfs:subClassOf [ owl:intersectionOf ( :B [ owl:onProperty :p ; owl:maxCardinality 1 ] ) ]",
        "subclass",
        "A ⊑ (B ⊓ …p)",
    ),
    (":A owl:equivalentClass [ owl:intersectionOf ( :B [ owl:complementOf :C ] ) ]", "equivalent", "A ≡ (B ⊓ ¬C)"),
    (":A owl:disjointUnionOf ( :B :C )", "union", "A ≡ B ⊔ C"),
    (":p rdfs:subPropertyOf [ owl:inverseOf :q ]", "subproperty", "p ⊑ q⁻"),
    (":p owl:equivalentProperty :q", "equivalent", "p ≡ q"),
    (":p owl:inverseOf :q", "inverse", "p ≡ q⁻"),
    (":p a owl:SymmetricProperty", "symmetric", "p ≡ p⁻"),
    (":p a owl:TransitiveProperty", "transitive", "p ∘ p ⊑ p"),
    (":r owl:propertyChainAxiom ( :p [ owl:inverseOf :q ] )", "chain", "p ∘ q⁻ ⊑ r"),
    (":p rdfs:domain :A", "domain", "∃p.⊤ ⊑ A"),
    (":p rdfs:range [ owl:intersectionOf ( :A :B ) ]", "range", "⊤ ⊑ ∀p.(A ⊓ B)"),
]


@pytest.mark.parametrize(("axiom", "kind", "words"), PRINTED)
def test_an_axiom_is_printed(axiom: str, kind: str, words: str) -> None:
    assert printed(axiom) == {(kind, words)}


def test_every_kind_has_a_name() -> None:
    assert {kind for _, kind, _ in PRINTED} == set(KINDS)


@pytest.mark.parametrize(
    ("axiom", "reason"),
    [
        (":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ]", "one of several, without saying which"),
        (":A rdfs:subClassOf [ owl:oneOf ( :b :c ) ]", "one of several, without saying which"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ]", "entails something without a name"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality 1 ]", "entails something without a name"),
        (
            ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ]",
            "entails only that two names name one thing, or that there is one without a name",
        ),
        (
            ":A rdfs:subClassOf [ owl:onProperty :p ; owl:qualifiedCardinality 1 ]",
            "entails only that two names name one thing, or that there is one without a name",
        ),
        (":p a owl:FunctionalProperty", "entails only that two names name one thing"),
        ("owl:Thing rdfs:subClassOf :A", "speaks of everything"),
        ("[ owl:complementOf :B ] rdfs:subClassOf :A", "a class expression on the left that makes no rule"),
        (":A rdfs:subClassOf []", "a class expression on the right that makes no rule"),
        (":A owl:unionOf ( :B :C )", "a named class defined without owl:equivalentClass"),
        (":A owl:disjointUnionOf ( :B :C )", "that there are no others makes no rule"),
        ("[] rdfs:subPropertyOf :p", "a property expression that makes no rule"),
        (":A rdfs:subClassOf [ owl:intersectionOf :B ]", "a list without an end"),
        ("<urn:o> owl:imports <urn:elsewhere>", "an ontology that is not among the triples"),
        (":p a owl:ReflexiveProperty", "no rule is made of this"),
        (":p owl:somethingNew :q", "no rule is made of this"),
    ],
)
def test_why_an_axiom_makes_no_rule(axiom: str, reason: str) -> None:
    assert [unused.reason for unused in rules(triples(axiom)).unused] == [reason]


def test_the_other_direction_of_an_equivalence_is_kept_where_one_makes_no_rule() -> None:
    made = rules(triples(":A owl:equivalentClass [ owl:unionOf ( :B :C ) ]"))
    assert [rule.head.object for rule in made.rules] == [NamedNode("urn:x:A")] * 2
    assert [unused.reason for unused in made.unused] == ["one of several, without saying which"]


def test_fillers_that_are_data_make_no_rule_and_no_complaint() -> None:
    for filler in ("xsd:string", "rdfs:Literal", "rdf:langString", "[ owl:onDatatype xsd:integer ]", "[ a rdfs:Datatype ]"):
        made = rules(triples(f":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom {filler} ]"))
        assert (made.rules, made.unused) == ((), ())


@pytest.mark.parametrize("counted", ["maxCardinality", "maxQualifiedCardinality", "cardinality", "qualifiedCardinality"])
def test_how_many_there_are_at_most_names_nothing(counted: str) -> None:
    (unused,) = rules(triples(f":A rdfs:subClassOf [ owl:onProperty :p ; owl:{counted} 1 ]")).unused
    assert unused.reason == "entails only that two names name one thing, or that there is one without a name"
    data = rules(triples(f":p a owl:DatatypeProperty . :A rdfs:subClassOf [ owl:onProperty :p ; owl:{counted} 1 ]"))
    assert (data.rules, data.unused) == ((), ())


@pytest.mark.parametrize("counted", ["minCardinality", "minQualifiedCardinality"])
def test_how_many_there_are_at_least_names_nothing(counted: str) -> None:
    (unused,) = rules(triples(f":A rdfs:subClassOf [ owl:onProperty :p ; owl:{counted} 1 ]")).unused
    assert unused.reason == "entails something without a name"
