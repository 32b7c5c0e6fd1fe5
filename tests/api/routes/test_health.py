"""Whether the service lives, whether it can answer, and what its figures are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.http.metrics import _METHODS


def test_a_service_with_a_snapshot_is_ready(service: Any) -> None:
    lives, ready = service.get("/health"), service.get("/health/ready")
    assert (lives.status, lives.json) == (200, {"status": "ok"})
    assert (ready.status, ready.json) == (200, {"status": "ready", "snapshot": 1})
    assert {reply.headers["cache-control"] for reply in (lives, ready)} == {"no-store"}


def test_a_service_without_a_snapshot_lives_and_is_not_ready(serve: Callable[..., Any], tmp_path: Path) -> None:
    client = serve(tmp_path)
    ready = client.get("/health/ready")
    assert client.get("/health").status == 200
    assert (ready.status, ready.json, ready.headers["cache-control"]) == (503, {"status": "empty", "snapshot": None}, "no-store")


def test_a_service_before_one_that_is_away_says_so(serve: Callable[..., Any], service: Any) -> None:
    away = serve(store="http://127.0.0.1:9/sparql").get("/health/ready")
    assert (away.status, away.json["status"], away.json["snapshot"]) == (503, "away", None)
    assert away.json["detail"]
    there = serve(store=f"{service.url}/sparql").get("/health/ready")
    assert (there.status, there.json) == (200, {"status": "ready", "snapshot": None})


def figures(client: Any) -> dict[str, float]:
    reply = client.get("/metrics")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-type"].startswith("text/plain")
    lines = (line for line in reply.body.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests_and_answers_are_counted(serve: Callable[..., Any]) -> None:
    client = serve()
    before = figures(client)
    assert (before["zhengce_snapshot"], before["zhengce_workers"] >= 1, before["zhengce_quads"] > 400) == (1, True, True)
    assert before["zhengce_queries_running"] == before["zhengce_queries_waiting"] == before["zhengce_queries_slow"] == 0
    for _ in range(3):
        assert client.ask("SELECT * { ?s ?p 1 }").status == 200
    assert client.get("/nothing-here").status == 404
    assert client.send("BREW", "/health").status >= 400
    after = figures(client)
    assert after["zhengce_ready_answers_total"] - before["zhengce_ready_answers_total"] == 2
    assert after["zhengce_cache_bytes"] > before["zhengce_cache_bytes"]
    counted = {name: value for name, value in after.items() if name.startswith("zhengce_requests_total")}
    assert sum(value for name, value in counted.items() if 'status="404"' in name) == 1
    assert any('path="/sparql"' in name and 'status="200"' in name for name in counted)
    methods = {name.partition('method="')[2].partition('"')[0] for name in counted}
    assert methods <= {*_METHODS, "other"}
    assert "BREW" not in str(counted)
