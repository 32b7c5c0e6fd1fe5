"""Many files become one snapshot; a run that is killed goes on where it was; what changed takes the place of what was."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from pyoxigraph import NamedNode, Store

from api.publication.corpus import Outcome, found, ingest
from api.publication.publish import graphs_of, remove
from benchmarks.generate import as_text, invented, write
from graph.errors import UnknownGraphError
from graph.store.snapshot import Snapshots
from ingest.quads import notice_iri
from ingest.read import named
from ontology.names import DCTERMS, PROV

ROOT = Path(__file__).parents[3]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Eighteen notices of three tasks, in three formats."""
    return list(write(tmp_path / "files", 18, tasks=3, formats=["txt", "docx", "html"]))


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "data")


def said(snapshots: Snapshots) -> set[str]:
    """All that the current snapshot says of notices, but when they were read."""
    current = snapshots.current()
    assert current is not None
    store = Store.read_only(str(current.path))
    graphs = {graph for key in keys(snapshots) for graph in graphs_of(key)}
    return {str(quad) for quad in store if quad.predicate != PROV["generatedAtTime"] and quad.graph_name in graphs}


def keys(snapshots: Snapshots) -> set[str]:
    current = snapshots.current()
    assert current is not None
    graphs = (graph.value for graph in Store.read_only(str(current.path)).named_graphs() if isinstance(graph, NamedNode))
    return {graph.rpartition("/")[2] for graph in graphs if "/graph/notice/" in graph}


def title(snapshots: Snapshots, key: str) -> str:
    current = snapshots.current()
    assert current is not None
    (quad,) = Store.read_only(str(current.path)).quads_for_pattern(notice_iri(key), DCTERMS["title"], None, graphs_of(key)[0])
    return str(quad.object)


def test_a_pool_and_one_process_say_the_same(files: list[Path], tmp_path: Path) -> None:
    one, many = Snapshots(tmp_path / "one"), Snapshots(tmp_path / "many")
    told: list[tuple[int, int, Outcome]] = []
    alone = ingest(files, one)
    together = ingest(files, many, processes=2, notify=lambda done, of, outcome: told.append((done, of, outcome)))
    twice = [[(o.path, o.about and o.about.key, o.failure and o.failure.en) for o in outcomes] for outcomes in (alone, together)]
    assert twice[0] == twice[1]
    assert [outcome.path for outcome in together] == files
    assert [(done, of) for done, of, _ in told] == [(i, 18) for i in range(1, 19)]
    assert said(one) == said(many)
    assert len(said(one)) > 1000
    assert len(keys(many)) == 18
    assert len(many.history()) == 1


def test_files_that_are_held_already_are_skipped_and_publish_nothing(files: list[Path], snapshots: Snapshots) -> None:
    ingest(files[:3], snapshots)
    assert [outcome.unchanged for outcome in ingest(files[:4], snapshots)] == [True, True, True, False]
    assert len(snapshots.history()) == 2
    assert all(outcome.unchanged for outcome in ingest(files[:4], snapshots))
    assert len(snapshots.history()) == 2
    assert list((snapshots.folder / "spool").rglob("*")) == [snapshots.folder / "spool" / "lock"]


def test_a_file_that_fails_is_named_and_the_others_land(files: list[Path], snapshots: Snapshots, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00" * 100)
    missing = tmp_path / "missing.docx"
    outcomes = ingest([files[0], bad, missing, files[1]], snapshots)
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    assert [failure.en.split(": ")[0] for failure in failures] == ["bad.txt", "missing.docx"]
    assert len(keys(snapshots)) == 2


def test_processes_that_are_killed_lose_no_file(files: list[Path], snapshots: Snapshots) -> None:
    killed: list[int] = []

    def kill(done: int, of: int, outcome: Outcome) -> None:
        if done == 3:
            for child in multiprocessing.active_children():
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)
                killed.append(child.pid)

    outcomes = ingest(files, snapshots, processes=2, notify=kill)
    assert len(killed) == 2
    assert all(outcome.about is not None for outcome in outcomes)
    assert len(keys(snapshots)) == 18


