"""``--lang`` and the environment, turned into the language that the reader of a terminal reads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Annotated

import typer

from ontology.errors import Language

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Which locale counts, the first that is set: https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/V1_chap08.html"""


_CHOSEN: ContextVar[Language | None] = ContextVar("language", default=None)
"""What ``--lang`` said: options are read before the command that has them runs, and an error may end the command anywhere."""


def of_environment(environment: Mapping[str, str] = os.environ) -> Language | None:
    """The language of messages that the environment asks for; None where it asks for none: then both are said.

    >>> of_environment({"LANG": "zh_CN.UTF-8"}), of_environment({"LANG": "zh_CN", "LC_ALL": "en_GB.UTF-8"})
    ('zh', 'en')
    >>> of_environment({"LANG": "de_DE.UTF-8"}), of_environment({"LANG": "C.UTF-8"}), of_environment({})
    ('en', None, None)
    """
    locale = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    language = locale.partition(".")[0].partition("_")[0].lower()
    if language in ("", "c", "posix"):
        return None
    return "zh" if language == "zh" else "en"


def language() -> Language | None:
    """The language of the command that runs: what its ``--lang`` says, else what the environment does."""
    return _CHOSEN.get() or of_environment()


def told(zh: str, en: str) -> str:
    """The words of one thing in the reader's language, or in both."""
    return {"zh": zh, "en": en}.get(language() or "", f"{zh} {en}")


def _choose(value: str | None) -> str | None:
    if value is not None:
        if value not in ("zh", "en"):
            raise typer.BadParameter("zh | en")
        _CHOSEN.set("zh" if value == "zh" else "en")
    return value


Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        help="zh | en：提示与结果的语言（默认按 LC_ALL、LC_MESSAGES、LANG）。 The language of messages and results.",
        show_default=False,
        is_eager=True,
        callback=_choose,
    ),
]
"""An option of every command, before its name or after."""
