"""A writer that is killed at any moment leaves the old snapshot or the new one."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.kill import run


def test_killed_writers_leave_whole_snapshots_and_lose_none(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    found = run(tmp_path, 20, seed, ("draft", "update"))
    assert found.snapshots > 5
    assert (found.corrupt, found.lost, found.foreign) == (0, 0, 0)