def test_a_run_that_is_killed_goes_on_where_it_was(files: list[Path], snapshots: Snapshots) -> None:
    command = "import sys; from api.cli.main import main; main()"
    arguments = [sys.executable, "-c", command, "ingest", *map(str, files), "--data", str(snapshots.folder), "--processes", "2"]
    run = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    spooled: list[Path] = []
    try:
        while len(spooled) < 5 and run.poll() is None:
            time.sleep(0.02)
            spooled = [path for path in (snapshots.folder / "spool").rglob("*") if len(path.name) == 64]
        run.kill()
        run.wait()
    finally:
        run.kill()
    assert len(spooled) >= 5
    assert snapshots.current() is None
    for pid in _session(run.pid):
        _ended(pid)
    outcomes = ingest(files, snapshots)
    assert {outcome.about.sha256 for outcome in outcomes if outcome.resumed and outcome.about} >= {path.name for path in spooled}
    assert len(keys(snapshots)) == 18


def _session(leader: int) -> Iterator[int]:
    """The processes of a session that are left."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                yield int(folder.name)


def _ended(pid: int) -> None:
    """Waits until a process has ended, which those of a pool do when their parent has."""
    for _ in range(1000):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} did not end with its parent")


def test_a_new_version_takes_the_place_of_the_old_which_a_former_snapshot_keeps(snapshots: Snapshots, tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    text = as_text(next(invented(1, 3))).decode()
    path.write_text(text)
    (first,) = ingest([path], snapshots)
    assert first.about is not None
    before = title(snapshots, first.about.key)
    path.write_text(text.replace("高质量发展重点任务安排", "创新发展重点任务安排"))
    (second,) = ingest([path], snapshots)
    assert second.about is not None
    assert second.about.key == first.about.key
    assert title(snapshots, first.about.key) == before.replace("高质量", "创新")
    assert keys(snapshots) == {first.about.key}
    snapshots.rollback(1)
    assert title(snapshots, first.about.key) == before


def test_of_two_files_with_one_key_the_later_counts(snapshots: Snapshots, tmp_path: Path) -> None:
    text = as_text(next(invented(1, 3))).decode()
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    paths[0].write_text(text)
    paths[1].write_text(text.replace("高质量发展重点任务安排", "创新发展重点任务安排"))
    first, second = ingest(paths, snapshots)
    assert (first.superseded, second.superseded) == (paths[1], None)
    assert second.about is not None
    assert "创新发展" in title(snapshots, second.about.key)


def test_a_notice_is_removed_with_all_its_graphs_and_stays_in_the_former_snapshot(files: list[Path], snapshots: Snapshots) -> None:
    first, second = ingest(files[:2], snapshots)
    assert first.about is not None
    assert second.about is not None
    remove(first.about.key, snapshots)
    assert keys(snapshots) == {second.about.key}
    current = snapshots.current()
    assert current is not None
    left = {str(graph) for graph in Store.read_only(str(current.path)).named_graphs()}
    assert not left.intersection(map(str, graphs_of(first.about.key)))
    assert left.issuperset(map(str, graphs_of(second.about.key)))
    with pytest.raises(UnknownGraphError):
        remove(first.about.key, snapshots)
    snapshots.rollback(1)
    assert keys(snapshots) == {first.about.key, second.about.key}


def test_a_dry_run_writes_nothing(files: list[Path], snapshots: Snapshots) -> None:
    (outcome,) = ingest(files[:1], snapshots, dry_run=True)
    assert outcome.about is not None
    assert not snapshots.folder.exists()


def test_a_folder_stands_for_the_files_below_it(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "files" / "note.xyz").write_text("x")
    assert list(found([tmp_path / "files"])) == sorted(files)


def test_the_files_of_an_archive_are_notices_of_their_own_and_a_second_run_skips_them(files: list[Path], snapshots: Snapshots) -> None:
    bundle = files[0].parent / "汇总.zip"
    with ZipFile(bundle, "w") as archive:
        for file in files[:3]:
            archive.write(file, f"附件/{file.name}")
        archive.writestr("说明.txt", "关于召开会议的通知\n")
    inside = tuple(found([bundle]))
    assert [named(path) for path in inside] == [*(f"汇总.zip/附件/{file.name}" for file in files[:3]), "汇总.zip/说明.txt"]
    outcomes = ingest(inside, snapshots)
    assert [outcome.failure is None for outcome in outcomes] == [True, True, True, False]
    assert outcomes[3].failure is not None
    assert outcomes[3].failure.en.startswith("汇总.zip/说明.txt: no task")
    assert len(keys(snapshots)) == 3
    assert [outcome.unchanged for outcome in ingest(inside[:3], snapshots)] == [True, True, True]
    assert set(inside) < set(found([bundle.parent]))
