"""A release is what its tag says, and its wheel, in an environment and a folder of its own, answers as the repository does."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest

from release import ReleaseError, notes, wheel

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOW_ALTITUDE = """PREFIX zc: <https://w3id.org/zhengce/def#> SELECT ?number {
  ?task a zc:Task ; zc:number ?number ; zc:involvesIndustry <https://w3id.org/zhengce/id/industry/low-altitude-aviation> }"""
MEGABYTES = 8
"""The wheel holds text, pages and outlines of districts; more than this is a file that should not be in it."""


@pytest.mark.parametrize(
    ("tag", "version", "changelog", "expected"),
    [
        ("v1.0.1", "1.0.0", "## 1.0.0 (2026-01-01)\n\n- A.\n", "should be v1.0.0"),
        ("1.0.0", "1.0.0", "## 1.0.0 (2026-01-01)\n\n- A.\n", "should be v1.0.0"),
        ("v1.0.0", "1.0.0", "## 0.9.0 (2026-01-01)\n\n- A.\n", "newest heading"),
        ("v1.0.0", "1.0.0", "# Changelog\n", "newest heading"),
        ("v1.0.0", "1.0.0", "## 1.0.0 (unreleased)\n\n- A.\n", "its date"),
        ("v1.0.0", "1.0.0", "## 1.0.0 (2026-01-01)\n\n## 0.9.0 (2025-01-01)\n\n- A.\n", "says nothing"),
    ],
)
def test_a_tag_that_does_not_agree_is_refused(tag: str, version: str, changelog: str, expected: str) -> None:
    with pytest.raises(ReleaseError, match=expected):
        notes(tag, version, changelog)


def test_the_changelog_can_be_released_once_it_has_a_date() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8").replace("(unreleased)", "(2026-12-31)", 1)
    assert "###" in notes(f"v{PROJECT['version']}", PROJECT["version"], changelog)


def test_the_ontology_has_the_version_of_the_package() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "ontology").rglob("*.ttl")]
    versions = {version for text in texts for version in re.findall(r'owl:versionInfo\s+"([^"]+)"', text)}
    assert versions == {PROJECT["version"]}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the files as they are."""
    return wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment elsewhere with the wheel in it, and a path to the locked libraries of this one, which hold no Zhengce."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=False)
    site = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(built)]
    subprocess.run(command, check=True)
    # A path in a .pth file is not searched for .pth files: the editable install of this repository stays out.
    Path(site, "locked.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder


@pytest.mark.slow
def test_the_wheel_holds_the_five_packages_their_data_and_the_pages(built: Path) -> None:
    with ZipFile(built) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"ontology", "ingest", "graph", "queries", "api"}
    for part in ("ontology/", "queries/catalogue/", "ingest/notices/", "api/static/", "api/pages/"):
        assert [name for name in names if name.startswith(part)], part
    shipped = {
        path.relative_to(ROOT).as_posix() for room in ("ontology", "queries", "ingest", "graph") for path in (ROOT / room).rglob("*")
    }
    data = {name for name in shipped if Path(name).suffix in {".ttl", ".rq", ".csv", ".txt", ".py"}}
    assert len(data) > 100
    assert data <= set(names)
    assert not [name for name in names if name.startswith("api/web/") or "node_modules" in name]
    assert built.stat().st_size < MEGABYTES << 20


@pytest.mark.slow
def test_the_installed_wheel_is_imported_from_its_own_folder(installed: Path, tmp_path: Path) -> None:
    code = "import api, graph, ingest, ontology, queries; print(*(p.__path__[0] for p in (api, graph, ingest, ontology, queries)))"
    done = subprocess.run(
        [installed / "bin" / "python", "-c", code], cwd=tmp_path, env=_environment(), capture_output=True, text=True, check=True
    )
    assert all(Path(path).is_relative_to(installed) for path in done.stdout.split())


@pytest.mark.slow
def test_the_installed_wheel_serves_the_low_altitude_question(installed: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(installed / "bin" / "zhengce"), "serve", "--port", str(port)]
    environment = {**_environment(), "ZHENGCE_DATA": str(tmp_path / "data")}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _await(f"{address}/health/ready", process)
            request = Request(f"{address}/sparql?query={quote(LOW_ALTITUDE)}", headers={"Accept": "application/sparql-results+json"})
            with urlopen(request, timeout=30) as response:
                rows = json.load(response)["results"]["bindings"]
            assert sorted(int(row["number"]["value"]) for row in rows) == [9, 17, 49, 61]
            with urlopen(Request(address, headers={"Accept": "text/html"}), timeout=30) as response:
                page = response.read().decode()
            assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
            assert assets
            for asset in assets:
                with urlopen(address + asset, timeout=30) as response:
                    assert response.read()
        finally:
            process.terminate()
            process.wait(20)


def _environment() -> dict[str, str]:
    """This environment without what would lead to the repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ZHENGCE_", "PYTHON", "VIRTUAL_ENV"))}


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the service ended"
        try:
            with urlopen(address, timeout=5) as response:
                if response.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the service does not answer")
