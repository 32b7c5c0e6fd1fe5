"""Proofs as they are told, whole: text in two languages, JSON and PROV-O, down to every kind of evidence there is.

Where the wording is changed on purpose, ``python -m tests.graph.proofs.test_render`` writes the files anew; read what git then shows.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse
from pyoxigraph import Store as Engine

from graph.proofs.render import text
from graph.proofs.why import answer
from graph.store.embedded_store import Store

FOLDER = Path(__file__).parents[2] / "data" / "proofs"
SAME = "http://www.w3.org/2002/07/owl#sameAs"
TOLD = {
    "chain": ("<urn:x:task>", "<urn:x:r>", "<urn:x:place>"),
    "ways": ("<urn:x:task>", "<urn:x:q>", "<urn:x:thing>"),
    "reading": ("<urn:x:task>", "<urn:x:due>", "2026"),
    "reading-without-rule": ("<urn:x:task>", "<urn:x:odd>", "1"),
    "link": ("<urn:x:thing>", f"<{SAME}>", "<http://example.org/1>"),
    "link-without-source": ("<urn:x:place>", f"<{SAME}>", "<http://example.org/2>"),
    "graph": ("<urn:x:a>", "<urn:x:b>", "c"),
    "passage": ("<urn:x:task>", "rdfs:label", "任务1"),
    "long": ("<urn:x:other>", "<urn:x:due>", "2026"),
}
"""What is asked for, by the name of the files that hold its answer."""


def small() -> Store:
    engine = Engine()
    engine.load((FOLDER / "small.trig").read_bytes(), RdfFormat.TRIG)
    return Store(engine)


@pytest.fixture(scope="module")
def store() -> Store:
    return small()


def canonical(turtle: bytes) -> set[Quad]:
    """The triples with blank nodes named by where they stand."""
    graph = Dataset(parse(turtle, RdfFormat.TURTLE))
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(graph)


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_text_is_that_of_the_file(store: Store, name: str, language: str) -> None:
    assert answer(store, TOLD[name], "text", language).decode() == (FOLDER / f"{name}.{language}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", TOLD)
def test_the_json_is_that_of_the_file(store: Store, name: str) -> None:
    assert json.loads(answer(store, TOLD[name], "json")) == json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", TOLD)
def test_the_turtle_is_that_of_the_file(store: Store, name: str) -> None:
    assert canonical(answer(store, TOLD[name], "turtle")) == canonical((FOLDER / f"{name}.ttl").read_bytes())


def test_every_file_is_asked_for() -> None:
    assert {path.name.partition(".")[0] for path in FOLDER.iterdir()} == {"small", *TOLD}


def test_ways_that_are_left_out_are_counted(store: Store) -> None:
    said = {**json.loads(answer(store, TOLD["ways"], "json")), "more": 3}
    assert len(said["others"]) == 1
    zh, en = text(said, "zh"), text(said, "en")
    assert "最后一步另有 4 种推法：\n  1. 任务1 — " in zh
    assert zh.endswith("\n  其余 3 种从略。\n")
    assert "The last step can be made in 4 other ways:\n  1. Task 1 — " in en
    assert en.endswith("\n  3 more are left out.\n")


def write() -> None:
    """The files anew, from what is told now."""
    for name, words in TOLD.items():
        for language in ("zh", "en"):
            (FOLDER / f"{name}.{language}.txt").write_bytes(answer(small(), words, "text", language))
        (FOLDER / f"{name}.json").write_bytes(answer(small(), words, "json") + b"\n")
        (FOLDER / f"{name}.ttl").write_bytes(answer(small(), words, "turtle"))


if __name__ == "__main__":
    write()
