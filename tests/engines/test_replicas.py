"""Two replicas of an engine with one publication: one is killed while many read, and nobody gets a wrong answer."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conformance.service import running
from tests.conftest import SHIPPED
from tests.engines.conftest import command
from tests.engines.readers import READERS, answers_while_killed
from tests.engines.servers import SERVERS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["oxigraph", "fuseki"])
def test_replica_that_is_killed_costs_nobody_an_answer(name: str, tmp_path: Path) -> None:
    with ExitStack() as opened:
        servers = [opened.enter_context(SERVERS[name](tmp_path / str(number))) for number in (1, 2)]
        settings = {
            "store": " ".join(server.query for server in servers),
            "store_update": " ".join(server.update for server in servers),
        }
        command(tmp_path / "data", "ingest", str(SHIPPED), **settings)
        front = opened.enter_context(running(tmp_path / "data", **settings))
        before, after = answers_while_killed([front], servers[0])
        assert set(before) == {"74"}
        # What was under way as the replica died was asked of the other; one that had begun to answer may break off.
        assert {"74"} <= set(after) <= {"74", "503"}
        assert after["503"] <= READERS
