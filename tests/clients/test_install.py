"""A client that cannot be had, or is another than the lock names, ends the installation with one sentence; nothing is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.clients import SOURCES, Process
from tests.clients.install import HERE, LOCK, NODE, WANTED, InstallError, install_jars

JAR = "org.slf4j:slf4j-nop:2.0.17"


def test_a_jar_that_is_another_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(f"{JAR} {'0' * 64}\n", "utf-8")
    with pytest.raises(InstallError, match=r"SHA-256 of org\.slf4j:slf4j-nop:2\.0\.17 should be 0{64}"):
        install_jars(tmp_path / "jars", tmp_path / "lock")
    assert list((tmp_path / "jars").iterdir()) == []


def test_an_empty_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("# nothing\n", "utf-8")
    with pytest.raises(InstallError, match="is empty"):
        install_jars(tmp_path / "jars", tmp_path / "lock")


def test_the_lock_holds_what_is_wanted_with_hashes() -> None:
    locked = dict(line.split() for line in LOCK.read_text("utf-8").splitlines())
    wanted = [line for line in WANTED.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(wanted) > 5
    assert set(wanted) <= set(locked)
    assert all(len(sha256) == 64 for sha256 in locked.values())


def test_the_lock_of_the_packages_holds_hashes_and_no_address() -> None:
    text = (HERE / "package-lock.json").read_text("utf-8")
    assert text.count('"integrity"') > 100
    assert '"resolved"' not in text


def test_a_driver_that_ends_is_an_error_and_not_an_empty_answer() -> None:
    process = Process([str(NODE), str(SOURCES / "never.mjs")])
    with pytest.raises((RuntimeError, BrokenPipeError), match=r"ended with|Broken pipe"):
        process.request("select", "SELECT * {}")
    process.close()
