"""What follows from each kind of axiom, and that nothing an ontology says is passed over in silence."""

from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

import ontology
from graph.reasoning.inference import infer, prepare, rules
from ontology import terms
from ontology.names import OWL, PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + "@prefix : <urn:x:> .\n"


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(f"{HEAD}{turtle} .", RdfFormat.TURTLE)]


def short(found: Iterable[Triple]) -> set[str]:
    def name(term: object) -> str:
        if isinstance(term, NamedNode):
            return "a" if term.value.endswith("#type") else term.value.removeprefix("urn:x:")
        return term.value if isinstance(term, Literal) else "[]"

    return {" ".join(map(name, triple)) for triple in found}


def follows(axioms: str, facts: str) -> set[str]:
    return short(infer(rules(triples(axioms)), triples(facts)))


@pytest.mark.parametrize(
    ("axioms", "facts", "expected"),
    [
        (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C", ":x a :A", {"x a B", "x a C"}),
        (":A rdfs:subClassOf [ owl:intersectionOf ( :B [ owl:intersectionOf ( :C :D ) ] ) ]", ":x a :A", {"x a B", "x a C", "x a D"}),
        ("[ owl:intersectionOf ( :A :B ) ] rdfs:subClassOf :C", ":x a :A, :B . :y a :A", {"x a C"}),
        ("[ owl:unionOf ( :A :B ) ] rdfs:subClassOf :C", ":x a :A . :y a :B", {"x a C", "y a C"}),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasSelf true ]", ":x a :A", {"x p x"}),
        ("[ owl:onProperty :p ; owl:hasSelf true ] rdfs:subClassOf :A", ":x :p :x . :y :p :x", {"x a A"}),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue :v ]", ":x a :A", {"x p v"}),
        ("[ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :A", ":x :p :y . :y a :B . :z :p :x", {"x a A"}),
        ("[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :A", ":x :p :y", {"x a A"}),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ]", ":x a :A ; :p :y . :z :p :w", {"y a B"}),
        (":A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :p ] ; owl:hasValue :v ]", ":x a :A", {"v p x"}),
        (":A owl:equivalentClass :B", ":x a :A . :y a :B", {"x a B", "y a A"}),
        (
            ":F owl:equivalentClass [ owl:intersectionOf ( :R [ owl:onProperty :n ; owl:hasValue 1 ] ) ]",
            ":x a :R ; :n 1 . :y a :R ; :n 2 . :z a :F . :w :n 1",
            {"x a F", "z a R", "z n 1"},
        ),
        (
            ":F owl:equivalentClass [ owl:intersectionOf ( :R [ owl:onProperty :p ; owl:hasValue :v ] ) ]",
            ":x a :R ; :p :v . :y a :R ; :p :w",
            {"x a F"},
        ),
        (":A owl:disjointUnionOf ( :B :C )", ":x a :B . :y a :C", {"x a A", "y a A"}),
        (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r", ":x :p :y", {"x q y", "x r y"}),
        (":p rdfs:subPropertyOf [ owl:inverseOf :q ]", ":x :p :y", {"y q x"}),
        (":p owl:equivalentProperty :q", ":x :p :y . :z :q :w", {"x q y", "z p w"}),
        (":p owl:inverseOf :q", ":x :p :y . :z :q :w", {"y q x", "w p z"}),
        (":p a owl:SymmetricProperty", ":x :p :y", {"y p x"}),
        (":p a owl:TransitiveProperty", ":a :p :b . :b :p :c . :c :p :d", {"a p c", "b p d", "a p d"}),
        (":r owl:propertyChainAxiom ( :p :q )", ":x :p :y . :y :q :z . :z :q :x", {"x r z"}),
        (":r owl:propertyChainAxiom ( :p [ owl:inverseOf :q ] :p )", ":x :p :y . :z :q :y ; :p :w", {"x r w"}),
        (":r owl:propertyChainAxiom ( [ owl:inverseOf :p ] [ owl:inverseOf :p ] )", ":x :p :y . :y :p :z", {"z r x"}),
        (":r owl:propertyChainAxiom ( :p :p )", ":x :p :x", {"x r x"}),
        (":r owl:propertyChainAxiom ( :r :p )", ":x :r :y . :y :p :z . :z :p :x", {"x r z", "x r x"}),
        (":p rdfs:domain :A ; rdfs:range :B", ":x :p :y", {"x a A", "y a B"}),
        (":p a owl:DatatypeProperty ; rdfs:domain :A ; rdfs:range xsd:string", ':x :p "y"', {"x a A"}),
        (":p rdfs:range :B", ':x :p "y"', set()),
        (":A rdfs:subClassOf owl:Thing, :A", ":x a :A", set()),
    ],
)
def test_axiom_entails(axioms: str, facts: str, expected: set[str]) -> None:
    assert follows(axioms, facts) == expected
    assert not [one for one in rules(triples(axioms)).unused if "others" not in one.reason]


