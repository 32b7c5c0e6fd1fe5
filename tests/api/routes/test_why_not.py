"""Why something is missing, by a running service: JSON, text and pages in two languages; by the command line the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).parents[3]
QUERY = (
    "PREFIX zc: <https://w3id.org/zhengce/def#> SELECT ?number { SERVICE zc:search { ?task a zc:Task ; zc:query '低空' } "
    "?task zc:number ?number }"
)


def asked(**parameters: str) -> str:
    return "/why-not?" + urlencode(parameters)


def test_a_question_with_its_parameters(published: Any) -> None:
    told = published.get(asked(missing="task/10", question="tasks-by-industry", industry="人工智能")).json
    assert told["verdict"] == "row"
    told = published.get(asked(missing="task/10", question="tasks-by-industry", industry="industry/low-altitude-aviation")).json
    assert told["verdict"] == "parts"
    assert "involvesIndustry" in told["failed"][0]["pattern"]
    assert told["failed"][0]["near"]


def test_a_query_and_a_triple(published: Any) -> None:
    assert published.get(asked(missing="task/9", query=QUERY, variable="task")).json["verdict"] == "row"
    assert published.get(asked(missing="task/10", query=QUERY, variable="task")).json["verdict"] == "parts"
    told = published.get(asked(s="task/10", p="involvesIndustry", o="低空航空"), Accept="text/plain", Accept_Language="en")
    assert "No graph states it" in told.body.decode()
    assert "zc:belongsToIndustry" in told.body.decode()


@pytest.mark.parametrize(("lang", "words"), [("zh", "它不符合这些条件"), ("en", "It does not fit these conditions")])
def test_pages_in_two_languages(published: Any, lang: str, words: str) -> None:
    page = published.get(asked(missing="task/10", question="tasks-by-industry", lang=lang), Accept="text/html")
    assert page.status == 200
    assert words in page.body.decode()
    assert "✗ <code>?task zc:involvesIndustry ?industry .</code>" in page.body.decode()
    triple = published.get(asked(s="task/10", p="involvesIndustry", o="低空航空", lang=lang), Accept="text/html").body.decode()
    assert "zc:mentions ∘ zc:belongsToIndustry" in triple
    form = published.get(f"/why-not?missing=task/9&lang={lang}", Accept="text/html")
    assert 'value="task/9"' in form.body.decode()


def test_pages_lead_to_it(published: Any) -> None:
    task = published.get("/id/notice/huzhiban-2026-2/task/10", Accept="text/html").body.decode()
    assert 'href="/why-not?missing=' in task
    question = published.get("/queries/tasks-by-industry?industry=industry/low-altitude-aviation", Accept="text/html").body.decode()
    assert 'action="/why-not"' in question
    assert '<input type="hidden" name="industry" value="industry/low-altitude-aviation">' in question


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"missing": "task/9"}, 400),
        ({"question": "tasks"}, 400),
        ({"missing": "task/9", "question": "tasks", "query": "SELECT * {}"}, 400),
        ({"missing": "没有这个", "question": "tasks"}, 422),
        ({"missing": "task/9", "question": "nothing"}, 404),
        ({"missing": "task/9", "question": "tasks-by-industry", "industry": "没有"}, 422),
        ({"missing": "task/9", "query": "ASK {}"}, 422),
        ({"missing": "task/9", "query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}, 403),
        ({"missing": "task/9", "query": "SELECT * {"}, 400),
    ],
)
def test_what_cannot_be_explained_is_refused(published: Any, parameters: dict[str, str], status: int) -> None:
    reply = published.get("/why-not?" + urlencode(parameters))
    assert reply.status == status
    assert reply.json["detail_zh"]


def test_command_line_says_the_same(publish_shipped: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from api.cli.main import main; main()", "why-not", *words, "--data", str(publish_shipped)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    told = run("task/10", "tasks-by-industry", "-v", "industry=低空航空", "--format", "json")
    assert json.loads(told.stdout)["failed"][0]["alone"], told.stderr
    lines = run("task/10", "involvesIndustry", "低空航空", "--lang", "en").stdout
    assert "No graph states it" in lines
    assert run("task/10").returncode == 1
    assert run("task/10", "no-such-question").returncode == 1
