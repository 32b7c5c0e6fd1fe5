"""The files of a snapshot: the same bytes every time, none without its record, no more than are kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from graph.errors import GraphError, UnknownGraphError, UnknownSnapshotError
from graph.store import dumps
from graph.store.snapshot import Snapshots
from ontology.names import DCTERMS, GRAPH, ID


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for keys in (("a", "b"), ("b", "c")):
        with Snapshots(tmp_path).draft() as draft:
            for graph in draft.graphs():
                draft.remove(graph)
            for key in keys:
                title = Literal(f"关于“{key}”\n的通知", language="zh")
                draft.replace(GRAPH[f"notice/{key}"], [Quad(ID[f"notice/{key}"], DCTERMS["title"], title)])
            draft.replace(NamedNode("http://example.org/theirs"), [Quad(ID["x"], DCTERMS["title"], Literal(len(keys[0] + keys[1])))])
    return tmp_path


def test_same_graph_makes_same_file(data: Path) -> None:
    first = dumps.make(data, 2, "all.nq.gz")
    content = first.path.read_bytes()
    first.path.unlink()
    assert dumps.find(data, 2, "all.nq.gz") is None
    assert dumps.make(data, 2, "all.nq.gz") == first
    assert first.path.read_bytes() == content


def test_file_without_its_record_is_no_dump(data: Path) -> None:
    made = dumps.make(data, 2, "notice/b.ttl.gz")
    assert dumps.find(data, 2, "notice/b.ttl.gz") == made
    made.path.write_bytes(made.path.read_bytes()[:-1])
    assert dumps.find(data, 2, "notice/b.ttl.gz") is None
    made.path.with_suffix(".json").unlink()
    assert dumps.made(data, 2) == ()


def test_no_more_files_than_are_kept(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "MOST_FILES", 3)
    names = ["all.nq.gz", "notice/b.ttl.gz", "notice/b.nq.gz", "notice/c.ttl.gz", "notice/c.nq.gz"]
    for name in names:
        dumps.make(data, 2, name)
        assert dumps.find(data, 2, name)
    assert len(dumps.made(data, 2)) == 3
    assert len(list((data / "dumps" / "2").iterdir())) == 6


def test_older_snapshot_that_is_damaged_hinders_no_dump(data: Path) -> None:
    (data / "snapshots" / "1" / "snapshot.json").write_text("{", "utf-8")
    assert dumps.make(data, 2, "all.nq.gz").size > 0
    assert [each["snapshot"] for each in json.loads(dumps.make(data, 2, dumps.CHANGES).path.read_bytes())] == [2]
    with pytest.raises(GraphError):
        dumps.make(data, 2, "changes/1-2.rdfp")


def test_what_was_left_half_written_goes(data: Path) -> None:
    made = dumps.make(data, 2, "all.nq.gz")
    left, young = made.path.with_suffix(".1.new"), made.path.with_suffix(".2.new")
    for path in (left, young):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    dumps.make(data, 2, "notice/b.nq.gz")
    assert (left.exists(), young.exists()) == (False, True)


@pytest.mark.parametrize(
    ("number", "name", "error"),
    [
        (2, "notice/a.nq.gz", UnknownGraphError),
        (9, "all.nq.gz", UnknownSnapshotError),
        (2, "nothing", UnknownGraphError),
        (2, "changes/1-9.rdfp", UnknownSnapshotError),
        (2, "changes/x.rdfp", UnknownSnapshotError),
    ],
)
def test_what_cannot_be_made_leaves_nothing(data: Path, number: int, name: str, error: type[GraphError]) -> None:
    with pytest.raises(error):
        dumps.make(data, number, name)
    assert [path for path in (data / "dumps").rglob("*") if path.is_file()] == []


def test_changes_are_notices_that_came_and_went(data: Path) -> None:
    told = json.loads(dumps.make(data, 2, dumps.CHANGES).path.read_bytes())
    assert [each["snapshot"] for each in told] == [2, 1]
    assert told[0]["added"] == [{"key": "c", "title": "关于“c”\n的通知"}]
    assert told[0]["removed"] == [{"key": "a", "title": "关于“a”\n的通知"}]
    assert (told[1]["before"], told[1]["added"], told[1]["notices"]) == (None, [], 2)


@pytest.mark.parametrize(("first", "last"), [(1, 2), (2, 1), (2, 2)])
def test_patch_makes_one_snapshot_of_the_other(data: Path, first: int, last: int) -> None:
    text = dumps.make(data, 2, f"changes/{first}-{last}.rdfp").path.read_text("utf-8")
    held, wanted = ({quad for quad in _store(data, number) if quad.graph_name.value.startswith(GRAPH)} for number in (first, last))
    lines = text.splitlines()
    assert [line[0] for line in lines[:3]] == ["H", "H", "T"]
    assert lines[-1] == "TC ."
    for line in lines[3:-1]:
        (quad,) = parse(line[2:], RdfFormat.N_QUADS)
        if line[0] == "D":
            held.remove(quad)
        else:
            assert line[0] == "A"
            held.add(quad)
    assert held == wanted
    assert len(lines) - 4 == (0 if first == last else 2)


def _store(data: Path, number: int) -> Store:
    return Store.read_only(str(data / "snapshots" / str(number) / "store"))
