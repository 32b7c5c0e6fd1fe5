"""An engine elsewhere, turned into what it can and cannot do, by the questions that tell known engines apart (``probe.csv``).

What is ``needed`` is relied on by the service; what is ``avoided`` some engine does otherwise and the service does without it; what is
only ``told`` matters to whoever writes queries of their own. Questions with an update are asked where the engine may be written to, in
graphs of their own which are emptied in the end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from uuid import uuid4

from pyoxigraph import QueryBoolean, QueryResultsFormat, parse_query_results

from graph.errors import EngineAwayError, GraphError, TimeLimitError
from graph.query.endpoint import Endpoint
from graph.query.framing import QueryRequest

NEEDED, AVOIDED = "needed", "avoided"
_GRAPHS = ("", ":2", ":3", ":4")


@dataclass(frozen=True, slots=True)
class Probe:
    """A question with the answer of the standard: its name, what an engine that passes can do (zh, en), and whether that is needed."""

    name: str
    weight: str
    zh: str
    en: str
    update: str
    query: str
    expected: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a question; ``found`` is what the engine answered instead, or what it said."""

    probe: Probe
    passed: bool
    found: str = ""


def probes() -> tuple[Probe, ...]:
    """All questions, in the order in which they are asked."""
    with (files("graph.query") / "probe.csv").open(encoding="utf-8") as source:
        return tuple(Probe(**row) for row in csv.DictReader(source))


def examined(endpoint: Endpoint, seconds: float, *, writing: bool) -> Iterator[Finding]:
    """Each question with what came of it; raises EngineAwayError or TimeLimitError where it does not answer at all."""
    graph = f"urn:zhengce:probe:{uuid4()}"
    try:
        for probe in probes():
            if writing or (not probe.update and "$G" not in probe.query and probe.name != "union"):
                yield _asked(endpoint, probe, graph, seconds)
    finally:
        if writing:
            with suppress(GraphError):
                endpoint.update(" ;\n".join(f"CLEAR SILENT GRAPH <{graph}{part}>" for part in _GRAPHS), seconds)


def _asked(endpoint: Endpoint, probe: Probe, graph: str, seconds: float) -> Finding:
    try:
        if probe.update:
            _written(endpoint, probe.update.replace("$G", graph), graph, seconds)
        query = probe.query.replace("$G", graph)
        read = parse_query_results(endpoint.read(QueryRequest(query, QueryResultsFormat.JSON), query, seconds), QueryResultsFormat.JSON)
        if isinstance(read, QueryBoolean):
            found = str(bool(read)).lower()
        else:
            rows = [" ".join("" if term is None else _value(str(getattr(term, "value", term))) for term in row) for row in read]
            found = f"#{len(rows)}" if probe.expected.startswith("#") else "\n".join(rows)
    except (EngineAwayError, TimeLimitError) as error:
        if probe.name == "answers":
            raise
        return Finding(probe, False, error.en)
    except (GraphError, SyntaxError, ValueError) as error:
        return Finding(probe, False, str(getattr(error, "en", error)))
    return Finding(probe, found == probe.expected, "" if found == probe.expected else found)


def _written(endpoint: Endpoint, update: str, graph: str, seconds: float) -> None:
    """Sends an update; one that begins with ``!`` must fail, ``+N`` stands for so many triples."""
    if update.startswith("+"):
        lines = "\n".join(f"<urn:s{n}> <urn:p> {n} ." for n in range(int(update[1:])))
        update = f"INSERT {{ GRAPH <{graph}:4> {{\n{lines}\n}} }} WHERE {{ }}"
    if update.startswith("!"):
        with suppress(GraphError):
            endpoint.update(update[1:], seconds)
    else:
        endpoint.update(update, seconds)


def _value(text: str) -> str:
    """A value as it is compared: numbers are written in several ways.

    >>> _value("3.0"), _value("3.10"), _value("1.0 a")
    ('3', '3.1', '1.0 a')
    """
    try:
        return f"{float(text):g}" if "." in text else text
    except ValueError:
        return text
