"""The environment (``ZHENGCE_...``), turned once into a frozen object that is handed down as plain arguments."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from ingest.limits import ReadLimits
from ontology.errors import ZhengceError

PREFIX = "ZHENGCE_"
_STORES = ("auto", "memory", "disk")
_DAY = 86_400.0
_MANY = 10**9
RANGES: Mapping[str, tuple[float, float]] = {
    "port": (0, 65_535),
    "memory_quads": (0, 10**12),
    "store_triples": (0, _MANY),
    "workers": (1, 1024),
    "slow_workers": (0, 1024),
    "slow_seconds": (0, _DAY),
    "spares": (0, 1024),
    "query_seconds": (0.01, _DAY),
    "answer_seconds": (0.01, _DAY),
    "query_megabytes": (1, 2**24),
    "result_megabytes": (1, 2**24),
    "queue": (0, _MANY),
    "queue_seconds": (0, _DAY),
    "client_queries": (1, _MANY),
    "rate": (0, _MANY),
    "burst": (1, _MANY),
    "request_kilobytes": (1, 2**20),
    "write_megabytes": (1, 2**14),
    "write_seconds": (0.1, _DAY),
    "header_seconds": (0.1, _DAY),
    "header_kilobytes": (1, 2**14),
    "body_seconds": (0.1, _DAY),
    "cache_megabytes": (0, 2**20),
    "cache_answer_kilobytes": (0, 2**20),
    "file_megabytes": (1, 2**14),
    "file_unpacked_megabytes": (1, 2**14),
    "file_pages": (1, _MANY),
    "file_seconds": (0.1, _DAY),
    "file_memory_megabytes": (32, 2**24),
    "keep_snapshots": (1, 10_000),
    "connections": (0, _MANY),
    "client_connections": (0, _MANY),
    "stop_seconds": (0, _DAY),
}
"""The least and the most that each number may be: with others the service could not do what it is for. docs/limits.md has the same."""
_NOT_BELOW = (("answer_seconds", "query_seconds"), ("file_unpacked_megabytes", "file_megabytes"))
"""Pairs of which the first contains the second: where only one of them is given, the first follows the second."""
_INTEGER, _DECIMAL = re.compile(r"[0-9]{1,18}"), re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")
_VISIBLE = re.compile(r"[!-~]+")
_LOGIN = re.compile(r"[^:\s]+:\S.*")


class SettingError(ZhengceError):
    """A setting that cannot work; ``name`` is the variable, ``value`` what it holds."""

    def __init__(self, name: str, value: str, expected_zh: str, expected_en: str) -> None:
        self.name = name
        self.value = value
        super().__init__(f"{name}={value}：应为{expected_zh}。", f"{name}={value}: {expected_en} was expected.")


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
    endpoint elsewhere; several, separated by blanks, are replicas of one."""
    store_update: str = ""
    """Where the endpoint elsewhere takes updates, one address for each of its replicas in the same order; empty: it is only read."""
    store_login: str = field(default="", repr=False)
    """``user:password`` at the endpoint elsewhere."""
    store_token: str = field(default="", repr=False)
    """A bearer token of the endpoint elsewhere."""
    store_triples: int = 0
    """The triples that one update to the endpoint elsewhere may carry; more are sent ahead in pieces. 0: any number."""
    store_isolation: Literal["snapshot", "read-committed"] = "snapshot"
    """What a query sees at the endpoint elsewhere while an update is committed: all of it or nothing, or perhaps a part; there it has
    one address."""
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
    def writable(self) -> bool:
        """Whether there is where to write to."""
        return not self.remote or bool(self.store_update)

    @property
    def isolated(self) -> bool:
        """Whether a query never sees a part of an update."""
        return self.store_isolation == "snapshot"

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
                given[each.name] = _read(each.name, str(each.type), environment[name].strip())
        made = cls(**given)  # type: ignore[arg-type]
        if made.store_update and len(made.store_update.split()) != len(made.store.split()):
            zh, en = "与 ZHENGCE_STORE 一样多的地址，次序相同", "as many addresses as ZHENGCE_STORE has, in the same order,"
            raise SettingError(f"{PREFIX}STORE_UPDATE", made.store_update, zh, en)
        if not made.isolated and len(made.store.split()) > 1:
            zh, en = " snapshot（有副本时）", "snapshot, where there are replicas,"
            raise SettingError(f"{PREFIX}STORE_ISOLATION", made.store_isolation, zh, en)
        for first, second in _NOT_BELOW:
            least = getattr(made, second)
            if getattr(made, first) < least:
                if first in given:
                    name, other = PREFIX + first.upper(), f"{PREFIX}{second.upper()}={least:g}"
                    raise SettingError(name, f"{getattr(made, first):g}", f"不小于 {other} 的数", f"a number not below {other}")
                object.__setattr__(made, first, type(getattr(made, first))(least))
        return made


