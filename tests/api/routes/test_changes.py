"""After a publication the service says by itself which watched answers are others, as a page, as JSON and in the feed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from api.answers import watching
from api.answers.service import Service
from api.publication.change_feed import feed
from api.settings import Settings
from graph.store import watched
from graph.store.snapshot import Snapshots

ATOM = "{http://www.w3.org/2005/Atom}"
LABELS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?thing ?name { ?thing skos:prefLabel ?name }"
HOSTILE = "<script>alert(1)</script>&\x0b"


def watch(folder: Path, *queries: str, asked: str = "各区叫什么？") -> str:
    """Watches the answers to these queries; gives back the name of the first."""

    async def run() -> list[str]:
        async with Service(Settings(data=folder, workers=1, spares=0)) as service:
            return [(await watching.add(service, asked, query, "own")).id for query in queries]

    return asyncio.run(run())[0]


@pytest.fixture
def folder(tmp_path: Path, publish_to: Callable[..., None]) -> Path:
    publish_to(tmp_path)
    return tmp_path


def told(client: Any, number: int, folder: Path) -> Any:
    """What is told once so many publications have changed something, and all of it is written."""
    for _ in range(200):
        reply = client.get("/changes.json")
        # 503 as long as the list of notices is being made, where a query may take a second only.
        if reply.status == 200 and len(reply.json["answers"]) >= number:
            with watched.writing(folder):
                return client.get("/changes.json").json
        time.sleep(0.1)
    raise AssertionError(reply)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((folder / watched.FOLDER).iterdir())}


@contextmanager
def changing(folder: Path, publish_to: Callable[..., None], open_service: Callable[..., Any]) -> Iterator[tuple[Any, Path, str]]:
    """A service that saw a name change while an answer with it was watched, and one that stayed as it was."""
    publish_to(folder)
    id = watch(folder, LABELS, "ASK { ?s ?p 1 }", asked=HOSTILE)
    with open_service(folder) as client:
        assert client.get("/changes.json").json["answers"] == []
        publish_to(folder, "浦东")
        told(client, 1, folder)
        yield client, folder, id


@pytest.fixture
def changed(tmp_path: Path, publish_to: Callable[..., None], open_service: Callable[..., Any]) -> Iterator[tuple[Any, Path, str]]:
    """One that may be written to."""
    with changing(tmp_path, publish_to, open_service) as made:
        yield made


@pytest.fixture(scope="module")
def read(
    tmp_path_factory: pytest.TempPathFactory, publish_to: Callable[..., None], open_service: Callable[..., Any]
) -> Iterator[tuple[Any, Path, str]]:
    """One that is only read."""
    with changing(tmp_path_factory.mktemp("changed"), publish_to, open_service) as made:
        yield made


def test_rows_and_the_fact_that_did_it_are_told(read: tuple[Any, Path, str]) -> None:
    client, _, id = read
    said = client.get("/changes.json").json
    (change,) = said["answers"]
    (answer,) = change["answers"]
    assert (change["snapshot"], change["examined"], answer["id"], answer["before"]) == (2, 2, id, 1)
    values = [[each["value"] for each in row["values"]][1:] for name in ("added", "removed") for row in answer[name]]
    assert values == [["浦东"], ["浦东新区"]]
    signs = [(fact["sign"], fact["triple"]["object"]["value"]) for fact in answer["facts"]]
    assert signs == [("+", "浦东"), ("-", "浦东新区")]
    states = {each["id"]: each["since"] for each in said["watched"]}
    assert (states.pop(id), list(states.values())) == ({"added": 1, "removed": 1}, [{"added": 0, "removed": 0}])
    assert [each["snapshot"] for each in said["notices"]] == [2, 1]


def test_page_says_so_in_both_languages_and_escapes(read: tuple[Any, Path, str]) -> None:
    client, _, _ = read
    for language, words in (("zh", "1 个所关注的答案变了"), ("en", "1 watched answers changed")):
        reply = client.get(f"/changes?lang={language}", Accept="text/html")
        page = reply.body.decode()
        assert (reply.status, words in page, "浦东新区" in page) == (200, True, True)
        assert "<script>alert" not in page


def test_feed_has_an_entry_for_it_beside_those_of_the_notices(read: tuple[Any, Path, str]) -> None:
    client, _, _ = read
    reply = client.get("/changes.atom")
    root = ElementTree.fromstring(reply.body)
    entries = root.findall(f"{ATOM}entry")
    ids = [(entry.findtext(f"{ATOM}id") or "").partition("#")[2] for entry in entries]
    assert ids == ["answers-1", "snapshot-2", "snapshot-1"]
    content = entries[0].findtext(f"{ATOM}content") or ""
    assert "浦东新区" in content
    assert "<script>" not in content
    assert client.get("/changes", Accept="application/atom+xml").body == reply.body
    assert client.get("/changes.rss").status == 404


def test_what_is_found_after_the_snapshot_came_is_not_hidden_by_an_etag(
    folder: Path, publish_to: Callable[..., None], serve: Callable[..., Any]
) -> None:
    watch(folder, LABELS)
    client = serve(folder)
    first = client.get("/changes.json")
    assert client.get("/changes.json", If_None_Match=first.headers["etag"]).status == 304
    publish_to(folder, "浦东")
    told(client, 1, folder)
    assert client.get("/changes.json", If_None_Match=first.headers["etag"]).status == 200


def test_reading_writes_nothing_and_nobody_watches_over_the_network(read: tuple[Any, Path, str]) -> None:
    client, folder, id = read
    before = files(folder)
    for path in ("/changes", "/changes.json", "/changes.atom"):
        for method in ("GET", "HEAD"):
            assert client.send(method, path).status == 200
        for method in ("POST", "PUT", "DELETE"):
            assert client.send(method, path, b"{}").status == 405
    assert client.send("DELETE", f"/changes/{id}").status in {404, 405}
    assert files(folder) == before


def test_what_changed_while_no_service_ran_is_found_when_one_starts(
    folder: Path, publish_to: Callable[..., None], serve: Callable[..., Any]
) -> None:
    watch(folder, LABELS)
    publish_to(folder, "浦东")
    publish_to(folder, "浦东")
    assert told(serve(folder), 1, folder)["answers"][0]["snapshot"] == 3


def test_an_answer_that_cannot_be_had_is_told_with_its_reason_and_the_last_one_stays(
    folder: Path, publish_to: Callable[..., None], serve: Callable[..., Any]
) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?x ?y '浦东'@zh . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c + ?f + ?i = -1) }"
    id = watch(folder, slow)
    client = serve(folder, query_seconds=1.0, answer_seconds=1.0)
    publish_to(folder, "浦东")
    said = told(client, 1, folder)
    (answer,) = said["answers"][0]["answers"]
    assert ("1 秒" in answer["reason"]["zh"], answer["id"]) == (True, id)
    assert watched.named(folder, id).latest == watched.named(folder, id).accepted
    publish_to(folder, "浦东新区")
    for _ in range(100):
        if watched.named(folder, id).reason is None:
            break
        time.sleep(0.1)
    assert watched.named(folder, id).since == (0, 0)


def test_accepting_makes_the_answer_of_today_the_accepted_one(changed: tuple[Any, Path, str]) -> None:
    _, folder, id = changed

    async def accept() -> watched.Watched:
        async with Service(Settings(data=folder, workers=1, spares=0)) as service:
            return await watching.accept(service, id)

    kept = asyncio.run(accept())
    assert (kept.since, kept.accepted.snapshot) == ((0, 0), 2)
    assert watched.named(folder, id) == kept


def test_after_a_rollback_the_answer_goes_back(changed: tuple[Any, Path, str]) -> None:
    client, folder, id = changed
    Snapshots(folder).rollback(1)
    assert told(client, 2, folder)["answers"][0]["snapshot"] == 1
    assert watched.named(folder, id).since == (0, 0)


def test_feed_of_nothing_is_one() -> None:
    assert ElementTree.fromstring(feed("http://x/?a=1&b", [], [])).findall(f"{ATOM}entry") == []
