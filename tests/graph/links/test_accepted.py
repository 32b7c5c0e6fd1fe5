"""Accepted rows become links that are no stronger than their sources; rejected ones stay as such; what is taken back is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from api.publication.publish import Knowledge
from graph.errors import InvalidGraphError
from graph.links.accepted import node_of, write_links
from graph.links.ledger import Row
from graph.store.embedded_store import Store
from graph.store.snapshot import Snapshots
from ontology import terms
from ontology.names import DCTERMS, GRAPH, ID, OWL, SKOS, TYPE

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
Q1, Q2 = "http://www.wikidata.org/entity/Q9000000001", "http://www.wikidata.org/entity/Q9000000002"
TWO = "http://example.org/sparql; GB/T 2260 310101"
ACCEPTED = Row(f"{ID}district/huangpu", Q1, "exact", "1.00", "名称", TWO, NOW.isoformat(), "王审", "accepted")
WIKIDATA = GRAPH["links/wikidata"]


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    made = Snapshots(tmp_path)
    with made.draft() as draft:
        draft.add([Quad(ID["district/huangpu"], SKOS["prefLabel"], Literal("黄浦区", language="zh"), GRAPH["vocabulary"])])
    return made


def written(snapshots: Snapshots, rows: Sequence[Row], now: datetime = NOW) -> set[Quad]:
    """What the graphs of links hold once a ledger of these rows is published."""
    with snapshots.draft() as draft:
        write_links(rows, draft, now)
    current = snapshots.current()
    assert current is not None
    return {quad for quad in Store.open(current.path).engine if str(quad.graph_name).startswith(f"<{GRAPH}links/")}


def statements(quads: set[Quad]) -> set[tuple[str, str, str]]:
    return {
        (quad.subject.value.removeprefix(ID), quad.predicate.value.rpartition("#")[2], quad.object.value)  # type: ignore[union-attr]
        for quad in quads
        if quad.subject != node_of(ACCEPTED) and "link/" not in str(quad.subject)
    }


@pytest.mark.parametrize(
    ("thing", "target", "how", "expected"),
    [
        ("district/huangpu", Q1, ("exact", TWO), "sameAs"),
        ("district/huangpu", Q1, ("exact", "http://example.org/sparql"), "closeMatch"),
        ("district/huangpu", Q1, ("exact", "http://example.org/sparql; http://example.org/sparql"), "closeMatch"),
        ("agency/shanghai-commerce", "https://ror.org/004s85t07", ("exact", TWO), "sameAs"),
        ("industry/quantum", Q1, ("exact", TWO), "closeMatch"),
        ("theme/metrology", "http://eurovoc.europa.eu/1896", ("exact", "http://example.org/sparql"), "exactMatch"),
        ("district/huangpu", Q1, ("close", TWO), "closeMatch"),
        ("theme/metrology", Q1, ("broad", TWO), "broadMatch"),
    ],
)
def test_a_statement_is_no_stronger_than_its_sources(
    snapshots: Snapshots, thing: str, target: str, how: tuple[str, str], expected: str
) -> None:
    kind, source = how
    row = replace(ACCEPTED, thing=f"{ID}{thing}", target=target, kind=kind, source=source)
    quads = written(snapshots, [row])
    assert statements(quads) == {(thing, expected, target)}
    (match,) = {quad.object for quad in quads if quad.predicate == terms.matchKind}
    assert match == ID["match/exact"] if expected in ("sameAs", "exactMatch") else match == ID[f"match/{expected.removesuffix('Match')}"]


def test_a_link_says_where_it_is_from_who_took_it_and_when(snapshots: Snapshots, known: Knowledge) -> None:
    quads = written(snapshots, [ACCEPTED])
    said = {quad.predicate: quad.object for quad in quads if quad.subject == node_of(ACCEPTED)}
    assert said[TYPE] == terms.Link
    assert (said[terms.from_], said[terms.to]) == (ID["district/huangpu"], NamedNode(Q1))
    assert (said[terms.scheme], said[terms.identifier]) == (Literal("Wikidata"), Literal("Q9000000001"))
    assert said[DCTERMS["source"]] == Literal(TWO)
    assert said[DCTERMS["contributor"]] == Literal("王审")
    assert {quad.graph_name for quad in quads} == {WIKIDATA}
    assert known.validator.validate(quad.triple for quad in quads) == ()


def test_a_rejected_row_is_a_link_without_a_statement(snapshots: Snapshots, known: Knowledge) -> None:
    quads = written(snapshots, [replace(ACCEPTED, decision="rejected")])
    assert statements(quads) == set()
    assert ID["match/rejected"] in {quad.object for quad in quads}
    assert known.validator.validate(quad.triple for quad in quads) == ()


def test_publishing_twice_changes_nothing_and_keeps_the_day(snapshots: Snapshots) -> None:
    first = written(snapshots, [ACCEPTED])
    assert written(snapshots, [ACCEPTED], LATER) == first
    changed = written(snapshots, [replace(ACCEPTED, decision="rejected")], LATER)
    (date,) = {str(quad.object) for quad in changed if quad.predicate == DCTERMS["dateAccepted"]}
    assert date.startswith('"2027-01-01T00:00:00Z"')


def test_what_is_taken_back_is_gone_and_what_another_ledger_made_stays(snapshots: Snapshots) -> None:
    other = replace(ACCEPTED, thing=f"{ID}district/xuhui", target=Q2)
    written(snapshots, [other])
    assert len(statements(written(snapshots, [ACCEPTED]))) == 2
    left = written(snapshots, [replace(ACCEPTED, decision="", reviewer="")])
    assert statements(left) == {("district/xuhui", "sameAs", Q2)}
    assert written(snapshots, [replace(other, decision="")]) == set()
    current = snapshots.current()
    assert current is not None
    assert WIKIDATA not in set(Store.open(current.path).engine.named_graphs())


@pytest.mark.parametrize("other", [replace(ACCEPTED, target=Q2), replace(ACCEPTED, thing=f"{ID}district/xuhui")])
def test_links_that_contradict_each_other_are_refused(snapshots: Snapshots, other: Row) -> None:
    before = written(snapshots, [ACCEPTED])
    with pytest.raises(InvalidGraphError):
        written(snapshots, [other])
    with pytest.raises(InvalidGraphError):
        written(snapshots, [ACCEPTED, other])
    assert OWL["sameAs"] in {quad.predicate for quad in before}
    assert written(snapshots, [ACCEPTED]) == before
    assert len(statements(written(snapshots, [ACCEPTED, replace(other, kind="close")]))) == 2
