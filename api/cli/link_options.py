"""The command ``zhengce link`` and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.language import Lang
from api.cli.running import Data, note_changes, reported, settings_of

Address = Annotated[str | None, typer.Option("--endpoint", help="要问的 SPARQL 端点。 The SPARQL endpoint to ask.", show_default=False)]
Types = Annotated[
    list[str] | None, typer.Option("--type", help="只为这些类，可多个，如 District。 For these classes only, several.", show_default=False)
]
Threshold = Annotated[float, typer.Option(help="得分低于此的不提出。 What scores less is not proposed.", min=0.0, max=1.0)]
Rate = Annotated[float, typer.Option(help="每秒最多几个请求。 Requests a second, at most.", min=0.01, max=100.0)]
Timeout = Annotated[float, typer.Option(help="一次回答的秒数。 Seconds for one answer.", min=1.0, max=600.0)]
Accept = Annotated[
    list[str] | None, typer.Option("--accept", help="接受到此目标的提议，可多个。 Accept what leads to this target.", show_default=False)
]
Reject = Annotated[
    list[str] | None, typer.Option("--reject", help="不接受，可多个。 Reject what leads to this target.", show_default=False)
]
OfThing = Annotated[
    str, typer.Option("--thing", help="目标有几行时，是哪个事物。 Which thing, where a target has several.", show_default=False)
]
Strength = Annotated[str, typer.Option("--kind", help="exact | close | broad | narrow | related", show_default="如提议 as proposed")]
Reviewer = Annotated[str, typer.Option("--reviewer", help="谁决定的。 Who decides.", show_default=False)]
Further = Annotated[str, typer.Option("--source", help="另一个来源。 Another source that says so.", show_default=False)]
Publish = Annotated[
    bool, typer.Option("--publish", help="发布账本里的决定（手工填写之后）。 Publish what the ledger decides, after it was edited.")
]
Ledger = Annotated[Path | None, typer.Option("--ledger", help="账本（默认数据文件夹的 links.csv）。 The ledger.", show_default=False)]


def link(
    *,
    endpoint: Address = None,
    type: Types = None,
    threshold: Threshold = 0.8,
    rate: Rate = 2.0,
    timeout: Timeout = 30.0,
    accept: Accept = None,
    reject: Reject = None,
    thing: OfThing = "",
    kind: Strength = "",
    reviewer: Reviewer = "",
    source: Further = "",
    publish: Publish = False,
    ledger: Ledger = None,
    data: Data = None,
    lang: Lang = None,
) -> None:
    """为我们的事物提出到任一 SPARQL 端点的链接，记入账本；接受的发布到 graph/links/…。
    Propose links to any SPARQL endpoint into a ledger; accepted ones are published."""
    with reported():
        from api.cli.link_command import Asking, Decisions, run

        asking = Asking(endpoint, tuple(type or ()), threshold, rate, timeout) if endpoint is not None else None
        decisions = Decisions(tuple(accept or ()), tuple(reject or ()), thing, kind, reviewer, source, publish)
        settings = settings_of(data)
        run(asking, decisions, ledger, settings)
        note_changes(settings)
