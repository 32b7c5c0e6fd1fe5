"""``zhengce store check``: what an engine elsewhere can and cannot do, as a list for people."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape

from api.answers.remote_engine import endpoint_of
from api.cli.language import told
from api.settings import Settings
from graph.errors import GraphError
from graph.query.endpoint import Endpoint
from graph.query.probe import AVOIDED, NEEDED, Finding, examined

_SECONDS, _AT_START = 60.0, 10.0


def print_check(url: str, settings: Settings, update: str) -> bool:
    """Asks the engine everything and prints what came of it; False where it lacks what the service needs."""
    endpoint = Endpoint((url,), (update,) if update else (), settings.store_login, settings.store_token)
    console = Console(highlight=False)
    found = []
    for finding in examined(endpoint, _SECONDS, writing=bool(update)):
        found.append(finding)
        console.print(_line(finding))
    lacking = [finding for finding in found if not finding.passed and finding.probe.weight == NEEDED]
    passed = sum(finding.passed for finding in found)
    console.print(told(f"{len(found)} 问，通过 {passed} 问", f"{passed} of {len(found)} questions passed"))
    if not update:
        console.print(told("没有给出 --update，未试写入。", "Writing was not tried, as no --update was given."))
    return not lacking


def warn_of_engine(settings: Settings) -> None:
    """Says on standard error what an engine elsewhere lacks that the service needs; an engine that is away is only named."""
    try:
        for finding in examined(endpoint_of(settings), _AT_START, writing=False):
            if not finding.passed and finding.probe.weight == NEEDED:
                zh, en = finding.probe.zh, finding.probe.en
                print(told(f"{settings.remote} 做不到：{zh}。", f"{settings.remote} fails at this: {en}."), file=sys.stderr)
    except GraphError as error:
        print(error.sentence(None), file=sys.stderr)


def _line(finding: Finding) -> str:
    if finding.passed:
        return f"[green]✓[/] {escape(told(finding.probe.zh, finding.probe.en))}"
    weight = {
        NEEDED: told("服务需要", "the service needs it"),
        AVOIDED: told("服务避开了", "the service does without"),
    }.get(finding.probe.weight, told("只关系到自己写的查询", "only queries of your own meet it"))
    colour = "red" if finding.probe.weight == NEEDED else "yellow"
    found = " ".join(finding.found.split())[:120]
    return f"[{colour}]✗[/] {escape(told(finding.probe.zh, finding.probe.en))} — {weight} ({escape(found)})"
