"""The triples of a graph, turned into the breaches of the shapes that they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from graph.validation.shapes import FOCUS, Check, ShapeTarget, checks
from ontology import terms
from ontology.names import SKOS, TYPE

Term = NamedNode | BlankNode | Literal | Triple
_WORDS = frozenset({SKOS["altLabel"], SKOS["hiddenLabel"], terms.guardPhrase, terms.topicGuard, terms.topicLabel})
"""What no shape asks of the vocabulary when a graph is read beside it, and half of what the vocabulary says: each graph is checked in a
store of its own, with the vocabulary in it."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: the shape, the node that should conform, the property (where it is a single one), the value, and what should be."""

    shape: NamedNode
    constraint: NamedNode
    focus: Term
    path: NamedNode | None
    value: Term | None
    messages: Mapping[str, str]

    def sentence(self, language: str) -> str:
        """What should be, and where it is not."""
        value = "" if self.value is None else f" ({getattr(self.value, 'value', self.value)})"
        return f"{self.messages[language]}: {getattr(self.focus, 'value', self.focus)}{value}"


class Validator:
    """Shapes ready to be used on any number of graphs, with the vocabulary that they are read beside."""

    def __init__(self, checks: Iterable[Check], vocabulary: Iterable[Triple]) -> None:
        self.checks = tuple(checks)
        triples = tuple(vocabulary)
        self._targets = _Targets(check.target for check in self.checks)
        self._vocabulary = tuple(Quad(*triple) for triple in triples)
        self._beside = tuple(quad for quad in self._vocabulary if quad.predicate not in _WORDS)
        self._subjects = frozenset(triple.subject for triple in triples)
        self._focus: defaultdict[Term, set[NamedNode]] = defaultdict(set)
        for shape, node in self._targets.among(triples):
            self._focus[node].add(shape)
        self._asked: defaultdict[NamedNode, set[str] | None] = defaultdict(set)
        for check in self.checks:
            predicates, before = check.predicates, self._asked[check.target.shape]
            self._asked[check.target.shape] = None if predicates is None or before is None else before | predicates
        self._held = frozenset(shape for shapes in self._focus.values() for shape in shapes)

    def validate(self, data: Iterable[Triple]) -> tuple[Violation, ...]:
        """The breaches in the data read beside the vocabulary, by shape and node. None means that the data conforms.

        Looked at are the nodes that the data name. Where the data say something of a node that the vocabulary describes, what conformed
        before may do so no longer: the shapes that ask for that property look at all of the vocabulary again.
        """
        triples = tuple(data)
        said = {triple.predicate.value for triple in triples if triple.subject in self._subjects}
        again = {shape for shape in self._held if said and ((asked := self._asked[shape]) is None or asked & said)}
        named: set[Term] = {triple.subject for triple in triples}
        named.update(triple.object for triple in triples)
        known = {(shape, node) for node in named.intersection(self._focus) for shape in self._focus[node]}
        known |= {(shape, node) for node, shapes in self._focus.items() for shape in shapes & again}
        return self._breaches(self._vocabulary if again else self._beside, triples, known.union(self._targets.among(triples)))

    def validate_vocabulary(self) -> tuple[Violation, ...]:
        """The breaches in the vocabulary alone."""
        return self._breaches(self._vocabulary, (), {(shape, node) for node, shapes in self._focus.items() for shape in shapes})

    def _breaches(self, beside: Iterable[Quad], data: Iterable[Triple], focus: set[tuple[NamedNode, Term]]) -> tuple[Violation, ...]:
        store = Store()
        store.extend(beside)
        store.extend(Quad(*triple) for triple in data)
        store.extend(Quad(shape, FOCUS, node, FOCUS) for shape, node in focus)
        spoken_of = {shape for shape, _ in focus}
        answer = (breach for check in self.checks if check.target.shape in spoken_of for breach in _breaches(store, check))
        return tuple(sorted(answer, key=_place))


class _Targets:
    """For each class and property, the shapes that speak of its nodes."""

    def __init__(self, targets: Iterable[ShapeTarget]) -> None:
        self._classes: defaultdict[Term, set[NamedNode]] = defaultdict(set)
        self._subjects: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._objects: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        for target in targets:
            for class_ in target.classes:
                self._classes[class_].add(target.shape)
            for predicate in target.subjects_of:
                self._subjects[predicate].add(target.shape)
            for predicate in target.objects_of:
                self._objects[predicate].add(target.shape)

    def among(self, triples: Iterable[Triple]) -> Iterator[tuple[NamedNode, Term]]:
        """Each shape with each node that the triples make one of its focus nodes."""
        speaking = {TYPE, *self._subjects, *self._objects}
        for triple in triples:
            predicate = triple.predicate
            if predicate not in speaking:
                continue
            if predicate == TYPE:
                yield from ((shape, triple.subject) for shape in self._classes.get(triple.object, ()))
            yield from ((shape, triple.subject) for shape in self._subjects.get(predicate, ()))
            yield from ((shape, triple.object) for shape in self._objects.get(predicate, ()))


def validator(shapes: Iterable[Triple], vocabulary: Iterable[Triple] = ()) -> Validator:
    """Prepares shapes and vocabulary once; raises UnsupportedShapeError for a shape that could not be checked."""
    triples = tuple(vocabulary)
    return Validator(checks(shapes, triples), triples)


def validate(data: Iterable[Triple], shapes: Iterable[Triple], vocabulary: Iterable[Triple] = ()) -> tuple[Violation, ...]:
    """The breaches in one graph; for more than one, make a ``validator`` and keep it."""
    return validator(shapes, vocabulary).validate(data)


def _breaches(store: Store, check: Check) -> Iterable[Violation]:
    answer = store.query(check.query)
    assert isinstance(answer, QuerySolutions)
    for row in answer:
        focus = row["this"]
        assert focus is not None
        yield Violation(check.shape, check.constraint, focus, check.path, row["value"], check.messages)


def _place(breach: Violation) -> tuple[str, str, str, str]:
    return breach.shape.value, str(breach.focus), breach.constraint.value, str(breach.value)
