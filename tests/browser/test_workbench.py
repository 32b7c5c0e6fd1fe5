"""The workbench in a browser: no text is lost, long answers are cut, a query that runs can be stopped, an empty answer says why."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.test_way import ask

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.browser.conftest import Visit

TASKS = "SELECT ?task WHERE { ?task a zc:Task }"
NOTICES = "SELECT ?n WHERE { ?n a zc:Notice }"
TYPED = "SELECT ?mine WHERE { ?mine a zc:Target }"
PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
JOIN = "SELECT * WHERE { ?a zc:mentions ?b . ?c zc:mentions ?d }"
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
WORDS = {
    "zh": {
        "cut": "只显示前 1,000 行",
        "stop": "已停止",
        "old": "上一次",
        "alone": "没有任何事实",
        "joined": "就没有结果了",
        "kept": "还在编辑器里",
    },
    "en": {
        "cut": "The first 1,000 rows",
        "stop": "Stopped",
        "old": "before",
        "alone": "No fact",
        "joined": "Nothing is left",
        "kept": "still in",
    },
}
_TIME = re.compile(r"([\d.]+) (?:秒|s\b)")
languages = pytest.mark.parametrize("language", ["zh", "en"])


def address(language: str, query: str = "") -> str:
    """The workbench in a language, with a query in its address."""
    pairs = [*([f"query={quote(query)}"] if query else []), *(["lang=en"] if language == "en" else [])]
    return "/sparql" + ("?" + "&".join(pairs) if pairs else "")


def text(page: Page) -> str:
    """What stands in the editor."""
    page.wait_for_selector("#workbench[data-ready]")
    return "\n".join(page.locator("#editor .cm-line").all_inner_texts())


def type_over(page: Page, written: str) -> None:
    """Writes a text in the place of what is there, as a person does."""
    page.click("#editor .cm-content")
    page.keyboard.press("Control+A")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text(written)


def seconds(page: Page) -> float:
    """How long the answer took, as the page says."""
    expect(page.locator("#status")).to_have_text(_TIME)
    found = _TIME.search(page.locator("#status").inner_text())
    assert found
    return float(found[1])


def heap(page: Page) -> float:
    """Megabytes of the heap of scripts, with what nobody holds any longer."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    found = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(found["JSHeapUsedSize"]) / 1e6


def running(visit: Visit) -> float:
    """How many queries the service is working on."""
    with urlopen(f"{visit.address}/metrics", timeout=10) as answer:
        said = answer.read().decode()
    found = re.search(r"^zhengce_queries_running ([\d.]+)", said, re.MULTILINE)
    assert found, said
    return float(found[1])


def working_on(visit: Visit, queries: int) -> None:
    """Waits until the service works on so many queries; it takes a moment to tell a client that hung up from one that still reads."""
    until = time.monotonic() + 8
    while running(visit) != queries and time.monotonic() < until:
        time.sleep(0.1)
    assert running(visit) == queries


@languages
def test_text_stays_through_a_reload_and_another_language(visit: Visit, language: str) -> None:
    page = visit.open(address(language))
    type_over(page, TYPED)
    page.reload()
    assert "?mine a zc:Target" in text(page)
    page.click("a.language")
    page.wait_for_url(re.compile("lang=en" if language == "zh" else "/sparql$"))
    assert "?mine a zc:Target" in text(page)
    page.go_back()
    assert "?mine a zc:Target" in text(page)


def test_text_that_was_changed_after_a_link_stays_too(visit: Visit) -> None:
    page = visit.open(address("zh", NOTICES))
    type_over(page, TYPED)
    page.reload()
    assert "?mine a zc:Target" in text(page)
    page.click("a.language")
    page.wait_for_url(re.compile("lang=en"))
    assert "?mine a zc:Target" in text(page)
    page.goto(visit.address + "/tasks")
    page.go_back()
    assert "?mine a zc:Target" in text(page)


def test_text_of_a_closed_tab_is_there_in_the_next(visit: Visit, context: BrowserContext) -> None:
    page = visit.open("/sparql")
    type_over(page, TYPED)
    page.close(run_before_unload=False)
    other = context.new_page()
    other.goto(visit.address + "/sparql")
    assert "?mine a zc:Target" in text(other)


def test_text_of_a_crashed_tab_is_there_in_the_next(visit: Visit, context: BrowserContext) -> None:
    page = visit.open("/sparql")
    type_over(page, TYPED)
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    other = context.new_page()
    other.goto(visit.address + "/sparql")
    assert "?mine a zc:Target" in text(other)


@languages
def test_link_runs_at_once_and_leaves_what_was_written(visit: Visit, language: str) -> None:
    page = visit.open(address(language))
    expect(page.locator("#aside")).to_be_hidden()
    type_over(page, TYPED)
    page.goto(visit.address + address(language, NOTICES))
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert "?n a zc:Notice" in text(page)
    expect(page.locator("#kept button")).to_have_count(1)
    page.click("#restore")
    assert "?mine a zc:Target" in text(page)
    expect(page.locator("#aside")).to_be_hidden()
    page.reload()
    assert "?mine a zc:Target" in text(page)


