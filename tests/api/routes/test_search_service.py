"""The search inside queries over HTTP: in workers, from memory and from disk, with evidence; refused where it has no place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from graph.store.snapshot import Snapshots

HEAD = "PREFIX zc: <https://w3id.org/zhengce/def#>\n"
NUMBERS = (
    f"{HEAD}SELECT ?number ?score {{ SERVICE zc:search {{ ?task a zc:Task ; zc:query '低空' ; zc:score ?score }} ?task zc:number ?number }}"
)
TOKEN = "secret-token-of-a-test"


@pytest.fixture(scope="module")
def folder(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    with Snapshots(made).draft() as draft:
        draft.add(dataset.quads_for_pattern(None, None, None, None))
    return made


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_workers_answer_from_the_index(folder: Path, open_service: Callable[..., AbstractContextManager[Any]], store: str) -> None:
    with open_service(folder, store=store) as client:
        for _ in range(2):
            reply = client.ask(NUMBERS)
            assert reply.status == 200
            assert {row["number"] for row in reply.rows} == {"9", "17", "49", "61"}
        said = client.ask(NUMBERS, evidence="1").json
        assert said["evidence"]["shown"] == 4
        assert {row["number"]["value"] for row in said["results"]["bindings"]} == {"9", "17", "49", "61"}
        named = client.ask(f"{HEAD}SELECT ?x {{ SERVICE zc:search {{ ?x zc:name '市监局' }} }}").rows
        assert [row["x"].rpartition("/")[2] for row in named] == ["shanghai-market-regulation"]


def test_what_is_wrong_is_said_with_its_place(folder: Path, open_service: Callable[..., AbstractContextManager[Any]]) -> None:
    with open_service(folder) as client:
        reply = client.ask(f"{HEAD}SELECT * {{ SERVICE zc:search {{ ?p zc:query ?words }} }}")
        assert reply.status == 422
        assert reply.json["type"].endswith("#search")
        assert reply.json["line"] == 2
        after = client.ask(f"{HEAD}SELECT * {{\n SERVICE zc:search {{ ?p zc:query '认证' }}\n ?p ?q }}")
        assert (after.status, after.json["line"]) == (400, 4)
        other = client.ask(f"{HEAD}SELECT * {{ SERVICE zc:searching {{ ?p zc:query '认证' }} }}")
        assert other.status == 403
        both = client.ask(f"{HEAD}SELECT * {{ SERVICE zc:search {{ ?p zc:query '认证' }} SERVICE <http://127.0.0.1:1/> {{ ?a ?b ?c }} }}")
        assert both.status == 403


def test_updates_search_nothing(folder: Path, open_service: Callable[..., AbstractContextManager[Any]]) -> None:
    update = f"{HEAD}INSERT {{ GRAPH <urn:g> {{ ?p a zc:Found }} }} WHERE {{ SERVICE zc:search {{ ?p zc:query '认证' }} }}"
    with open_service(folder, token=TOKEN) as client:
        headers = {"Content_Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
        assert client.send("POST", "/update", update.encode(), **headers).status == 403


def test_an_engine_elsewhere_has_no_index(folder: Path, open_service: Callable[..., AbstractContextManager[Any]]) -> None:
    with open_service(folder) as engine, open_service(folder, store=f"{engine.url}/sparql") as client:
        reply = client.ask(NUMBERS)
        assert reply.status == 422
        assert "CONTAINS" in reply.json["detail_en"]
        assert "CONTAINS" in reply.json["detail_zh"]
        assert client.ask(NUMBERS, evidence="1").status == 422
