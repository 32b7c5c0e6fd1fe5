"""The way of an analyst: from the first page to a question, a task, a proof, the workbench and a file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit


def write(page: Page, query: str) -> None:
    """Puts a query into the workbench."""
    page.evaluate("hash => { location.hash = hash }", f"query={quote(query)}")


def ask(page: Page, query: str) -> None:
    """Puts a query into the workbench and runs it."""
    write(page, query)
    page.click("#run")


@pytest.fixture
def workbench(visit: Visit) -> Page:
    page = visit.open("/sparql")
    page.wait_for_selector("#workbench[data-ready]")
    return page


def test_from_the_first_page_to_a_file(visit: Visit) -> None:
    page = visit.open("/")
    page.locator("#q").press_sequentially("dikong", delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("低空航空")
    question = options.filter(has_text="涉及某行业的任务").first
    question.click()
    expect(page.locator("h1")).to_have_text("涉及某行业的任务")
    expect(page.locator("tbody tr")).to_have_count(4)

    page.locator("td .evidence", has_text="eVTOL").first.click()
    expect(page).to_have_url(re.compile(r"/id/notice/huzhiban-2026-2/task/9$"))
    expect(page.locator("main")).to_contain_text("推进智能机器人中试验证平台")

    page.locator("a[href^='/why']").first.click()
    expect(page.locator("main")).to_contain_text("任务")

    page.goto(f"{visit.address}/queries/tasks-by-industry")
    page.locator("a.button.main", has_text="查询台").click()
    page.wait_for_selector("#workbench[data-ready]")
    page.click("#run")
    expect(page.locator("#results tbody tr")).to_have_count(4)
    with page.expect_download() as got:
        page.locator("button[data-format=csv]").click()
    rows = list(csv.reader(io.StringIO(Path(got.value.path()).read_text("utf-8"))))
    assert rows[0] == ["task", "number", "text", "quotes"]
    assert [row[1] for row in rows[1:]] == ["9", "17", "49", "61"]


def test_workbench_shows_where_a_query_is_wrong(workbench: Page, visit: Visit) -> None:
    visit.forgiven.append("status of 400")
    ask(workbench, 'SELECT * WHERE {\n  ?s zc:text ?o .\n  FILTER(CONTAINS(?o "x"))\n}')
    expect(workbench.locator("#fault")).to_contain_text("第 4 行第 25 列")
    expect(workbench.locator("#editor .cm-lintRange-error")).to_have_count(1)


def test_workbench_completes_by_chinese_and_english_names(workbench: Page) -> None:
    write(workbench, " ")
    workbench.click("#editor .cm-content")
    workbench.keyboard.type("SELECT * WHERE { ?task zc:involvesI")
    expect(workbench.locator("#editor .cm-tooltip-autocomplete li").first).to_contain_text("zc:involvesIndustry")
    workbench.wait_for_timeout(100)
    workbench.keyboard.press("Enter")
    workbench.keyboard.type(" ")
    workbench.keyboard.insert_text("低空航")
    workbench.keyboard.press("Control+Space")
    expect(workbench.locator("#editor .cm-tooltip-autocomplete li").first).to_contain_text("低空航空")
    workbench.wait_for_timeout(100)
    workbench.keyboard.press("Enter")
    expect(workbench.locator("#editor .cm-content")).to_contain_text("<https://w3id.org/zhengce/id/industry/low-altitude-aviation>")
    expect(workbench.locator("#editor .cm-content")).to_contain_text("PREFIX zc: <https://w3id.org/zhengce/def#>")


def test_workbench_says_why_an_answer_may_be_empty(workbench: Page) -> None:
    ask(workbench, 'SELECT ?t WHERE { ?t zc:involvesIndustry "低空航空" ; zc:mention ?x }')
    expect(workbench.locator("#hints")).to_contain_text("<https://w3id.org/zhengce/id/industry/low-altitude-aviation>".strip("<>"))
    expect(workbench.locator("#hints")).to_contain_text("zc:mentions")


def test_workbench_draws_chart_map_and_graph(workbench: Page) -> None:
    ask(workbench, "SELECT ?d (COUNT(?t) AS ?n) WHERE { ?t zc:concernsPlace ?d . ?d a zc:District } GROUP BY ?d")
    for tab in ("#tab-chart", "#tab-map"):
        workbench.click(tab)
        expect(workbench.locator("#results .canvas svg path").first).to_be_attached()
        with workbench.expect_download() as got:
            workbench.locator(".saving button").first.click()
        assert Path(got.value.path()).read_bytes().startswith(b"<svg")
    ask(workbench, "DESCRIBE <https://w3id.org/zhengce/id/notice/huzhiban-2026-2/task/9>")
    workbench.click("#tab-graph")
    expect(workbench.locator("#results .canvas svg path").first).to_be_attached()


def test_workbench_stops_a_query(workbench: Page) -> None:
    ask(workbench, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    workbench.click("#stop")
    expect(workbench.locator("#status")).to_have_text("已停止")


def test_workbench_remembers_and_shares(workbench: Page, visit: Visit) -> None:
    ask(workbench, "SELECT ?n WHERE { ?n a zc:Notice }")
    expect(workbench.locator("#results tbody tr")).to_have_count(1)
    expect(workbench.locator("#status")).to_contain_text("1 行")
    workbench.click("#run")
    expect(workbench.locator("#status")).to_contain_text("取自缓存")
    workbench.click("#share")
    shared = workbench.url
    workbench.goto("about:blank")
    workbench.goto(shared)
    workbench.wait_for_selector("#workbench[data-ready]")
    expect(workbench.locator("#editor .cm-content")).to_contain_text("?n a zc:Notice")
    expect(workbench.locator("#history button")).to_have_count(1)
    assert visit.outside == []


def test_link_to_a_query_opens_the_workbench_with_its_answer(visit: Visit) -> None:
    page = visit.open(f"/sparql?query={quote('SELECT ?n WHERE { ?n a zc:Notice }')}")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#editor .cm-content")).to_contain_text("?n a zc:Notice")


def test_suggestions_are_reached_by_keyboard(visit: Visit) -> None:
    page = visit.open("/")
    page.locator("#q").press_sequentially("dikong", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("低空航空")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", "q-suggestions-0")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/id/industry/low-altitude-aviation$"))
