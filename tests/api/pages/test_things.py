"""Pages of tasks, things, notices, proofs and lists on the shipped notice: what they show, and where each mark leads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Store

from api.pages.overview import FIGURES
from api.pages.wording import kind_of
from ontology.names import ID

Show = Callable[[Store], AbstractContextManager[TestClient]]
TASK = "/id/notice/huzhiban-2026-2/task/9"
LISTS = (
    "/tasks",
    "/overview",
    "/agencies",
    "/industries",
    "/districts",
    "/platforms",
    "/notices",
    "/things",
    "/things/theme",
    "/things/place",
)
KINDS = (
    "industry/low-altitude-aviation",
    "theme/ai",
    "agency/shanghai-market-regulation",
    "agency/jinshan-government",
    "collective/shanghai-districts",
    "district/pudong",
    "place/shanghai",
    "platform/low-altitude-airworthiness-centre",
    "technology/evtol",
    "instrument/cnas-accreditation",
    "organisation/castc",
    "role/lead",
    "grade/measurable",
    "notice/huzhiban-2026-2",
    "notice/huzhiban-2026-2/group/3",
    "notice/huzhiban-2026-2/task/9/target/2",
    "notice/huzhiban-2026-2/task/9/responsibility/1",
    "notice/huzhiban-2026-2/task/50/quantity/1",
    "notice/huzhiban-2026-2/passage/1885-2005",
)


class Page(HTMLParser):
    """What a page has that a test asks about: its words, its links, its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and tag == "a" and value:
                self.links.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.fixture(scope="module")
def client(dataset: Store, show: Show) -> Iterator[TestClient]:
    with show(dataset) as made:
        yield made


