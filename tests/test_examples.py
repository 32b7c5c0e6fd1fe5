"""What docs show in other languages, and the notebook, runs against a service over the shipped notice and says what it should."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.install import NODE
from tests.conformance.service import Service, running

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
R = shutil.which("Rscript")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    notice = ROOT / "ingest" / "notices" / "huzhiban-2026-2.txt"
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "ingest", str(notice)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "ZHENGCE_DATA": str(folder)}, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def service(data: Path) -> Iterator[Service]:
    with running(data) as made:
        yield made


def low_altitude(program: list[str], service: Service) -> list[tuple[str, str]]:
    """The tasks that an example prints: number and text."""
    done = subprocess.run([*program, f"{service.url}/sparql"], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return [(number, text) for number, _, text in (line.partition("\t") for line in done.stdout.splitlines())]


def test_javascript(service: Service) -> None:
    rows = low_altitude([str(NODE), str(EXAMPLES / "query.mjs")], service)
    assert [number for number, _ in rows] == ["9", "17", "49", "61"]
    assert all(re.search(r"[一-鿿]{4}", text) for _, text in rows)


def test_javascript_says_what_is_wrong(service: Service) -> None:
    done = subprocess.run([str(NODE), str(EXAMPLES / "query.mjs"), f"{service.url}/update"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert re.search(r"Error: 4\d\d: .+", done.stderr)


@pytest.mark.skipif(R is None, reason="R is not on this machine")
def test_r(service: Service) -> None:
    assert [number for number, _ in low_altitude([str(R), str(EXAMPLES / "query.R")], service)] == ["9", "17", "49", "61"]


def cells() -> list[str]:
    """The code of the notebook, cell by cell."""
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    assert (notebook["nbformat"], len({cell["id"] for cell in notebook["cells"]})) == (4, len(notebook["cells"]))
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in notebook["cells"] if cell["cell_type"] == "code")
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("of", ["endpoint", "folder"])
def test_the_notebook_runs_from_its_first_cell_to_its_last(of: str, service: Service, data: Path) -> None:
    source = f"{service.url}/sparql" if of == "endpoint" else str(data)
    asserted = [cell for cell in cells() if "assert" in cell]
    assert len(asserted) == 3
    program = "\n".join(cells())
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ZHENGCE_NOTEBOOK_SOURCE": source},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_example_is_named_in_the_docs() -> None:
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    names = [*(f"examples/{path.name}" for path in EXAMPLES.iterdir()), NOTEBOOK.name]
    assert len(names) == 3
    assert [name for name in names if f"({name})" not in page] == []
