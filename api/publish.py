"""Files of notices, turned into one new snapshot: read, build, infer, validate, publish.

``knowledge()`` is made once; ``built`` is a pure function of one file and that; ``publish`` writes what was built in one step, so that a
reader sees the old snapshot or the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

import ontology
import queries
from graph.errors import InvalidGraphError
from graph.inference import Background, prepare, rules
from graph.snapshot import Draft, Snapshot, Snapshots
from graph.store import Store
from graph.validate import Validator, validator
from graph.void import void_triples
from ingest.parse import parse
from ingest.provenance import Run, provenance
from ingest.quads import readings, triples
from ingest.read import Limits, read
from ingest.recognise import Reading, recognise
from ingest.vocabulary import Vocabulary, vocabulary
from ontology.names import GRAPH

Graphs = Mapping[NamedNode, tuple[Triple, ...]]
"""Named graphs with what they hold."""

_READ = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT ?sha256 ?vocabulary ?version WHERE {
  ?graph prov:wasDerivedFrom/zc:sha256 ?sha256 ; zc:vocabularyDigest ?vocabulary ; zc:softwareVersion ?version .
}
"""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What every notice is read with: the vocabulary, its axioms, the shapes, their version."""

    vocabulary: Vocabulary
    triples: tuple[Triple, ...]
    background: Background
    validator: Validator
    digest: str
    version: str


@dataclass(frozen=True, slots=True)
class Built:
    """One notice, ready to be published: its reading and its named graphs."""

    reading: Reading
    graphs: Graphs


def knowledge() -> Knowledge:
    """The knowledge that the ontology of this installation holds."""
    said = tuple(ontology.triples())
    digest = sha256()
    for file in ontology.files():
        digest.update(file.read_bytes())
    background = prepare(rules(said), said)
    shapes = validator(ontology.shapes(), (*said, *background.inferred))
    return Knowledge(vocabulary(said), said, background, shapes, digest.hexdigest()[:16], version("zhengce"))


def built(path: Path, known: Knowledge, limits: Limits | None = None) -> Built:
    """The graphs of the notice in a file; raises IngestError where there is none and InvalidGraphError where they break the shapes."""
    reading = recognise(parse(read(path, limits or Limits())), known.vocabulary)
    asserted = tuple(triples(reading))
    inferred = tuple(known.background.infer(asserted))
    read_into = tuple(readings(reading))
    violations = known.validator.validate((*asserted, *inferred, *read_into))
    if violations:
        raise InvalidGraphError([f"{path.name}: {found.sentence('zh')} / {found.sentence('en')}" for found in violations])
    run = Run(known.version, known.digest, datetime.now(UTC))
    return Built(
        reading,
        {
            GRAPH[f"notice/{reading.key}"]: asserted,
            GRAPH[f"inferred/{reading.key}"]: inferred,
            GRAPH[f"readings/{reading.key}"]: read_into,
            GRAPH[f"provenance/{reading.key}"]: tuple(provenance(reading, run)),
        },
    )


def unchanged(files: Iterable[Path], snapshots: Snapshots, known: Knowledge) -> set[Path]:
    """The files that the current snapshot already holds, read with this knowledge."""
    current = snapshots.current()
    if current is None:
        return set()
    rows = Store.open(current.path).select(_READ)
    held = {tuple(term.value for name in ("sha256", "vocabulary", "version") if isinstance(term := row[name], Literal)) for row in rows}
    return {file for file in files if file.is_file() and (sha256(file.read_bytes()).hexdigest(), known.digest, known.version) in held}


def publish(notices: Iterable[Built], snapshots: Snapshots, known: Knowledge) -> Snapshot:
    """A new snapshot: what the current one holds, these notices, and the vocabulary of today."""
    with snapshots.draft() as draft:
        for graph, said in _shared(known):
            draft.replace(graph, said)
        for notice in notices:
            _replace(draft, notice.graphs)
        description = tuple(void_triples(draft.store))
        draft.add(Quad(triple.subject, triple.predicate, triple.object, GRAPH["catalogue"]) for triple in description)
    current = snapshots.current()
    if current is None:
        raise InvalidGraphError(("nothing was published",))
    return current


def _replace(draft: Draft, graphs: Graphs) -> None:
    for graph, said in graphs.items():
        draft.replace(graph, said)


def _shared(known: Knowledge) -> Iterator[tuple[NamedNode, Iterable[Triple]]]:
    """The graphs that belong to no notice."""
    yield GRAPH["vocabulary"], known.triples
    yield GRAPH["inferred/vocabulary"], known.background.inferred
    yield GRAPH["links"], ontology.links()
    yield GRAPH["catalogue"], queries.triples()