def unknown(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The variables that are named like settings and are none."""
    known = {PREFIX + each.name.upper() for each in fields(Settings)}
    return (name for name in sorted(environment) if name.startswith(PREFIX) and name not in known)


def checked(name: str, value: float) -> float:
    """The number, where the setting may be so.

    >>> checked("workers", 2)
    2
    """
    least, most = RANGES[name]
    if not least <= value <= most:
        raise SettingError(
            PREFIX + name.upper(), f"{value:g}", f" {least:,g} 到 {most:,g} 之间的数", f"a number from {least:,g} to {most:,g}"
        )
    return value


def _read(name: str, kind: str, value: str) -> object:
    if name in _WORDS:
        _WORDS[name](value)
    if kind == "str":
        return value.rstrip("/") if name == "url" else value
    if kind == "Path":
        return Path(value)
    if kind.startswith("tuple"):
        return tuple(value.split())
    variable = PREFIX + name.upper()
    if kind.startswith("Literal"):
        choices = tuple(choice.strip(" \"'") for choice in kind.removeprefix("Literal[").removesuffix("]").split(","))
        if value not in choices:
            raise SettingError(variable, value, f" {' | '.join(choices)}", " | ".join(choices))
        return value
    least, most = RANGES[name]
    pattern, zh, en = (_INTEGER, "整数", "a whole number") if kind == "int" else (_DECIMAL, "数", "a number")
    if not pattern.fullmatch(value):
        raise SettingError(variable, value, f" {least:,g} 到 {most:,g} 之间的{zh}", f"{en} from {least:,g} to {most:,g}")
    return checked(name, int(value) if kind == "int" else float(value))


def _check_store(value: str) -> None:
    if value not in _STORES and not all(map(_is_plain, value.split())):
        choices = f"{' | '.join(_STORES)} | https://..."
        raise SettingError(f"{PREFIX}STORE", _without_user(value), f" {choices}", choices)


def _check_update(value: str) -> None:
    if not all(map(_is_plain, value.split())):
        zh, en = " https://… 形式的地址，不含用户名", "addresses like https://... without a user name"
        raise SettingError(f"{PREFIX}STORE_UPDATE", _without_user(value), zh, en)


def _check_login(value: str) -> None:
    # Neither the name nor the password is ever said.
    if not _LOGIN.fullmatch(value):
        raise SettingError(f"{PREFIX}STORE_LOGIN", "…", " 用户名:口令", "user:password")


def _is_plain(value: str) -> bool:
    """Whether it is an address that names no user: passwords have a setting of their own, which is never said."""
    return _is_address(value) and "@" not in urlsplit(value).netloc


def _without_user(value: str) -> str:
    """An address as it may be said.

    >>> _without_user("http://user:secret@example.org/sparql")
    'http://…@example.org/sparql'
    """
    return re.sub(r"(?<=://)[^/\s]*@", "…@", value)


def _check_url(value: str) -> None:
    if not _is_address(value):
        raise SettingError(f"{PREFIX}URL", value, " https://… 形式的地址", "an address like https://...")


def _check_service(value: str) -> None:
    for each in value.split():
        if each != "*" and not _is_address(each):
            raise SettingError(f"{PREFIX}SERVICE_ALLOW", each, " * 或 https://… 形式的完整 IRI", "* or a full IRI like https://...")


def _check_token(value: str, name: str = "TOKEN") -> None:
    # The token itself is never said.
    if not _VISIBLE.fullmatch(value):
        raise SettingError(PREFIX + name, "…", "不含空格的可见 ASCII 字符", "visible characters of ASCII without blanks")


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not set(value) & set(' <>"{}|\\^`')
    except ValueError:
        return False


_WORDS: Mapping[str, Callable[[str], None]] = {
    "store": _check_store,
    "store_update": _check_update,
    "store_login": _check_login,
    "store_token": lambda value: _check_token(value, "STORE_TOKEN"),
    "url": _check_url,
    "service_allow": _check_service,
    "token": _check_token,
}
"""What is asked of settings that are no numbers."""
