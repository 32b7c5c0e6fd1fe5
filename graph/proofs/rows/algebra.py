"""The text of a query, turned into the algebra of SPARQL 1.1 by the parser of rdflib; its terms, turned into those of the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode
from rdflib import BNode
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef as RdflibNode
from rdflib import Variable as RdflibVariable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph.errors import NoEvidenceError
from graph.proofs.rows.plans import Constant

Algebra = Any
"""A node of rdflib's algebra: a CompValue, whose parts are attributes; an attribute that it has not is None."""
MODIFIERS = frozenset({"Slice", "Distinct", "Reduced", "OrderBy"})
_LONGEST = 32_000
"""The parser takes about 30 ms for 1,000 characters."""
_CHANGING = frozenset({"Builtin_NOW", "Builtin_RAND", "Builtin_UUID", "Builtin_STRUUID", "Builtin_BNODE"})


def select_of(text: str, base: str | None = None) -> Algebra:
    """The algebra of a SELECT, its outermost modifier first; raises NoEvidenceError for what rdflib or evidence cannot read."""
    if len(text) > _LONGEST:
        raise NoEvidenceError(f"超过 {_LONGEST} 字的查询", f"a query of more than {_LONGEST} characters", unread=True)
    try:
        query = translateQuery(parseQuery(text), base=base).algebra
    except RecursionError as error:
        raise NoEvidenceError("嵌套过深的查询", "a query that is nested too deeply", unread=True) from error
    except Exception as error:  # the parser raises whatever its library does: what it cannot read has no evidence
        raise NoEvidenceError("证据的解析器读不懂的写法", "a form that the parser of evidence cannot read", unread=True) from error
    if query.name != "SelectQuery":
        raise NoEvidenceError("SELECT 以外的查询", "a query that is no SELECT")
    for node in nodes(query.p):
        if node.name in _CHANGING:
            name = node.name.partition("_")[2]
            raise NoEvidenceError(f"每次取值不同的 {name}()", f"{name}(), which is another value each time")
        if node.name == "ServiceGraphPattern":
            raise NoEvidenceError("SERVICE：事实在别处", "SERVICE: its facts are elsewhere")
    return query.p


def nodes(part: Any) -> Iterator[Algebra]:
    """Every node of an algebra, those in expressions too."""
    if isinstance(part, CompValue):
        yield part
        for name, each in part.items():
            if name != "_vars":
                yield from nodes(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from nodes(each)


def unmodified(node: Algebra) -> Algebra:
    """The projection below DISTINCT, ORDER BY and LIMIT."""
    while node.name in MODIFIERS:
        node = node.p
    return node


def unordered(node: Algebra) -> Algebra:
    """The pattern below ORDER BY, which rdflib keeps below the projection."""
    while node.name == "OrderBy":
        node = node.p
    return node


def conjuncts(expression: Algebra) -> Iterator[Algebra]:
    """The parts of an expression that all have to be true."""
    if getattr(expression, "name", "") == "ConditionalAndExpression":
        for each in (expression.expr, *(expression.other or ())):
            yield from conjuncts(each)
    else:
        yield expression


def is_variable(term: Any) -> bool:
    """Whether a part of a pattern can stand for any term: a variable, or a blank node, which is one without a name."""
    return isinstance(term, RdflibVariable | BNode)


def constant(term: Any) -> Constant:
    """A term of the query as the store has it; raises NoEvidenceError for one that the store would not take."""
    try:
        if isinstance(term, RdflibNode):
            return NamedNode(str(term))
        if isinstance(term, RdflibLiteral):
            if term.language:
                return Literal(str(term), language=term.language)
            return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    except ValueError as error:
        raise NoEvidenceError(f"值 {term}", f"the value {term}") from error
    raise NoEvidenceError(f"值 {term}", f"the value {term}")


def visible(node: Algebra) -> frozenset[str]:
    """The variables that a pattern may bind for those beside it."""
    match node.name:
        case "BGP":
            return frozenset(str(term) for triple in node.triples for term in triple if isinstance(term, RdflibVariable))
        case "Project":
            return frozenset(map(str, node.PV))
        case "Extend":
            return visible(node.p) | {str(node.var)}
        case "Minus":
            return visible(node.p1)
        case "Graph":
            named = {str(node.term)} if isinstance(node.term, RdflibVariable) else set()
            return visible(node.p) | named
        case "values":
            return frozenset(str(name) for row in node.res for name in row)
        case "AggregateJoin":
            return frozenset(str(each) for each in node.p.expr or () if isinstance(each, RdflibVariable))
    below = [node.p] if node.p is not None else [node.p1, node.p2]
    return frozenset().union(*(visible(each) for each in below if each is not None))
