"""An empty data folder, turned into one with a first snapshot: the notice that ships with the project."""

from __future__ import annotations

from importlib.resources import as_file, files

from api.settings import Settings
from graph.snapshot import Snapshots

SHIPPED = "huzhiban-2026-2.txt"


def first_snapshot(settings: Settings) -> None:
    """Ingests the shipped notice where nothing was published yet."""
    snapshots = Snapshots(settings.data, settings.keep_snapshots)
    if snapshots.current() is not None:
        return
    from api.publish import built, knowledge, publish

    known = knowledge()
    with as_file(files("ingest") / "notices" / SHIPPED) as path:
        publish([built(path, known)], snapshots, known)
