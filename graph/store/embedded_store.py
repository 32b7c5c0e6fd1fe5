"""The text of a query, turned into solutions, a truth value or triples by the embedded store, whose exceptions become ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)
from pyoxigraph import Store as Engine

from graph.errors import BadDataError, BadQueryError, BadTermError, EvaluationError, StoreError
from graph.store.own_graphs import has_others, own, own_graphs
from graph.store.union import merged, overlap, union

Term = NamedNode | BlankNode | Literal | Triple
Row = dict[str, Term]
Answer = QuerySolutions | QueryBoolean | QueryTriples

_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<reason>.*)", re.DOTALL)
_PARSER_PLACE = re.compile(r"(?P<reason>.*?)(?: on line (?P<line>\d+)| at line (?P<line2>\d+) column (?P<column>\d+).*)?", re.DOTALL)
_UNKNOWN_FUNCTION = re.compile(r"The custom function <(?P<iri>[^>]*)> is not supported")


@dataclass(frozen=True, slots=True)
class DatasetOf:
    """What a query reads. ``default`` and ``named`` are None where the query itself (FROM) or the store decides."""

    default: tuple[NamedNode, ...] | None = None
    named: tuple[NamedNode, ...] | None = None
    union: bool = True
    """Whether the default graph is the union of all graphs."""
    alone: bool = False
    """Whether the query reads nothing but the default graph."""
    own: bool = False
    """Whether it reads the graphs of the service alone, and their union as the default graph."""

    @classmethod
    def of(cls, default: Sequence[str], named: Sequence[str], *, union: bool) -> DatasetOf:
        """The dataset that a request describes by IRIs; without any of them the store's own."""
        if not default and not named:
            return cls(union=union)
        return cls(tuple(map(named_node, default)), tuple(map(named_node, named)), union=False)


class Store:
    """A store to be read. Give it an engine, or open a folder with ``Store.open``."""

    def __init__(self, engine: Engine, united: Engine | None = None, own: Store | tuple[NamedNode, ...] | None = None) -> None:
        """``united`` holds the union of the graphs of the engine, where that is not the list of their quads; ``own`` are the graphs of the
        service, where there are others."""
        self.engine = engine
        self.united = united
        self.own = own
        self.elsewhere = False
        """Whether each look at it is a query to an engine elsewhere."""
        self.passages: Path | None = None
        """The folder of the index of its passages, where there is one; it is opened by who searches."""

    @classmethod
    def in_memory(cls, engine: Engine) -> Store:
        """The store of an engine in memory; where a triple stands in two graphs, their union is made, in which it stands once.

        Where somebody else has written graphs, those of the service stand apart as well.
        """
        ours = own(engine) if has_others(engine) else None
        return cls(engine, union(engine) if overlap(engine) else None, None if ours is None else cls.in_memory(ours))

    @classmethod
    def open(cls, path: Path) -> Store:
        """The store in a folder, for reading only."""
        try:
            engine = Engine.read_only(str(path))
            return cls(engine, own=tuple(own_graphs(engine)) if has_others(engine) else None)
        except (OSError, RuntimeError) as error:
            raise StoreError.of(error if isinstance(error, OSError) else OSError(str(error)), path) from error

    def answer(self, query: str, dataset: DatasetOf | None = None, base: str | None = None) -> Answer:
        """What the engine answers; solutions and triples are computed while they are drawn."""
        with translated():
            return _evaluate(*self._read(dataset or DatasetOf()), query, base)

    def reading(self, dataset: DatasetOf) -> tuple[Store, DatasetOf]:
        """The store to ask, and what to read there, where the graphs of the service alone are wanted; else this one as it is."""
        if not dataset.own or self.own is None:
            return self, replace(dataset, own=False)
        if isinstance(self.own, Store):
            return self.own, replace(dataset, own=False)
        return self, DatasetOf(self.own, self.own, union=False)

    def _read(self, dataset: DatasetOf) -> tuple[Engine, DatasetOf]:
        """What to ask for each triple to stand in the default graph once: the engine counts it for each graph that it stands in."""
        if dataset.own:
            store, dataset = self.reading(dataset)
            # From disk quads are counted for each graph: to make a union of them for each query would take seconds.
            return store._read(dataset) if store is not self or dataset.default is None else (self.engine, dataset)
        if dataset.union and dataset.alone and self.united:
            return self.united, DatasetOf(union=False)
        default = dataset.default
        if default is not None and len(default) > 1 and overlap(self.engine, default):
            return merged(self.engine, default, dataset.named or ()), DatasetOf(None, dataset.named or (), union=False)
        return self.engine, dataset

    def select(self, query: str, dataset: DatasetOf | None = None) -> Iterator[Row]:
        """The solutions of a SELECT, each with its bound variables."""
        answer = self.answer(query, dataset)
        if not isinstance(answer, QuerySolutions):
            raise BadQueryError("SELECT was expected")
        names = [variable.value for variable in answer.variables]
        with translated():
            for solution in answer:
                yield {name: term for name, term in zip(names, solution, strict=True) if term is not None}

    def ask(self, query: str, dataset: DatasetOf | None = None) -> bool:
        """The truth value of an ASK."""
        answer = self.answer(query, dataset)
        if not isinstance(answer, QueryBoolean):
            raise BadQueryError("ASK was expected")
        return bool(answer)

    def construct(self, query: str, dataset: DatasetOf | None = None) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""
        answer = self.answer(query, dataset)
        if not isinstance(answer, QueryTriples):
            raise BadQueryError("CONSTRUCT or DESCRIBE was expected")
        with translated():
            yield from answer


