"""What the graphs of fifty notices say twice, and that it counts once."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from api.publication.publish import _shared, built, knowledge
from benchmarks.generate import as_text, invented
from graph.store.embedded_store import DatasetOf
from graph.store.embedded_store import Store as Answering
from ontology.names import GRAPH

NOTICES = 50


@pytest.fixture(scope="module")
def quads(tmp_path_factory: pytest.TempPathFactory) -> list[Quad]:
    """All that a snapshot of fifty notices holds."""
    folder = tmp_path_factory.mktemp("notices")
    known = knowledge()
    held = list(_shared(known))
    for number, notice in enumerate(islice(invented(1, 5), NOTICES)):
        file = Path(folder / f"{number}.txt")
        file.write_bytes(as_text(notice))
        for graph, triples in built(file, known).graphs.items():
            held += [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
    return held


def test_what_follows_from_the_vocabulary_alone_is_stored_once(quads: list[Quad]) -> None:
    graphs = defaultdict(set)
    for quad in quads:
        graphs[quad.triple].add(quad.graph_name)
    assert sum(quad.graph_name == GRAPH["inferred/vocabulary"] for quad in quads) > 500
    shared = {GRAPH["vocabulary"], GRAPH["inferred/vocabulary"], GRAPH["links"]}
    curated = {quad.subject for quad in quads if quad.graph_name in shared}
    for triple, named in graphs.items():
        if named & shared:
            assert len(named) == 1, f"{triple} is said by a notice too"
        elif len(named) > 1:
            assert triple.subject not in curated, f"{triple} follows from the vocabulary and stands in {len(named)} graphs"


def test_what_several_notices_say_counts_once(quads: list[Quad]) -> None:
    engine = Store()
    engine.bulk_extend(quads)
    different = len({quad.triple for quad in quads})
    assert different < len(engine), "units and places that nobody has curated stand in the graph of each notice that names them"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def counted(store: Answering, dataset: DatasetOf) -> int:
        solutions = store.answer(count, dataset)
        assert isinstance(solutions, QuerySolutions)
        number = next(iter(solutions))[0]
        assert isinstance(number, Literal)
        return int(number.value)

    assert counted(Answering.in_memory(engine), DatasetOf(alone=True)) == different
    assert all(isinstance(quad.graph_name, NamedNode) for quad in engine), "and the graphs stay as they are"