def test_question_opened_in_the_workbench_runs_at_once(visit: Visit) -> None:
    page = visit.open("/sparql")
    type_over(page, TYPED)
    page.goto(visit.address + "/queries/tasks-by-industry")
    page.locator("a.button.main", has_text="查询台").click()
    expect(page.locator("#results tbody tr")).to_have_count(4)
    expect(page.locator("#aside")).to_be_visible()
    page.click("#restore")
    assert "?mine a zc:Target" in text(page)


def test_link_in_the_open_page_and_an_example_leave_what_was_written(visit: Visit) -> None:
    page = visit.open("/sparql")
    type_over(page, TYPED)
    page.evaluate("hash => { location.hash = hash }", f"query={quote(NOTICES)}")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    type_over(page, TASKS)
    page.locator("#examples button.entry").first.click()
    kept = page.locator("#kept button")
    expect(kept).to_have_count(2)
    page.locator("summary", has_text="被替换的文字").click()
    kept.nth(1).click()
    assert "?mine a zc:Target" in text(page)
    # Nothing but what a person wrote is put aside: no example, no link.
    page.locator("#examples button.entry").nth(1).click()
    page.locator("#examples button.entry").nth(2).click()
    expect(kept).to_have_count(2)


def test_page_says_so_where_the_browser_stores_nothing(visit: Visit) -> None:
    visit.page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    page = visit.open("/sparql")
    expect(page.locator("#unsaved")).to_be_visible()
    type_over(page, TYPED)
    page.locator("#examples button.entry").first.click()
    page.click("#restore")
    assert "?mine a zc:Target" in text(page)


@languages
@pytest.mark.parametrize("query", [PRODUCT, JOIN])
def test_forgotten_join_costs_neither_tab_nor_machine(visit: Visit, language: str, query: str) -> None:
    page = visit.open(address(language, NOTICES))
    expect(page.locator("#results tbody tr")).to_have_count(1)
    plain = seconds(page)
    ask(page, query)
    expect(page.locator("#cut")).to_contain_text(WORDS[language]["cut"])
    # Two seconds, or as much longer as a machine takes that is busy with other things.
    assert seconds(page) < max(2, 20 * plain)
    assert heap(page) < 100
    expect(page.locator("#results tbody tr")).to_have_count(200)
    expect(page.locator("#cut code")).to_be_visible()
    links = page.locator("#cut a[href^='/sparql?query=']")
    expect(links).to_have_count(4)
    assert [link.get_attribute("download") for link in links.all()] == [f"zhengce.{end}" for end in ("csv", "tsv", "json", "xml")]
    until = time.monotonic() + 5
    while running(visit) and time.monotonic() < until:
        time.sleep(0.1)
    assert running(visit) == 0


def test_more_of_a_long_answer_is_read_when_asked_for_and_the_whole_is_saved(visit: Visit) -> None:
    page = visit.open("/sparql")
    query = "SELECT ?a ?c WHERE { ?a zc:quote ?c }"
    ask(page, query)
    expect(page.locator("#status")).to_contain_text("前 1,000 行")
    with page.expect_download() as got:
        page.locator("#cut a", has_text="CSV").click()
    with Path(got.value.path()).open(encoding="utf-8", newline="") as source:
        rows = sum(1 for _ in csv.reader(source)) - 1
    assert 1000 < rows < 10_000
    page.click("#more")
    expect(page.locator("#status")).to_contain_text(f"{rows:,} 行")
    expect(page.locator("#cut")).to_have_count(0)
    ask(page, f"{query} LIMIT 1000")
    expect(page.locator("#status")).to_contain_text("1,000 行")
    expect(page.locator("#cut")).to_have_count(0)


def test_long_graph_and_one_great_row_are_cut_too(visit: Visit) -> None:
    page = visit.open("/sparql")
    ask(page, "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }")
    expect(page.locator("#status")).to_contain_text("前 1,000 条三元组")
    assert page.locator("#cut a").all_inner_texts() == ["Turtle", "JSON-LD", "N-Triples", "RDF/XML"]
    ask(page, "SELECT (GROUP_CONCAT(?t) AS ?all) WHERE { ?x zc:text ?t . ?z zc:statedIn ?p }")
    expect(page.locator("#cut")).to_contain_text("读到 8 MB")
    assert heap(page) < 100


@languages
def test_query_shows_its_time_and_is_stopped_with_the_rows_before_it_in_grey(visit: Visit, language: str) -> None:
    page = visit.open(address(language, NOTICES))
    expect(page.locator("#results tbody tr")).to_have_count(1)
    ask(page, SLOW)
    first = page.locator("#elapsed").inner_text()
    assert re.fullmatch(r"\d+\.\d (秒|s)", first)
    expect(page.locator("#elapsed")).not_to_have_text(first)
    expect(page.locator("#results.before tbody tr")).to_have_count(1)
    working_on(visit, 1)
    page.click("#stop")
    expect(page.locator("#status")).to_have_text(WORDS[language]["stop"])
    expect(page.locator("#elapsed")).to_be_hidden()
    expect(page.locator("#old")).to_contain_text(WORDS[language]["old"])
    expect(page.locator("#results:not(.before) tbody tr")).to_have_count(1)
    working_on(visit, 0)
    assert "?g ?h ?i" in text(page)


