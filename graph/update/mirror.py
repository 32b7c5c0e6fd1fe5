"""The graphs of the service on an engine elsewhere, turned into a data folder of their own and, once that holds a next snapshot, back.

A write is made where all writes are made: on a snapshot in a folder, by the code that also guards and validates it. ``fetch`` makes the
folder hold what the engine holds, ``push`` carries what changed since to the engine. The folder is a working copy: whoever loses it loses
time. The graph ``pointer`` on the engine names the snapshot that stands there. Each operation of a push is made only where the pointer
still names the snapshot that the change began with, and the last one moves it: readers see one snapshot or the other on any engine that
carries out a request as one transaction, and a push that is sent twice is carried out once. Where an engine does not, the pointer is
marked before the first change and until the last is made, so that readers wait (``graph/query/isolation.py``); where a push broke off,
the mark stays until the folder that it came from has made the engine hold a snapshot again.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from graph.errors import BadQueryError, BusyError, EngineAwayError, ForbiddenError, GraphError, MovingError, StoreError, TimeLimitError
from graph.query.endpoint import Endpoint
from graph.query.framing import Format, QueryRequest
from graph.query.remote_store import MOVING, POINTER, TOKEN, shortest
from graph.store.snapshot import Draft, Snapshots
from graph.update.graph_changes import GraphDelta, deltas, whole
from graph.update.push import HOLDS, ISSUED, NUMBER, Pointer, push_of, unmarking
from ontology.names import GRAPH

_RECORD = "engine.json"
_SECONDS = 600.0
"""For a request that carries a publication; a question about the pointer takes a moment."""


class Mirror:
    """The working copy of what an engine holds; ``folder`` is the data folder that writes are made in."""

    def __init__(
        self, data: Path, endpoint: Endpoint, keep: int = 3, most: int = 0, seconds: float = _SECONDS, *, isolated: bool = True
    ) -> None:
        """``most`` are the triples that one request may carry, 0 for any number; ``isolated``: the engine never shows a query a part of
        an update."""
        self._isolated = isolated
        self.endpoint = endpoint
        self.folder = data / f"engine-{sha256(' '.join(endpoint.updates or endpoint.queries).encode()).hexdigest()[:12]}"
        # A push compares a snapshot with the one before it.
        self._keeping = max(2, keep)
        self.snapshots = Snapshots(self.folder, self._keeping)
        self._most = most or sys.maxsize
        self._seconds = seconds

    @contextmanager
    def writing(self) -> Iterator[Snapshots]:
        """The snapshots to write to, which are what the engine holds; each is pushed once it is made, and what there is at the end."""
        with self._alone():
            self._fetch()
            yield _Pushed(self.snapshots.folder, self._keeping, self._push)
            self._push()

    def fetch(self) -> None:
        """Makes the folder hold what the engine holds."""
        with self._alone():
            self._fetch()

    def push(self) -> None:
        """Makes the engine hold what the folder holds."""
        with self._alone():
            self._push()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time reads from the engine, writes and pushes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.folder / "engine.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def pointer(self, at: int = 0) -> Pointer:
        """What a replica says it holds."""
        found: dict[str, list[str]] = {}
        for predicate, value in self._rows(f"SELECT ?p ?o {{ GRAPH {POINTER} {{ {POINTER} ?p ?o }} }}", at):
            found.setdefault(predicate, []).append(value)
        moving = tuple(sorted(found.get(MOVING.value, ())))
        if TOKEN.value not in found:
            return Pointer(moving=moving)
        number, issued = int(found.get(NUMBER.value, ["0"])[0]), found.get(ISSUED.value, [""])[0]
        return Pointer(number, found[TOKEN.value][0], issued, tuple(sorted(found.get(HOLDS.value, ()))), moving)

    def _fetch(self) -> None:
        held = self._restored(self.pointer())
        number, record, _ = self._record()
        current = self.snapshots.current()
        if record == held and current is not None and held.token:
            if current.number == number:
                return
            if number in {each.number for each in self.snapshots.history()}:
                # A write that was never pushed.
                self.snapshots.rollback(number)
                return
        names = (*self._own(), *map(NamedNode, held.others))
        with self.snapshots.draft() as draft:
            draft.number = max(draft.number, held.number)
            draft.store.clear()
            for name in names:
                self._download(draft.store, name)
            if self.pointer() != held:
                # Somebody published meanwhile.
                raise BusyError(1)
        self._keep(held)

    def _restored(self, held: Pointer) -> Pointer:
        """What the engine holds once no push is under way: one of this folder that broke off is undone, or done where the pointer has
        moved; raises MovingError where it is not of this folder."""
        if not held.moving:
            return held
        number, _, token = self._record()
        kept = {each.number: each for each in self.snapshots.history()}
        current = self.snapshots.current()
        if token and held.token == token and current is not None:
            number = current.number
        if token not in held.moving or (number and number not in kept):
            raise MovingError
        store = Store.read_only(str(kept[number].path)) if number else Store()
        after = _next(held.number + 1, store)
        self._send((), held, after, 0, store)
        self._keep(after, number)
        return after

    def _download(self, store: Store, graph: NamedNode) -> None:
        """One graph, whole or not at all: an engine may cut answers without a word."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        content = self._asked(text, RdfFormat.N_TRIPLES)
        store.add_graph(graph)
        read = parse(content, RdfFormat.N_TRIPLES)
        store.bulk_extend(Quad(quad.subject, quad.predicate, shortest(quad.object), graph) for quad in read)
        ((count,),) = self._rows(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        came = sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        if int(count) != came:
            raise StoreError(
                f"the engine gave {came} of {count} triples of {graph.value}", f"引擎只给出了 {graph.value} 的 {count} 条中的 {came} 条"
            )

    def _push(self) -> None:
        number, before, _ = self._record()
        current = self.snapshots.current()
        if current is None or current.number == number:
            return
        kept = {each.number: each for each in self.snapshots.history()}
        old = Store.read_only(str(kept[number].path)) if number in kept else Store()
        new = Store.read_only(str(current.path))
        changed = tuple(deltas(old, new, self._most))
        self._check(changed, new)
        after = _next(current.number, new)
        away: EngineAwayError | None = None
        for at in range(len(self.endpoint.updates)):
            try:
                self._send(changed, before, after, at, new)
            except EngineAwayError as error:
                if at == 0:
                    raise
                # The others are carried on; it catches up at the next push.
                away = error
            except GraphError:
                if at == 0:
                    # Nobody can read until the engine holds a snapshot again; where that fails too, the next write begins with it.
                    with suppress(GraphError):
                        self._restored(self.pointer())
                raise
        self._keep(after)
        if away:
            raise away

    def _send(self, changed: tuple[GraphDelta, ...], before: Pointer, after: Pointer, at: int, new: Store) -> None:
        """Brings one replica to the new snapshot; one that was away before gets all of it."""
        there = before if at == 0 else self.pointer(at)
        if there.token != before.token or there.moving:
            changed = tuple(whole(new, (*self._own(at), *map(NamedNode, there.others))))
        made = push_of(changed, there, after, self._most)
        try:
            for piece in made.pieces:
                self.endpoint.update(piece, self._seconds, at)
            with self._marked(there, after, at):
                self._carry(made.text, there, after, at)
        finally:
            with suppress(GraphError):
                for graph in made.staged:
                    self.endpoint.update(f"CLEAR SILENT GRAPH {graph}", self._seconds, at)

    @contextmanager
    def _marked(self, before: Pointer, after: Pointer, at: int) -> Iterator[None]:
        """Marks the pointer of a replica that shows an update in pieces for as long as the block runs; the mark stays where that may have
        been done by half."""
        if self._isolated:
            yield
            return
        number, record, _ = self._record()
        if at == 0:
            self._keep(record, number, after.token)
        self.endpoint.update(before.marking(after.token), self._seconds, at)
        unmarked = unmarking({after.token, *before.moving})
        if set(self.pointer(at).moving) != {after.token, *before.moving}:
            # Somebody else publishes.
            self.endpoint.update(unmarking([after.token]), self._seconds, at)
            raise BusyError(1)
        try:
            yield
        except (BadQueryError, BusyError):
            # Nothing of it was carried out.
            self.endpoint.update(unmarked, self._seconds, at)
            raise
        self.endpoint.update(unmarked, self._seconds, at)

    def _own(self, at: int = 0) -> list[NamedNode]:
        """The graphs of the service that a replica holds, but for the pointer."""
        # Virtuoso may take minutes for SELECT DISTINCT ?g, and counts at once.
        found = self._rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", at)
        names = {name for name, _ in found if name.startswith(GRAPH)}
        return [NamedNode(name) for name in sorted(names - {POINTER.value})]

    def _check(self, changed: tuple[GraphDelta, ...], new: Store) -> None:
        """Refuses what an engine with data of others cannot be asked to hold."""
        if next(new.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None:
            zh, en = (
                "别处的引擎自己决定默认图是什么，请指定一个图",
                "an engine elsewhere decides itself what its default graph is; name a graph",
            )
            raise ForbiddenError("INSERT", "DEFAULT", zh, en)
        for delta in changed:
            if delta.made and not delta.graph.value.startswith(GRAPH) and self._truth(f"ASK {{ GRAPH {delta.graph} {{ ?s ?p ?o }} }}"):
                zh, en = "引擎上已有这个图，而它不是本服务写的", "the engine holds a graph of that name that this service did not write"
                raise ForbiddenError("GRAPH", delta.graph.value, zh, en)

    def _carry(self, text: str, before: Pointer, after: Pointer, at: int) -> None:
        """Sends a push to one replica, again where it is not known whether it came; raises where it was not carried out."""
        failure: Exception | None = None
        for _ in range(2):
            try:
                self.endpoint.update(text, self._seconds, at)
            except (EngineAwayError, TimeLimitError) as error:
                failure = error
            now = self.pointer(at)
            if now.token == after.token:
                return
            if now.token != before.token:
                # Somebody else published first.
                raise BusyError(1)
            if failure is None:
                break
        raise failure or StoreError(
            f"{self.endpoint.updates[at]}: the update changed nothing", f"{self.endpoint.updates[at]}：更新没有生效"
        )

    def _record(self) -> tuple[int, Pointer, str]:
        """The snapshot of the folder that was on the engine last, what the engine said then, and the token of a push begun since."""
        try:
            read = json.loads((self.folder / _RECORD).read_text("utf-8"))
            pointer = Pointer(**{**read["pointer"], "others": tuple(read["pointer"]["others"]), "moving": ()})
            return int(read["snapshot"]), pointer, str(read.get("begun", ""))
        except (OSError, ValueError, KeyError, TypeError):
            return 0, Pointer(), ""

    def _keep(self, pointer: Pointer, number: int | None = None, begun: str = "") -> None:
        """Writes that record; the snapshot is the current one where none is given."""
        current = self.snapshots.current()
        if number is None:
            number = current.number if current else 0
        made = self.folder / f"{_RECORD}.new"
        made.write_text(json.dumps({"snapshot": number, "pointer": asdict(pointer), "begun": begun}), "utf-8")
        os.replace(made, self.folder / _RECORD)

    def _rows(self, text: str, at: int = 0) -> Iterator[tuple[str, ...]]:
        read = parse_query_results(self._asked(text, QueryResultsFormat.JSON, at), QueryResultsFormat.JSON)
        if isinstance(read, QuerySolutions):
            for row in read:
                yield tuple(str(getattr(term, "value", "")) for term in row)

    def _truth(self, text: str) -> bool:
        read = parse_query_results(self._asked(text, QueryResultsFormat.JSON), QueryResultsFormat.JSON)
        return isinstance(read, QueryBoolean) and bool(read)

    def _asked(self, text: str, format: Format, at: int = 0) -> bytes:
        return self.endpoint.replica(at).read(QueryRequest(text, format), text, self._seconds)


def _next(number: int, store: Store) -> Pointer:
    """What the engine is to say once it holds this store."""
    others = tuple(sorted(g.value for g in store.named_graphs() if isinstance(g, NamedNode) and not g.value.startswith(GRAPH)))
    return Pointer(number, str(uuid4()), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", others)


class _Pushed(Snapshots):
    """Snapshots each of which is carried to the engine once it is made; one takes what a request can carry."""

    at_once = 200_000

    def __init__(self, folder: Path, keep: int, push: Callable[[], None]) -> None:
        super().__init__(folder, keep)
        self._push = push

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        with super().draft() as draft:
            yield draft
        self._push()
