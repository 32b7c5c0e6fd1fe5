"""The five packages are ours and nobody else's, and no file names a package index."""

from __future__ import annotations

import importlib
import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("ontology", "ingest", "graph", "queries", "api")


@pytest.mark.parametrize("name", PACKAGES)
def test_package_resolves_inside_the_repository(name: str) -> None:
    found = importlib.import_module(name).__file__
    assert found
    assert Path(found).is_relative_to(ROOT)


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_ships_the_package(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"zhengce"}


def test_no_file_holds_the_address_of_a_package_index() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js.org", "deb.debian" + ".org", "repo1.maven" + ".org")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    texts = {name: (ROOT / name).read_bytes() for name in tracked if name and (ROOT / name).is_file()}
    assert len(texts) > 100
    assert [name for name, text in texts.items() if any(host.encode() in text for host in hosts)] == []


def test_locks_hold_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        pinned = [line for line in lines if "==" in line and not line.startswith((" ", "#"))]
        assert len(pinned) > 20
        assert (ROOT / name).read_text("utf-8").count("--hash=sha256:") >= len(pinned)
