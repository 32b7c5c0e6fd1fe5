"""Every Turtle file of the package is read by the function that should read it, and is written in the house's way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

import ontology
from ontology.names import OWL, SH, TYPE

ROOT = Path(__file__).parents[2] / "ontology"
FILES = sorted(ROOT.rglob("*.ttl"))


def test_the_vocabulary_is_all_files_but_links_and_shapes() -> None:
    read = {file.name for file in ontology.files()}
    assert read == {path.name for path in FILES if path.parent.name not in ("links", "shapes")}
    assert len(read) > 30


def test_links_and_shapes_are_read_apart() -> None:
    vocabulary, links, shapes = set(ontology.triples()), set(ontology.links()), {*ontology.shapes(), *ontology.house_shapes()}
    assert len(links) > 1000
    assert len(shapes) > 1000
    assert vocabulary.isdisjoint(links)
    assert vocabulary.isdisjoint(shapes)
    assert {t.subject for t in shapes if t.predicate == TYPE and t.object == SH["NodeShape"]}.isdisjoint(t.subject for t in vocabulary)


def test_axioms_hold_no_things() -> None:
    kinds = {t.object for t in ontology.axioms() if t.predicate == TYPE}
    assert OWL["Class"] in kinds
    assert [kind for kind in kinds if not str(kind).startswith(f"<{OWL}")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_says_first_what_it_holds_and_declares_the_prefixes_it_uses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix ([a-z0-9-]+): <[^>]+> [.]$", text, re.MULTILINE)
    bare = re.sub(r'"""[\s\S]*?"""|"(?:[^"\\\\]|\\\\.)*"|<[^>]*>|^#.*$|^@prefix.*$', " ", text, flags=re.MULTILINE)
    used = set(re.findall(r"(?<![A-Za-z0-9-])([a-z][a-z0-9-]*):[A-Za-z]", bare))
    assert re.match(r"# [A-Z“].+[.:]\n", text)
    assert declared == sorted(declared)
    assert set(declared) == used
    assert len(text.splitlines()) <= 1500
    assert len(list(parse(text, RdfFormat.TURTLE))) > 0
