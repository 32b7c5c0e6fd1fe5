"""The five packages are ours and nobody else's, and no file names a package index."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
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


def ours() -> list[Path]:
    """The files of the project: those that git tracks, or in an archive without it all but what the commands of the Makefile make."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        return [ROOT / name for name in tracked if name and (ROOT / name).is_file()]
    return list(walk(ROOT))


def walk(folder: Path) -> Iterator[Path]:
    """The files below a folder but those that .gitignore names: with a slash before it at the top alone, else anywhere."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for path in folder.iterdir():
        place = "/" + path.relative_to(ROOT).as_posix()
        if any(fnmatch(place if pattern.startswith("/") else path.name, pattern) for pattern in ignored):
            continue
        yield from walk(path) if path.is_dir() and not path.is_symlink() else (path,)


def test_no_file_holds_the_address_of_a_package_index() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js.org", "deb.debian" + ".org", "repo1.maven" + ".org")
    texts = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in ours()}
    assert len(texts) > 100
    assert {"Makefile", "api/app.py", "requirements.lock"} <= set(texts)
    assert [name for name, text in texts.items() if any(host.encode() in text for host in hosts)] == []


def test_an_archive_without_git_is_looked_at_whole() -> None:
    assert set(ours()) <= set(walk(ROOT))


def test_locks_hold_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        pinned = [line for line in lines if "==" in line and not line.startswith((" ", "#"))]
        assert len(pinned) > 20
        assert (ROOT / name).read_text("utf-8").count("--hash=sha256:") >= len(pinned)
