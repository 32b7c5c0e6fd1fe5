"""A reading -> where its graph comes from: which file with which SHA-256, read by what and when, and what was not understood (PROV-O)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Triple

from ingest.model import records
from ingest.model.passages import integer
from ingest.quads import notice_iri
from ingest.recognise import Reading
from ontology import terms
from ontology.names import BASE, CNT, DCTERMS, GRAPH, ID, OA, PROV, TYPE, XSD

_COVERAGE = {
    "fields": terms.charactersInFields,
    "unread": terms.charactersUnread,
    "prose": terms.charactersInProse,
    "nothing": terms.charactersBlank,
}
_READINGS = {
    "zh": "文字以外的读法，各按写明的规则：没有印出的期间，时限省去的年份，"
    "年度指标与规划指标的对应，年度计划与所落实规划的从属，未收录单位的全称和类别，行政区划的上级（GB/T 2260）。",
    "en": "Readings beyond the words, each by a named rule: periods that no passage prints, years that a time limit leaves out, "
    "figures of the year as slices of the plan's, the yearly plan as a part of the plan it implements,"
    " full names and kinds of units that are not curated, wider divisions by GB/T 2260.",
}


@dataclass(frozen=True, slots=True)
class IngestRun:
    """What read a file: the version of the program, the digest of the vocabulary, and when."""

    version: str
    vocabulary: str
    time: datetime


def provenance(reading: Reading, run: IngestRun) -> Iterator[Triple]:
    """What the graph says of where the graph of a notice comes from."""
    document = reading.notice.document
    graph, file = GRAPH[f"notice/{reading.key}"], ID[f"file/{document.sha256}"]
    yield Triple(graph, TYPE, PROV["Entity"])
    yield Triple(graph, DCTERMS["subject"], notice_iri(reading.key))
    yield Triple(graph, PROV["wasDerivedFrom"], file)
    yield Triple(graph, PROV["wasAttributedTo"], NamedNode(BASE))
    yield Triple(graph, PROV["generatedAtTime"], Literal(run.time.isoformat(timespec="seconds"), datatype=XSD["dateTime"]))
    yield Triple(graph, terms.softwareVersion, Literal(run.version))
    yield Triple(graph, terms.vocabularyDigest, Literal(run.vocabulary))
    for derived in ("inferred", "readings"):
        yield Triple(GRAPH[f"{derived}/{reading.key}"], TYPE, PROV["Entity"])
        yield Triple(GRAPH[f"{derived}/{reading.key}"], PROV["wasDerivedFrom"], graph)
        yield Triple(GRAPH[f"{derived}/{reading.key}"], PROV["wasAttributedTo"], NamedNode(BASE))
    for language, said in _READINGS.items():
        yield Triple(GRAPH[f"readings/{reading.key}"], DCTERMS["description"], Literal(said, language=language))
    yield Triple(file, TYPE, terms.SourceFile)
    yield Triple(file, DCTERMS["title"], Literal(document.name))
    yield Triple(file, DCTERMS["format"], Literal(document.media_type))
    yield Triple(file, terms.sha256, Literal(document.sha256))
    yield Triple(file, CNT["chars"], Literal(document.text))
    if document.source:
        yield Triple(file, DCTERMS["source"], NamedNode(document.source))
    if document.encoding:
        yield Triple(file, terms.encoding, Literal(document.encoding))
    if document.recognition:
        yield Triple(file, terms.recognition, Literal(document.recognition))
    for name, count in reading.notice.coverage.items():
        yield Triple(graph, _COVERAGE[name], Literal(str(count), datatype=XSD["integer"]))
    for n, warning in enumerate(reading.notice.warnings, 1):
        node = ID[f"notice/{reading.key}/warning/{n}"]
        yield Triple(graph, terms.warning, node)
        yield Triple(node, TYPE, terms.Warning)
        yield Triple(node, terms.warningCode, Literal(warning.code))
        yield Triple(node, terms.message, Literal(warning.message))
        yield from _places(node, warning)
        for read in reading.tasks:
            if warning.task is not None and read.task.no == warning.task:
                yield Triple(node, terms.warnedTask, NamedNode(f"{notice_iri(reading.key).value}/task/{read.task.key}"))
                break


def _places(node: NamedNode, warning: records.Warning) -> Iterator[Triple]:
    """Where in the characters of the file a warning stands."""
    if warning.line is not None:
        yield Triple(node, terms.warnedLine, integer(warning.line))
    if warning.page is not None:
        yield Triple(node, terms.warnedPage, integer(warning.page))
    for start, end in warning.spans:
        span = NamedNode(f"{node.value}/span/{start}-{end}")
        yield Triple(node, terms.warnedSpan, span)
        yield Triple(span, TYPE, OA["TextPositionSelector"])
        yield Triple(span, OA["start"], integer(start))
        yield Triple(span, OA["end"], integer(end))
