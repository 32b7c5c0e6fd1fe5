"""What ``zhengce watch`` and ``zhengce changes`` do and print, and what other commands say once they have published."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Console
from rich.table import Table

from api.answers import watching
from api.answers.catalogue import ask
from api.answers.questions import Questions
from api.answers.service import Service
from api.answers.told import shown
from api.cli.errors import UsageError
from api.cli.language import language, told
from api.publication.change_feed import asked_in, lines, said_of
from api.routes.sparql import changes as changes_by_itself
from api.settings import Settings
from graph.errors import NothingPublishedError
from graph.store import watched
from graph.store.snapshot import Snapshots
from graph.store.watched import Watched
from queries import catalogue

_TOLD = 20
"""Changes that are printed, from the last."""


@dataclass(frozen=True, slots=True)
class _Query:
    """A query to be watched: what a person asked, its text, what it reads, how many rows it wants at most (0: all)."""

    asked: str
    text: str
    graphs: str
    top: int = 0


def check_format(format: str) -> None:
    """Raises UsageError where it is none."""
    if format not in {"text", "json"}:
        raise UsageError(f"没有格式 {format}，可用：text | json。", f"There is no format {format}; there are: text | json.")


def add(asked: tuple[str, str], values: Sequence[str], format: str, settings: Settings) -> bool:
    """Watches the answer to what was asked; False where a question in words is declined, which is said."""

    async def run() -> list[Watched] | dict[str, Any]:
        async with _service(settings) as service:
            queries = await _queries(service, *asked, values)
            if isinstance(queries, dict):
                return queries
            return [await watching.add(service, each.asked, each.text, each.graphs, each.top) for each in queries]

    made = asyncio.run(run())
    if isinstance(made, dict):
        print(*shown(made, "en" if language() == "en" else "zh"), sep="\n", file=sys.stderr)
        return False
    _print(made, format)
    return True


def accept(id: str, settings: Settings) -> bool:
    """Accepts the answer that holds now; False where it could not be had, which is said."""

    async def run() -> Watched:
        async with _service(settings) as service:
            return await watching.accept(service, id)

    kept = asyncio.run(run())
    if kept.reason:
        print(told(*kept.reason), file=sys.stderr)
        return False
    _print([kept], "text")
    return True


def remove(id: str, settings: Settings) -> None:
    """Watches an answer no more."""
    # Looked for before anything is locked, so that a folder without it stays as it is.
    watched.named(settings.data, id)
    with watched.writing(settings.data):
        watched.drop(settings.data, id)


def print_watched(format: str, settings: Settings) -> None:
    """Writes what is watched to standard output."""
    _print(watched.watched(settings.data), format)


def print_changes(format: str, settings: Settings) -> None:
    """Looks at what was not looked at yet, then writes the last changes to standard output."""
    _catch_up(settings)
    found = watched.changes(settings.data, _TOLD)
    if format == "json":
        answers = [said_of(each) for each in watched.watched(settings.data)]
        print(json.dumps({"watched": answers, "changes": found}, ensure_ascii=False, indent=1))
        return
    spoken = "en" if language() == "en" else "zh"
    for change in found:
        print(*lines(change, spoken), sep="\n")
    if not found:
        print(told("所关注的答案没有变化。", "No watched answer has changed."))


def note_changes(settings: Settings) -> None:
    """After a publication: looks at what is watched, and says where an answer is another."""
    changed = _catch_up(settings)
    if changed:
        zh = f"所关注的答案有 {changed} 个变了：zhengce changes。"
        print(told(zh, f"Watched answers that are others now: {changed}; see zhengce changes."), file=sys.stderr)


def _catch_up(settings: Settings) -> int:
    # Most folders have none, and are not opened for it.
    if settings.remote or not watched.files(settings.data):
        return 0
    current = Snapshots(settings.data, settings.keep_snapshots).current()
    if current is None or all(each.seen[1] == current.published.isoformat() for each in watched.watched(settings.data)):
        return 0

    async def run() -> int:
        async with _service(settings) as service:
            return await watching.catch_up(service)

    return asyncio.run(run())


def _service(settings: Settings) -> Service:
    """A service for one question at a time. Raises where there is no data of its own."""
    if settings.remote:
        raise UsageError("数据在别处的引擎里，没有快照可以对照。", "The data is an engine's elsewhere: there are no snapshots to compare.")
    if Snapshots(settings.data, settings.keep_snapshots).current() is None:
        raise NothingPublishedError(str(settings.data))
    return Service(replace(settings, workers=1, spares=0))


async def _queries(service: Service, asked: str, text: str, values: Sequence[str]) -> list[_Query] | dict[str, Any]:
    """What is to be watched; a question in words may ask several things. What is declined comes back as ``/ask`` tells it."""
    if text:
        if changes_by_itself(text):
            zh = "这个查询每次的结果都可能不同（NOW、RAND、UUID、BNODE、SERVICE），不能关注。"
            en = "The answer to this query may be another each time (NOW, RAND, UUID, BNODE, SERVICE), so it cannot be watched."
            raise UsageError(zh, en)
        return [_Query(asked, text, service.settings.default_graph)]
    if asked in catalogue():
        given = _given(values)
        made = await ask(catalogue()[asked], given, service.answer)
        said = "".join(f" {name}={'|'.join(each)}" for name, each in given.items())
        return [_Query(f"{asked}{said}", made.text, "own")]
    if values:
        raise UsageError(f"目录里没有问题 {asked}。", f"There is no question {asked} in the catalogue.")
    answer = await Questions(service.answer, lambda: "").ask(asked)
    if answer["declined"]:
        return answer
    parts = answer["answer"]["parts"]
    return [
        _Query(asked if len(parts) == 1 else f"{asked} ({number})", each["query"], "own", each["top"])
        for number, each in enumerate(parts, 1)
    ]


def _given(values: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The parameters of ``name=value``, each with all its values."""
    given: dict[str, tuple[str, ...]] = {}
    for each in values:
        name, equals, value = each.partition("=")
        if not equals:
            raise UsageError(f"参数写作 name=值：{each}。", f"A parameter is written name=value: {each}.")
        given[name] = (*given.get(name, ()), value)
    return given


def _print(answers: Sequence[Watched], format: str) -> None:
    if format == "json":
        print(json.dumps([said_of(each) for each in answers], ensure_ascii=False, indent=1))
        return
    table = Table()
    heads = ("ID", told("问题", "question"), told("认可时", "accepted"), told("行数", "rows"), told("现在", "now"))
    for head in heads:
        table.add_column(head, overflow="fold")
    for each in answers:
        table.add_row(
            each.id, asked_in(each.asked, language() or "zh"), str(each.accepted.snapshot), str(each.accepted.count), next(_state(each))
        )
    Console().print(table)


def _state(kept: Watched) -> Iterator[str]:
    """How the answer of today is beside the one that was accepted."""
    came, went = kept.since
    if kept.reason:
        yield told(*kept.reason)
    yield told("未变", "the same") if not came and not went else f"+{came} −{went}"
