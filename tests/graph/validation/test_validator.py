"""One small fault a case is found by the shape that should find it, and by no other; the same in our queries and in pySHACL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, Store, Triple, parse, serialize

import ontology
from api.publication.publish import Built, Knowledge, built
from graph.errors import UnsupportedShapeError
from graph.validation.validator import Validator, Violation, validate, validator
from ontology.names import BASE, ID, PREFIXES, SKOS

DATA = Path(__file__).parents[2] / "data" / "graph"
NOTICE = DATA / "small-notice.txt"
FAULTS = [
    (shapes, update) for shapes, _, update in (line.partition("\t") for line in (DATA / "faults.tsv").read_text("utf-8").splitlines())
]
"""The shapes that find a fault, and the update that makes it in the small notice, N; names are relative to https://w3id.org/zhengce/id/."""
SHAPE = f"{BASE}def/shape#"
Faulty = Callable[[str], tuple[set[Triple], tuple[Violation, ...]]]
OTHERS = [
    path
    for folder in ("layouts", "samples")
    for path in sorted((DATA.parent / folder).iterdir())
    if path.suffix in {".docx", ".html", ".pdf", ".txt"} and path.name != "explanation.html"
]
"""All but one that has no tasks of its own."""
LINK = """INSERT DATA { <link/x> a zc:Link ; zc:from <technology/evtol> ; zc:to <http://example.org/0> ; zc:scheme "X" ;
    zc:identifier "0" ; zc:matchKind <match/rejected> ; dcterms:source "test" .
  <outcome/x> a zc:Outcome ; zc:outcomeOf <N/task/1> ; zc:reportedStatus <outcome-status/under-way> ;
    dcterms:date "2026-09-30"^^xsd:date ; dcterms:source "test" }"""
PREFIX = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def small_vocabulary(known: Iterable[Triple], data: Iterable[Triple]) -> set[Triple]:
    """What the vocabulary says of the things in the data, and of those that they lead to; a scheme does not lead to all it holds."""
    about: dict[object, list[Triple]] = {}
    for triple in known:
        about.setdefault(triple.subject, []).append(triple)
    waiting: list[object] = [term for triple in data for term in (triple.subject, triple.object)]
    found: set[Triple] = set()
    while waiting:
        for triple in about.pop(waiting.pop(), ()):
            if triple.predicate != SKOS["hasTopConcept"]:
                found.add(triple)
                waiting.append(triple.object)
    return found


@pytest.fixture(scope="module")
def alone(known: Knowledge) -> Store:
    """A notice of two tasks, a link, and an outcome. Not to be written to."""
    store = Store()
    store.extend(Quad(*triple) for triple in stated(built(NOTICE, known)))
    return changed(store, LINK)


@pytest.fixture(scope="module")
def small(known: Knowledge, alone: Store) -> Store:
    """Notice, link and outcome with what they need of the vocabulary. Not to be written to."""
    store = copy(alone)
    store.extend(Quad(*triple) for triple in small_vocabulary(known.triples, [quad.triple for quad in alone]))
    return store


@pytest.fixture(scope="module")
def checking() -> Validator:
    """Our shapes beside the axioms alone: the things are part of the data, so that they can be at fault too."""
    return validator(ontology.shapes(), ontology.axioms())


def stated(notice: Built) -> Iterator[Triple]:
    return (triple for graph, triples in notice.graphs.items() if "/inferred/" not in graph.value for triple in triples)


def changed(store: Store, update: str) -> Store:
    store.update(PREFIX + update.replace("<N", "<notice/huzhiban-2026-99"), base_iri=ID)
    return store


def copy(store: Store) -> Store:
    other = Store()
    other.extend(store)
    return other


@pytest.fixture(scope="module")
def faulty(checking: Validator, small: Store) -> Faulty:
    """The small notice after an update, and what our shapes find in it: looked for once."""

    @cache
    def said(update: str) -> tuple[set[Triple], tuple[Violation, ...]]:
        triples = {quad.triple for quad in changed(copy(small), update)}
        return triples, checking.validate(triples)

    return said


def found(checking: Validator, store: Store) -> set[str]:
    return {breach.shape.value.removeprefix(SHAPE) for breach in checking.validate(quad.triple for quad in store)}


def test_the_shipped_notice_conforms(known: Knowledge, notice: Built) -> None:
    checking = validator(ontology.shapes(), known.triples)
    assert [breach.sentence("en") for breach in checking.validate([*stated(notice), *ontology.links()])] == []


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name[:24])
def test_other_documents_of_the_genre_conform(path: Path, known: Knowledge) -> None:
    """Publication refuses what breaks the shapes: ``built`` raises for it."""
    made = built(path, known)
    assert [breach.sentence("en") for breach in known.validator.validate(stated(made))] == []


