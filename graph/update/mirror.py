"""The graphs of the service on an engine elsewhere, turned into a data folder of their own and, once that holds a next snapshot, back.

A write is made where all writes are made: on a snapshot in a folder, by the code that also guards and validates it. ``fetch`` makes the
folder hold what the engine holds, ``push`` carries what changed since to the engine. The folder is a working copy: whoever loses it loses
time. The graph ``pointer`` on the engine names the snapshot that stands there. Each operation of a push is made only where the pointer
still names the snapshot that the change began with, and the last one moves it: readers see one snapshot or the other on any engine that
carries out a request as one transaction, and a push that is sent twice is carried out once. Where an engine does not, the pointer is
marked before the first change and until the last is made, so that readers wait (``graph/query/isolation.py``) and nobody else begins; a
push that broke off is undone by the folder that it came from, at once or before its next write, and the mark stays until then.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field, replace
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

from graph.errors import BusyError, EngineAwayError, ForbiddenError, GraphError, MovingError, StoreError, TimeLimitError
from graph.query.endpoint import Endpoint
from graph.query.framing import Format, QueryRequest
from graph.query.remote_store import MOVING, POINTER, TOKEN, shortest
from graph.store.snapshot import Draft, Snapshots
from graph.update.graph_changes import GraphDelta, deltas, whole
from graph.update.push import EMPTYING, HOLDS, ISSUED, NUMBER, STAGED, Pointer, Push, push_of, unmarking
from ontology.names import GRAPH

_RECORD = "engine.json"
_SECONDS = 600.0
"""For a request that carries a publication; a question about the pointer takes a moment."""


@dataclass(frozen=True, slots=True)
class _Record:
    """What a folder knows of the engine: the ``snapshot`` of the folder that was there last, and what the engine said then; the mark of a
    push that has ``begun`` since, and whether it was ``alone`` there, without which nothing was changed."""

    snapshot: int = 0
    pointer: Pointer = field(default_factory=Pointer)
    begun: str = ""
    alone: bool = False


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
        held = self._settled()
        record, current = self._record(), self.snapshots.current()
        if record.pointer == held and current is not None and held.token:
            if current.number == record.snapshot:
                return
            if record.snapshot in {each.number for each in self.snapshots.history()}:
                # A write that was never pushed.
                self.snapshots.rollback(record.snapshot)
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
        self._keep_current(held)

    def _settled(self) -> Pointer:
        """What the engine holds once a push of this folder that broke off is undone; raises MovingError while another is under way."""
        record, held = self._record(), self.pointer()
        if record.begun in held.moving:
            if record.alone:
                self._undo(record)
            self.endpoint.update(unmarking(record.begun), self._seconds)
            held = self.pointer()
        if held.moving:
            raise MovingError
        return held

    def _undo(self, record: _Record) -> None:
        """Makes the engine hold the snapshot with which a push began, whatever has become of it; the mark stays."""
        kept = {each.number: each for each in self.snapshots.history()}
        if record.snapshot and record.snapshot not in kept:
            raise MovingError
        old = Store.read_only(str(kept[record.snapshot].path)) if record.snapshot else Store()
        current = self.snapshots.current()
        others = {*record.pointer.others, *(_others(Store.read_only(str(current.path))) if current else ())}
        self.endpoint.update(EMPTYING, self._seconds)
        after = replace(record.pointer, token=str(uuid4()))
        changed = tuple(whole(old, (*self._own(staged=record.begun), *map(NamedNode, others))))
        self._deliver(push_of(changed, Pointer(), after, self._most), Pointer(), after, 0, nullcontext())
        self._keep(replace(record, pointer=after))

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
        record, current = self._record(), self.snapshots.current()
        if current is None or current.number == record.snapshot:
            return
        kept = {each.number: each for each in self.snapshots.history()}
        old = Store.read_only(str(kept[record.snapshot].path)) if record.snapshot in kept else Store()
        new = Store.read_only(str(current.path))
        changed = tuple(deltas(old, new, self._most))
        self._check(changed, new)
        after = Pointer(current.number, str(uuid4()), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", _others(new))
        away: EngineAwayError | None = None
        for at in range(len(self.endpoint.updates)):
            try:
                self._send(changed, record.pointer, after, at, new)
            except EngineAwayError as error:
                if at == 0:
                    self._give_up()
                    raise
                # The others are carried on; it catches up at the next push.
                away = error
            except GraphError:
                self._give_up()
                raise
        self._keep_current(after)
        if away:
            raise away

    def _give_up(self) -> None:
        """Undoes a push that broke off, so that readers need not wait for the next write, which else begins with it."""
        if not self._isolated:
            with suppress(GraphError):
                self._settled()

    def _send(self, changed: tuple[GraphDelta, ...], before: Pointer, after: Pointer, at: int, new: Store) -> None:
        """Brings one replica to the new snapshot; one that was away before gets all of it."""
        there = before if at == 0 else self.pointer(at)
        if there.token != before.token:
            changed = tuple(whole(new, (*self._own(at), *map(NamedNode, there.others))))
        made = push_of(changed, there, after, self._most)
        self._deliver(made, there, after, at, nullcontext() if self._isolated else self._marked(there, after.token))

    def _deliver(self, made: Push, before: Pointer, after: Pointer, at: int, marked: AbstractContextManager[None]) -> None:
        try:
            for piece in made.pieces:
                self.endpoint.update(piece, self._seconds, at)
            with marked:
                self._carry(made.text, before, after, at)
        finally:
            with suppress(GraphError):
                for graph in made.staged:
                    self.endpoint.update(f"CLEAR SILENT GRAPH {graph}", self._seconds, at)

    @contextmanager
    def _marked(self, before: Pointer, mark: str) -> Iterator[None]:
        """The pointer bears a mark while the block runs, and after it where it fails. Of two who mark it at once at most one goes on."""
        record = replace(self._record(), begun=mark, alone=False)
        self._keep(record)
        self.endpoint.update(before.marking(mark), self._seconds)
        if self.pointer() != replace(before, moving=(mark,)):
            # Somebody else publishes, or has.
            raise BusyError(1)
        self._keep(replace(record, alone=True))
        yield
        self.endpoint.update(unmarking(mark), self._seconds)

    def _own(self, at: int = 0, staged: str = "") -> list[NamedNode]:
        """The graphs of the service that a replica holds, but for the pointer; and those that the push with this token sent ahead."""
        # Virtuoso may take minutes for SELECT DISTINCT ?g, and counts at once.
        found = self._rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", at)
        names = {name for name, _ in found if name.startswith((str(GRAPH), f"{STAGED}{staged}:"))}
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
                if not self._isolated:
                    # Whatever the pointer says, a part of it may not have been carried out, or not yet.
                    raise
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

    def _record(self) -> _Record:
        try:
            read = json.loads((self.folder / _RECORD).read_text("utf-8"))
            pointer = Pointer(**{**read["pointer"], "others": tuple(read["pointer"]["others"]), "moving": ()})
            return _Record(int(read["snapshot"]), pointer, str(read.get("begun", "")), bool(read.get("alone", False)))
        except (OSError, ValueError, KeyError, TypeError):
            return _Record()

    def _keep_current(self, pointer: Pointer) -> None:
        """Writes that the engine holds the current snapshot, and says this."""
        current = self.snapshots.current()
        self._keep(_Record(current.number if current else 0, pointer))

    def _keep(self, record: _Record) -> None:
        made = self.folder / f"{_RECORD}.new"
        made.write_text(json.dumps(asdict(record)), "utf-8")
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


def _others(store: Store) -> tuple[str, ...]:
    """The named graphs that are not the service's own."""
    return tuple(sorted(g.value for g in store.named_graphs() if isinstance(g, NamedNode) and not g.value.startswith(GRAPH)))


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
