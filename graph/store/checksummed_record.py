"""A small record, turned into a file that is written whole or not at all and shows by itself when a character of it has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT = 2
"""The version of what is written into a data folder. Version 1 had neither digests nor this number."""


class RecordError(ValueError):
    """A text that is no record of ours; ``zh`` and ``en`` say what is wrong with it."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(en)


def reasons(error: Exception) -> tuple[str, str]:
    """What is wrong with a record, in Chinese and in English; what other errors say is that its entries are of other types."""
    return (error.zh, error.en) if isinstance(error, RecordError) else ("其中的条目不对", "its entries are not what they should be")


def entries(text: str) -> dict[str, Any]:
    """The JSON object in a text, whoever wrote it."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        empty = not text.strip("\0 \r\n\t")
        raise RecordError(*(("是空的", "it is empty") if empty else ("不是 JSON", "it is no JSON"))) from error
    if not isinstance(body, dict) or not body:
        raise RecordError("没有内容", "it holds no record")
    return body


def sealed(record: Mapping[str, Any]) -> str:
    """The text of a record with its format and its digest.

    >>> unsealed(sealed({"current": 3})) == {"current": 3}
    True
    >>> unsealed(sealed({"current": 3}).replace("3", "2", 1))
    Traceback (most recent call last):
    ...
    graph.store.checksummed_record.RecordError: its checksum is another
    """
    body = {"format": FORMAT, **record}
    return _text({**body, "sha256": _digest(body)})


def unsealed(text: str) -> dict[str, Any]:
    """The record in a text; raises RecordError where the text is not exactly what ``sealed`` wrote."""
    body = entries(text)
    if body.get("format") != FORMAT:
        raise RecordError("不是可读的格式版本", f"it is not of format {FORMAT}")
    digest = body.pop("sha256", None)
    if digest != _digest(body) or text != _text({**body, "sha256": digest}):
        raise RecordError("校验和不符", "its checksum is another")
    del body["format"]
    return body


def write_durably(path: Path, text: str) -> None:
    """Writes the file beside its place and moves it there once it is on the disk."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """What was renamed in the folder stays so after a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=True, indent=1) + "\n"


def _digest(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, ensure_ascii=True, sort_keys=True).encode()).hexdigest()
