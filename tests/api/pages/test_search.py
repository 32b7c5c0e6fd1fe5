"""What is typed into the search: what people type who do not know the vocabulary, and what must not be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

from api import pages
from api.answers.questions import Questions
from api.pages import search, task_number

BROWSER = {"Accept": "text/html"}
TASK = "notice/huzhiban-2026-2/task/"
LOW = "industry/low-altitude-aviation"


@pytest.fixture(scope="module")
def client(dataset: Store) -> Iterator[TestClient]:
    async def answer(text: str, format: QueryResultsFormat | RdfFormat) -> bytes:
        found = dataset.query(text, use_default_graph_as_union=True)
        assert not isinstance(found, QueryTriples)
        assert isinstance(format, QueryResultsFormat)
        return found.serialize(format=format) or b""

    app = FastAPI()
    app.include_router(pages.create_router(pages.Site(answer, lambda: "7"), Questions(answer, lambda: "7")))
    with TestClient(app) as made:
        yield made


def found(client: TestClient, typed: str, language: str = "zh") -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/search.json", params={"q": typed, "lang": language}).json()
    return answer


def things(client: TestClient, typed: str) -> list[str]:
    return [each["id"].partition("/id/")[2] or each["id"] for each in found(client, typed)["results"]]


def headline(client: TestClient, typed: str, language: str = "zh") -> str:
    page = client.get("/search", params={"q": typed, "lang": language}, headers=BROWSER).text
    title = re.search(r'<h2 id="headline">(.*?)</h2>', page, re.DOTALL)
    return " ".join(title[1].split()) if title else ""


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("哪些任务涉及低空航空", {LOW}),
        ("市科委牵头哪些任务", {"agency/shanghai-science-technology"}),
        ("which tasks mention ESG", {"instrument/esg"}),
        ("静安区的任务", {"district/jingan"}),
        ("浦东 静安", {"district/pudong", "district/jingan"}),
        ("low altitude", {LOW}),
        ("任务9", {f"{TASK}9"}),
        ("2025-2027", {"plan/shang-hai-shi-cu-jin-jian-yan-jian-ce-770dbc64"}),
        ("沪质办[2026]2号", {"notice/huzhiban-2026-2"}),
        ("市监局", {"agency/shanghai-market-regulation"}),
        ("底空航空", {LOW}),
        ("質檢中心", {"platform/national-automotive-chip-quality-centre", "platform/national-robot-quality-centre"}),
        ("地图", {"/districts"}),
        ("飞行汽车", {LOW}),
        ("碳关税", {"instrument/cbam"}),
        # More of each kind.
        ("市经信委有哪些任务", {"agency/shanghai-economy-informatization"}),
        ("徐汇和嘉定的任务", {"district/xuhui", "district/jiading"}),
        ("闵行、徐汇", {"district/minhang", "district/xuhui"}),
        ("aviation low-altitude", {LOW}),
        ("lowaltitude", {LOW}),
        ("第12项任务", {f"{TASK}12"}),
        ("Task 61", {f"{TASK}61"}),
        ("2025～2027", {"plan/shang-hai-shi-cu-jin-jian-yan-jian-ce-770dbc64"}),
        ("2025—2027年", {"plan/shang-hai-shi-cu-jin-jian-yan-jian-ce-770dbc64"}),
        ("沪质办（2026）2号", {"notice/huzhiban-2026-2"}),
        ("沪质办【2026】2号", {"notice/huzhiban-2026-2"}),
        ("浦東新區", {"district/pudong"}),
        ("低空行空", {LOW}),
        ("market regulaton", {"topic/market-regulation"}),
        ("任务列表", {"/tasks"}),
        ("Map", {"/districts"}),
        ("di kong", {LOW}),
        ("徐汇区 市监局", {"district/xuhui", "agency/shanghai-market-regulation"}),
        ("任务九", {f"{TASK}9"}),
        ("地 图", {"/districts"}),
        ("CBA", {"instrument/cbam"}),
        ("智能网连汽车", {"industry/intelligent-connected-vehicles"}),
    ],
)
def test_what_is_typed_is_found(client: TestClient, typed: str, wanted: set[str]) -> None:
    assert wanted <= set(things(client, typed)[:6]), found(client, typed)["results"][:6]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("截止日期", "tasks-due-by"),
        ("deadline", "tasks-due-by"),
        ("期限", "horizons"),
        ("合作单位", "unit-pairs"),
        ("牵头", "lead-units"),
    ],
)
def test_words_of_the_interface_find_questions(client: TestClient, typed: str, asked: str) -> None:
    assert asked in {each["id"] for each in found(client, typed)["questions"]}


@pytest.mark.parametrize(
    ("typed", "friend"),
    [
        ("ISO", "district/songjiang"),
        ("iso", "district/songjiang"),
        ("ISO", "agency/songjiang-government"),
        ("ESG", "platform"),
        ("9", "ISO 9001"),
        # Letters across syllables and words, a number in another one.
        ("angh", "shanghai"),
        ("gpu", "pudong"),
        ("eat", "aviation"),
        ("900", "ISO 9001"),
        ("3", "L3"),
        ("01", "ISO 9001"),
        ("APP", "apparel"),
        ("LAB", "label"),
        ("SJ", "songjiang"),
    ],
)
def test_false_friends_are_not_found(client: TestClient, typed: str, friend: str) -> None:
    results = found(client, typed)["results"]
    assert not [each for each in results if friend in each["id"] or friend in each["label"] or friend in each["note"]], results


def test_number_alone_is_that_of_a_task(client: TestClient) -> None:
    assert things(client, "9") == [f"{TASK}9"]
    assert things(client, "ISO 9001")[0] == "instrument/iso-9001" or "9001" in str(found(client, "ISO 9001")["results"][0])


@pytest.mark.parametrize(
    ("typed", "language", "said"),
    [
        ("低空航空", "zh", "低空航空：4 项任务"),
        ("飞行汽车", "zh", "低空航空：4 项任务"),
        ("low altitude", "en", "Low-altitude aviation: 4 tasks"),
        ("底空航空", "zh", "低空航空：4 项任务"),
        ("碳关税", "zh", "碳边境调节机制：1 项任务"),
        ("市监局", "zh", "上海市市场监督管理局：57 项任务"),
        ("国家", "zh", ""),
        ("质检中心", "zh", ""),
        ("9", "zh", "任务 9：1 项任务"),
        ("浦东 静安", "zh", ""),
    ],
)
def test_headline_is_the_answer(client: TestClient, typed: str, language: str, said: str) -> None:
    assert headline(client, typed, language) == said


def test_answer_of_the_headline_leads_to_its_tasks_and_stands_above_the_words(client: TestClient) -> None:
    page = client.get("/search", params={"q": "低空航空"}, headers=BROWSER).text
    numbers = re.findall(r'<a href="/id/notice/huzhiban-2026-2/task/(\d+)">任务 \d+</a>', page)
    assert numbers[:4] == ["9", "17", "49", "61"]
    assert page.index('id="headline"') < page.index("原文中有这些字的任务")


def test_what_is_near_is_said_to_be_near(client: TestClient) -> None:
    assert found(client, "底空航空")["near"]
    assert "没有叫“底空航空”的" in client.get("/search", params={"q": "底空航空"}, headers=BROWSER).text
    assert not found(client, "低空航空")["near"]


@pytest.mark.parametrize("typed", ["并不存在的词", "zzzz", "～～", "（）", "404040"])
def test_nothing_is_found_where_nothing_fits(client: TestClient, typed: str) -> None:
    assert things(client, typed) == []


@pytest.mark.parametrize(("text", "number"), task_number.TASK_NUMBERS.items())
def test_numbers_of_tasks(text: str, number: str) -> None:
    assert task_number.task_number(text) == number


def test_words_of_the_interface_lead_somewhere(client: TestClient) -> None:
    questions = {path.stem for path in Path("queries/catalogue").glob("*.rq")}
    for each in search.destinations():
        name = each["address"].removeprefix("/queries/")
        assert name in questions or client.get(each["address"], headers=BROWSER).status_code in {200, 404}
        assert each["zh"] or name in questions
