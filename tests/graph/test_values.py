"""Records are values, save what is gathered, counted or running."""

from __future__ import annotations

import graph
from tests.values import changeable

CHANGEABLE = {
    "graph.proofs.rows.footnotes.Footnote",
    "graph.proofs.rows.scopes._Draft",
    "graph.proofs.rows.witnesses.Witnesses",
    "graph.query.fork_server._Child",
    "graph.sparql.update_targets._Operation",
}


def test_records_are_values() -> None:
    unfrozen, open_, number = changeable(graph)
    assert unfrozen == CHANGEABLE
    assert open_ == set()
    assert number > 80
