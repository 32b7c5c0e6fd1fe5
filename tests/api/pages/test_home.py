"""The numbers on the first page: each is how many rows the list has that it opens, with one notice on file and with several."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Quad, Store

from api.pages.home import FIGURES, counted
from api.publication.publish import Knowledge, built

Show = Callable[[Store], AbstractContextManager[TestClient]]
LAYOUTS = Path(__file__).parents[2] / "data" / "layouts"
FILES = {"one": (), "several": ("tab-lines-pages.txt", "bars-two-roles.txt", "district-table.txt", "annexes.html", "decimals.txt")}
NUMBER = re.compile(r'<div><dt>([^<]+)</dt><dd><a href="([^"]+)">(\d+)</a></dd></div>')


@pytest.fixture(scope="module", params=FILES)
def client(request: pytest.FixtureRequest, dataset: Store, known: Knowledge, show: Show) -> Iterator[TestClient]:
    store = Store()
    store.extend(dataset.quads_for_pattern(None, None, None, None))
    for name in FILES[request.param]:
        for graph, triples in built(LAYOUTS / name, known).graphs.items():
            store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    with show(store) as made:
        yield made


def said(page: str, path: str) -> int:
    """How many things the list of a page says that it has."""
    if path.startswith("/queries/"):
        found = re.search(r'<h2 id="answer">[^<]+<span class="soft small">(\d+) ', page)
    elif path.startswith("/tasks"):
        found = re.search(r"<strong>(\d+)</strong>", page)
    elif path.startswith("/agencies"):
        found = re.search(r'<span id="count">(\d+)</span>', page)
    else:
        return len(set(re.findall(r'href="(/id/notice/[^/"?]+)', page)))
    assert found, path
    return int(found[1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_number_opens_a_list_of_as_many(client: TestClient, language: str) -> None:
    numbers = NUMBER.findall(client.get(f"/?lang={language}").text)
    assert len(numbers) == len(FIGURES)
    for label, link, count in numbers:
        path = unescape(link)
        page = client.get(path).text
        assert said(page, path) == int(count) > 0, label
        assert ("lang=en" in path) == (language == "en")
        # In the other language it is the same list.
        other = re.search(r'<a class="language" href="([^"]+)"', page)
        assert other
        assert said(client.get(unescape(other[1])).text, path) == int(count), label


@pytest.mark.parametrize("path", ["/queries/targets?notice=", "/queries/mentions?notice=", "/queries/quantities?notice="])
def test_list_shows_each_row_that_is_counted(client: TestClient, path: str) -> None:
    page = client.get(path).text
    count = said(page, path)
    rows = page.count("<tr>") - 1
    assert rows == count or (rows == 1000 < count and "1000" in page)


def test_number_of_more_tasks_than_a_list_looks_at_opens_the_question_that_has_all() -> None:
    places = {key: place for key, place, _ in counted({"tasks": 6000}, "en")}
    assert places["tasks"] == "/queries/tasks?notice=&lang=en"
    assert {key: place for key, place, _ in counted({"tasks": 74}, "zh")}["tasks"] == "/tasks"
    assert all(count == "—" for key, _, count in counted({}, "zh"))