def test_what_is_among_the_facts_is_not_derived() -> None:
    assert follows(":A rdfs:subClassOf :B", ":x a :A, :B") == set()


def test_cycles_come_to_an_end() -> None:
    assert follows(":p a owl:TransitiveProperty , owl:SymmetricProperty", ":a :p :b . :b :p :c") == {
        f"{one} p {other}" for one in "abc" for other in "abc"
    } - {"a p b", "b p c"}


def test_vocabulary_is_closed_once_and_not_again_with_a_notice() -> None:
    axioms = rules(
        triples(":A rdfs:subClassOf :B , [ owl:onProperty :in ; owl:hasSelf true ] . :about owl:propertyChainAxiom ( :says :in )")
    )
    background = prepare(axioms, triples(":thing a :A ; :in :place . :other :says :thing"))
    assert short(background.inferred) == {"thing a B", "thing in thing", "other about place", "other about thing"}
    facts = triples(":task :says :thing")
    assert short(background.infer(facts)) == {"task about thing", "task about place"}
    assert short(infer(background, facts)) == {"task about thing", "task about place"}
    assert short(background.infer(triples(":thing a :B"))) == set()


def test_notices_do_not_see_each_other() -> None:
    background = prepare(rules(triples(":r owl:propertyChainAxiom ( :p :q )")), ())
    assert short(background.infer(triples(":x :p :y"))) == set()
    assert short(background.infer(triples(":y :q :z"))) == set()


def test_background_and_facts_apart_give_the_same_as_together() -> None:
    axioms = rules(triples(":p a owl:TransitiveProperty . :p rdfs:domain :A . :q owl:inverseOf :p . :r owl:propertyChainAxiom ( :q :p )"))
    vocabulary, facts = triples(":a :p :b . :b :p :c"), triples(":c :p :d . :z :p :a")
    background = prepare(axioms, vocabulary)
    apart = {*background.inferred, *background.infer(facts)}
    assert apart == set(infer(axioms, vocabulary + facts))
    assert len(apart) > 15


@pytest.mark.parametrize(
    "axioms",
    [
        ":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ]",
        ":A rdfs:subClassOf [ owl:oneOf ( :b :c ) ]",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ]",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ]",
        "[ owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A",
        "[ owl:complementOf :B ] rdfs:subClassOf :A",
        "owl:Thing rdfs:subClassOf :A",
        ":A owl:equivalentClass [ owl:unionOf ( :B :C ) ]",
        ":A owl:unionOf ( :B :C )",
        ":A owl:hasKey ( :p )",
        ":A owl:disjointUnionOf ( :B :C )",
        ":p a owl:FunctionalProperty",
        ":p a owl:ReflexiveProperty",
        ":x owl:sameAs :y",
        ":p rdfs:domain [ owl:unionOf ( :A :B ) ]",
        "<urn:o> owl:imports <urn:elsewhere>",
        ":p owl:somethingNew :q",
        ":rule a <http://www.w3.org/2003/11/swrl#Imp>",
    ],
)
def test_axiom_without_a_rule_is_named(axioms: str) -> None:
    assert len(rules(triples(axioms)).unused) == 1


@pytest.mark.parametrize(
    "axioms",
    [
        ":A owl:disjointWith :B . [] a owl:AllDisjointClasses ; owl:members ( :A :B )",
        ":p a owl:DatatypeProperty , owl:FunctionalProperty",
        ":p a owl:ObjectProperty , owl:AsymmetricProperty , owl:IrreflexiveProperty ; owl:propertyDisjointWith :q",
        ":A rdfs:subClassOf [ owl:complementOf :B ]",
        "<urn:o> a owl:Ontology ; owl:imports <urn:i> ; owl:versionInfo '1' . <urn:i> a owl:Ontology",
        ":A rdfs:label 'A' ; rdfs:comment 'A' ; owl:deprecated true",
    ],
)
def test_what_can_only_contradict_or_describe_is_not_named(axioms: str) -> None:
    assert rules(triples(axioms)) == rules(())


def test_our_own_ontology_leaves_one_axiom_without_a_rule() -> None:
    """That a commitment is a task or a target, and nothing else, names nothing: HermiT uses it to find contradictions."""
    unused = rules(ontology.triples()).unused
    assert [(one.triple.subject, one.triple.predicate) for one in unused] == [(terms.Commitment, OWL["disjointUnionOf"])]


def test_rules_do_not_depend_on_the_order_of_the_axioms() -> None:
    axioms = list(ontology.triples())
    heads = [[(str(rule.head), rule.axiom.kind) for rule in rules(one).rules] for one in (axioms, axioms[::-1])]
    assert heads[0] == heads[1]
    assert len(heads[0]) > 100
