"""An empty data folder, turned into one with a first snapshot: the notice that ships with the project."""

from __future__ import annotations

from importlib.resources import as_file, files

from api.settings import Settings
from graph.store.snapshot import Snapshots

SHIPPED = "huzhiban-2026-2.txt"


def first_snapshot(settings: Settings) -> None:
    """Ingests the shipped notice where nothing was published yet, and nothing is held elsewhere."""
    if settings.remote:
        return
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    if snapshots.current() is not None:
        return
    from api.publication.corpus import ingest

    with as_file(files("ingest") / "notices" / SHIPPED) as path:
        failures = [outcome.failure for outcome in ingest([path], snapshots) if outcome.failure is not None]
    if failures:
        raise failures[0]
