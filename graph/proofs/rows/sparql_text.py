"""The algebra of a query, turned back into text that means the same: expressions, patterns, paths, whole SELECTs.

rdflib's own translation back (``translateAlgebra``) changes the meaning of half of the catalogue, so this one is ours. Whoever uses it
compares rows afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyoxigraph import Literal
from rdflib import RDF, BNode
from rdflib import Variable as RdflibVariable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from graph.errors import NoEvidenceError
from graph.proofs.rows.algebra import MODIFIERS, Algebra, constant, is_variable

Names = Callable[[str], str]
"""What a variable of the query is called in the text."""

_AGGREGATES = {"GroupConcat": "GROUP_CONCAT"}
_PARTS = {
    "IF": ("arg1", "arg2", "arg3"),
    "REGEX": ("text", "pattern", "flags"),
    "REPLACE": ("arg", "pattern", "replacement", "flags"),
    "SUBSTR": ("arg", "start", "length"),
}
RDF_NIL = RDF.nil
_UNARY = {"UnaryNot": "!", "UnaryMinus": "-", "UnaryPlus": "+"}


class Text:
    """Writes the parts of one query. ``blank`` begins the names of the variables that stand for blank nodes."""

    def __init__(self, blank: str, names: Names = str) -> None:
        self.blank = blank
        self.names = names

    def named(self, names: Names) -> Text:
        """The same under other names."""
        return Text(self.blank, names)

    def term(self, term: Any) -> str:
        """A variable, a blank node as one, an IRI or a literal."""
        if isinstance(term, RdflibVariable):
            return f"?{self.names(str(term))}"
        if isinstance(term, BNode):
            return f"?{self.names(self.blank + ''.join(each if each.isalnum() else '_' for each in str(term)))}"
        return str(constant(term))

    # Expressions

    def expression(self, part: Any, aggregates: Mapping[str, str] | None = None) -> str:
        """An expression; ``aggregates`` are the texts of those that the algebra has replaced by variables."""
        if isinstance(part, RdflibVariable) and aggregates and str(part) in aggregates:
            return aggregates[str(part)]
        if not isinstance(part, CompValue):
            return self.term(part)
        name = part.name

        def inner(each: Any) -> str:
            return self.expression(each, aggregates)

        if name in ("ConditionalOrExpression", "ConditionalAndExpression"):
            return f"({(' || ' if 'Or' in name else ' && ').join(map(inner, (part.expr, *(part.other or ()))))})"
        if name == "RelationalExpression":
            return self._relation(part, inner)
        if name in ("AdditiveExpression", "MultiplicativeExpression"):
            steps = "".join(f" {sign} {inner(each)}" for sign, each in zip(part.op or (), part.other or (), strict=True))
            return f"({inner(part.expr)}{steps})"
        if name in _UNARY:
            return f"({_UNARY[name]}{inner(part.expr)})"
        if name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            return f"{'NOT ' if 'NOT' in name else ''}EXISTS {{ {self.pattern(part.graph)}}}"
        if name.startswith("Aggregate_"):
            return self._aggregate(part, inner)
        return self._call(part, inner)

    def _relation(self, part: Algebra, inner: Callable[[Any], str]) -> str:
        if part.op is None:
            return inner(part.expr)
        if part.op in ("IN", "NOT IN"):
            other = part.other
            # An empty list is read as the empty collection.
            listed = other if isinstance(other, list) else () if other == RDF_NIL else (other,)
            return f"({inner(part.expr)} {part.op} ({', '.join(map(inner, listed))}))"
        return f"({inner(part.expr)} {part.op} {inner(part.other)})"

    def _call(self, part: Algebra, inner: Callable[[Any], str]) -> str:
        if part.name == "TrueFilter":
            return "true"
        if part.name == "Function":
            return f"{self.term(part.iri)}({'DISTINCT ' if part.distinct else ''}{', '.join(map(inner, _listed(part.expr)))})"
        kind, _, name = part.name.partition("_")
        if kind != "Builtin":
            raise NoEvidenceError(f"表达式 {part.name}", f"the expression {part.name}")
        arguments: list[Any] = []
        for place in _PARTS.get(name, ("arg", "arg1", "arg2", "arg3")):
            if place in part and dict.__getitem__(part, place) is not None:
                arguments += _listed(dict.__getitem__(part, place))
        return f"{name}({', '.join(map(inner, arguments))})"

    def _aggregate(self, part: Algebra, inner: Callable[[Any], str]) -> str:
        name = part.name.partition("_")[2]
        distinct = "DISTINCT " if part.distinct else ""
        counted = "*" if isinstance(part.vars, str) and part.vars == "*" and not is_variable(part.vars) else inner(part.vars)
        separator = ""
        if name == "GroupConcat" and part.separator is not None:
            separator = f"; SEPARATOR={_string(str(part.separator))}"
        return f"{_AGGREGATES.get(name, name.upper())}({distinct}{counted}{separator})"

    # Paths and patterns

    def path(self, path: Any) -> str:
        """A property path, or a plain predicate."""
        if not isinstance(path, Path):
            return self.term(path)
        if isinstance(path, InvPath):
            return f"^({self.path(path.arg)})"
        if isinstance(path, SequencePath):
            return "/".join(f"({self.path(each)})" for each in path.args)
        if isinstance(path, AlternativePath):
            return "|".join(f"({self.path(each)})" for each in path.args)
        if isinstance(path, MulPath):
            return f"({self.path(path.path)}){path.mod}"
        if isinstance(path, NegatedPath):
            return f"!({'|'.join(map(self.term, negated(path)))})"
        raise NoEvidenceError(f"路径 {type(path).__name__}", f"the path {type(path).__name__}")

    def triples(self, node: Algebra) -> str:
        """The triple patterns of a basic graph pattern, as they are."""
        return "".join(f"{self.term(s)} {self.path(p)} {self.term(o)} . " for s, p, o in node.triples)

    def values(self, node: Algebra) -> str:
        """Inline data."""
        names = list(dict.fromkeys(name for row in node.res for name in row))
        if not names:
            return f"VALUES () {{ {'() ' * len(node.res)}}} "
        rows = " ".join(
            f"({' '.join('UNDEF' if str(row[name]) == 'UNDEF' else self.term(row[name]) for name in names)})" for row in node.res
        )
        return f"VALUES ({' '.join(map(self.term, names))}) {{ {rows} }} "

    def filtered(self, expression: Algebra) -> str:
        """A FILTER, where there is something to filter by."""
        return "" if expression is None or getattr(expression, "name", "") == "TrueFilter" else f"FILTER({self.expression(expression)}) "

    def pattern(self, node: Algebra) -> str:
        """A pattern as it is, for what stays a condition."""
        match node.name:
            case "BGP":
                return self.triples(node)
            case "Join":
                return f"{{ {self.pattern(node.p1)}}} {{ {self.pattern(node.p2)}}} "
            case "Filter":
                return f"{self.pattern(node.p)}{self.filtered(node.expr)}" if node.no_isolated_scope else self._filter(node)
            case "LeftJoin":
                return f"{{ {self.pattern(node.p1)}OPTIONAL {{ {self.pattern(node.p2)}{self.filtered(node.expr)}}} }} "
            case "Union":
                return f"{{ {self.pattern(node.p1)}}} UNION {{ {self.pattern(node.p2)}}} "
            case "Minus":
                return f"{{ {self.pattern(node.p1)}MINUS {{ {self.pattern(node.p2)}}} }} "
            case "Extend":
                return f"{{ {self.pattern(node.p)}BIND({self.expression(node.expr)} AS {self.term(node.var)}) }} "
            case "Graph":
                return f"GRAPH {self.term(node.term)} {{ {self.pattern(node.p)}}} "
            case "values":
                return self.values(node)
            case "ToMultiSet":
                return self.pattern(node.p) if node.p.name == "values" else f"{{ {self.select(node.p)}}} "
        raise NoEvidenceError(f"模式 {node.name}", f"the pattern {node.name}")

    def _filter(self, node: Algebra) -> str:
        return f"{{ {self.pattern(node.p)}{self.filtered(node.expr)}}} "

    # Whole SELECTs

    def select(self, node: Algebra, *, sliced: bool = True, keys: Iterable[str] | None = None) -> str:
        """A SELECT; without its own LIMIT and OFFSET where it is not to be ``sliced``, with ``keys`` projected too and not distinct."""
        modifier = limit = order = ""
        ordered = None
        while node.name in MODIFIERS:
            if node.name == "Slice" and sliced:
                limit = (f" OFFSET {node.start}" if node.start else "") + ("" if node.length is None else f" LIMIT {node.length}")
            elif node.name in ("Distinct", "Reduced"):
                modifier = f"{node.name.upper()} " if keys is None else ""
            elif node.name == "OrderBy":
                ordered = node.expr
            node = node.p
        columns = list(map(str, node.PV))
        below = node.p
        if below.name == "OrderBy":
            ordered, below = below.expr, below.p
        body, tail, aggregates, made = self._grouped(below)
        if ordered:
            order = " ORDER BY " + " ".join(f"{each.order or 'ASC'}({self.expression(each.expr, aggregates)})" for each in ordered)
        heads = [f"({made[name]} AS ?{self.names(name)})" if name in made else f"?{self.names(name)}" for name in columns]
        heads += [f"?{self.names(key)}" for key in keys or () if key not in columns]
        return f"SELECT {modifier}{' '.join(heads) or '*'} WHERE {{ {body}}}{tail}{order if sliced else ''}{limit} "

    def _grouped(self, below: Algebra) -> tuple[str, str, Mapping[str, str], Mapping[str, str]]:
        """The body of a SELECT, what follows it, its aggregates by their variables, and the columns that are computed from them."""
        found = grouping(below)
        if found is None:
            return self.pattern(below), "", {}, {}
        keys = found.keys
        aggregates: dict[str, str] = {}
        for each in found.join.A:
            key = each.name == "Aggregate_Sample" and isinstance(each.vars, RdflibVariable) and str(each.vars) in keys
            aggregates[str(each.res)] = self.term(each.vars) if key else self.expression(each)
        made = {str(each.var): self.expression(each.expr, aggregates) for each in found.made}
        made = {name: text for name, text in made.items() if text != f"?{self.names(name)}"}
        having = "".join(f" HAVING({self.expression(each.expr, aggregates)})" for each in found.having)
        having += "".join(f" {self.values(each)}" for each in found.values)
        by = [self.term(each) if isinstance(each, RdflibVariable) else f"({self.expression(each)})" for each in found.by]
        return self.pattern(found.body), (f" GROUP BY {' '.join(by)}" if by else "") + having, aggregates, made


class Grouping:
    """What stands above and below a GROUP BY: what it groups ``by``, the columns ``made`` of aggregates, its ``having``, its ``body``,
    the ``values`` after it.
    """

    def __init__(self, join: Algebra, made: list[Algebra], having: list[Algebra], values: list[Algebra]) -> None:
        self.join = join
        self.values = values
        self.made = made
        self.having = having
        self.by: list[Any] = list(join.p.expr or ())
        self.keys = [str(each) for each in self.by if isinstance(each, RdflibVariable)]
        self.body: Algebra = join.p.p


def grouping(below: Algebra) -> Grouping | None:
    """The grouping that lies below a projection, where there is one."""
    made: list[Algebra] = []
    having: list[Algebra] = []
    values: list[Algebra] = []
    while True:
        if below.name == "Join" and below.p2.name == "ToMultiSet" and below.p2.p.name == "values":
            values.append(below.p2.p)
            below = below.p1
            continue
        if below.name not in ("Extend", "Filter", "OrderBy"):
            break
        if below.name != "OrderBy":
            (made if below.name == "Extend" else having).append(below)
        below = below.p
    return Grouping(below, made, having, values) if below.name == "AggregateJoin" else None


def negated(path: NegatedPath) -> list[Any]:
    """The predicates that a negated path leaves out; raises NoEvidenceError for inverse ones, of which the parser keeps no name."""
    if any(isinstance(each, CompValue | Path) for each in path.args):
        raise NoEvidenceError("否定路径里的反向属性", "an inverse property in a negated path")
    return list(path.args)


def _listed(part: Any) -> list[Any]:
    return list(part) if isinstance(part, list | tuple) else [] if part is None else [part]


def _string(value: str) -> str:
    return str(Literal(value))
