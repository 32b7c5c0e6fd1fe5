"""What README and docs say is true: their commands run, their links lead somewhere, every command is named."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.main import app
from api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text("utf-8")
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [found["text"] for found in _BLOCK.finditer(README) if found["language"] == language]


def commands() -> list[list[str]]:
    """The zhengce commands of the README, as typed."""
    found = [shlex.split(text, comments=True) for text in blocks("sh") if text.startswith("zhengce ")]
    assert len(found) >= 2
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    assert run(["ingest", str(ROOT / "ingest" / "notices" / "huzhiban-2026-2.txt")], folder).returncode == 0
    return folder


def run(arguments: list[str], data: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ZHENGCE_DATA": str(data), "LC_ALL": "C"}
    command = [sys.executable, "-c", "from api.cli.main import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def test_commands_of_the_readme_run(data: Path) -> None:
    answers = [run(command[1:], data) for command in commands()]
    assert [answer.returncode for answer in answers] == [0] * len(answers)
    assert set(re.findall(r"\d+", answers[0].stdout)) == {"9", "17", "49", "61"}
    assert "“eVTOL”：任务9目标2" in answers[1].stdout


def test_every_command_stands_in_the_readme() -> None:
    names = {command.name or (command.callback.__name__ if command.callback else "") for command in app.registered_commands}
    assert len(names) >= 7
    assert [name for name in sorted(names) if f"`zhengce {name}" not in README] == []


def test_links_between_pages_lead_somewhere() -> None:
    links = [(page, link) for page in PAGES for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))]
    assert len(links) > 5
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_every_setting_stands_in_the_docs() -> None:
    said = "\n".join(page.read_text("utf-8") for page in PAGES)
    names = [f"{PREFIX}{name.upper()}" for name in Settings.__dataclass_fields__]
    assert names
    assert [name for name in names if name not in said] == []
