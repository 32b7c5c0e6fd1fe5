"""What states each triple of a thing, as reifiers of RDF 1.2 that can be read back."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize
from pyoxigraph import Store as Engine

from graph.proofs.annotated import REIFIES, annotated
from graph.store.embedded_store import Store
from ontology import terms
from ontology.names import ID

TASK = ID["notice/huzhiban-2026-2/task/9"]


@pytest.fixture(scope="module")
def read(dataset: Engine) -> tuple[set[Triple], Engine]:
    """The triples of a task, and the same with what states them, read back."""
    facts = {quad.triple for quad in dataset.quads_for_pattern(TASK, None, None, None)}
    content = annotated(Store.in_memory(dataset), serialize(facts, format=RdfFormat.N_TRIPLES) or b"")
    view = Engine()
    view.extend(parse(content, RdfFormat.N_TRIPLES))
    return facts, view


def value(view: Engine, node: NamedNode | BlankNode, property_: NamedNode) -> str:
    (quad,) = view.quads_for_pattern(node, property_, None, None)
    assert isinstance(quad.object, Literal | NamedNode)
    return quad.object.value


def test_every_reified_triple_is_one_that_is_said(read: tuple[set[Triple], Engine]) -> None:
    facts, view = read
    reified = {quad.object for quad in view.quads_for_pattern(None, REIFIES, None, None)}
    assert reified
    assert reified <= facts
    assert facts <= {quad.triple for quad in view}


def test_a_reifier_says_the_characters(read: tuple[set[Triple], Engine], dataset: Engine) -> None:
    _, view = read
    quoted = [
        quad
        for quad in view.quads_for_pattern(None, REIFIES, None, None)
        if next(view.quads_for_pattern(quad.subject, terms.quote, None, None), None)
    ]
    for quad in quoted:
        assert isinstance(quad.subject, NamedNode | BlankNode)
        text = value(dataset, NamedNode(value(view, quad.subject, terms.passage)), terms.text)
        start, end = (int(value(view, quad.subject, name)) for name in (terms.start, terms.end))
        assert text[start:end] == value(view, quad.subject, terms.quote) != ""
    assert len(quoted) > 10


def test_a_mention_is_the_reifier_of_what_it_mentions(read: tuple[set[Triple], Engine], dataset: Engine) -> None:
    facts, view = read
    wanted = {triple for triple in facts if triple.predicate == terms.mentions}
    assert wanted
    for triple in wanted:
        reifiers = [quad.subject for quad in view.quads_for_pattern(None, REIFIES, triple, None)]
        assert reifiers, triple
        for node in reifiers:
            assert isinstance(node, NamedNode)
            assert NamedNode(value(dataset, node, terms.refersTo)) == triple.object


def test_what_nothing_states_stays_as_it_was(dataset: Engine) -> None:
    facts = b"<http://example.org/a> <http://example.org/b> _:c .\n"
    assert annotated(Store.in_memory(dataset), facts).split() == facts.split()
