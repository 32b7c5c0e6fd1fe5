"""Files that are none: what never ends, or waits for somebody to write, is refused at once."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import TooLargeError, UnreadableError
from ingest.limits import DEFAULTS
from ingest.read import content, read


@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "device", "link to a device"])
def test_pipes_and_devices_are_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.txt"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link to a pipe":
        os.mkfifo(tmp_path / "pipe")
        path.symlink_to(tmp_path / "pipe")
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.symlink_to("/dev/zero")
    began = time.monotonic()
    with pytest.raises(UnreadableError) as told:
        read(path)
    assert time.monotonic() - began < 5
    assert "pipe or a device" in told.value.en


def test_folder_is_none(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        content(tmp_path)


def test_file_that_says_nothing_of_its_size_is_read_up_to_the_limit() -> None:
    path = Path("/proc/self/maps")
    if path.exists():
        assert path.stat().st_size == 0
        with pytest.raises(TooLargeError):
            content(path, replace(DEFAULTS, bytes=100))
    else:
        with pytest.raises(UnreadableError):
            content(path)
