"""The pages over several notices of other offices: with roles, with deadlines, without groups, targets, number or title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Quad, Store

from api.publication.publish import Knowledge, built

LAYOUTS = Path(__file__).parents[2] / "data" / "layouts"
FILES = ("tab-lines-pages.txt", "bars-two-roles.txt", "district-table.txt", "annexes.html", "decimals.txt")
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def client(dataset: Store, known: Knowledge, show: Callable[[Store], AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    store = Store()
    store.extend(dataset.quads_for_pattern(None, None, None, None))
    for name in FILES:
        for graph, triples in built(LAYOUTS / name, known).graphs.items():
            store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    with show(store) as made:
        yield made


def links(client: TestClient, path: str, pattern: str) -> list[str]:
    return sorted(set(re.findall(rf'href="({pattern})"', client.get(path).text)))


def test_every_notice_and_every_task_of_it_has_a_page_without_gaps(client: TestClient) -> None:
    notices = links(client, "/notices", r"/id/notice/[^/\"?]+")
    assert len(notices) == len(FILES) + 1
    seen = 0
    for notice in notices:
        if notice.endswith("huzhiban-2026-2"):
            continue
        for path in (notice, *links(client, notice, rf"{notice}/task/[^/\"?]+")[:4]):
            for language in ("zh", "en"):
                answer = client.get(f"{path}?lang={language}")
                assert answer.status_code == 200, path
                assert "None" not in TAGS.sub(" ", answer.text), path
                seen += 1
    assert seen > 30


def test_printed_roles_are_told(client: TestClient) -> None:
    notices = links(client, "/notices", r"/id/notice/[^/\"?]+")
    pages = (client.get(task).text for notice in notices for task in links(client, notice, rf"{notice}/task/[^/\"?]+")[:1])
    assert any('<span class="tag kind-unit">牵头</span>' in page for page in pages)


def test_a_list_over_several_notices_names_them_and_can_be_narrowed_to_one(client: TestClient) -> None:
    page = client.get("/tasks").text
    assert 'id="facet-notice"' in page
    narrowed = links(client, "/tasks", r"/tasks\?notice=[^\"]+")
    assert len(narrowed) == len(FILES) + 1
    counts = [int(re.findall(r"<strong>(\d+)</strong>", client.get(link.replace("&amp;", "&")).text)[0]) for link in narrowed]
    assert sum(counts) == int(re.findall(r"<strong>(\d+)</strong>", page)[0])


@pytest.mark.parametrize(
    "path", ["/overview", "/agencies", "/industries", "/districts", "/platforms", "/things", "/notices", "/tasks?page=2"]
)
def test_lists_and_overview_count_all_notices(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "None" not in TAGS.sub(" ", answer.text)


def test_overview_of_one_notice_counts_its_tasks_only(client: TestClient) -> None:
    assert "74 项任务" in client.get("/overview?notice=huzhiban-2026-2").text
