"""What each page offers: a search, ways past what comes first by keyboard, all of the navigation on a phone, little paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

TASK = "/id/notice/huzhiban-2026-2/task"


@pytest.mark.parametrize("path", ["/tasks", "/sparql?lang=en", "/overview", f"{TASK}/9?lang=en"])
def test_search_is_one_step_away_on_every_page(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.fill("#find", "eVTOL")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q=eVTOL" + ("&lang=en" if "lang=en" in path else "$")))
    expect(page.locator("main mark", has_text="eVTOL").first).to_be_visible()


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_first_task_of_the_list_is_reached_within_five_keys(visit: Visit, language: str) -> None:
    page = visit.open(f"/tasks{language}")
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("() => document.activeElement.closest('ol.tasks > li:first-child') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/task/1(\?|$)"))


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_all_of_the_navigation_is_in_sight_on_a_phone(visit: Visit, language: str) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    page = visit.open(f"/def{language}")
    links = page.locator("header nav a")
    boxes = [link.bounding_box() for link in links.all()]
    assert len(boxes) == 9
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] + box["height"] < 370 for box in boxes)


@pytest.mark.parametrize("language", ["", "?lang=en"])
@pytest.mark.parametrize("task", [9, 33, 73])
def test_task_is_printed_on_two_sheets_at_most(visit: Visit, task: int, language: str) -> None:
    page = visit.open(f"{TASK}/{task}{language}")
    sheets = len(
        re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin={"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}))
    )
    assert 1 <= sheets <= 2
    page.emulate_media(media="print")
    # What the page is for is on the paper: the wordings, the units, the permanent address.
    assert page.locator(".original:visible").count() == page.locator(".original").count() > 1
    expect(page.locator(".units li").first).to_be_visible()
    expect(page.locator(".citing code")).to_be_visible()
    expect(page.locator("#find")).to_be_hidden()
