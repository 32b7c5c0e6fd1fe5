"""Names in Python, terms in Turtle, and what the data and the queries use are the same; the ontology keeps to its own house."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

import ontology
from api.publication.publish import Built
from graph.validation.validator import validate
from ontology import terms
from ontology.names import BASE, DCTERMS, DEF, ID, OWL, PREFIXES, RDF, RDFS, SKOS, TYPE

ROOT = Path(__file__).parents[2]
KINDS = {OWL["Class"], OWL["ObjectProperty"], OWL["DatatypeProperty"]}
PREFIX = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
GOOD = (
    'zc:Good a owl:Class ; skos:prefLabel "好"@zh , "Good"@en ; skos:definition "是好的。"@zh , "It is good."@en ; rdfs:isDefinedBy <def> .'
)
FAULTS = [
    ("TermLabel", '"好"@zh , "Good"@en', '"好"@zh'),
    ("TermLabel", '"好"@zh , "Good"@en', '"好"@zh , "良"@zh , "Good"@en'),
    ("TermLabel", '"好"@zh , "Good"@en', '"好"@zh , "Gut"@de'),
    ("TermDefinition", '"是好的。"@zh , ', ""),
    ("TermDefinition", '"是好的。"@zh , ', '"是好的。"@zh , "也好。"@zh , '),
    ("TermDefinition", "是好的。", "好"),
    ("TermDefinition", "It is good.", "good"),
    ("TermDefinedBy", " ; rdfs:isDefinedBy <def>", ""),
    ("TermDefinedBy", "isDefinedBy <def>", "isDefinedBy <defs>"),
]


def declared(kinds: Iterable[NamedNode] = tuple(KINDS)) -> set[NamedNode]:
    wanted = set(kinds)
    return {t.subject for t in ontology.axioms() if t.predicate == TYPE and t.object in wanted and isinstance(t.subject, NamedNode)}


def own(nodes: Iterable[NamedNode]) -> set[NamedNode]:
    return {node for node in nodes if node.value.startswith(DEF)}


def test_the_names_in_python_are_the_terms_in_turtle() -> None:
    named = {node for node in vars(terms).values() if isinstance(node, NamedNode) and node.value.startswith(DEF)}
    assert len(named) > 100
    assert named == own(declared())


def test_a_name_in_python_is_the_name_of_the_term() -> None:
    wrong = [name for name, node in vars(terms).items() if isinstance(node, NamedNode) and node != DEF[name.rstrip("_")] and node != TYPE]
    assert wrong == []


def test_what_the_data_says_is_declared(notice: Built) -> None:
    said = list(chain(ontology.triples(), ontology.links(), *notice.graphs.values()))
    used = {t.predicate for t in said} | {t.object for t in said if t.predicate == TYPE and isinstance(t.object, NamedNode)}
    known = {t.subject for t in ontology.axioms() if t.predicate == TYPE}
    assert len(used) > 80
    assert {node for node in used - known if not node.value.startswith((OWL, RDF, RDFS))} == set()


def test_what_the_queries_use_is_declared() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "queries").rglob("*.rq")]
    used = {DEF[name] for text in texts for name in re.findall(r"\bzc:([A-Za-z]+)", text)}
    assert len(used) > 30
    assert used - declared() == set()


def test_terms_of_others_are_among_those_that_were_checked() -> None:
    with (ROOT / "tests" / "data" / "ontology" / "vocabularies.csv").open(encoding="utf-8", newline="") as file:
        checked = {row["iri"] for row in csv.DictReader(file)}
    others = {node.value for node in declared() - own(declared())}
    assert len(others) > 30
    assert others - checked == set()


def test_the_ontology_says_what_it_is() -> None:
    about = {(t.predicate, t.object) for t in ontology.axioms() if t.subject == NamedNode(f"{BASE}def")}
    assert {name for name, _ in about} >= {OWL["versionIRI"], OWL["versionInfo"], DCTERMS["license"], DCTERMS["title"]}


def test_small_concepts_have_slugs_of_their_class() -> None:
    kinds = {
        terms.Action: "action",
        terms.AdministrativeLevel: "level",
        terms.AgencyKind: "agency-kind",
        terms.BeneficiaryKind: "beneficiary",
        terms.Comparator: "comparator",
        terms.DeadlineType: "deadline-type",
        terms.Grade: "grade",
        terms.KindOfInstrument: "instrument-kind",
        terms.MatchKind: "match",
        terms.ModalForce: "modality",
        terms.NoveltyKind: "novelty",
        terms.PlatformKind: "platform-kind",
        terms.PlatformStatus: "status",
        terms.ReadingRule: "rule",
        terms.Role: "role",
    }
    concepts = [(t.subject, t.object) for t in ontology.triples() if t.predicate == TYPE and t.object in kinds]
    assert {class_ for _, class_ in concepts} == set(kinds)
    assert [node for node, class_ in concepts if not ID.local(node).startswith(f"{kinds[class_]}/")] == []  # type: ignore[index]


def test_actions_have_verbs_of_their_own() -> None:
    labels = (SKOS["prefLabel"], SKOS["altLabel"], SKOS["hiddenLabel"])
    actions = {t.subject for t in ontology.triples() if t.predicate == TYPE and t.object == terms.Action}
    verbs = [
        (t.object.value, t.subject)
        for t in ontology.triples()
        if t.subject in actions and t.predicate in labels and isinstance(t.object, Literal) and t.object.language == "zh"
    ]
    assert len(actions) > 20
    assert sorted(verb for verb, _ in verbs) == sorted({verb for verb, _ in verbs})


def test_classes_start_with_a_capital_letter_and_properties_with_a_small_one() -> None:
    classes, properties = own(declared({OWL["Class"]})), own(declared(KINDS - {OWL["Class"]}))
    assert [node for node in classes if not re.fullmatch("[A-Z][A-Za-z]*", DEF.local(node))] == []
    assert [node for node in properties if not re.fullmatch("[a-z][A-Za-z0-9]*", DEF.local(node))] == []


def test_what_only_rdfs_tools_read_is_there_and_the_same() -> None:
    said: dict[tuple[NamedNode, NamedNode], set[object]] = {}
    for triple in ontology.axioms():
        if isinstance(triple.subject, NamedNode):
            said.setdefault((triple.subject, triple.predicate), set()).add(triple.object)
    terms_ = own(declared())
    assert len(terms_) > 100
    for skos, rdfs in ((SKOS["prefLabel"], RDFS["label"]), (SKOS["definition"], RDFS["comment"])):
        assert [term for term in terms_ if len(said.get((term, rdfs), ())) != 2 or said[term, rdfs] != said.get((term, skos))] == []


def test_no_new_names_differ_by_case_alone() -> None:
    """Pairs of a class and a property that were published before the rule; a published name stays."""
    names: dict[str, set[str]] = {}
    for node in own(declared()):
        names.setdefault(DEF.local(node).lower(), set()).add(DEF.local(node))
    assert {name for name, found in names.items() if len(found) > 1} <= {
        *(
            "action",
            "comparator",
            "deadlinetype",
            "grade",
            "matchkind",
            "passage",
            "plan",
            "platformkind",
            "platformstatus",
            "role",
            "task",
        ),
        *("agencykind", "warning"),
    }


def test_a_scheme_names_its_top_concepts() -> None:
    said = list(ontology.triples())
    below = {(t.object, t.subject) for t in said if t.predicate == SKOS["topConceptOf"]}
    named = {(t.subject, t.object) for t in said if t.predicate == SKOS["hasTopConcept"]}
    assert len(named) > 100
    assert below == named


def test_no_notice_is_a_scheme_of_concepts(notice: Built) -> None:
    said = [t for triples in notice.graphs.values() for t in triples]
    assert len({t.object for t in said if t.predicate == terms.hasGroup}) == 20
    assert [t for t in said if t.predicate == SKOS["inScheme"]] == []


def test_an_annotation_has_its_target_or_is_none(notice: Built) -> None:
    oa = "http://www.w3.org/ns/oa#"
    said = [t for triples in notice.graphs.values() for t in triples]
    annotations = {t.subject for t in said if t.predicate == TYPE and t.object == NamedNode(f"{oa}Annotation")}
    targets = {t.subject for t in said if t.predicate == NamedNode(f"{oa}hasTarget")}
    assert annotations <= targets
    assert any(t.object == terms.Mention for t in said)


def test_a_property_has_things_or_values_and_not_both() -> None:
    assert declared({OWL["ObjectProperty"]}) & declared({OWL["DatatypeProperty"]}) == set()


def test_the_ontology_keeps_to_the_house_shapes() -> None:
    assert own(declared()) == {t.subject for t in ontology.axioms() if t.predicate == RDFS["isDefinedBy"]}
    assert list(breaches(ontology.axioms())) == []


@pytest.mark.parametrize(("shapes", "before", "after"), FAULTS)
def test_a_fault_in_a_term_is_found(shapes: str, before: str, after: str) -> None:
    assert before in GOOD
    triples = [quad.triple for quad in parse(PREFIX + GOOD.replace(before, after), RdfFormat.TURTLE, base_iri=BASE)]
    assert {breach.partition("#")[2] for breach in breaches(triples)} == set(shapes.split())
    assert {breach.shape.value for breach in validate(triples, ontology.house_shapes())} == set(breaches(triples))


def breaches(triples: Iterable[Triple]) -> Iterator[str]:
    """The shapes that pySHACL finds broken."""
    shapes, facts = rdflib.Graph(), rdflib.Graph()
    shapes.parse(data=serialize(ontology.house_shapes(), format=RdfFormat.N_TRIPLES), format="nt")
    facts.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    _, report, _ = pyshacl.validate(facts, shacl_graph=shapes, inference="none")
    assert isinstance(report, rdflib.Graph)
    return (str(shape) for shape in report.objects(None, rdflib.SH.sourceShape))
