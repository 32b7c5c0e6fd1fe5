"""Passages -> how fast the index finds what a scan finds, inside SPARQL, and that it finds the same.

python -m benchmarks.search [--notices 100] [--tasks 20] [--texts 200] [--each 1] [--folder DATA]

Times are those of the processor: other work on the machine does not count there. With a data folder its snapshot is asked, in memory:
SERVICE zc:search and FILTER(CONTAINS()) for the same texts, by turns. Without one, generated notices are put line by line into a store that
holds nothing but passages, which shows the search alone at sizes whose whole graph takes hours to make. The texts are random stretches
of passages; what the search finds must be what reading all passages finds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from pyoxigraph import Literal, Quad
from pyoxigraph import Store as Engine

from benchmarks.generate import as_text, invented
from graph.query.fork_server import in_memory
from graph.sparql.search_hits import with_hits
from graph.store.embedded_store import Store
from graph.store.passage_index import NAME, beside, passages, write_index
from graph.store.passage_text import places, tokens, wanted
from graph.store.snapshot import Snapshots
from ontology import terms
from ontology.folding import folded
from ontology.names import DEF, GRAPH, ID, TYPE

_PREFIX = f"PREFIX zc: <{DEF}>\n"
_LENGTHS = (1, 2, 2, 3, 4, 6, 9)


@dataclass(frozen=True, slots=True)
class Measured:
    """One text: how many passages hold it, the seconds of the processor of each way, and whether the search finds what reading finds."""

    text: str
    count: int
    search: float
    top: float
    """The seconds of the search for the densest twenty."""
    scan: float
    """Zero where it was not scanned for."""
    same: bool


def measured(store: Store, texts: list[str], known: dict[str, str], each: int = 1) -> Iterator[Measured]:
    """Each text, asked for in both ways; of very many passages only each so-manieth is scanned for."""
    read = {passage: folded(text) for passage, text in known.items()}
    for number, text in enumerate(texts):
        words = str(Literal(text))
        asked = f"{_PREFIX}SELECT ?p {{ SERVICE zc:search {{ ?p zc:query {words} ; zc:limit 10000 ; zc:count ?n }} }}"
        began = time.process_time()
        found = {str(row["p"]) for row in store.select(with_hits(store, asked).text)}
        middle = time.process_time()
        for _ in store.select(with_hits(store, asked.replace("10000", "20")).text):
            pass
        after = time.process_time()
        if number % each == 0:
            scan = f"{_PREFIX}SELECT ?p {{ ?p a zc:Passage ; zc:text ?text FILTER(CONTAINS(LCASE(?text), LCASE({words}))) }}"
            for _ in store.select(scan):
                pass
        end = time.process_time()
        # The truth, by reading every passage by the rules of the search, which CONTAINS does not know (width, script, whole numbers).
        parts, pieces = wanted(text), tokens(text).tokens
        truth = {f"<{node}>" for node, plain in read.items() if all(piece in plain for piece in pieces) and places(parts, known[node])}
        same = found == truth if len(truth) <= 10_000 else found <= truth
        yield Measured(text, len(truth), middle - began, after - middle, end - after if number % each == 0 else 0.0, same)


def stretches(known: dict[str, str], many: int) -> list[str]:
    """Random stretches of passages that begin and end with a letter, a different one each."""
    chosen, listed = Random(7), sorted(known.values())
    found: dict[str, None] = {}
    while len(found) < many:
        text = chosen.choice(listed)
        length = chosen.choice(_LENGTHS)
        start = chosen.randrange(max(1, len(text) - length))
        piece = text[start : start + length]
        # A stretch that begins or ends within a number or a foreign word is another word to the search.
        if piece and piece[0].isalpha() and piece[-1].isalpha() and not any(each.isascii() for each in (piece[0], piece[-1])):
            found[piece] = None
    return list(found)


@contextmanager
def generated(count: int, tasks: int) -> Iterator[tuple[Store, float]]:
    """A store of the lines of generated notices as passages, with its index; and the seconds that the index took."""
    engine = Engine()
    for number, lines in enumerate(islice(invented(1, tasks), count)):
        graph = GRAPH[f"notice/n{number}"]
        printed = enumerate(map(str.strip, as_text(lines).decode().splitlines()))
        nodes = ((ID[f"notice/n{number}/passage/{place}"], line) for place, line in printed if line)
        engine.bulk_extend(
            quad for node, line in nodes for quad in (Quad(node, TYPE, terms.Passage, graph), Quad(node, terms.text, Literal(line), graph))
        )
    store = Store(engine)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        write_index(engine, Path(folder) / NAME)
        seconds = time.process_time() - began
        store.passages = Path(folder) / NAME
        yield store, seconds


@contextmanager
def published(folder: Path) -> Iterator[tuple[Store, float]]:
    """The snapshot of a data folder, in memory."""
    current = Snapshots(folder).current()
    if current is None:
        raise SystemExit(f"{folder}: nothing is published there")
    store = Store.in_memory(in_memory(current.path))
    store.passages = beside(current.path)
    yield store, 0.0


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=100)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--each", type=int, default=1, help="scan for each so-manieth text alone")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with published(given.folder) if given.folder else generated(given.notices, given.tasks) as (store, seconds):
        known = dict(passages(store.engine))
        found = list(measured(store, stretches(known, given.texts), known, given.each))
        size = sum(file.stat().st_size for file in store.passages.iterdir()) if store.passages else 0
    search, scan = [1000 * each.search for each in found], [1000 * each.scan for each in found if each.scan]
    ratios = [each.scan / each.search for each in found if each.scan]
    print(f"{len(known):,} passages; index {size / 1e6:.1f} MB, built in {seconds:.1f} s; {len(found)} texts")
    print(f"search: median {statistics.median(search):.2f} ms, p95 {sorted(search)[int(0.95 * len(search))]:.1f}, most {max(search):.1f}")
    top = [1000 * each.top for each in found]
    print(f"the densest 20: median {statistics.median(top):.2f} ms, p95 {sorted(top)[int(0.95 * len(top))]:.1f}, most {max(top):.1f}")
    print(f"scan:   median {statistics.median(scan):.2f} ms, most {max(scan):.1f}")
    print(f"factor: median {statistics.median(ratios):.1f}, least {min(ratios):.2f}")
    few = [1000 * each.search for each in found if each.count <= 100]
    print(f"texts with at most 100 hits: {len(few)}, median {statistics.median(few):.2f} ms" if few else "no text has at most 100 hits")
    wrong = [each.text for each in found if not each.same]
    print(f"recall and precision 1 on {len(found) - len(wrong)} of {len(found)}")
    if wrong:
        sys.exit(f"different: {wrong}")


if __name__ == "__main__":
    main()
