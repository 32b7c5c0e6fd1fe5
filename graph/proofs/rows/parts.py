"""The algebra of a pattern, turned into its parts: what has to hold, one by one, for a row to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from typing import Literal as Choice

from rdflib import BNode
from rdflib import Literal as RdflibLiteral
from rdflib import Variable as RdflibVariable
from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue

from graph.proofs.rows.algebra import MODIFIERS, Algebra, conjuncts, constant, is_variable, unmodified, unordered
from graph.proofs.rows.plans import Place
from graph.proofs.rows.sparql_text import Text, grouping

Kind = Choice["pattern", "values", "union", "select", "graph", "optional", "bind", "filter", "absent"]
LATER: tuple[Kind, ...] = ("optional", "bind", "filter", "absent")
"""Kinds that come after the patterns, as they look at what these bind."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pattern. ``triple`` are the places of a triple pattern, of which a path has no predicate; ``branches`` are those of a
    UNION, or the body of a sub-select; ``inside`` is what an absent part looks for; ``words`` are the strings of a condition."""

    kind: Kind
    text: str
    names: frozenset[str]
    triple: tuple[Place, Place | None, Place] | None = None
    branches: tuple[tuple[Part, ...], ...] = ()
    inside: str = ""
    target: str = ""
    """The variable of a BIND."""
    words: tuple[str, ...] = ()


def parts(node: Algebra, words: Text, numbers: Iterator[int] | None = None) -> Iterator[Part]:
    """The parts of a pattern, in its order; raises NoEvidenceError for a form that cannot be written.

    Variables that a sub-select hides are called ``zzi`` with one of the numbers, ``_`` and their own name.
    """
    numbers = numbers or count(1)
    match node.name:
        case "BGP":
            yield from (_triple(triple, words) for triple in node.triples)
        case "Join":
            yield from (*parts(node.p1, words, numbers), *parts(node.p2, words, numbers))
        case "Filter":
            yield from parts(node.p, words, numbers)
            yield from conditions(node.expr, words)
        case "LeftJoin":
            yield from parts(node.p1, words, numbers)
            optional = f"OPTIONAL {{ {words.pattern(node.p2)}{words.filtered(node.expr)}}} "
            yield Part("optional", optional, _names((node.p2, node.expr), words))
        case "Union":
            branches = tuple(tuple(parts(each, words, numbers)) for each in _alternatives(node))
            yield Part("union", words.pattern(node), _names(node, words), branches=branches)
        case "Minus":
            yield from parts(node.p1, words, numbers)
            inside = words.pattern(node.p2)
            yield Part("absent", f"MINUS {{ {inside}}} ", _names(node.p2, words), inside=inside)
        case "Extend":
            yield from parts(node.p, words, numbers)
            expression = words.expression(node.expr)
            yield Part("bind", expression, _names((node.expr, node.var), words), target=words.names(str(node.var)))
        case "values":
            yield Part("values", words.values(node), _names(node, words))
        case "ToMultiSet":
            yield from _set(node.p, words, numbers)
        case _:
            yield Part("graph", words.pattern(node), _names(node, words))


def conditions(expression: Any, words: Text) -> Iterator[Part]:
    """The conditions of a FILTER, each for itself."""
    if expression is None or getattr(expression, "name", "") == "TrueFilter":
        return
    for each in conjuncts(expression):
        names = _names(each, words)
        if getattr(each, "name", "") == "Builtin_NOTEXISTS":
            yield Part("absent", words.filtered(each), names, inside=words.pattern(each.graph))
        else:
            yield Part("filter", words.filtered(each), names, words=tuple(_strings(each)))


def _set(node: Algebra, words: Text, numbers: Iterator[int]) -> Iterator[Part]:
    """Inline data; the parts of a sub-select that only hides variables; any other sub-select as a whole, with the parts of its body."""
    if node.name == "values":
        yield Part("values", words.values(node), _names(node, words))
        return
    project, sliced = unmodified(node), node
    while sliced.name in MODIFIERS and sliced.name != "Slice":
        sliced = sliced.p
    shown, number, found = set(map(str, project.PV)), next(numbers), grouping(project.p)
    inner = words.named(lambda name: words.names(name) if name in shown else f"zzi{number}_{name}")
    body = parts(found.body if found else unordered(project.p), inner, numbers)
    if sliced.name == "Slice" or found:
        names = frozenset(words.names(name) for name in shown)
        yield Part("select", f"{{ {words.select(node)}}} ", names, branches=(tuple(body),))
    else:
        yield from body


def _triple(triple: tuple[Any, Any, Any], words: Text) -> Part:
    subject, predicate, object_ = triple
    path = predicate if isinstance(predicate, Path) else None
    places = (_place(subject, words), None if path else _place(predicate, words), _place(object_, words))
    text = f"{words.term(subject)} {words.path(predicate)} {words.term(object_)} . "
    return Part("pattern", text, frozenset(each for each in places if isinstance(each, str)), triple=places)


def _place(term: Any, words: Text) -> Place:
    return words.term(term)[1:] if is_variable(term) else constant(term)


def _alternatives(node: Algebra) -> Iterator[Algebra]:
    if node.name == "Union":
        yield from (*_alternatives(node.p1), *_alternatives(node.p2))
    else:
        yield node


def _names(part: Any, words: Text) -> frozenset[str]:
    return frozenset(words.term(each)[1:] for each in _terms(part) if isinstance(each, RdflibVariable | BNode))


def _strings(part: Any) -> Iterator[str]:
    yield from (str(each) for each in _terms(part) if isinstance(each, RdflibLiteral) and str(each))


def _terms(part: Any) -> Iterator[Any]:
    """Every term of a part of the algebra."""
    if isinstance(part, CompValue | dict):
        for name, each in part.items():
            if name != "_vars":
                # Inline data has its variables as names.
                yield from (name,) if isinstance(name, RdflibVariable) else ()
                yield from _terms(each)
    elif isinstance(part, list | tuple | set):
        for each in part:
            yield from _terms(each)
    elif not isinstance(part, Path):
        yield part
