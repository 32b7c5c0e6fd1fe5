"""The decided rows of a ledger, turned into ``graph/links/...``: one graph for each scheme that is linked to.

An accepted row is a ``zc:Link`` with its sources and a direct statement that is no stronger than they are: ``owl:sameAs`` only for places
and bodies, and only where two sources say so; ``skos:exactMatch`` only to a concept of a thesaurus; else ``skos:closeMatch``. A rejected
one is a link without a statement. What a graph holds of other pairs stays; a pair whose decision was taken back is in it no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from graph.errors import InvalidGraphError
from graph.links.ledger import ACCEPTED, REJECTED, SEPARATOR, Row
from graph.links.tables import Scheme, scheme_of
from graph.store.draft import Draft
from ontology import terms
from ontology.names import DCTERMS, GRAPH, ID, OWL, RDFS, SKOS, TYPE, XSD

LINKS = GRAPH["links/"].value
"""How the names of these graphs begin."""
_BODIES = frozenset(("agency", "district", "place", "organisation"))
"""The kinds of things that may be the same as one elsewhere."""
_STATEMENTS = (OWL["sameAs"], *(SKOS[f"{kind}Match"] for kind in ("exact", "close", "broad", "narrow", "related")))


def strength(row: Row, scheme: Scheme) -> tuple[str, NamedNode]:
    """How strong the link of an accepted row is, and the property that states it."""
    if row.kind != "exact":
        return row.kind, SKOS[f"{row.kind}Match"]
    if row.thing.removeprefix(ID).partition("/")[0] in _BODIES and len(row.sources) > 1:
        return "exact", OWL["sameAs"]
    if scheme.thesaurus:
        return "exact", SKOS["exactMatch"]
    return "close", SKOS["closeMatch"]


def write_links(rows: Sequence[Row], draft: Draft, now: datetime) -> list[Quad]:
    """Makes the graphs of links say of the pairs of a ledger what it decides; gives the quads that it wrote.

    Raises InvalidGraphError where a thing would be exactly two things of a scheme, or two things of ours one.
    """
    accepted_on = _taken_out(rows, draft)
    written = [quad for row in rows for quad in _quads(row, accepted_on.get(node_of(row), now))]
    draft.add(written)
    for graph in {quad.graph_name for quad in written}:
        draft.store.add_graph(graph)
    faults = [*_twice(draft)]
    if faults:
        raise InvalidGraphError(faults)
    return written


def node_of(row: Row) -> NamedNode:
    """The link of a pair."""
    digest = sha256(f"{row.thing} {row.target}".encode()).hexdigest()[:12]
    return ID[f"link/{row.thing.removeprefix(ID).replace('/', '-')}-{digest}"]


def _quads(row: Row, decided: datetime) -> Iterator[Quad]:
    if row.decision not in (ACCEPTED, REJECTED):
        return
    scheme, identifier = scheme_of(row.target)
    graph, node = _graph(scheme), node_of(row)
    thing, target = NamedNode(row.thing), NamedNode(row.target)
    match, property = strength(row, scheme) if row.decision == ACCEPTED else (REJECTED, None)
    said = (
        (TYPE, terms.Link),
        (terms.from_, thing),
        (terms.to, target),
        (terms.scheme, Literal(scheme.name)),
        (terms.identifier, Literal(identifier)),
        (terms.matchKind, ID[f"match/{match}"]),
        (DCTERMS["source"], Literal(SEPARATOR.join(row.sources))),
        (RDFS["comment"], Literal(row.evidence)),
        (DCTERMS["contributor"], Literal(row.reviewer)),
        (DCTERMS["dateAccepted"], Literal(decided.isoformat(timespec="seconds"), datatype=XSD["dateTime"])),
    )
    for predicate, value in said:
        yield Quad(node, predicate, value, graph)
    if property is not None:
        yield Quad(thing, property, target, graph)


def _graph(scheme: Scheme) -> NamedNode:
    slug = "-".join("".join(letter if letter.isascii() and letter.isalnum() else " " for letter in scheme.name.lower()).split())
    return GRAPH[f"links/{slug or 'other'}"]


def _taken_out(rows: Iterable[Row], draft: Draft) -> dict[NamedNode, datetime]:
    """Removes what the graphs hold of these pairs; gives when those that were decided so before were."""
    dates: dict[NamedNode, datetime] = {}
    graphs = [graph for graph in draft.graphs() if graph.value.startswith(LINKS)]
    for graph in graphs:
        for row in rows:
            node = node_of(row)
            old = list(draft.store.quads_for_pattern(node, None, None, graph))
            said = {quad.predicate: quad.object for quad in old}
            date, match = said.get(DCTERMS["dateAccepted"]), said.get(terms.matchKind)
            same = (match == ID["match/rejected"]) == (row.decision == REJECTED) and said.get(DCTERMS["contributor"]) == Literal(
                row.reviewer
            )
            if isinstance(date, Literal) and same:
                dates[node] = datetime.fromisoformat(date.value)
            for property in _STATEMENTS:
                old += draft.store.quads_for_pattern(NamedNode(row.thing), property, NamedNode(row.target), graph)
            for quad in old:
                draft.store.remove(quad)
        if next(draft.store.quads_for_pattern(None, None, None, graph), None) is None:
            draft.remove(graph)
    return dates


def _twice(draft: Draft) -> Iterator[str]:
    """Where the exact links of all graphs of the service contradict each other."""
    by_target: defaultdict[str, set[str]] = defaultdict(set)
    by_thing: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    graphs = [graph for graph in draft.graphs() if graph == GRAPH["links"] or graph.value.startswith(LINKS)]
    for graph in graphs:
        for quad in draft.store.quads_for_pattern(None, terms.matchKind, ID["match/exact"], graph):
            if isinstance(quad.subject, NamedNode | BlankNode):
                said = {each.predicate: each.object for each in draft.store.quads_for_pattern(quad.subject, None, None, graph)}
                thing, target, scheme = said.get(terms.from_), said.get(terms.to), said.get(terms.scheme)
                if isinstance(thing, NamedNode) and isinstance(target, NamedNode) and isinstance(scheme, Literal):
                    by_target[target.value].add(thing.value)
                    by_thing[thing.value, scheme.value].add(target.value)
    for one, things in by_target.items():
        if len(things) > 1:
            listed = ", ".join(sorted(things))
            yield f"{one} 不能同时是 {listed} / {one} cannot be all of {listed}"
    for (ours, name), targets in by_thing.items():
        if len(targets) > 1:
            listed = ", ".join(sorted(targets))
            yield f"{ours} 在 {name} 中不能同时是 {listed} / {ours} cannot be all of {listed} in {name}"
