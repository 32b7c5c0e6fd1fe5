"""What programs that look around find: pages that exist, changes that happened, notices by their numbers, terms by their names."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store, parse

from api.publication import discovery
from graph.store.snapshot import Snapshots
from ontology.names import DEF, GRAPH, ID
from tests.api.routes.conftest import fill

MAP, ATOM = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/2005/Atom}"
KEY = "huzhiban-2026-2"


def addresses(client: Any, path: str) -> list[str]:
    reply = client.get(path)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    return [each.text or "" for each in ElementTree.fromstring(reply.body).iter(f"{MAP}loc")]


def test_robots_lead_to_the_site_map(published: Any) -> None:
    lines = published.get("/robots.txt").body.decode().splitlines()
    assert f"Sitemap: {published.url}/sitemap.xml" in lines
    assert "Disallow: /sparql" in lines
    assert published.get("/robots.txt").headers["content-type"].startswith("text/plain")


def test_site_map_has_every_task_once_and_its_pages_exist(published: Any) -> None:
    parts = addresses(published, "/sitemap.xml")
    assert len(parts) == len(set(parts)) > 5
    found = [address for part in parts for address in addresses(published, part.removeprefix(published.url))]
    assert sorted({each for each in found if found.count(each) > 1}) == []
    tasks = {f"{published.url}/id/notice/{KEY}/task/{number}" for number in range(1, 75)}
    assert tasks <= set(found)
    assert f"{published.url}/id/notice/{KEY}" in found
    for address in [*found[:12], *found[12::40]]:
        assert published.get(address.removeprefix(published.url), Accept="text/html").status == 200, address


@pytest.mark.parametrize("part", ["Task-2", "Task-0", "Task", "Nothing-1", "pages-2", "Task-999999", "Passage-1", "task-1"])
def test_there_are_no_other_parts(published: Any, part: str) -> None:
    assert published.get(f"/sitemap/{part}.xml").status == 404


def test_large_site_map_has_parts_of_as_many_as_are_allowed() -> None:
    index = discovery.site_map_index("http://x", {"Task": 2 * discovery.MOST + 1, "Notice": discovery.MOST}, None)
    assert [name for name in ("Task-1", "Task-2", "Task-3", "Task-4", "Notice-1", "Notice-2") if f"/{name}.xml" in index] == [
        "Task-1",
        "Task-2",
        "Task-3",
        "Notice-1",
    ]
    assert f"LIMIT {discovery.MOST} OFFSET {discovery.MOST}" in discovery.things("Task", 2)
    rows = "?thing\n" + "".join(f"<{ID}agency/a&b-{n}>\n" for n in range(discovery.MOST))
    began = time.thread_time()
    made = discovery.site_map_part("http://x", rows.encode())
    assert time.thread_time() - began < 2
    assert made
    assert len(list(ElementTree.fromstring(made).iter(f"{MAP}loc"))) == discovery.MOST
    assert len(made.encode()) < 50 << 20


@pytest.mark.parametrize(
    "number",
    [
        "沪质办〔2026〕2号",
        "沪质办[2026]2号",
        "沪质办（2026）2号",
        "沪质办(2026)2号",
        "沪质办【2026】2号",
        "沪质办﹝２０２６﹞２号",
        "沪质办 〔2026〕 2 号",
        "沪质办「2026」2号",
    ],
)
def test_notice_is_found_by_its_number_in_any_brackets(published: Any, number: str) -> None:
    reply = published.get(f"/number/{quote(number)}")
    assert (reply.status, reply.headers["location"]) == (303, f"{published.url}/id/notice/{KEY}")


@pytest.mark.parametrize(
    "number", ["沪质办〔2026〕3号", "沪质办〔2026〕22号", "质办〔2026〕2号", "沪质办20262号", '") || true || ("', "\\", "〔〕", "x" * 300]
)
def test_other_numbers_are_not_found(published: Any, number: str) -> None:
    assert published.get(f"/number/{quote(number, safe='')}").status == 404


def test_context_reads_what_is_written_with_it(published: Any) -> None:
    reply = published.get("/context.jsonld")
    assert reply.headers["content-type"] == "application/ld+json"
    names = reply.json["@context"]
    assert names["zc"] == DEF
    written = {
        **{"@context": names, "@id": "id:notice/x/task/1", "@type": "Task"},
        **{"position": 9, "inGroup": "id:notice/x/group/1", "text": {"@value": "文", "@language": "zh"}},
    }
    found = {str(quad.triple) for quad in parse(json.dumps(written), RdfFormat.JSON_LD)}
    assert found == {
        f"<{ID}notice/x/task/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DEF}Task>",
        f'<{ID}notice/x/task/1> <{DEF}position> "9"^^<http://www.w3.org/2001/XMLSchema#integer>',
        f"<{ID}notice/x/task/1> <{DEF}inGroup> <{ID}notice/x/group/1>",
        f'<{ID}notice/x/task/1> <{DEF}text> "文"@zh',
    }
    with warnings.catch_warnings(action="ignore"):
        assert len(rdflib.Graph().parse(data=json.dumps(written), format="json-ld")) == 4


def test_context_has_every_term_of_the_ontology(published: Any) -> None:
    terms = published.ask(
        f"""PREFIX owl: <http://www.w3.org/2002/07/owl#> SELECT DISTINCT ?t {{
        VALUES ?c {{ owl:Class owl:ObjectProperty owl:DatatypeProperty }} ?t a ?c FILTER(STRSTARTS(STR(?t), "{DEF}")) }}"""
    ).rows
    names = published.get("/context.jsonld").json["@context"]
    assert len(terms) > 80
    assert [row["t"] for row in terms if row["t"].removeprefix(DEF) not in names] == []


@pytest.fixture(scope="module")
def changed(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notice that comes, goes and comes again; it is only read."""
    folder = tmp_path_factory.mktemp("changed")
    for leave_out in (f"/{KEY}", "-", f"/{KEY}"):
        fill(folder, dataset, leave_out if leave_out != "-" else "no graph is left out")
    return folder


