"""The packages as others use them: what docs/python.md shows runs, imports are cheap and open nothing, types are shipped."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tomllib
from inspect import isclass, isfunction
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
PACKAGES = ("ontology", "ingest", "graph", "queries")
_HEAVY = ("rdflib", "lxml", "docx", "pdfplumber", "selectolax", "owlready2", "fastapi", "pypinyin", "opencc", "ahocorasick_rs", "asyncio")


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_what_the_page_shows_runs_and_prints_what_it_says(tmp_path: Path) -> None:
    """In one program and in the order of the page, with a data folder beside it as ``zhengce ingest`` leaves it."""
    (tmp_path / "ingest").symlink_to(ROOT / "ingest")
    notice = ROOT / "ingest" / "notices" / "huzhiban-2026-2.txt"
    made = [sys.executable, "-c", "from api.cli.main import main; main()", "ingest", str(notice)]
    subprocess.run(made, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "ZHENGCE_DATA": str(tmp_path / "data")})
    program = "\n".join(blocks())
    said = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{program}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PATH": ""},
        check=False,
    )
    assert said.returncode == 0, said.stderr
    promised = re.findall(r"^ *print\(.*\)  # (.+)$", program, re.MULTILINE)
    assert len(promised) >= 5
    lines = iter(said.stdout.splitlines())
    assert [each for each in promised if each not in lines] == []
    assert "Task 9 — involves industry → Low-altitude aviation    [inferred]" in said.stdout


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_is_there_and_is_explained(name: str) -> None:
    package = importlib.import_module(name)
    assert len(set(package.__all__)) == len(package.__all__) > 3
    found = {public: getattr(package, public) for public in package.__all__}
    explained = {public: value for public, value in found.items() if isfunction(value) or isclass(value)}
    assert explained
    assert [public for public, value in explained.items() if not value.__doc__] == []
    assert f"`{name}`" in PAGE
    with pytest.raises(AttributeError):
        package.nothing_of_that_name  # noqa: B018


@pytest.mark.parametrize("name", PACKAGES)
def test_importing_a_package_opens_no_file_and_loads_no_heavy_library(name: str) -> None:
    program = (
        "import sys, pyoxigraph, csv, importlib.resources\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == 'open' else None)\n"
        f"import {name}\n"
        "print([path for path in opened if not path.endswith(('.py', '.pyc', '.so'))])\n"
        f"print([heavy for heavy in {_HEAVY!r} if heavy in sys.modules])\n"
        f"print(sorted(module for module in sys.modules if module.startswith(('ingest.', 'graph.'))))\n"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["[]", "[]", "[]"]


def test_types_are_shipped() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert len(packages) == 5
    assert [name for name in packages if not (ROOT / name / "py.typed").is_file()] == []
