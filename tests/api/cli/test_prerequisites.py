"""What a machine gives is held against what a command needs: enough is enough, one less is told."""

from __future__ import annotations

import resource
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from api.cli.prerequisites import check_address, check_limits, check_writable
from ontology.errors import MachineError

INFINITE = resource.RLIM_INFINITY
FILES, SPACE, HEAP = resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_DATA
MB = 1 << 20


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """The limits of this process as the program sees and sets them; none at first."""
    held = {FILES: (INFINITE, INFINITE), SPACE: (INFINITE, INFINITE), HEAP: (INFINITE, INFINITE)}
    monkeypatch.setattr(resource, "getrlimit", held.__getitem__)
    monkeypatch.setattr(resource, "setrlimit", held.__setitem__)
    return held


@pytest.mark.parametrize(
    ("files", "after"),
    [
        ((INFINITE, INFINITE), (INFINITE, INFINITE)),
        ((1024, 4096), (4096, 4096)),
        ((1024, 1 << 20), (65_536, 1 << 20)),
        ((1024, INFINITE), (65_536, INFINITE)),
        ((100_000, INFINITE), (100_000, INFINITE)),
        ((100_000, 1 << 20), (100_000, 1 << 20)),
        ((256, 256), (256, 256)),
        ((16, 256), (256, 256)),
    ],
)
def test_open_files_are_raised_as_far_as_they_may_be(
    files: tuple[int, int], after: tuple[int, int], limits: dict[int, tuple[int, int]]
) -> None:
    limits[FILES] = files
    check_limits()
    assert limits[FILES] == after


def test_too_few_open_files_are_told(limits: dict[int, tuple[int, int]]) -> None:
    limits[FILES] = (16, 255)
    with pytest.raises(MachineError) as told:
        check_limits()
    assert "ulimit -n" in told.value.en
    assert "255 open files are allowed and 256 are needed" in told.value.en
    assert "最多可同时打开 255 个文件，至少需要 256" in told.value.zh


@pytest.mark.parametrize(
    ("given", "serving", "name"),
    [
        ({SPACE: 1536 * MB}, False, None),
        ({SPACE: 1536 * MB - 1}, False, "ulimit -v"),
        ({SPACE: 1536 * MB}, True, "ulimit -v"),
        ({SPACE: 2048 * MB}, True, None),
        ({HEAP: 2047 * MB}, True, "ulimit -d"),
        ({HEAP: 2047 * MB}, False, None),
        ({HEAP: 1535 * MB}, False, "ulimit -d"),
    ],
)
def test_memory(given: Mapping[int, int], serving: bool, name: str | None, limits: dict[int, tuple[int, int]]) -> None:
    limits.update({which: (most, INFINITE) for which, most in given.items()})
    if name is None:
        check_limits(serving=serving)
        return
    with pytest.raises(MachineError) as told:
        check_limits(serving=serving)
    needed = "2,048" if serving else "1,536"
    assert name in told.value.en
    assert f"{next(iter(given.values())) >> 20:,} MB of memory are allowed and {needed} MB are needed" in told.value.en
    assert f"最多可用 {next(iter(given.values())) >> 20:,} MB 内存，至少需要 {needed} MB" in told.value.zh


def test_an_address_where_somebody_listens_is_told_and_a_free_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MachineError) as told:
            check_address("127.0.0.1", port)
        assert f"127.0.0.1:{port}" in told.value.en
    check_address("127.0.0.1", port)
    with pytest.raises(MachineError, match="there is no such address"):
        check_address("no.such.host.invalid", port)


def test_a_folder_is_made_and_written_to_and_nothing_stays(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []
    check_writable(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    with pytest.raises(MachineError) as told:
        check_writable(tmp_path / "file" / "below")
    assert str(tmp_path / "file" / "below") in told.value.en