def test_feed_tells_which_notices_came_and_went(changed: Path, serve: Callable[..., Any]) -> None:
    client = serve(changed)
    reply = client.get("/changes.atom")
    assert reply.headers["content-type"] == "application/atom+xml; charset=utf-8"
    entries = ElementTree.fromstring(reply.body).findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") or "" for entry in entries]
    assert ["1 removed" in titles[0], "1 added" in titles[1], "oldest kept" in titles[2]] == [True, True, True]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 3
    for entry in entries[:2]:
        content = entry.findtext(f"{ATOM}content") or ""
        assert f"{client.url}/id/notice/{KEY}" in content
        assert "检验检测认证" in content
        (link,) = entry.findall(f"{ATOM}link")
        patch = client.get(link.attrib["href"].removeprefix(client.url))
        assert (patch.status, patch.headers["content-type"]) == (200, "application/rdf-patch")


def test_patch_turns_a_snapshot_into_the_next(changed: Path, serve: Callable[..., Any]) -> None:
    lines = serve(changed).get("/changes/1-2.rdfp").body.decode().splitlines()
    held, wanted = (set(Store.read_only(str(each.path))) for each in Snapshots(changed).history()[:2])
    for sign, text in ((line[0], line[2:]) for line in lines if line[:2] in {"A ", "D "}):
        (quad,) = parse(text, RdfFormat.N_QUADS)
        assert str(quad.graph_name.value).startswith(GRAPH)
        assert (quad in held) == (sign == "D")
        (held.remove if sign == "D" else held.add)(quad)
    assert held == wanted


@pytest.mark.parametrize("pair", ["1-99", "0-1", "x", "1", "1-2-3", "-", "1-"])
def test_there_are_no_other_patches(published: Any, pair: str) -> None:
    assert published.get(f"/changes/{pair}.rdfp").status == 404


def test_service_in_front_of_an_engine_elsewhere_gives_what_it_has(published: Any, serve: Callable[..., Any], tmp_path: Path) -> None:
    """Its pages, numbers and description; no dumps and no changes, of which it knows nothing."""
    front = serve(tmp_path, store=f"{published.url}/sparql")
    assert front.get(f"/number/{quote('沪质办[2026]2号')}").headers["location"] == f"{front.url}/id/notice/{KEY}"
    assert addresses(front, "/sitemap/Notice-1.xml") == [f"{front.url}/id/notice/{KEY}"]
    described = rdflib.Graph().parse(data=front.get("/catalogue.nt").body, format="nt")
    assert {str(node) for node in described.objects(None, rdflib.DCAT.endpointURL)} == {f"{front.url}/sparql"}
    assert list(described.objects(None, rdflib.DCAT.downloadURL)) == []
    for path in ("/dumps", "/dumps/all.nq.gz", "/dumps/SHA256SUMS", "/changes.atom", "/changes/1-2.rdfp"):
        assert front.get(path).status == 404, path
