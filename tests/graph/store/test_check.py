"""Whatever is damaged in a data folder is found, and what is whole is not complained of."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.store.check import Finding, check_folder
from graph.store.snapshot import Snapshots

NUMBER = NamedNode("http://example.org/number")
TIMES = 50
SEED = 20260
ENTRY = b"# an entry\n" * 100


def fill(folder: Path) -> None:
    """Three snapshots that share files, and what an ingest left that did not come to its end."""
    snapshots = Snapshots(folder)
    for value in range(4):
        with snapshots.draft() as draft:
            graph = NamedNode(f"http://example.org/graph/{value}")
            start = value * 20_000
            draft.add(Quad(NamedNode(f"http://example.org/thing/{n}"), NUMBER, Literal(n), graph) for n in range(start, start + 12_000))
    spool = folder / "spool" / "version"
    spool.mkdir(parents=True)
    (folder / "spool" / "lock").touch()
    (spool / "entry").write_bytes(gzip.compress(ENTRY, mtime=0))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "data"
    fill(folder)
    return folder


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flip(path: Path, chance: random.Random, _others: list[Path]) -> None:
    content = bytearray(path.read_bytes() or b"\0")
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.unlink()
    path.write_bytes(content)


def truncate(path: Path, chance: random.Random, _others: list[Path]) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: chance.randrange(len(content))] if content else b"more")


def delete(path: Path, _chance: random.Random, _others: list[Path]) -> None:
    path.unlink()


def swap(path: Path, chance: random.Random, others: list[Path]) -> None:
    """Its content and that of another file, which is another."""
    content = path.read_bytes()
    other = chance.choice([each for each in others if each.read_bytes() != content])
    theirs = other.read_bytes()
    for each, new in ((path, theirs), (other, content)):
        each.unlink()
        each.write_bytes(new)


def zero(path: Path, chance: random.Random, _others: list[Path]) -> None:
    content = bytearray(path.read_bytes())
    start = chance.randrange(max(1, len(content)))
    changed = content[:start] + bytes(len(content) - start)
    path.unlink()
    path.write_bytes(changed if changed != content else b"\1" + bytes(content))


def same_to_ingest(path: Path) -> bool:
    """A spool without an entry is a spool, and an entry is what it unpacks to."""
    return path.name == "entry" and (not path.exists() or gzip.decompress(path.read_bytes()) == ENTRY)


Damage = Callable[[Path, random.Random, list[Path]], None]


def damages() -> Iterator[tuple[int, Damage]]:
    kinds: tuple[Damage, ...] = (flip, truncate, delete, swap, zero)
    for number in range(TIMES):
        yield SEED + number, kinds[number % len(kinds)]


def faults(folder: Path) -> list[Finding]:
    return [finding for finding in check_folder(folder) if finding.fault]


def test_a_whole_folder_is_whole(whole: Path) -> None:
    assert list(check_folder(whole)) == []


def test_nothing_is_written_by_a_look(whole: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files(whole)}
    assert list(check_folder(whole)) == []
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files(whole)} == before


@pytest.mark.parametrize(("seed", "damage"), tuple(damages()), ids=lambda value: value if isinstance(value, int) else value.__name__)
def test_every_damage_is_found(whole: Path, tmp_path: Path, seed: int, damage: Damage) -> None:
    folder = tmp_path / "data"
    shutil.copytree(whole, folder)
    chance = random.Random(seed)
    there = files(folder)
    path = chance.choice(there)
    damage(path, chance, there)
    assert faults(folder) or same_to_ingest(path), f"{damage.__name__} of {path.relative_to(folder)} was not found"


@pytest.mark.parametrize(
    "name", ["current", "lock", "snapshots/4/in-use", "snapshots/4/snapshot.json", "spool/lock", "spool/version/entry"]
)
@pytest.mark.parametrize("damage", [flip, truncate, delete, swap, zero], ids=lambda value: value.__name__)
def test_damage_to_each_small_file_is_found(whole: Path, tmp_path: Path, name: str, damage: Damage) -> None:
    folder = tmp_path / "data"
    shutil.copytree(whole, folder)
    damage(folder / name, random.Random(1), files(folder))
    assert faults(folder) or same_to_ingest(folder / name)


def test_what_nobody_knows_is_told_and_is_no_fault(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(whole, folder)
    (folder / "snapshots" / "notes").mkdir()
    (folder / "snapshots" / "draft").mkdir()
    (finding, other) = check_folder(folder)
    assert not finding.fault
    assert not other.fault
    assert "draft" in finding.en
    assert "notes" in other.en


def test_an_older_pointer_is_a_fault(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(whole, folder)
    old = (folder / "current").read_bytes()
    with Snapshots(folder).draft():
        pass
    (folder / "current").write_bytes(old)
    assert any("zhengce snapshots adopt 5" in finding.en for finding in faults(folder))
