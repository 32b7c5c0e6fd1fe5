"""The environment (``ZHENGCE_...``), turned once into a frozen object that is handed down as plain arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from ingest.limits import ReadLimits

PREFIX = "ZHENGCE_"
_STORES = ("auto", "memory", "disk")


class SettingError(ValueError):
    """A setting whose value is not what it should be; ``name`` is the variable, ``value`` what it holds."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        self.name = name
        self.value = value
        super().__init__(f"{name}={value}：应为 {expected}。 {name}={value}: {expected} was expected.")


def _processors() -> int:
    return max(2, os.cpu_count() or 2)


def _machine_bytes() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if "SC_PHYS_PAGES" in os.sysconf_names else 8 << 30


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set. Every field is ``ZHENGCE_`` and its name in capitals; docs/limits.md explains each."""

    data: Path = Path("data")
    """The data folder."""
    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    """The address under which the public reaches the service, without a slash at its end; empty: as each request says."""
    token: str = field(default="", repr=False)
    """The bearer token of writers; empty: nobody writes."""
    default_graph: Literal["union", "separate"] = "union"
    store: str = "auto"
    """Where queries read: ``memory``, ``disk``, ``auto`` (in memory where the snapshot fits ``memory_quads``), or the address of an
    endpoint elsewhere."""
    memory_quads: int = field(default_factory=lambda: _machine_bytes() // 2000)
    """A quad in memory takes some 330 bytes, and while the service moves to the next snapshot it holds two."""
    workers: int = field(default_factory=_processors)
    """Queries that run at once."""
    slow_workers: int = field(default_factory=lambda: 4 * _processors())
    """Queries beyond these that have run for longer than ``slow_seconds`` and go on at lower priority."""
    slow_seconds: float = 0.5
    spares: int = 1
    query_seconds: float = 30.0
    answer_seconds: float = 300.0
    """For an answer and its transfer to a slow client."""
    query_megabytes: int = field(default_factory=lambda: min(1024, (_machine_bytes() >> 21) // (5 * _processors())))
    """What a query may take beyond the snapshot; all that may run at once take half of the machine's memory at most."""
    result_megabytes: int = 1024
    queue: int = 64
    queue_seconds: float = 10.0
    client_queries: int = 16
    rate: float = 100.0
    """Questions a second that one client may ask over time (answers at hand cost nothing); 0: any number."""
    burst: int = 500
    request_kilobytes: int = 1024
    write_megabytes: int = 64
    """The size of an update, or of a graph that is sent."""
    write_seconds: float = 60.0
    header_seconds: float = 15.0
    header_kilobytes: int = 64
    body_seconds: float = 60.0
    cache_megabytes: int = 64
    cache_answer_kilobytes: int = 1024
    service_allow: tuple[str, ...] = ()
    """The endpoints that SERVICE may ask, as full IRIs separated by blanks; ``*`` stands for all with a public address."""
    file_megabytes: int = 32
    """The size of a file that is ingested."""
    file_unpacked_megabytes: int = 64
    file_pages: int = 200
    file_seconds: float = 2.0
    """Of the processor; each page or 20,000 characters add one."""
    file_memory_megabytes: int = 320
    keep_snapshots: int = 3
    connections: int = 2000
    """Connections at once; beyond them the one idle for longest is closed, or 503 (but for /health) where none is idle; 0: any number."""
    client_connections: int = 512
    """The same for one address; 0: any number."""
    stop_seconds: float = 10.0
    log: Literal["all", "requests", "errors"] = "requests"
    """``requests`` leaves out those whose answer was at hand: they are counted."""

    @property
    def remote(self) -> str:
        """The endpoint elsewhere that holds the data; empty where this service does."""
        return self.store if self.store.startswith(("http://", "https://")) else ""

    @property
    def reading(self) -> ReadLimits:
        """What a file may cost to read."""
        return ReadLimits(
            bytes=self.file_megabytes * 2**20,
            unpacked=self.file_unpacked_megabytes * 2**20,
            pages=self.file_pages,
            seconds=self.file_seconds,
            memory=self.file_memory_megabytes * 2**20,
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that the environment holds, with the defaults for the rest."""
        given: dict[str, object] = {}
        for each in fields(cls):
            name = PREFIX + each.name.upper()
            if environment.get(name, "").strip():
                given[each.name] = _read(name, str(each.type), environment[name].strip())
        made = cls(**given)  # type: ignore[arg-type]
        if made.store not in _STORES and not made.remote:
            raise SettingError(f"{PREFIX}STORE", made.store, f"{' | '.join(_STORES)} | https://...")
        return made


def _read(name: str, kind: str, value: str) -> object:
    if kind == "str":
        return value.rstrip("/") if name == f"{PREFIX}URL" else value
    if kind == "Path":
        return Path(value)
    if kind.startswith("tuple"):
        return tuple(value.split())
    if kind.startswith("Literal"):
        choices = tuple(choice.strip(" \"'") for choice in kind.removeprefix("Literal[").removesuffix("]").split(","))
        if value not in choices:
            raise SettingError(name, value, " | ".join(choices))
        return value
    try:
        number = int(value) if kind == "int" else float(value)
    except ValueError:
        raise SettingError(name, value, "数字 / a number") from None
    if not 0 <= number < float("inf"):
        raise SettingError(name, value, "非负数 / a number not below 0")
    return number
