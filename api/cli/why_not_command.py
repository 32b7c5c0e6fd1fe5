"""``zhengce why-not``: a thing and a question, or a triple, turned into lines that say which condition fails and what comes nearest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from api.answers.catalogue import ask
from api.cli.errors import UsageError
from api.cli.output import answering, opened
from api.settings import Settings
from graph.proofs.why_not import MissingRow, row_explained, triple_explained
from graph.proofs.why_not_text import lines
from graph.store.embedded_store import DatasetOf, Store
from queries import catalogue


def print_why_not(words: tuple[str, ...], settings: Settings, *, values: Sequence[str], variable: str, format: str, spoken: str) -> None:
    """Writes why a thing is in no row of a question, or why a triple is not there, to standard output."""
    if format not in {"text", "json"}:
        raise UsageError(f"没有格式 {format}，可用：text、json。", f"There is no format {format}; there are text, json.")
    store = opened(settings)
    if len(words) == 3:
        said = triple_explained(store, (words[0], words[1], words[2]))
    else:
        said = row_explained(store, MissingRow(words[0], _query(store, words[1], values), variable, DatasetOf(union=True)))
    print(json.dumps(said, ensure_ascii=False, indent=1) if format == "json" else "\n".join(lines(said, spoken)))


def _query(store: Store, word: str, values: Sequence[str]) -> str:
    """The text of a query: of a question of the catalogue with its values, of a file, or as it is."""
    if word in catalogue():
        given: dict[str, list[str]] = {}
        for each in values:
            name, equals, value = each.partition("=")
            if not equals:
                raise UsageError(f"“{each}”应为 名称=值。", f"“{each}” should be name=value.")
            given.setdefault(name, []).append(value)
        return asyncio.run(ask(catalogue()[word], given, answering(store))).text
    if word.endswith(".rq"):
        try:
            return Path(word).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"读不了 {word}。", f"{word} cannot be read.") from error
    if "{" in word:
        return word
    raise UsageError(f"目录里没有问题 {word}。", f"The catalogue has no question {word}.")
