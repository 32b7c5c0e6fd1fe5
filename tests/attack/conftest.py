"""A service with small limits in a process of its own, and what must be true of it after whatever was done to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.store.snapshot import Snapshots
from tests.conformance.service import Service, running

THINGS = 500
COUNT = "/sparql?query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Two seconds and 256 MB a query; writes with the token that the client sends."""
    folder = tmp_path_factory.mktemp("attacked")
    value = NamedNode("http://example.org/value")
    with Snapshots(folder).draft() as draft:
        draft.replace(
            NamedNode("http://example.org/g"), (Quad(NamedNode(f"http://example.org/{n}"), value, Literal(n)) for n in range(THINGS))
        )
    with running(folder, query_seconds="2", query_megabytes="256", result_megabytes="8", write_seconds="4") as service:
        yield service


@pytest.fixture(autouse=True)
def unharmed(service: Service) -> Iterator[None]:
    """After each attack the service lives and answers as before."""
    before = service.ask("GET", "/health/ready").content
    yield
    assert service.ask("GET", "/health").status == 200
    assert service.ask("GET", "/health/ready").content == before
    response = service.ask("GET", COUNT, {"Accept": "text/csv"})
    assert (response.status, response.content.split()) == (200, [b"n", str(THINGS).encode()])
