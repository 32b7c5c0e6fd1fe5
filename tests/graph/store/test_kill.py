"""A writer that is killed at any moment leaves the old snapshot or the new one, alone or as a part of a running service."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from benchmarks import kill_served
from benchmarks.kill import run
from graph.store.snapshot import Snapshots

PART = NamedNode("http://example.org/part")


def seeded() -> int:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    return seed


def test_killed_writers_leave_whole_snapshots_and_lose_none(tmp_path: Path) -> None:
    found = run(tmp_path, 20, seeded(), ("draft", "update"))
    assert found.snapshots > 5
    assert (found.corrupt, found.lost, found.foreign) == (0, 0, 0)


def test_a_killed_service_keeps_every_write_that_it_acknowledged(tmp_path: Path) -> None:
    found = kill_served.run(tmp_path, 4, seeded())
    assert set(found.kills) == set(kill_served.KINDS)
    assert found.acknowledged >= 1
    assert found.ingested >= 1
    assert (found.corrupt, found.lost, found.lost_writes) == (0, 0, 0)


def publish(folder: Path, parts: Sequence[int]) -> None:
    """A snapshot that holds so many triples of each write, from number 1."""
    with Snapshots(folder, kill_served.KEEP).draft() as draft:
        draft.replace(
            NamedNode("http://example.org/g"),
            (
                Quad(NamedNode(f"http://example.org/write/{number}"), PART, Literal(part))
                for number, count in enumerate(parts, 1)
                for part in range(count)
            ),
        )


@pytest.mark.parametrize(
    ("parts", "acknowledged", "published", "expected"),
    [
        ((12, 12), {1: 1, 2: 2}, {1, 2}, (0, 0, 0)),
        ((12, 11), {1: 1}, {1}, (1, 0, 0)),
        ((12,), {1: 1, 2: 2}, {1}, (0, 0, 1)),
        ((12, 12), {1: 1, 2: 9}, {1}, (0, 2, 0)),
        ((12, 12), {}, {1, 5}, (0, 2, 0)),
    ],
)
def test_what_is_broken_is_counted(
    tmp_path: Path, parts: Sequence[int], acknowledged: dict[int, int], published: set[int], expected: tuple[int, int, int]
) -> None:
    publish(tmp_path, parts[:1])
    publish(tmp_path, parts)
    found, told = kill_served.Served(), kill_served.Told(acknowledged=acknowledged, published=published)
    kill_served.look(tmp_path, told, found)
    assert (found.corrupt, found.lost, found.lost_writes) == expected


def test_a_store_whose_files_are_gone_is_counted(tmp_path: Path) -> None:
    publish(tmp_path, (12,))
    publish(tmp_path, (12, 12))
    current = Snapshots(tmp_path).current()
    assert current is not None
    next(current.path.glob("MANIFEST*")).unlink()
    found = kill_served.Served()
    kill_served.look(tmp_path, kill_served.Told(), found)
    assert found.corrupt == 1
