"""An engine that shows updates in pieces: readers are told one snapshot or the other, whatever breaks in between."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat

from graph.errors import BusyError, EngineAwayError, EvaluationError, MovingError, ResultLimitError
from graph.query.endpoint import Endpoint
from graph.query.framing import QueryRequest
from graph.query.isolation import spooled
from graph.query.pool import PoolPlan
from graph.query.remote import Remote
from graph.query.remote_store import MOVING, POINTER, TOKEN
from graph.store.embedded_store import DatasetOf, Store
from graph.update.mirror import Mirror
from graph.update.push import STAGED
from ontology.names import GRAPH
from tests.graph.protocol_server import ProtocolServer, serving

GRAPHS = [GRAPH[f"notice/{name}"] for name in "abc"]
P = NamedNode("urn:p")
COUNTS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s <urn:p> ?o } } GROUP BY ?g"
PLAN, BRIEF = PoolPlan(seconds=60), PoolPlan(seconds=2)


@pytest.fixture
def engine() -> Iterator[ProtocolServer]:
    with serving() as state:
        state.between = lambda: time.sleep(0.05)
        yield state


def mirror(engine: ProtocolServer, folder: Path, *, isolated: bool = False) -> Mirror:
    return Mirror(folder, Endpoint((engine.url,), (engine.url,)), most=3, seconds=60, isolated=isolated)


def publish(to: Mirror, number: int, *more: NamedNode, meanwhile: Callable[[], object] = lambda: None) -> None:
    """A snapshot in which each of the graphs has so many triples; each is emptied first, since blank nodes stand in it."""
    with to.writing() as snapshots, snapshots.draft() as draft:
        meanwhile()
        for graph in (*GRAPHS, *more):
            draft.remove(graph)
            draft.add(
                [Quad(NamedNode("urn:s"), P, Literal(n), graph) for n in range(number - 1)] + [Quad(BlankNode(), P, Literal(0), graph)]
            )


def counted(store: Store) -> bytes:
    return json.dumps(sorted(int(cast(Literal, row["n"]).value) for row in store.select(COUNTS))).encode()


async def by_question(remote: Remote, dataset: DatasetOf) -> list[int]:
    async with remote.ask(QueryRequest(COUNTS, QueryResultsFormat.JSON, dataset)) as reply:
        return sorted(int(row["n"]["value"]) for row in json.loads(await reply.all())["results"]["bindings"])


async def by_job(remote: Remote) -> list[int]:
    return list(json.loads(await remote.run(counted)))


def read(engine: ProtocolServer, done: threading.Event, *, isolated: bool) -> Counter[tuple[int, ...]]:
    """What readers were told until ``done``."""
    seen: Counter[tuple[int, ...]] = Counter()

    async def ask() -> None:
        remote = Remote(engine.url, PLAN, isolated=isolated)
        while not done.is_set():
            told = (await by_question(remote, DatasetOf()), await by_question(remote, DatasetOf(own=True)), await by_job(remote))
            seen.update(map(tuple, told))

    asyncio.run(ask())
    return seen


def while_published(engine: ProtocolServer, folder: Path, *, isolated: bool) -> Counter[tuple[int, ...]]:
    """What readers were told while two snapshots were published."""
    to, done, told = mirror(engine, folder, isolated=isolated), threading.Event(), list[Counter[tuple[int, ...]]]()
    between, engine.between = engine.between, None
    publish(to, 2)
    engine.between = between
    reader = threading.Thread(target=lambda: told.append(read(engine, done, isolated=isolated)))
    reader.start()
    try:
        for number in (7, 4):
            time.sleep(0.1)
            publish(to, number)
        time.sleep(0.1)
    finally:
        done.set()
        reader.join()
    return told[0]


def test_readers_are_told_one_snapshot_or_the_other(engine: ProtocolServer, tmp_path: Path) -> None:
    seen = while_published(engine, tmp_path, isolated=False)
    assert {(2, 2, 2), (4, 4, 4)} <= set(seen) <= {(2, 2, 2), (7, 7, 7), (4, 4, 4)}
    assert not list(engine.store.quads_for_pattern(POINTER, MOVING, None, None))


def test_readers_of_this_engine_would_be_told_a_mixture(engine: ProtocolServer, tmp_path: Path) -> None:
    """What the test above would find if nothing were done."""

    def others_read() -> None:
        until, read = time.monotonic() + 3, engine.answered + 6
        while engine.answered < read and time.monotonic() < until:
            time.sleep(0.01)

    engine.between = others_read
    assert set(while_published(engine, tmp_path, isolated=True)) - {(2, 2, 2), (7, 7, 7), (4, 4, 4)}


def told(engine: ProtocolServer) -> list[int]:
    return asyncio.run(by_question(Remote(engine.url, BRIEF, isolated=False), DatasetOf()))


@pytest.mark.parametrize("first", [True, False])
def test_push_that_breaks_off_is_undone(engine: ProtocolServer, tmp_path: Path, *, first: bool) -> None:
    to = mirror(engine, tmp_path)
    if not first:
        publish(to, 2)
    engine.breaks = 1
    with pytest.raises(EvaluationError):
        publish(to, 7)
    assert told(engine) == ([] if first else [2, 2, 2])
    publish(to, 4)
    assert told(engine) == [4, 4, 4]
    assert len(list(engine.store.quads_for_pattern(POINTER, TOKEN, None, None))) == 1


def test_push_of_which_it_is_not_known_whether_all_was_carried_out_is_undone(engine: ProtocolServer, tmp_path: Path) -> None:
    to = mirror(engine, tmp_path)
    publish(to, 2)
    # The pieces, the mark, and the push itself.
    with pytest.raises(EngineAwayError):
        publish(to, 7, meanwhile=lambda: setattr(engine, "lost", 100))
    engine.lost = 0
    to.fetch()
    assert told(engine) == [2, 2, 2]


def test_push_that_cannot_be_undone_is_known_to_readers_and_undone_by_the_next_write(engine: ProtocolServer, tmp_path: Path) -> None:
    to = mirror(engine, tmp_path)
    publish(to, 2)
    engine.breaks = 2
    with pytest.raises(EvaluationError):
        publish(to, 7)
    with pytest.raises(MovingError):
        told(engine)
    with pytest.raises(MovingError):
        asyncio.run(by_job(Remote(engine.url, BRIEF, isolated=False)))
    with pytest.raises(MovingError):
        publish(mirror(engine, tmp_path / "another"), 9)
    engine.breaks = 1
    with pytest.raises(EvaluationError):
        publish(to, 4)
    with pytest.raises(MovingError):
        told(engine)
    publish(to, 4)
    assert told(engine) == [4, 4, 4]


def test_graphs_of_others_that_a_push_began_are_undone(engine: ProtocolServer, tmp_path: Path) -> None:
    to = mirror(engine, tmp_path)
    publish(to, 2)
    engine.breaks = 1
    with pytest.raises(EvaluationError):
        publish(to, 7, NamedNode("http://example.org/ours"), NamedNode("http://example.org/too"))
    assert told(engine) == [2, 2, 2]
    publish(to, 3, NamedNode("http://example.org/ours"))
    assert told(engine) == [3, 3, 3, 3]


@pytest.mark.parametrize("method", ["_carry", "update"])
def test_publisher_that_dies_leaves_a_mark_that_its_next_write_takes_away(
    engine: ProtocolServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    to = mirror(engine, tmp_path)
    publish(to, 2)
    die_after(monkeypatch, *((Mirror, "_carry", "") if method == "_carry" else (Endpoint, "update", MOVING.value)))
    with pytest.raises(KeyboardInterrupt):
        publish(to, 7)
    monkeypatch.undo()
    with pytest.raises(MovingError):
        told(engine)
    to.fetch()
    assert told(engine) == [2, 2, 2]
    if method == "_carry":
        assert not [quad for quad in engine.store if str(quad.graph_name).startswith(f"<{STAGED}")]


def die_after(monkeypatch: pytest.MonkeyPatch, of: type, method: str, words: str) -> None:
    """From now on the process ends as the method has returned, where these words are in its first argument."""
    does = getattr(of, method)

    def die(itself: object, text: str, *arguments: object) -> None:
        does(itself, text, *arguments)
        if words in text:
            monkeypatch.setattr(Endpoint, "update", dead)
            raise KeyboardInterrupt

    def dead(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(of, method, die)


def test_publisher_that_died_before_it_changed_anything_undoes_nothing_of_another(
    engine: ProtocolServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, another = mirror(engine, tmp_path / "1"), mirror(engine, tmp_path / "2")
    publish(to, 2)
    another.fetch()
    begins = Mirror._carry

    def meanwhile(itself: Mirror, *arguments: object) -> None:
        """Another marks the pointer while this one publishes, and dies."""
        monkeypatch.undo()
        die_after(monkeypatch, Endpoint, "update", MOVING.value)
        with another._alone(), another.snapshots.draft() as draft:
            draft.remove(GRAPHS[0])
        with pytest.raises(KeyboardInterrupt):
            another.push()
        monkeypatch.undo()
        begins(itself, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Mirror, "_carry", meanwhile)
    publish(to, 7)
    with pytest.raises(MovingError):
        told(engine)
    another.fetch()
    assert told(engine) == [7, 7, 7]


def test_who_begins_while_another_publishes_is_told_to_come_again(engine: ProtocolServer, tmp_path: Path) -> None:
    to, another = mirror(engine, tmp_path / "1"), mirror(engine, tmp_path / "2")
    publish(to, 2)
    with pytest.raises(BusyError):
        publish(another, 9, meanwhile=lambda: publish(to, 7))
    assert told(engine) == [7, 7, 7]


def test_answer_that_is_kept_until_it_counts_may_be_so_large(engine: ProtocolServer, tmp_path: Path) -> None:
    publish(mirror(engine, tmp_path), 2)
    question = QueryRequest("SELECT * { ?s ?p ?o }", QueryResultsFormat.JSON, DatasetOf())
    with pytest.raises(ResultLimitError):
        spooled(Endpoint((engine.url,)), question, question.text, 5, 0)
    with spooled(Endpoint((engine.url,)), question, question.text, 5, 1) as answer:
        assert json.load(answer)["results"]["bindings"]
