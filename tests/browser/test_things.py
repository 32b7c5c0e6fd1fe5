"""Tasks, things and the overview in a browser: marks that answer a click, facets, drawings, the keyboard, and all of it without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

TASK = "/id/notice/huzhiban-2026-2/task/9"


def test_a_click_on_a_mark_shows_what_it_is_read_as(visit: Visit) -> None:
    page = visit.open(TASK)
    page.locator(".original .evidence", has_text="eVTOL").click()
    reading = page.locator(".readings li:target")
    expect(reading).to_contain_text("电动垂直起降航空器")
    expect(reading).to_contain_text("低空航空")
    expect(reading).to_be_in_viewport()
    reading.locator(".back").click()
    assert re.fullmatch(r"#s\d+", page.evaluate("() => location.hash"))


def test_a_citation_is_copied_with_its_document_and_column(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open(TASK)
    page.locator(".cite button").first.click()
    expect(page.locator(".cite button").first).to_have_text("已复制")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "沪质办〔2026〕2号[Z]" in copied
    assert "“具体任务”栏" in copied


def test_facets_narrow_the_list_and_come_off_again(visit: Visit) -> None:
    page = visit.open("/tasks")
    expect(page.locator(".tasks > li")).to_have_count(74)
    page.locator("[aria-labelledby=facet-industry] a", has_text="人工智能").first.click()
    shown = page.locator(".tasks > li").count()
    assert 0 < shown < 74
    expect(page.locator(".found strong")).to_have_text(str(shown))
    assert "industry=artificial-intelligence" in page.url
    page.locator(".found .chip").click()
    expect(page.locator(".tasks > li")).to_have_count(74)


def test_list_and_task_and_overview_work_without_scripts(browser: Browser, service: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    try:
        page = context.new_page()
        page.goto(f"{service}/tasks")
        page.fill("#words", "eVTOL")
        page.select_option("#sort", "units")
        page.click("main form button")
        expect(page.locator(".tasks > li")).to_have_count(1)
        assert "sort=units" in page.url
        page.locator(".facets > summary").click()
        expect(page.locator(".facet").first).to_be_visible()
        page.locator(".tasks .no").first.click()
        page.locator(".original .evidence", has_text="eVTOL").click()
        expect(page.locator(".readings li:target")).to_contain_text("电动垂直起降航空器")
        page.goto(f"{service}/overview")
        expect(page.locator("svg.map a")).not_to_have_count(0)
    finally:
        context.close()


def test_marks_of_the_overview_are_reached_by_keyboard_and_open_tasks(visit: Visit) -> None:
    page = visit.open("/overview")
    square = page.locator("svg.grid a[aria-label]").first
    count = (square.get_attribute("aria-label") or "").rpartition(" ")[2]
    square.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tasks\?"))
    expect(page.locator(".found strong")).to_have_text(count)


def test_a_drawing_is_saved_as_a_file(visit: Visit) -> None:
    page = visit.open("/overview")
    with page.expect_download() as got:
        page.locator("a[download][href*='districts.svg']").click()
    content = Path(got.value.path()).read_text("utf-8")
    assert content.startswith("<svg")
    assert "浦东" in content