def test_button_asks_no_second_time_for_what_the_address_runs(visit: Visit) -> None:
    page = visit.open(address("zh", SLOW))
    expect(page.locator("#stop")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.resource_type == "fetch" and "/sparql" in request.url else None)
    page.click("#run")
    page.click("#run")
    expect(page.locator("#stop")).to_be_visible()
    working_on(visit, 1)
    assert sent == []
    page.click("#stop")
    expect(page.locator("#stop")).to_be_hidden()
    page.click("#run")
    expect(page.locator("#stop")).to_be_visible()
    assert len(sent) == 1
    page.click("#stop")
    working_on(visit, 0)


@languages
def test_empty_answer_names_the_pattern(visit: Visit, language: str) -> None:
    page = visit.open(address(language))
    ask(page, 'SELECT ?t WHERE { ?t a zc:Task ; zc:number "999" ; zc:text ?x }')
    expect(page.locator("#culprit")).to_contain_text(WORDS[language]["alone"])
    expect(page.locator("#culprit code")).to_have_text('?t zc:number "999".')
    ask(page, "SELECT ?t WHERE { ?t a zc:Task . ?t zc:quote ?x . OPTIONAL { ?t zc:grade ?g } }")
    expect(page.locator("#culprit")).to_contain_text(WORDS[language]["joined"])
    expect(page.locator("#culprit code")).to_have_text("?t zc:quote ?x.")
    ask(page, "SELECT ?t WHERE { ?t a zc:Task ; zc:position ?p FILTER(?p > 5000) }")
    expect(page.locator("#culprit code")).to_have_text("FILTER(?p > 5000 )")
    ask(page, "SELECT ?t WHERE { ?t a zc:Task } LIMIT 0")
    expect(page.locator("#hints")).to_contain_text("逐条" if language == "zh" else "one by one")


@languages
@pytest.mark.parametrize("status", [503, 504])
def test_refusal_of_the_service_is_said_in_the_language_of_the_page(visit: Visit, language: str, status: int) -> None:
    """A proxy before the service answers in words of its own."""
    visit.forgiven.append(f"status of {status}")
    page = visit.open(address(language))

    def refuse(route: Route) -> None:
        route.fulfill(status=status, content_type="text/html", body="<h1>upstream</h1>")

    page.route(re.compile(r"/sparql\?query="), refuse)
    ask(page, TYPED)
    expect(page.locator("#fault")).to_contain_text(WORDS[language]["kept"])
    fault = page.locator("#fault").inner_text()
    assert "upstream" not in fault
    assert bool(re.search(r"[一-鿿]", fault)) == (language == "zh")
    assert "?mine a zc:Target" in text(page)


@languages
def test_fault_of_the_text_is_said_in_the_language_of_the_page(visit: Visit, language: str) -> None:
    visit.forgiven.append("status of 400")
    page = visit.open(address(language))
    ask(page, "SELECT * WHERE { ?s zc:text }")
    expect(page.locator("#fault")).to_contain_text("行" if language == "zh" else "line")
    assert bool(re.search(r"[一-鿿]", page.locator("#fault").inner_text())) == (language == "zh")


def test_service_that_is_gone_is_said(visit: Visit) -> None:
    visit.forgiven.append("ERR_INTERNET_DISCONNECTED")
    page = visit.open("/sparql")
    page.context.set_offline(True)
    ask(page, TYPED)
    expect(page.locator("#fault")).to_contain_text("连不上")
    assert "?mine a zc:Target" in text(page)


@languages
def test_evidence_stands_under_the_rows_as_numbered_quotes(visit: Visit, language: str) -> None:
    asked = (
        "PREFIX zc: <https://w3id.org/zhengce/def#> SELECT ?number WHERE { ?task a zc:Task ; zc:number ?number ; "
        "zc:involvesIndustry <https://w3id.org/zhengce/id/industry/low-altitude-aviation> }"
    )
    page = visit.open(address(language, asked))
    page.locator("#run").click()
    expect(page.locator("#panel tbody tr")).to_have_count(4)
    expect(page.locator("#evidence-notes")).to_have_count(0)
    page.get_by_label({"zh": "带证据", "en": "with evidence"}[language]).check()
    page.locator("#run").click()
    notes = page.locator("#evidence-notes ol.notes > li")
    expect(notes.first).to_be_visible()
    rows = page.locator("#panel tbody tr")
    expect(rows).to_have_count(4)
    for row in rows.all():
        marks = row.locator("td").last.locator("a.mark")
        quoted = [page.locator(str(mark.get_attribute("href"))).locator("q").all_inner_texts() for mark in marks.all()]
        assert any(words for words in quoted)
    assert {"zh": "原文写明", "en": "stated"}[language] in " ".join(notes.all_inner_texts())
    assert any("低空" in quote or "eVTOL" in quote for quote in notes.locator("q").all_inner_texts())
    page.locator("button.sort").first.click()
    assert page.locator("#panel tbody tr").first.locator("a.mark").count() > 0
