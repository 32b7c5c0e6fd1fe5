"""Dumps: whole, of the service's own graphs alone, the same every time, resumable, with their checksums, in bounded number."""

from __future__ import annotations

import base64
import gzip
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from graph.store.snapshot import Snapshots
from ontology.names import DEF, GRAPH, ID, TYPE

NOTICE = "notice/huzhiban-2026-2"


def quads_of(body: bytes, format: RdfFormat = RdfFormat.N_QUADS) -> set[Quad]:
    return set(parse(gzip.decompress(body), format))


def test_all_graphs_are_in_the_dump_of_all(published: Any, publish_shipped: Path) -> None:
    reply = published.get("/dumps/all.nq.gz")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/gzip")
    assert "content-encoding" not in reply.headers
    current = Snapshots(publish_shipped).current()
    assert current
    held = Store.read_only(str(current.path))
    found = quads_of(reply.body)
    assert len(found) == len(held) > 10_000
    assert found == set(held)


def test_a_graph_is_the_same_in_both_formats(published: Any) -> None:
    quads = quads_of(published.get(f"/dumps/{NOTICE}.nq.gz").body)
    triples = quads_of(published.get(f"/dumps/{NOTICE}.ttl.gz").body, RdfFormat.TURTLE)
    assert {quad.graph_name for quad in quads} == {GRAPH[NOTICE]}
    assert {quad.triple for quad in quads} == {quad.triple for quad in triples}
    assert len(quads) > 1000


@pytest.mark.parametrize(
    "name",
    [
        "nothing.nq.gz",
        "all.ttl.gz",
        "all",
        "",
        ".nq.gz",
        "notice/x.nq",
        "../current.nq.gz",
        "a b.ttl.gz",
        "%3E%20%7B%7D.nq.gz",
        "a.nq.gz.gz",
    ],
)
def test_other_names_are_no_dumps(published: Any, name: str) -> None:
    if name:
        assert published.get(f"/dumps/{name.replace(' ', '%20')}").status == 404


def test_list_names_every_graph_and_its_files_can_be_had(published: Any) -> None:
    published.get(f"/dumps/{NOTICE}.nq.gz")
    listed = published.get("/dumps").json
    names = {each["name"] for each in listed["files"]}
    assert {"all.nq.gz", f"{NOTICE}.nq.gz", "vocabulary.ttl.gz", "links.nq.gz", "inferred/vocabulary.ttl.gz"} <= names
    made = [each for each in listed["files"] if "sha256" in each]
    assert made
    for each in made:
        body = published.get(each["url"].removeprefix(published.url)).body
        assert (len(body), hashlib.sha256(body).hexdigest()) == (each["bytes"], each["sha256"])
    sums = dict(reversed(line.split("  ")) for line in published.get("/dumps/SHA256SUMS").body.decode().splitlines())
    assert sums == {each["name"]: each["sha256"] for each in made}


def test_transfer_is_taken_up_again_where_it_ended(published: Any) -> None:
    whole = published.get("/dumps/vocabulary.ttl.gz")
    first = published.get("/dumps/vocabulary.ttl.gz", Range="bytes=0-999")
    assert (first.status, first.headers["content-range"]) == (206, f"bytes 0-999/{len(whole.body)}")
    rest = published.get("/dumps/vocabulary.ttl.gz", Range="bytes=1000-", If_Range=first.headers["etag"])
    assert first.body + rest.body == whole.body
    other = published.get("/dumps/vocabulary.ttl.gz", Range="bytes=1000-", If_Range='"another"')
    assert (other.status, other.body) == (200, whole.body)
    assert published.get("/dumps/vocabulary.ttl.gz", Range=f"bytes={len(whole.body)}-").status == 416


def test_head_says_what_get_says(published: Any) -> None:
    whole = published.get("/dumps/vocabulary.ttl.gz")
    head = published.send("HEAD", "/dumps/vocabulary.ttl.gz")
    assert (head.status, head.body, int(head.headers["content-length"])) == (200, b"", len(whole.body))
    assert head.headers["accept-ranges"] == "bytes"
    for name in ("etag", "content-type", "repr-digest", "zhengce-snapshot"):
        assert head.headers[name] == whole.headers[name]
    digest = base64.b64encode(hashlib.sha256(whole.body).digest()).decode()
    assert whole.headers["repr-digest"] == f"sha-256=:{digest}:"


def test_who_has_it_is_told_so(published: Any) -> None:
    etag = published.get("/dumps/links.ttl.gz").headers["etag"]
    again = published.get("/dumps/links.ttl.gz", If_None_Match=etag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert published.get("/dumps/links.ttl.gz", If_None_Match='"other"').status == 200


def put(folder: Path, number: int) -> None:
    with Snapshots(folder).draft() as draft:
        draft.replace(GRAPH["vocabulary"], [Quad(ID[f"district/{n}"], TYPE, DEF["District"]) for n in range(number)])
        draft.replace(NamedNode("http://example.org/theirs"), [Quad(ID["x"], DEF["number"], Literal(number))])


def test_what_others_wrote_is_in_no_dump(tmp_path: Path, serve: Callable[..., Any]) -> None:
    put(tmp_path, 3)
    found = quads_of(serve(tmp_path).get("/dumps/all.nq.gz").body)
    assert {quad.graph_name for quad in found} == {GRAPH["vocabulary"]}
    assert len(found) == 3


def test_a_new_snapshot_has_new_dumps_and_old_files_go(tmp_path: Path, serve: Callable[..., Any]) -> None:
    put(tmp_path, 3)
    client = serve(tmp_path, queue_seconds=10)
    before = client.get("/dumps/all.nq.gz")
    for number in (4, 5, 6):
        put(tmp_path, number)
        for _ in range(200):
            if client.get("/dumps").json["snapshot"] == number - 2:
                break
            time.sleep(0.05)
        after = client.get("/dumps/all.nq.gz")
        assert len(quads_of(after.body)) == number
        assert after.headers["etag"] != before.headers["etag"]
        assert client.get("/dumps/all.nq.gz", If_None_Match=before.headers["etag"]).status == 200
        assert len(list((tmp_path / "dumps").iterdir())) <= 2


def test_dumps_need_a_snapshot_of_the_service(tmp_path: Path, serve: Callable[..., Any]) -> None:
    client = serve(tmp_path)
    assert client.get("/dumps/all.nq.gz").status in {404, 503}
    assert client.get("/dumps").status in {404, 503}
