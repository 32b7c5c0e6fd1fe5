"""The shipped notice as the graphs of a store, built once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Quad, Triple
from pyoxigraph import Store as Engine

import ingest
import ontology
from graph.inference import Background, Rules, prepare, rules
from ingest.parse import parse
from ingest.provenance import Run, provenance
from ingest.quads import readings, triples
from ingest.read import read
from ingest.recognise import recognise
from ingest.vocabulary import vocabulary
from ontology.names import GRAPH

FILE = Path(ingest.__file__).parent / "notices" / "huzhiban-2026-2.txt"


@dataclass(frozen=True)
class Notice:
    """What is known of the notice: the file, the axioms, its facts, what follows, and a store that holds it all."""

    text: str
    rules: Rules
    background: Background
    facts: tuple[Triple, ...]
    inferred: tuple[Triple, ...]
    engine: Engine


@pytest.fixture(scope="session")
def notice() -> Notice:
    said = tuple(ontology.triples())
    axioms = rules(said)
    background = prepare(axioms, said)
    reading = recognise(parse(read(FILE)), vocabulary(said))
    facts = tuple(triples(reading))
    inferred = tuple(background.infer(facts))
    run = Run("0", "0", datetime(2026, 1, 1, tzinfo=UTC))
    engine = Engine()
    graphs = {
        "vocabulary": said,
        "inferred/vocabulary": background.inferred,
        "links": tuple(ontology.links()),
        f"notice/{reading.key}": facts,
        f"readings/{reading.key}": tuple(readings(reading)),
        f"inferred/{reading.key}": inferred,
        f"provenance/{reading.key}": tuple(provenance(reading, run)),
    }
    for name, held in graphs.items():
        engine.extend(Quad(triple.subject, triple.predicate, triple.object, GRAPH[name]) for triple in held)
    return Notice(FILE.read_text("utf-8"), axioms, background, facts, inferred, engine)
