"""The commands ``zhengce watch`` and ``zhengce changes``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.errors import UsageError
from api.cli.language import Lang
from api.cli.running import Data, reported, settings_of, text_of

if TYPE_CHECKING:
    from api.settings import Settings


def watch(
    question: Annotated[
        str | None,
        typer.Argument(
            help="一句话、目录中问题的名称，或 SPARQL 文件。 A question in words, the name of one in the catalogue, or a file of SPARQL.",
            show_default=False,
        ),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(help="目录问题的参数，name=值。 Parameters of a question of the catalogue, name=value.", show_default=False),
    ] = None,
    text: Annotated[str | None, typer.Option("-e", help="SPARQL 文本。 The text of a query.", show_default=False)] = None,
    *,
    listed: Annotated[bool, typer.Option("--list", help="列出所关注的。 List what is watched.")] = False,
    accepted: Annotated[
        str | None, typer.Option("--accept", metavar="ID", help="认可现在的答案。 Accept the answer that holds now.", show_default=False)
    ] = None,
    removed: Annotated[str | None, typer.Option("--remove", metavar="ID", help="不再关注。 Watch it no more.", show_default=False)] = None,
    format: Annotated[str, typer.Option(help="text | json")] = "text",
    data: Data = None,
    lang: Lang = None,
) -> None:
    """关注一个答案：记下现在的答案，此后每次发布都与它对照。 Watch an answer: it is kept, and looked at again after each publication."""
    with reported():
        ways = (question, text, listed or None, accepted, removed)
        if sum(each is not None for each in ways) != 1 or (values and question is None):
            raise UsageError(
                "请给出一个问题、-e 文本、--list、--accept ID 或 --remove ID 之一。",
                "Give one of: a question, -e TEXT, --list, --accept ID, --remove ID.",
            )
        from api.cli import watched_answers

        chosen = _settings(data)
        watched_answers.check_format(format)
        if removed is not None:
            watched_answers.remove(removed, chosen)
        elif listed:
            watched_answers.print_watched(format, chosen)
        elif accepted is not None:
            if not watched_answers.accept(accepted, chosen):
                raise typer.Exit(1)
        elif not watched_answers.add(_asked(question, text), values or [], format, chosen):
            raise typer.Exit(1)


def changes(
    *,
    format: Annotated[str, typer.Option(help="text | json")] = "text",
    data: Data = None,
    lang: Lang = None,
) -> None:
    """所关注的答案在历次发布中有哪些变了，是哪些行、哪些事实和原文所致。
    Which watched answers publications changed, by which rows, and which facts and words did it."""
    with reported():
        from api.cli import watched_answers

        watched_answers.check_format(format)
        watched_answers.print_changes(format, _settings(data))


def _settings(data: Path | None) -> Settings:
    settings = settings_of(data)
    if settings.remote:
        raise UsageError(
            "所关注的答案记在数据文件夹里；ZHENGCE_STORE 指着别处。",
            "Watched answers are kept in a data folder; ZHENGCE_STORE is elsewhere.",
        )
    return settings


def _asked(question: str | None, text: str | None) -> tuple[str, str]:
    """What was asked, and the text of the query where it is one."""
    if text is not None:
        return text, text
    assert question is not None
    if Path(question).is_file():
        return question, text_of(Path(question))
    return question, ""
