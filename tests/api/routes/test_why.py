"""Proofs over HTTP, on the shipped notice."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from pyoxigraph import RdfFormat, parse
from pyoxigraph import Store as Engine

from api.http import problem_documents
from api.routes.why import create_router
from graph.store.engine import Store

ASKED = {"s": "task/9", "p": "involvesIndustry", "o": "industry/low-altitude-aviation"}


class Page:
    """A page that only says what it was given."""

    async def why(self, request: Request, said: Mapping[str, Any]) -> Response:
        return Response(f"<p>{request.url.path} {said['status']}</p>", media_type="text/html")


def client_of(dataset: Engine, page: Page | None = None) -> TestClient:
    async def run(job: Callable[..., bytes], *arguments: object) -> bytes:
        return job(Store(dataset), *arguments)

    app = FastAPI()
    problem_documents.install(app)
    app.include_router(create_router(run, page))
    return TestClient(app)


@pytest.fixture
def client(dataset: Engine) -> TestClient:
    return client_of(dataset)


@pytest.mark.parametrize(
    ("path", "headers", "type_", "begin"),
    [
        ("/why", {"Accept": "text/plain"}, "text/plain; charset=utf-8", "任务9 — 涉及行业 → 低空航空"),
        ("/why", {"Accept": "text/plain", "Accept-Language": "en"}, "text/plain; charset=utf-8", "Task 9 — involves industry"),
        ("/why.txt", {"Accept": "text/turtle"}, "text/plain; charset=utf-8", "任务9"),
        ("/why", {"Accept": "*/*"}, "application/json", "{"),
        ("/why", {"Accept": "text/html,*/*;q=0.8"}, "application/json", "{"),
        ("/why.json", {"Accept": "text/turtle"}, "application/json", "{"),
        ("/why", {"Accept": "application/json;q=0.1, text/turtle"}, "text/turtle; charset=utf-8", "@prefix"),
        ("/why.ttl", {}, "text/turtle; charset=utf-8", "@prefix"),
    ],
)
def test_proof_comes_as_asked_by_suffix_or_accept(client: TestClient, path: str, headers: dict[str, str], type_: str, begin: str) -> None:
    reply = client.get(path, params=ASKED, headers=headers)
    assert (reply.status_code, reply.headers["content-type"]) == (200, type_)
    assert reply.text.startswith(begin)


def test_language_of_the_address_wins(client: TestClient) -> None:
    reply = client.get("/why.txt", params={**ASKED, "lang": "en"}, headers={"Accept-Language": "zh"})
    assert reply.text.startswith("Task 9 — involves industry")


def test_json_and_turtle_hold_the_proof(client: TestClient) -> None:
    said = json.loads(client.get("/why.json", params=ASKED).content)
    assert said["premises"][1]["evidence"]["file"] == "platforms.ttl"
    assert len(list(parse(client.get("/why.ttl", params=ASKED).content, RdfFormat.TURTLE))) > 50


def test_browser_gets_the_page(dataset: Engine) -> None:
    client = client_of(dataset, Page())
    assert client.get("/why", params=ASKED, headers={"Accept": "text/html,*/*;q=0.8"}).text == "<p>/why inferred</p>"
    assert client.get("/why", params=ASKED, headers={"Accept": "*/*"}).headers["content-type"] == "application/json"


@pytest.mark.parametrize("asked", [{}, {**ASKED, "o": ""}, {**ASKED, "lang": "fr"}])
def test_address_without_a_whole_triple_or_in_another_language_is_refused(client: TestClient, asked: dict[str, str]) -> None:
    assert client.get("/why", params=asked).status_code == 422


@pytest.mark.parametrize(
    ("path", "changed", "status", "type_"),
    [
        ("/why.pdf", {}, 404, "not-found"),
        ("/why", {"s": "task/1"}, 404, "not-provable"),
        ("/why", {"s": "task/900"}, 422, "unknown-name"),
        ("/why", {"s": "<no iri>"}, 400, "bad-term"),
    ],
)
def test_what_cannot_be_proved_is_a_problem(client: TestClient, path: str, changed: dict[str, str], status: int, type_: str) -> None:
    reply = client.get(path, params={**ASKED, **changed})
    assert (reply.status_code, reply.json()["type"].rpartition("#")[2]) == (status, type_)


def test_format_that_is_not_ours_is_not_acceptable(client: TestClient) -> None:
    reply = client.get("/why", params=ASKED, headers={"Accept": "application/pdf"})
    assert (reply.status_code, reply.json()["offered"]) == (406, ["application/json", "text/plain", "text/turtle"])
