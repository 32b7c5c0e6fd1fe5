"""SHACL shapes, turned into SPARQL queries that find what breaks them.

The shapes are standard SHACL and pySHACL finds the same; but for one notice beside the vocabulary it needs 82 s of processor time, and
pyrudof 0.3 needs 1.1 s, where these queries need 0.2 s on the engine that is here anyway. What our shapes use of SHACL is translated,
everything else is refused, so that no constraint is passed over. A ``sh:select`` binds ``$this`` by a triple pattern of its own group.

A query looks at the nodes that stand in a graph of its own, ``FOCUS``, as focus nodes of its shape: which ones these are is found while the
data are read, so that nobody looks through a whole vocabulary for what a notice says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.errors import UnsupportedShapeError
from ontology.names import RDF, RDFS, SH, TYPE, XSD

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


FOCUS = SH["focusNode"]
"""The graph, and in it the property, that leads from a shape to the nodes to be looked at."""


@dataclass(frozen=True, slots=True)
class ShapeTarget:
    """Which nodes a shape speaks of: those of a class, those that have a property, those that are the value of one."""

    shape: NamedNode
    classes: frozenset[NamedNode]
    subjects_of: frozenset[NamedNode]
    objects_of: frozenset[NamedNode]


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint of one shape: the query gives ``?this`` and, where there is one, ``?value`` for each breach."""

    shape: NamedNode
    target: ShapeTarget
    constraint: NamedNode
    path: NamedNode | None
    messages: Mapping[str, str]
    query: str

    @property
    def predicates(self) -> frozenset[str] | None:
        """The IRIs that the query names, those of all properties that it asks for among them; None where a variable stands for one."""
        asked = _HEADS.sub(" ", self.query)
        if _ANY_PREDICATE.search(asked):
            return None
        prefixes = dict(_PREFIX.findall(self.query))
        short = (prefixes[prefix] + name for prefix, name in _SHORT.findall(asked) if prefix in prefixes)
        return frozenset([TYPE.value, *_IRI.findall(asked), *short])


def checks(shapes: Iterable[Triple], vocabulary: Iterable[Triple]) -> tuple[Check, ...]:
    """The checks that the shapes ask for; the vocabulary says which classes are narrower than which.

    Raises UnsupportedShapeError for a shape that says something which would not be checked.
    """
    return tuple(_Reader(shapes, _narrower(vocabulary)).read())


def _narrower(vocabulary: Iterable[Triple]) -> dict[NamedNode, set[NamedNode]]:
    """For each class, itself and all that are narrower."""
    broader: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for triple in vocabulary:
        if triple.predicate == RDFS["subClassOf"] and isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            broader[triple.subject].add(triple.object)
    narrower: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for class_ in list(broader):
        reached, waiting = {class_}, [class_]
        while waiting:
            for above in broader.get(waiting.pop(), ()):
                narrower[above].add(class_)
                if above not in reached:
                    reached.add(above)
                    waiting.append(above)
    return narrower


_DESCRIBING_A_NODE = {TYPE} | {SH[name] for name in ("property", "sparql", "targetClass", "targetObjectsOf", "targetSubjectsOf")}
_DESCRIBING_A_PROPERTY = {TYPE, SH["message"], SH["path"]}
_CAST = frozenset(XSD[name] for name in ("boolean", "date", "dateTime", "decimal", "integer"))
_NODE_KINDS = {SH["IRI"]: "isIRI(?value)", SH["Literal"]: "isLiteral(?value)", SH["BlankNode"]: "isBlank(?value)"}


_OF_THIS = re.compile(r"SELECT\b[^{}]*\$this\b[^{}]*\{")
"""The head of a query for ``$this``, or of one within it."""
_HEADS = re.compile(r"\bSELECT\b[^{}]*\{")
_ANY_PREDICATE = re.compile(r"[?$]\w+\s+[?$]\w+\s+[?$<\"\w]|;\s*[?$]\w+\s|>\s+[?$]\w+\s+[?$<\"]")
"""A variable where a property stands: ?this ?predicate ?value, …; ?predicate ?value, <thing> ?predicate ?value."""
_PREFIX = re.compile(r"PREFIX (\w*): <([^<>]*)>")
_SHORT = re.compile(r"\b(\w+):(\w+)")
_IRI = re.compile(r"<([^<>]*)>")


