"""Every library that is named anywhere has a line that says why, and CONTRIBUTING.md names files and targets that are there."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
HOW = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| 库", "| ---"))]


def explained() -> set[str]:
    """The names in the first cells of the tables, small."""
    return {name for row in ROWS for name in re.findall(r"[@\w./-]+", row.split("|")[1].lower())}


def required() -> set[str]:
    """The Python packages of all extras and groups."""
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    lists = [project["dependencies"], *project["optional-dependencies"].values(), *groups.values()]
    return {re.split(r"[<>=!;\[ ~]", each)[0].lower() for names in lists for each in names}


def test_every_python_package_has_its_line() -> None:
    assert len(required()) > 30
    assert sorted(required() - explained()) == []


def test_every_package_of_the_pages_and_of_the_clients_has_its_line() -> None:
    for path in ("api/web/package.json", "tests/clients/package.json"):
        described = json.loads((ROOT / path).read_text("utf-8"))
        names = {*described.get("dependencies", {}), *described.get("devDependencies", {})}
        assert names
        assert sorted(name for name in names if not {name, name.rpartition("/")[2]} & explained()) == []
    jars = [line.split(":")[1] for line in (ROOT / "tests/clients/jars.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert jars
    assert sorted(set(jars) - explained()) == []


def test_every_line_says_why_and_under_which_licence() -> None:
    assert len(ROWS) > 30
    for row in ROWS:
        _, names, why, licence, _ = row.split(" | ") if row.count(" | ") == 4 else ("", *row.strip("| ").split(" | "), "")
        assert " · " in why, names
        assert re.search(r"MIT|BSD|Apache|MPL|LGPL|EPL|W3C|Unlicense|curl", licence), names


def test_files_that_contributing_names_are_there() -> None:
    named = re.findall(r"`((?:api|graph|ingest|ontology|queries|tests)/[\w./-]+)`", HOW)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_targets_that_contributing_names_are_there_and_none_is_left_out() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)", HOW))
    assert named
    assert named <= targets
    assert {"test", "quick", "check", "format", "hooks", "coverage", "mutants", "lock", "release"} <= named
