"""Two services in processes of their own, and each client before them: one over the shipped notice to read, one to write to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Store

from graph.store.snapshot import Snapshots
from tests.clients.clients import Client, Driven, Process, RdflibStores, Scheme, Wrapper, compile_java, java, node
from tests.conformance.service import ROOT, TOKEN, Service, running

NOTICE = ROOT / "ingest" / "notices" / "huzhiban-2026-2.txt"
ClientOf = Callable[[str, Service, Scheme], Client]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped notice, made by ``zhengce ingest``."""
    folder = tmp_path_factory.mktemp("read")
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "ingest", str(NOTICE)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "ZHENGCE_DATA": str(folder)}, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def published(data: Path) -> set[str]:
    """Every triple that has been published, read without the service."""
    with Snapshots(data).reading() as snapshot:
        assert snapshot
        return {f"{quad.triple} ." for quad in Store.read_only(str(snapshot.path))}


@pytest.fixture(scope="session")
def reading(data: Path) -> Iterator[Service]:
    """A service over the shipped notice."""
    with running(data) as service:
        yield service


@pytest.fixture(scope="session")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over an empty data folder, that takes writes."""
    with running(tmp_path_factory.mktemp("written")) as service:
        yield service


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled Java drivers."""
    folder = tmp_path_factory.mktemp("classes")
    compile_java(folder)
    return folder


@pytest.fixture(scope="session")
def client(request: pytest.FixtureRequest) -> Iterator[ClientOf]:
    """A client by name, before a service, with its token as Bearer, as password of Basic, or without; made once."""
    with ExitStack() as processes:

        def driven(command: list[str]) -> Driven:
            process = Process(command)
            processes.callback(process.close)
            return Driven(process)

        @cache
        def made(name: str, service: Service, scheme: Scheme) -> Client:
            arguments = [service.url, *([scheme, TOKEN] if scheme else [])]
            match name:
                case "SPARQLWrapper":
                    return Wrapper(service.url, scheme, TOKEN)
                case "rdflib":
                    return RdflibStores(service.url, scheme, TOKEN)
                case "Jena":
                    return driven(java("JenaDriver", request.getfixturevalue("classes"), *arguments))
                case "Jena on HTTP/1.1":
                    return driven(java("JenaDriver", request.getfixturevalue("classes"), *arguments, plain=True))
                case "RDF4J":
                    return driven(java("Rdf4jDriver", request.getfixturevalue("classes"), *arguments))
                case "Comunica":
                    return driven(node(*arguments))
            raise ValueError(name)

        yield made


@pytest.fixture(autouse=True)
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib keeps the characters of a literal instead of writing its value its own way."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture(scope="session")
def n3(reading: Service) -> Iterator[Process]:
    """N3.js, which parses strictly."""
    process = Process(node(reading.url))
    yield process
    process.close()
