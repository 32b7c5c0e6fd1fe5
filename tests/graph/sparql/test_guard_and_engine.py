"""The guard and the engine over the same random texts: whatever the engine would contact, the guard refuses."""

from __future__ import annotations

from benchmarks.guard import outcomes
from graph.sparql.service_guard import relayed
from graph.update.update_text import refuse_addresses
from queries import catalogue


def test_no_connection_passes_the_guard() -> None:
    contacted, accepted, clean, refused = 0, 0, 0, 0
    for outcome in outcomes(seed=20260, number=5000):
        assert not outcome.leaked, outcome.text
        assert outcome.refused or not outcome.contacts, outcome.text
        contacted += outcome.contacts
        accepted += outcome.accepted
        if outcome.accepted and not outcome.called and not outcome.update:
            clean += 1
            refused += outcome.refused
    assert accepted > 1200, "the texts are SPARQL often enough"
    assert contacted > 400, "and would contact the listener often enough"
    assert refused < clean * 0.06, "with few that are refused for nothing, although they are made to be mistaken"


def test_no_saved_question_is_refused() -> None:
    for query in catalogue().values():
        assert relayed(query.text) == query.text
        refuse_addresses(query.text)