def opened(client: TestClient, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200, path
    return Page(response.text)


@pytest.mark.parametrize("path", [*LISTS, TASK, *(f"/id/{kind}" for kind in KINDS)])
def test_page_is_shown_in_both_languages(client: TestClient, path: str) -> None:
    chinese, english = client.get(path), client.get(f"{path}?lang=en")
    assert chinese.status_code == english.status_code == 200
    assert '<html lang="zh-Hans">' in chinese.text
    assert '<html lang="en">' in english.text
    assert len(Page(chinese.text).ids) == len(set(Page(chinese.text).ids))
    assert "https://w3id.org/zhengce/def#" not in Page(english.text).text


@pytest.mark.parametrize(
    "path", ["/id/industry/nothing", "/id/notice/huzhiban-2026-2/task/75", "/id/notice/none-1", "/id/x<y", "/things/nothing"]
)
def test_what_is_not_known_has_no_page(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_task_shows_each_cell_as_printed(client: TestClient) -> None:
    page = opened(client, TASK)
    for words in (
        "建设高能级平台",
        "推进智能机器人中试验证平台、低空航空器适航审定检测中心、未来通信产业测试研究中心等功能性平台建设。",
        "支持金山区建设低空航空器适航审定检测能力，完成CNAS资质申请。",
        "市经济信息化委、市市场监管局、金山区",
    ):
        assert words in page.text


def test_every_mark_leads_to_its_reading_and_back(client: TestClient) -> None:
    page = opened(client, TASK)
    marks = {link for link in page.links if re.fullmatch(r"#r\d+", link)}
    backs = {link for link in page.links if re.fullmatch(r"#s\d+", link)}
    assert len(marks) >= 25
    assert {link[1:] for link in marks | backs} <= set(page.ids)
    assert len(backs) == sum(bool(re.fullmatch(r"r\d+", each)) for each in page.ids)


def test_every_why_of_a_task_has_a_proof(client: TestClient) -> None:
    links = sorted({link for link in opened(client, TASK).links if link.startswith("/why?")})
    assert len(links) >= 30
    for link in links:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("kind", KINDS)
def test_every_why_of_a_thing_has_a_proof(client: TestClient, kind: str) -> None:
    for link in sorted({link for link in opened(client, f"/id/{kind}").links if link.startswith("/why?")})[:12]:
        assert client.get(link).status_code == 200, link


def test_proof_starts_with_the_words_it_rests_on(client: TestClient) -> None:
    page = client.get("/why?s=notice/huzhiban-2026-2/task/9&p=zc:involvesIndustry&o=industry/low-altitude-aviation").text
    assert page.index("<blockquote>") < page.index('class="proof"')
    quote = page[page.index("<blockquote>") : page.index("</blockquote>")]
    assert "低空航空器适航审定检测中心" in quote
    assert "zc:mentions ∘ zc:belongsToIndustry ⊑ zc:involvesIndustry" in page
    assert "eVTOL" in page
    data = json.loads(client.get(re.findall(r'href="(/why\.json[^"]*)"', page)[0].replace("&amp;", "&")).text)
    assert data["status"] == "inferred"


def test_units_stand_in_their_order_with_full_names(client: TestClient) -> None:
    text = opened(client, TASK).text
    names = ("上海市经济和信息化委员会", "上海市市场监督管理局", "上海市金山区人民政府")
    places = [text.index(name, text.index("列在第一位") - 40) for name in names]
    assert places == sorted(places)


def test_quantities_and_milestones_tell_period_and_words(client: TestClient) -> None:
    page = client.get("/id/notice/huzhiban-2026-2/task/50?lang=en").text
    table = re.sub(r"<[^>]+>|\s+", " ", page[page.index('id="promises"') : page.index('id="cite"')])
    assert re.search(r"100\s+项\s+· 标志性合作项目\s+2025–2027", table)
    assert re.search(r"At least\s+30\s+项\s+· 标志性合作项目\s+2026 ", table)


def test_related_tasks_say_why_the_most_specific_first(client: TestClient) -> None:
    page = client.get(TASK).text
    related = page[page.index('id="related"') : page.index('id="cite"')]
    first = related[: related.index("</li>")]
    counts = [int(count) for count in re.findall(r"有 (\d+) 项任务", first)]
    assert counts
    assert counts == sorted(counts)


def test_citation_names_document_task_column_and_quote(client: TestClient) -> None:
    text = opened(client, TASK).text
    start = text.index("上海市质量工作领导小组办公室. ")
    chinese = text[start : start + 260]
    for part in (
        "沪质办〔2026〕2号[Z]. 2026-05-15",
        "任务9",
        "“具体任务”栏",
        "推进智能机器人中试验证平台",
        "https://w3id.org/zhengce/id/notice/huzhiban-2026-2/task/9",
    ):
        assert part in chinese


def test_task_is_given_as_rdf_in_one_click(client: TestClient) -> None:
    links = opened(client, TASK).links
    assert {f"{TASK}.{suffix}" for suffix in ("ttl", "jsonld", "nt", "rdf")} <= set(links)


def test_industry_shows_the_words_of_every_task_that_involves_it(client: TestClient) -> None:
    page = client.get("/id/industry/low-altitude-aviation").text
    words = page[page.index('id="words"') : page.index("<aside")]
    assert re.findall(r'class="no" href="/id/notice/huzhiban-2026-2/task/(\d+)"', words) == ["9", "17", "49", "61"]
    assert re.findall(r'class="evidence kind-technology"[^>]*>([^<]+)</a>', words).count("eVTOL") == 1
    assert "民用航空发动机" not in words


def test_links_out_tell_their_strength_and_their_source(client: TestClient) -> None:
    page = opened(client, "/id/district/pudong")
    assert "http://www.wikidata.org/entity/Q125378" in page.links
    assert "相同" in page.text


def test_district_tells_its_routes_apart(client: TestClient) -> None:
    text = opened(client, "/id/district/pudong").text
    for route in ("原文提到", "区政府是责任单位", "属于“各区”"):
        assert route in text


def test_unsure_reading_says_so(client: TestClient) -> None:
    assert "没有把握" in opened(client, "/id/platform/ai-town").text


def test_notice_tells_its_facts_with_the_words_and_its_source(client: TestClient) -> None:
    text = opened(client, "/id/notice/huzhiban-2026-2").text
    for words in ("2026年5月15日", "上海市质量工作领导小组办公室", "huzhiban-2026-2.txt", "SHA-256", "行动方案（2025—2027年）"):
        assert words in text


def numbers_shown(client: TestClient, link: str) -> int:
    """How many tasks an address of the list of tasks shows."""
    found = re.search(r"<strong>(\d+)</strong>", client.get(link).text)
    assert found
    return int(found[1])


@pytest.mark.parametrize("path", ["/agencies", "/industries", "/districts", "/platforms", "/things/theme", "/notices"])
def test_each_number_of_a_list_is_the_number_of_tasks_that_it_opens(client: TestClient, path: str) -> None:
    found = re.findall(r'<a[^>]*href="(/tasks\?[^"]+)"[^>]*>(\d+)[^<]*</a>', client.get(path).text)
    assert found
    for link, number in found[:25]:
        assert numbers_shown(client, link.replace("&amp;", "&")) == int(number), link


def test_each_mark_of_the_overview_opens_the_tasks_that_it_counts(client: TestClient) -> None:
    page = client.get("/overview").text
    grid = page[page.index('class="grid"') : page.index("</svg>", page.index('class="grid"'))]
    squares = re.findall(r'<a href="(/tasks\?group[^"]+industry[^"]+)" aria-label="[^"]* (\d+)"', grid)
    assert len(squares) > 60
    for link, number in squares[::9]:
        assert numbers_shown(client, link.replace("&amp;", "&")) == int(number), link
    ties = re.findall(r'<a href="(/queries/tasks-shared-by-units[^"]+)" aria-label="[^"]* (\d+)"', page)
    assert len(ties) > 60
    for link, number in ties[-3:]:
        asked = urlsplit(link.replace("&amp;", "&"))
        rows = client.get(f"{asked.path}.json?{asked.query}").json()["rows"]
        assert len(rows) == int(number), link


def test_every_figure_has_a_table_and_can_be_saved(client: TestClient) -> None:
    page = client.get("/overview").text
    assert page.count("<table") >= len(FIGURES)
    for figure in FIGURES:
        assert f'href="/overview/{figure}.svg"' in page
        saved = client.get(f"/overview/{figure}.svg")
        assert saved.headers["content-type"] == "image/svg+xml"
        root = ElementTree.fromstring(saved.text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(list(root.iter("{http://www.w3.org/2000/svg}a"))) >= 16
    assert client.get("/overview/moon.svg").status_code == 404


def test_list_of_tasks_keeps_its_state_in_the_address_and_gives_it_as_csv(client: TestClient) -> None:
    page = opened(client, "/tasks?industry=low-altitude-aviation&q=%E4%BD%8E%E7%A9%BA&sort=units&lang=en")
    link = next(link for link in page.links if link.startswith("/tasks.csv"))
    assert parse_qs(urlsplit(link).query) == {"industry": ["low-altitude-aviation"], "q": ["低空"], "sort": ["units"], "lang": ["en"]}
    rows = list(csv.reader(io.StringIO(client.get(link).text)))
    assert rows[0][:3] == ["Task IRI", "No.", "Task group"]
    assert {row[1] for row in rows[1:]} == {"9", "17", "49", "61"}
    assert client.get(f"{link}&bom=1").content.startswith(b"\xef\xbb\xbf")


def test_every_thing_that_the_pages_link_to_has_a_page(client: TestClient) -> None:
    links = {link.partition("?")[0] for path in (TASK, "/overview", "/platforms") for link in opened(client, path).links}
    things = sorted(link for link in links if link.startswith("/id/") and "." not in link.rpartition("/")[2])
    assert len(things) > 90
    for link in things[::4]:
        assert client.get(link).status_code == 200, link
    assert {kind_of(ID + link.removeprefix("/id/")) for link in things} >= {"task", "agency", "industry", "theme", "platform", "technology"}
