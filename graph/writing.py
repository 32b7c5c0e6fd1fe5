"""An update or a graph that somebody sends, turned into the next snapshot.

https://www.w3.org/TR/sparql11-update/ and https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from graph.errors import ReservedGraphError, UnknownGraphError
from graph.guard import check_depth
from graph.reserved import Check, reserved, supervised
from graph.snapshot import Draft, Snapshots
from graph.store import bad_data, named_node, update
from graph.update import may_reach, on_dataset, refuse_addresses, without_silent_loads
from ontology.names import GRAPH


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update with what the request says beside it."""

    text: str
    base: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """RDF as it came in."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What a graph is to hold from now on (PUT), too (POST) or no more (DELETE). ``graph`` is None for the default graph."""

    action: Literal["PUT", "POST", "DELETE"]
    graph: str | None
    parts: tuple[Part, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The snapshot that a change made, and whether the graph that it names was there before."""

    snapshot: int
    existed: bool = True


Change = Update | GraphChange
Stage = Callable[[Literal["waiting", "writing"]], None]
"""Hears that the change is read and waits for its turn, and that it has it."""


def write(snapshots: Snapshots, change: Change, check: Check, stage: Stage = lambda _: None) -> Written:
    """Publishes what the change makes of the current snapshot, or raises and changes nothing."""
    if isinstance(change, Update):
        text = without_silent_loads(change.text)
        refuse_addresses(text)
        check_depth(text)
        text = on_dataset(text, tuple(map(named_node, change.default)), tuple(map(named_node, change.named)))
    stage("waiting")
    with snapshots.draft() as draft:
        stage("writing")
        if isinstance(change, Update):
            existed = True
            with supervised(draft, check, anything=may_reach(text, change.base, urlsplit(GRAPH).netloc)):
                update(draft.store, text, change.base)
        else:
            existed = _changed(draft, change, check)
    return Written(draft.number, existed)


def _changed(draft: Draft, change: GraphChange, check: Check) -> bool:
    graph = named_node(change.graph) if change.graph is not None else DefaultGraph()
    existed = isinstance(graph, DefaultGraph) or draft.store.contains_named_graph(graph)
    if change.action == "DELETE" and not existed and isinstance(graph, NamedNode):
        raise UnknownGraphError(graph.value)
    if isinstance(graph, NamedNode) and reserved(graph):
        raise ReservedGraphError(graph.value)
    with supervised(draft, check, graph=graph), _read():
        if change.action == "DELETE" and isinstance(graph, NamedNode):
            draft.remove(graph)
        elif change.action != "POST":
            draft.store.clear_graph(graph)
        if change.action != "DELETE" and isinstance(graph, NamedNode):
            draft.store.add_graph(graph)
        for part in change.parts:
            _add(draft, graph, part, change.base)
    return existed


def _add(draft: Draft, graph: NamedNode | DefaultGraph, part: Part, base: str) -> None:
    format = RdfFormat.from_media_type(part.media_type)
    quads = parse(part.content, format, base_iri=base or None, without_named_graphs=True, rename_blank_nodes=True)
    draft.add(quad if isinstance(graph, DefaultGraph) else type(quad)(quad.subject, quad.predicate, quad.object, graph) for quad in quads)


@contextmanager
def _read() -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise bad_data(str(error)) from error
