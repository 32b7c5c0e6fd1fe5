"""``zhengce link``: proposals to an endpoint, written into the ledger; decisions on them, published."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from api.cli.errors import UsageError
from api.cli.language import told
from api.publication.publish import knowledge, publish_links
from api.settings import Settings
from graph.errors import NothingPublishedError
from graph.links.candidates import Looked, looked_up
from graph.links.endpoint import Endpoint, Manners
from graph.links.ledger import ACCEPTED, COLUMNS, NAME, REJECTED, Row, add, decide, read
from graph.links.proposals import proposals
from graph.links.things import Thing, things
from graph.store.embedded_store import Store
from graph.store.snapshot import Snapshots

_KINDS = ("", "exact", "close", "broad", "narrow", "related")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for: an endpoint, classes of ours, how likely a proposal is, and how the endpoint is asked."""

    endpoint: str
    types: tuple[str, ...] = ()
    threshold: float = 0.8
    rate: float = 2.0
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a reviewer decided."""

    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    thing: str = ""
    kind: str = ""
    reviewer: str = ""
    source: str = ""
    publish: bool = False
    """Whether what stands in the ledger already is to be published."""

    @property
    def any(self) -> bool:
        """Whether there is any."""
        return bool(self.accepted or self.rejected)


def run(asking: Asking | None, decisions: Decisions, ledger: Path | None, settings: Settings) -> None:
    """Proposes or decides, whichever is asked for; raises UsageError where it is both or neither."""
    path = ledger or settings.data / NAME
    deciding = decisions.any or decisions.publish
    if (asking is not None) == deciding:
        zh, en = "请给出 --endpoint，或者 --accept、--reject、--publish。", "Give --endpoint, or else --accept, --reject or --publish."
        raise UsageError(zh, en)
    if asking is not None:
        propose_links(asking, path, settings)
    else:
        decide_links(decisions, path, settings)


def propose_links(asking: Asking, ledger: Path, settings: Settings) -> None:
    """Adds what is likely to the ledger and prints it as rows of tab-separated values; what could not be looked at is told beside it."""
    read(ledger)
    with Snapshots(settings.data, settings.keep_snapshots).reading() as current:
        if current is None:
            raise NothingPublishedError(str(settings.data))
        wanted = things(Store.open(current.path), asking.types)
    endpoint = Endpoint(asking.endpoint, Manners(rate=asking.rate, seconds=asking.seconds))
    looked = tuple(_watched(looked_up(wanted, endpoint), wanted))
    new = add(ledger, proposals(looked, asking.threshold), asking.endpoint, datetime.now(UTC))
    _print(new)
    for each in looked:
        if each.crowded:
            key = each.thing.node.value
            print(told(f"{key}：同名的太多，没有提议", f"{key}: too many are called so, nothing was proposed"), file=sys.stderr)
    count, asked = len(new), endpoint.requests
    zh, en = (
        f"{len(wanted)} 个事物，{asked} 个请求，新提议 {count} 条，记在 {ledger}",
        f"{len(wanted)} things, {asked} requests, {count} new in {ledger}",
    )
    print(told(zh, en), file=sys.stderr)


def decide_links(decisions: Decisions, ledger: Path, settings: Settings) -> None:
    """Writes decisions into the ledger, and publishes all that it decides as a new snapshot."""
    if decisions.any and not decisions.reviewer.strip():
        raise UsageError("请用 --reviewer 说明是谁决定的。", "Say with --reviewer who decides.")
    if decisions.kind not in _KINDS:
        raise UsageError(f"--kind 是 {' | '.join(_KINDS[1:])}。", f"--kind is {' | '.join(_KINDS[1:])}.")
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    if snapshots.current() is None:
        raise NothingPublishedError(str(settings.data))
    for targets, decision in ((decisions.accepted, ACCEPTED), (decisions.rejected, REJECTED)):
        for target in targets:
            row = decide(ledger, target, decision, decisions.reviewer, thing=decisions.thing, kind=decisions.kind, source=decisions.source)
            _print((row,))
    rows = read(ledger)
    links = publish_links(rows, snapshots, knowledge())
    print(told(f"已发布 {links} 条决定", f"{links} decisions published"), file=sys.stderr)


def _watched(looked: Iterable[Looked], wanted: tuple[Thing, ...]) -> Iterator[Looked]:
    """The same, with a bar on a terminal."""
    errors = Console(stderr=True)
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*bars, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(told("查找", "looking"), total=len(wanted))
        for each in looked:
            yield each
            progress.advance(task)


def _print(rows: Iterable[Row]) -> None:
    for row in rows:
        print("\t".join(getattr(row, column) for column in COLUMNS if getattr(row, column)))