def _evaluate(engine: Engine, dataset: DatasetOf, query: str, base: str | None) -> Answer:
    """SPARQL wants an unknown function to be an error of its expression alone; the engine refuses the whole query, so it hears of each."""
    unknown: dict[NamedNode, Callable[..., Term | None]] = {}
    default: list[NamedNode | BlankNode | DefaultGraph] | None = None if dataset.default is None else list(dataset.default)
    if default is None and dataset.named is not None:
        # Said aloud, so that a FROM of the query does not win.
        default = [DefaultGraph()]
    named: list[NamedNode | BlankNode] | None = None if dataset.named is None else list(dataset.named)
    while True:
        try:
            return engine.query(
                query,
                base_iri=base,
                use_default_graph_as_union=dataset.union,
                default_graph=default,
                named_graphs=named,
                custom_functions=unknown or None,
            )
        except RuntimeError as error:
            function = _unknown_function(str(error), unknown)
            if function is None:
                raise
            unknown[function] = _no_value


def update(engine: Engine, text: str, base: str | None) -> None:
    """Changes the store as an update says; all of it or nothing. Unknown functions are errors of their expressions alone."""
    unknown: dict[NamedNode, Callable[..., Term | None]] = {}
    with translated():
        while True:
            try:
                return engine.update(text, base_iri=base, custom_functions=unknown or None)
            except RuntimeError as error:
                function = _unknown_function(str(error), unknown)
                if function is None:
                    raise
                unknown[function] = _no_value


def _unknown_function(complaint: str, known: Container[NamedNode]) -> NamedNode | None:
    """The function that the engine complains of, None where it complains of something else.

    The exception itself stays with the caller: held here, it would hold the store until the garbage is collected.
    """
    named = _UNKNOWN_FUNCTION.search(complaint)
    return NamedNode(named["iri"]) if named and NamedNode(named["iri"]) not in known else None


def _no_value(*_arguments: Term) -> None:
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Turns what the engine raises in the block into our errors."""
    try:
        yield
    except SyntaxError as error:
        raise bad_query(str(error)) from error
    except UnicodeEncodeError as error:
        raise BadQueryError("a surrogate code point is not a character") from error
    except ValueError as error:
        raise BadQueryError(str(error)) from error
    except RuntimeError as error:
        raise EvaluationError(str(error).removesuffix(".")) from error
    except OSError as error:
        raise StoreError.of(error) from error


def bad_query(message: str) -> BadQueryError:
    """The engine's sentence about a syntax error, taken apart."""
    place = _PLACE.fullmatch(message)
    if not place:
        return BadQueryError(_shorter(message))
    return BadQueryError(_shorter(place["reason"]), int(place["line"]), int(place["column"]))


def bad_data(message: str) -> BadDataError:
    """The parser's sentence about data that is not RDF, taken apart."""
    place = _PARSER_PLACE.fullmatch(message)
    line = place and (place["line"] or place["line2"])
    column = place and place["column"]
    return BadDataError(_shorter(message), int(line) if line else None, int(column) if column else None)


def named_node(text: str) -> NamedNode:
    """The IRI, where it is one."""
    try:
        return NamedNode(text)
    except ValueError as error:
        raise BadTermError(text) from error


def _shorter(reason: str, limit: int = 300) -> str:
    """The reason on one line, without the character classes that the engine lists when anything could follow."""
    line = " ".join(reason.split()).removesuffix(".")
    return line if len(line) <= limit else line[:limit] + " …"
