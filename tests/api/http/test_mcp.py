"""The tools as the client of the official SDK calls them, over HTTP and on standard streams."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from pyoxigraph import Store

from tests.snapshots import published

TOOLS = {"search", "describe", "schema", "query", "ask", "why", "why_not", "coverage"}


@pytest.fixture(scope="module")
def folder(dataset: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("tools")
    return published(dataset, path)


@pytest.fixture(scope="module")
def client(folder: Path, open_service: Callable[..., Any]) -> Iterator[Any]:
    with open_service(folder) as client:
        yield client


def call(server: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """What the calls give, in one connection."""

    async def run() -> list[Any]:
        async with Client(server) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(run())


def content(result: Any) -> Any:
    assert not result.is_error, result
    return json.loads(result.content[0].text)


def test_tools_answer_with_what_they_rest_on(client: Any) -> None:
    low = "industry/low-altitude-aviation"
    sparql = f"""PREFIX zc: <https://w3id.org/zhengce/def#>
    SELECT ?n {{ ?t a zc:Task ; zc:number ?n ; zc:involvesIndustry <https://w3id.org/zhengce/id/{low}> }} ORDER BY STRLEN(?n) ?n"""
    asked, named, described, schema, rows, noted, why, coverage = map(
        content,
        call(
            f"{client.url}/mcp",
            ("ask", {"question": "哪些任务涉及低空航空"}),
            ("search", {"text": "低空航空"}),
            ("describe", {"id": low}),
            ("schema", {}),
            ("query", {"sparql": sparql}),
            ("query", {"sparql": sparql, "evidence": True}),
            ("why", {"subject": "task/9", "predicate": "involvesIndustry", "object": low}),
            ("coverage", {"question": "哪些任务涉及低空航空"}),
        ),
    )
    assert asked["evidence"]
    assert asked["coverage"]["hits"] == 4
    assert named["things"][0]["id"] == low
    assert "低空航空" in described["text"]
    assert "zc:involvesIndustry" in schema["terms"]
    assert rows == {"text": "n\n9\n17\n49\n61\n", "cut": False}
    assert "低空飞行器" in noted["markdown"]
    assert "沪质办〔2026〕2号" in noted["markdown"]
    assert why
    assert coverage["coverage"]["examined"] == 74


def test_long_answers_are_cut_and_say_so(client: Any) -> None:
    (rows,) = map(content, call(f"{client.url}/mcp", ("query", {"sparql": "SELECT * { ?s ?p ?o . ?a ?b ?c }", "limit": 7})))
    assert rows["cut"] is True
    assert len(rows["text"].splitlines()) == 8


@pytest.mark.parametrize(
    "sparql",
    ["SELECT", "INSERT DATA { <a:a> <a:b> 1 }", "SELECT * { SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }", "SELECT * { GRAPH ?g {"],
)
def test_what_is_refused_is_an_error_in_two_languages(client: Any, sparql: str) -> None:
    (result,) = call(f"{client.url}/mcp", ("query", {"sparql": sparql}))
    assert result.is_error
    assert any("一" <= letter <= "鿿" for letter in result.content[0].text)


def test_question_that_cannot_be_answered_is_declined_with_its_reason(client: Any) -> None:
    (told,) = map(content, call(f"{client.url}/mcp", ("ask", {"question": "市科委的主任是谁"})))
    assert told["declined"]
    assert told["reason"]


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_other_hosts_and_the_pages_of_other_sites_are_refused(client: Any, headers: dict[str, str]) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}).encode()
    given = {"Content_Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
    assert client.send("POST", "/mcp", body, **given).status in {403, 421}


def test_the_same_tools_speak_on_standard_streams(folder: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from api.cli.main import main; main()", "mcp", "--data", str(folder)],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[3])},
    )
    (told,) = map(content, call(server, ("ask", {"question": "哪些任务涉及低空航空"})))
    assert told["coverage"]["hits"] == 4
