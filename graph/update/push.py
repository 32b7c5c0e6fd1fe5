"""What becomes of graphs, turned into the text of updates that make an engine elsewhere hold the next snapshot.

All of it is one request. Where an engine takes no large one, what comes is sent ahead in pieces, into graphs of its own and under
predicates that mean nothing, and moved to its place by the one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad

from graph.query.remote_store import MOVING, POINTER, TOKEN
from graph.update.graph_changes import GraphDelta, is_unnamed
from ontology.names import XSD

NUMBER = NamedNode("http://www.w3.org/2002/07/owl#versionInfo")
ISSUED = NamedNode("http://purl.org/dc/terms/issued")
HOLDS = NamedNode("http://purl.org/dc/terms/hasPart")
STAGED = "urn:zhengce:staged:"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What the engine says it holds: the number and the token of a snapshot, and the graphs under addresses that are not the service's;
    and the marks of those who are changing it."""

    number: int = 0
    token: str = ""
    issued: str = ""
    others: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()

    def written(self) -> str:
        """Its triples as SPARQL has them, but for the marks."""
        holds = "".join(f" {POINTER} {HOLDS} {NamedNode(other)} ." for other in self.others)
        said = f"{TOKEN} {Literal(self.token)} ; {NUMBER} {Literal(str(self.number))} ; {ISSUED} {Literal(self.issued)}"
        return f"GRAPH {POINTER} {{ {POINTER} {said} .{holds} }}"

    @property
    def condition(self) -> str:
        """A pattern with one solution where the engine holds this snapshot, and none where it holds another."""
        if not self.token:
            return f"FILTER NOT EXISTS {{ GRAPH {POINTER} {{ {POINTER} {TOKEN} ?other }} }}"
        return f"GRAPH {POINTER} {{ {POINTER} {TOKEN} {Literal(self.token)} }}"

    def marking(self, mark: str) -> str:
        """The update that marks the pointer while it still names this snapshot."""
        return f"INSERT {{ {_mark(mark)} }} WHERE {{ {self.condition} }}"


def unmarking(mark: str) -> str:
    """The update that takes a mark away."""
    return f"DELETE DATA {{ {_mark(mark)} }}"


EMPTYING = f"DELETE {{ GRAPH {POINTER} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {POINTER} {{ ?s ?p ?o }} FILTER(?p != {MOVING}) }}"
"""The update that leaves the marks of the pointer and nothing else."""


def _mark(mark: str) -> str:
    return f"GRAPH {POINTER} {{ {POINTER} {MOVING} {Literal(mark)} }}"


@dataclass(frozen=True, slots=True)
class Push:
    """The request that moves the pointer, and what has to be sent before it: pieces for the graphs that are ``staged``."""

    text: str
    pieces: tuple[str, ...] = field(default=(), repr=False)
    staged: tuple[NamedNode, ...] = ()


def push_of(changed: Sequence[GraphDelta], before: Pointer, after: Pointer, most: int) -> Push:
    """What to send for these changes where a request may carry so many triples."""
    operations = [
        f"DELETE {{ GRAPH {delta.graph} {{ ?s ?p ?o }} }} WHERE {{ {before.condition} GRAPH {delta.graph} {{ ?s ?p ?o }} }}"
        for delta in changed
        if delta.emptied
    ]
    pieces: list[str] = []
    staged: list[NamedNode] = []
    ahead = sum(len(delta.gone) + len(delta.came) for delta in changed) > most
    came = [after.written()]
    for place, delta in enumerate(changed):
        here = delta.came
        if ahead:
            # A blank node is the same within one operation only.
            here = tuple(quad for quad in delta.came if is_unnamed(quad))
            if len(here) < len(delta.came):
                staged.append(NamedNode(f"{STAGED}{after.token}:{place}"))
                pieces += _pieces(staged[-1], (quad for quad in delta.came if not is_unnamed(quad)), most)
                operations.append(_move(staged[-1], delta.graph, before))
        came.append(_template(delta.graph, here))
    gone = [before.written() if before.token else "", *(_template(delta.graph, delta.gone) for delta in changed)]
    deleted = f"DELETE {{ {' '.join(filter(None, gone))} }} " if any(gone) else ""
    operations.append(f"{deleted}INSERT {{ {' '.join(filter(None, came))} }} WHERE {{ {before.condition} }}")
    return Push(" ;\n".join(operations), tuple(pieces), tuple(staged))


def _move(staged: NamedNode, graph: NamedNode, before: Pointer) -> str:
    """The operation that puts in its place what was sent ahead."""
    what = f"GRAPH {staged} {{ ?s ?q ?o }} BIND(IRI(SUBSTR(STR(?q), {len(STAGED) + 1})) AS ?p)"
    return f"INSERT {{ GRAPH {graph} {{ ?s ?p ?o }} }} WHERE {{ {before.condition} {what} }}"


def _pieces(staged: NamedNode, quads: Iterable[Quad], most: int) -> Iterator[str]:
    rest = iter(quads)
    while part := list(islice(rest, most)):
        lines = "\n".join(f"{quad.subject} <{STAGED}{quad.predicate.value}> {_object(quad.object)} ." for quad in part)
        yield f"INSERT {{ GRAPH {staged} {{\n{lines}\n}} }} WHERE {{ }}"


def _template(graph: NamedNode, quads: Iterable[Quad]) -> str:
    lines = "\n".join(f"{quad.subject} {quad.predicate} {_object(quad.object)} ." for quad in quads)
    return f"GRAPH {graph} {{\n{lines}\n}}" if lines else ""


def _object(term: object) -> str:
    """An object as it is sent. An engine that keeps decimals in a form of its own deletes them in that form alone: it is sent to all.

    >>> _object(Literal("30", datatype=XSD["decimal"])), _object(Literal("0.50", datatype=XSD["decimal"]))
    ('"30.0"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    if isinstance(term, Literal) and term.datatype == XSD["decimal"]:
        whole, _, fraction = term.value.partition(".")
        return str(Literal(f"{whole or '0'}.{fraction.rstrip('0') or '0'}", datatype=term.datatype))
    return str(term)
