"""A cluster builds what a process here would: with a worker killed in the middle, with files that cannot be read, and never otherwise."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster
from pyoxigraph import NamedNode, Store

from api.publication.builder import Builder, Parcel, built_apart
from api.publication.cluster import Builders, built_on
from api.publication.corpus import Outcome, ingest
from api.publication.errors import ClusterError
from benchmarks.generate import write
from graph.store.snapshot import Snapshots
from ingest.errors import IngestError, ReaderFaultError
from ingest.limits import DEFAULTS
from ontology.names import GRAPH
from tests.api.publication.test_corpus import said

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Twenty-four notices of three tasks, in three formats."""
    return list(write(tmp_path / "files", 24, tasks=3, formats=["txt", "docx", "html"]))


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers in processes of their own, which are begun again where they die."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1") as made:
        yield made


def pids(address: str) -> list[int]:
    with Client(address, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())


def graphs(snapshots: Snapshots) -> Counter[str]:
    """The graphs of notices, by key."""
    current = snapshots.current()
    assert current is not None
    found = (graph.value for graph in Store.read_only(str(current.path)).named_graphs() if isinstance(graph, NamedNode))
    return Counter(name.removeprefix(GRAPH["notice/"].value) for name in found if name.startswith(GRAPH["notice/"].value))


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(files: list[Path], cluster: LocalCluster, tmp_path: Path) -> None:
    here, there = Snapshots(tmp_path / "here"), Snapshots(tmp_path / "there")
    address = cluster.scheduler_address
    workers = pids(address)
    assert len(workers) == 2
    told: list[Outcome] = []
    killed: list[int] = []

    def kill(done: int, of: int, outcome: Outcome) -> None:
        told.append(outcome)
        if done == 4:
            os.kill(workers[0], signal.SIGKILL)
            killed.append(done)

    outcomes = ingest(files, there, scheduler=address, notify=kill)
    assert killed == [4]
    assert [outcome.path for outcome in outcomes] == files
    assert all(outcome.about is not None and not outcome.resumed for outcome in outcomes)
    assert Counter(outcome.path for outcome in told) == Counter(files), "each is told once"
    ingest(files, here, processes=2)
    assert said(there) == said(here)
    assert len(graphs(there)) == 24
    assert len(there.history()) == 1
    assert list((there.folder / "spool").rglob("*")) == [there.folder / "spool" / "lock"]


def test_a_file_that_fails_is_named_and_the_others_land(files: list[Path], cluster: LocalCluster, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00" * 100)
    missing = tmp_path / "missing.docx"
    snapshots = Snapshots(tmp_path / "data")
    outcomes = ingest([files[0], bad, missing, files[1]], snapshots, scheduler=cluster.scheduler_address)
    failures = {outcome.path.name: outcome.failure for outcome in outcomes if outcome.failure}
    assert set(failures) == {"bad.txt", "missing.docx"}
    assert all(isinstance(failure, IngestError) for failure in failures.values())
    assert len(graphs(snapshots)) == 2
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        left = client.run(lambda dask_worker: [name for name in dask_worker.plugins if name.startswith("zhengce")])
    assert set(map(tuple, left.values())) == {()}, "the workers are as they were"


def test_a_worker_with_another_program_is_refused(
    files: list[Path], cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.publication.cluster.program", lambda: "0.0.1-other")
    snapshots = Snapshots(tmp_path / "data")
    with pytest.raises(ClusterError, match=r"0\.0\.1-other"):
        ingest(files[:2], snapshots, scheduler=cluster.scheduler_address)
    assert snapshots.current() is None


def test_no_scheduler_and_no_worker_are_said(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.publication.cluster._CONNECT", 1.0)
    monkeypatch.setattr("api.publication.cluster._NO_WORKER", 2.0)
    with pytest.raises(ClusterError, match="无法使用"):
        ingest(files[:1], Snapshots(tmp_path / "data"), scheduler="tcp://127.0.0.1:1")
    with (
        LocalCluster(n_workers=0, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty,
        pytest.raises(ClusterError, match="no worker"),
    ):
        ingest(files[:1], Snapshots(tmp_path / "data"), scheduler=empty.scheduler_address)


def test_a_file_over_which_builders_die_is_an_error_of_that_file(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    usual = Builder.build

    def dying(self: Builder, parcel: Parcel, limits: object) -> object:
        begun.append(self._process.pid)
        if parcel.name == "deadly.txt":
            os.kill(self._process.pid, signal.SIGKILL)
        return usual(self, parcel, DEFAULTS)

    monkeypatch.setattr(Builder, "build", dying)
    idle: list[Builder] = []
    failed = built_apart(idle, Parcel(0, "deadly.txt", b"x"), DEFAULTS)
    assert isinstance(failed, ReaderFaultError)
    assert len(set(begun)) == 2
    made = built_apart(idle, Parcel(1, files[0].name, files[0].read_bytes()), DEFAULTS)
    assert isinstance(made, bytes)
    assert len(idle) == 1
    for builder in idle:
        builder.close()


def test_limits_of_a_file_hold_on_a_worker(files: list[Path], cluster: LocalCluster) -> None:
    """They are held in the main thread of a process, and tasks of a worker run in others."""
    from dataclasses import replace

    parcels = iter([Parcel(0, files[0].name, files[0].read_bytes())])
    ((_, made),) = built_on(cluster.scheduler_address, parcels, replace(DEFAULTS, seconds=0.000_001))
    assert isinstance(made, IngestError)
    assert re.search("seconds", made.en)


def test_the_command_takes_a_scheduler(files: list[Path], cluster: LocalCluster, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from api.cli.main import main; main()",
        "ingest",
        *map(str, files[:2]),
        "--data",
        str(tmp_path / "data"),
    ]
    done = subprocess.run([*command, "--scheduler", cluster.scheduler_address], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(graphs(Snapshots(tmp_path / "data"))) == 2


def test_the_plugin_travels_with_what_it_needs() -> None:
    from distributed.protocol.pickle import dumps, loads

    again = loads(dumps(Builders("x", DEFAULTS)))
    assert (again.wanted, again.limits) == ("x", DEFAULTS)
