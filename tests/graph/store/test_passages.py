"""Passages by their text: the index finds what a scan finds, at exact places, and belongs to its snapshot."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, Store

from graph.errors import DamagedError
from graph.query import passage_search
from graph.store import passage_index, passage_text
from graph.store.embedded_store import Store as OurStore
from graph.store.manifest import faults, read_manifest
from graph.store.snapshot import Snapshot, Snapshots
from ontology import terms
from ontology.folding import folded
from ontology.names import GRAPH, TYPE

_PIECE = re.compile(r"[一-鿿]|[0-9]+|[a-z]+")
_IGNORED = re.compile(r"[\s\"'“”‘’·・•\-‐‑‒–—―−~～〜]")


@pytest.fixture(scope="module")
def snapshots(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    made = Snapshots(tmp_path_factory.mktemp("data"))
    with made.draft() as draft:
        draft.add(dataset.quads_for_pattern(None, None, None, None))
    return made


@pytest.fixture(scope="module")
def snapshot(snapshots: Snapshots) -> Snapshot:
    current = snapshots.current()
    assert current is not None
    return current


@pytest.fixture(scope="module")
def texts(dataset: Store) -> dict[str, str]:
    return dict(passage_index.passages(dataset))


def by_index(snapshot: Snapshot, text: str, limit: int = 1000) -> passage_index.PassageHits:
    found = passage_index.find(Store(), snapshot.folder / passage_index.NAME, text, limit)
    assert found.indexed
    return found


def substrings(texts: dict[str, str], many: int) -> list[str]:
    """Random stretches of passages that begin and end with whole tokens, of one to thirty of them."""
    chosen = random.Random(7)
    found: list[str] = []
    while len(found) < many:
        text = chosen.choice(sorted(texts.values()))
        places = [found.span() for found in _PIECE.finditer(folded(text))]
        first = chosen.randrange(len(places))
        last = min(len(places) - 1, first + chosen.choice((0, 0, 1, 1, 2, 3, 5, 9, 29)))
        found.append(text[places[first][0] : places[last][1]])
    return found


def test_index_finds_what_a_scan_and_what_contains_find(snapshot: Snapshot, dataset: Store, texts: dict[str, str]) -> None:
    asked = substrings(texts, 200)
    assert len(set(asked)) > 120
    several = 0
    for text in asked:
        found = by_index(snapshot, text)
        scanned = passage_index.find(dataset, None, text, 1000)
        assert found.hits == scanned.hits, text
        assert found.count == scanned.count == len(found.hits) > 0
        several += len(found.hits) > 1
        # The plain truth: the characters stand in the passage. Runs of letters and digits count as a whole, marks inside as they are.
        plain = {passage for passage, each in texts.items() if folded(text) in folded(each)}
        got = {hit.passage for hit in found.hits}
        if not re.search(r"[A-Za-z0-9\s]", folded(text)):
            bare = _IGNORED.sub("", folded(text))
            assert plain <= got
            if bare.isalnum():
                assert got == {passage for passage, each in texts.items() if bare in _IGNORED.sub("", folded(each))}
    assert several > 50


def test_places_are_code_points_of_the_passage(snapshot: Snapshot, texts: dict[str, str]) -> None:
    for text in substrings(texts, 100):
        for hit in by_index(snapshot, text).hits:
            assert hit.text == texts[hit.passage]
            assert hit.places == tuple(sorted(hit.places))
            if " " not in text:
                for start, end in hit.places:
                    assert passage_text.tokens(hit.text[start:end]).tokens == passage_text.tokens(text).tokens


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("ｅｓｇ", "ESG"), ("檢驗檢測", "检验检测"), ("低空 审定", "低空"), ("2026 年", "2026年"), ("eVTOL", "eVTOL"), ("AI", "AI")],
)
def test_spelling_makes_no_difference(snapshot: Snapshot, texts: dict[str, str], typed: str, printed: str) -> None:
    hits = by_index(snapshot, typed).hits
    wanted = [passage for passage, text in texts.items() if printed in text]
    assert bool(hits) == bool(wanted)
    assert all(printed in hit.text for hit in hits)


@pytest.mark.parametrize("typed", ["", "  ", "。", "（）", "并不存在", '"', "a OR b", "text:*", "\\", "+", "SG", "vtol"])
def test_what_no_passage_holds_is_not_found(snapshot: Snapshot, dataset: Store, typed: str) -> None:
    for folder in (snapshot.folder / passage_index.NAME, None):
        assert passage_index.find(dataset, folder, typed, 10).hits == ()


def test_densest_come_first_and_the_rest_is_counted(snapshot: Snapshot) -> None:
    found, few = by_index(snapshot, "认证"), by_index(snapshot, "认证", 3)
    density = [len(hit.places) / (len(hit.text) + 40) for hit in found.hits]
    assert density == sorted(density, reverse=True)
    assert few.hits == found.hits[:3]
    assert few.count == found.count > 3


def test_index_is_a_part_of_its_snapshot(snapshots: Snapshots, snapshot: Snapshot) -> None:
    manifest = read_manifest(snapshot.folder)
    assert any(name.startswith(f"{passage_index.NAME}/") for name in manifest.files or ())
    by_index(snapshot, "认证")
    assert list(faults(snapshot.folder, manifest)) == []


def test_damaged_index_is_noticed_and_a_lost_one_is_done_without(tmp_path: Path, dataset: Store) -> None:
    snapshots = Snapshots(tmp_path)
    with snapshots.draft() as draft:
        draft.add(dataset.quads_for_pattern(None, None, None, None))
    current = snapshots.current()
    assert current is not None
    folder = current.folder / passage_index.NAME
    with next(folder.glob("*.term")).open("ab") as file:
        file.write(b"x")
    with pytest.raises(DamagedError):
        Snapshots(tmp_path).verify(current)
    for file_ in folder.iterdir():
        file_.unlink()
    found = passage_index.find(dataset, folder, "低空", 5)
    assert found.hits
    assert not found.indexed


def test_store_without_passages_has_no_index(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    with snapshots.draft() as draft:
        draft.replace(GRAPH["a"], [Quad(GRAPH["x"], TYPE, terms.Task)])
        # A passage of somebody else is none of the notices'.
        draft.replace(GRAPH["x"], [Quad(GRAPH["p"], TYPE, terms.Passage), Quad(GRAPH["p"], terms.text, Literal("低空"))])
    current = snapshots.current()
    assert current is not None
    assert not (current.folder / passage_index.NAME).exists()


def test_found_passages_lead_to_their_tasks(snapshot: Snapshot, dataset: Store) -> None:
    store = OurStore(dataset)
    found = passage_search.found(store, str(snapshot.folder / passage_index.NAME), "低空航空器适航审定检测中心", 5)
    assert found["indexed"]
    assert [task["number"] for task in found["passages"][0]["tasks"]] == ["9"]
    assert found == {**passage_search.found(store, "", "低空航空器适航审定检测中心", 5), "indexed": True}
