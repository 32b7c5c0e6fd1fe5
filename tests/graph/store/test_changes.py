"""What changed between snapshots: the notices that came and went, with their titles, and a patch of the service's own graphs alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from graph.store.changes import MOST_NAMED, MOST_SNAPSHOTS, changes, patch
from graph.store.snapshot import Snapshot
from ontology.names import DCTERMS, GRAPH, ID

THEIRS = NamedNode("http://example.org/g")


def notice(key: str, title: str = "通知") -> list[Quad]:
    return [Quad(ID[f"notice/{key}"], DCTERMS["title"], Literal(title, language="zh"), GRAPH[f"notice/{key}"])]


def store(*parts: list[Quad]) -> Store:
    made = Store()
    for part in parts:
        made.extend(part)
    return made


def snapshot(number: int) -> Snapshot:
    return Snapshot(number, Path("nowhere"), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number), 0)


def told(*stores: Store) -> list[dict[str, object]]:
    @contextmanager
    def opened(asked: Snapshot) -> Iterator[Store]:
        yield stores[asked.number - 1]

    return changes([snapshot(number) for number in range(1, len(stores) + 1)], opened)


def test_notices_that_came_and_went_are_told_with_the_titles_they_had() -> None:
    last, middle, first = told(store(notice("a", "甲")), store(notice("a", "甲"), notice("b", "乙")), store(notice("b", "丙")))
    assert (first["before"], first["added"], first["notices"]) == (None, [], 1)
    assert (middle["before"], middle["added"], middle["removed"]) == (1, [{"key": "b", "title": "乙"}], [])
    assert (last["added"], last["removed"], last["removed_count"]) == ([], [{"key": "a", "title": "甲"}], 1)


def test_graphs_of_others_and_other_graphs_of_ours_are_no_notices() -> None:
    other = [Quad(ID["x"], DCTERMS["title"], Literal("x"), graph) for graph in (THEIRS, GRAPH["inferred/x"], GRAPH["notices/x"])]
    assert [each["notices"] for each in told(store(), store(other))] == [0, 0]


def test_of_many_notices_the_first_are_named_and_all_are_counted() -> None:
    many = [each for number in range(MOST_NAMED + 5) for each in notice(f"n{number:04}")]
    last, _ = told(store(), store(many))
    assert (len(last["added"]), last["added_count"]) == (MOST_NAMED, MOST_NAMED + 5)  # type: ignore[arg-type]


def test_of_many_snapshots_the_last_are_told_and_the_first_of_them_has_none_before() -> None:
    found = told(*[store()] * (MOST_SNAPSHOTS + 3))
    assert (len(found), found[0]["snapshot"], found[-1]["before"]) == (MOST_SNAPSHOTS, MOST_SNAPSHOTS + 3, None)


@pytest.mark.parametrize("theirs", [False, True])
def test_a_patch_makes_of_one_snapshot_the_other(theirs: bool) -> None:
    other = [Quad(ID["x"], DCTERMS["title"], Literal("x"), THEIRS)] if theirs else []
    before, after = store(notice("a", "甲"), notice("b")), store(notice("a", "甲\n“二”"), notice("b"), notice("c"), other)
    lines = "".join(patch(before, after, snapshot(1), snapshot(2))).split("\n")[:-1]
    assert (lines[0][:5], lines[1][:7], lines[2], lines[-1]) == ("H id ", "H prev ", "TX .", "TC .")
    for sign, text in ((line[0], line[2:]) for line in lines if line[:2] in {"A ", "D "}):
        (quad,) = parse(text, RdfFormat.N_QUADS)
        assert isinstance(quad, Quad)
        (before.remove if sign == "D" else before.add)(quad)
    assert set(before) == {quad for quad in after if quad.graph_name != THEIRS}


def test_names_of_snapshots_are_theirs_alone() -> None:
    heads = [next(patch(store(), store(), snapshot(1), snapshot(number))).split("\n")[0] for number in (2, 3, 2)]
    assert heads[0] == heads[2] != heads[1]
