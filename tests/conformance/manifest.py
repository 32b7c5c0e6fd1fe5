"""The manifests of the W3C suite, turned into tests: what is asked of which data, and what must come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from ontology.names import RDF, RDFS, TYPE, Namespace

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
BASE = "https://w3c.github.io/rdf-tests/sparql/"
SUITES = ("sparql10", "sparql11", "sparql12")
SKIPPED = {"entailment": "entailment", "service": "SERVICE evaluation", "http-rdf-update": "superseded by graph-store-protocol"}
"""Folders that are left out, and why."""

Node = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Dataset:
    """Files by the graph that they are loaded into: the default graph under None."""

    files: tuple[tuple[str | None, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a protocol test, and the responses that are right."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None = None
    format: str | None = None
    content_type: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One test. ``action`` is the file of the query or update, ``result`` that of the answer."""

    suite: str
    folder: str
    name: str
    kind: str
    action: Path | None = None
    result: Path | None = None
    before: Dataset = Dataset()
    after: Dataset = Dataset()
    lax: bool = False
    requests: tuple[Request, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """Suite, folder and name, as the list of known failures has it."""
        return f"{self.suite.removeprefix('sparql')}/{self.folder} {self.name}"


def tests(root: Path) -> Iterator[Case]:
    """Every test of the suite but those of the folders that are skipped."""
    for suite in SUITES:
        seen: set[str] = set()
        for path in _files(root / suite / ("manifest-all.ttl" if suite == "sparql11" else "manifest.ttl"), seen):
            if path.parent.name not in SKIPPED:
                yield from _Manifest(root, suite, path).tests()


def iri(root: Path, path: Path) -> str:
    """The IRI under which a file of the suite is known."""
    return BASE + path.relative_to(root).as_posix()


def _files(path: Path, seen: set[str]) -> Iterator[Path]:
    if str(path) in seen:
        return
    seen.add(str(path))
    yield path
    store = _store(path, path.as_uri())
    for quad in store.quads_for_pattern(None, MF["include"], None, None):
        for each in _list(store, cast(Node, quad.object)):
            if isinstance(each, NamedNode):
                yield from _files(Path(each.value.removeprefix("file://")), seen)


def _store(path: Path, base: str) -> Store:
    store = Store()
    store.load(path=path, format=RdfFormat.TURTLE, base_iri=base)
    return store


def _list(store: Store, node: Node) -> Iterator[Node]:
    while node != RDF["nil"]:
        yield _one(store, node, RDF["first"])
        node = _one(store, node, RDF["rest"])


def _all(store: Store, node: Node, predicate: NamedNode) -> list[Node]:
    if isinstance(node, Literal):
        return []
    return [cast(Node, quad.object) for quad in store.quads_for_pattern(node, predicate, None, None)]


def _one(store: Store, node: Node, predicate: NamedNode) -> Node:
    (found,) = _all(store, node, predicate)
    return found


class _Manifest:
    def __init__(self, root: Path, suite: str, path: Path) -> None:
        self.root, self.suite, self.path = root, suite, path
        self.store = _store(path, iri(root, path))

    def tests(self) -> Iterator[Case]:
        for entries in self.store.quads_for_pattern(None, MF["entries"], None, None):
            for node in _list(self.store, cast(Node, entries.object)):
                yield self.test(node)

    def test(self, node: Node) -> Case:
        kind = MF.local(_one(self.store, node, TYPE))
        name = node.value.rsplit("#", 1)[-1]
        actions, results = _all(self.store, node, MF["action"]), _all(self.store, node, MF["result"])
        action, result = next(iter(actions), None), next(iter(results), None)
        requests = tuple(self.request(each) for each in self.items(action, HT["requests"])) if action else ()
        return Case(
            suite=self.suite,
            folder=self.path.parent.name if self.path.name == "manifest.ttl" else f"{self.path.parent.name}/{self.path.stem[9:]}",
            name=name,
            kind=kind,
            action=self.file(action, QT["query"], UT["request"]),
            result=self.file(result),
            before=self.dataset(node if kind == "ProtocolTest" else action),
            after=self.dataset(result),
            lax=MF["LaxCardinality"] in _all(self.store, node, MF["resultCardinality"]),
            requests=requests,
        )

    def file(self, node: Node | None, *predicates: NamedNode) -> Path | None:
        """The file that a node is, or that it names by one of the predicates."""
        if isinstance(node, NamedNode):
            return self.root / node.value.removeprefix(BASE)
        named = [each for predicate in predicates if node for each in _all(self.store, node, predicate)]
        return self.file(named[0]) if named else None

    def dataset(self, node: Node | None) -> Dataset:
        files: list[tuple[str | None, Path]] = []
        for predicate in (QT["data"], UT["data"]):
            files += [(None, path) for each in _all(self.store, node, predicate) if (path := self.file(each))] if node else []
        for each in _all(self.store, node, QT["graphData"]) if node else ():
            if path := self.file(each):
                files.append((each.value, path))
        for each in _all(self.store, node, UT["graphData"]) if node else ():
            if path := self.file(each, UT["graph"], UT["data"]):
                files.append((_one(self.store, each, RDFS["label"]).value, path))
        return Dataset(tuple(sorted(files, key=str)))

    def items(self, node: Node, predicate: NamedNode) -> Iterator[Node]:
        for each in _all(self.store, node, predicate):
            yield from _list(self.store, each)

    def request(self, node: Node) -> Request:
        def text(node: Node | None, predicate: NamedNode) -> str | None:
            found = _all(self.store, node, predicate) if node else []
            return found[0].value if found else None

        def headers(node: Node) -> tuple[tuple[str, str], ...]:
            return tuple(
                (text(each, HT["fieldName"]) or "", text(each, HT["fieldValue"]) or "") for each in self.items(node, HT["headers"])
            )

        body = next(iter(_all(self.store, node, HT["body"])), None)
        response = _one(self.store, node, HT["resp"])
        expected = next(iter(_all(self.store, response, HT["body"])), None)
        content = text(body, CNT["chars"])
        boolean = text(response, MF["expectedBoolean"])
        return Request(
            method=text(node, HT["methodName"]) or "",
            path=text(node, HT["absolutePath"]) or "",
            headers=headers(node),
            body=None if content is None else content.encode(text(body, CNT["characterEncoding"]) or "utf-8"),
            statuses=tuple(each.value.rsplit("#", 1)[-1] for each in _all(self.store, response, MF["expectedStatus"])),
            boolean=None if boolean is None else boolean == "true",
            format=text(response, MF["expectedFormat"]),
            content_type=dict(headers(response)).get("content-type"),
            content=text(expected, CNT["chars"]),
        )
