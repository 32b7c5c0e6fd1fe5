"""The page of a notice as it was read: every character of the file, what each was read as, the warnings at their lines."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.as_read import ReadLine, lines, stretches
from api.publication.corpus import ingest
from api.settings import Settings
from graph.store.snapshot import Snapshots
from ingest.parse import parse
from ingest.read import read

NOTICE = """关于印发《2027年重点工作任务表》的通知

序号\t任务\t责任单位
1\t新建检测中心3家。\t市市场监管局、天马行空
2\t完善检测标准，6月底前发布《检测规范》。\t市市场监管局
"""
_TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("notice") / "表.txt"
    path.write_text(NOTICE + "".join(f"附记第{n}行。\n" for n in range(1, 900)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def client(source: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    data = tmp_path_factory.mktemp("data")
    (outcome,) = ingest([source], Snapshots(data))
    assert outcome.about is not None
    return TestClient(create_app(Settings(data=data, rate=0)), base_url="http://testserver")


def shown(page: str) -> dict[int, str]:
    """The lines of the text on a page by their numbers."""
    found = re.findall(r'<li id="line-(\d+)" value="\1">(.*?)</li>', page, re.DOTALL)
    return {int(number): unescape(_TAG.sub("", line)) for number, line in found}


def test_every_character_of_the_file_is_shown_once(client: TestClient, source: Path) -> None:
    with client:
        key = re.findall(r"/id/notice/([^\"?]+)", client.get("/notices").text)[0]
        first = client.get(f"/as-read?notice={key}")
        pages = int(re.findall(r"共 (\d+) 部分", first.text)[0])
        assert pages > 1
        read_lines: dict[int, str] = {}
        for number in range(1, pages + 1):
            read_lines |= shown(client.get(f"/as-read?notice={key}&page={number}").text)
    text = read(source).text
    assert [read_lines[number] for number in sorted(read_lines)] == text.removesuffix("\n").split("\n")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_fields_and_what_was_not_read_have_their_colours(client: TestClient, source: Path, language: str) -> None:
    with client:
        key = re.findall(r"/id/notice/([^\"?]+)", client.get("/notices").text)[0]
        page = client.get(f"/as-read?notice={key}&lang={language}").text
        assert f"/as-read?notice={key}" in client.get(f"/id/notice/{key}?lang={language}", headers={"Accept": "text/html"}).text
    kinds = {unescape(text): kind for kind, text in re.findall(r'<span class="evidence kind-(\w+)" title="[^"]*">([^<]*)</span>', page)}
    assert kinds["市市场监管局"] == "unit"
    assert kinds["天马行空"] == "unread"
    assert "quantity" in kinds.values()
    assert any(kind == "reference" and "检测规范" in text for text, kind in kinds.items())
    notice = parse(read(source))
    (unread,) = (warning for warning in notice.warnings if warning.code == "unit-unread")
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "unit-unread" in row)
    assert f"#line-{unread.line}" in row
    assert unescape(unread.message) in unescape(row)


def test_a_notice_that_is_not_there_is_said_to_be_missing(client: TestClient) -> None:
    with client:
        for key in ("nothing", "a b", "<", ""):
            assert client.get("/as-read", params={"notice": key}).status_code == 404


def test_parts_are_whole_lines_that_follow_each_other() -> None:
    text = "\n".join("甲" * (n % 90) for n in range(2000)) + "\n" + "乙" * 20_000
    parts = list(stretches(text))
    assert [start for _, start, _ in parts[1:]] == [end for *_, end in parts[:-1]]
    assert (parts[0][1], parts[-1][2]) == (0, len(text))
    for first, start, end in parts:
        assert text[:start].count("\n") == first - 1
        assert end - start <= 6000 or "\n" not in text[start : end - 1]
    assert list(stretches("")) == [(1, 0, 0)]


def test_the_narrowest_is_shown_and_what_was_not_read_over_all() -> None:
    marked = [(0, 6, "text"), (2, 4, "quantity"), (3, 4, "unread"), (40, 50, "unit")]
    assert list(lines("甲乙丙丁戊己", 0, 7, marked)) == [
        ReadLine(7, (("甲乙", "text"), ("丙", "quantity"), ("丁", "unread"), ("戊己", "text")))
    ]
    assert list(lines("甲乙", 0, 1, [(0, 2, "unread"), (0, 1, "text")])) == [ReadLine(1, (("甲乙", "unread"),))]
