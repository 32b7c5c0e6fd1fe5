"""Every kind of page, in both languages: accessible, light, steady, alone on this host, usable on a phone and without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Request

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

AXE = Path(__file__).parents[2] / "api/web/node_modules/axe-core/axe.min.js"
TASK = "/id/notice/huzhiban-2026-2/task/9"
PAGES = (
    "/",
    "/search?q=dikong",
    "/queries",
    "/queries/tasks-by-industry",
    "/sparql",
    "/tasks",
    TASK,
    "/id/industry/low-altitude-aviation",
    "/why?s=task/9&p=zc:involvesIndustry&o=industry/low-altitude-aviation",
    "/overview",
    "/why-not?missing=task/10&question=tasks-by-industry-without-unit",
)
"""The pages that are looked at in both languages."""
MORE = (
    "/why-not?s=task/10&p=zc:involvesIndustry&o=industry/low-altitude-aviation",
    "/queries/load-per-unit",
    "/queries/industries-by-group",
    "/queries/unit-pairs",
    "/queries/targets?notice=",
    "/def",
    "/docs",
    "/id/agency/shanghai-market-regulation",
    "/id/district/pudong",
    "/id/notice/huzhiban-2026-2",
    "/id/notice/huzhiban-2026-2/task/9/target/2",
    "/agencies",
    "/industries",
    "/districts",
    "/platforms",
    "/notices",
    "/things",
    "/things/technology",
)
VISITS = [*((path, language) for path in PAGES for language in ("zh", "en")), *((path, "zh") for path in MORE)]
_FAULTS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter(fault => ["serious", "critical"].includes(fault.impact))
    .map(fault => fault.id + ": " + fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | "));
}"""
_OBSERVE = """window.shift = 0;
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value })
  .observe({type: "layout-shift", buffered: true});"""


def in_language(path: str, language: str) -> str:
    """The address of a page in a language."""
    return path if language == "zh" else f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize(("path", "language"), VISITS)
def test_page_is_accessible_stands_still_and_fits_a_phone(visit: Visit, path: str, language: str) -> None:
    visit.page.add_init_script(_OBSERVE)
    page = visit.open(in_language(path, language))
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[language]
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(_FAULTS) == []
    assert page.evaluate("() => window.shift") < 0.1
    page.set_viewport_size({"width": 360, "height": 740})
    # A chart is drawn anew for the new width; waiting for that fails where it never fits.
    page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("path", ["/", "/search?q=dikong", "/queries/tasks-by-industry?industry=robotics", "/sparql", TASK])
def test_language_switch_keeps_the_page(visit: Visit, path: str) -> None:
    page = visit.open(path)
    heading = page.locator("h1").inner_text()
    page.get_by_role("link", name="English", exact=True).click()
    page.wait_for_url(visit.address + in_language(path, "en"))
    page.get_by_role("link", name="中文", exact=True).click()
    page.wait_for_url(visit.address + path)
    assert page.locator("h1").inner_text() == heading


def test_first_page_weighs_less_than_300_kilobytes(visit: Visit) -> None:
    weights: list[int] = []

    def weigh(request: Request) -> None:
        sizes = request.sizes()
        weights.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    visit.page.on("requestfinished", weigh)
    visit.open("/")
    assert len(weights) >= 3
    assert sum(weights) < 60_000


def test_first_stop_of_the_keyboard_leads_past_the_navigation(visit: Visit) -> None:
    page = visit.open("/queries")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_search_and_questions_work_without_scripts(browser: Browser, service: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(service)
        page.fill("#q", "市科委")
        page.click(".search button")
        assert page.locator("main a", has_text="上海市科学技术委员会").count()
        page.goto(f"{service}/queries/tasks-by-industry")
        page.fill("[name=industry]", "机器人")
        page.click(".asking button")
        assert page.locator("td .evidence").count()
    finally:
        context.close()


def test_wrong_value_is_said_beside_the_form(visit: Visit) -> None:
    visit.forgiven.append("status of 422")
    page = visit.open("/queries/tasks-by-industry")
    page.fill("[name=industry]", "不存在的行业")
    page.click(".asking button")
    assert "不存在的行业" in page.locator("[role=alert]").inner_text()
    assert page.locator("[name=industry]").get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize("path", ["/", TASK, "/queries/load-per-unit", "/sparql"])
def test_page_can_be_read_in_the_dark_and_without_motion(visit: Visit, path: str) -> None:
    visit.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page = visit.open(path)
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(_FAULTS) == []
