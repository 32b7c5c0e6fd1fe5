"""The Turtle files of the package, turned into triples: what can be said, the things that are known, links to other graphs, shapes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files as resources
from importlib.resources.abc import Traversable

from pyoxigraph import RdfFormat, Triple, parse

_VOCABULARY = (".", "schemes", "entities", "alignments")


def files() -> tuple[Traversable, ...]:
    """The files of the vocabulary: terms, schemes, entities, alignments; in a fixed order."""
    return tuple(file for folder in _VOCABULARY for file in _folder(folder))


def triples() -> Iterator[Triple]:
    """What the files of the vocabulary say."""
    return _parsed(files())


def links() -> Iterator[Triple]:
    """The links to other graphs, each with its source."""
    return _parsed(_folder("links"))


def shapes() -> Iterator[Triple]:
    """What the data must have (SHACL)."""
    return _parsed(_folder("shapes"))


def _folder(name: str) -> tuple[Traversable, ...]:
    folder = resources("ontology") if name == "." else resources("ontology") / name
    found = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted((file for file in found if file.name.endswith(".ttl")), key=lambda file: file.name))


def _parsed(found: tuple[Traversable, ...]) -> Iterator[Triple]:
    for file in found:
        yield from (quad.triple for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True))
