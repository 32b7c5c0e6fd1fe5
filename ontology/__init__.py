"""The Turtle files and tables of the package, as triples: what can be said, what is known by name, and what the data must have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files as package
from importlib.resources.abc import Traversable
from itertools import chain

from pyoxigraph import RdfFormat, Triple, parse

from ontology.subjects import TABLES, rows, subjects
from ontology.subjects import classifications as _classifications

__all__ = [
    "axioms",
    "classifications",
    "files",
    "functions",
    "house_shapes",
    "links",
    "national_bodies",
    "shapes",
    "subjects",
    "tables",
    "triples",
]


def files() -> tuple[Traversable, ...]:
    """The files of the vocabulary: classes and properties, alignments, concept schemes, curated things."""
    return _turtle(".", "alignments", "schemes", "entities")


def tables() -> tuple[Traversable, ...]:
    """The tables of the vocabulary: topics, subject classes, industrial classifications."""
    return tuple(package("ontology").joinpath("vocabulary", name) for name in TABLES)


def triples() -> Iterator[Triple]:
    """What the files of the vocabulary say, with topics and subject classes.

    >>> from ontology.names import DEF, RDFS
    >>> any(t.subject == DEF["Task"] and t.predicate == RDFS["subClassOf"] and t.object == DEF["Commitment"] for t in triples())
    True
    """
    return chain(_read(files()), subjects())


def classifications() -> Iterator[Triple]:
    """The industrial classifications, whole, the words of topics, and what of ours stands beside what: published, read with no notice."""
    return _classifications(links())


def axioms() -> Iterator[Triple]:
    """What the core ontology and its alignments say, without concepts and things."""
    return _read(_turtle(".", "alignments"))


def links() -> Iterator[Triple]:
    """The correspondences with other data sets."""
    return _read(_turtle("links"))


def shapes() -> Iterator[Triple]:
    """The SHACL shapes that the graph of a notice must conform to, with the vocabulary beside it."""
    return _read(path for path in _turtle("shapes") if path.name != "house.ttl")


def house_shapes() -> Iterator[Triple]:
    """The SHACL shapes that the ontology itself must conform to."""
    return _read(path for path in _turtle("shapes") if path.name == "house.ttl")


def _turtle(*folders: str) -> tuple[Traversable, ...]:
    root = package("ontology")
    found = (path for folder in folders for path in sorted(root.joinpath(folder).iterdir(), key=lambda path: path.name))
    return tuple(path for path in found if path.name.endswith(".ttl"))


def _read(paths: Iterable[Traversable]) -> Iterator[Triple]:
    for path in paths:
        for quad in parse(path.read_bytes(), RdfFormat.TURTLE):
            yield quad.triple


def functions() -> Iterator[dict[str, str]]:
    """The functions of public bodies (development-reform, education ...), one row each, by column head.

    >>> next(functions())["function"]
    'general-office'
    """
    return rows("agency_functions.csv")


def national_bodies() -> Iterator[dict[str, str]]:
    """The bodies of the national level, one row each, by column head: name, short names, function.

    >>> next(national_bodies())["short_names"]
    '国务院'
    """
    return rows("national_bodies.csv")
