"""The ``#+`` lines at the head of a ``.rq`` file, turned into what they say.

They are decorators as grlc has them (https://grlc.io): one mapping in YAML, which other tools read too. ``summary``, ``description``,
``tags``, ``method``, ``pagination`` and ``endpoint`` mean what they mean there; ``answer`` and ``params`` are read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml  # type: ignore[import-untyped]

from queries.errors import MalformedQueryError

MARK = "#+"
BETWEEN = " · "
"""Stands between the Chinese and the English of a text."""
KEYS = ("summary", "description", "tags", "method", "pagination", "endpoint", "answer", "params")
REQUIRED = ("summary", "description", "tags", "answer")


class _Loader(yaml.SafeLoader if not yaml.__with_libyaml__ else yaml.CSafeLoader):  # type: ignore[misc]
    """Plain values and nothing else; a key that stands twice is an error."""


def _mapping(loader: Any, node: Any) -> dict[object, object]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise yaml.constructor.ConstructorError(problem=f"{twice} stands twice", problem_mark=node.start_mark)
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def decorators(name: str, text: str) -> Mapping[str, Any]:
    """What the head of a file says; raises MalformedQueryError where it is no mapping, lacks a key or has one that is not known."""
    lines = []
    for line in text.splitlines():
        if not line.startswith(MARK):
            break
        lines.append(line.removeprefix(MARK))
    try:
        said = yaml.load("\n".join(lines), _Loader)  # noqa: S506 - a loader of plain values
    except yaml.YAMLError as error:
        reason = " ".join(str(getattr(error, "problem", "") or error).split())
        raise MalformedQueryError(name, f"头部不是 YAML：{reason}", f"the header is no YAML: {reason}") from error
    if not isinstance(said, dict):
        raise MalformedQueryError(name, "没有头部", "there is no header")
    if unknown := [str(key) for key in said if key not in KEYS]:
        raise MalformedQueryError(name, f"头部未知：{'、'.join(unknown)}", f"the header has what is not known: {', '.join(unknown)}")
    if missing := [key for key in REQUIRED if key not in said]:
        raise MalformedQueryError(name, f"头部缺少 {'、'.join(missing)}", f"the header lacks {', '.join(missing)}")
    return said


def both(name: str, key: str, said: object) -> dict[str, str]:
    """The two halves of a text; raises MalformedQueryError where it has not two."""
    halves = said.split(BETWEEN) if isinstance(said, str) else []
    if len(halves) != 2 or not all(map(str.strip, halves)):
        raise MalformedQueryError(name, f"{key} 应为“中文{BETWEEN}English”", f"{key} is not written 中文{BETWEEN}English")
    return {"zh": halves[0].strip(), "en": halves[1].strip()}


def marked(text: str, **said: str) -> str:
    """The text of a file with more decorators at the end of its head.

    >>> marked("#+ summary: 甲 · A\\nASK {}\\n", endpoint="http://x/sparql")
    '#+ summary: 甲 · A\\n#+ endpoint: http://x/sparql\\nASK {}\\n'
    """
    lines = text.splitlines(keepends=True)
    head = next((number for number, line in enumerate(lines) if not line.startswith(MARK)), len(lines))
    return "".join([*lines[:head], *(f"{MARK} {key}: {value}\n" for key, value in said.items()), *lines[head:]])
