"""/ask over HTTP: JSON for programs, a page for browsers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

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
