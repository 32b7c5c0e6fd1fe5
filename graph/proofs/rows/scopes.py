"""The algebra of a SELECT, turned into the query in which every variable is visible, and into what each of its patterns then matched.

Patterns stay where they stand. An alternative and an optional part each bind a mark, so that a solution tells which of them it went
through; paths of fixed length become plain patterns; EXISTS becomes a join; MINUS and NOT EXISTS stay conditions and are told as such. A
sub-select stays as it is, as a condition, and is a scope of its own: its evidence is that of the rows of it which were joined.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import NamedNode
from rdflib import Variable as RdflibVariable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from graph.errors import NoEvidenceError
from graph.proofs.rows.algebra import Algebra, conjuncts, constant, is_variable, nodes, select_of, unmodified, unordered, visible
from graph.proofs.rows.order_dependent import loose
from graph.proofs.rows.plans import Chain, Place, Plan, Scope, Slot
from graph.proofs.rows.sparql_text import Text, grouping, negated


@dataclass(slots=True)
class _Draft:
    """What a scope becomes while it is written."""

    slots: list[Slot] = field(default_factory=list)
    nested: list[tuple[Scope, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Here:
    """Where a pattern stands: how it is written, in what scope, below which marks, inside the GRAPH of what name."""

    words: Text
    draft: _Draft
    marks: tuple[str, ...] = ()
    graph: Place | None = None

    def marked(self, *marks: str) -> _Here:
        """Below more marks."""
        return replace(self, marks=(*self.marks, *marks))


def plan(text: str, base: str | None = None) -> Plan:
    """What a SELECT says; raises NoEvidenceError, with the part, where no evidence can be had."""
    node = select_of(text, base)
    stem = "zz"
    while stem in text:
        stem += "z"
    joined, free = loose(node)
    writer = _Writer(stem, {*joined, *free})
    words = Text(f"{stem}b")
    try:
        scope = writer.scope(node, words, None)
        again = words.select(node, sliced=False) if _is_sliced(node) else text
    except RecursionError as error:
        raise NoEvidenceError("嵌套过深的查询", "a query that is nested too deeply") from error
    columns = set(map(str, unmodified(node).PV))
    kept = tuple((name, separator) for name, separator in joined.items() if name in columns)
    return Plan(scope, again, kept, tuple(free & columns), tuple(writer.examined))


class _Writer:
    """Writes bodies; ``stem`` begins the names of the variables that it adds, ``loose`` are those of no sure value."""

    def __init__(self, stem: str, loose: Set[str]) -> None:
        self._stem = stem
        self._loose = loose
        self._count = 0
        self.examined: list[str] = []

    def fresh(self) -> str:
        """The name of a new variable."""
        self._count += 1
        return f"{self._stem}{self._count}"

    def scope(self, node: Algebra, words: Text, graph: Place | None) -> Scope:
        """A SELECT; ``graph`` is that of a GRAPH around it."""
        if graph is not None and isinstance(graph, str):
            raise NoEvidenceError("GRAPH 变量里的子查询", "a sub-select inside GRAPH with a variable")
        project = unmodified(node)
        if project.name != "Project":
            raise NoEvidenceError(f"模式 {project.name}", f"the pattern {project.name}")
        columns = tuple(words.names(str(each)) for each in project.PV if str(each) not in self._loose)
        here = _Here(words, _Draft(), (), graph)
        found = grouping(project.p)
        keys, keyed = None, ""
        if found is None:
            body = self._pattern(unordered(project.p), here)
        else:
            body = self._pattern(found.body, here)
            keys = []
            for each in found.by:
                keys.append(words.names(str(each)) if isinstance(each, RdflibVariable) else self.fresh())
                if not isinstance(each, RdflibVariable):
                    body = f"{{ {body}BIND({words.expression(each)} AS ?{keys[-1]}) }} "
            if not set(keys) <= set(columns):
                if len(found.keys) < len(found.by):
                    raise NoEvidenceError("按未命名的表达式分组", "grouping by an expression without a name")
                keyed = f"SELECT * WHERE {{ {_around(graph, '{ ' + words.select(node, sliced=False, keys=found.keys) + '} ')}}}"
        draft = here.draft
        return Scope(columns, None if keys is None else tuple(keys), keyed, _around(graph, body), tuple(draft.slots), tuple(draft.nested))

    def _pattern(self, node: Algebra, here: _Here) -> str:
        """The text of a pattern, which fits into any group; what it matches goes to the draft."""
        words = here.words
        match node.name:
            case "BGP":
                return "".join(self._triple(triple, here) for triple in node.triples)
            case "Join":
                return f"{{ {self._pattern(node.p1, here)}}} {{ {self._pattern(node.p2, here)}}} "
            case "Filter":
                return f"{{ {self._pattern(node.p, here)}{self._filter(node.expr, visible(node.p), here)}}} "
            case "LeftJoin":
                return self._optional(node, here)
            case "Union":
                one, other = self.fresh(), self.fresh()
                first, second = self._pattern(node.p1, here.marked(one)), self._pattern(node.p2, here.marked(other))
                return f"{{ {first}BIND(true AS ?{one}) }} UNION {{ {second}BIND(true AS ?{other}) }} "
            case "Minus":
                self._absent(node.p2, words)
                return f"{{ {self._pattern(node.p1, here)}MINUS {{ {words.pattern(node.p2)}}} }} "
            case "Extend":
                there = self._exists(node.expr, visible(node.p), here)
                return f"{{ {self._pattern(node.p, here)}BIND({words.expression(node.expr)} AS {words.term(node.var)}) {there}}} "
            case "Graph":
                return f"GRAPH {words.term(node.term)} {{ {self._pattern(node.p, replace(here, graph=_place(node.term, words)))}}} "
            case "values":
                return words.values(node)
            case "ToMultiSet":
                return self._set(node.p, here)
        raise NoEvidenceError(f"模式 {node.name}", f"the pattern {node.name}")

    def _optional(self, node: Algebra, here: _Here) -> str:
        mark = self.fresh()
        inside = here.marked(mark)
        condition = self._filter(node.expr, visible(node.p1) | visible(node.p2), inside)
        left, right = self._pattern(node.p1, here), self._pattern(node.p2, inside)
        return f"{{ {left}OPTIONAL {{ {right}{condition}BIND(true AS ?{mark}) }} }} "

    def _set(self, node: Algebra, here: _Here) -> str:
        """Inline data, or a sub-select."""
        if node.name == "values":
            return here.words.values(node)
        here.draft.nested.append((self.scope(node, here.words, here.graph), here.marks))
        return f"{{ {here.words.select(node)}}} "

    def _filter(self, expression: Any, around: frozenset[str], here: _Here) -> str:
        """The conditions of a FILTER: an EXISTS among them as what it matched."""
        if expression is None or getattr(expression, "name", "") == "TrueFilter":
            return ""
        text = ""
        for each in conjuncts(expression):
            name = getattr(each, "name", "")
            if name == "Builtin_EXISTS":
                text += self._open(each.graph, self._inside(here, around))
                continue
            if name == "Builtin_NOTEXISTS":
                self._absent(each.graph, here.words)
            text += here.words.filtered(each) + self._exists(each, around, here)
        return text

    def _exists(self, expression: Any, around: frozenset[str], here: _Here) -> str:
        """What each EXISTS within an expression matched, where it did."""
        text = ""
        for each in nodes(expression):
            if each.name == "Builtin_EXISTS":
                mark = self.fresh()
                text += f"OPTIONAL {{ {self._open(each.graph, self._inside(here.marked(mark), around))}BIND(true AS ?{mark}) }} "
        return text

    def _open(self, node: Algebra, here: _Here) -> str:
        """A pattern without a group of its own around it, so that its conditions see the variables outside."""
        if node.name != "Filter":
            return self._pattern(node, here)
        return self._pattern(node.p, here) + self._filter(node.expr, visible(node.p), here)

    def _inside(self, here: _Here, around: frozenset[str]) -> _Here:
        """The names within an EXISTS: what is not seen outside gets names of its own."""
        hidden: dict[str, str] = {}

        def names(name: str) -> str:
            if name in around:
                return here.words.names(name)
            if name not in hidden:
                hidden[name] = self.fresh()
            return hidden[name]

        return replace(here, words=here.words.named(names))

    def _absent(self, node: Algebra, words: Text) -> None:
        self.examined.append(" ".join(words.pattern(node).split()))

    def _triple(self, triple: tuple[Any, Any, Any], here: _Here) -> str:
        subject, predicate, object_ = triple
        path = predicate if isinstance(predicate, Path) else _place(predicate, here.words)
        return self._path(_place(subject, here.words), path, _place(object_, here.words), here)

    def _path(self, subject: Place, path: Any, object_: Place, here: _Here) -> str:
        """The patterns that a path between two terms stands for."""
        if isinstance(path, InvPath):
            return self._path(object_, _step(path.arg), subject, here)
        if isinstance(path, SequencePath):
            places = [subject, *(self.fresh() for _ in path.args[1:]), object_]
            steps = zip(places, path.args, places[1:], strict=False)
            return "".join(self._path(one, _step(each), other, here) for one, each, other in steps)
        if isinstance(path, AlternativePath):
            ways = []
            for each in path.args:
                mark = self.fresh()
                ways.append(f"{{ {self._path(subject, _step(each), object_, here.marked(mark))}BIND(true AS ?{mark}) }} ")
            return "UNION ".join(ways)
        if isinstance(path, NegatedPath):
            predicate = self.fresh()
            left_out = ", ".join(str(constant(each)) for each in negated(path))
            return f"{{ {self._path(subject, predicate, object_, here)}FILTER(?{predicate} NOT IN ({left_out})) }} "
        if isinstance(path, CompValue | Path) and not isinstance(path, MulPath):
            raise NoEvidenceError(f"路径 {type(path).__name__}", f"the path {type(path).__name__}")
        here.draft.slots.append(Slot(subject, _chain(path) if isinstance(path, MulPath) else path, object_, here.marks, here.graph))
        written = here.words.path(path) if isinstance(path, MulPath) else _written(path)
        return f"{_written(subject)} {written} {_written(object_)} . "


def _place(term: Any, words: Text) -> Place:
    return words.term(term)[1:] if is_variable(term) else constant(term)


def _step(part: Any) -> Any:
    return part if isinstance(part, Path) else constant(part)


def _written(place: Place) -> str:
    return f"?{place}" if isinstance(place, str) else str(place)


def _around(graph: Place | None, body: str) -> str:
    return body if graph is None else f"GRAPH {_written(graph)} {{ {body}}} "


def _is_sliced(node: Algebra) -> bool:
    while node.name != "Project":
        if node.name == "Slice":
            return True
        node = node.p
    return False


def _chain(path: Any) -> Chain:
    if isinstance(path, InvPath):
        return Chain("inverse", (_chain(path.arg),))
    if isinstance(path, SequencePath):
        return Chain("sequence", tuple(map(_chain, path.args)))
    if isinstance(path, AlternativePath):
        return Chain("either", tuple(map(_chain, path.args)))
    if isinstance(path, MulPath):
        return Chain("repeat", (_chain(path.path),), repeat=str(path.mod))
    if isinstance(path, Path):
        raise NoEvidenceError("重复的否定路径", "a negated path that is repeated")
    predicate = constant(path)
    assert isinstance(predicate, NamedNode)
    return Chain("is", predicate=predicate)
