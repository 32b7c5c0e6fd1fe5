"""An empty data folder, turned into one with a first snapshot: the notice that ships with the project."""

from __future__ import annotations

import sys
from importlib.resources import as_file, files

from api.cli.language import told
from api.settings import Settings
from graph.store.snapshot import Snapshots

SHIPPED = "huzhiban-2026-2.txt"


def first_snapshot(settings: Settings) -> None:
    """Ingests the shipped notice where nothing was published yet and nothing is held elsewhere; else verifies a sample."""
    if settings.remote:
        return
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    current = snapshots.current()
    if current is not None:
        if not snapshots.verify(current):
            zh = f"快照 {current.number} 由较早的版本发布，没有校验和；下一次发布的快照会有。"
            en = f"Snapshot {current.number} is of an earlier release and has no checksums; the next that is published has."
            print(told(zh, en), file=sys.stderr)
        return
    from api.publication.corpus import ingest

    with as_file(files("ingest") / "notices" / SHIPPED) as path:
        failures = [outcome.failure for outcome in ingest([path], snapshots) if outcome.failure is not None]
    if failures:
        raise failures[0]
