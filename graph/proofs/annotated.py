"""Triples, turned into the same with what states them as reifiers of RDF 1.2 (https://www.w3.org/TR/rdf12-concepts/#section-reification).

What is stored stays RDF 1.1: statements, mentions and readings are things with IRIs, and those IRIs are the reifiers of the triples that
they state. A triple that is stated by a passage, or by evidence that is one of its own ends, gets a reifier without a name. Of what is
inferred only that a task or target mentions a thing has reifiers: the mentions in its own passages, as nothing else is needed for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize
from pyoxigraph import Store as Engine

from graph.proofs.evidence import Quote, RuleReading, Sources
from graph.proofs.proof_search import Graph
from graph.proofs.rows.facts import is_inferred
from graph.store.engine import DatasetOf, Store, translated
from ontology import terms
from ontology.names import RDF, XSD

REIFIES = RDF["reifies"]


def annotated(store: Store, facts: bytes) -> bytes:
    """N-Triples of RDF 1.1, as N-Triples of RDF 1.2: each triple that characters state, or that a rule reads, with its reifier."""
    engine = store.reading(DatasetOf(own=True))[0].engine
    stated = [quad.triple for quad in parse(facts, RdfFormat.N_TRIPLES)]
    with translated():
        said = dict.fromkeys(triple for each in _reified(engine, stated) for triple in each)
    return serialize([*stated, *said], format=RdfFormat.N_TRIPLES) or b""


def _reified(engine: Engine, triples: list[Triple]) -> Iterator[Iterator[Triple]]:
    sources = Sources(engine)
    numbers = count(1)
    for triple in sorted(triples, key=str):
        if triple.predicate == terms.mentions:
            for mention in _mentions(engine, triple):
                if quote := sources.quoted(mention):
                    yield _of_quote(triple, mention, quote)
            continue
        found = sources.of(triple, _stating(engine, triple))
        if isinstance(found, Quote):
            ends = {triple.subject, triple.object, found.passage}
            yield _of_quote(triple, BlankNode(f"stated{next(numbers)}") if found.node in ends else found.node, found)
        elif isinstance(found, RuleReading):
            yield _of_rule(triple, found)


def _mentions(engine: Engine, triple: Triple) -> list[NamedNode]:
    """The mentions of a thing in the passages of a task, its targets' included, or of a target."""
    owners = {triple.subject, *_objects(engine, triple.subject, terms.hasTarget)}
    passages = {passage for owner in owners for passage in _objects(engine, owner, terms.statedIn)}
    quads = engine.quads_for_pattern(None, terms.refersTo, triple.object, None)
    nodes = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return sorted((node for node in nodes if passages.intersection(_objects(engine, node, terms.passage))), key=str)


def _objects(engine: Engine, subject: object, predicate: NamedNode) -> set[object]:
    if not isinstance(subject, NamedNode):
        return set()
    return {quad.object for quad in engine.quads_for_pattern(subject, predicate, None, None)}


def _stating(engine: Engine, triple: Triple) -> list[Graph]:
    """The graphs that have the triple and did not infer it, those of notices before those of readings."""
    if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
        # Blank nodes of an answer are not those of the store.
        return []
    quads = engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return sorted((quad.graph_name for quad in quads if not is_inferred(quad.graph_name)), key=str)


def _of_quote(triple: Triple, reifier: NamedNode | BlankNode, quote: Quote) -> Iterator[Triple]:
    yield Triple(reifier, REIFIES, triple)
    yield Triple(reifier, terms.passage, quote.passage)
    yield Triple(reifier, terms.quote, Literal(quote.quote))
    for name, place in ((terms.start, quote.start), (terms.end, quote.end)):
        yield Triple(reifier, name, Literal(str(place), datatype=XSD["integer"]))


def _of_rule(triple: Triple, reading: RuleReading) -> Iterator[Triple]:
    yield Triple(reading.node, REIFIES, triple)
    yield Triple(reading.node, terms.rule, reading.rule)
    for base in reading.bases:
        yield Triple(reading.node, terms.basis, base.node)
