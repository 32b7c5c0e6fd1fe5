"""The text of an update, carried out and turned into the graphs that it may have written, as far as the text is surely understood.

Names are resolved by the engine; where graphs are named by a variable, the engine is asked what the variable stands for. Whatever is not
strictly of the forms below, or could come out otherwise when it is evaluated a second time, is not understood: it may write any graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, QuerySolutions
from pyoxigraph import Store as Engine

from graph.errors import BadQueryError, EvaluationError
from graph.sparql.tokens import Token, place, tokens
from graph.store.embedded_store import DatasetOf, Store, update
from graph.update.update_text import refuse_malformed

_UNSTEADY = re.compile(r"RAND|UUID|NOW|BNODE|LIMIT|OFFSET|SAMPLE|GROUP|REDUCED|SUM|AVG|SERVICE", re.IGNORECASE)
"""What may be found otherwise the next time; sought in the plain text, so that no way of writing it is missed."""

_PARTED = re.compile(r"\.[^.]+\.")


@dataclass(slots=True)
class _Operation:
    """What one operation writes, as its text names it."""

    prologue: str
    """All that was declared before it."""
    text: str = ""
    place: tuple[int, int] = (1, 1)
    names: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    pattern: str = ""
    over: str = ""
    """The graph after WITH."""
    using: list[str] = field(default_factory=list)
    using_named: list[str] = field(default_factory=list)


class _UnclearError(Exception):
    """The text is not of a form that is known here."""


def perform(engine: Engine, text: str, base: str) -> frozenset[NamedNode] | None:
    """Changes the store as the update says, and tells which named graphs it may have written; None where it may be any.

    >>> store = Engine()
    >>> text = "PREFIX e: <http://e/> DROP SILENT GRAPH e:a; INSERT DATA { GRAPH <b> { e:x e:y 1 } }"
    >>> sorted(map(str, perform(store, text, "http://c/") or ())), len(store)
    (['<http://c/b>', '<http://e/a>'], 1)
    >>> perform(store, "DROP ALL", "http://c/"), len(store)
    (None, 0)
    """
    operations = _operations(text)
    varied = any(operation.variables for operation in operations or ())
    if operations is None or (varied and _UNSTEADY.search(text)):
        update(engine, text, base)
        return None
    # The engine knows no prologue but the first.
    parted = any(operation.prologue != operations[0].prologue for operation in operations)
    if len(operations) > 1 and (varied or parted):
        if not parted:
            refuse_malformed(text)
        targets = [_step(operation, base, engine) for operation in operations]
    else:
        targets = [_targets(operation, base, engine) for operation in operations]
        update(engine, text, base)
    return None if None in targets else frozenset(name for names in targets if names for name in names)


def _step(operation: _Operation, base: str, engine: Engine) -> set[NamedNode] | None:
    """Carries out one operation of several: what its variables stand for may be what one before it wrote."""
    targets = _targets(operation, base, engine)
    try:
        update(engine, f"{operation.prologue}\n{operation.text}", base)
    except BadQueryError as error:
        if error.line is None or error.column is None or error.line < 2:
            raise
        line, column = operation.place
        moved = (line + error.line - 2, error.column + (column - 1 if error.line == 2 else 0))
        raise BadQueryError(error.reason, *moved) from error
    return targets


def _operations(text: str) -> list[_Operation] | None:
    if "\\" in text:
        # Escapes can spell anything.
        return None
    try:
        return list(_Reader(text).operations())
    except (_UnclearError, BadQueryError):
        return None


def _targets(operation: _Operation, base: str, engine: Engine) -> set[NamedNode] | None:
    """The named graphs that the operation may write when it runs on this store."""
    try:
        targets = set(_resolved(operation.prologue, operation.names, base).values())
        return targets | _bound(operation, base, engine) if operation.variables else targets
    except (_UnclearError, BadQueryError, EvaluationError):
        return None


def _resolved(prologue: str, names: set[str], base: str) -> dict[str, NamedNode]:
    """The IRIs of names as the engine reads them."""
    order = sorted(names)
    if not order:
        return {}
    asked = " ".join(f"({name} AS ?name{number})" for number, name in enumerate(order))
    (row,) = _rows(Store(Engine()), f"{prologue} SELECT {asked} {{}}", DatasetOf(), base)
    if any(not isinstance(term, NamedNode) for term in row):
        raise _UnclearError
    return dict(zip(order, (term for term in row if isinstance(term, NamedNode)), strict=True))


def _bound(operation: _Operation, base: str, engine: Engine) -> set[NamedNode]:
    """The graphs that the variables stand for."""
    given = {name for name in (operation.over, *operation.using, *operation.using_named) if name}
    known = _resolved(operation.prologue, given, base)
    default, named = ([known[name] for name in names] for names in (operation.using, operation.using_named))
    dataset = DatasetOf(union=False)
    if default or named:
        dataset = DatasetOf(tuple(default), tuple(named), union=False)
    elif operation.over:
        dataset = DatasetOf((known[operation.over],), None, union=False)
    query = f"{operation.prologue} SELECT DISTINCT {' '.join(sorted(operation.variables))} {operation.pattern}"
    return {term for row in _rows(Store(engine), query, dataset, base) for term in row if isinstance(term, NamedNode)}


def _rows(store: Store, query: str, dataset: DatasetOf, base: str) -> Iterator[list[object]]:
    answer = store.answer(query, dataset, base or None)
    if isinstance(answer, QuerySolutions):
        for solution in answer:
            yield list(solution)


def _sure(read: Iterator[Token]) -> Iterator[Token]:
    """The tokens, where each can be read in one way only.

    In an expression ``<`` may compare: what looks like an IRI then holds the beginning of a string or a comment, and braces differ.
    """
    parentheses = 0
    after_operand = False
    for token in read:
        if token.kind == "iri" and parentheses and after_operand and ("'" in token.text or "#" in token.text):
            raise _UnclearError
        if token.kind == "name" and _PARTED.search(token.text):
            # The grammar reads on after the second dot, the engine does not.
            raise _UnclearError
        parentheses += (token.text == "(") - (token.text == ")")
        after_operand = token.kind != "mark" or token.text == ")" or token.text.isalnum() or token.text in "._"
        yield token


class _Reader:
    """Goes through the tokens of an update once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_sure(tokens(text)))
        self._at = 0
        self._prologue = ""

    def operations(self) -> Iterator[_Operation]:
        """Each operation."""
        while True:
            self._prologues()
            if self._next is None:
                return
            operation = _Operation(self._prologue)
            begin = self._at
            self._operation(operation)
            start = self._tokens[begin].start
            operation.text = self._text[start : self._tokens[self._at - 1].end]
            operation.place = place(self._text, start)
            yield operation
            if self._next is not None and self._take().text != ";":
                raise _UnclearError

    @property
    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> Token:
        token = self._next
        if token is None:
            raise _UnclearError
        self._at += 1
        return token

    def _took(self, *keywords: str) -> str:
        """The keyword that comes next, if it is one of these; it is taken."""
        token = self._next
        if token is None or token.keyword not in keywords:
            return ""
        self._at += 1
        return token.keyword

    def _expect(self, *keywords: str) -> None:
        if not self._took(*keywords):
            raise _UnclearError

    def _name(self) -> str:
        token = self._take()
        if token.kind not in {"iri", "name"}:
            raise _UnclearError
        return token.text

    def _prologues(self) -> None:
        while keyword := self._took("BASE", "PREFIX"):
            parts = [self._take() for _ in range(1 if keyword == "BASE" else 2)]
            if parts[-1].kind != "iri":
                raise _UnclearError
            self._prologue += f"{keyword} {' '.join(part.text for part in parts)} "

    def _operation(self, operation: _Operation) -> None:
        keyword = self._took("CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
        if keyword:
            self._took("SILENT")
            self._whole(operation, bare=keyword in {"ADD", "MOVE", "COPY"})
            if keyword in {"ADD", "MOVE", "COPY"}:
                self._expect("TO")
                self._whole(operation, bare=True)
            return
        if self._took("WITH"):
            operation.over = self._name()
            operation.names.add(operation.over)
        first = self._took("INSERT", "DELETE")
        if not first:
            raise _UnclearError
        if not operation.over and self._took("DATA"):
            self._quads(operation)
        elif not operation.over and first == "DELETE" and self._took("WHERE"):
            operation.pattern = self._quads(operation)
        else:
            self._quads(operation)
            if first == "DELETE" and self._took("INSERT"):
                self._quads(operation)
            self._where(operation)

    def _whole(self, operation: _Operation, *, bare: bool) -> None:
        """One graph, or the default graph."""
        if self._took("DEFAULT"):
            return
        if not self._took("GRAPH") and not bare:
            raise _UnclearError
        operation.names.add(self._name())

    def _where(self, operation: _Operation) -> None:
        while self._took("USING"):
            (operation.using_named if self._took("NAMED") else operation.using).append(self._name())
        self._expect("WHERE")
        operation.pattern = self._group()

    def _group(self) -> str:
        """The text of a group, whatever it holds."""
        first = last = self._take()
        if first.text != "{":
            raise _UnclearError
        while last.text != "}" or last.depth != first.depth:
            last = self._take()
        return self._text[first.start : last.end]

    def _quads(self, operation: _Operation) -> str:
        """The text of a template: no brace in it but those of graphs, whose names are noted."""
        first = self._take()
        if first.text != "{":
            raise _UnclearError
        while (token := self._take()).text != "}":
            if token.text == "{":
                raise _UnclearError
            if token.keyword == "GRAPH":
                graph = self._take()
                if graph.kind not in {"iri", "name", "variable"} or self._take().text != "{":
                    raise _UnclearError
                if graph.kind == "variable":
                    operation.variables.add(f"?{graph.text[1:]}")
                else:
                    operation.names.add(graph.text)
                while (inner := self._take()).text != "}":
                    if inner.text == "{":
                        raise _UnclearError
        return self._text[first.start : token.end]