def test_the_small_notice_conforms(checking: Validator, small: Store) -> None:
    assert len(small) > 1000
    assert found(checking, small) == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_a_fault_is_found_by_its_shape_alone(fault: tuple[str, str], faulty: Faulty) -> None:
    shapes, update = fault
    _, breaches = faulty(update)
    assert {breach.shape.value.removeprefix(SHAPE) for breach in breaches} == set(shapes.split())


def test_a_fault_is_found_beside_a_vocabulary_as_in_one_graph_with_it(faulty: Faulty, small: Store, alone: Store) -> None:
    """Beside a vocabulary only the nodes are looked at that the data name."""
    vocabulary = {quad.triple for quad in small} - {quad.triple for quad in alone}
    beside = validator(ontology.shapes(), [*ontology.axioms(), *vocabulary])
    compared = 0
    for _, update in FAULTS:
        said, breaches = faulty(update)
        if vocabulary <= said:
            compared += 1
            assert beside.validate(said - vocabulary) == breaches, update
    assert compared > 100


def test_what_the_data_break_in_the_vocabulary_is_found() -> None:
    """Where they say something of its nodes, nodes that they do not name are looked at too."""
    vocabulary = turtle("<a> a zc:Place ; zc:within <b> . <b> a zc:Place ; zc:within <c> . <c> a zc:Place .")
    shapes = turtle("""shape:S a sh:NodeShape ; sh:targetClass zc:Place ; sh:property shape:P .
        shape:P sh:path ( zc:within zc:within skos:prefLabel ) ; sh:maxCount 1 .""")
    checking = validator(shapes, vocabulary)
    assert checking.validate_vocabulary() == ()
    assert checking.validate(turtle('<d> skos:prefLabel "1" , "2" .')) == ()
    assert [breach.focus for breach in checking.validate(turtle('<c> skos:prefLabel "1" , "2" .'))] == [ID["a"]]


def turtle(said: str) -> list[Triple]:
    return [quad.triple for quad in parse(f"{PREFIX} PREFIX shape: <{SHAPE}> {said}", RdfFormat.TURTLE, base_iri=ID)]


def test_every_shape_has_a_fault(checking: Validator) -> None:
    assert {check.shape.value.removeprefix(SHAPE) for check in checking.checks} == {name for shapes, _ in FAULTS for name in shapes.split()}


def test_every_shape_speaks_chinese_and_english(checking: Validator) -> None:
    assert [check.shape for check in checking.checks if set(check.messages) != {"zh", "en"}] == []


def test_pyshacl_finds_the_same(checking: Validator, small: Store) -> None:
    """In one graph that holds all faults, as far as they do not undo each other."""
    store = copy(small)
    for _, update in FAULTS:
        changed(store, update)
    ours = {(b.shape.value, b.constraint.value, str(b.focus)) for b in checking.validate(quad.triple for quad in store)}
    theirs = set(by_pyshacl([*(quad.triple for quad in store), *ontology.axioms()]))
    assert len({shape for shape, _, _ in ours}) > 80
    assert ours == theirs


def by_pyshacl(data: Iterable[Triple]) -> Iterator[tuple[str, str, str]]:
    shapes, facts = rdflib.Graph(), rdflib.Graph()
    shapes.parse(data=serialize(ontology.shapes(), format=RdfFormat.N_TRIPLES), format="nt")
    facts.parse(data=serialize(data, format=RdfFormat.N_TRIPLES), format="nt")
    _, report, _ = pyshacl.validate(facts, shacl_graph=shapes, inference="none")
    assert isinstance(report, rdflib.Graph)
    for result in report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult):
        shape, component = report.value(result, rdflib.SH.sourceShape), report.value(result, rdflib.SH.sourceConstraintComponent)
        focus = report.value(result, rdflib.SH.focusNode)
        assert focus is not None
        yield str(shape), str(component), focus.n3()


@pytest.mark.parametrize(
    "said",
    [
        "sh:targetClass zc:Task ; sh:property [ sh:path zc:text ; sh:maxLength 3 ]",
        "sh:targetClass zc:Task ; sh:property shape:T . shape:T sh:path zc:text ; sh:maxLength 3",
        "sh:targetClass zc:Task ; sh:property shape:T . shape:T sh:path [ sh:zeroOrMorePath zc:text ] ; sh:minCount 1",
        "sh:targetClass zc:Task ; sh:property shape:T . shape:T sh:path zc:text ; sh:or ( [ sh:closed true ] )",
        "sh:targetClass zc:Task ; sh:closed true",
        "sh:property shape:T . shape:T sh:path zc:text ; sh:minCount 1",
        "sh:targetClass zc:Task ; sh:sparql [ sh:ask 'ASK {}' ]",
    ],
)
def test_what_would_not_be_checked_is_refused(said: str) -> None:
    turtle = f"{PREFIX} PREFIX shape: <{SHAPE}> shape:S a sh:NodeShape ; {said} ."
    shapes = [quad.triple for quad in parse(turtle, RdfFormat.TURTLE)]
    with pytest.raises(UnsupportedShapeError):
        validate([], shapes)
