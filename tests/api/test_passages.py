"""Passages found by a running service, from its memory and from the folder, and by the command line: the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import Store

from graph.store.passage_index import NAME
from graph.store.snapshot import Snapshots

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    with Snapshots(made).draft() as draft:
        draft.add(dataset.quads_for_pattern(None, None, None, None))
    return made


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from api.cli.main import main; main()", "search", *words],
        env={**os.environ, "ZHENGCE_DATA": str(folder), "PYTHONPATH": str(ROOT), "COLUMNS": "100", "NO_COLOR": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("store", ["memory", "disk"])
@pytest.mark.parametrize("text", ["低空", "ESG", "2025-2027", "推进长三角检验检测"])
def test_service_and_command_line_give_the_same(
    folder: Path, open_service: Callable[..., AbstractContextManager[Any]], store: str, text: str
) -> None:
    with open_service(folder, store=store) as client:
        found = client.get(f"/search.json?passages=20&q={quote(text)}").json["passages"]
    assert found["indexed"]
    told = command(folder, text, "--format", "json")
    assert json.loads(told.stdout) == found
    assert told.returncode == (0 if found["count"] else 1)


def test_page_lights_the_places_and_search_goes_on_without_an_index(
    folder: Path, open_service: Callable[..., AbstractContextManager[Any]], dataset: Store, tmp_path: Path
) -> None:
    with Snapshots(tmp_path).draft() as draft:
        draft.add(dataset.quads_for_pattern(None, None, None, None))
    address = f"/search?q={quote('低空')}"
    with open_service(tmp_path) as client:
        with_index = client.get(address, Accept="text/html").body
        current = Snapshots(tmp_path).current()
        assert current is not None
        (current.folder / NAME).rename(tmp_path / "elsewhere")
        without = client.get(f"{address}&lang=zh", Accept="text/html").body
        assert not client.get(f"/search.json?passages=2&q={quote('低空')}").json["passages"]["indexed"]
    assert with_index.decode().count("<mark>低空</mark>") == without.decode().count("<mark>低空</mark>") > 5


def test_command_line_says_how_many_and_ends_with_1_where_there_is_none(folder: Path) -> None:
    found = command(folder, "认证", "--limit", "3", "--lang", "zh")
    assert found.returncode == 0
    assert len(found.stdout.splitlines()) == 3
    assert "列出 3 段" in found.stderr
    nothing = command(folder, "并不存在的词", "--lang", "en")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "0 passages" in nothing.stderr
