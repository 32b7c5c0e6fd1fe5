"""Changes become snapshots one after another, and one that goes on for too long, takes too much or breaks what is ours changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from api.cli.first_snapshot import SHIPPED
from api.publication.publish import built, knowledge
from graph.errors import (
    BadDataError,
    BadQueryError,
    BadTermError,
    BusyError,
    EvaluationError,
    ForbiddenError,
    GraphError,
    InvalidGraphError,
    MemoryLimitError,
    ReservedGraphError,
    TimeLimitError,
    UnknownGraphError,
)
from graph.query.worker import WorkerLimits
from graph.store.snapshot import Snapshots
from graph.store.void import DATASET, void_triples
from graph.update.apply import Applied, Change, GraphChange, Part, Update, write
from graph.update.process import UpdatePlan, UpdateProcess
from ontology import terms
from ontology.names import GRAPH, ID, VOID

BASE = "http://example.org/update"
MINE = "http://example.org/graph"
INSERT = "INSERT DATA { GRAPH <http://example.org/graph> { <http://example.org/a> <http://example.org/b> 1 } }"
ENDLESS = "INSERT { ?a <http://example.org/b> ?g } WHERE { GRAPH ?x {" + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(12)) + "} }"
SWAP = "DELETE { GRAPH ?g { ?a ?b ?c } } INSERT { GRAPH ?g { ?a ?b 9 } } WHERE { GRAPH ?g { ?a ?b ?c } }"
"""Leaves as many quads in each graph as there were."""
PLAN = UpdatePlan(seconds=30)


def written(folder: Path, changes: Iterable[Change], plan: UpdatePlan = PLAN) -> list[Applied | GraphError]:
    """What came of each change, in one writer."""

    async def run() -> list[Applied | GraphError]:
        writer = UpdateProcess(folder, 3, plan)
        results: list[Applied | GraphError] = []
        for change in changes:
            try:
                results.append(await writer.write(change))
            except GraphError as error:
                results.append(error)
        await writer.close()
        return results

    return asyncio.run(run())


def store(folder: Path) -> Store:
    current = Snapshots(folder).current()
    assert current is not None
    return Store.read_only(str(current.path))


def turtle(action: str, text: str, graph: str | None = MINE, media_type: str = "text/turtle") -> GraphChange:
    return GraphChange(action, graph, (Part(text.encode(), media_type),) if text else (), graph or BASE)  # type: ignore[arg-type]


def seed(folder: Path, graph: NamedNode, quads: int = 1) -> None:
    with Snapshots(folder).draft() as draft:
        draft.add(Quad(NamedNode("http://example.org/a"), NamedNode("http://example.org/b"), Literal(n), graph) for n in range(quads))
        draft.store.add_graph(graph)


def test_update_makes_a_snapshot(tmp_path: Path) -> None:
    assert written(tmp_path, [Update(INSERT, BASE)]) == [Applied(1)]
    assert len(store(tmp_path)) == 1


def test_an_unknown_function_is_an_error_of_its_expression_alone(tmp_path: Path) -> None:
    text = "INSERT { <a:a> <a:b> ?x . <a:a> <a:c> 1 } WHERE { BIND(<http://example.org/unknown>(1) AS ?x) }"
    assert written(tmp_path, [Update(text, BASE)]) == [Applied(1)]
    assert len(store(tmp_path)) == 1


def test_a_silent_load_loads_nothing_and_is_no_error(tmp_path: Path) -> None:
    assert written(tmp_path, [Update(f"LOAD SILENT <http://127.0.0.1:1/> INTO GRAPH <{MINE}>; {INSERT}", BASE)]) == [Applied(1)]
    assert len(store(tmp_path)) == 1


def test_graphs_are_made_replaced_extended_and_dropped(tmp_path: Path) -> None:
    changes = [turtle("PUT", "<a> <b> 1 ."), turtle("PUT", "<a> <b> 2 ."), turtle("POST", "<a> <b> 3 .")]
    assert written(tmp_path, changes) == [Applied(1, existed=False), Applied(2), Applied(3)]
    assert {quad.object.value for quad in store(tmp_path) if isinstance(quad.object, Literal)} == {"2", "3"}
    assert written(tmp_path, [turtle("DELETE", "")]) == [Applied(4)]
    assert list(store(tmp_path).named_graphs()) == []


def test_an_empty_put_makes_a_graph(tmp_path: Path) -> None:
    assert written(tmp_path, [GraphChange("PUT", MINE, (Part(b"", "text/turtle"),))]) == [Applied(1, existed=False)]
    assert store(tmp_path).contains_named_graph(NamedNode(MINE))


def test_the_default_graph_always_exists(tmp_path: Path) -> None:
    changes = [turtle("PUT", "<a> <b> 1 .", None), turtle("DELETE", "", None), turtle("POST", "<a> <b> 2 .", None)]
    assert written(tmp_path, changes) == [Applied(1), Applied(2), Applied(3)]
    assert [quad.object.value for quad in store(tmp_path) if isinstance(quad.object, Literal)] == ["2"]


def test_equal_labels_of_two_uploads_are_two_blank_nodes(tmp_path: Path) -> None:
    written(tmp_path, [turtle("POST", "_:x <http://example.org/b> 1 ."), turtle("POST", "_:x <http://example.org/b> 2 .")])
    assert len({quad.subject for quad in store(tmp_path)}) == 2


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Update("INSERT DATA {", BASE), BadQueryError),
        (Update("INSERT DATA { <a> <b> '", BASE), BadQueryError),
        (Update("INSERT DATA {" * 3000, BASE), BadQueryError),
        (Update("DROP GRAPH <http://example.org/none>", BASE), EvaluationError),
        (Update("LOAD <http://127.0.0.1:1/>", BASE), ForbiddenError),
        (Update("LOAD SILENT <http://127.0.0.1:1/>; LOAD <http://127.0.0.1:1/>", BASE), ForbiddenError),
        (Update("L\\u004fAD <http://127.0.0.1:1/>", BASE), ForbiddenError),
        (Update("INSERT { ?a ?b ?c } WHERE { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", BASE), ForbiddenError),
        (Update("DELETE WHERE { ?a ?b ?c }", BASE, default=("not an IRI",)), BadTermError),
        (Update("WITH <http://e/> DELETE { ?a ?b ?c } WHERE { ?a ?b ?c }", BASE, default=(MINE,)), BadQueryError),
        (turtle("PUT", "<a> <b> 1"), BadDataError),
        (turtle("PUT", "<a> <b> <c> <http://e/g> .", media_type="application/n-quads"), BadDataError),
        (turtle("PUT", "{" * 100_000, media_type="application/ld+json"), BadDataError),
        (turtle("PUT", "<a> <b> 1 .", "relative"), BadTermError),
        (turtle("DELETE", ""), UnknownGraphError),
        (turtle("PUT", "<a> <b> 1 .", GRAPH["inferred/k"].value), ReservedGraphError),
        (turtle("DELETE", "", GRAPH["vocabulary"].value), ReservedGraphError),
        (Update(f"INSERT DATA {{ GRAPH {GRAPH['links']} {{ <a:b> <c:d> 1 }} }}", BASE), ReservedGraphError),
        (Update(f"BASE <{GRAPH}> INSERT DATA {{ GRAPH <links> {{ <a:b> <c:d> 1 }} }}", BASE), ReservedGraphError),
        (Update("DELETE { GRAPH ?g { ?a ?b ?c } } WHERE { GRAPH ?g { ?a ?b ?c } }", BASE), ReservedGraphError),
        (
            Update(f"DELETE {{ GRAPH ?g {{ ?a ?b ?c }} }} WHERE {{ GRAPH ?g {{ ?a ?b ?c }} FILTER(?g = {GRAPH['vocabulary']}) }}", BASE),
            ReservedGraphError,
        ),
        (Update(SWAP, BASE), ReservedGraphError),
        (Update(f"{SWAP} ; CLEAR SILENT GRAPH <none>", BASE), ReservedGraphError),
        (
            Update(f"INSERT {{}} WHERE {{ FILTER(1<'a>) }}; INSERT DATA {{ <a> <b> ' ) }}; DROP GRAPH {GRAPH['vocabulary']} #' }}", BASE),
            ReservedGraphError,
        ),
        (Update("DROP ALL", BASE), ReservedGraphError),
        (Update("CLEAR NAMED", BASE), ReservedGraphError),
    ],
)
def test_what_is_refused_changes_nothing(tmp_path: Path, change: Change, error: type[GraphError]) -> None:
    seed(tmp_path, GRAPH["vocabulary"])
    (result,) = written(tmp_path, [change])
    assert isinstance(result, error)
    current = Snapshots(tmp_path).current()
    assert current is not None
    assert current.number == 1


def test_writers_may_move_all_graphs_of_their_own(tmp_path: Path) -> None:
    seed(tmp_path, NamedNode(MINE), 3)
    assert written(tmp_path, [Update("DELETE { GRAPH ?g { ?a ?b ?c } } WHERE { GRAPH ?g { ?a ?b ?c } }", BASE)]) == [Applied(2)]
    assert len(store(tmp_path)) == 0


def test_graphs_named_by_a_variable_may_be_changed_beside_those_of_the_service(tmp_path: Path) -> None:
    seed(tmp_path, GRAPH["vocabulary"], 3)
    seed(tmp_path, NamedNode(MINE), 3)
    where = "GRAPH ?g { ?a ?b ?c } FILTER(!STRSTARTS(STR(?g), 'https://w3id.org/zhengce/graph/'))"
    for place, unsteady in enumerate(("", "FILTER(RAND() < 2)")):
        text = f"DELETE {{ GRAPH ?g {{ ?a ?b ?c }} }} INSERT {{ GRAPH ?g {{ ?a <urn:{place}> ?c }} }} WHERE {{ {where} {unsteady} }}"
        assert written(tmp_path, [Update(text, BASE)]) == [Applied(3 + place)]
    held = store(tmp_path)
    assert {quad.predicate.value for quad in held.quads_for_pattern(None, None, None, NamedNode(MINE))} == {"urn:1"}
    assert len(list(held.quads_for_pattern(None, None, None, GRAPH["vocabulary"]))) == 3


@pytest.mark.parametrize(
    "change",
    [
        Update("DROP GRAPH <http://example.org/none>", BASE),
        Update("INSERT DATA {", BASE),
        Update("INSERT { <a:a> <a:b> ?x } WHERE { BIND(<urn:unknown>(1) AS ?x) }; DROP GRAPH <http://example.org/none>", BASE),
        Update("DROP ALL", BASE),
        turtle("PUT", "<a> <b> 1"),
    ],
)
def test_an_error_that_is_held_does_not_hold_the_folder(tmp_path: Path, change: Change) -> None:
    seed(tmp_path, GRAPH["vocabulary"])
    snapshots = Snapshots(tmp_path)
    with pytest.raises(GraphError) as held:
        write(snapshots, change, lambda *_: ())
    assert write(snapshots, Update(INSERT, BASE), lambda *_: ()) == Applied(2)
    assert held.value.__traceback__


@pytest.fixture(scope="module")
def notice() -> Mapping[NamedNode, tuple[Triple, ...]]:
    """The graphs of the shipped notice."""
    with as_file(files("ingest") / "notices" / SHIPPED) as path:
        return built(path, knowledge()).graphs


def described(folder: Path) -> set[Triple]:
    """What the catalogue says of the data set."""
    return {quad.triple for quad in store(folder).quads_for_pattern(None, None, None, GRAPH["catalogue"])}


def test_the_description_of_the_data_set_is_true_after_a_write(tmp_path: Path) -> None:
    seed(tmp_path, NamedNode(MINE), 3)
    other = Triple(GRAPH["catalogue"], NamedNode("http://example.org/b"), Literal("stays"))
    with Snapshots(tmp_path).draft() as draft:
        draft.replace(GRAPH["catalogue"], (*void_triples(draft.store, "http://example.org/sparql"), other))
    before = described(tmp_path)
    written(tmp_path, [turtle("POST", "<a> a <Thing> . <c> <d> 9 .", NamedNode(MINE).value)])
    after = described(tmp_path)
    assert after == {*void_triples(store(tmp_path), "http://example.org/sparql"), other}
    assert after != before
    written(tmp_path, [turtle("DELETE", "")])
    assert described(tmp_path) == {*void_triples(Store(), "http://example.org/sparql"), other}


def test_a_large_store_is_described_without_counts_after_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.update.apply._COUNTED", 2)
    seed(tmp_path, NamedNode(MINE), 3)
    with Snapshots(tmp_path).draft() as draft:
        draft.replace(GRAPH["catalogue"], void_triples(draft.store))
    before = described(tmp_path)
    write(Snapshots(tmp_path), Update(INSERT, BASE), lambda *_: ())
    after = described(tmp_path)
    assert {VOID["triples"], VOID["propertyPartition"], VOID["classes"]} <= {triple.predicate for triple in before - after}
    assert {triple.subject for triple in after} == {DATASET, ID["dataset/zhengce/sparql"]}
    assert not {triple for triple in after if isinstance(triple.object, Literal) and triple.object.value.isdigit()}
    assert after <= before


def test_where_nothing_is_described_a_write_describes_nothing(tmp_path: Path) -> None:
    written(tmp_path, [Update(INSERT, BASE)])
    assert described(tmp_path) == set()


def as_turtle(triples: Iterable[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.TURTLE) or b"").decode()


def test_what_follows_from_a_corrected_notice_is_derived_again(tmp_path: Path, notice: Mapping[NamedNode, tuple[Triple, ...]]) -> None:
    graph = GRAPH["notice/huzhiban-2026-2"]
    assert written(tmp_path, [turtle("PUT", as_turtle(notice[graph]), graph.value)]) == [Applied(1, existed=False)]
    held = store(tmp_path)
    assert len(list(held.quads_for_pattern(None, terms.responsibleFor, None, GRAPH["inferred/huzhiban-2026-2"]))) > 70
    del held
    written(tmp_path, [turtle("DELETE", "", graph.value)])
    assert list(store(tmp_path)) == []


def test_a_notice_that_breaks_the_shapes_is_refused_with_what_it_breaks(
    tmp_path: Path, notice: Mapping[NamedNode, tuple[Triple, ...]]
) -> None:
    graph = GRAPH["notice/huzhiban-2026-2"]
    broken = as_turtle(triple for triple in notice[graph] if triple.predicate != terms.bearer)
    changes = [turtle("PUT", as_turtle(notice[graph]), graph.value), turtle("PUT", broken, graph.value)]
    _, refused = written(tmp_path, changes)
    assert isinstance(refused, InvalidGraphError)
    assert any("/responsibility/1" in violation for violation in refused.violations)
    current = Snapshots(tmp_path).current()
    assert current is not None
    assert current.number == 1


def test_a_notice_that_an_update_reaches_by_a_variable_is_held_to_the_shapes(
    tmp_path: Path, notice: Mapping[NamedNode, tuple[Triple, ...]]
) -> None:
    graph = GRAPH["notice/huzhiban-2026-2"]
    one = f"?r {terms.bearer} ?b . ?r {terms.position} 2"
    breaking = f"DELETE {{ GRAPH ?g {{ ?r {terms.bearer} ?b }} }} WHERE {{ GRAPH ?g {{ {one} }} }}"
    changes: list[Change] = [turtle("PUT", as_turtle(notice[graph]), graph.value), Update(breaking, BASE)]
    _, refused = written(tmp_path, changes)
    assert isinstance(refused, InvalidGraphError)
    assert any("/responsibility/2" in violation for violation in refused.violations)
    dropping = f"DELETE {{ GRAPH ?g {{ ?r ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?x a {terms.Notice} . ?r ?p ?o }} }}"
    assert written(tmp_path, [Update(dropping, BASE)]) == [Applied(2)]
    assert list(store(tmp_path)) == []


def test_update_is_stopped_at_its_deadline_and_the_next_goes_on(tmp_path: Path) -> None:
    seed(tmp_path, NamedNode(MINE), 500)
    endless = Update(ENDLESS, BASE, named=(MINE,))
    results = written(tmp_path, [endless, Update(INSERT, BASE)], UpdatePlan(seconds=1.5))
    assert isinstance(results[0], TimeLimitError)
    assert results[1] == Applied(2)


def test_update_is_stopped_at_its_memory_limit_and_the_next_goes_on(tmp_path: Path) -> None:
    seed(tmp_path, NamedNode(MINE), 2000)
    large = "INSERT { ?s ?p ?x } WHERE { GRAPH ?g { ?s ?p ?o . ?t ?p ?y . ?u ?p ?z } BIND(CONCAT(STR(?o), STR(?y), STR(?z)) AS ?x) }"
    results = written(tmp_path, [Update(large, BASE), Update(INSERT, BASE)], UpdatePlan(seconds=60, limits=WorkerLimits(128, 1)))
    assert isinstance(results[0], MemoryLimitError)
    assert results[1] == Applied(2)


def test_a_writer_that_waits_for_another_process_says_that_it_is_busy(tmp_path: Path) -> None:
    with Snapshots(tmp_path).draft():
        (result,) = written(tmp_path, [Update(INSERT, BASE)], UpdatePlan(queue_seconds=1.5))
    assert isinstance(result, BusyError)


def test_changes_asked_at_once_all_land(tmp_path: Path) -> None:
    async def run() -> list[Applied]:
        writer = UpdateProcess(tmp_path, 3, PLAN)
        try:
            return await asyncio.gather(*(writer.write(turtle("POST", f"<a> <b> {n} .")) for n in range(8)))
        finally:
            await writer.close()

    assert sorted(result.snapshot for result in asyncio.run(run())) == list(range(1, 9))
    assert len(store(tmp_path)) == 8


def test_too_many_that_wait_are_turned_away(tmp_path: Path) -> None:
    async def run() -> list[Applied | BaseException]:
        writer = UpdateProcess(tmp_path, 3, UpdatePlan(queue=2))
        try:
            return await asyncio.gather(*(writer.write(turtle("POST", f"<a> <b> {n} .")) for n in range(8)), return_exceptions=True)
        finally:
            await writer.close()

    results = asyncio.run(run())
    assert any(isinstance(result, Applied) for result in results)
    assert any(isinstance(result, BusyError) for result in results)


_GROWTH = {
    "REPLACE": "BIND(REPLACE(?v{0}, 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') AS ?v{1})",
    "REPLACE with groups": "BIND(REPLACE(?v{0}, '^(.*)$', '$1$1$1$1$1$1$1$1') AS ?v{1})",
    "REPLACE of nothing": "BIND(REPLACE(?v{0}, 'x*', ?v{0}) AS ?v{1})",
    "CONCAT": "BIND(CONCAT(?v{0}, ?v{0}, ?v{0}, ?v{0}, ?v{0}, ?v{0}, ?v{0}, ?v{0}) AS ?v{1})",
}


@pytest.mark.parametrize("growth", _GROWTH.values(), ids=_GROWTH)
def test_growth_out_of_memory_is_the_limit_of_memory(tmp_path: Path, growth: str) -> None:
    steps = " ".join(growth.format(step, step + 1) for step in range(12))
    text = f"INSERT {{ <a:s> <a:p> ?v12 }} WHERE {{ BIND('aaaaaaaaaaaaaaaa' AS ?v0) {steps} }}"
    plan = UpdatePlan(seconds=60, limits=WorkerLimits(128, 1))
    first, second = written(tmp_path, [Update(text, BASE), Update(INSERT, BASE)], plan)
    assert isinstance(first, MemoryLimitError)
    assert not isinstance(second, Exception)
