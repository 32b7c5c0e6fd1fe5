"""The settings of an engine elsewhere, turned into its endpoint and the working copy that writes are made in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from api.settings import SettingError, Settings
from graph.query.endpoint import Endpoint
from graph.store.snapshot import Snapshots
from graph.update.mirror import Mirror


def endpoint_of(settings: Settings) -> Endpoint:
    """Where the engine is asked and changed."""
    return Endpoint(settings.remote.split(), settings.store_update.split(), settings.store_login, settings.store_token)


def mirror_of(settings: Settings) -> Mirror | None:
    """The working copy; None where the data folder itself holds the data."""
    if not settings.remote:
        return None
    return Mirror(settings.data, endpoint_of(settings), settings.keep_snapshots, settings.store_triples, isolated=settings.isolated)


@contextmanager
def writing(settings: Settings) -> Iterator[Snapshots]:
    """The snapshots to write to, of the data folder or of an engine elsewhere; raises SettingError where that takes no updates."""
    mirror = mirror_of(settings)
    if mirror is None:
        yield Snapshots(settings.data, settings.keep_snapshots)
    elif not settings.writable:
        zh, en = "引擎接受更新的地址", "the address where the engine takes updates"
        raise SettingError("ZHENGCE_STORE_UPDATE", "", zh, en)
    else:
        with mirror.writing() as snapshots:
            yield snapshots


def at_hand(settings: Settings) -> Settings:
    """Settings under which a data folder holds the data: where an engine elsewhere does, a working copy of it."""
    mirror = mirror_of(settings)
    if mirror is None:
        return settings
    mirror.fetch()
    return replace(settings, data=mirror.folder, store="auto", store_update="")
