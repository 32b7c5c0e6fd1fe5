"""The OWL axioms of an ontology, turned into rules: if these triples hold, that triple holds.

Read are the axioms that add triples about things with names: subclasses and equivalent classes made of named classes, intersections,
unions (on the left), values, self and fillers; subproperties, chains, inverses, transitivity, symmetry, domains and ranges. What else an
ontology says and could entail something is not dropped: ``Rules.unused`` names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from ontology.names import OWL, RDF, RDFS, TYPE, XSD

Term = NamedNode | BlankNode | Literal
Words = tuple["str | Term", ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """A triple with variables. The predicate is always a name."""

    subject: Term | Variable
    predicate: NamedNode
    object: Term | Variable

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Its variables, subject first."""
        return tuple(part for part in (self.subject, self.object) if isinstance(part, Variable))


@dataclass(frozen=True, slots=True)
class Axiom:
    """An axiom as the ontology states it: the triple that holds it, what kind it is, and its words, terms among them, to be printed."""

    source: Triple
    kind: str
    words: Words


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the body holds, the head holds, because of the axiom."""

    head: Atom
    body: tuple[Atom, ...]
    axiom: Axiom


@dataclass(frozen=True, slots=True)
class Unused:
    """A statement of the ontology that may entail something and became no rule, or not wholly."""

    triple: Triple
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What an ontology entails, as rules, and what of it they do not cover."""

    rules: tuple[Rule, ...]
    unused: tuple[Unused, ...]


class _UnsupportedError(Exception):
    """This expression makes no rule; the message is the reason."""


def _owl(names: str) -> frozenset[NamedNode]:
    return frozenset(OWL[name] for name in names.split())


_SILENT_TYPES = _owl(
    "AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty Axiom Class "
    "DatatypeProperty DeprecatedClass DeprecatedProperty IrreflexiveProperty NamedIndividual NegativePropertyAssertion "
    "ObjectProperty Ontology OntologyProperty Restriction Thing"
) | {RDFS["Class"], RDFS["Datatype"], RDFS["Resource"], RDFS["Literal"], RDF["Property"], RDF["List"]}
"""Declarations, and what can only contradict."""
_SILENT = _owl(
    "annotatedProperty annotatedSource annotatedTarget assertionProperty backwardCompatibleWith bottomDataProperty deprecated "
    "differentFrom disjointWith distinctMembers incompatibleWith members priorVersion propertyDisjointWith sourceIndividual "
    "targetIndividual targetValue versionIRI versionInfo"
) | {RDFS[name] for name in ("comment", "isDefinedBy", "label", "seeAlso", "member")}
_PARTS = _owl(
    "allValuesFrom cardinality complementOf datatypeComplementOf hasSelf hasValue intersectionOf maxCardinality "
    "maxQualifiedCardinality minCardinality minQualifiedCardinality onClass onDataRange onDatatype onProperties onProperty oneOf "
    "qualifiedCardinality someValuesFrom unionOf withRestrictions"
)
"""Parts of expressions: whoever uses the expression answers for them."""


def rules(ontology: Iterable[Triple]) -> Rules:
    """The rules that the axioms among the triples make, in a fixed order."""
    return _Reader(ontology).read()


