"""An update or a graph that somebody sends, turned into the next snapshot.

https://www.w3.org/TR/sparql11-update/ and https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import clear_frames
from typing import Literal

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from graph.errors import ChangedMeanwhileError, ReservedGraphError, UnknownGraphError
from graph.sparql.query_form import check_depth
from graph.store.embedded_store import bad_data, named_node
from graph.store.snapshot import Draft, Snapshots
from graph.store.void import DATASET, void_triples
from graph.update.protected_graphs import Check, reserved, supervise
from graph.update.triple_terms import check_depth_of_terms, makes_triple_terms, shallow
from graph.update.update_targets import perform
from graph.update.update_text import on_dataset, refuse_addresses, without_silent_loads
from ontology.names import GRAPH, VOID


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update with what the request says beside it."""

    text: str
    base: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    on: int | None = None
    """The snapshot that it must change, where it must be a certain one."""


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
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """The snapshot that a change made, and whether the graph that it names was there before."""

    snapshot: int
    existed: bool = True


Change = Update | GraphChange
_COUNTED = 200_000
"""Up to so many quads are counted at every write, which takes 0.4 s; in larger stores the next ingest counts them."""
_COUNTS = frozenset(VOID[name] for name in ("triples", "distinctSubjects", "distinctObjects", "classes", "properties"))
Stage = Callable[[Literal["waiting", "writing"]], None]
"""Hears that the change is read and waits for its turn, and that it has it."""


def write(snapshots: Snapshots, change: Change, check: Check, stage: Stage = lambda _: None) -> Applied:
    """Publishes what the change makes of the current snapshot, or raises and changes nothing."""
    if isinstance(change, Update):
        text = without_silent_loads(change.text)
        refuse_addresses(text)
        check_depth(text)
        text = on_dataset(text, tuple(map(named_node, change.default)), tuple(map(named_node, change.named)))
    stage("waiting")
    with snapshots.draft() as draft, _letting_go():
        stage("writing")
        current = snapshots.current()
        before = current.path if current else None
        if change.on is not None and change.on != (current.number if current else 0):
            raise ChangedMeanwhileError(change.on, current.number if current else 0)
        if isinstance(change, Update):
            existed = True
            supervise(draft, before, check, perform(draft.store, text, change.base))
            if makes_triple_terms(text):
                check_depth_of_terms(draft.store)
        else:
            existed = _changed(draft, before, change, check)
        _describe(draft.store, count=current is not None and current.quads <= _COUNTED)
    return Applied(draft.number, existed)


def _describe(store: Store, *, count: bool) -> None:
    """The description of the data set, where there is one, tells of the store as it is now: counted anew, or without the counts."""
    catalogue = GRAPH["catalogue"]
    endpoint = next(store.quads_for_pattern(DATASET, VOID["sparqlEndpoint"], None, catalogue), None)
    if endpoint is None or not isinstance(endpoint.object, NamedNode):
        return
    described = void_triples(store if count else Store(), endpoint.object.value)
    new = {
        Quad(triple.subject, triple.predicate, triple.object, catalogue) for triple in described if count or triple.predicate not in _COUNTS
    }
    old = {quad for quad in store.quads_for_pattern(None, None, None, catalogue) if _is_description(quad)}
    for quad in old - new:
        store.remove(quad)
    store.extend(new - old)


def _is_description(quad: Quad) -> bool:
    return isinstance(quad.subject, NamedNode) and (quad.subject == DATASET or quad.subject.value.startswith(f"{DATASET.value}/"))


@contextmanager
def _letting_go() -> Iterator[None]:
    """An exception that somebody keeps holds the frames it came through, and they the draft's store, whose folder is locked as long."""
    try:
        yield
    except BaseException as error:
        held, seen = [error], set[int]()
        while held:
            each = held.pop()
            if id(each) not in seen:
                seen.add(id(each))
                clear_frames(each.__traceback__)
                held += [other for other in (each.__cause__, each.__context__) if other is not None]
        raise


def _changed(draft: Draft, before: Path | None, change: GraphChange, check: Check) -> bool:
    graph = named_node(change.graph) if change.graph is not None else DefaultGraph()
    existed = isinstance(graph, DefaultGraph) or draft.store.contains_named_graph(graph)
    if change.action == "DELETE" and not existed and isinstance(graph, NamedNode):
        raise UnknownGraphError(graph.value)
    if isinstance(graph, NamedNode) and reserved(graph):
        raise ReservedGraphError(graph.value)
    with _read():
        if change.action == "DELETE" and isinstance(graph, NamedNode):
            draft.remove(graph)
        elif change.action != "POST":
            draft.store.clear_graph(graph)
        if change.action != "DELETE" and isinstance(graph, NamedNode):
            draft.store.add_graph(graph)
        for part in change.parts:
            _add(draft, graph, part, change.base)
    supervise(draft, before, check, (graph,) if isinstance(graph, NamedNode) else ())
    return existed


def _add(draft: Draft, graph: NamedNode | DefaultGraph, part: Part, base: str) -> None:
    format = RdfFormat.from_media_type(part.media_type)
    quads = shallow(parse(part.content, format, base_iri=base or None, without_named_graphs=True, rename_blank_nodes=True))
    draft.add(quad if isinstance(graph, DefaultGraph) else type(quad)(quad.subject, quad.predicate, quad.object, graph) for quad in quads)


@contextmanager
def _read() -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise bad_data(str(error)) from error
