"""The check of an engine: every question passes on the embedded engine, save one that it is known to answer otherwise."""

from __future__ import annotations

import pytest

from graph.errors import EngineAwayError
from graph.query.endpoint import Endpoint
from graph.query.probe import examined, probes
from tests.graph.protocol_server import serving

AWAY = "http://127.0.0.1:9/"


def test_embedded_engine_passes() -> None:
    with serving() as engine:
        found = list(examined(Endpoint((engine.url,), (engine.url,)), 10, writing=True))
        assert [finding.probe.name for finding in found if not finding.passed] == ["function"]
        assert len(found) == len(probes())
        assert len(engine.store) == 0
        read = list(examined(Endpoint((engine.url,)), 10, writing=False))
        assert 30 < len(read) < len(found)


def test_questions_are_told_apart_and_say_what_they_are_for() -> None:
    assert len({probe.name for probe in probes()}) == len(probes())
    for probe in probes():
        assert probe.weight in {"needed", "avoided", "told"}
        assert probe.zh
        assert probe.en


def test_engine_that_is_away_is_said_once() -> None:
    with pytest.raises(EngineAwayError):
        list(examined(Endpoint((AWAY,), (AWAY,)), 5, writing=True))
