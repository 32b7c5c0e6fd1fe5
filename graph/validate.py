"""The triples of a graph, turned into the breaches of the shapes that they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from graph.shapes import Check, checks

Term = NamedNode | BlankNode | Literal | Triple


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
        found = "" if self.value is None else f" ({getattr(self.value, 'value', self.value)})"
        return f"{self.messages[language]}: {getattr(self.focus, 'value', self.focus)}{found}"


@dataclass(frozen=True, slots=True)
class Validator:
    """Shapes ready to be used on any number of graphs, with the vocabulary that they are read beside."""

    checks: tuple[Check, ...]
    vocabulary: tuple[Quad, ...]

    def validate(self, data: Iterable[Triple]) -> tuple[Violation, ...]:
        """The breaches in the data and the vocabulary together, by shape and node. None means that the data conforms."""
        store = Store()
        store.extend(self.vocabulary)
        store.extend(Quad(*triple) for triple in data)
        return tuple(sorted((breach for check in self.checks for breach in _breaches(store, check)), key=_place))


def validator(shapes: Iterable[Triple], vocabulary: Iterable[Triple] = ()) -> Validator:
    """Prepares shapes and vocabulary once; raises UnsupportedShapeError for a shape that could not be checked."""
    said = tuple(vocabulary)
    return Validator(checks(shapes, said), tuple(Quad(*triple) for triple in said))


def validate(data: Iterable[Triple], shapes: Iterable[Triple], vocabulary: Iterable[Triple] = ()) -> tuple[Violation, ...]:
    """The breaches in one graph; for more than one, make a ``validator`` and keep it."""
    return validator(shapes, vocabulary).validate(data)


def _breaches(store: Store, check: Check) -> Iterable[Violation]:
    found = store.query(check.query)
    assert isinstance(found, QuerySolutions)
    for row in found:
        focus = row["this"]
        assert focus is not None
        yield Violation(check.shape, check.constraint, focus, check.path, row["value"], check.messages)


def _place(breach: Violation) -> tuple[str, str, str, str]:
    return breach.shape.value, str(breach.focus), breach.constraint.value, str(breach.value)