class _Reader:
    def __init__(self, ontology: Iterable[Triple]) -> None:
        self._triples = [triple for triple in ontology if _speaks(triple)]
        self._objects: defaultdict[tuple[object, NamedNode], list[Term]] = defaultdict(list)
        for triple in self._triples:
            if not isinstance(triple.object, Triple):
                self._objects[triple.subject, triple.predicate].append(triple.object)
        self._fresh = count(1)

    def read(self) -> Rules:
        made: dict[Rule, None] = {}
        unused: dict[Unused, None] = {}
        for triple in self._triples:
            self._fresh = count(1)
            try:
                for rule in self._of(triple):
                    if isinstance(rule, Unused):
                        unused[rule] = None
                    elif rule.head not in rule.body:
                        made[rule] = None
            except _UnsupportedError as error:
                unused[Unused(triple, str(error))] = None
        return Rules(tuple(sorted(made, key=_place)), tuple(sorted(unused, key=str)))

    def _of(self, triple: Triple) -> Iterator[Rule | Unused]:
        match triple.predicate:
            case predicate if predicate == TYPE:
                yield from self._of_type(triple)
            case predicate if predicate in _READ:
                yield from _READ[predicate](self, triple, _term(triple.subject), _term(triple.object))
            case predicate if predicate in _PARTS:
                if isinstance(triple.subject, NamedNode) and triple.predicate != OWL["onProperty"]:
                    raise _UnsupportedError("a named class defined without owl:equivalentClass")
            case predicate if predicate == OWL["imports"]:
                if OWL["Ontology"] not in self._objects[triple.object, TYPE]:
                    raise _UnsupportedError("an ontology that is not among the triples")
            case predicate if predicate not in _SILENT and predicate.value.startswith((OWL, RDFS)):
                raise _UnsupportedError("no rule is made of this")

    def _of_type(self, triple: Triple) -> Iterator[Rule]:
        kind, property_ = triple.object, _term(triple.subject)
        x, y, z = Variable("x"), Variable("y"), Variable("z")
        if kind == OWL["TransitiveProperty"]:
            axiom = Axiom(triple, "transitive", (property_, " ∘ ", property_, " ⊑ ", property_))
            yield Rule(self._atom(property_, x, z), (self._atom(property_, x, y), self._atom(property_, y, z)), axiom)
        elif kind == OWL["SymmetricProperty"]:
            axiom = Axiom(triple, "symmetric", (property_, " ≡ ", property_, "⁻"))
            yield Rule(self._atom(property_, y, x), (self._atom(property_, x, y),), axiom)
        elif kind in {OWL["FunctionalProperty"], OWL["InverseFunctionalProperty"]}:
            if OWL["DatatypeProperty"] not in self._objects[triple.subject, TYPE]:
                raise _UnsupportedError("entails only that two names name one thing")
        elif isinstance(kind, NamedNode) and kind.value.startswith(_SPEAKING) and kind not in _SILENT_TYPES:
            raise _UnsupportedError("no rule is made of this")

    def _subclass(self, triple: Triple, sub: Term, sup: Term) -> Iterator[Rule | Unused]:
        axiom = Axiom(triple, "subclass", (*self._words(sub), " ⊑ ", *self._words(sup)))
        yield from self._implication(axiom, sub, sup)

    def _equivalent(self, triple: Triple, left: Term, right: Term) -> Iterator[Rule | Unused]:
        axiom = Axiom(triple, "equivalent", (*self._words(left), " ≡ ", *self._words(right)))
        for sub, sup in ((left, right), (right, left)):
            try:
                yield from self._implication(axiom, sub, sup)
            except _UnsupportedError as error:
                yield Unused(triple, str(error))

    def _disjoint_union(self, triple: Triple, whole: Term, parts: Term) -> Iterator[Rule | Unused]:
        words: list[str | Term] = [whole, " ≡ "]
        for part in self._list(parts):
            words += [*self._words(part), " ⊔ "]
        axiom = Axiom(triple, "union", tuple(words[:-1]))
        for part in self._list(parts):
            yield from self._implication(axiom, part, whole)
        yield Unused(triple, "that there are no others makes no rule")

    def _domain(self, triple: Triple, property_: Term, class_: Term) -> Iterator[Rule | Unused]:
        x, y = Variable("x"), Variable("y")
        axiom = Axiom(triple, "domain", ("∃", property_, ".⊤ ⊑ ", *self._words(class_)))
        for head, more in self._heads(class_, x):
            yield Rule(head, (self._atom(property_, x, y), *more), axiom)

    def _range(self, triple: Triple, property_: Term, class_: Term) -> Iterator[Rule | Unused]:
        if self._is_data(class_):
            return
        x, y = Variable("x"), Variable("y")
        axiom = Axiom(triple, "range", ("⊤ ⊑ ∀", property_, ".", *self._words(class_)))
        for head, more in self._heads(class_, y):
            yield Rule(head, (self._atom(property_, x, y), *more), axiom)

    def _subproperty(self, triple: Triple, sub: Term, sup: Term) -> Iterator[Rule | Unused]:
        x, y = Variable("x"), Variable("y")
        axiom = Axiom(triple, "subproperty", (*self._words(sub), " ⊑ ", *self._words(sup)))
        yield Rule(self._atom(sup, x, y), (self._atom(sub, x, y),), axiom)

    def _same_property(self, triple: Triple, left: Term, right: Term) -> Iterator[Rule | Unused]:
        x, y = Variable("x"), Variable("y")
        axiom = Axiom(triple, "equivalent", (*self._words(left), " ≡ ", *self._words(right)))
        yield Rule(self._atom(left, x, y), (self._atom(right, x, y),), axiom)
        yield Rule(self._atom(right, x, y), (self._atom(left, x, y),), axiom)

    def _inverse(self, triple: Triple, property_: Term, inverse: Term) -> Iterator[Rule | Unused]:
        if isinstance(property_, BlankNode):
            return
        x, y = Variable("x"), Variable("y")
        axiom = Axiom(triple, "inverse", (property_, " ≡ ", *self._words(inverse), "⁻"))
        yield Rule(self._atom(property_, x, y), (self._atom(inverse, y, x),), axiom)
        yield Rule(self._atom(inverse, x, y), (self._atom(property_, y, x),), axiom)

    def _chain(self, triple: Triple, whole: Term, parts: Term) -> Iterator[Rule | Unused]:
        steps = self._list(parts)
        places = [Variable(f"x{index}") for index in range(len(steps) + 1)]
        words: list[str | Term] = []
        for step in steps:
            words += [*self._words(step), " ∘ "]
        axiom = Axiom(triple, "chain", (*words[:-1], " ⊑ ", *self._words(whole)))
        body = tuple(self._atom(step, places[index], places[index + 1]) for index, step in enumerate(steps))
        yield Rule(self._atom(whole, places[0], places[-1]), body, axiom)

    def _implication(self, axiom: Axiom, sub: Term, sup: Term) -> Iterator[Rule]:
        if sub == OWL["Nothing"] or self._is_data(sub):
            return
        x = Variable("x")
        heads = self._heads(sup, x)
        for body in self._bodies(sub, x) if heads else ():
            for head, more in heads:
                yield Rule(head, (*body, *more), axiom)

    def _bodies(self, node: Term, x: Variable) -> list[tuple[Atom, ...]]:
        """What must hold of x to be in the class: any of these, each wholly."""
        if isinstance(node, NamedNode):
            if node == OWL["Thing"]:
                raise _UnsupportedError("speaks of everything")
            return [(Atom(x, TYPE, node),)]
        if members := self._one(node, "intersectionOf"):
            bodies: list[tuple[Atom, ...]] = [()]
            for member in self._list(members):
                bodies = [(*body, *more) for body in bodies for more in self._bodies(member, x)]
            return bodies
        if members := self._one(node, "unionOf"):
            return [body for member in self._list(members) for body in self._bodies(member, x)]
        property_ = self._one(node, "onProperty")
        if property_ and (value := self._one(node, "hasValue")):
            return [(self._atom(property_, x, value),)]
        if property_ and self._one(node, "hasSelf"):
            return [(self._atom(property_, x, x),)]
        if property_ and (filler := self._one(node, "someValuesFrom")):
            y = Variable(f"{x.value}{next(self._fresh)}")
            link = self._atom(property_, x, y)
            return [(link,)] if filler == OWL["Thing"] else [(link, *body) for body in self._bodies(filler, y)]
        raise _UnsupportedError("a class expression on the left that makes no rule")

    def _heads(self, node: Term, x: Variable) -> list[tuple[Atom, tuple[Atom, ...]]]:
        """What holds of x in the class: each of these, where the atoms beside it hold too."""
        if isinstance(node, NamedNode):
            return [] if node in {OWL["Thing"], OWL["Nothing"], RDFS["Resource"]} else [(Atom(x, TYPE, node), ())]
        if members := self._one(node, "intersectionOf"):
            return [head for member in self._list(members) for head in self._heads(member, x)]
        if self._one(node, "complementOf"):
            return []
        property_ = self._one(node, "onProperty")
        if property_ and (value := self._one(node, "hasValue")):
            return [(self._atom(property_, x, value), ())]
        if property_ and self._one(node, "hasSelf"):
            return [(self._atom(property_, x, x), ())]
        if property_ and (filler := self._one(node, "allValuesFrom")):
            y = Variable(f"{x.value}{next(self._fresh)}")
            link = self._atom(property_, x, y)
            return [] if self._is_data(filler) else [(head, (link, *more)) for head, more in self._heads(filler, y)]
        if property_ and any(self._one(node, name) for name in _COUNTING):
            return self._counted(node, property_)
        if self._one(node, "unionOf") or self._one(node, "oneOf"):
            raise _UnsupportedError("one of several, without saying which")
        raise _UnsupportedError("a class expression on the right that makes no rule")

    def _counted(self, node: Term, property_: Term) -> list[tuple[Atom, tuple[Atom, ...]]]:
        """How many there are says nothing about which; of data, it can only be contradicted."""
        if OWL["DatatypeProperty"] in self._objects[property_, TYPE]:
            return []
        if any(self._one(node, name) for name in ("maxCardinality", "maxQualifiedCardinality", "cardinality", "qualifiedCardinality")):
            raise _UnsupportedError("entails only that two names name one thing, or that there is one without a name")
        raise _UnsupportedError("entails something without a name")

    def _atom(self, property_: Term, subject: Term | Variable, object_: Term | Variable) -> Atom:
        if isinstance(property_, NamedNode):
            return Atom(subject, property_, object_)
        inner = self._one(property_, "inverseOf")
        if inner is None:
            raise _UnsupportedError("a property expression that makes no rule")
        return self._atom(inner, object_, subject)

    def _words(self, node: Term) -> Words:
        """The expression, to be printed."""
        if not isinstance(node, BlankNode):
            return (node,)
        for name, sign in (("intersectionOf", " ⊓ "), ("unionOf", " ⊔ ")):
            if members := self._one(node, name):
                words = [word for member in self._list(members) for word in (*self._words(member), sign)]
                return ("(", *words[:-1], ")")
        if inner := self._one(node, "inverseOf"):
            return (*self._words(inner), "⁻")
        if inner := self._one(node, "complementOf"):
            return ("¬", *self._words(inner))
        property_ = self._one(node, "onProperty")
        if property_ is None:
            return ("…",)
        named = self._words(property_)
        if value := self._one(node, "hasValue"):
            return ("∃", *named, ".{", value, "}")
        if self._one(node, "hasSelf"):
            return ("∃", *named, ".Self")
        for name, sign in (("someValuesFrom", "∃"), ("allValuesFrom", "∀")):
            if filler := self._one(node, name):
                return (sign, *named, ".", *self._words(filler))
        return ("…", *named)

    def _is_data(self, node: Term) -> bool:
        if isinstance(node, NamedNode):
            literal = {RDFS["Literal"], RDF["langString"], RDF["PlainLiteral"]}
            return node.value.startswith(XSD) or node in literal or RDFS["Datatype"] in self._objects[node, TYPE]
        return RDFS["Datatype"] in self._objects[node, TYPE] or self._one(node, "onDatatype") is not None

    def _one(self, node: Term, name: str) -> Term | None:
        return next(iter(self._objects.get((node, OWL[name]), ())), None)

    def _list(self, node: Term) -> Sequence[Term]:
        members: list[Term] = []
        while node != RDF["nil"]:
            members += self._objects.get((node, RDF["first"]), ())[:1]
            rest = self._objects.get((node, RDF["rest"]), ())
            if not rest or len(members) > 1000:
                raise _UnsupportedError("a list without an end")
            node = rest[0]
        return members


