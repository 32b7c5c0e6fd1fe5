"""Files of notices, turned into one new snapshot: read, build, infer, validate, publish.

``knowledge()`` is made once; ``built`` is a pure function of one file and that; ``publish`` writes what was built, be it one notice or ten
thousand, in one step, so that a reader sees the old snapshot or the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files as resources
from io import BufferedReader
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

import ontology
import queries
from api.publication.spool import Chained, SpoolEntry
from graph.comparison import compared_tasks, comparison_quads, task_pairs, withdraw
from graph.errors import InvalidGraphError, NothingPublishedError, UnknownGraphError
from graph.links.accepted import write_links
from graph.links.ledger import Row
from graph.reasoning.inference import Background, prepare, rules
from graph.store.embedded_store import Store
from graph.store.snapshot import Draft, Snapshots
from graph.store.void import void_triples
from graph.validation.validator import Validator, Violation, validator
from ingest.interpretation import readings
from ingest.limits import DEFAULTS, ReadLimits
from ingest.parse import parse
from ingest.provenance import IngestRun, provenance
from ingest.quads import triples
from ingest.read import content, from_address, named, read_bytes
from ingest.recognise import Reading, recognise
from ingest.vocabulary import Vocabulary, vocabulary
from ontology.names import COMPARISONS, GRAPH, TYPE

Graphs = Mapping[NamedNode, tuple[Triple, ...]]
"""Named graphs with what they hold."""

_PARTS = ("notice", "inferred", "readings", "provenance")
_AT_ONCE = 200_000
"""Quads that are loaded at once: each such load holds some 200 MB. Loads of a million are no faster and hold 950 MB."""
_LOADERS = 2
"""Loads that run side by side: one is parsed while the files of another are written."""
_SHARED = tuple(GRAPH[name] for name in ("vocabulary", "inferred/vocabulary", "links", "classifications", "catalogue"))
_READ = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX zc: <https://w3id.org/zhengce/def#>
SELECT ?sha256 ?vocabulary ?version WHERE {
  GRAPH ?provenance {
    ?graph zc:vocabularyDigest ?vocabulary ; zc:softwareVersion ?version ; prov:wasDerivedFrom ?file .
    ?file zc:sha256 ?sha256 .
  }
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
    """The knowledge that the ontology of this installation holds; raises InvalidGraphError where it breaks its own shapes."""
    stated = tuple(ontology.triples())
    background = prepare(rules(stated), stated)
    shapes = validator(ontology.shapes(), (*stated, *background.inferred))
    violations = shapes.validate_vocabulary()
    if violations:
        raise InvalidGraphError([f"ontology: {_sentences(violation)}" for violation in violations])
    return Knowledge(vocabulary(stated), stated, background, shapes, vocabulary_digest(), version("zhengce"))


def vocabulary_digest() -> str:
    """What the vocabulary of this installation is known by: of its files, in short."""
    whole = sha256()
    for file in (*ontology.files(), *ontology.tables()):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def program() -> str:
    """What an installation builds graphs with, in short: version, vocabulary and code. What another one built is not taken for its own."""
    whole = sha256()
    for package in ("ingest", "graph", "ontology"):
        for file in sorted(Path(str(resources(package))).rglob("*.py")):
            whole.update(file.read_bytes())
    return f"{version('zhengce')}-{vocabulary_digest()}-{whole.hexdigest()[:16]}"


def built(path: Path, known: Knowledge, limits: ReadLimits = DEFAULTS, source: str | None = None) -> Built:
    """The graphs of the notice in a file, taken from an address where one is given;
    raises IngestError where there is none and InvalidGraphError where they break the shapes."""
    return built_from(named(path), content(path, limits), known, limits, source)


def built_from(name: str, data: bytes, known: Knowledge, limits: ReadLimits = DEFAULTS, source: str | None = None) -> Built:
    """The same for the bytes of a file and what it is called."""
    reading = recognise(parse(from_address(read_bytes(name, data, limits), source), limits), known.vocabulary)
    asserted = tuple(triples(reading))
    read_into = tuple(readings(reading))
    inferred = tuple(known.background.infer((*asserted, *read_into)))
    origin = tuple(provenance(reading, IngestRun(known.version, known.digest, datetime.now(UTC))))
    parts = (asserted, inferred, read_into, origin)
    violations = known.validator.validate(chain(*parts))
    if violations:
        raise InvalidGraphError([f"{name}: {_sentences(violation)}" for violation in violations])
    return Built(reading, dict(zip(graphs_of(reading.key), parts, strict=True)))


def _sentences(violation: Violation) -> str:
    return f"{violation.sentence('zh')} / {violation.sentence('en')}"


def graphs_of(key: str) -> tuple[NamedNode, ...]:
    """The named graphs of a notice: what it says, what follows, what was read into it, where all this comes from."""
    return tuple(GRAPH[f"{part}/{key}"] for part in _PARTS)


def held(snapshots: Snapshots, known: Knowledge) -> frozenset[str]:
    """The SHA-256 of the files that the current snapshot holds, read with this knowledge. Raises DamagedError where it is not whole."""
    with snapshots.reading() as current:
        if current is None:
            return frozenset()
        snapshots.verify(current)
        rows = (
            tuple(term.value for name in ("sha256", "vocabulary", "version") if isinstance(term := row[name], Literal))
            for row in Store.open(current.path).select(_READ)
        )
        return frozenset(digest for digest, vocabulary_, version_ in rows if (vocabulary_, version_) == (known.digest, known.version))


def publish(entries: Sequence[SpoolEntry], snapshots: Snapshots, known: Knowledge) -> None:
    """A new snapshot: what the current one holds, these notices in place of older versions of them, and the vocabulary of today.

    Several, one after the other, where the notices are more than one takes.
    """
    for part, _ in _groups(entries, snapshots.at_once):
        _publish(part, snapshots, known)


def _publish(entries: Sequence[SpoolEntry], snapshots: Snapshots, known: Knowledge) -> None:
    with snapshots.draft() as draft:
        withdraw(draft, {entry.about.key for entry in entries})
        written = {*_SHARED, *(NamedNode(name) for entry in entries for name in entry.about.graphs)}
        for graph in written.intersection(draft.graphs()):
            draft.store.clear_graph(graph)
        for graph in written:
            draft.store.add_graph(graph)
        draft.add(_shared(known))
        with ThreadPoolExecutor(_LOADERS) as pool:
            for loaded in [pool.submit(draft.load, BufferedReader(Chained(group)), count) for group, count in _groups(entries, _AT_ONCE)]:
                loaded.result()
        _describe(draft)


def _groups(entries: Iterable[SpoolEntry], most: int) -> Iterator[tuple[list[SpoolEntry], int]]:
    """The entries in groups that are loaded at once, each with the number of its quads: what is loaded at once is held in memory."""
    group: list[SpoolEntry] = []
    count = 0
    for entry in entries:
        group.append(entry)
        count += entry.about.triples
        if count >= most:
            yield group, count
            group, count = [], 0
    if group:
        yield group, count


def remove(key: str, snapshots: Snapshots) -> None:
    """A new snapshot without the graphs of one notice; those before it keep them."""
    with snapshots.reading() as current:
        graph = graphs_of(key)[0]
        if current is None or not Store.open(current.path).engine.contains_named_graph(graph):
            raise UnknownGraphError(graph.value)
    with snapshots.draft() as draft:
        withdraw(draft, {key})
        for graph in (*graphs_of(key), GRAPH[f"outcomes/{key}"]):
            draft.remove(graph)
        _describe_anew(draft)


def publish_links(rows: Sequence[Row], snapshots: Snapshots, known: Knowledge) -> int:
    """A new snapshot whose links are as the ledger of these rows decides; the number of links in it that the ledger made.

    Raises NothingPublishedError where there is no snapshot, InvalidGraphError where links contradict each other.
    """
    if snapshots.current() is None:
        raise NothingPublishedError(str(snapshots.folder))
    with snapshots.draft() as draft:
        written = write_links(rows, draft, datetime.now(UTC))
        violations = known.validator.validate(quad.triple for quad in written)
        if violations:
            raise InvalidGraphError(list(map(_sentences, violations)))
        _describe_anew(draft)
    return sum(quad.predicate == TYPE for quad in written)


def publish_comparisons(snapshots: Snapshots) -> int:
    """A new snapshot in which the tasks of all its notices are compared anew; the number of pairs that continue or restate one another.

    Raises NothingPublishedError where there is no snapshot.
    """
    if snapshots.current() is None:
        raise NothingPublishedError(str(snapshots.folder))
    with snapshots.draft() as draft:
        pairs = tuple(task_pairs(tuple(compared_tasks(draft.store))))
        draft.remove(COMPARISONS)
        if pairs:
            draft.replace(COMPARISONS, dict.fromkeys(comparison_quads(pairs)))
        _describe_anew(draft)
    return len(pairs)


def _describe_anew(draft: Draft) -> None:
    """The catalogue of today with what the graphs hold by now."""
    draft.replace(GRAPH["catalogue"], queries.triples())
    _describe(draft)


def _describe(draft: Draft) -> None:
    draft.searched = True
    description = tuple(void_triples(draft.store))
    draft.add(Quad(triple.subject, triple.predicate, triple.object, GRAPH["catalogue"]) for triple in description)


def _shared(known: Knowledge) -> Iterator[Quad]:
    """What the graphs that belong to no notice hold."""
    shared: tuple[Iterable[Triple], ...] = (
        known.triples,
        known.background.inferred,
        ontology.links(),
        ontology.classifications(),
        queries.triples(),
    )
    for graph, triples_ in zip(_SHARED, shared, strict=True):
        yield from (Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples_)
