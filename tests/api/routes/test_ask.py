"""/ask over HTTP: JSON for programs, a page for browsers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

ASK = f"/ask?q={quote('哪些任务涉及低空航空')}"


def test_json_for_programs_and_a_page_for_browsers(service: Any) -> None:
    reply = service.get(ASK)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    names = {"question", "understood", "assumed", "declined", "reason", "query", "answer", "evidence", "coverage", "alternatives", "parts"}
    assert set(reply.json) == names
    page = service.get(ASK, Accept="text/html")
    assert page.headers["content-type"].startswith("text/html")
    assert "提问".encode() in page.body
    assert b"Ask" in service.get(f"{ASK}&lang=en", Accept="text/html").body


def test_what_is_not_understood_is_told_in_both_languages(service: Any) -> None:
    told = service.get(f"/ask?q={quote('火星上有什么')}").json
    assert told["declined"]
    assert set(told["reason"]) == {"zh", "en"}
    assert service.get("/ask", Accept="image/png").status == 406
    assert service.get("/ask?q=x&in=fr").status == 422


@pytest.mark.parametrize(
    "question", ["今年的任务", "去年有哪些任务", "6月底前要完成哪些任务", "which tasks are due by the end of the year"]
)
@pytest.mark.parametrize(("door", "accept"), [("/ask", "application/json"), ("/ask", "text/html"), ("/search", "text/html")])
def test_what_depends_on_the_day_is_kept_by_nobody(service: Any, question: str, accept: str, door: str) -> None:
    for _ in range(2):
        reply = service.get(f"{door}?q={quote(question)}", Accept=accept)
        assert reply.status == 200
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers
        assert "cache-status" not in reply.headers


def test_parts_of_a_question_that_depend_on_the_day_are_kept_by_nobody(service: Any) -> None:
    parts = f"/ask?part={quote('列出')}&value={quote('任务')}&part={quote('年份')}&value="
    assert service.get(parts + quote("今年")).headers["cache-control"] == "no-store"
    assert "etag" in service.get(parts + "2026").headers


@pytest.mark.parametrize("door", ["/ask", "/search"])
def test_what_names_its_year_is_kept(service: Any, door: str) -> None:
    path = f"{door}?q={quote('2026年有哪些任务')}"
    tag = service.get(path, Accept="text/html").headers["etag"]
    assert service.get(path, Accept="text/html", If_None_Match=tag).status == 304