_SPEAKING = (OWL, RDFS, "http://www.w3.org/2003/11/swrl#")
_COUNTING = (
    "someValuesFrom",
    "minCardinality",
    "minQualifiedCardinality",
    "maxCardinality",
    "maxQualifiedCardinality",
    "cardinality",
    "qualifiedCardinality",
)
_READ = {
    RDFS["subClassOf"]: _Reader._subclass,
    RDFS["subPropertyOf"]: _Reader._subproperty,
    RDFS["domain"]: _Reader._domain,
    RDFS["range"]: _Reader._range,
    OWL["equivalentClass"]: _Reader._equivalent,
    OWL["equivalentProperty"]: _Reader._same_property,
    OWL["disjointUnionOf"]: _Reader._disjoint_union,
    OWL["inverseOf"]: _Reader._inverse,
    OWL["propertyChainAxiom"]: _Reader._chain,
}


def _speaks(triple: Triple) -> bool:
    """Whether the triple can belong to an axiom: the vocabulary holds far more of others."""
    predicate = triple.predicate.value
    if predicate == TYPE.value:
        return isinstance(triple.object, NamedNode) and triple.object.value.startswith((*_SPEAKING, RDF))
    return predicate.startswith((*_SPEAKING, RDF))


def _term(term: Term | Triple) -> Term:
    if isinstance(term, Triple):
        raise _UnsupportedError("an axiom about a triple")
    return term


def _place(rule: Rule) -> tuple[str, ...]:
    """Names of blank nodes differ from reading to reading and must not decide the order."""
    parts = [str(part) for atom in (rule.head, *rule.body) for part in (atom.predicate, atom.subject, atom.object)]
    return (str(len(rule.body)), *parts, rule.axiom.kind, str(rule.axiom.source.subject))
