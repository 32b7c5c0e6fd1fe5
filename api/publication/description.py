"""A snapshot and its dumps, turned into the description of a service for catalogues of open data: DCAT 3, by the profile DCAT-AP 3.

What does not change stands in ``catalogue.ttl`` beside this module. https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ontology.names import DCAT, DCTERMS, ID, TYPE, VOID, XSD, Namespace

DATASET = ID["dataset/zhengce"]
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
_FILE_TYPE = Namespace("http://publications.europa.eu/resource/authority/file-type/")
_MEDIA_TYPE = Namespace("https://www.iana.org/assignments/media-types/")
_LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
FILES: Mapping[str, tuple[str, str]] = {
    "all.nq.gz": ("全部图，N-Quads", "All graphs, N-Quads"),
    "vocabulary.ttl.gz": ("词表，Turtle", "The vocabulary, Turtle"),
    "links.ttl.gz": ("与其他图的对应，Turtle", "Links to other graphs, Turtle"),
}
"""The dumps that a catalogue lists, with their titles; those of single notices are listed at ``/dumps``."""


@dataclass(frozen=True, slots=True)
class Version:
    """What is published: the number of the snapshot and when, and size and SHA-256 of the dumps that there are, by name."""

    number: int
    published: datetime
    files: Mapping[str, tuple[int, str]]


def description(base: str, version: Version | None) -> Iterator[Triple]:
    """The catalogue of the service at an address (without a slash at its end); without a version no dates and no files."""
    for quad in parse((Path(__file__).parent / "catalogue.ttl").read_bytes(), RdfFormat.TURTLE, base_iri=f"{base}/"):
        yield quad.triple
    publisher = NamedNode(f"{base}/catalogue#publisher")
    yield Triple(publisher, FOAF["name"], Literal(f"{base} 的运行者", language="zh"))
    yield Triple(publisher, FOAF["name"], Literal(f"Operator of {base}", language="en"))
    if version is None:
        return
    published = Literal(version.published.isoformat(), datatype=XSD["dateTime"])
    sparql = NamedNode(f"{base}/catalogue#distribution-sparql")
    for node in (NamedNode(f"{base}/catalogue"), DATASET, sparql):
        yield Triple(node, DCTERMS["issued"], published)
        yield Triple(node, DCTERMS["modified"], published)
    yield Triple(DATASET, DCAT["version"], Literal(str(version.number)))
    for name in FILES:
        yield from _file(base, name, published, version.files.get(name))


def _file(base: str, name: str, published: Literal, made: tuple[int, str] | None) -> Iterator[Triple]:
    """The distribution that is a dump; its size and checksum where it was made already."""
    address = NamedNode(f"{base}/dumps/{name}")
    node = NamedNode(f"{base}/catalogue#distribution-{name}")
    quads = name.endswith(".nq.gz")
    yield Triple(DATASET, VOID["dataDump"], address)
    yield Triple(DATASET, DCAT["distribution"], node)
    yield Triple(node, TYPE, DCAT["Distribution"])
    for language, title in zip(("zh", "en"), FILES[name], strict=True):
        yield Triple(node, DCTERMS["title"], Literal(title, language=language))
        yield Triple(node, DCTERMS["description"], Literal(f"{title}（gzip）" if language == "zh" else f"{title}, gzip", language=language))
    for predicate in (DCAT["accessURL"], DCAT["downloadURL"]):
        yield Triple(node, predicate, address)
    yield Triple(node, DCTERMS["license"], _LICENCE)
    yield Triple(node, DCTERMS["format"], _FILE_TYPE["RDF_N_QUADS" if quads else "RDF_TURTLE"])
    yield Triple(node, DCAT["mediaType"], _MEDIA_TYPE["application/n-quads" if quads else "text/turtle"])
    yield Triple(node, DCAT["compressFormat"], _MEDIA_TYPE["application/gzip"])
    yield Triple(node, DCTERMS["issued"], published)
    yield Triple(node, DCTERMS["modified"], published)
    if made is None:
        return
    size, digest = made
    checksum = NamedNode(f"{base}/catalogue#checksum-{name}")
    yield Triple(node, DCAT["byteSize"], Literal(str(size), datatype=XSD["decimal"]))
    yield Triple(node, SPDX["checksum"], checksum)
    yield Triple(checksum, TYPE, SPDX["Checksum"])
    yield Triple(checksum, SPDX["algorithm"], SPDX["checksumAlgorithm_sha256"])
    yield Triple(checksum, SPDX["checksumValue"], Literal(digest, datatype=XSD["hexBinary"]))