class _Reader:
    def __init__(self, shapes: Iterable[Triple], narrower: Mapping[NamedNode, set[NamedNode]]) -> None:
        self._narrower = narrower
        statements: dict[Term, dict[NamedNode, list[Term]]] = {}
        for triple in shapes:
            assert not isinstance(triple.object, Triple)
            assert not isinstance(triple.subject, Triple)
            statements.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        self._said: Mapping[Term, Mapping[NamedNode, list[Term]]] = statements
        self._values: Mapping[NamedNode, Callable[[Term], str]] = {
            SH["class"]: self._class,
            SH["datatype"]: self._datatype,
            SH["in"]: lambda value: f"?value IN ({', '.join(str(term) for term in self._list(value))})",
            SH["languageIn"]: self._languages,
            SH["minInclusive"]: lambda value: f"COALESCE(?value >= {value}, false)",
            SH["maxInclusive"]: lambda value: f"COALESCE(?value <= {value}, false)",
            SH["minLength"]: lambda value: f"STRLEN(STR(?value)) >= {_number(value)}",
            SH["nodeKind"]: lambda value: _NODE_KINDS[_name(value)],
            SH["not"]: lambda value: f"!({self._all(value)})",
            SH["or"]: lambda value: " || ".join(f"({self._all(shape)})" for shape in self._list(value)),
            SH["pattern"]: lambda value: f"REGEX(STR(?value), {value})",
        }

    def read(self) -> Iterator[Check]:
        for node in sorted((node for node, statements in self._said.items() if SH["NodeShape"] in statements.get(TYPE, ())), key=str):
            unknown = set(self._said[node]) - _DESCRIBING_A_NODE
            if unknown:
                raise UnsupportedShapeError(str(node), sorted(map(str, unknown)))
            target = self._target(_name(node))
            for constraint in self._all_of(node, "sparql"):
                query = self._select(target.shape, constraint)
                yield Check(target.shape, target, SH["SPARQLConstraintComponent"], None, self._messages(constraint), query)
            for part in self._all_of(node, "property"):
                yield from self._property(target, part)

    def _target(self, shape: NamedNode) -> ShapeTarget:
        classes = {class_ for target in self._all_of(shape, "targetClass") for class_ in self._closure(_name(target))}
        subjects, objects = (frozenset(map(_name, self._all_of(shape, name))) for name in ("targetSubjectsOf", "targetObjectsOf"))
        if not (classes or subjects or objects):
            raise UnsupportedShapeError(str(shape), ["no target"])
        return ShapeTarget(shape, frozenset(classes), subjects, objects)

    def _select(self, shape: NamedNode, constraint: Term) -> str:
        unknown = set(self._said[constraint]) - {TYPE, SH["message"], SH["prefixes"], SH["select"]}
        if unknown:
            raise UnsupportedShapeError(str(constraint), sorted(map(str, unknown)))
        prefixes = "".join(
            f"PREFIX {_text(self._one(declared, 'prefix'))}: <{_text(self._one(declared, 'namespace'))}>\n"
            for ontology in self._all_of(constraint, "prefixes")
            for declared in self._all_of(ontology, "declare")
        )
        query, count = _OF_THIS.subn(lambda found: f"{found[0]} {_focus(shape)}", _text(self._one(constraint, "select")))
        if not count:
            raise UnsupportedShapeError(str(constraint), ["a query that does not give $this"])
        return f"{prefixes}SELECT DISTINCT ?this ?value WHERE {{ {{ {query.replace('$this', '?this')} }} }}"

    def _property(self, target: ShapeTarget, shape: Term) -> Iterator[Check]:
        step = self._one(shape, "path")
        path, predicate = self._path(step), step if isinstance(step, NamedNode) else None
        for kind, objects in self._said[shape].items():
            for value in objects if kind not in _DESCRIBING_A_PROPERTY else ():
                breach = self._breach(shape, _focus(target.shape), path, kind, value)
                name = kind.value.removeprefix(SH)
                component = SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]
                query = f"SELECT DISTINCT ?this ?value WHERE {{ {breach} }}"
                yield Check(_name(shape), target, component, predicate, self._messages(shape), query)

    def _breach(self, shape: Term, focus: str, path: str, kind: NamedNode, value: Term) -> str:
        """The pattern that finds what breaks one constraint of a property shape."""
        if kind == SH["minCount"]:
            if _number(value) == 1:
                return f"{focus} FILTER NOT EXISTS {{ ?this {path} ?one }}"
            enough = f"SELECT ?this WHERE {{ {focus} ?this {path} ?one }} GROUP BY ?this HAVING(COUNT(DISTINCT ?one) >= {_number(value)})"
            return f"{focus} MINUS {{ {enough} }}"
        if kind == SH["maxCount"]:
            return (
                f"{{ SELECT ?this WHERE {{ {focus} ?this {path} ?one }} GROUP BY ?this HAVING(COUNT(DISTINCT ?one) > {_number(value)}) }}"
            )
        if kind == SH["uniqueLang"]:
            same = 'LANG(?one) != "" && LCASE(LANG(?one)) = LCASE(LANG(?other)) && !sameTerm(?one, ?other)'
            return f"{focus} ?this {path} ?one , ?other . FILTER({same})"
        if kind in (SH["lessThan"], SH["lessThanOrEquals"]):
            sign = "<" if kind == SH["lessThan"] else "<="
            return f"{focus} ?this {path} ?value ; {value} ?other . FILTER(!COALESCE(?value {sign} ?other, false))"
        if kind in self._values:
            return f"{focus} ?this {path} ?value . FILTER(!({self._values[kind](value)}))"
        raise UnsupportedShapeError(str(shape), [str(kind)])

    def _all(self, shape: Term) -> str:
        """That ``?value`` conforms to a shape without a name."""
        unknown = set(self._said[shape]) - set(self._values)
        if unknown or not self._said[shape]:
            raise UnsupportedShapeError(str(shape), sorted(map(str, unknown)))
        return " && ".join(self._values[kind](value) for kind, values in self._said[shape].items() for value in values)

    def _class(self, value: Term) -> str:
        return f"EXISTS {{ VALUES ?class {{ {_words(self._closure(_name(value)))} }} ?value a ?class }}"

    def _datatype(self, value: Term) -> str:
        fits = f"isLiteral(?value) && DATATYPE(?value) = {value}"
        return f"{fits} && COALESCE(STRLEN(STR({value}(STR(?value)))) > 0, false)" if value in _CAST else fits

    def _languages(self, value: Term) -> str:
        return " || ".join(f'(isLiteral(?value) && LANGMATCHES(LANG(?value), "{_text(language)}"))' for language in self._list(value))

    def _path(self, path: Term) -> str:
        if isinstance(path, NamedNode) and path != RDF["nil"]:
            return str(path)
        for inverse in self._all_of(path, "inversePath"):
            return f"^({self._path(inverse)})"
        for steps in self._all_of(path, "alternativePath"):
            return f"({'|'.join(self._path(step) for step in self._list(steps))})"
        if RDF["first"] in self._said.get(path, {}):
            return f"({'/'.join(self._path(step) for step in self._list(path))})"
        raise UnsupportedShapeError(str(path), sorted(map(str, self._said.get(path, {}))))

    def _list(self, head: Term) -> Iterator[Term]:
        while head != RDF["nil"]:
            yield self._said[head][RDF["first"]][0]
            head = self._said[head][RDF["rest"]][0]

    def _closure(self, class_: NamedNode) -> set[NamedNode]:
        return {class_} | self._narrower.get(class_, set())

    def _messages(self, shape: Term) -> dict[str, str]:
        return {message.language or "": message.value for message in self._all_of(shape, "message") if isinstance(message, Literal)}

    def _all_of(self, shape: Term, name: str) -> Sequence[Term]:
        return self._said.get(shape, {}).get(SH[name], ())

    def _one(self, shape: Term, name: str) -> Term:
        values = self._all_of(shape, name)
        if len(values) != 1:
            raise UnsupportedShapeError(str(shape), [f"{len(values)} × sh:{name}"])
        return values[0]


def _focus(shape: NamedNode) -> str:
    """The pattern for the nodes that are to be looked at."""
    return f"GRAPH {FOCUS} {{ {shape} {FOCUS} ?this }}"


def _words(terms: Iterable[Term]) -> str:
    return " ".join(sorted(map(str, terms)))


def _name(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise UnsupportedShapeError(str(term), ["a name is needed here"])
    return term


def _text(term: Term) -> str:
    assert isinstance(term, Literal)
    return term.value


def _number(term: Term) -> int:
    return int(_text(term))
